"""What the search of a handbook looks through: a script, since a page that is opened as a file may load scripts and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from kamcoach.advice.words import printable
from kamcoach.handbook.book import LANGUAGES, Page, href

Row = list[str]
"""Kind, address from the top of the site, name, then the title and the text in each language."""


def index(pages: Iterable[Page]) -> str:
    """The script that hands the rows to the search."""
    rows = [json.dumps(row, ensure_ascii=False, separators=(",", ":")) for page in pages for row in _rows(page)]
    return "window.handbookIndex=[\n" + ",\n".join(rows) + "\n];\n"


def _rows(page: Page) -> Iterator[Row]:
    texts = [_plain(page.text.get(language, "")) for language in LANGUAGES]
    titles = [_plain(page.title.get(language, "")) for language in LANGUAGES]
    yield [page.kind, href(page.kind, page.name), page.name, *titles, *texts]
    for part in page.parts:
        told = [_plain(part.title.get(language, "")) for language in LANGUAGES]
        yield [page.kind or page.name, href(page.kind, page.name, part.anchor), part.name, *told, *("" for _ in LANGUAGES)]


def _plain(text: str) -> str:
    return printable(" ".join(text.split()))
