"""What is called, where that is plain to see: a name that is bound once, a method of ``self`` or of a declared type."""

from __future__ import annotations

from codemods._strings.classes import Classes
from codemods._strings.found import Thing
from codemods._strings.graph import Class, Function, Node, Op
from codemods._strings.program import Program
from codemods._strings.shapes import Annotations

_LONGEST = 12


class Shortcuts:
    """Answers quickly, or not at all."""

    def __init__(self, program: Program, classes: Classes, annotations: Annotations) -> None:
        self._program = program
        self._classes = classes
        self._annotations = annotations

    def things(self, node: Node) -> list[Thing] | None:
        """The one thing that ``node`` is; None where it takes a walk to tell."""
        end = self._end(node)
        if end is None:
            return self._of_foreign(node)
        if end.kind == "class":
            return [Thing("class", end.fact)]
        if end.kind == "function":
            return [Thing("function", end.fact)]
        if end.kind == "import" and self._is_foreign(end):
            module, name = end.fact
            return [
                Thing("foreign", name if module == "builtins" else f"{module}.{name}" if name else module)
            ]
        if end.kind in ("self", "cls"):
            return [Thing("instance" if end.kind == "self" else "class", end.fact)]
        return None

    def _of_foreign(self, node: Node) -> list[Thing] | None:
        """``json.loads``."""
        before = [(op, label, other) for op, label, other in node.edges if op in (Op.FROM, Op.LOADED)]
        if len(before) != 1 or not before[0][1].startswith("a:"):
            return None
        base = self._end(before[0][2])
        if base is None or base.kind != "import" or not self._is_foreign(base):
            return None
        module, name = base.fact
        dotted = name if module == "builtins" else ".".join([module, *([name] if name else [])])
        return [Thing("foreign", f"{dotted}.{before[0][1][2:]}")]

    def _end(self, node: Node) -> Node | None:
        """Back along the only way there is."""
        for _ in range(_LONGEST):
            if node.annotation is not None:
                return None
            if node.kind in ("class", "function", "self", "cls"):
                return node
            if node.kind == "import":
                target = self._program.target(node)
                if target is None:
                    return node
                node = target
                continue
            before = [(op, other) for op, _, other in node.edges if op in (Op.FROM, Op.LOADED, Op.COPIED)]
            if len(before) != 1 or before[0][0] is not Op.FROM:
                return None
            node = before[0][1]
        return None

    def _is_foreign(self, node: Node) -> bool:
        module, name = node.fact
        if module.startswith(".") or self._program.module(module, node.file) is not None:
            return False
        return name is None or self._program.module(f"{module}.{name}", node.file) is None

    def method(self, node: Node) -> tuple[Class, Function] | None:
        """The method that ``node`` reads of something of a declared class."""
        before = [(op, label, other) for op, label, other in node.edges if op in (Op.FROM, Op.LOADED)]
        if len(before) != 1 or not before[0][1].startswith("a:"):
            return None
        one = self.instance(before[0][2])
        function = self._classes.function(one, before[0][1][2:]) if one is not None else None
        return None if one is None or function is None or function.is_property else (one, function)

    def instance(self, node: Node) -> Class | None:
        """The class that ``node`` is declared an instance of, alone."""
        if node.kind == "self":
            return node.fact if isinstance(node.fact, Class) else None
        for _ in range(_LONGEST):
            if node.annotation is not None:
                shapes = self._annotations.of(*node.annotation)
                one = shapes[0] if len(shapes) == 1 else None
                return one.of if one is not None and one.kind == "class" else None
            before = [(op, other) for op, _, other in node.edges if op in (Op.FROM, Op.LOADED)]
            if len(before) != 1 or before[0][0] is not Op.FROM:
                return None
            node = before[0][1]
            if node.kind == "self":
                return node.fact if isinstance(node.fact, Class) else None
        return None
