"""Measures kamcoach against its peers in one run: `python benchmarks/run.py`.

Needs the extra `durable` for the comparison with durable-rules; without it only the start-up is measured. Equal conclusions are checked before
any time is taken. Prints medians and ratios; figures of one machine say little, ratios more.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from kamcoach.coaching import load_deal  # noqa: E402
from kamcoach.engine import TRUE, infer  # noqa: E402
from kamcoach.model.deal import Deal  # noqa: E402
from kamcoach.model.playbook import Library  # noqa: E402
from kamcoach.model.rulebase import RuleBase  # noqa: E402
from kamcoach.reading.cache import load_library  # noqa: E402
from kamcoach.reading.finding import find_playbook  # noqa: E402

ROUNDS = 15


def median_ms(call: Callable[[], Any], rounds: int = ROUNDS) -> float:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def cold_start(deal: Path) -> None:
    """A cold `advise` against a bare interpreter, taken in turns."""
    bare = [sys.executable, "-c", "pass"]
    advise = [sys.executable, "-m", "kamcoach", "advise", str(deal)]
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}

    def run(command: list[str]) -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=ROOT, env=environment)

    run(advise)
    pairs = [(median_ms(lambda: run(bare), 1), median_ms(lambda: run(advise), 1)) for _ in range(ROUNDS)]
    empty, full = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"cold `advise {deal.name}`: {full:.0f} ms, bare interpreter {empty:.1f} ms: {full / empty:.1f} starts")


def inference(library: Library, deals: list[Deal]) -> None:
    base = library.rule_base
    rules = sum(1 for _ in base.rules)
    for deal in deals:
        taken = median_ms(lambda deal=deal: infer(base, deal.facts, deal.as_of), 41)
        facts = sum(len(fact.fields) for fact in deal.facts)
        print(f"inference, {rules} rules, {Path(deal.path).name} ({facts} values): {taken:.2f} ms")


def certain(base: RuleBase, deal: Deal) -> set[tuple[Any, ...]]:
    """What native concludes for certain, in the peer's form."""
    memory = infer(base, deal.facts, deal.as_of).memory
    rows = [
        {"fact": held.fact.type, **{k: int(v) if isinstance(v, bool) else v for k, v in held.fact.fields.items()}}
        for type_name, listed in memory.by_type.items()
        if not base.vocabulary.types[type_name].given
        for held in listed
        if held.truth == TRUE
    ]
    marks = [{"fact": "mark", "name": name, "key": fact_id[1]} for (fact_id, name), values in memory.marks.items() if TRUE in values.values()]
    return {tuple(sorted(row.items())) for row in (*rows, *marks)}


def against_durable(library: Library, deals: list[Deal]) -> None:
    try:
        from durable_peer import DurablePeer, messages, sayable
    except ImportError as error:  # pragma: no cover
        print(f"durable-rules is not installed ({error.name}): no comparison")
        return
    base = sayable(library.rule_base)
    peer = DurablePeer(base)
    rows = [messages(deal.facts, base.vocabulary) for deal in deals]
    for deal, facts in zip(deals, rows, strict=True):
        ours, theirs = certain(base, deal), peer.conclude(facts)
        if ours != theirs:
            print(f"{deal.path}: different conclusions, nothing measured: {sorted(ours ^ theirs)[:5]}")
            return
    ours_ms = median_ms(lambda: [infer(base, deal.facts, deal.as_of) for deal in deals], 41) / len(deals)
    theirs_ms = median_ms(lambda: [peer.conclude(facts) for facts in rows], 41) / len(deals)
    count = sum(1 for _ in base.rules)
    print(f"the {count} rules that durable-rules can say ({peer.size} of its own), {len(deals)} deals, equal conclusions, per deal:")
    print(f"    native, with justifications and three truth values {ours_ms:.2f} ms")
    print(f"    durable-rules, certain conclusions only            {theirs_ms:.2f} ms: {theirs_ms / ours_ms:.1f} times as long")


def main() -> None:
    library = load_library(find_playbook(None, None), cached=False)
    paths = sorted((ROOT / "examples").glob("*.yaml"))
    deals = [load_deal(path, library)[0] for path in paths]
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores")
    cold_start(ROOT / "examples" / "huadong-compressors.yaml")
    inference(library, deals)
    against_durable(library, deals)


if __name__ == "__main__":
    main()
