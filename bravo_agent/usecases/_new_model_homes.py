"""Where a model of a new table is made: its file, its class, and where the others of its kind are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from bravo_agent.artifacts.pydantic_models import WrittenModel, generate_model
from bravo_agent.model.catalog import Table
from bravo_agent.model.entities import Entity
from bravo_agent.model.mapping import EntityMapping
from bravo_agent.model.plan import AddModel
from bravo_agent.planning.mapping import derive_mapping
from bravo_agent.planning.named import without_gone
from bravo_agent.planning.naming import class_names, collection_name, module_name
from bravo_agent.stores.application import read_text
from bravo_agent.usecases._by_hand import ByHand
from bravo_agent.usecases._new_models import common_base, from_base
from bravo_agent.usecases.detect import Detection
from bravo_agent.workspace import Workspace
from codemods import Home, ModelText, RegisterModel, module_of, names_bound_in


@dataclass(frozen=True)
class Mapped:
    """The models that tables feed, at the baseline or now."""

    workspace: Workspace
    found: Detection

    @cached_property
    def entities(self) -> tuple[Entity, ...]:
        """Each once, by name."""
        names = {one.entity for one in self.mappings}
        models = self.found.models
        return tuple(entity for name in sorted(filter(None, names)) if (entity := models.entity(name)))

    @cached_property
    def mappings(self) -> tuple[EntityMapping, ...]:
        """Of the baseline, and of the source."""
        found, models = self.found, self.found.models
        config = without_gone(self.workspace.config, found.source, models)
        return tuple(
            one for c in (found.baseline, found.source) for one in derive_mapping(c, models, config).entities
        )


@dataclass(frozen=True)
class NewModels:
    """Of all models that one cascade adds."""

    workspace: Workspace
    found: Detection
    edits: tuple[AddModel, ...]
    mapped: Mapped

    def file_of(self, edit: AddModel) -> str:
        """The only file with models; else a module of its own beside most of them; raises ``ByHand``."""
        files = [one.place.file for one in self.found.models.entities if not one.read_only]
        entries = self.workspace.config.project.models
        if len(set(files)) == 1:
            return files[0]
        folders = [one for one in entries if (self.workspace.project / one).is_dir()]
        if folders:
            most = max(folders, key=lambda one: sum(file.startswith(f"{one}/") for file in files))
            return f"{most.rstrip('/')}/{module_name(edit.table.name)}.py"
        if files:
            return max(sorted(set(files)), key=files.count)
        if len(entries) == 1 and entries[0].endswith(".py"):
            return entries[0]
        raise ByHand(f"it is not known where a model for {edit.table.key} belongs: there are none yet")

    def home(self, edit: AddModel, file: str) -> Home:
        """What the codemod has to know."""
        name = self.names[edit.table.key]
        written = generate_model(edit.table, self.workspace.config.types, name)
        inside = next((one.module for one in self.found.models.entities if one.place.file == file), None)
        return Home(
            written.name, inside, file.endswith("__init__.py"), written=self._from_base(_text(written))
        )

    def _from_base(self, written: ModelText) -> ModelText:
        base = common_base(self.found.models, self.mapped.entities, self._disk)
        return from_base(written, base) if base is not None and written.name != base.name else written

    def _disk(self, file: str) -> str:
        path = self.workspace.project / file
        return path.read_bytes().decode("utf-8-sig", "replace") if path.is_file() else ""

    def registration(self, edit: AddModel, name: str, file: str) -> RegisterModel | None:
        """What has to be known of the new class ``name`` in ``file`` where the others are; None for the first one."""
        module = module_of(file, self.found.models)
        others = [
            (one.entity.rpartition(":")[2], one.collection)
            for one in self.mapped.mappings
            if one.entity is not None
        ]
        if module is None or not others:
            return None
        collection = collection_name(edit.table.schema, edit.table.name)
        return RegisterModel(name, module, collection, tuple(sorted(set(others))))

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Table -> class, of all models that are added: names that neither the application nor their file has."""
        texts = {edit.table.key: self._text_for(edit) for edit in self.edits}
        tables = [edit.table for edit in self.edits]
        taken = {one.name for one in self.found.models.entities}
        taken = taken.union(*(names_bound_in(text) for text in texts.values()))
        there = {one.key: name for one in tables if (name := self._written_already(one, texts[one.key]))}
        rest = [(one.schema, one.name) for one in tables if one.key not in there]
        free = class_names(rest, taken)
        return there | {one.key: free[one.schema, one.name] for one in tables if one.key not in there}

    def _text_for(self, edit: AddModel) -> str:
        """The file that gets the model, as it is; "" where there is none, or it is told later why it is not edited."""
        try:
            path = self.workspace.project / self.file_of(edit)
            return read_text(path) if path.exists() else ""
        except (ByHand, UnicodeDecodeError, OSError):
            return ""

    def _written_already(self, table: Table, text: str) -> str | None:
        """The class that was generated for this very table before, and that no table has got."""
        written = self._from_base(_text(generate_model(table, self.workspace.config.types)))
        return written.name if written.code.strip() in text.replace("\r\n", "\n") else None


def _text(written: WrittenModel) -> ModelText:
    return ModelText(
        written.name,
        written.code,
        written.imports,
        written.prelude,
        written.prelude_imports,
        written.module,
    )
