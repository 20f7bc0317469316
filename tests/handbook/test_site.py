"""The site: what is on each page, that every link leads somewhere, and that texts stay texts."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest

from kamcoach.checking import CHECKS
from kamcoach.handbook.links import broken
from kamcoach.handbook.manual import Command
from kamcoach.handbook.site import site
from kamcoach.model.playbook import Library
from tests.small_library import SmallLibrary

BAD = "<script>alert(1)</script>"
COMMANDS = (Command("rules show", "kamcoach rules show RULE", "One rule.\n\n\b\n  as it is", (("--lang", "The <language>."),)),)
SCENARIOS = """\
as_of: 2026-03-02
scenarios:
  - name: a <strong> person
    given: {people: [{id: li, name: Li, power: 5}]}
    expect: {fires: certainly}
"""


class Shown(HTMLParser):
    """The text of a page, and its tags; a tag that is not closed where it should be is a fault."""

    VOID = frozenset(("meta", "link", "input", "br"))

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""
        self.faults: list[str] = []
        self.feed(page)
        self.close()
        self.faults += self.open

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        """A tag of a picture, closed at once."""

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def shipped_site(shipped_library: Library) -> dict[str, str]:
    return site(shipped_library, COMMANDS)


@pytest.fixture
def small(library: SmallLibrary) -> SmallLibrary:
    library.rule("met", "[{person: {met: true}, as: p}]", "[{mark: {$p: reached}}]")
    library.rule(
        "a", "[{person: {reached: true, power: {at_least: $params.few}}, as: p}]", "[{advise: {play: meet, severity: warn, lens: deed}}]"
    )
    library.write("rules/a.test.yaml", SCENARIOS)
    library.play("meet", f"Meet {BAD} {{{{ account.name }}}}", "见一面")
    return library


def text(page: str) -> str:
    return " ".join(Shown(page).text.split())


def test_there_is_a_page_for_everything(shipped_site: dict[str, str], shipped_library: Library) -> None:
    base = shipped_library.rule_base
    wanted = {f"rules/{rule.id.replace('/', '.')}.html" for rule in base.rules}
    wanted |= {f"plays/{name}.html" for name in shipped_library.plays}
    wanted |= {f"facts/{name}.html" for name in base.vocabulary.types} | {f"values/{name}.html" for name in base.vocabulary.enums}
    wanted |= {f"checks/{check.code}.html" for check in CHECKS} | {"commands/rules-show.html", "index.html", "thresholds.html"}
    assert wanted - shipped_site.keys() == set()


def test_every_link_leads_somewhere(shipped_site: dict[str, str]) -> None:
    assert list(broken(shipped_site)) == []
    assert list(broken({"a/b.html": '<a href="../c.html">', "c.html": '<a href="a/b.html#x"><p id="y"><a href="#y">'})) == [
        "c.html: a/b.html#x"
    ]


def test_every_page_is_sound_html_and_asks_nothing_of_the_network(shipped_site: dict[str, str]) -> None:
    for path, page in shipped_site.items():
        if path.endswith(".html"):
            assert Shown(page).faults == [], path
            assert len(re.findall(r"<script\b", page)) == 1, path
        if path.endswith((".html", ".css", ".js")) and path != "search-index.js":
            assert not re.search(r"""(src|href)=["'](https?:)?//|@import|url\((?!#)|fetch\(|XMLHttpRequest""", page), path


def test_no_template_tag_is_left_but_in_what_is_written(shipped_site: dict[str, str]) -> None:
    for path, page in shipped_site.items():
        if path.startswith(("rules", "plays", "facts")):
            assert not re.search(r"\{\{|\{%", re.sub(r"<pre.*?</pre>", "", page, flags=re.DOTALL)), path


def test_the_page_of_a_rule(small: SmallLibrary) -> None:
    page = site(small.load(), ())["rules/a.html"]
    shown = text(page)
    for words in (
        "whose power is at least 2",
        "Title of a", "a的标题", "Because of a.", "因为a。", "few = 2", "a <strong> person", "fires", "触发", "就这么做。",
        "power: {at_least: $params.few}",
    ):  # fmt: skip
        assert words in shown, words
    for link in ("../rules/met.html", "../facts/person.html#reached", "../plays/meet.html", "../thresholds.html#few"):
        assert f'href="{link}"' in page


