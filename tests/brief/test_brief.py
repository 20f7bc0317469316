"""The briefs themselves: what each audience reads, text that stays text, the same bytes each time."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from kamcoach.brief.document import Brief
from kamcoach.brief.html import html, prose
from kamcoach.brief.markdown import markdown
from kamcoach.errors import BadInput, UnknownName
from kamcoach.model.playbook import Library
from kamcoach.reading.finding import shipped
from tests.brief import making

EXAMPLES = sorted(shipped("examples").glob("*.yaml"))
VELORA = shipped("examples") / "velora-planning.yaml"
HUADONG = shipped("examples") / "huadong-compressors.yaml"
HOSTILE = [
    "<script>alert(1)</script>",
    "{{7*7}}",
    "{% if x %}",
    "=cmd()",
    "*a* _b_ `c` [d](e) | f",
    "</style></svg>",
    "&lt;b&gt;",
    "'\"><img src=x onerror=y>",
]


class _Page(HTMLParser):
    """The elements of a page and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "path", "rect", "circle", "polygon", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("path", "rect", "circle", "polygon"):
            return
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("audience", ["manager", "rep", "handover"])
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_makes_a_sound_page(path: Path, lang: str, audience: str, shipped_library: Library) -> None:
    found = making.of_file(path, shipped_library, lang, audience)
    text = html(found)
    page = _Page(text)
    assert page.open == []
    ids = [attrs["id"] for _, attrs in page.tags if attrs.get("id")]
    assert len(ids) == len(set(ids))
    assert page.tags[0] == ("html", {"lang": {"en": "en", "zh": "zh-CN"}[lang]})
    assert not {tag for tag, _ in page.tags} & {"script", "link", "iframe", "img", "object", "embed", "form"}
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text)
    assert ("{{" in text, "not recorded" in page.text, "object at" in text) == (False, False, False)


def test_no_part_of_an_english_page_is_chinese_by_mistake(shipped_library: Library) -> None:
    text = html(making.of_file(VELORA, shipped_library))
    chinese = set(re.findall(r"[\u4e00-\u9fff]+", text))
    assert chinese <= {"丁兴良", "大客户销售策略", "攻守模型", "找对人", "说对话", "做对事"}


@pytest.mark.parametrize(
    ("audience", "order", "without"),
    [
        ("manager", ["summary", "stage", "actions", "do_not", "questions", "people", "needs"], []),
        ("rep", ["summary", "actions", "do_not", "people"], ["account", "resources"]),
        ("handover", ["summary", "account", "people", "needs"], []),
    ],
)
def test_each_audience_reads_first_what_it_needs(audience: str, order: list[str], without: list[str], shipped_library: Library) -> None:
    text = html(making.of_file(shipped("examples") / "lanting-inspection.yaml", shipped_library, "zh", audience))
    parts = re.findall(r'<section id="(\w+)"', text)
    assert parts[: len(order)] == order
    assert not set(parts) & set(without)


def test_the_rep_reads_what_to_ask_and_the_manager_does_not(shipped_library: Library) -> None:
    asked = "Which of your colleagues would suffer most"
    pages = {audience: html(making.of_file(VELORA, shipped_library, "en", audience)) for audience in ("manager", "rep", "handover")}
    assert [asked in pages[audience] for audience in ("manager", "rep", "handover")] == [False, True, False]


def test_the_summary_says_stage_gap_and_the_one_thing_to_do(shipped_library: Library) -> None:
    summary = markdown(making.of_file(VELORA, shipped_library), {}).split("## ")[1]
    assert "stands at **Evaluation of options**, not at Decision to purchase as the file claims." in summary
    assert "decision maker (L. Moreau, known but not met)" in summary
    assert "The one thing to do: **Get two more people besides J. Kim into this deal within two weeks**." in summary


def lines_of_actions(found: Brief) -> list[str]:
    """The line of each action with its weight, owner and day."""
    return re.findall(r"(?m)^\w.* · Who: .*$", markdown(found, {}))


