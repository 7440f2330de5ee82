"""Where an edit of a model is made: its file, its class, and what else depends on what it changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bravo_agent.artifacts.pydantic_models import WrittenModel, generate_model
from bravo_agent.model.catalog import Table
from bravo_agent.model.change import Change, Use
from bravo_agent.model.entities import Entity, Field
from bravo_agent.model.plan import (
    AddModel,
    DropField,
    DropModel,
    InsertField,
    MakeOptional,
    ModelEdit,
    RenameField,
    RetypeField,
    SetEnumValues,
)
from bravo_agent.planning.mapping import derive_mapping
from bravo_agent.planning.named import without_gone
from bravo_agent.planning.naming import class_names, module_name
from bravo_agent.stores.application import NamedType, read_text
from bravo_agent.usecases._known_types import known_types
from bravo_agent.usecases.detect import Detection
from bravo_agent.workspace import Workspace
from codemods import (
    Home,
    ModelText,
    class_at,
    field_lines,
    find_mentions,
    lines_of,
    member_names,
    named_uses,
    names_bound_in,
)

FieldEdit = RenameField | RetypeField | DropField | MakeOptional | SetEnumValues


class ByHand(Exception):
    """The edit is left to people: ``why``, at a place."""

    def __init__(self, why: str, file: str = "", line: int = 0) -> None:
        super().__init__(why)
        self.why, self.file, self.line = why, file, line


@dataclass(frozen=True)
class Homes:
    """Of all edits of one cascade; ``texts`` are the files as they were before the first of them."""

    workspace: Workspace
    found: Detection
    edits: tuple[ModelEdit, ...]
    texts: Mapping[str, str]

    def file_of(self, edit: ModelEdit) -> str:
        """The file that holds what is edited; raises ``ByHand``."""
        match edit:
            case AddModel():
                return self._new_file(edit)
            case InsertField() | DropModel():
                return self._entity(edit.entity).place.file
            case SetEnumValues() if (named := self._definition(edit)) is not None:
                return self._file_of_module(named.module)
        return self._field(edit).place.file

    def home(self, change: Change, edit: ModelEdit, file: str) -> Home:
        """What the codemod has to know; raises ``ByHand``."""
        match edit:
            case AddModel():
                return self._new_model(edit, file)
            case DropModel():
                entity = self._entity(edit.entity)
                return Home(entity.name, entity.module, outside=self._mentions(entity))
            case InsertField():
                return self._of_entity(self._entity(edit.entity), file)
            case SetEnumValues() if (named := self._definition(edit)) is not None:
                return self._of_definition(edit, named, file)
            case SetEnumValues():
                return self._of_field(change, edit, file, self._label_uses(edit, file, "", ()))
        return self._of_field(change, edit, file, None)

    def field_of(self, edit: RenameField | DropField) -> Field:
        """The field of an edit; raises ``ByHand``."""
        return self._field(edit)

    def entity_of(self, edit: RenameField | DropField) -> Entity:
        """The model of an edit that goes through the whole code; raises ``ByHand``."""
        entity = self._entity(edit.entity)
        self._refuse_shared(entity, self._field(edit))
        return entity

    def module_of(self, edit: SetEnumValues) -> str | None:
        """The module of the Enum or alias that holds the labels; raises ``ByHand``."""
        named = self._definition(edit)
        return named.module if named else None

    # -- models -----------------------------------------------------------------------------------------

    def _entity(self, name: str) -> Entity:
        entity = self.found.models.entity(name)
        if entity is None:
            raise ByHand(f"there is no model {name}")
        if entity.read_only:
            raise ByHand(
                f"{name} is read, never edited ({entity.form})", entity.place.file, entity.place.line
            )
        return entity

    def _of_entity(self, entity: Entity, file: str) -> Home:
        return Home(
            entity.name,
            entity.module,
            file.endswith("__init__.py"),
            known_types(self.found.reading),
            names=tuple(field.name for field in entity.fields),
        )

    def _new_file(self, edit: AddModel) -> str:
        """The only file with models; else a module of its own beside most of them."""
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

    def _new_model(self, edit: AddModel, file: str) -> Home:
        name = self.new_names[edit.table.key]
        written = generate_model(edit.table, self.workspace.config.types, name)
        inside = next((one.module for one in self.found.models.entities if one.place.file == file), None)
        return Home(written.name, inside, file.endswith("__init__.py"), written=_text(written))

    @cached_property
    def new_names(self) -> Mapping[str, str]:
        """Table -> class, of all models that are added: names that neither the application nor their file has."""
        texts = {edit.table.key: self._text_for(edit) for edit in self.edits if isinstance(edit, AddModel)}
        tables = [edit.table for edit in self.edits if isinstance(edit, AddModel)]
        taken = {one.name for one in self.found.models.entities}
        taken = taken.union(*(names_bound_in(text) for text in texts.values()))
        there = {one.key: name for one in tables if (name := self._written_already(one, texts[one.key]))}
        rest = [(one.schema, one.name) for one in tables if one.key not in there]
        free = class_names(rest, taken)
        return there | {one.key: free[one.schema, one.name] for one in tables if one.key not in there}

    def _text_for(self, edit: AddModel) -> str:
        """The file that gets the model, as it is; "" where there is none, or it is told later why it is not edited."""
        try:
            path = self.workspace.project / self._new_file(edit)
            return read_text(path) if path.exists() else ""
        except (ByHand, UnicodeDecodeError, OSError):
            return ""

    def _written_already(self, table: Table, text: str) -> str | None:
        """The class that was generated for this very table before, and that no table has got."""
        written = generate_model(table, self.workspace.config.types)
        return written.name if written.code.strip() in text.replace("\r\n", "\n") else None

    def _mentions(self, entity: Entity) -> tuple[Use, ...]:
        section = self.workspace.config.project
        found = find_mentions(self.workspace.project, section.sources, section.exclude, entity.name)
        return tuple(use for use in found if use.file != entity.place.file)

    # -- fields -----------------------------------------------------------------------------------------

    def _field(self, edit: FieldEdit) -> Field:
        entity = self._entity(edit.entity)
        field = entity.field(edit.field)
        if field is None:
            raise ByHand(f"{edit.entity} has no field {edit.field}", entity.place.file, entity.place.line)
        return field

    def _of_field(self, change: Change, edit: FieldEdit, file: str, outside: tuple[Use, ...] | None) -> Home:
        entity, field = self._entity(edit.entity), self._field(edit)
        self._refuse_shared(entity, field)
        text = self.texts[file]
        model = class_at(text, field.place.line)
        if model is None:
            raise ByHand(f"{edit.entity}.{edit.field} is not declared in a class", file, field.place.line)
        inside = lines_of(text, model)
        uses = (*change.uses, *self._uses_of_key(edit, field))
        own = tuple(use for use in uses if use.file == file and use.line in inside)
        rest = tuple(
            dict.fromkeys(
                use for use in uses if use not in own and (use.file, use.line) not in self._declarations
            )
        )
        base = self._of_entity(entity, file)
        module = next(
            (one.module for one in self.found.models.entities if one.place.file == file), base.module
        )
        return Home(
            model,
            module,
            base.package,
            base.known_types,
            inside=own,
            outside=rest if outside is None else outside,
            names=base.names,
        )

    def _refuse_shared(self, entity: Entity, field: Field) -> None:
        """A base class of several mapped models: what one column does, the others' do not."""
        sharing = [
            other.name
            for other in self.found.models.entities
            if other is not entity
            and other in self._mapped
            and other.field(field.name) is not None
            # Names alone do not tell: the declaration is the same one.
            and other.field(field.name) == field
        ]
        if sharing:
            why = f"{field.name} is declared in a base class, together with {', '.join(sharing)}"
            raise ByHand(why, field.place.file, field.place.line)

    @cached_property
    def _mapped(self) -> tuple[Entity, ...]:
        """The models that a table feeds, at the baseline or now."""
        found, models = self.found, self.found.models
        config = without_gone(self.workspace.config, found.source, models)
        catalogs = (found.baseline, found.source)
        names = {one.entity for c in catalogs for one in derive_mapping(c, models, config).entities}
        return tuple(entity for name in sorted(filter(None, names)) if (entity := models.entity(name)))

    def _uses_of_key(self, edit: FieldEdit, field: Field) -> tuple[Use, ...]:
        """Queries and fixtures name the key of the document, where that is another name."""
        renamed = isinstance(edit, (RenameField, DropField))
        if not renamed or field.document_name in (field.name, "_id"):
            return ()
        return self._named([field.document_name])

    @cached_property
    def _declarations(self) -> frozenset[tuple[str, int]]:
        """Where the models declare fields: an alias there is the key of that field."""
        files = {entity.place.file for entity in self.found.models.entities if not entity.read_only}
        texts = {file: self.workspace.project / file for file in files}
        return frozenset(
            (file, line)
            for file, path in texts.items()
            if path.is_file()
            for line in field_lines(path.read_bytes().decode("utf-8-sig", "replace"))
        )

    def _named(self, names: Iterable[str]) -> tuple[Use, ...]:
        section = self.workspace.config.project
        wanted = [("", name) for name in names]
        found = named_uses(self.workspace.project, section.sources, section.exclude, wanted)
        return tuple(use for uses in found.values() for use in uses)

    # -- labels -----------------------------------------------------------------------------------------

    def _definition(self, edit: SetEnumValues) -> NamedType | None:
        """The alias or Enum that the field's annotation names; None where the labels stand in it."""
        words = set(re.findall(r"\w+", self._field(edit).shape.text))
        if "Literal" in words:
            return None
        named = [one for one in self.found.reading.types if one.name in words and one.shape.kind == "enum"]
        if len(named) != 1:
            field = self._field(edit)
            raise ByHand("it is not clear where the labels stand", field.place.file, field.place.line)
        return named[0]

    def _of_definition(self, edit: SetEnumValues, named: NamedType, file: str) -> Home:
        self._refuse_other_labels(edit, named)
        gone = [label for label in edit.before if label not in edit.after]
        members = member_names(self.texts[file], named.name, gone)
        return Home(
            edit.entity,
            named.module,
            definition=named.name,
            outside=self._label_uses(edit, file, named.name, members),
        )

    def _label_uses(
        self, edit: SetEnumValues, file: str, definition: str, members: tuple[str, ...]
    ) -> tuple[Use, ...]:
        gone = [label for label in edit.before if label not in edit.after]
        if not gone:
            return ()
        own = self._field(edit).place.line
        lines: Iterable[int] = lines_of(self.texts[file], definition) if definition else (own,)
        inside = frozenset(lines)
        return tuple(
            use for use in self._named([*gone, *members]) if use.file != file or use.line not in inside
        )

    def _refuse_other_labels(self, edit: SetEnumValues, named: NamedType) -> None:
        """Labels go from an alias only where they go from every column that feeds a field of it."""
        if set(edit.before) <= set(edit.after):
            return
        follow = {
            (one.entity, one.field)
            for one in self.edits
            if isinstance(one, SetEnumValues) and set(one.after) == set(edit.after)
        }
        for entity, field in self._fields_of(named):
            names = {(entity.name, field.name), (f"{entity.module}:{entity.name}", field.name)}
            if not names & follow:
                why = f"{named.name} is also the type of {entity.name}.{field.name}, which keeps its labels"
                raise ByHand(why, field.place.file, field.place.line)

    def _fields_of(self, named: NamedType) -> Iterator[tuple[Entity, Field]]:
        for entity in self._mapped:
            for field in entity.fields:
                if named.name in re.findall(r"\w+", field.shape.text):
                    yield entity, field

    def _file_of_module(self, module: str) -> str:
        known = next((one.place.file for one in self.found.models.entities if one.module == module), None)
        if known is not None:
            return known
        project = self.workspace.project
        roots = [project, project / "src", *(project / one for one in self.workspace.config.project.sources)]
        dotted = module.replace(".", "/")
        for path in (root / name for root in roots for name in (f"{dotted}.py", f"{dotted}/__init__.py")):
            if path.is_file():
                return _relative(path, project)
        raise ByHand(f"the module {module} is not found")


def _relative(path: Path, project: Path) -> str:
    return path.resolve().relative_to(project.resolve()).as_posix()


def _text(written: WrittenModel) -> ModelText:
    return ModelText(
        written.name,
        written.code,
        written.imports,
        written.prelude,
        written.prelude_imports,
        written.module,
    )
