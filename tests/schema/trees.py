"""Sound files with one to three values, keys or entries exchanged: they stay readable, so that what is wrong is what they say."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from random import Random
from typing import Any, Final

from kamcoach.reading.scope import FORMS
from kamcoach.reading.tests import OPERATORS

_PLAIN: Final = re.compile(r"\$?[A-Za-z_][\w.-]*|\d{4}-\d\d-\d\d", re.ASCII)
_ODD: Final = (
    *(None, "", " ", True, False, 0, 1, -1, 3, 2.5, 101, 10**6, 10**19),
    *("unknown", "known", "$x", "$x.y", "$params.stale_days", "$params.nothing", "2026-03-01", "2026-02-30", "2024-02-29", "12:30", "x"),
    *("李工", "two words", "Upper", "under_score", "kebab-case", "-", "a.b", "x" * 101, [], {}, ["x"], {"x": 1}, [None], [["x"]]),
    *(
        {"above": 3},
        {"at_least": "2026-03-01"},
        {"not": "known"},
        {"difference": ["$x.y", 3]},
        {"ratio": [1, 2, 3]},
        {"sum": [1, "2026-03-01"]},
    ),
    *({"has": "user"}, {"size": {"below": 2}}, {"days_ago": {"above": 3}}, {"contains": "x"}, {"in": []}, {"recorded": True}),
)
_KEYS: Final = (*FORMS, *OPERATORS, "as", "is", "of", "by", "satisfies", "either", "value", "id", "name", "known", "params", "enum", "en")
Place = tuple[str | int, ...]


def exchanged(random: Random, trees: list[Any], kept: str = "") -> Any:
    """A tree in which one to three things were exchanged for others, some of them from other trees; what is `kept` stays."""
    tree, other = copy.deepcopy(random.choice(trees)), random.choice(trees)
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        places = [place for place in _places(tree) if kept not in place]
        if places:
            _exchange(random, tree, random.choice(places), other, kept)
    return tree


def _places(tree: Any, path: Place = ()) -> Iterator[Place]:
    """Every place in a tree but its root."""
    entries = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in entries:
        yield (*path, key)
        yield from _places(value, (*path, key))


def _at(tree: Any, path: Place) -> Any:
    for key in path:
        tree = tree[key]
    return tree


def _exchange(random: Random, tree: Any, path: Place, other: Any, kept: str) -> None:
    holder, key = _at(tree, path[:-1]), path[-1]
    how = random.choice(("odd", "other", "lose", "double", "wrap", "rename"))
    if how == "odd":
        holder[key] = copy.deepcopy(random.choice(_ODD))
    elif how == "other":
        holder[key] = copy.deepcopy(_at(other, random.choice([*_places(other)])))
    elif how == "lose":
        del holder[key]
    elif how == "wrap":
        holder[key] = [holder[key]] if random.random() < 0.5 else {random.choice(_KEYS): holder[key]}
    elif isinstance(holder, list):
        holder.insert(0, copy.deepcopy(holder[key]))
    else:
        names = [one for place in _places(other) for one in place if isinstance(one, str)]
        new = random.choice([one for one in (*names, *_KEYS) if one != kept])
        holder[new] = copy.deepcopy(holder[key]) if how == "double" else holder.pop(key)


def written(tree: Any) -> str:
    """The tree as YAML in one line, with words bare where they can be."""
    if isinstance(tree, dict):
        return "{" + ", ".join(f"{written(key)}: {written(value)}" for key, value in tree.items()) + "}"
    if isinstance(tree, list):
        return "[" + ", ".join(map(written, tree)) + "]"
    if isinstance(tree, str) and _PLAIN.fullmatch(tree) and tree.lower() not in ("null", "true", "false"):
        return tree
    return json.dumps(tree, ensure_ascii=False)
