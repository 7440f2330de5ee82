"""Node, its packages and one process that judges documents by Zod; installed once for many test runs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

PACKAGES = ("zod@4", "typescript@5", "openapi-typescript@7")
_STRICT = (
    "--strict",
    "--target",
    "es2022",
    "--module",
    "nodenext",
    "--moduleResolution",
    "nodenext",
    "--skipLibCheck",
)
_JUDGE = """
import { createInterface } from "node:readline";
import * as z from "zod";
const found = await import(process.argv[2]);
const answer = ({ name, document, schemas }) => {
  if (schemas) return Object.fromEntries(schemas.map((one) => [one, z.toJSONSchema(found[one], { io: "input" })]));
  return found[name].safeParse(document).success;
};
for await (const line of createInterface({ input: process.stdin })) {
  let told;
  try { told = { told: answer(JSON.parse(line)) }; } catch (error) { told = { error: String(error) }; }
  process.stdout.write(JSON.stringify(told) + "\\n");
}
"""


def install(cache: Path) -> Path | str:
    """The folder with ``node_modules``, or why there is none; the registry is asked only the first time."""
    given = os.environ.get("BRAVO_TEST_NODE_FOLDER")
    if given:
        return Path(given)
    if shutil.which("node") is None or shutil.which("npm") is None:
        return "there is no node with npm"
    ready = cache / "ready"
    if not ready.exists():
        making = cache / f"making-{os.getpid()}"
        making.mkdir(parents=True)
        command = [
            "npm",
            "install",
            *PACKAGES,
            "--prefer-offline",
            "--no-audit",
            "--no-fund",
            "--legacy-peer-deps",
        ]
        try:
            subprocess.run(command, cwd=making, check=True, capture_output=True, timeout=180)
        except (subprocess.SubprocessError, OSError):
            shutil.rmtree(making, ignore_errors=True)
            return "npm cannot install zod and typescript here"
        try:
            making.rename(ready)
        except OSError:  # another worker was first
            shutil.rmtree(making, ignore_errors=True)
    return ready


def compile_strictly(node: Path, folder: Path, files: Sequence[str], *more: str) -> str:
    """What ``tsc --strict`` complains of; the JavaScript lies beside the sources."""
    (folder / "package.json").write_text('{"type": "module"}')
    if not (folder / "node_modules").exists():
        (folder / "node_modules").symlink_to(node / "node_modules", target_is_directory=True)
    command = [str(node / "node_modules" / ".bin" / "tsc"), *_STRICT, *more, *files]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=180, check=False)
    return done.stdout + done.stderr if done.returncode else ""


class Judge:
    """Asks the Zod schemas that a compiled module exports."""

    def __init__(self, folder: Path, module: str) -> None:
        script = folder / "judge.mjs"
        script.write_text(_JUDGE)
        self._process = subprocess.Popen(
            ["node", str(script), f"./{module}"],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def accepts(self, name: str, document: Any) -> bool:
        """Whether ``name``Schema accepts the document."""
        return bool(self._ask({"name": f"{name}Schema", "document": document}))

    def json_schemas(self, names: Sequence[str]) -> dict[str, Any]:
        """What Zod itself says of its schemas, as JSON Schema."""
        told: dict[str, Any] = self._ask({"schemas": [f"{name}Schema" for name in names]})
        return {name.removesuffix("Schema"): schema for name, schema in told.items()}

    def close(self) -> None:
        """Ends the process."""
        self._process.communicate(timeout=20)

    def _ask(self, question: dict[str, Any]) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        told = json.loads(self._process.stdout.readline())
        assert "error" not in told, told
        return told["told"]
