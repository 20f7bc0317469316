"""What is measured, one function a study. Each gives plain data for the page."""

from __future__ import annotations

import gc
import importlib.metadata
import os
import random
import sys
import time
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

from deals import generated
from floor import HandWritten
from measure import ROOT, in_turns, processes_in_turns, resident_kb
from native import Native
from plain import AS_OF, plain, rows

from kamcoach.coaching import load_deal
from kamcoach.engine import infer
from kamcoach.model.deal import Deal
from kamcoach.model.playbook import Library
from kamcoach.model.rulebase import RuleBase, layer
from kamcoach.reading.cache import load_library
from kamcoach.reading.finding import find_playbook

ITEMS = 4
"""Entries in each list of a generated deal."""
_PEERS = {
    "durable": ("peer_durable", "Durable", "durable_rules"),
    "clips": ("peer_clips", "Clips", "clipspy"),
    "experta": ("peer_experta", "Experta", "experta"),
    "zen": ("peer_zen", "Zen", "zen-engine"),
}


class Different(Exception):
    """Two engines came to different conclusions: then no time is taken."""


def _library() -> Library:
    return load_library(find_playbook(None, None), cached=False)


def _examples(library: Library) -> list[Deal]:
    return [load_deal(path, library)[0] for path in sorted((ROOT / "examples").glob("*.yaml"))]


def _counted(base: RuleBase) -> int:
    return sum(1 for _ in base.rules)


