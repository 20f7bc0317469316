"""Who feeds whom: the feeds themselves, and their pictures."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from kamcoach.errors import UnknownName
from kamcoach.model.dependencies import reads, writes
from kamcoach.model.playbook import Library
from kamcoach.rulebook.feeds import Feed, Feeds
from kamcoach.rulebook.graph import Edge, Graph, Node, around, of_category, of_library
from kamcoach.rulebook.layers import layout, ranks
from kamcoach.rulebook.outline import mermaid, outline
from kamcoach.rulebook.picture import svg
from tests.small_library import SmallLibrary


@pytest.fixture
def chain(library: SmallLibrary) -> Library:
    library.rule("met", "[{person: {met: true}, as: p}]", "[{mark: {$p: reached}}]")
    library.rule("wish", "[{none: {person: {reached: true}}}]", "[{conclude: {stage: wish}}]")
    library.rule("choice", "[{person: {reached: true}}]", "[{conclude: {stage: choice}}]")
    library.advice("a", "[{stage: choice}, {count: {person: {reached: true}}, is: {at_least: 2}}]")
    library.advice("b", "[{stage: known}]")
    library.advice("c", "[{advice: {play: play-of-a}}]")
    library.advice("d", "[{order: {budget: approved}}]")
    return library.load()


def test_a_rule_is_fed_by_what_it_looks_at(chain: Library) -> None:
    feeds = Feeds(chain)
    assert feeds.into("a") == (Feed("met", "a", "person.reached", complete=True), Feed("choice", "a", "stage"))
    assert {feed.writer for feed in feeds.into("b")} == {"choice", "wish"}
    assert feeds.into("wish") == (Feed("met", "wish", "person.reached", complete=True),)
    assert feeds.into("choice") == (Feed("met", "choice", "person.reached"),)
    assert feeds.out_of("a") == (Feed("a", "c", "advice/play-of-a"),)
    assert (feeds.into("d"), feeds.out_of("d")) == ((), ())


def test_every_feed_of_the_shipped_rules_is_written_and_read(shipped_library: Library) -> None:
    feeds = Feeds(shipped_library)
    vocabulary = shipped_library.rule_base.vocabulary
    for feed in feeds.all:
        assert feed.predicate in writes(feeds.rules[feed.writer])
        assert feed.predicate in {name for name, _ in reads(feeds.rules[feed.reader], vocabulary)}


def test_what_a_rule_fires_on_feeds_it(shipped_library: Library) -> None:
    """Of every rule that concludes what nobody else does, each reader is fed by it."""
    feeds = Feeds(shipped_library)
    writers: dict[str, list[str]] = {}
    for rule in feeds.rules.values():
        for name in writes(rule):
            writers.setdefault(name, []).append(rule.id)
    alone = {name: ids[0] for name, ids in writers.items() if len(ids) == 1 and not name.startswith("advice/")}
    linked = {(feed.writer, feed.reader) for feed in feeds.all}
    for rule in feeds.rules.values():
        for name, _ in reads(rule, shipped_library.rule_base.vocabulary):
            if name in alone and shipped_library.rule_base.vocabulary.types.get(name, None) and not _by_value(shipped_library, name):
                assert (alone[name], rule.id) in linked


def _by_value(library: Library, name: str) -> bool:
    return library.rule_base.vocabulary.types[name].shape in ("value", "many")


def test_the_outline_of_one_rule_goes_as_deep_as_asked(chain: Library) -> None:
    assert list(outline(around(chain, "a", "en"))) == [
        "a (Title of a)",
        "  is fed by",
        "    choice (Title of choice)  by: Stage",
        "    met (Title of met)  by: Person: reached (all of it)",
        "  feeds",
        "    c (Title of c)  by: advice: Headline of a",
        "",
    ]
    assert "      met (Title of met)  by: Person: reached" in list(outline(around(chain, "a", "en", 2)))
    assert list(outline(around(chain, "d", "zh"))) == ["d (d的标题)", "  依据: 无", "  供给: 无", ""]


def test_mermaid(chain: Library) -> None:
    lines = list(mermaid(around(chain, "choice", "en")))
    assert lines[0] == "flowchart LR"
    numbers = {match[2]: match[1] for line in lines if (match := re.match(r'  (n\d+)\(?\[\(?"(?:Title of (\w+))', line))}
    assert f'  {numbers["met"]} -->|"Person: reached"| {numbers["choice"]}' in lines
    assert f"  style {numbers['choice']} stroke-width:3px" in lines
    assert f'  {numbers["met"]}(["Title of met<br/>met"])' in lines
    assert f'  {numbers["a"]}["Title of a<br/>a"]' in lines


def test_mermaid_quotes_what_it_would_obey() -> None:
    graph = Graph("x", (Node("a", 'Say "yes" | no'), Node("b", "B")), (Edge("a", "b", 'x|"y"'),), "en")
    assert list(mermaid(graph))[1:] == ['  n0(["Say #quot;yes#quot; #124; no"])', '  n1(["B"])', '  n0 -->|"x#124;#quot;y#quot;"| n1']


def boxes(picture: str) -> dict[str, tuple[float, float, float, float]]:
    """Each box of a picture by the text right after it."""
    root = ElementTree.fromstring(picture)
    parts = [part for part in root if part.tag.endswith(("rect", "text"))]
    found = {}
    for part, after in pairwise(parts):
        if part.tag.endswith("rect") and after.tag.endswith("text") and part.get("rx") in ("4", "14"):
            found[after.text or ""] = tuple(float(part.get(name) or 0) for name in ("x", "y", "width", "height"))
    return found  # type: ignore[return-value]


@pytest.mark.parametrize("category", ["stage", "missing", "people", ""])
def test_the_picture_stands_alone_and_no_box_covers_another(shipped_library: Library, category: str) -> None:
    graph = of_category(shipped_library, category, "zh") if category else of_library(shipped_library, "en")
    picture = svg(graph)
    assert not re.search(r"<script|<style|href|@import|url\((?!#to-(?:en|zh)\))|https?://(?!www\.w3\.org/2000/svg)", picture)
    found = list(boxes(picture).values())
    assert len(re.findall('rx="(?:4|14)"', picture)) == len(graph.nodes)
    _, _, width, height = map(float, (ElementTree.fromstring(picture).get("viewBox") or "").split())
    for n, (x, y, w, h) in enumerate(found):
        assert x >= 0 and y >= 0 and x + w <= width and y + h <= height
        for x2, y2, w2, h2 in found[n + 1 :]:
            assert x + w <= x2 or x2 + w2 <= x or y + h <= y2 or y2 + h2 <= y


def test_what_feeds_stands_left_of_what_is_fed(chain: Library) -> None:
    found = boxes(svg(around(chain, "a", "en", 3)))
    assert found["Title of met"][0] < found["Title of choice"][0] < found["Title of a"][0] < found["Title of c"][0]


def test_text_in_a_picture_is_escaped() -> None:
    picture = svg(Graph("<x>", (Node("a", "A < B & <script>"),), (), "en"))
    assert "A &lt; B &amp; &lt;script&gt;" in picture
    ElementTree.fromstring(picture)


def test_an_empty_graph_is_a_picture() -> None:
    ElementTree.fromstring(svg(Graph("x", (), (), "en")))


def test_circles_are_cut() -> None:
    pairs = [("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")]
    assert ranks("abcd", pairs) == {"a": 0, "b": 1, "c": 2, "d": 3}
    assert layout("abcd", pairs).columns == (("a",), ("b",), ("c",), ("d",))


def test_a_long_line_has_a_way_through_the_columns_between() -> None:
    plan = layout("abc", [("a", "b"), ("b", "c"), ("a", "c")])
    (way,) = plan.ways["a", "c"]
    assert way in plan.columns[1]


def test_a_category_that_there_is_not(chain: Library) -> None:
    with pytest.raises(UnknownName):
        of_category(chain, "nowhere", "en")
