"""`kamcoach test`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import click

from kamcoach.cli.options import language, playbook
from kamcoach.cli.output import counted, painter, say, short
from kamcoach.cli.progress import Progress
from kamcoach.errors import BadInput, KamcoachError
from kamcoach.proving.change import KINDS
from kamcoach.proving.choice import Case, Chosen, choose, rules_at
from kamcoach.proving.difference import Result, run, view
from kamcoach.proving.reach import Parts, Reach
from kamcoach.source import real
from kamcoach.writing.files import write_whole

if TYPE_CHECKING:
    from kamcoach.proving.watch import Stamps

_WORDS: Final = {
    "en": {
        "failed": "FAILED",
        "ok": "ok    ",
        "summary": "{scenarios} of {rules} and {deals}: {failed} failed",
        "inherited": "Rules here change conclusions that {playbooks} expects, with its own parameters. If that is not meant, mend them. "
        "If it is, copy\nthe scenario file into rules/ here, correct what it expects, and name it in playbook.yaml: "
        "`replaces: {{scenarios: [NAME]}}`.",
        "or": " or ",
        "running": "{done} of {all} scenarios",
        "own": "{done} of {all} changes tried on the scenarios of their rule",
        "others": "{done} of {all} scenarios of other rules asked",
        "suggest": "looking for scenarios: {done} of {all}",
        "mend_first": "Mend these scenarios first: what fails already cannot notice a change.",
        "watching": "Waiting for a change below {folders}; Ctrl-C ends it.",
        "changed": "{files} changed.",
    },
    "zh": {
        "failed": "没通过",
        "ok": "通过  ",
        "summary": "{rules}条规则、{deals}个完整单子，共{scenarios}个场景：{failed}个没通过",
        "inherited": "这里的规则改变了 {playbooks} 预期的结论（用的是它自己的参数）。不是有意的，就改规则；是有意的，就把那个场景文件\n"
        "复制到这里的 rules/ 下，改好预期，并在 playbook.yaml 里写明：`replaces: {{scenarios: [文件名]}}`。",
        "or": "或 ",
        "running": "已跑{done}/{all}个场景",
        "own": "改动已在本规则的场景上试过{done}/{all}处",
        "others": "其他规则的场景已问过{done}/{all}个",
        "suggest": "正在找能发现改动的场景：{done}/{all}",
        "mend_first": "先把这些场景改到通过：本来就没通过的，发现不了改动。",
        "watching": "正在等 {folders} 下面的文件有改动；按 Ctrl-C 结束。",
        "changed": "{files} 有改动。",
    },
}


class _How(NamedTuple):
    """What to print and where, whatever is asked for."""

    lang: str
    verbose: bool
    junit: Path | None
    at_least: float | None


@click.command("test")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@playbook
@language
@click.option("-k", "word", metavar="WORD", default="", help="Only scenarios with this word in their name or in that of their file.")
@click.option("-v", "--verbose", is_flag=True, help="Name every scenario.")
@click.option("--junit", metavar="FILE", type=click.Path(path_type=Path), help="Write the results as JUnit XML too.")
@click.option("--watch", is_flag=True, help="Run again whenever a file changes: what the change can have touched.")
@click.option("--coverage", is_flag=True, help="Which conditions, truth values and thresholds no scenario tries.")
@click.option("--mutate", is_flag=True, help="Change the rules in small ways: which changes do the scenarios not notice?")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="With --mutate: changes of this kind only.")
@click.option("--sample", metavar="N", type=click.IntRange(1), help="With --mutate: only N changes, drawn by lot.")
@click.option("--seed", metavar="N", type=int, default=0, help="With --sample: another number draws others.", show_default=True)
@click.option("--jobs", metavar="N", type=click.IntRange(1), help="With --mutate: processes at once (default: one for each processor).")
@click.option("--at-least", metavar="PERCENT", type=click.FloatRange(0, 100), help="Exit with 1 if coverage or score is below this.")
def command(
    paths: tuple[Path, ...],
    playbook: str | None,
    lang: str,
    word: str,
    verbose: bool,
    junit: Path | None,
    watch: bool,
    coverage: bool,
    mutate: bool,
    kinds: tuple[str, ...],
    sample: int | None,
    seed: int,
    jobs: int | None,
    at_least: float | None,
) -> None:
    """Run scenarios: each states a deal and what should follow.

    PATH is a scenario file, a rule file or a folder; without one, all scenarios of the playbook are run. Scenarios of a playbook that it
    extends are run with the parameters of that playbook.

    --coverage and --mutate say what the scenarios of the rules at PATH leave open; without PATH, of all rules of the playbook's own.
    """
    if watch and mutate:
        raise click.UsageError("--watch and --mutate do not go together.")
    how = _How(lang, verbose, junit, at_least)
    if watch:
        _watch(paths, playbook, word, how, coverage=coverage)
        return
    chosen = choose(paths, playbook, word)
    fine = _run(chosen, chosen.cases, how)
    if coverage:
        fine = _cover(chosen, paths, how) and fine
    if mutate:
        if not fine:
            raise KamcoachError(_WORDS[lang]["mend_first"])
        fine = _mutate(chosen, paths, how, kinds=kinds, sample=sample or 0, seed=seed, jobs=jobs)
    sys.exit(0 if fine else 1)


def _run(chosen: Chosen, cases: tuple[Case, ...], how: _How) -> bool:
    """Whether all scenarios pass; those that do not are told."""
    words = _WORDS[how.lang]
    parts = Parts(Reach(chosen.playbook.library.rule_base))
    results: list[Result] = []
    with Progress() as progress:
        for case in cases:
            results.append(run(case, parts.of(case)))
            progress(words["running"].format(done=len(results), all=len(cases)))
    for result in results:
        _tell(result, how)
    say(_summary(results, how.lang))
    failed = [one for one in results if one.differences]
    if inherited := dict.fromkeys(one.suite.playbook for one in failed if one.suite.inherited):
        say(words["inherited"].format(playbooks=words["or"].join(inherited)))
    if how.junit is not None:
        from kamcoach.proving.junit import junit

        write_whole(how.junit, junit(results, how.lang), replace=True)
    return not failed


def _tell(result: Result, how: _How) -> None:
    scenario, words = result.scenario, _WORDS[how.lang]
    name = f"{scenario.at.path}:{scenario.at.line} {scenario.name}"
    if result.differences:
        whose = f" ({result.suite.playbook})" if result.suite.inherited else ""
        say(painter()(short(f"{words['failed']} {name}{whose}"), "strong"))
        for line in view(result, how.lang):
            say(short(f"    {line}"))
    elif how.verbose:
        say(short(f"{words['ok']} {name}"))


def _summary(results: list[Result], lang: str) -> str:
    tested = (one.suite.library.rule_base.named(one.scenario.rule) for one in results if one.scenario.rule)
    rules = len({rule.id for found in tested for rule in found})
    deals = sum(1 for one in results if not one.scenario.rule)
    failed = sum(1 for one in results if one.differences)
    if lang == "zh":
        return _WORDS[lang]["summary"].format(scenarios=len(results), rules=rules, deals=deals, failed=failed)
    numbers = {"scenarios": counted(len(results), "scenario"), "rules": counted(rules, "rule"), "deals": counted(deals, "whole deal")}
    return _WORDS[lang]["summary"].format(**numbers, failed=failed)


def _cover(chosen: Chosen, paths: tuple[Path, ...], how: _How) -> bool:
    from kamcoach.proving.coverage import coverage
    from kamcoach.proving.coverage_report import percent, report

    found = coverage(chosen.playbook, rules_at(chosen, paths), chosen.cases)
    _say_all(report(found, how.lang))
    return how.at_least is None or percent(found) >= how.at_least


def _mutate(
    chosen: Chosen, paths: tuple[Path, ...], how: _How, *, kinds: tuple[str, ...], sample: int, seed: int, jobs: int | None
) -> bool:
    from kamcoach.proving.crew import processors
    from kamcoach.proving.mutation import mutate
    from kamcoach.proving.mutation_report import report

    words = _WORDS[how.lang]
    with Progress() as line:

        def progress(what: str, done: int, every: int) -> None:
            line(words[what].format(done=done, all=every))

        rules = rules_at(chosen, paths)
        found = mutate(chosen, rules, progress, jobs=jobs or processors(), sample=sample, seed=seed, kinds=kinds)
    _say_all(report(found, how.lang))
    return how.at_least is None or found.score.percent >= how.at_least


def _say_all(lines: Iterable[str]) -> None:
    for line in lines:
        say(short(line))


def _watch(paths: tuple[Path, ...], playbook: str | None, word: str, how: _How, *, coverage: bool) -> None:
    """Run, wait for a change, run what it can have touched, until somebody presses Ctrl-C."""
    from kamcoach.proving.watch import outermost, stamps, wait_for_change

    words, touched, folders = _WORDS[how.lang], None, tuple[Path, ...]()
    try:
        while True:
            before: Stamps = stamps(folders)
            try:
                chosen = choose(paths, playbook, word)
                folders = folders or outermost([*map(Path, chosen.playbook.library.roots), *paths])
                before = before or stamps(folders)
                _run(chosen, _touched(chosen, touched), how)
                if coverage:
                    _cover(chosen, paths, how)
            except (BadInput, KamcoachError) as error:
                if not folders:
                    raise
                say(short(str(error)))
            say(short(words["watching"].format(folders=", ".join(map(str, folders)))))
            touched = wait_for_change(folders, before)
            say(short(words["changed"].format(files=", ".join(map(str, touched)))))
    except KeyboardInterrupt:
        say("")


def _touched(chosen: Chosen, changed: list[Path] | None) -> tuple[Case, ...]:
    """The scenarios that a change of these files can have touched; all if more than rules and scenarios changed."""
    if changed is None or not all(path.suffix == ".yaml" for path in changed):
        return chosen.cases
    stems = {path.stem for path in changed if not path.name.endswith(".test.yaml")}
    base = chosen.playbook.library.rule_base
    if stems - {rule.stem for rule in base.rules}:
        return chosen.cases
    rules = {rule.id for rule in base.rules if rule.stem in stems}
    reach, files = Reach(base), {real(path) for path in changed}
    found: Iterator[Case] = (case for case in chosen.cases if reach.of(case.scenario) & rules or real(case.scenario.at.path) in files)
    return tuple(found)
