"""Who feeds whom, as a graph of rules or of categories."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from kamcoach.errors import UnknownName
from kamcoach.model.playbook import Library
from kamcoach.model.rule import Advise, Rule
from kamcoach.rulebook.feeds import Feed, Feeds
from kamcoach.rulebook.listing import category_of, unknown
from kamcoach.rulebook.sheet import word
from kamcoach.wording.effects import EffectWords
from kamcoach.wording.rules import speaker

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {"complete": "{label} (all of it)", "rule": "1 rule", "rules": "{n} rules", "link": "1 link", "links": "{n} links"},
    "zh": {"complete": "{label}（要齐全）", "rule": "1条规则", "rules": "{n}条规则", "link": "1处", "links": "{n}处"},
}
_OTHER: Final = {"en": "without a category", "zh": "未分类"}


class Node(NamedTuple):
    """A rule, or a category of rules. `advises`: it gives advice."""

    id: str
    title: str
    note: str = ""
    advises: bool = False
    chosen: bool = False


class Edge(NamedTuple):
    """`source` feeds `target`. `complete`: which waits for all of it. `links`: how many feeds are drawn as one line; 0 if it is but one."""

    source: str
    target: str
    label: str
    complete: bool = False
    links: int = 0


class Graph(NamedTuple):
    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    language: str


def around(library: Library, rule_id: str, language: str, depth: int = 1, known: Feeds | None = None) -> Graph:
    """The rules that feed a rule and those it feeds, so many steps each way. `known`: the feeds, if they were worked out before."""
    feeds = known or Feeds(library)
    kept = _reached(feeds, rule_id, depth, forward=False) | _reached(feeds, rule_id, depth, forward=True)
    return _of_rules(library, feeds, [rule_id], language, rule_id, kept)


def of_category(library: Library, category: str, language: str, known: Feeds | None = None) -> Graph:
    """The rules of one category and the feeds between them. Raises UnknownName."""
    feeds = known or Feeds(library)
    names = {category_of(rule) for rule in feeds.rules.values()}
    if category not in names:
        raise UnknownName(unknown("category", category, names - {""}))
    ids = [rule.id for rule in feeds.rules.values() if category_of(rule) == category]
    kept = {feed for feed in feeds.all if feed.reader in ids and feed.writer in ids}
    return _of_rules(library, feeds, ids, language, category, kept)


def of_library(library: Library, language: str) -> Graph:
    """The categories, and how many feeds run from one to another."""
    feeds = Feeds(library)
    sizes: dict[str, int] = {}
    for rule in feeds.rules.values():
        sizes[category_of(rule)] = sizes.get(category_of(rule), 0) + 1
    counts: dict[tuple[str, str], int] = {}
    for feed in feeds.all:
        pair = category_of(feeds.rules[feed.writer]), category_of(feeds.rules[feed.reader])
        if pair[0] != pair[1]:
            counts[pair] = counts.get(pair, 0) + 1
    nodes = tuple(Node(name or "-", name or _OTHER[language], _counted("rule", n, language)) for name, n in sorted(sizes.items()))
    edges = tuple(Edge(a or "-", b or "-", _counted("link", n, language), links=n) for (a, b), n in sorted(counts.items()))
    return Graph(word(library.title, language), nodes, edges, language)


def _counted(what: str, n: int, language: str) -> str:
    return _WORDS[language][what if n == 1 else f"{what}s"].format(n=n)


def _reached(feeds: Feeds, start: str, depth: int, *, forward: bool) -> set[Feed]:
    """The feeds within so many steps of a rule, one way."""
    found: set[Feed] = set()
    level = {start}
    for _ in range(depth):
        step = {feed for name in level for feed in (feeds.out_of(name) if forward else feeds.into(name))}
        level = {feed.reader if forward else feed.writer for feed in step - found}
        found |= step
    return found


def _of_rules(library: Library, feeds: Feeds, ids: list[str], language: str, chosen: str, kept: set[Feed]) -> Graph:
    shown = dict.fromkeys([*ids, *(name for feed in kept for name in (feed.writer, feed.reader))])
    nodes = tuple(_node(feeds.rules[rule_id], language, chosen) for rule_id in sorted(shown))
    joined: dict[tuple[str, str], list[Feed]] = {}
    for feed in sorted(kept):
        joined.setdefault((feed.writer, feed.reader), []).append(feed)
    say = speaker(feeds.rules[ids[0]], library, language)
    edges = tuple(Edge(a, b, _label(several, say, language), all(f.complete for f in several)) for (a, b), several in joined.items())
    return Graph(chosen, nodes, edges, language)


def _label(feeds: list[Feed], say: EffectWords, language: str) -> str:
    said = [(say.handed_on(one.predicate), one.complete) for one in feeds]
    whole = _WORDS[language]["complete"]
    return ("；" if language == "zh" else "; ").join(whole.format(label=label) if complete else label for label, complete in said)


def _node(rule: Rule, language: str, chosen: str) -> Node:
    advises = any(isinstance(effect, Advise) for effect in rule.then)
    return Node(rule.id, word(rule.title, language), rule.id, advises, rule.id == chosen)
