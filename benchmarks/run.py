"""Measures kamcoach against its peers in one run: `python benchmarks/run.py`.

Prints tables with medians and ratios, and writes them to docs/reference/benchmarks.md. Each peer runs in a process of its own, beside
native and the hand-written floor, on the same rules and the same deals; equal conclusions are checked before any time is taken. A peer that
is not installed is left out and said to be. `--quick` does a little of everything in half a minute, and writes nothing.

To install the peers: `pip install durable-rules==2.0.28 clipspy==1.0.6 zen-engine==2.1.3`, and
`pip install --no-deps experta==1.9.4 'frozendict>=2.4' schema` (experta asks for a frozendict that Python 3.10 and later cannot import).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

import page  # noqa: E402
import studies  # noqa: E402


class Sizes(NamedTuple):
    """How much is done."""

    rounds: int
    starts: int
    deals: int
    many: int
    memory: int
    peer_memory: int
    rules: tuple[int, ...]
    facts: tuple[int, ...]


FULL = Sizes(rounds=15, starts=25, deals=20, many=10_000, memory=100_000, peer_memory=2_000, rules=(50, 400, 4000), facts=(20, 200, 2000))
QUICK = Sizes(rounds=1, starts=1, deals=2, many=20, memory=200, peer_memory=20, rules=(50, 100), facts=(20, 50))
PEERS = ("durable", "clips", "experta", "zen")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("--quick", action="store_true", help="a little of everything; writes nothing")
    parser.add_argument("--only", choices=studies.STUDIES, action="append", help="only this study; writes nothing")
    parser.add_argument("--study", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)  # one study in a process of its own
    chosen = parser.parse_args()
    if chosen.study:
        name, *rest = chosen.study
        print(json.dumps(studies.STUDIES[name](Sizes(**json.loads(rest[0])), *rest[1:])))
        return
    sizes = QUICK if chosen.quick else FULL
    found = {}
    for name in chosen.only or studies.STUDIES:
        for peer in PEERS if name == "peer" else ("",):
            print(f"measuring: {name} {peer}".rstrip(), file=sys.stderr)
            found[f"{name} {peer}".rstrip()] = _apart(name, sizes, peer)
    text = page.written(found)
    print(text)
    if not chosen.quick and not chosen.only:
        (ROOT / "docs" / "reference" / "benchmarks.md").write_text(text, encoding="utf-8")


def _apart(name: str, sizes: Sizes, peer: str) -> dict[str, Any]:
    """One study in a process of its own: a peer that crashes takes nothing with it, and nothing is warm from the study before."""
    command = [sys.executable, str(Path(__file__)), "--study", name, json.dumps(sizes._asdict()), *filter(None, [peer])]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or not lines:
        return {"failed": f"exit code {done.returncode}", "said": (done.stderr.strip().splitlines() or [""])[-1]}
    result: dict[str, Any] = json.loads(lines[-1])
    return result


if __name__ == "__main__":
    main()
