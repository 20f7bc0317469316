"""The manual page of each check: its example is what is really told, and the reference is made of these pages."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kamcoach import checking
from kamcoach.checking import CHECKS, Check
from tests.small_library import PLAY, SmallLibrary

ROOT = Path(__file__).resolve().parents[2]
STRONG = "\n  - person: {power: {at_least: 4}}\n    as: p"


def _accuses(library: SmallLibrary) -> None:
    library.advice("nobody-met", "\n  - no_evidence_of: {person: {met: true}}")


def _never_shown(library: SmallLibrary) -> None:
    library.advice("few-met", STRONG, "instead_of: [nobody-met]")
    library.advice("nobody-met", STRONG + "\n  - open")


def _call(library: SmallLibrary) -> None:
    library.advice("nobody-met", STRONG, play="meet-them")


def _brief(library: SmallLibrary) -> None:
    readers = "audiences:\n  manager:\n    parts: [peple, summary]\n    label: {en: M, zh: 经理}\n"
    library.write("templates/brief.yaml", f"{readers}due: {{critical: 7, warn: 14, advise: 30, info: 60}}\nwords: {{}}\n")
    page = '{% for part in parts %}{% if part == "summary" %}In short{% elif part == "people" %}People{% endif %}{% endfor %}'
    library.write("templates/brief.md.j2", page)


def _days(library: SmallLibrary) -> None:
    _call(library)
    text = (library.folder / "playbook.yaml").read_text(encoding="utf-8")
    library.write("playbook.yaml", text.replace("sections:\n", "sections:\n  days: {en: Days, zh: 天数}\n"))
    library.write(
        "plays/meet-them.md.j2", PLAY.replace("## Do\n", "## Days\ntwo weeks\n## Do\n").replace("## 做什么", "## 天数\n14\n## 做什么")
    )


def _concludes(library: SmallLibrary) -> None:
    library.rule("few-met", STRONG, "\n  - conclude: open")


def _field(library: SmallLibrary) -> None:
    text = (library.folder / "vocabulary.yaml").read_text(encoding="utf-8")
    library.write("vocabulary.yaml", text.replace("      share:", "      discount:"))


def _not_read(library: SmallLibrary) -> None:
    _concludes(library)
    (library.folder / "rules/few-met.yaml").rename(library.folder / "rules/few-met.yml")


def _hides(library: SmallLibrary) -> None:
    library.advice("few-met", "\n  - person: {met: true}\n    as: people")


def _never_concluded(library: SmallLibrary) -> None:
    for name in ("stage: wish", "evidence: {sign: in_use}", "next_sign: {sign: in_use}", "missing: {role: user}", "contacts: 1"):
        library.rule(
            f"z-{name[0]}-{len(name)}",
            "[{person: {}, as: p}]",
            f"[{{conclude: {{{name}}}}}, {{mark: {{$p: {{mood: cold, reached: true}}}}}}]",
        )
    library.rule(
        "few-met",
        "\n  - missing: {role: decider}",
        "[{conclude: open}, {conclude: {unreached: {role: user}}}, {conclude: {risk: {kind: cold}}}]",
    )


def _param_range(library: SmallLibrary) -> None:
    text = (library.folder / "playbook.yaml").read_text(encoding="utf-8")
    library.write("playbook.yaml", text.replace("value: 2", "value: 9"))
    library.rule("few-met", "\n  - person: {power: {above: $params.few}}", "[{conclude: open}]")


def _section(library: SmallLibrary) -> None:
    _call(library)
    library.write("plays/meet-them.md.j2", PLAY.replace("# zh", "## Ask\n- Who decides?\n# zh"))


def _unknown_name(library: SmallLibrary) -> None:
    library.advice("nobody-met", play="meet-them")
    library.play("meet-them", "Meet {{ person.name }}")


def _threshold(library: SmallLibrary) -> None:
    for name in ("few-met", "nobody-met", "weak"):
        library.rule(name, "\n  - person: {power: {at_least: 4}}", "[{conclude: open}]")


def _never_fires(library: SmallLibrary) -> None:
    library.rule("few-met", "\n  - person: {power: {at_least: 4, at_most: 2}}", "[{conclude: open}]")


def _repeats(library: SmallLibrary) -> None:
    library.advice("few-met", STRONG)
    library.advice("nobody-met", STRONG)


def _no_source(library: SmallLibrary) -> None:
    _concludes(library)
    path = library.folder / "rules/few-met.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("source: a test", "source: TODO"), encoding="utf-8")


def _gap(library: SmallLibrary) -> None:
    library.rule("few-met", "\n  - contacts: {at_least: 1, at_most: 3}", "[{conclude: open}]")
    library.rule("many-met", "\n  - contacts: {at_least: 5, at_most: 7}", "[{conclude: {stage: wish}}]")


def _no_word(library: SmallLibrary) -> None:
    library.rule("nobody-met", "[open]", "[{conclude: {contacts: 1}}]")
    path = library.folder / "rules/nobody-met.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("{en: Title of nobody-met, zh: nobody-met的标题}", "{en: Nobody met}"), encoding="utf-8"
    )


CASES: dict[str, Callable[[SmallLibrary], object]] = {
    "accuses-without-asking": _accuses,
    "advice-never-shown": _never_shown,
    "advice-without-question": _call,
    "brief-part-unknown": _brief,
    "conclusion-never-read": _concludes,
    "field-never-read": _field,
    "file-not-read": _not_read,
    "name-hides-section": _hides,
    "never-concluded": _never_concluded,
    "param-out-of-range": _param_range,
    "param-unused": _concludes,
    "play-days-unclear": _days,
    "play-never-called": lambda library: library.play("meet-them", "Meet them"),
    "play-section-missing": _section,
    "play-unknown-name": _unknown_name,
    "repeated-threshold": _threshold,
    "rule-never-fires": _never_fires,
    "rule-repeats-another": _repeats,
    "rule-without-scenario": _call,
    "source-missing": _no_source,
    "threshold-gap": _gap,
    "word-missing": _no_word,
}
every_check = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)


@every_check
def test_the_example_of_a_page_is_what_is_really_told(check: Check, library: SmallLibrary) -> None:
    CASES[check.code](library)
    found = [str(one).replace(f"{library.folder}/", "") for one in library.check(codes={check.code}) if one.code == check.code]
    assert check.example in found


@every_check
def test_a_page_says_what_is_wrong_and_how_to_mend_it(check: Check) -> None:
    title, _, rest = check.page.partition("\n\n")
    assert title.endswith(".")
    assert "\n\n**Mend it:** " in rest
    assert len(rest.splitlines()) < 12


def test_every_module_with_a_code_is_among_the_checks() -> None:
    folder = Path(checking.__file__).parent
    modules = {path.stem for path in folder.glob("*.py") if "CODE: Final" in path.read_text(encoding="utf-8")}
    assert {check.code.replace("-", "_") for check in CHECKS} == modules
    assert [check.code for check in CHECKS] == sorted(check.code for check in CHECKS)


def test_the_reference_is_made_of_these_pages() -> None:
    done = subprocess.run([sys.executable, ROOT / "docs/build_checks.py", "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
