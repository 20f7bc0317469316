"""Where the boxes of a graph stand: in columns from left to right, so that what feeds stands before what is fed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

Pair = tuple[str, str]
_SWEEPS = 6


class Layout(NamedTuple):
    """The columns, top to bottom. `ways` are the places between columns through which a long line runs; they stand in columns, too."""

    columns: tuple[tuple[str, ...], ...]
    ways: Mapping[Pair, tuple[str, ...]]


def layout(ids: Sequence[str], pairs: Sequence[Pair]) -> Layout:
    """The nodes in columns, each in an order in which few lines cross. Circles are cut where they close: such a line has no way."""
    forward = _forward(ids, pairs)
    rank = dict(_pulled(ids, forward))
    ways: dict[Pair, tuple[str, ...]] = {}
    for number, (source, target) in enumerate(forward):
        between = range(rank[source] + 1, rank[target])
        ways[source, target] = tuple(f"/{number}/{column}" for column in between)
        rank.update(zip(ways[source, target], between, strict=True))
    found: list[list[str]] = [[] for _ in range(max(rank.values(), default=-1) + 1)]
    for name, column in rank.items():
        found[column].append(name)
    short = [step for (source, target), way in ways.items() for step in _steps((source, *way, target))]
    for sweep in range(_SWEEPS):
        _untangle(found if sweep % 2 == 0 else found[::-1], short)
    return Layout(tuple(map(tuple, found)), ways)


def _steps(names: tuple[str, ...]) -> list[Pair]:
    return list(pairwise(names))


def _forward(ids: Sequence[str], pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs without those that close a circle."""
    following: dict[str, list[str]] = {name: [] for name in ids}
    for source, target in pairs:
        following[source].append(target)
    done: set[str] = set()
    kept: list[Pair] = []
    for start in ids:
        path: dict[str, None] = {}
        work: list[tuple[str, int]] = [(start, 0)] if start not in done else []
        while work:
            name, place = work.pop()
            path[name] = None
            if place < len(following[name]):
                work.append((name, place + 1))
                target = following[name][place]
                if target not in path:
                    kept.append((name, target))
                    if target not in done:
                        work.append((target, 0))
            else:
                done.add(name)
                del path[name]
    return kept


def ranks(ids: Sequence[str], pairs: Sequence[Pair]) -> Mapping[str, int]:
    """How many steps the longest way to each node has; circles are cut where they close."""
    forward = _forward(ids, pairs)
    rank = dict.fromkeys(ids, 0)
    moved = True
    while moved:
        moved = False
        for source, target in forward:
            if rank[target] <= rank[source]:
                rank[target] = rank[source] + 1
                moved = True
    return rank


def _pulled(ids: Sequence[str], pairs: Sequence[Pair]) -> Mapping[str, int]:
    """The same, but what nothing feeds stands right before what it feeds."""
    rank = dict(ranks(ids, pairs))
    fed = {target for _, target in pairs}
    for name in ids:
        if name not in fed:
            rank[name] = min((rank[target] for source, target in pairs if source == name), default=1) - 1
    return rank


def _untangle(columns: list[list[str]], pairs: Sequence[Pair]) -> None:
    """Order each column by where its nodes are linked to in the columns that were ordered before it."""
    linked: dict[str, list[str]] = {}
    for source, target in pairs:
        linked.setdefault(source, []).append(target)
        linked.setdefault(target, []).append(source)
    place: dict[str, float] = {}
    for column in columns:
        own = {name: at / max(1, len(column) - 1) for at, name in enumerate(column)}
        far = {name: [place[other] for other in linked.get(name, ()) if other in place] for name in column}
        column.sort(key=lambda name: (sum(far[name]) / len(far[name]) if far[name] else own[name], own[name]))
        place.update({name: at / max(1, len(column) - 1) for at, name in enumerate(column)})
