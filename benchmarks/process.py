"""What a process and the servers used: CPU seconds, peak memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from benchmarks.scene import Scene
from bravo_agent.stores.servers.home import Home


@dataclass(frozen=True)
class Usage:
    """Seconds on the clock, and CPU seconds of this process and of each server, since some moment."""

    clock: float
    own: float
    postgres: float
    mongodb: float

    def since(self, before: Usage) -> dict[str, float]:
        """The differences, by name."""
        return {
            name: round(getattr(self, name) - getattr(before, name), 3)
            for name in ("clock", "own", "postgres", "mongodb")
        }


def usage(servers: Path) -> Usage:
    """As it stands now."""
    state = Home(servers).read()
    own = os.times()
    cpu = {name: _tree(record.proc.pid) for name, record in state.servers.items()}
    return Usage(time.perf_counter(), own.user + own.system, cpu.get("postgres", 0), cpu.get("mongodb", 0))


def _tree(pid: int) -> float:
    """Of the process, its children, and those of them that have ended."""
    process = psutil.Process(pid)
    total = sum(process.cpu_times()[:4])
    for child in process.children(recursive=True):
        try:
            total += sum(child.cpu_times()[:2])
        except psutil.NoSuchProcess:
            continue
    return float(total)


def measured(step: str, scene: Scene, **options: Any) -> dict[str, Any]:
    """Runs a step of steps.py in a process of its own; gives what it found, with its ``peak``."""
    told = json.dumps({"step": step, "scene": scene.plain(), "options": options})
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.steps"],
        input=told,
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).resolve().parent.parent,
    )
    if done.returncode:
        raise SystemExit(f"bench: the step {step} of {scene.table} failed\n{done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
