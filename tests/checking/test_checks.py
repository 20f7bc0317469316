"""Each check finds its fault, points at it, and leaves the good case alone."""

from __future__ import annotations

import pytest

from kamcoach.checking import CHECKS
from tests.small_library import PLAY, SmallLibrary

SCENARIO = "scenarios:\n  - {name: x, given: {}, expect: {fires: possibly}}\n  - {name: y, given: {people: []}, expect: {fires: never}}\n"
STRONG = "[{person: {power: 5}, as: p}]"


def found(library: SmallLibrary, code: str) -> list[str]:
    """The places at which a check found its fault."""
    return [problem.split(" ")[0] for problem in library.problems() if problem.endswith(f" {code}")]


def test_a_sound_playbook_passes_every_check(library: SmallLibrary) -> None:
    library.advice("a", STRONG, "about: $p")
    library.play("play-of-a", "Meet {{ p.name }}", "见{{ p.name }}")
    library.write("rules/a.test.yaml", SCENARIO)
    library.write("templates/advice.en.md.j2", "# {{ deal.customer }}\n")
    assert library.problems() == []


def test_every_check_says_in_its_module_what_it_is_for() -> None:
    pages = [__import__(check.__module__, fromlist=["x"]).__doc__ or "" for check in CHECKS]
    assert [page for page in pages if len(page.strip().splitlines()) < 3] == []


# ── accuses-without-asking ────────────────────────────────────────────────────────────────────────────────────────────

ACCUSES = [
    # a warning for want of a record
    ("[{no_evidence_of: {person: {met: true}}}]", "severity: warn", True),
    ("[{no_evidence_of: {person: {met: true}}}]", "severity: critical", True),
    ("[{order: {budget: none}}, {no_evidence_of: [{person: {power: 5}, as: p}, {talk: {with: {has: $p}}}]}]", "", True),
    ("[{any: [open, {no_evidence_of: {person: {met: true}}}]}]", "", True),
    ("[{tally: [{no_evidence_of: {person: {met: true}}}, open], is: {at_least: 1}}]", "", True),
    # `none:` asks
    ("[{none: {person: {met: true}}}]", "", False),
    # no warning
    ("[{no_evidence_of: {person: {met: true}}}]", "severity: advise", False),
    ("[{no_evidence_of: {person: {met: true}}}]", "severity: info", False),
    # nothing is missing
    ("[{evidence_of: {person: {met: true}}}]", "", False),
    # what was concluded is not a record
    ("[{no_evidence_of: open}]", "", False),
]


@pytest.mark.parametrize(("when", "says", "accused"), ACCUSES)
def test_a_warning_for_want_of_a_record(library: SmallLibrary, when: str, says: str, accused: bool) -> None:
    library.advice("a", when, says)
    assert found(library, "accuses-without-asking") == (["rules/a.yaml:6"] if accused else [])


def test_a_conclusion_may_rest_on_the_want_of_a_record(library: SmallLibrary) -> None:
    library.rule("a", "[{no_evidence_of: {person: {met: true}}}]", "[{conclude: open}]")
    assert found(library, "accuses-without-asking") == []


# ── play-unknown-name ─────────────────────────────────────────────────────────────────────────────────────────────────

NAMES = [
    ("{{ p.name }}", "", []),
    ("{{ q.name }}", "", ["plays/play-of-a.md.j2:3"]),
    ("{{ q.name }} {{ r }}", "", ["plays/play-of-a.md.j2:3", "plays/play-of-a.md.j2:3"]),
    ("{{ limit }}", "with: {limit: $params.few}", []),
    ("{{ limit }}", "", ["plays/play-of-a.md.j2:3"]),
    # the sections of the deal and what every play may speak of
    ("{{ account }}{{ order }}{{ people }}{{ talks }}{{ facts }}{{ params }}{{ as_of }}{{ lang }}", "", []),
    ("{{ person }}", "", ["plays/play-of-a.md.j2:3"]),
    # its own names
    ("{% set x = 1 %}{{ x }}{% for t in talks %}{{ t }}{{ loop.index }}{% endfor %}", "", []),
    ("{% for t in talks %}{% endfor %}{{ t }}", "", ["plays/play-of-a.md.j2:3"]),
    # a name that is asked for first
    ("{% if q is defined %}{{ q.name }}{% endif %}", "", []),
    ("{% if p.q is defined %}{{ q.name }}{% endif %}", "", ["plays/play-of-a.md.j2:3"]),
]


@pytest.mark.parametrize(("text", "says", "wanted"), NAMES)
def test_a_play_may_use_only_what_its_rule_binds(library: SmallLibrary, text: str, says: str, wanted: list[str]) -> None:
    library.advice("a", STRONG, f"about: $p, {says}".rstrip(", "))
    library.play("play-of-a", text)
    assert found(library, "play-unknown-name") == wanted


def test_every_rule_that_calls_a_play_must_bind_its_names(library: SmallLibrary) -> None:
    library.advice("a", STRONG, play="shared")
    library.advice("b", "[{person: {power: 4}, as: other}]", play="shared")
    library.play("shared", "Meet {{ p.name }}")
    (problem,) = [problem for problem in library.check() if problem.code == "play-unknown-name"]
    assert problem.message == "The play speaks of 'p', which the rule 'b' does not bind."
    assert problem.hint == "it binds other"


