"""A file lies among the rules or the plays and is not read, because its name does not end as it should.

Rules and scenarios end in `.yaml` (not `.yml`), plays in `.md.j2`, and plays lie in `plays/` itself.

**Mend it:** Rename the file; `--fix` does it if no other file has the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from kamcoach.checking.finding import Finding
from kamcoach.checking.survey import Survey
from kamcoach.source import Hint, Location, Mend

CODE: Final = "file-not-read"
LEVEL: Final = "warning"
EXAMPLE: Final = """\
rules/few-met.yml:1:1: [file-not-read] warning: This file is not read.
    hint: rename it to few-met.yaml"""
_RULE_LIKE: Final = re.compile(r"\.ya?ml(\.txt)?$", re.IGNORECASE)
_PLAY_LIKE: Final = re.compile(r"(\.md)?\.(j2|jinja2?)(\.txt)?$|\.md(\.txt)?$", re.IGNORECASE)


def check(survey: Survey) -> Iterator[Finding]:
    for folder in dict.fromkeys(map(Path, survey.library.roots)):
        rules = folder if folder.name == "rules" else folder / "rules"
        yield from (_misnamed(path, _RULE_LIKE, ".yaml") for path in _files(rules, _RULE_LIKE) if path.suffix != ".yaml")
        plays = folder / "plays"
        for path in _files(plays, _PLAY_LIKE):
            if not path.name.endswith(".md.j2"):
                yield _misnamed(path, _PLAY_LIKE, ".md.j2")
            elif path.parent != plays:
                yield Finding(Location(str(path)), "This file is not read.", "move it to plays/ itself")


def _files(folder: Path, like: re.Pattern[str]) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if like.search(path.name) and path.stem.upper() != "README" and path.is_file())


def _misnamed(path: Path, like: re.Pattern[str], ending: str) -> Finding:
    name = like.sub(ending, path.name)
    renamed = Hint(f"rename it to {name}", Mend(path.name, name, "file name"))
    taken = path.with_name(name).exists()
    return Finding(Location(str(path)), "This file is not read.", f"there is a {name} too: delete one of them" if taken else renamed)
