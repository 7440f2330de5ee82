"""Patches: all or nothing, stale or dirty files refused, and diffs that git takes."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bravo_agent.errors import RefusedError, StaleError
from bravo_agent.model.plan import Edit, Patch
from bravo_agent.stores.application import (
    apply_patch,
    branch,
    dirty_files,
    head_commit,
    is_clean,
    render_diff,
)


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@t", "-c", "core.autocrlf=false", *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "a.py").write_bytes(b"\xef\xbb\xbfx = 1\r\ny = 2\r\n")
    (tmp_path / "app" / "b.py").write_bytes(b"x = 1")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "first")
    return tmp_path


PATCH = Patch(
    (
        Edit("app/a.py", "\ufeffx = 1\r\ny = 2\r\n", "\ufeffx = 1\r\ny = 3\r\n"),
        Edit("app/b.py", "x = 1", "x = 2\n"),
        Edit("app/new dir/ü c.py", None, "z = 1"),
    )
)


def test_a_patch_is_written_byte_for_byte(repository: Path) -> None:
    (repository / "app" / "b.py").chmod(0o755)
    git(repository, "commit", "-qam", "mode")
    assert apply_patch(repository, PATCH) == ()
    assert (repository / "app/a.py").read_bytes() == b"\xef\xbb\xbfx = 1\r\ny = 3\r\n"
    assert (repository / "app/new dir/ü c.py").read_text() == "z = 1"
    assert (repository / "app/b.py").stat().st_mode & 0o777 == 0o755


def test_a_second_run_and_a_broken_off_one_go_through(repository: Path) -> None:
    (repository / "app/b.py").write_text("x = 2\n")
    assert apply_patch(repository, PATCH) == ()
    assert apply_patch(repository, PATCH) == ()


def test_a_stale_file_stops_all(repository: Path) -> None:
    (repository / "app/b.py").write_text("x = 7")
    with pytest.raises(StaleError, match="patch-stale"):
        apply_patch(repository, PATCH)
    assert b"y = 2" in (repository / "app/a.py").read_bytes()


def test_dirty_files_are_named_and_nothing_is_written(repository: Path) -> None:
    (repository / "app/b.py").write_text("x = 5")
    patch = Patch((PATCH.edits[0], Edit("app/b.py", "x = 5", "x = 6")))
    assert apply_patch(repository, patch) == ("app/b.py",)
    assert b"y = 2" in (repository / "app/a.py").read_bytes()
    assert apply_patch(repository, patch, allow_dirty=True) == ()
    assert b"y = 3" in (repository / "app/a.py").read_bytes()


def test_no_temporary_file_stays_after_a_failure(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Path, target: Path) -> None:
        raise OSError("disk")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="disk"):
        apply_patch(repository, PATCH)
    assert not [path for path in repository.rglob(".*.py.*") if ".git/" not in str(path)]


@pytest.mark.parametrize("file", ["../out.py", "/tmp/out.py"])
def test_a_path_outside_is_refused(repository: Path, file: str) -> None:
    with pytest.raises(RefusedError, match="patch-outside-project"):
        apply_patch(repository, Patch((Edit(file, None, "x"),)))


def test_git_applies_the_diff(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    diff = tmp_path_factory.mktemp("diff") / "p.diff"
    diff.write_bytes(render_diff(PATCH).encode())
    git(repository, "apply", str(diff))
    for edit in PATCH.edits:
        assert (repository / edit.file).read_bytes() == edit.after.encode()


LINES = st.lists(
    st.sampled_from(["a", "b", "", "\r", "\x0c", "\u2028", "+x", "-x", "\\ no", "@@ -1 +1 @@"]), max_size=8
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=LINES, after=LINES, end=st.booleans())
def test_git_applies_any_diff(tmp_path: Path, before: list[str], after: list[str], end: bool) -> None:
    old, new = "\n".join(before) + "\n" * end, "\n".join(after)
    if old == new or not old or not new:
        return
    (tmp_path / "f.txt").write_bytes(old.encode())
    patch = Patch((Edit("f.txt", old, new),))
    (tmp_path / "p.diff").write_bytes(render_diff(patch).encode())
    git(tmp_path, "apply", "p.diff")
    assert (tmp_path / "f.txt").read_bytes() == new.encode()


def test_git_facts(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert branch(repository) == "main"
    assert len(head_commit(repository) or "") == 40
    assert is_clean(repository, "app/a.py") is True
    (repository / "app/u.py").write_text("")
    (repository / ".gitignore").write_text("hidden/\n")
    (repository / "hidden").mkdir()
    (repository / "hidden/h.py").write_text("")
    files = ["app/a.py", "app/u.py", "hidden/h.py"]
    assert dirty_files(repository, files) == ("app/u.py", "hidden/h.py")
    assert dirty_files(repository / "app", ["a.py", "u.py"]) == ("u.py",)
    outside = tmp_path_factory.mktemp("outside")
    assert branch(outside) is None
    assert head_commit(outside) is None
    assert is_clean(outside, "x.py") is None
    assert apply_patch(outside, Patch((Edit("x.py", None, "x"),))) == ()
