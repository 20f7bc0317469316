"""A title or a reason is missing in one of the languages.

English and Chinese are equals: `title: {en: …, zh: …}`, `why: {en: …, zh: …}`.
"""

from __future__ import annotations

from collections.abc import Iterator

from kamcoach.model.playbook import Library
from kamcoach.reading.fields import LANGUAGES
from kamcoach.source import Diagnostic


def check(library: Library) -> Iterator[Diagnostic]:
    for rule in library.rule_base.rules:
        for key, words in (("title", rule.title), ("why", rule.why)):
            for language in LANGUAGES:
                if not words.get(language, "").strip():
                    message = f"'{key}' of the rule '{rule.id}' is missing in '{language}'."
                    yield Diagnostic(rule.at, "word-missing", message, f"write `{key}: {{en: …, zh: …}}`", "warning")
