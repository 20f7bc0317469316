"""The rule linter: one check a module; its docstring is its manual page.

Each module has a `CODE`, a `LEVEL`, an `EXAMPLE` of what it says, and a function `check` that looks at a whole library. One that says that
nobody uses something has `NEEDS_ALL`: a rule that could not be read might have used it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Final, NamedTuple

from kamcoach.checking import (
    accuses_without_asking,
    advice_never_shown,
    advice_without_question,
    brief_part_unknown,
    conclusion_never_read,
    field_never_read,
    file_not_read,
    name_hides_section,
    never_concluded,
    page_templates,
    param_out_of_range,
    param_unused,
    play_days_unclear,
    play_never_called,
    play_section_missing,
    play_templates,
    play_unknown_name,
    repeated_threshold,
    rule_never_fires,
    rule_repeats_another,
    rule_without_scenario,
    source_missing,
    threshold_gap,
    word_missing,
)
from kamcoach.checking.allowed import without_allowed
from kamcoach.checking.finding import Finding
from kamcoach.checking.survey import Survey
from kamcoach.model.playbook import Library
from kamcoach.model.scenario import Scenario
from kamcoach.source import Diagnostic, Level


class Check(NamedTuple):
    """One check: its code, how bad its findings are, its manual page, and an example of what it says."""

    code: str
    level: Level
    page: str
    example: str
    find: Callable[[Survey], Iterator[Finding]]
    needs_all: bool = False


def _check(module: ModuleType) -> Check:
    return Check(
        module.CODE, module.LEVEL, (module.__doc__ or "").strip(), module.EXAMPLE, module.check, getattr(module, "NEEDS_ALL", False)
    )


CHECKS: Final[tuple[Check, ...]] = tuple(
    _check(module)
    for module in (
        accuses_without_asking,
        advice_never_shown,
        advice_without_question,
        brief_part_unknown,
        conclusion_never_read,
        field_never_read,
        file_not_read,
        name_hides_section,
        never_concluded,
        param_out_of_range,
        param_unused,
        play_days_unclear,
        play_never_called,
        play_section_missing,
        play_unknown_name,
        repeated_threshold,
        rule_never_fires,
        rule_repeats_another,
        rule_without_scenario,
        source_missing,
        threshold_gap,
        word_missing,
    )
)
CODES: Final = frozenset(check.code for check in CHECKS)
NEED_ALL: Final = frozenset(check.code for check in CHECKS if check.needs_all)


def check_library(
    library: Library,
    codes: Collection[str] = CODES,
    scenarios: Mapping[Path, list[Scenario]] | None = None,
    files: Collection[Path] = (),
) -> list[Diagnostic]:
    """What the checks of these codes find in a library; scenarios that were read already need not be read again.

    If only some files are asked about, what costs time is left out for the others. Plays and pages that cannot be understood are always
    told: they could not be used.
    """
    survey = Survey(library, scenarios, files)
    found = [
        Diagnostic(one.at, check.code, one.message, one.hint, check.level)
        for check in CHECKS
        if check.code in codes
        for one in check.find(survey)
    ]
    return [*page_templates.check(library), *play_templates.check(library), *without_allowed(found)]
