"""Every command that writes files, each with a folder in which it has something to write."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from kamcoach.reading.cache import load_library
from kamcoach.reading.finding import find_playbook, shipped
from tests.cli.calling import called
from tests.small_library import DEAL, SmallLibrary

State = dict[str, bytes | None]
RULE: Final = ("new", "rule", "power-is-there", "--looks-at", "person.power", "--value", "4", "--lens", "who")
FIELD: Final = (
    "new",
    "vocabulary",
    "--fact",
    "account",
    "--field",
    "rating",
    "--type",
    "int",
    "--label-en",
    "Rating",
    "--ask-en",
    "Which?",
)
GRAPH: Final = ("rules", "graph", "-o", "graph.txt", "--force")


class Writing(NamedTuple):
    """A call; `before` are calls that were made before it, and `together` says that its files appear or change in one step."""

    call: tuple[str, ...]
    before: tuple[tuple[str, ...], ...] = ()
    together: bool = True
    prepare: Callable[[Path], object] = lambda folder: None


def has_a_deal(folder: Path) -> None:
    shutil.copy(shipped("examples") / "velora-planning.yaml", folder / "velora.yaml")


def has_a_slip(folder: Path) -> None:
    """A deal that `check --fix` mends."""
    (folder / "deal.yaml").write_text(f"account: {{name: Alder, size: '3'}} # kept{DEAL}", encoding="utf-8")


def has_a_wrong_name(folder: Path) -> None:
    (folder / "rules").mkdir()
    (folder / "rules/z.yml").write_text((folder / "../small/rules/a.yaml").read_text(encoding="utf-8").replace("id: a", "id: z"))


def has_another_rule(folder: Path) -> None:
    """So that a site is another than before: pages change, and one comes up."""
    has_a_wrong_name(folder)
    (folder / "rules/z.yml").rename(folder / "rules/z.yaml")


def has_a_stranger(folder: Path) -> None:
    has_another_rule(folder)
    (folder / "site/CNAME").write_text("x", encoding="utf-8")


def has_a_folder(folder: Path) -> None:
    (folder / "ours").mkdir()


_BRIEF: Final = ("brief", "velora.yaml", "--playbook", "key-account", "--lang", "en")
_SITE: Final = ("docs", "build", "-o", "site")
CALLS: Final = {
    "new deal": Writing(("new", "deal", "my.yaml", "--playbook", "key-account"), together=False),
    "new deal without a schema": Writing(("new", "deal", "my.yaml", "--playbook", "key-account", "--no-schema")),
    "new rule": Writing(RULE, together=False),
    "new rule with schemas that are there": Writing(RULE, (("schema", "all", "-o", ".kamcoach"),), together=False),
    "new play": Writing(("new", "play", "call-them")),
    "new vocabulary": Writing(FIELD, together=False),
    "new playbook": Writing(("new", "playbook", "deep/ours", "--extends", "../.."), together=False),
    "init": Writing(("init", "ours", "--extends", "..")),
    "init where something is": Writing(("init", "ours", "--extends", ".."), together=False, prepare=has_a_folder),
    "schema": Writing(("schema", "deal", "-o", "deal.json")),
    "schema in place of another": Writing(("schema", "deal", "-o", "deal.json"), (("schema", "rule", "-o", "deal.json"),)),
    "all schemas": Writing(("schema", "all", "-o", "deep/schemas")),
    "all schemas in place of others": Writing(
        ("schema", "all", "-o", "schemas", "--lang", "zh"), (("schema", "all", "-o", "schemas"),), together=False
    ),
    "brief as a page": Writing((*_BRIEF, "-o", "b.html")),
    "brief in place of another": Writing((*_BRIEF, "-o", "b.html", "--for", "rep"), ((*_BRIEF, "-o", "b.html"),)),
    "brief as Markdown": Writing((*_BRIEF, "-o", "b.md")),
    "brief into a folder": Writing((*_BRIEF, "-o", "out")),
    "brief with pictures": Writing((*_BRIEF, "-o", "b.md", "--pictures", "art"), together=False),
    "brief with pictures in place of others": Writing(
        (*_BRIEF, "-o", "b.md", "--pictures", "art", "--lang", "zh"),
        ((*_BRIEF, "-o", "b.md", "--pictures", "art"),),
        together=False,
    ),
    "check --fix": Writing(("check", "--fix", "deal.yaml"), prepare=has_a_slip),
    "check --fix of a name": Writing(("check", "--fix"), together=False, prepare=has_a_wrong_name),
    "test --junit": Writing(("test", "--junit", "found.xml"), (RULE,)),
    "rules graph": Writing(GRAPH),
    "rules graph in place of another": Writing((*GRAPH, "--format", "mermaid"), (GRAPH,)),
    "docs build": Writing(_SITE),
    "docs build in place of another": Writing(_SITE, (_SITE,), prepare=has_another_rule),
    "docs build where something is": Writing(_SITE, (_SITE,), together=False, prepare=has_a_stranger),
}
DRAFT: Final = ".kamcoach-"


def made_ready(writing: Writing, library: SmallLibrary, patch: pytest.MonkeyPatch) -> Path:
    """The folder to call it in: a playbook on top of the small one. The call will write no cache."""
    if "key-account" not in writing.call:
        patch.setenv("KAMCOACH_NO_CACHE", "1")
    library.advice("a", "[{person: {power: 5}, as: p}]", "about: $p")
    folder = library.folder.parent / "team"
    folder.mkdir()
    (folder / "kamcoach.yaml").write_text("playbook: .\n", encoding="utf-8")
    (folder / "playbook.yaml").write_text("id: team\ntitle: {en: Team, zh: 团队}\nextends: ../small\n", encoding="utf-8")
    with chdir(folder):
        if "key-account" in writing.call:
            load_library(find_playbook("key-account", folder))  # from now on in the cache
            has_a_deal(folder)
        for call in writing.before:
            assert called(*call).code == 0, call
        writing.prepare(folder)
    return folder


def state(folder: Path, *, drafts: bool = True) -> State:
    """Every file with its content and its rights; a folder has no content."""
    paths = (path for path in sorted(folder.rglob("*")) if drafts or DRAFT not in path.relative_to(folder).as_posix())
    return {
        f"{path.relative_to(folder).as_posix()} {path.lstat().st_mode:o}": path.read_bytes() if path.is_file() else None for path in paths
    }


def whole(found: State, before: State, after: State, *, together: bool) -> bool:
    """Whether it is as before or as after; or, where files change one by one, each file is as before or as after."""
    if together:
        return found in (before, after)
    kept = before.keys() & after.keys()
    return kept <= found.keys() and all(text in [one[path] for one in (before, after) if path in one] for path, text in found.items())
