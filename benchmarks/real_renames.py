"""One field of another project renamed by the command, and judged: its own tests, and a trace of who uses the field."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic.alias_generators import to_camel, to_pascal

from benchmarks.real_sources import Home, Project
from bravo_agent.config import Config, ProjectSection
from bravo_agent.model.entities import ModelSet
from bravo_agent.workspace import make_workspace

_NO_FORMAT = (".py", ".pyi", ".md", ".rst", ".lock")
_SKIPPED = re.compile(r"/(?:\.\w|docs?/|__pycache__|[^/]*\.egg-info/)")
_STYLES: tuple[Callable[[str], str], ...] = (str, lambda name: name.replace("_", "-"), to_camel, to_pascal)
Spot = tuple[str, int, int]
Result = Literal["green", "green, rest by hand", "red, rest by hand", "red", "refused", "failed"]


@dataclass(frozen=True, order=True)
class Asked:
    """A field to rename. ``fixed``: its name stands in files of the project that other programs write or read."""

    fixed: bool
    draw: str
    module: str
    entity: str
    field: str

    @property
    def new(self) -> str:
        """A name that is nowhere in the project."""
        return f"{self.field}_renamed"


@dataclass
class Judged:
    """What became of it. ``used``: tokens that the tests proved to use the field, and ``elsewhere`` another one."""

    asked: Asked
    result: Result = "failed"
    why: str = ""
    tests_broken: tuple[str, ...] = ()
    seconds: float = 0.0
    named: int = 0
    edited: set[Spot] = field(default_factory=set)
    listed: set[Spot] = field(default_factory=set)
    used: set[Spot] = field(default_factory=set)
    elsewhere: set[Spot] = field(default_factory=set)
    unlisted_edits: int = 0
    by_hand_green: bool | None = None

    @property
    def missed(self) -> set[Spot]:
        """Proved to be the field, and neither edited nor listed (where anything was edited at all)."""
        return self.used - self.edited - self.listed if self.edited else set()

    @property
    def wrong(self) -> set[Spot]:
        """Edited, and proved to be another field only."""
        return self.edited & (self.elsewhere - self.used)


class Measured:
    """All renames of one project."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.lines = 0
        self.tests = 0
        self.traced = False
        self.renames: list[Judged] = []
        self.why = ""


def models_of(home: Home) -> ModelSet:
    """The models that bravo-agent finds."""
    section = ProjectSection(python=str(home.python))
    return make_workspace(home.tree, Config(project=section)).models().models


def sample(home: Home, models: ModelSet, count: int) -> list[Asked]:
    """Fields of the project's own packages that its code uses by name, in an order that nobody chose."""
    python = {path: path.read_text(errors="replace") for path in sorted(home.tree.rglob("*.py"))}
    outside = "\n".join(
        path.read_text(errors="replace")
        for path in sorted(home.tree.rglob("*"))
        if path.is_file()
        and path.suffix not in _NO_FORMAT
        and not _SKIPPED.search(f"/{path.relative_to(home.tree)}")
        and path.stat().st_size < 2_000_000
    )
    names = [one.name for one in models.entities]
    found = []
    for entity in models.entities:
        if not _is_own(home, entity.place.file) or entity.form != "pydantic" or names.count(entity.name) > 1:
            continue
        for one in entity.fields:
            declared_here = one.place.file == entity.place.file and one.place.line >= entity.place.line
            used = re.compile(rf"\.{re.escape(one.name)}\b|[(,\s]{re.escape(one.name)}=(?!=)")
            if declared_here and not one.computed and sum(len(used.findall(t)) for t in python.values()) > 0:
                fixed = bool(re.search(rf"\b{re.escape(one.document_name)}[\"']?\s*[:=]", outside))
                draw = hashlib.sha256(f"{home.project.name}:{one.place.file}:{one.name}".encode()).hexdigest()
                found.append(Asked(fixed, draw, entity.module, entity.name, one.name))
    unique = {(one.draw): one for one in sorted(found, reverse=True)}
    return sorted(unique.values())[:count]


