"""Measures kamcoach against its peers in one run: `python benchmarks/run.py`.

Needs the extra `durable` for the comparison with durable-rules; without it only start-up and inference are measured. Equal conclusions are
checked before any time is taken. Prints medians and ratios; figures of one machine say little, ratios more.
"""

from __future__ import annotations

import os
import platform
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from kamcoach.coaching import load_deal  # noqa: E402
from kamcoach.engine import TRUE, durable, infer  # noqa: E402
from kamcoach.errors import EngineError  # noqa: E402
from kamcoach.model.deal import Deal  # noqa: E402
from kamcoach.model.fact import NUMERIC, Fact, Field, Vocabulary  # noqa: E402
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


def cold_start(deal: Path, *options: str) -> None:
    """A cold `advise` against a bare interpreter, taken in turns."""
    bare = [sys.executable, "-c", "pass"]
    advise = [sys.executable, "-m", "kamcoach", "advise", str(deal), *options]
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}

    def run(command: list[str]) -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=ROOT, env=environment)

    run(advise)
    pairs = [(median_ms(lambda: run(bare), 1), median_ms(lambda: run(advise), 1)) for _ in range(ROUNDS)]
    empty, full = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"cold `{' '.join(['advise', deal.name, *options])}`: {full:.0f} ms, bare interpreter {empty:.1f} ms: {full / empty:.1f} starts")


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
    sure = [key for key, values in memory.marks.items() if TRUE in values.values()]
    marks = [{"fact": "mark", "name": name, "key": fact_id[1]} for fact_id, name in sure]
    return {tuple(sorted(row.items())) for row in (*rows, *marks)}


def generated(library: Library, count: int, items: int) -> list[Deal]:
    """Random deals with `items` entries in every list and nothing unknown; the same in every run."""
    chance = random.Random(20261124)
    return [Deal(f"generated {number}", tuple(_facts(library, chance, items)), date(2026, 3, 2)) for number in range(count)]


def _facts(library: Library, chance: random.Random, items: int) -> Iterator[Fact]:
    vocabulary = library.rule_base.vocabulary
    for declared in vocabulary.given:
        for number in range(items if declared.plural else 1):
            fields = {name: _value(field, vocabulary, chance, items) for name, field in declared.fields.items() if not field.derived}
            key = f"k{number}" if declared.plural else declared.name
            yield Fact(declared.name, {**fields, **({declared.key: key} if declared.key else {})}, key)


def _value(field: Field, vocabulary: Vocabulary, chance: random.Random, items: int) -> Any:
    people = [f"k{number}" for number in range(items)]
    members = list(vocabulary.enums[field.of].values) if field.of else people if field.to else ["some words"]
    if field.kind == "set":
        return tuple(sorted(chance.sample(members, min(2, len(members)))))
    if field.kind == "date":
        return date(2026, 3, 2) - timedelta(days=chance.randrange(200))
    if field.kind in ("bool", "flag"):
        return chance.random() < 0.5
    if field.kind in NUMERIC:
        return chance.randint(int(field.low or 0), int(field.high if field.high is not None else 9))
    return chance.choice(members)


def against_durable(library: Library, deals: list[Deal], what: str) -> None:
    try:
        from durable_peer import DurablePeer, messages, sayable

        base = sayable(library.rule_base)
        peer = DurablePeer(base)
    except ImportError as error:
        print(f"durable-rules is not installed ({error.name}): no comparison")
        return
    rows = [messages(deal.facts, base.vocabulary) for deal in deals]
    for deal, facts in zip(deals, rows, strict=True):
        ours, theirs = certain(base, deal), peer.conclude(facts)
        if ours != theirs:
            print(f"{deal.path}: different conclusions, nothing measured: {sorted(ours ^ theirs)[:5]}")
            return
    ours_ms = median_ms(lambda: [infer(base, deal.facts, deal.as_of) for deal in deals], 41) / len(deals)
    try:
        theirs_ms = median_ms(lambda: [peer.conclude(facts) for facts in rows], 41) / len(deals)
    except peer.failure as failure:
        print(f"{what}: native {ours_ms:.2f} ms per deal; durable-rules gave up after {peer.deals} deals: {failure}")
        return
    count = sum(1 for _ in base.rules)
    print(f"the {count} rules that durable-rules can say ({peer.size} of its own), {what}, equal conclusions, per deal:")
    print(f"    native, with justifications and three truth values {ours_ms:.2f} ms")
    print(f"    durable-rules, certain conclusions only            {theirs_ms:.2f} ms: {theirs_ms / ours_ms:.1f} times as long")


def as_engine(library: Library, deals: list[Deal]) -> bool:
    """The whole rule base with both engines of `advise`, if both are there."""
    base = library.rule_base
    try:
        found = [durable.infer(base, deal.facts, deal.as_of).activations for deal in deals]
    except EngineError as error:
        print(error)
        return False
    if found != [infer(base, deal.facts, deal.as_of).activations for deal in deals]:
        print("the engines disagree, nothing measured")
        return False
    taken = [
        [median_ms(partial(engine, base, deal.facts, deal.as_of), 1) for engine in (infer, durable.infer)]
        for _ in range(ROUNDS)
        for deal in deals
    ]
    native_ms, durable_ms = (statistics.median(column) for column in zip(*taken, strict=True))
    print(f"all {sum(1 for _ in base.rules)} rules, the {len(deals)} examples, the same conclusions for the same reasons, per deal:")
    print(f"    --engine native  {native_ms:.1f} ms")
    print(f"    --engine durable {durable_ms:.1f} ms: {durable_ms / native_ms:.0f} times as long")
    return True


def main() -> None:
    library = load_library(find_playbook(None, None), cached=False)
    paths = sorted((ROOT / "examples").glob("*.yaml"))
    deals = [load_deal(path, library)[0] for path in paths]
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores")
    cold_start(ROOT / "examples" / "huadong-compressors.yaml")
    inference(library, deals)
    if as_engine(library, deals):
        cold_start(ROOT / "examples" / "huadong-compressors.yaml", "--engine", "durable")
    against_durable(library, deals, f"the {len(deals)} examples")
    for items in (3, 6):
        against_durable(library, generated(library, 20, items), f"20 generated deals with {items} entries in each list")


if __name__ == "__main__":
    main()