def test_an_action_has_the_day_of_its_play_else_one_by_its_weight(shipped_library: Library) -> None:
    first, second, _ = lines_of_actions(making.of_file(HUADONG, shipped_library))
    assert first == "critical · Who: 林涛 · By: 12 May 2025 (suggested)", "a debt is paid today"
    assert second == "warning · Who: 林涛 · By: 26 May 2025 (suggested)"
    single_thread = lines_of_actions(making.of_file(VELORA, shipped_library))[0]
    assert single_thread == "critical · Who: A. Weiss · By: 24 September 2025 (suggested)", "the headline says: within two weeks"


def test_no_action_comes_after_a_day_on_which_it_rests(shipped_library: Library) -> None:
    """Questions may be put until the 16th, and a warning has two weeks else."""
    assert lines_of_actions(making.of_file(HUADONG, shipped_library))[2] == "warning · Who: 林涛 · By: 16 May 2025 (suggested)"


def test_an_action_about_a_person_is_for_our_contact_else_for_who_leads_the_deal(shipped_library: Library) -> None:
    deal = HUADONG.read_text(encoding="utf-8")
    of_person = deal.replace("    last_contact: 2025-03-20\n", "    last_contact: 2025-03-20\n    our_contact: Ines\n")
    owners = [line.split(" · ")[1] for line in lines_of_actions(making.of_text(of_person, shipped_library))]
    assert owners == ["Who: 林涛", "Who: Ines", "Who: 林涛"]
    nobody = lines_of_actions(making.of_text(deal.replace("  our_owner: 林涛\n", ""), shipped_library))
    assert {line.split(" · ")[1] for line in nobody} == {"Who: to be named"}


def test_the_end_of_the_calendar_is_no_fault(shipped_library: Library) -> None:
    late = "schema_version: 1\nas_of: 9999-12-30\naccount: {id: a, name: A, type: new}\nopportunity: {id: o, title: T, type: renewal}\n"
    assert {line.split(" · ")[2] for line in lines_of_actions(making.of_text(late, shipped_library))} <= {
        "By: 30 December 9999 (suggested)",
        "By: 31 December 9999 (suggested)",
    }


@pytest.mark.parametrize("audience", ["manager", "rep", "handover"])
def test_a_lost_deal_shows_what_was_learnt_and_no_cycle(audience: str, shipped_library: Library) -> None:
    lost = VELORA.read_text().replace("  stage_claimed:", "  decision: competitor\n  stage_claimed:")
    page = html(making.of_text(lost, shipped_library, "en", audience))
    assert "This deal is lost: for a rival." in page
    assert 'id="cycle-' not in page and 'id="stage"' not in page and "Expected close" not in page
    told = html(making.of_text(lost.replace("  stage_claimed:", "  loss_reason: They saw us too late\n  stage_claimed:"), shipped_library))
    assert "Why it was lost: <q>They saw us too late</q>" in told


def test_a_light_that_is_not_green_says_where_the_risk_lies(shipped_library: Library) -> None:
    assert "The light is **red** (risk in people, words, action)." in markdown(making.of_file(VELORA, shipped_library), {})
    assert "眼下亮**黄灯**（险在人、事）。" in markdown(making.of_file(HUADONG, shipped_library, "zh"), {})


def test_a_headline_that_asks_ends_as_it_is_written(shipped_library: Library) -> None:
    bare = "schema_version: 1\nas_of: 2026-03-30\naccount: {id: a, name: A, type: new}\nopportunity: {id: o, title: T, type: renewal}\n"
    summary = markdown(making.of_text(bare, shipped_library), {}).split("## ")[1]
    assert summary.strip().endswith("did you talk with last?**")


def test_a_tender_tells_its_days(shipped_library: Library) -> None:
    for lang, said in (
        ("en", "Tender: Published; questions until 16 May 2025; bids until 28 May 2025"),
        ("zh", "招标：已发公告；提问截止2025年5月16日；投标截止2025年5月28日"),
    ):
        assert said in markdown(making.of_file(HUADONG, shipped_library, lang), {})


