"""Taking the time so that other work on the machine disturbs little: the processor time of this process, in turns, and the median of it."""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def in_turns(calls: Mapping[str, Callable[[], Any]], rounds: int) -> dict[str, float]:
    """The median processor time of each call in milliseconds; each is run once before. Python's garbage collector rests meanwhile."""
    for call in calls.values():
        call()
    taken: dict[str, list[float]] = {name: [] for name in calls}
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            for name, call in calls.items():
                start = time.process_time()
                call()
                taken[name].append((time.process_time() - start) * 1000)
    finally:
        gc.enable()
    return {name: statistics.median(times) for name, times in taken.items()}


def processes_in_turns(commands: Mapping[str, list[str]], rounds: int, environment: Mapping[str, str]) -> dict[str, tuple[float, float]]:
    """The median processor time and the median time on the clock of each command, in milliseconds; each is run twice before."""
    import resource

    def run(command: list[str]) -> tuple[float, float]:
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=ROOT, env=dict(environment))
        after, end = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000, (end - start) * 1000

    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for number in range(rounds + 2):
        for name, command in commands.items():
            found = run(command)
            if number >= 2:
                taken[name].append(found)
    return {name: (statistics.median(cpu for cpu, _ in rows), statistics.median(wall for _, wall in rows)) for name, rows in taken.items()}


def resident_kb() -> float:
    """How much memory this process holds."""
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1024
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # the most so far: elsewhere there is no better figure without an extra
    return most / 1024 if sys.platform == "darwin" else float(most)