def start(sizes: Any) -> dict[str, Any]:
    """A cold `advise` against a bare interpreter; the program is called as the installed script calls it."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPATH"] = str(ROOT)
    call = [sys.executable, "-c", "from kamcoach.__main__ import main; main()", "advise", "examples/huadong-compressors.yaml"]
    commands = {"bare": [sys.executable, "-c", "pass"], "advise": call, "without": [*call, "--no-cache"]}
    without = processes_in_turns(commands, max(1, sizes.starts // 8), environment)["without"]
    del commands["without"]
    return {"rules": _counted(_library().rule_base), **processes_in_turns(commands, sizes.starts, environment), "without": without}


def examples(sizes: Any) -> dict[str, Any]:
    """The whole shipped rule base on the example deals."""
    library = _library()
    base, deals = library.rule_base, _examples(library)
    taken = in_turns({"native": lambda: _inferred(base, deals)}, sizes.rounds)["native"] / len(deals)
    cycle = [deals[number % len(deals)] for number in range(sizes.many)]
    start = time.process_time()
    _inferred(base, cycle)
    firings = [len(infer(base, deal.facts, deal.as_of or AS_OF).activations) for deal in deals]
    many = time.process_time() - start
    values = [sum(len(fact.fields) for fact in deal.facts) for deal in deals]
    return {
        "rules": _counted(base),
        "deals": len(deals),
        "values": sum(values) / len(deals),
        "firings": sum(firings) / len(deals),
        "ms": taken,
        "many": sizes.many,
        "seconds": many,
    }


def _inferred(base: RuleBase, deals: Iterable[Deal]) -> None:
    for deal in deals:
        infer(base, deal.facts, deal.as_of or AS_OF)


def peer(sizes: Any, name: str) -> dict[str, Any]:
    """One peer, native and the floor on the rules that the peer can say, and on deals in which nothing is unknown."""
    module_name, class_name, distribution = _PEERS[name]
    try:
        module = import_module(module_name)
        version = importlib.metadata.version(distribution)
    except ImportError as error:
        return {"missing": distribution, "said": str(error)}
    whole = _library().rule_base
    can_say = module.CanSay() if hasattr(module, "CanSay") else getattr(module, "can_say", lambda rule: True)
    said = plain(whole, can_say)
    contenders = [Native(said), HandWritten(said), getattr(module, class_name)(said)]
    made = generated(whole.vocabulary, sizes.deals, ITEMS)
    prepared = [[deal.facts for deal in made], *([one.prepare(rows(deal.facts)) for deal in made] for one in contenders[1:])]
    conclusions = check_equal(contenders, prepared)
    calls = {one.name: _all(one, ready) for one, ready in zip(contenders, prepared, strict=True)}
    rounds = max(1, sizes.rounds // 5) if name == "experta" else sizes.rounds
    taken = {who: ms / len(made) for who, ms in in_turns(calls, rounds).items()}
    names = dict(zip(("native", "floor", "peer"), taken, strict=True))
    return {
        "peer": contenders[2].name,
        "version": version,
        "rules": _counted(said.base),
        "of": _counted(whole),
        "values": sum(len(fact.fields) for fact in made[0].facts),
        "conclusions": conclusions,
        **{f"ms_{role}": taken[who] for role, who in names.items()},
        "growth": _growth(calls[names["peer"]], max(1, sizes.peer_memory // len(made) // (20 if name == "experta" else 1)), len(made)),
    }


def _all(contender: Any, ready: list[Any]) -> Callable[[], None]:
    def run() -> None:
        for one in ready:
            contender.conclude(one)

    return run


def check_equal(contenders: list[Any], prepared: list[list[Any]]) -> float:
    """How many conclusions a deal has in the middle. Raises Different unless all contenders come to the same on every deal."""
    total = 0
    for number, facts in enumerate(zip(*prepared, strict=True)):
        found = [one.conclusions(one.conclude(ready)) for one, ready in zip(contenders, facts, strict=True)]
        for one, theirs in zip(contenders[1:], found[1:], strict=True):
            if theirs != found[0]:
                raise Different(f"{one.name}, deal {number}: {sorted(map(str, theirs ^ found[0]))[:3]}")
        total += len(found[0])
    return total / len(prepared[0])


def _growth(call: Callable[[], None], times: int, each: int) -> dict[str, float]:
    """How much more memory is held after so many deals, once it is warm."""
    call()
    gc.collect()
    before = resident_kb()
    for _ in range(times):
        call()
    gc.collect()
    return {"deals": times * each, "kb": resident_kb() - before}


def memory(sizes: Any) -> dict[str, Any]:
    """How much more memory native holds after 100,000 deals than after the first thousand."""
    library = _library()
    deals = _examples(library)
    warm = max(1, sizes.memory // 100)
    for number in range(warm):
        _inferred(library.rule_base, [deals[number % len(deals)]])
    gc.collect()
    before = resident_kb()
    for number in range(sizes.memory):
        _inferred(library.rule_base, [deals[number % len(deals)]])
    gc.collect()
    return {"deals": sizes.memory, "warm": warm, "before": before, "kb": resident_kb() - before}


def growth_in_rules(sizes: Any) -> dict[str, Any]:
    """The same deals with few and with many rules."""
    library = _library()
    deals = _examples(library)
    bases = {str(number): so_many_rules(library.rule_base, number) for number in sizes.rules}
    calls = {name: (lambda base=base: _inferred(base, deals)) for name, base in bases.items()}
    taken = in_turns(calls, max(1, sizes.rounds // 2))
    return {"rows": [{"size": _counted(bases[name]), "ms": ms / len(deals)} for name, ms in taken.items()]}


def so_many_rules(base: RuleBase, wanted: int) -> RuleBase:
    """A part of the shipped rules taken by chance, or all of them and copies of them under other names."""
    rules = list(base.rules)
    copies, rest = divmod(wanted, len(rules))
    whole = [rule._replace(id=f"{rule.id}-{copy}") if copy else rule for copy in range(copies) for rule in rules]
    part = random.Random(7).sample(rules, rest)
    return layer(base.vocabulary, (*whole, *(rule._replace(id=f"{rule.id}-part") for rule in part)), base.params)


def growth_in_facts(sizes: Any) -> dict[str, Any]:
    """The shipped rules on deals with few and with many facts."""
    base = _library().rule_base
    single = sum(not declared.plural for declared in base.vocabulary.given)
    lists = sum(bool(declared.plural) for declared in base.vocabulary.given)
    made = {wanted: generated(base.vocabulary, 3, max(1, round((wanted - single) / lists))) for wanted in sizes.facts}
    calls = {str(wanted): (lambda deals=deals: _inferred(base, deals)) for wanted, deals in made.items()}
    taken = in_turns(calls, max(1, sizes.rounds // 2))
    return {"rows": [{"size": len(made[int(name)][0].facts), "ms": ms / 3} for name, ms in taken.items()]}


STUDIES: dict[str, Callable[..., dict[str, Any]]] = {
    "start": start,
    "examples": examples,
    "peer": peer,
    "growth in rules": growth_in_rules,
    "growth in facts": growth_in_facts,
    "memory": memory,
}