def test_both_languages_are_looked_at(library: SmallLibrary) -> None:
    library.advice("a", STRONG)
    library.play("play-of-a", "Meet", "见{{ q }}")
    assert found(library, "play-unknown-name") == ["plays/play-of-a.md.j2:8"]


# ── templates ─────────────────────────────────────────────────────────────────────────────────────────────────────────

TEMPLATES = [
    ("{{ p.name | upper }}", []),
    ("one\n{% for x in people %}{{ x }}{% endfor %}", []),
    ("{{ p.name", ["template-syntax"]),
    ("{{ p.name() }}", ["template-forbidden"]),
    ("{{ p.name | shout }}", ["template-forbidden"]),
    ("{% include 'x' %}", ["template-forbidden"]),
    ("{% for x in people if loop.index <= 3 %}{{ x }}{% endfor %}", ["template-forbidden"]),
    ("{% for x in people %}{{ x }}{% endfor %}{{ loop.index }}", ["template-forbidden"]),
    ("{% for x in people %}{% for y in people if loop.first %}{{ loop.index }}{% endfor %}{% endfor %}", []),
    ("x" * 60_001, ["template-too-long"]),
]


@pytest.mark.parametrize(("text", "codes"), TEMPLATES)
def test_the_templates_of_plays(library: SmallLibrary, text: str, codes: list[str]) -> None:
    library.advice("a", STRONG)
    library.play("play-of-a", text)
    assert [problem.code for problem in library.check() if problem.code.startswith("template")] == codes


@pytest.mark.parametrize(("text", "codes"), TEMPLATES)
@pytest.mark.parametrize("name", ["advice.en.md.j2", "deal.zh.yaml.j2"])
def test_the_templates_of_pages(library: SmallLibrary, name: str, text: str, codes: list[str]) -> None:
    library.write(f"templates/{name}", text)
    assert [problem.code for problem in library.check() if problem.code.startswith("template")] == codes


def test_a_fault_is_told_with_its_line(library: SmallLibrary) -> None:
    library.play("unused", "one\ntwo\n{{ x() }}")
    library.write("templates/advice.en.md.j2", "one\n\n{{ x() }}\n")
    assert found(library, "template-forbidden") == ["plays/unused.md.j2:5", "templates/advice.en.md.j2:3"]


def test_the_starter_may_quote(library: SmallLibrary) -> None:
    library.write("templates/deal.en.yaml.j2", "name: {{ customer | quoted }}\n")
    assert library.problems() == []


def test_a_template_that_is_no_text(library: SmallLibrary) -> None:
    library.write("templates/advice.en.md.j2", "").write_bytes(b"\xff")
    assert found(library, "not-utf8") == ["templates/advice.en.md.j2:1"]


# ── rule-without-scenario, word-missing ───────────────────────────────────────────────────────────────────────────────


def test_a_rule_needs_scenarios_beside_it(library: SmallLibrary) -> None:
    library.advice("a")
    library.advice("b")
    library.write("rules/a.test.yaml", SCENARIO)
    library.write("rules/elsewhere/b.test.yaml", SCENARIO)
    assert found(library, "rule-without-scenario") == ["rules/b.yaml:1"]


WORDS = [
    ("title: {en: x, zh: 话}", 0),
    ("title: both", 0),
    ("title: {en: x}", 1),
    ("title: {zh: 话}", 1),
    ('title: {en: "  ", zh: 话}', 1),
    ("why: {en: x}", 1),
    ("why: {zh: 话}", 1),
]


@pytest.mark.parametrize(("words", "missing"), WORDS)
def test_titles_and_reasons_in_both_languages(library: SmallLibrary, words: str, missing: int) -> None:
    path = library.rule("a", "[open]", "[{conclude: {stage: wish}}]")
    key = words.partition(":")[0]
    lines = [words if line.startswith(f"{key}:") else line for line in path.read_text(encoding="utf-8").splitlines()]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert found(library, "word-missing") == [f"rules/a.yaml:{2 if key == 'title' else 3}"] * missing


# ── what is told of a file alone ──────────────────────────────────────────────────────────────────────────────────────


def test_of_a_file_only_its_own_faults_are_told(library: SmallLibrary) -> None:
    library.advice("a", STRONG)
    library.play("play-of-a", "{{ q }}")
    library.play("unused", "{{ x() }}")
    assert library.problems(library.folder / "rules/a.yaml") == ["rules/a.yaml:1 rule-without-scenario"]
    assert library.problems(library.folder / "plays/play-of-a.md.j2") == ["plays/play-of-a.md.j2:3 play-unknown-name"]
    assert library.problems(library.folder / "plays/unused.md.j2") == ["plays/unused.md.j2:3 template-forbidden"]


def test_a_broken_playbook_hides_nothing(library: SmallLibrary) -> None:
    """If the playbook itself cannot be read, that is told whatever file was asked for."""
    path = library.play("unused", "x")
    library.write("playbook.yaml", "nonsense")
    assert library.problems(path) == ["playbook.yaml:1 wrong-shape"]


def test_a_play_outside_the_playbook_is_checked_for_its_form(library: SmallLibrary) -> None:
    path = library.write("drafts/new.md.j2", PLAY.replace("{en}", "{{ x() }}").replace("{zh}", "x").replace("## Do\n", "## Deed\n"))
    assert library.problems(path) == ["drafts/new.md.j2:3 template-forbidden", "drafts/new.md.j2:4 unknown-section"]
