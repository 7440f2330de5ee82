"""Where an edit of a model is made: its file, its class, and what else depends on what it changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from functools import cached_property

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
from bravo_agent.stores.application import NamedType
from bravo_agent.usecases._by_hand import ByHand
from bravo_agent.usecases._known_types import known_types
from bravo_agent.usecases._module_files import file_of_module
from bravo_agent.usecases._new_model_homes import Mapped, NewModels
from bravo_agent.usecases.detect import Detection
from bravo_agent.workspace import Workspace
from codemods import (
    Home,
    KnownType,
    class_at,
    field_lines,
    find_mentions,
    lines_of,
    member_names,
    named_uses,
    names_in,
)

FieldEdit = RenameField | RetypeField | DropField | MakeOptional | SetEnumValues


@dataclass(frozen=True)
class Homes:
    """Of all edits of one cascade; ``texts`` are the files as they were before the first of them."""

    workspace: Workspace
    found: Detection
    edits: tuple[ModelEdit, ...]
    texts: Mapping[str, str]
    _bound: dict[tuple[str, str], frozenset[str]] = attribute(default_factory=dict)

    @cached_property
    def new(self) -> NewModels:
        """The models that are added."""
        added = tuple(one for one in self.edits if isinstance(one, AddModel))
        return NewModels(self.workspace, self.found, added, self._fed)

    @cached_property
    def _fed(self) -> Mapped:
        return Mapped(self.workspace, self.found)

    def file_of(self, edit: ModelEdit) -> str:
        """The file that holds what is edited; raises ``ByHand``."""
        match edit:
            case AddModel():
                return self.new.file_of(edit)
            case InsertField() | DropModel():
                return self._entity(edit.entity).place.file
            case SetEnumValues() if (named := self._definition(edit)) is not None:
                return file_of_module(self.workspace, self.found.models, named.module)
        return self._field(edit).place.file

    def home(self, change: Change, edit: ModelEdit, file: str) -> Home:
        """What the codemod has to know; raises ``ByHand``."""
        match edit:
            case AddModel():
                return self.new.home(edit, file)
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

    def entity_of_new(self, edit: InsertField) -> Entity:
        """The model that gets a field; raises ``ByHand``."""
        return self._entity(edit.entity)

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
            self._known_types,
            names=tuple(field.name for field in entity.fields),
            taken=tuple(sorted(self._inherited(entity) - {field.name for field in entity.fields})),
        )

    @cached_property
    def _known_types(self) -> tuple[KnownType, ...]:
        return known_types(self.found.reading)

    def _inherited(self, entity: Entity) -> set[str]:
        """What the application's own base classes bind: methods, properties, class variables, and fields."""
        found: set[str] = set()
        for written in entity.base_names:
            name = written.rpartition(".")[2]
            base = self.found.models.entity(name)
            file = base.place.file if base else entity.place.file
            found |= self._bound_in(file, name)
            if base is not None and base is not entity:
                found |= self._inherited(base)
        return found

    def _bound_in(self, file: str, name: str) -> frozenset[str]:
        """What class ``name`` of the file binds; many models are made from the same few."""
        if (file, name) not in self._bound:
            path = self.workspace.project / file
            text = path.read_bytes().decode("utf-8-sig", "replace") if path.is_file() else ""
            self._bound[file, name] = frozenset(names_in(text, name))
        return self._bound[file, name]

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
            and other in self._fed.entities
            and other.field(field.name) is not None
            # Names alone do not tell: the declaration is the same one.
            and other.field(field.name) == field
        ]
        if sharing:
            why = f"{field.name} is declared in a base class, together with {', '.join(sharing)}"
            raise ByHand(why, field.place.file, field.place.line)

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
        for entity in self._fed.entities:
            for field in entity.fields:
                if named.name in re.findall(r"\w+", field.shape.text):
                    yield entity, field
