"""The fields that are asked for: all that is decided as one."""

from __future__ import annotations

from bravo_agent.model.code import FieldGroup
from codemods._strings.classes import Classes
from codemods._strings.graph import Class
from codemods._strings.program import Program


class Group:
    """The one thing besides the name that differs from question to question."""

    def __init__(self, program: Program, classes: Classes, group: FieldGroup) -> None:
        self._program = program
        self._classes = classes
        refs = (group.asked, *(ref for ref, _ in group.coupled))
        self._fields = {(classes.file_of(ref), ref.entity, ref.field) for ref in refs}

    def has(self, found: Class, field: str) -> bool:
        """Whether the field of the class is one of them, declared there or inherited from there."""
        return any((one.file, one.name, field) in self._fields for one in self._classes.mro(found))

    def keys(self) -> frozenset[str]:
        """All fields of the models of the group, by name and by key."""
        owners = {(file, entity) for file, entity, _ in self._fields}
        models = (one for _, name in owners for one in self._program.classes_with(name))
        members = [
            member
            for one in models
            if (one.file, one.name) in owners
            for member in self._classes.members(one).values()
        ]
        return frozenset(key for member in members for key in (member.name, member.alias))