def test_lists_in_a_chinese_brief_have_the_chinese_comma(shipped_library: Library) -> None:
    text = markdown(making.of_file(HUADONG, shipped_library, "zh"), {})
    assert "评估小组成员、技术把关者" in text
    assert not re.search(r"[\u4e00-\u9fff], ?[\u4e00-\u9fff]", text)


def test_what_is_verified_leaves_no_empty_heading(shipped_library: Library) -> None:
    assumed = "assumptions: [{id: a1, statement: They like us, verified: %s}]\n"
    for verified in ("true", "false"):
        deal = VELORA.read_text() + assumed % verified
        assert ("Only assumed: They like us" in markdown(making.of_text(deal, shipped_library, "en", "handover"), {})) == (
            verified == "false"
        )
        assert ("Only assumed" in html(making.of_text(deal, shipped_library, "en", "handover"))) == (verified == "false")


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_markdown_has_a_blank_line_around_each_list_and_table_and_none_within(path: Path, lang: str, shipped_library: Library) -> None:
    for audience in ("manager", "rep", "handover"):
        rows = markdown(making.of_file(path, shipped_library, lang, audience), {}).splitlines()
        kinds = [(row[:1] if row[:1] in "|-" else "." if re.match(r"\d+\. ", row) else "p") if row else "" for row in rows]
        for one, two in pairwise(kinds):
            assert one == two or "" in (one, two), (one, two)
        assert not re.search(r"\n\n\n|\| *\n\n\||\n- [^\n]*\n\n- ", "\n".join(rows))
        assert [row for row in rows if row != row.rstrip()] == []


def test_the_questions_of_the_rep_read_as_plain_text(shipped_library: Library) -> None:
    text = markdown(making.of_file(VELORA, shipped_library, "en", "rep"), {})
    assert '- problem: "Who could still say afterwards that it proves nothing?"' in text
    assert "\\[" not in text


def test_the_reasons_name_rule_file_and_line(shipped_library: Library) -> None:
    text = markdown(making.of_file(VELORA, shipped_library), {})
    assert "Rule single-thread (single-thread.yaml:1)" in text
    assert "- J. Kim: Access = In regular talk (velora-planning.yaml:55)" in text


def test_a_bare_deal_asks_instead_of_leaving_holes(shipped_library: Library) -> None:
    bare = (
        "schema_version: 1\nas_of: 2026-03-30\naccount: {id: a, name: A, type: new}\nopportunity: {id: o, title: T, type: new_business}\n"
    )
    text = markdown(making.of_text(bare, shipped_library), {})
    assert "Which problems has the customer told you about" in text and "By what will the customer choose" in text
    assert "## Contacts" not in text and "## Effort" not in text and "## Concerns" not in text


def hostile(text: str) -> str:
    """A deal with a text wherever one may stand."""
    quoted = "'" + text.replace("'", "''") + "'"
    deal = VELORA.read_text()
    for plain in (
        "Velora Foods",
        "Supply planning subscription, 3 years",
        "J. Kim",
        "Ease of use",
        "Forecasts are rebuilt by hand every week",
        "security questionnaire",
    ):
        deal = deal.replace(f": {plain}\n", f": {quoted}\n")
    return deal


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_a_deal_shows_as_text_in_html(text: str, shipped_library: Library) -> None:
    shown = html(making.of_text(hostile(text), shipped_library, "en", "handover"))
    page = _Page(shown)
    assert page.open == []
    assert page.text.count(text) > 8
    assert not {tag for tag, _ in page.tags} & {"script", "img"}
    assert all(not name.startswith("on") for _, attrs in page.tags for name in attrs)


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_a_deal_shows_as_text_in_markdown(text: str, shipped_library: Library) -> None:
    shown = markdown(making.of_text(hostile(text), shipped_library, "en", "handover"), {})
    bare = re.sub(r"\\([\\`*_<>|\[\]~&#=+.)-])", r"\1", shown)
    assert bare.count(text) > 8
    assert not re.search(r"(?<!\\)<script|(?<!\\)<img|(?<!\\)\[d\]", shown)
    rows = [row for row in shown.splitlines() if row.startswith("| ") and "Strongest" not in row]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} <= {5, 6, 7, 8}


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\u200f", "\x1b", "\x07"])
def test_signs_that_a_screen_would_obey_do_not_reach_the_page(sign: str, shipped_library: Library) -> None:
    """The reader of deals refuses them; whatever else makes facts, they are left out."""
    found = making.of_deal(making.renamed(VELORA.read_text(), f"abc{sign}def", shipped_library), shipped_library)
    for text in (html(found), markdown(found, {})):
        assert sign not in text
        assert "abcdef" in text


