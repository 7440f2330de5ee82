"""Three ways: what changed from the baseline to the source, as far as the models do not show it yet."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as Names
from dataclasses import dataclass

from bravo_agent.changes._context import Context, ShapeOf, Uses
from bravo_agent.config import Config
from bravo_agent.model.catalog import Catalog, ColumnType
from bravo_agent.model.change import Altered, Change, Decision, Evidence, Fact
from bravo_agent.model.entities import ModelSet, Shape
from bravo_agent.model.mapping import Mapping
from bravo_agent.planning.claims import claim_all, kinds
from bravo_agent.planning.compare import compare
from bravo_agent.planning.mapping import derive_mapping
from bravo_agent.planning.named import check_named
from bravo_agent.planning.renames import check_renames, confirmed_renames
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
    it. Raises ``UsageError`` ``rename-unmatched``, ``mask-unmatched``.
    """
    facts = compare(baseline, source)
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
        confirmed=confirmed_renames(config, decisions, facts),
    )
    notes = (*check_renames(config, facts, source), *check_named(config, baseline, source))
    wanted = tuple(fact for fact in facts if is_wanted(fact, context))
    ignored = tuple(fact for fact in facts if not is_wanted(fact, context))
    return Recognition(claim_all(kinds().values(), wanted, context), notes, ignored)


def _shape_of(type_: ColumnType) -> Shape:
    return family(type_).shape(type_)


def _source_keys(facts: tuple[Fact, ...]) -> dict[str, str]:
    return {
        fact.table: fact.after
        for fact in facts
        if isinstance(fact, Altered) and fact.aspect == "name" and fact.old is None and fact.after
    }
