"""The page with the figures."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

Found = Mapping[str, Mapping[str, Any]]

_HEAD = """# Benchmarks

Made by one command, `python benchmarks/run.py`; edit nothing here by hand. Times are processor time, medians of runs that were taken in
turns. Figures of one machine say little, ratios more.
"""
_PEERS = """
All of them get the same rules and the same deals, and must come to equal conclusions before any time is taken. The deals are
generated, with 4 entries in each list and nothing unknown, since the peers have two truth values. A peer gets the shipped rules that
it can say, in its own terms (`benchmarks/plain.py` and the module of the peer); native and the floor get the same rules in the same
row. The time of a peer is that of putting a deal in and running; reading its conclusions is not counted. Native gives every conclusion
with its reasons.

The floor is what one would write by hand: one Python function of `if` and `for` over dicts, without reasons and a third truth value.
"""


def written(found: Found) -> str:
    """The page in Markdown."""
    parts = [_HEAD, _machine(), *_goals(found)]
    for make in (_start, _examples, _peers, _growth, _memory):
        parts.extend(make(found))
    return "\n".join(part.strip("\n") + "\n" for part in parts).replace(str(Path.home()), "~")


def _machine() -> str:
    known = "/proc/cpuinfo"
    lines = Path(known).read_text(encoding="utf-8").splitlines() if Path(known).exists() else []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
    parts = [f"{platform.python_implementation()} {platform.python_version()}", platform.system(), model, f"{os.cpu_count()} cores"]
    packages = [f"{name} {version(name)}" for name in ("click", "PyYAML", "Jinja2")]
    return f"Machine: {', '.join(parts)}. With {', '.join(packages)}."


def _goals(found: Found) -> Iterator[str]:
    rows = list(_goal_rows(found))
    if rows:
        yield "## Goals and what was reached"
        yield _table(("goal", "measured", ""), rows)


def _goal_rows(found: Found) -> Iterator[tuple[str, str, str]]:
    start = found.get("start", {})
    if "advise" in start:
        ratio = start["advise"][0] / start["bare"][0]
        yield "a cold `advise` within 12 starts of a bare interpreter", f"{ratio:.1f} starts", _met(ratio <= 12)
    general = [row for name, row in found.items() if name in ("peer durable", "peer clips", "peer experta") and "peer" in row]
    if general:
        for row in general:
            ratio = row["ms_peer"] / row["ms_native"]
            yield f"10 times as fast per deal as {row['peer']}", f"{ratio:.1f} times", _met(ratio >= 10)
        floor = max(row["ms_native"] / row["ms_floor"] for row in general)
        yield "within 10 times of the hand-written floor", f"{floor:.1f} times", _met(floor <= 10)
    kept = found.get("memory", {})
    if "kb" in kept:
        yield f"memory flat: under 1 MB over {kept['deals']:,} deals", f"{kept['kb'] / 1024:.2f} MB", _met(kept["kb"] < 1024)
    for what, power in (("rules", "linear"), ("facts", "n log n")):
        rows = found.get(f"growth in {what}", {}).get("rows", [])
        if len(rows) > 1:
            (n, before), (m, after) = ((row["size"], row["ms"]) for row in rows[-2:])
            most = m / n if power == "linear" else m * math.log(m) / (n * math.log(n))
            yield (
                f"no worse than {power} in {what}",
                f"{m / n:.1f} times the {what}: {after / before:.1f} times as long",
                _met(after / before <= most),
            )


def _met(met: bool) -> str:
    return "reached" if met else "not reached"


def _start(found: Found) -> Iterator[str]:
    row = found.get("start")
    if row is None:
        return
    yield "## Cold start"
    if "advise" not in row:
        yield _failed(row)
        return
    bare = row["bare"]
    rows = [
        (what, f"{cpu:.0f}", f"{wall:.0f}", f"{cpu / bare[0]:.1f}")
        for what, (cpu, wall) in (
            ("`python -c pass`", bare),
            (f"`kamcoach advise` with all {row['rules']} rules", row["advise"]),
            ("the same with `--no-cache`", row["without"]),
        )
    ]
    yield _table(("process", "processor ms", "ms on the clock", "bare starts"), rows)


def _examples(found: Found) -> Iterator[str]:
    row = found.get("examples")
    if row is None:
        return
    yield "## The whole rule base"
    if "ms" not in row:
        yield _failed(row)
        return
    yield (
        f"All {row['rules']} rules on the {row['deals']} example deals, as sparse as reps write them ({row['values']:.0f} values and "
        f"{row['firings']:.0f} firings each): **{row['ms']:.2f} ms per deal**; {row['many']:,} deals one after the other in "
        f"{row['seconds']:.1f} s, with Python's garbage collector at work ({row['seconds'] / row['many'] * 1000:.2f} ms per deal)."
    )


def _peers(found: Found) -> Iterator[str]:
    rows = [row for name, row in found.items() if name.startswith("peer ")]
    if not rows:
        return
    yield "## Per deal, against other engines"
    yield _PEERS
    taken = [row for row in rows if "ms_peer" in row]
    table = [
        (
            f"{row['peer']} {row['version']}",
            f"{row['rules']} of {row['of']}",
            f"{row['conclusions']:.0f}",
            f"{row['ms_peer']:.2f}",
            f"{row['ms_native']:.2f}",
            f"{row['ms_floor']:.3f}",
            f"{row['ms_peer'] / row['ms_native']:.1f}",
            f"{row['ms_native'] / row['ms_floor']:.1f}",
            f"{row['growth']['kb'] / row['growth']['deals']:.2f}",
        )
        for row in taken
    ]
    heads = (
        "peer",
        "rules",
        "conclusions",
        "peer ms",
        "native ms",
        "floor ms",
        "peer / native",
        "native / floor",
        "peer's memory, KB a deal",
    )
    if table:
        yield _table(heads, table)
    for row in rows:
        if row not in taken:
            yield f"- {_failed(row)}"


def _growth(found: Found) -> Iterator[str]:
    for what, words in (
        (
            "rules",
            "The example deals; parts of the shipped rules taken by chance, and for more than there are, copies of them under other names.",
        ),
        ("facts", "All shipped rules; generated deals in which nothing is unknown."),
    ):
        row = found.get(f"growth in {what}")
        if row is None:
            continue
        yield f"## As {what} grow"
        if "rows" not in row:
            yield _failed(row)
            continue
        yield words
        rows = [(f"{one['size']:,}", f"{one['ms']:.2f}", f"{one['ms'] / one['size'] * 1000:.1f}") for one in row["rows"]]
        yield _table((what, "ms per deal", f"µs per {what[:-1]}"), rows)


def _memory(found: Found) -> Iterator[str]:
    row = found.get("memory")
    if row is None:
        return
    yield "## Memory"
    if "kb" not in row:
        yield _failed(row)
        return
    yield (
        f"After {row['warm']:,} deals with the whole rule base the process holds {row['before'] / 1024:.0f} MB; "
        f"after {row['deals']:,} more that has changed by {row['kb'] / 1024:+.2f} MB."
    )


def _failed(row: Mapping[str, Any]) -> str:
    if "missing" in row:
        return f"{row['missing']} is not installed: left out."
    return f"Not measured: {row.get('failed')} {row.get('said', '')}".rstrip()


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
