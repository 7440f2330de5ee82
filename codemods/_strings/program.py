"""The whole program: its files are read when the flow gets there, and found by the words in them."""

from __future__ import annotations

import ast
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping

from codemods._strings.definitions import Definitions
from codemods._strings.facts import Facts
from codemods._strings.graph import Call, Class, Function, Node
from codemods._strings.scopes import Scope, bound_names
from codemods._strings.texts import Text, texts_of

Place = tuple[Text, Node | None, ast.Constant]
_kept: dict[str, tuple[str, Facts | None]] = {}
"""What the last program has read: its files change one at a time."""
TOO_COMMON = 400
"""A word that more files hold than this is not followed."""


class Program:
    """All files of an application, each read once, and by the next program again if it is the same."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = dict(sorted(files.items()))
        self._facts: dict[str, Facts | None] = {}
        self._texts: dict[tuple[str, str], list[Place]] = {}
        for file in [file for file, (text, _) in _kept.items() if files.get(file) != text]:
            _kept.pop(file, None)
        self._holding: dict[str, list[str]] = {}
        self._having: dict[tuple[str, str], list[Facts]] = {}
        self._targets: dict[int, Node | None] = {}
        self._raised: dict[str, set[int]] = {}
        self._modules = _by_module(files)

    def facts(self, file: str) -> Facts | None:
        """What the file has; None where it does not parse."""
        if file not in self._facts:
            source = self.files[file]
            kept = _kept.get(file)
            if kept is None or kept[0] != source:
                kept = _kept[file] = source, self._read(file)
            self._facts[file] = kept[1]
        return self._facts[file]

    def texts(self, file: str, name: str) -> list[Place]:
        """The texts that hold ``name``, those of annotations without a node."""
        key = file, name
        if key not in self._texts:
            facts = self.facts(file)
            found: list[Place] = []
            if facts is not None and name in facts.source:
                for at, texts in texts_of(file, facts.source, facts.tree, name):
                    found += [(text, facts.nodes.get(id(at)), at) for text in texts]
            self._texts[key] = found
        return self._texts[key]

    def texts_at(self, node: Node, name: str) -> list[Text]:
        """The texts of a constant."""
        return [text for text, at, _ in self.texts(node.file, name) if at is node]

    def is_raised(self, file: str, at: ast.Constant) -> bool:
        """Whether a constant stands in an error that is raised."""
        if file not in self._raised:
            facts = self.facts(file)
            errors = (one for one in ast.walk(facts.tree) if isinstance(one, ast.Raise)) if facts else ()
            self._raised[file] = {id(inner) for one in errors for inner in ast.walk(one)}
        return id(at) in self._raised[file]

    def _read(self, file: str) -> Facts | None:
        source = self.files[file]
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError):
            return None
        module = Scope("module", file, None, bound_names(tree.body))
        facts = Facts(file, source, tree, module)
        try:
            Definitions(facts).run()
        except RecursionError:
            return None
        for name in module.bound:
            node = module.whatever(name)
            node.kind, node.fact = "global", name
        return facts

    def holding(self, word: str) -> list[str]:
        """The files that hold ``word``."""
        if word not in self._holding:
            self._holding[word] = [file for file, text in self.files.items() if _holds(text, word)]
        return self._holding[word]

    def too_common(self, word: str) -> bool:
        """Whether it is in too many files."""
        return len(self.holding(word)) > TOO_COMMON

    def _with(self, word: str, written: str) -> list[Facts]:
        """The files that have ``word``, and it so: reading a file takes longer than a look at its text."""
        key = word, written
        if key not in self._having:
            files = [file for file in self.holding(word) if written in self.files[file]]
            self._having[key] = [facts for file in files if (facts := self.facts(file)) is not None]
        return self._having[key]

    def calls(self, name: str) -> Iterator[Call]:
        """Every call of something called ``name``."""
        for facts in self._with(name, f"{name}("):
            yield from facts.calls.get(name, ())
        for facts in self._with(name, f"{name} as "):
            for one in facts.imports.get(name, ()):
                yield from self._renamed(facts, one)

    def _renamed(self, facts: Facts, imported: Node) -> Iterator[Call]:
        """Calls by the other name that an import gave."""
        for name, version in facts.module.env.items():
            if version is imported and name != imported.fact[1]:
                yield from facts.calls.get(name, ())

    def loads(self, name: str) -> Iterator[tuple[Node, Node]]:
        """Every read attribute called ``name``, with what it is read of."""
        for facts in self._with(name, f".{name}"):
            yield from facts.loads.get(name, ())

    def stores(self, name: str) -> Iterator[tuple[Node, Node]]:
        """Every attribute called ``name`` that is given a value: the value, and of what."""
        for facts in self._with(name, f".{name}"):
            yield from facts.stores.get(name, ())

    def imports(self, name: str) -> Iterator[Node]:
        """Every import of something called ``name``."""
        for facts in self._with(name, "import "):
            yield from facts.imports.get(name, ())

    def functions(self, name: str) -> Iterator[Function]:
        """Every function called ``name``."""
        for facts in self._with(name, f"def {name}"):
            yield from facts.functions.get(name, ())

    def classes_with(self, member: str) -> Iterator[Class]:
        """Every class in a file that has the word ``member``."""
        for facts in self._with(member, "class "):
            for classes in facts.classes.values():
                yield from classes

    def target(self, node: Node) -> Node | None:
        """What an import gives, where it is something of the application, and no module."""
        key = id(node)
        if key not in self._targets:
            module, name = node.fact
            file = self.module(module, node.file) if name is not None else None
            facts = self.facts(file) if file is not None else None
            known = facts is not None and name in facts.module.bound
            self._targets[key] = facts.module.whatever(name) if known and facts is not None else None
        return self._targets[key]

    def module(self, name: str, file: str) -> str | None:
        """The file of the module that ``file`` calls ``name`` (with leading dots: relative to it)."""
        if name.startswith("."):
            return self._relative(name, file)
        found = self._modules.get(name, ())
        if len(found) <= 1:
            return next(iter(found), None)
        return max(found, key=lambda one: (_common(one, file), -len(one), one))

    def _relative(self, name: str, file: str) -> str | None:
        rest = name.lstrip(".")
        folders = file.split("/")[: -(len(name) - len(rest))]
        path = "/".join([*folders, *(part for part in rest.split(".") if part)])
        candidates = (f"{path}.py", f"{path}/__init__.py" if path else "__init__.py")
        return next((one for one in candidates if one in self.files), None)

    def submodule(self, file: str, name: str) -> str | None:
        """The module ``name`` in the package whose ``__init__`` is ``file``."""
        if not file.endswith("__init__.py"):
            return None
        folder = file.removesuffix("__init__.py")
        candidates = (f"{folder}{name}.py", f"{folder}{name}/__init__.py")
        return next((one for one in candidates if one in self.files), None)


def _holds(text: str, word: str) -> bool:
    begin = text.find(word)
    while begin >= 0:
        end = begin + len(word)
        if not _is_word(text[begin - 1 : begin]) and not _is_word(text[end : end + 1]):
            return True
        begin = text.find(word, begin + 1)
    return False


def _is_word(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


def _common(one: str, other: str) -> int:
    parts = zip(one.split("/"), other.split("/"), strict=False)
    return sum(1 for _ in _while_equal(parts))


def _while_equal(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    for left, right in pairs:
        if left != right:
            return
        yield left


def module_name(file: str) -> str:
    """The dotted name of a file, from the project's folder on."""
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _by_module(files: Collection[str]) -> dict[str, list[str]]:
    """Each file by its dotted name; where packages lie in a folder like ``src``, without that folder too."""
    found: dict[str, list[str]] = {}
    for file in files:
        if not file.endswith(".py"):
            continue
        parts = module_name(file).split(".")
        for start in range(len(parts)):
            inside_a_package = "/".join([*parts[:start], "__init__.py"]) in files and start > 0
            of_python = start > 0 and parts[start] in sys.stdlib_module_names
            if not inside_a_package and not of_python:
                found.setdefault(".".join(parts[start:]), []).append(file)
    return found
