"""The smallest cases in which durable-rules 2.0.28 fails or is wrong: `python benchmarks/durable_limits.py`.

Needs the extra `durable`. Each case runs in a process of its own, which may crash or hang; what came of it is printed in a table.
`docs/explanation/engines.md` shows the same table, and a test holds it against what this prints.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

SECONDS = 5
"""A case that takes longer hangs: the others need a fifth of a second."""


class Case(NamedTuple):
    tried: str
    should: str
    run: Callable[[], str]


def engine(rules: dict[str, Any], told: list[str] | None = None) -> Any:
    """A host with one ruleset; a rule that is only its conditions tells its name when it fires. Without durable-rules' timers."""
    from durable.engine import Host

    class Quiet(Host):  # type: ignore[misc]
        def _run(self) -> None:
            pass

    def teller(name: str) -> Callable[[Any], None]:
        return lambda _: told.append(name) if told is not None else None

    host = Quiet()
    host.set_rulesets({"deals": {name: body if "run" in body else {**body, "run": teller(name)} for name, body in rules.items()}})
    return host


def fired(rules: dict[str, Any], *facts: dict[str, Any]) -> str:
    """Which rules fire on facts that are asserted together."""
    told: list[str] = []
    engine(rules, told).assert_facts("deals", list(facts))
    return f"{', '.join(told)} fired" if told else "nothing fired"


def different(tests: int) -> str:
    """So many rules, each of which tests something else."""
    rules = {f"r{n}": {"all": [{"m": {"s": f"s{n}"}}]} for n in range(tests)}
    return fired(rules, {"s": "s0"})


def stacked(rules: int) -> str:
    """So many rules that test the same first, and something of their own then; all of them are met."""
    told: list[str] = []
    host = engine({f"r{n}": {"all": [{"m": {"$and": [{"kind": "deal"}, {"$gt": {"size": -n}}]}}]} for n in range(rules)}, told)
    host.assert_fact("deals", {"kind": "deal", "size": 1})
    return f"{len(told)} rules fired"


def joined(conditions: int) -> str:
    rules = {"rule": {"all": [{f"m{n}": {"s": f"s{n}"}} for n in range(conditions)]}}
    return fired(rules, *({"s": f"s{n}"} for n in range(conditions)))


def sessions(number: int) -> str:
    host = engine({"open": {"all": [{"m": {"s": "open"}}]}}, [])
    for sid in range(number):
        host.assert_fact("deals", {"sid": str(sid), "s": "open"})
    return f"{number} sessions"


def forgotten() -> str:
    """A session in which no rule has fired is deleted."""
    host = engine({"both": {"all": [{"a": {"s": "a"}}, {"b": {"s": "b"}}]}}, [])
    host.assert_fact("deals", {"sid": "one", "s": "a"})
    host.delete_state("deals", "one")
    return "deleted"


def swallowed() -> str:
    def fails(_: Any) -> None:
        raise ValueError("the action fails")

    host = engine({"a": {"all": [{"m": {"s": "a"}}], "run": fails}})
    host.assert_fact("deals", {"s": "a"})
    return "no error is raised"


def self_joined() -> str:
    rules = {
        "first": {"all": [{"a": {"$and": [{"kind": "signal"}, {"name": "a"}]}}, {"b": {"kind": "phase"}}]},
        "later": {"all": [{"a": {"kind": "stk"}}, {"b": {"$and": [{"kind": "stk"}, {"$gt": {"days": {"a": "days"}}}]}}]},
    }
    facts = [{"kind": "stk", "days": days} for days in (1, 2, 3)]
    return {fired(rules, *facts) for _ in range(100)}.pop()


def one(test: dict[str, Any], fact: dict[str, Any]) -> Callable[[], str]:
    return lambda: fired({"rule": {"all": [{"m": test}]}}, fact)


def unstratified() -> str:
    rules = {"rule": {"all": [{"d": {"s": "deal"}}, {"c$not": {"s": "champion"}}]}}
    return fired(rules, {"s": "deal"}, {"s": "champion"})


CASES = {
    "readers-64": Case("64 rules that test the same first", "64 rules fired", lambda: stacked(64)),
    "readers-65": Case("65 rules that test the same first", "65 rules fired", lambda: stacked(65)),
    "tests-511": Case("511 different tests in a ruleset", "r0 fired", lambda: different(511)),
    "tests-512": Case("512 different tests", "r0 fired", lambda: different(512)),
    "tests-513": Case("513 different tests", "r0 fired", lambda: different(513)),
    "joins-16": Case("a rule of 16 conditions", "rule fired", lambda: joined(16)),
    "joins-17": Case("a rule of 17 conditions", "rule fired", lambda: joined(17)),
    "sessions-1024": Case("1,024 sessions at once", "1024 sessions", lambda: sessions(1024)),
    "sessions-1025": Case("1,025 sessions at once", "1025 sessions", lambda: sessions(1025)),
    "forgotten": Case("deleting a session in which no rule has fired", "deleted", forgotten),
    "self-join": Case("`b.days > a.days` over three facts, 100 times", "later, later, later fired", self_joined),
    "negation": Case("a rule that is only `-m.x`, and a fact without `x`", "rule fired", one({"$nex": {"x": 1}}, {"y": 1})),
    "text": Case("`x > 10` on `x: abc`", "nothing fired", one({"$gt": {"x": 10}}, {"x": "abc"})),
    "boolean": Case("`x == 1` on `x: true`", "nothing fired", one({"x": 1}, {"x": True})),
    "names": Case("`costarring == 1` on `liquid: 1`", "nothing fired", one({"costarring": 1}, {"liquid": 1})),
    "either": Case("`x == 1 or y == 1` on a fact with both", "rule fired", one({"$or": [{"x": 1}, {"y": 1}]}, {"x": 1, "y": 1})),
    "none": Case("a deal and no champion, told of both at once", "nothing fired", unstratified),
    "action": Case("an action that raises an error", "ValueError: the action fails", swallowed),
}


def outcome(name: str) -> str:
    """What comes of a case, in words."""
    try:
        done = subprocess.run([sys.executable, __file__, name], capture_output=True, text=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return f"still running after {SECONDS} seconds"
    return f"crash (signal {-done.returncode})" if done.returncode < 0 else done.stdout.strip()


def table() -> str:
    rows = [f"| {case.tried} | {case.should} | {outcome(name)} |" for name, case in CASES.items()]
    return "\n".join(["| tried | should be | durable-rules 2.0.28 |", "|---|---|---|", *rows])


def main() -> None:
    if len(sys.argv) == 1:
        print(table())
        return
    try:
        print(CASES[sys.argv[1]].run())
    except Exception as error:  # noqa: BLE001 - whatever is raised is what came of it
        print(f"{type(error).__name__}: {error}".rstrip(": "))


if __name__ == "__main__":
    main()
