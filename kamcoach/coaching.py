"""The use cases: coach one deal, explain, run scenarios, check files."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kamcoach.advice.questions import questions
from kamcoach.advice.rank import Ranked, rank
from kamcoach.engine import NATIVE, TRUE, Consultation, engine_named, infer
from kamcoach.errors import BadInput
from kamcoach.model.advice import Question
from kamcoach.model.deal import Deal
from kamcoach.model.fact import Fact
from kamcoach.model.playbook import Library
from kamcoach.model.rulebase import RuleBase
from kamcoach.reading import nodes
from kamcoach.reading.deals import read_deal, read_deal_text
from kamcoach.reading.finding import CONFIG_FILE, PLAYBOOK_FILE
from kamcoach.source import Diagnostic, Location, real

if TYPE_CHECKING:
    from kamcoach.advice.verify import Difference
    from kamcoach.model.scenario import Scenario


class Coached:
    """One deal, what follows from it, and what to say about it."""

    def __init__(self, deal: Deal, library: Library, consultation: Consultation) -> None:
        self.deal = deal
        self.library = library
        self.consultation = consultation

    @cached_property
    def ranked(self) -> Ranked:
        return rank(self.consultation, self.library)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        return questions(self.consultation, self.library)


def coach(deal: Deal, library: Library, as_of: date | None = None, engine: str = NATIVE) -> Coached:
    """Everything that follows from a deal on a day: `as_of`, else the deal's own, else today. Raises EngineError if the engine fails."""
    return Coached(deal, library, engine_named(engine)(library.rule_base, deal.facts, as_of or deal.as_of or date.today()))


def load_deal(path: Path, library: Library, as_of: date | None = None, language: str = "en") -> tuple[Deal, list[Diagnostic]]:
    """A deal file with its warnings, those of the vocabulary's checks in a language. Raises BadInput with every error found."""
    problems: list[Diagnostic] = []
    return _sound(read_deal(path, library.rule_base.vocabulary, problems), library, as_of, language, problems)


def load_deal_text(
    data: bytes, name: str, library: Library, as_of: date | None = None, language: str = "en"
) -> tuple[Deal, list[Diagnostic]]:
    """The same for bytes that did not come from a file."""
    problems: list[Diagnostic] = []
    return _sound(read_deal_text(data, name, library.rule_base.vocabulary, problems), library, as_of, language, problems)


def _sound(
    deal: Deal | None, library: Library, as_of: date | None, language: str, problems: list[Diagnostic]
) -> tuple[Deal, list[Diagnostic]]:
    if deal is not None and not problems:
        problems.extend(check_deal(deal, library, as_of, language))
    if deal is None or any(problem.level == "error" for problem in problems):
        raise BadInput(problems)
    return deal, problems


def check_deal(deal: Deal, library: Library, as_of: date | None = None, language: str = "en") -> Iterator[Diagnostic]:
    """What the vocabulary's checks find in a deal."""
    checks = {check.rule.id: check for check in library.checks}
    base = RuleBase(library.rule_base.vocabulary, tuple((checks[name].rule,) for name in sorted(checks)), {})  # none feeds another
    result = infer(base, deal.facts, as_of or deal.as_of or date.today())
    for activation in result.activations:
        if activation.truth == TRUE:
            check = checks[activation.rule.id]
            fact = activation.names.get(check.name)
            at = fact.place(check.field) if isinstance(fact, Fact) else _section(deal, check.name)
            yield Diagnostic(at or Location(deal.path), check.rule.id, check.message.get(language, ""), "", check.level)


def _section(deal: Deal, name: str) -> Location | None:
    return next((fact.at for fact in deal.facts if fact.type == name), None)


def run_scenario(scenario: Scenario, library: Library) -> list[str]:
    """What is not as the scenario expects, one sentence each."""
    return [str(one) for one in hold_against(scenario, coach(scenario.deal, library))]


def hold_against(scenario: Scenario, coached: Coached) -> list[Difference]:
    """What of a coached deal is not as a scenario expects."""
    from kamcoach.advice.verify import Outcome, differences

    library = coached.library
    return differences(Outcome(scenario, library, coached.consultation, lambda: coached.ranked, lambda: coached.questions))


