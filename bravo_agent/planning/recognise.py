"""Three ways: what changed from the baseline to the source, as far as the models do not show it yet."""

from __future__ import annotations

import json
from collections.abc import Iterable
from collections.abc import Mapping as Names
from dataclasses import dataclass, replace

from bravo_agent.changes._context import Context, ShapeOf, Uses
from bravo_agent.changes._suspicions import suspect
from bravo_agent.config import Config
from bravo_agent.errors import UsageError
from bravo_agent.model.catalog import Catalog, ColumnType
from bravo_agent.model.change import Added, Altered, Change, Decision, Evidence, Fact
from bravo_agent.model.entities import ModelSet, Shape
from bravo_agent.model.mapping import Mapping
from bravo_agent.planning.claims import claim_all, kinds
from bravo_agent.planning.compare import compare
from bravo_agent.planning.identity import same_database
from bravo_agent.planning.mapping import derive_mapping
from bravo_agent.planning.named import check_named
from bravo_agent.planning.renames import (
    answered_renames,
    check_renames,
    confirmed_renames,
    confirmed_tables,
    told_apart,
)
from bravo_agent.planning.wanted import is_wanted
from bravo_agent.types import family


@dataclass(frozen=True)
class Recognition:
    """``changes`` sorted by place; ``ignored``: facts that concern nobody, the baseline moves over them."""

    changes: tuple[Change, ...]
    notes: tuple[str, ...] = ()
    ignored: tuple[Fact, ...] = ()


def recognise(
    baseline: Catalog,
    source: Catalog,
    models: ModelSet,
    mapping: Mapping,
    config: Config,
    uses: Uses,
    *,
    decisions: Iterable[Decision] = (),
    evidence: Names[tuple[str, str], Evidence] | None = None,
    shape_of: ShapeOf | None = None,
) -> Recognition:
    """Changes that nobody decided yet, settled ones and fields ahead of the source among them.

    ``mapping`` is ``derive_mapping(baseline, models, config)``; ``uses`` by (entity as the mapping names it,
    field). ``decisions`` tell which pair of a lost and a new column was accepted as a rename, once the models show
    it. Raises ``UsageError`` ``rename-unmatched``, ``mask-unmatched``, ``model-contested``.
    """
    known = tuple(decisions)
    facts = compare(baseline, source, confirmed_tables(config, known, baseline, source))
    context = Context(
        baseline=baseline,
        models=models,
        mapping=mapping,
        target=derive_mapping(source, models, config),
        config=config,
        uses=uses,
        shape_of=shape_of or _shape_of,
        source_key=_source_keys(facts),
        evidence=evidence or {},
        confirmed=confirmed_renames(config, known, facts),
        answered=answered_renames(known, facts),
        told_apart=told_apart(known),
        source=source,
    )
    _refuse_contested(context, facts)
    notes = (
        *check_renames(config, facts, source),
        *check_named(config, baseline, source),
        *_another_database(baseline, source),
    )
    wanted = tuple(fact for fact in facts if is_wanted(fact, context))
    ignored = tuple(fact for fact in facts if not is_wanted(fact, context))
    same = same_database(baseline, source)
    context = replace(context, suspicions=suspect(wanted, context, same_database=same))
    return Recognition(claim_all(kinds().values(), wanted, context), notes, ignored)


def _refuse_contested(context: Context, facts: tuple[Fact, ...]) -> None:
    """A model that another table of the baseline would feed from now on: no kind asks about that, so it is refused.

    A new table that would take a model over is asked about by its own kind.
    """
    new = {fact.table for fact in facts if isinstance(fact, Added) and fact.new_table is not None}
    fed = {one.entity: one.table for one in context.mapping.entities if one.entity is not None}
    for now in context.target.entities:
        was = fed.get(now.entity) if now.entity is not None else None
        if was is None or now.table in new or now.table == context.source_key.get(was, was):
            continue
        raise UsageError(
            "model-contested",
            f"{now.table} would feed the model {now.entity} from now on, which {was} fed before",
            hint=f'Say which table it is in bravo.toml: [entities.{json.dumps(was)}] model = "{now.entity}", '
            f"or the same of {now.table}.",
            where=now.table,
        )


def _another_database(baseline: Catalog, source: Catalog) -> tuple[str, ...]:
    """A dump and restore makes new identities: then nothing is certain, and it is said."""
    known = baseline.system_identifier is not None and source.system_identifier is not None
    if same_database(baseline, source) or not known:
        return ()
    return (
        "the source is another database than the baseline's (restored, or a copy?): renames are judged by the "
        "order of columns, likeness and values, not by identity",
    )


def _shape_of(type_: ColumnType) -> Shape:
    return family(type_).shape(type_)


def _source_keys(facts: tuple[Fact, ...]) -> dict[str, str]:
    return {
        fact.table: fact.after
        for fact in facts
        if isinstance(fact, Altered) and fact.aspect == "name" and fact.old is None and fact.after
    }