def refactor(home: Home, asked: Asked, *options: str) -> dict[str, Any]:
    """The command, as a person would give it; its document, or what it said where it failed."""
    target = f"{asked.module}:{asked.entity}.{asked.field}"
    command = [str(Path(sys.executable).with_name("bravo-agent")), "refactor", "rename", target, asked.new]
    command += ["-C", str(home.tree), "--python", str(home.python), "--json", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    try:
        document: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        return {"exit": done.returncode, "error": (done.stderr or done.stdout).strip()[-400:]}
    return {"exit": done.returncode, **document}


def places(document: Mapping[str, Any], *fates: str) -> set[Spot]:
    """The places of these fates."""
    return {
        (one["file"], one["line"], one["column"])
        for one in document.get("places", ())
        if one["fate"] in fates
    }


def trace(
    home: Home,
    asked: Collection[Asked],
    models: ModelSet,
    baseline: Mapping[str, str],
) -> list[Any] | None:
    """Who used the fields while the tests ran; None where that changed more than a twentieth of the tests."""
    home.fresh()
    order, out = home.root / "trace.json", home.root / "traced.json"
    out.unlink(missing_ok=True)
    modules = sorted({_dotted(one.place.file) for one in models.entities if _is_own(home, one.place.file)})
    wanted = {"tree": str(home.tree), "modules": modules, "names": sorted({one.field for one in asked})}
    order.write_text(json.dumps({**wanted, "out": str(out)}))
    outcomes = home.test(trace=order)
    # A test that cannot bear to be watched does not make untrue what was seen in the others.
    if not out.exists() or len(worse(baseline, outcomes)) * 20 > len(baseline):
        return None
    found: list[Any] = json.loads(out.read_text())
    return found


def _dotted(file: str) -> str:
    """The name by which the project imports a file of a package."""
    return file.removesuffix(".py").removeprefix("src/").removesuffix("/__init__").replace("/", ".")


def _is_own(home: Home, file: str) -> bool:
    """Whether it belongs to the project's packages: not its tests, nor its documentation."""
    return any(file == one or file.startswith(f"{one}/") for one in home.project.packages)


def worse(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """Tests that passed before and do not now, or are new failures."""
    failed = {test for test, outcome in after.items() if outcome != "passed"}
    gone = {test for test, outcome in before.items() if outcome == "passed" and test not in after}
    return tuple(sorted(gone | {test for test in failed if before.get(test, "passed") == "passed"}))


def judge(home: Home, asked: Asked, traced: Sequence[Any] | None, baseline: Mapping[str, str]) -> Judged:
    """Renames, tests, compares."""
    home.fresh()
    before = _texts(home.tree)
    document = refactor(home, asked, "--apply")
    judged = Judged(asked)
    if "places" not in document:
        judged.why = str(document.get("error", document))[:300]
        return judged
    judged.named = len(document["places"])
    judged.listed = places(document, "manual")
    _take_trace(judged, document, traced or ())
    if not document["done"]["edited"]:
        judged.result = "refused"
        judged.why = "; ".join(
            f"{one['file']}:{one['line']}: {one['why']}" for one in document["refused"][:3]
        )
        return judged
    judged.edited = places(document, "edited")
    judged.unlisted_edits = _unlisted(before, home.tree, asked, judged.edited)
    judged.tests_broken = worse(baseline, home.test())
    by_hand = bool(document["manual"])
    if judged.tests_broken:
        judged.by_hand_green = _by_hand(home, asked, before, document, baseline)
    red: Result = "red, rest by hand" if by_hand else "red"
    judged.result = red if judged.tests_broken else "green, rest by hand" if by_hand else "green"
    return judged


def _take_trace(judged: Judged, document: Mapping[str, Any], traced: Sequence[Any]) -> None:
    group = document.get("group") or {"asked": None, "coupled": []}
    refs = [group["asked"], *(one[0] if isinstance(one, list) else one for one in group["coupled"])]
    ours = {f"{ref['module']}:{ref['entity']}" for ref in refs if ref}
    for one in traced:
        if one["name"] == judged.asked.field:
            spot = one["file"], one["line"], one["column"]
            for kinds in one["classes"]:
                # Where folders lack an __init__.py, the command knows a part of the module's name only.
                is_ours = any(kind == ref or kind.endswith(f".{ref}") for kind in kinds for ref in ours)
                (judged.used if is_ours else judged.elsewhere).add(spot)


def _texts(tree: Path) -> dict[str, str]:
    found = {}
    for path in sorted(tree.rglob("*")):
        if path.is_file() and not _SKIPPED.search(f"/{path.relative_to(tree)}".replace("/docs/", "/")):
            try:
                found[path.relative_to(tree).as_posix()] = path.read_bytes().decode()
            except UnicodeDecodeError:
                continue
    return found


def _unlisted(before: Mapping[str, str], tree: Path, asked: Asked, edited: Collection[Spot]) -> int:
    """Files whose text is not the old one with the new name at exactly the listed places."""
    after = _texts(tree)
    count = len(before.keys() ^ after.keys())
    for file, text in before.items():
        spots = [spot for spot in edited if spot[0] == file]
        count += after.get(file, text) != replaced(text, asked, spots)
    return count


def replaced(text: str, asked: Asked, spots: Collection[Spot]) -> str:
    """The text with the new name at these places; a document key in another style keeps its style."""
    starts = [0, *(found.end() for found in re.finditer(r"\r\n|\r|\n", text))]
    for _, line, column in sorted(spots, reverse=True):
        at = starts[line - 1] + column
        for style in _STYLES:
            old = style(asked.field)
            if text[at : at + len(old)] == old:
                text = text[:at] + style(asked.new) + text[at + len(old) :]
                break
    return text


def _by_hand(
    home: Home,
    asked: Asked,
    before: Mapping[str, str],
    document: Mapping[str, Any],
    baseline: Mapping[str, str],
) -> bool:
    """Whether the tests pass once every place that was told is changed, and the word in files that were not read."""
    told = {
        (one["file"], one["line"], one["column"]) for one in document["places"] if one["verdict"] != "other"
    }
    unread = {note.partition(" is left as it is")[0] for note in document["notes"]}
    unread |= {one["file"] for one in document["unread"]}
    for file, text in before.items():
        new = replaced(text, asked, [spot for spot in told if spot[0] == file])
        if file in unread:
            new = re.sub(rf"\b{re.escape(asked.field)}\b", asked.new, text)
        (home.tree / file).write_bytes(new.encode())
    return not worse(baseline, home.test())