def check_files(folder: Path, files: list[Path], codes: Collection[str] | None = None) -> list[Diagnostic]:
    """What is wrong in these files, read with the playbook in a folder; without files, in the whole playbook and its scenarios.

    Of the checks, those with these codes are made (all, if None). What is only doubtful is told of the playbook's own files, not of those
    of a playbook that it extends, and not where something could not be read.
    """
    from kamcoach.reading.library import own_folders, read_library
    from kamcoach.reading.suites import suites

    problems: list[Diagnostic] = []
    place, roots = cache(real), {path: _rule_in(path) for path in files}
    library = read_library(folder, problems, tuple(path for path, root in roots.items() if root is not None))
    if library is not None:
        told: list[Diagnostic] = []
        asked = [*files, *(table for path in files for table in _table_of(path, roots[path]))]
        looked_at = files or [path for suite in suites(folder, library) for path in suite.files()]
        scenarios = {path: _check_other(path, library, told) for path in looked_at if roots.get(path) is None}
        problems.extend(_doubts(library, problems, codes, scenarios, asked))
        if files:
            resolved = {real(path) for path in asked}
            problems = [p for p in problems if place(p.at.path) in resolved or _blocks(p, folder)]
        else:
            own = own_folders(folder)
            problems = [p for p in problems if p.level == "error" or any(Path(p.at.path).is_relative_to(one) for one in own)]
        problems.extend(told)
    once = {(place(p.at.path), p.at.line, p.at.column, p.code, p.message): p for p in problems}  # a file may have two names
    return sorted(once.values(), key=lambda p: (p.at, p.code))


def _doubts(
    library: Library,
    problems: list[Diagnostic],
    codes: Collection[str] | None,
    scenarios: Mapping[Path, list[Scenario]],
    files: list[Path],
) -> Iterator[Diagnostic]:
    """What the checks find. A play that was read in part is not judged, and with any file unread it is not known what nobody uses."""
    from kamcoach.checking import CODES, NEED_ALL, check_library

    faulty = {problem.at.path for problem in problems if problem.level == "error"}
    chosen = frozenset(CODES if codes is None else codes) - (NEED_ALL if faulty else frozenset())
    for doubt in check_library(library, chosen, scenarios, files):
        if doubt.level == "error" or not doubt.at.path.endswith(".j2") or doubt.at.path not in faulty:
            yield doubt


def _blocks(problem: Diagnostic, folder: Path) -> bool:
    """Whether an error lies in the playbook's own file, so that nothing else can be trusted."""
    return problem.level == "error" and real(problem.at.path) == real(folder / PLAYBOOK_FILE)


def _rule_in(path: Path) -> nodes.Mapping | None:
    """What a rule file holds; None if it is none."""
    if path.suffix not in (".yaml", ".yml") or path.name.endswith(".test.yaml"):
        return None
    root = nodes.read_file(path, [])
    return root if isinstance(root, nodes.Mapping) and (root.get("when") is not None or root.get("then") is not None) else None


def _table_of(path: Path, rule: nodes.Mapping | None) -> list[Path]:
    """The table file that a rule file names: what is wrong with the rule may stand there."""
    from kamcoach.reading.tables import named_file

    table = rule.get("table") if rule is not None else None
    named = named_file(table) if table is not None else None
    return [path.with_name(named.text)] if named is not None and Path(named.text).name == named.text else []


def _check_other(path: Path, library: Library, problems: list[Diagnostic]) -> list[Scenario]:
    """Scenario files, deals, plays and templates; rules, vocabularies and playbooks were read with the library. Gives the scenarios."""
    from kamcoach.brief.outline import OUTLINE_FILE

    if path.name.endswith(".test.yaml"):
        from kamcoach.reading.scenarios import read_scenarios

        before = len(problems)
        found = read_scenarios(path, library, problems)
        return found if len(problems) == before else []  # with some of them missing, nothing can be said of the rest
    if path.name == OUTLINE_FILE and path.absolute().parent.name == "templates":
        _check_template(path, library, problems)
    elif path.suffix in (".yaml", ".yml") and path.name not in ("vocabulary.yaml", PLAYBOOK_FILE, CONFIG_FILE):
        before = len(problems)
        deal = read_deal(path, library.rule_base.vocabulary, problems)
        if deal is not None and len(problems) == before:
            problems.extend(check_deal(deal, library))
    elif path.suffix == ".j2":
        _check_template(path, library, problems)
    elif path.suffix.lower() not in (".yaml", ".yml", ".csv", ".xlsx"):
        hint = "a file name ends in .yaml, .md.j2, .csv or .xlsx"
        problems.append(Diagnostic(Location(str(path)), "unknown-kind", "This is neither YAML nor a play nor a table.", hint))
    return []


def _check_template(path: Path, library: Library, problems: list[Diagnostic]) -> None:
    """A play or a template, wherever it stands; what the library has said of it already is not said twice."""
    from kamcoach.checking import page_templates, play_templates
    from kamcoach.reading.playbooks import read_play

    if path.absolute().parent.name == "templates":
        problems.extend(page_templates.of_file(path))
    elif (play := read_play(path, library.sections, problems)) is not None:
        problems.extend(play_templates.of_play(play))
