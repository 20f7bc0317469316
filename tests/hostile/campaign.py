"""A long run of inputs on every target, each target in processes of its own that may use so much memory and no more.

    python -m tests.hostile.campaign                          a million inputs, with as many processes as there are processors
    python -m tests.hostile.campaign --inputs 20000 --seed 7  fewer, and others
    python -m tests.hostile.campaign --guided                 led by coverage, with atheris (pip install atheris)
    python -m tests.hostile.campaign --only "csv table" play

Prints how many inputs each target has had, the longest time and the most memory, and each fault once with a file that shows it. Exit code 1
if there is one.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

from tests.hostile.limits import MEGABYTES, ROOT, SECONDS

PIECE: Final = 5_000
"""Inputs that one process tries; what leaks is then seen, and what hangs is not the end of it all."""
FACTOR: Final = 3.0
"""With every line of the program watched, an input takes longer."""


class Piece(NamedTuple):
    """A part of the work."""

    target: str
    inputs: int
    seed: int
    guided: bool
    faults: Path


class Tally:
    """What came of some inputs."""

    def __init__(self, piece: Piece) -> None:
        self.piece = piece
        self.tried = 0
        self.worst = 0.0
        self.found: dict[str, str] = {}

    def attempt(self, data: bytes) -> None:
        from tests.hostile.targets import attempt

        begun = time.process_time()
        try:
            attempt(self.piece.target, data)
        except Exception as error:  # noqa: BLE001  (whatever it is, it is what is looked for)
            last = traceback.extract_tb(error.__traceback__)[-1]
            self._note(f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}: {error}"[:300], data)
        taken = time.process_time() - begun
        if taken > SECONDS * (FACTOR if self.piece.guided else 1):
            self._note(f"took {taken:.1f} s", data)
        self.tried, self.worst = self.tried + 1, max(self.worst, taken)

    def _note(self, fault: str, data: bytes) -> None:
        if fault not in self.found:
            path = self.piece.faults / f"{self.piece.target.replace(' ', '-')}-{self.piece.seed}-{len(self.found)}"
            path.write_bytes(data)
            self.found[fault] = str(path)

    def told(self) -> str:
        return json.dumps({"tried": self.tried, "worst": self.worst, "memory": _memory(), "found": self.found})


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def work(piece: Piece) -> str:
    """Try the inputs of one piece, in this process."""
    tally = Tally(piece)
    if piece.guided:
        from tests.hostile.guided import lead

        lead(tally)
        return tally.told()
    from tests.hostile.mutate import Mutator
    from tests.hostile.targets import TARGETS

    mutator = Mutator(TARGETS[piece.target].seeds(), Random(f"{piece.target} {piece.seed}"))
    for _ in range(piece.inputs):
        tally.attempt(mutator.fresh())
    return tally.told()


def pieces(inputs: int, seed: int, only: list[str], *, guided: bool, faults: Path) -> Iterator[Piece]:
    """The work shared out among the targets, in turns."""
    from tests.hostile.targets import TARGETS

    chosen = {name: target.share for name, target in TARGETS.items() if not only or name in only}
    left = {name: max(1, inputs * share // sum(chosen.values())) for name, share in chosen.items()}
    turn = 0
    while left:
        for name in list(left):
            count = min(PIECE, left[name])
            yield Piece(name, count, seed * 100_000 + turn, guided, faults)
            left[name] -= count
            if not left[name]:
                del left[name]
        turn += 1


def _in_process(piece: Piece) -> tuple[Piece, dict[str, object]]:
    """The piece in a process of its own; one that dies is a fault too."""
    call = [sys.executable, "-W", "ignore", "-m", "tests.hostile.campaign", "--piece", json.dumps([*piece[:4], str(piece.faults)])]
    done = subprocess.run(call, capture_output=True, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8"}, check=False)
    for line in reversed(done.stdout.decode(errors="replace").splitlines()):
        if line.startswith('{"tried"'):
            return piece, json.loads(line)
    return piece, {"tried": 0, "worst": 0, "memory": 0, "found": {f"died with {done.returncode}: {done.stderr[-300:]!r}": ""}}


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", 1)[0])
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--guided", action="store_true")
    parser.add_argument("--faults", type=Path, default=Path("faults"), help="the folder for inputs that show a fault")
    parser.add_argument("--piece", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.piece:
        target, inputs, seed, guided, faults = json.loads(asked.piece)
        print(work(Piece(target, inputs, seed, guided, Path(faults))), flush=True)
        return 0
    asked.faults.mkdir(parents=True, exist_ok=True)
    sums: dict[str, dict[str, float]] = {}
    found: dict[str, str] = {}
    with ThreadPoolExecutor(asked.jobs) as pool:
        listed = pieces(asked.inputs, asked.seed, asked.only, guided=asked.guided, faults=asked.faults.absolute())
        for piece, told in pool.map(_in_process, listed):
            _add(sums.setdefault(piece.target, {"tried": 0, "worst": 0, "memory": 0}), told)
            print(f"{sum(one['tried'] for one in sums.values()):,.0f} tried\r", end="", file=sys.stderr, flush=True)
            fresh = {f"{piece.target}: {fault}": path for fault, path in dict(told["found"]).items()}  # type: ignore[call-overload]
            for fault in fresh.keys() - found.keys():
                print(f"FAULT {fault} ({fresh[fault]})", flush=True)
            found.update({**fresh, **found})
    return _report(sums, found)


def _add(sums: dict[str, float], told: dict[str, object]) -> None:
    for name, before in sums.items():
        value = float(told[name])  # type: ignore[arg-type]
        sums[name] = before + value if name == "tried" else max(before, value)


def _report(sums: dict[str, dict[str, float]], found: dict[str, str]) -> int:
    for name, one in sums.items():
        print(f"{name:20} {one['tried']:>9,.0f} inputs   at most {one['worst']:.2f} s, {one['memory']:.0f} MB")
    print(f"{'':20} {sum(one['tried'] for one in sums.values()):>9,.0f} inputs, {len(found)} faults")
    heavy = [name for name, one in sums.items() if one["memory"] > MEGABYTES * FACTOR]
    return 1 if found or heavy else 0


if __name__ == "__main__":
    sys.exit(main())