def test_a_name_of_ten_thousand_letters(shipped_library: Library) -> None:
    name = "Ab" * 5000
    found = making.of_text(VELORA.read_text().replace("J. Kim", name), shipped_library)
    assert name in html(found) and name in markdown(found, {})


def test_the_prose_of_a_play_becomes_paragraphs_and_lists() -> None:
    assert prose('One <b>.\n- [ask] "Why?"\n- [b\nTwo.').split("\n") == [
        "<p>One &lt;b&gt;.</p>",
        "<ul>",
        '<li><span class="tag">ask</span> &quot;Why?&quot;</li>',
        "<li>[b</li>",
        "</ul>",
        "<p>Two.</p>",
    ]


def test_the_same_deal_gives_the_same_bytes(shipped_library: Library) -> None:
    one, two = (making.of_file(VELORA, shipped_library) for _ in range(2))
    assert html(one) == html(two)
    assert markdown(one, {}) == markdown(two, {})


def test_an_unknown_audience_is_told_the_nearest(shipped_library: Library) -> None:
    with pytest.raises(UnknownName, match=r"no brief for 'manger'.*manager"):
        making.of_file(VELORA, shipped_library, "en", "manger")


def test_a_style_sheet_cannot_leave_its_element(shipped_library: Library, tmp_path: Path) -> None:
    (tmp_path / "brief.css").write_text("body {}\n</style><script>x</script>")
    library = shipped_library._replace(templates=(tmp_path, *shipped_library.templates))
    with pytest.raises(BadInput) as caught:
        html(making.of_file(VELORA, library))
    assert [(one.code, one.at.line) for one in caught.value.diagnostics] == [("style-unsafe", 2)]


def test_a_team_changes_a_picture_and_the_words(shipped_library: Library, tmp_path: Path) -> None:
    (tmp_path / "picture.cycle.svg.j2").write_text('<svg xmlns="http://www.w3.org/2000/svg"><text>{{ report.deal.customer }}</text></svg>')
    outline = (shipped_library.templates[0] / "brief.yaml").read_text()
    (tmp_path / "brief.yaml").write_text(
        outline.replace("parts: [summary, stage,", "parts: [stage, summary,").replace("In short", "The gist")
    )
    library = shipped_library._replace(templates=(tmp_path, *shipped_library.templates))
    text = html(making.of_file(VELORA, library))
    assert text.index('<section id="stage"') < text.index("The gist")
    assert text.count("<text>Velora Foods</text>") == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("due: {critical: 7", "deu: {critical: 7"), "unknown-key"),
        (("due: {critical: 7", "due: {critical: soon"), "wrong-type"),
        (("parts: [summary, stage, actions,", "parts: {summary: 1} #"), "wrong-shape"),
        (("  stage: {en: Stage, zh: 阶段}", "  stage: {en: Stage}"), "missing-key"),
    ],
)
def test_a_fault_in_the_outline_is_told_with_its_line(change: tuple[str, str], said: str, shipped_library: Library, tmp_path: Path) -> None:
    outline = (shipped_library.templates[0] / "brief.yaml").read_text()
    assert change[0] in outline
    (tmp_path / "brief.yaml").write_text(outline.replace(*change, 1))
    library = shipped_library._replace(templates=(tmp_path, *shipped_library.templates))
    with pytest.raises(BadInput) as caught:
        making.of_file(VELORA, library)
    line = outline[: outline.index(change[0])].count("\n") + 1
    assert any(one.code == said and one.at.line == line for one in caught.value.diagnostics)