def test_what_a_rule_feeds_is_drawn_with_links(small: SmallLibrary) -> None:
    page = site(small.load(), ())["rules/met.html"]
    assert page.count("<svg") == 2
    assert '<a href="../rules/a.html"><rect' in page.replace("\n", "")


def test_what_rules_and_plays_hold_shows_as_text(small: SmallLibrary) -> None:
    small.rule("b", "[{person: {power: 1}}]", "[{conclude: open}]", f'catalogue: "{BAD}"')
    path = small.folder / "rules/b.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Title of b", f"'{BAD}'"), encoding="utf-8")
    found = site(small.load(), ())
    for page in ("rules/b.html", "rules.html", "plays/meet.html", "plays.html", "rules/a.html", "categories/-.html"):
        assert BAD not in found[page]
        assert BAD in text(found[page]), page


def test_a_rule_that_looks_at_all_advice_leads_to_what_advice_is(small: SmallLibrary) -> None:
    small.rule("b", "[{advice: {severity: critical}}]", "[{conclude: open}]")
    found = site(small.load(), ())
    assert '<a href="../facts/advice.html">Advice</a>' in found["rules/b.html"]
    assert list(broken(found)) == []


def test_a_fact_says_who_concludes_and_who_reads_it(small: SmallLibrary) -> None:
    page = site(small.load(), ())["facts/person.html"]
    field = page[page.index('id="reached"') :]
    field = field[: field.index('class="field"') if 'class="field"' in field else None]
    assert "../rules/met.html" in field and "../rules/a.html" in field
    assert 'id="power"' in page and "people:" in text(page)


def test_plays_and_thresholds_say_which_rules_use_them(small: SmallLibrary) -> None:
    found = site(small.load(), ())
    assert '"../rules/a.html"' in found["plays/meet.html"]
    assert '"rules/a.html"' in found["thresholds.html"]


def test_commands_and_checks(small: SmallLibrary) -> None:
    found = site(small.load(), COMMANDS)
    assert "kamcoach rules show RULE" in text(found["commands/rules-show.html"])
    assert "The <language>." in text(found["commands/rules-show.html"])
    assert CHECKS[0].example.splitlines()[0] in text(found[f"checks/{CHECKS[0].code}.html"])


def test_the_search_index_is_a_script_with_a_row_for_each_page_and_part(small: SmallLibrary) -> None:
    script = site(small.load(), COMMANDS)["search-index.js"]
    assert script.startswith("window.handbookIndex=[")
    rows = {row[1]: row for row in json.loads(script.removeprefix("window.handbookIndex=").rstrip().rstrip(";"))}
    assert rows["rules/a.html"][:5] == ["rules", "rules/a.html", "a", "Title of a", "a的标题"]
    assert "power" in rows["rules/a.html"][5] and "a <strong> person" in rows["rules/a.html"][5]
    assert rows["facts/person.html#power"][:3] == ["facts", "facts/person.html#power", "person.power"]
    assert {"thresholds.html#few", "commands/rules-show.html", "values/role.html#user"} <= rows.keys()


def test_a_playbook_that_extends_another_shows_where_a_rule_comes_from(small: SmallLibrary) -> None:
    small.write("own/playbook.yaml", "id: own\ntitle: {en: Own, zh: 自家}\nextends: ..\n")
    small.write(
        "own/rules/谁拍板.yaml",
        "id: 谁拍板\ntitle: {zh: 谁拍板}\nwhy: {zh: 要问}\nsource: x\nwhen: [{person: {power: 5}}]\nthen: [{conclude: open}]\n",
    )
    from kamcoach.reading.cache import load_library

    found = site(load_library(small.folder / "own", cached=False), ())
    assert "own/rules/谁拍板.yaml:1" in text(found["rules/谁拍板.html"])
    assert list(broken(found)) == []
