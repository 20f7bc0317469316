"""What every test may rely on: a cache of its own, English, no colour, and two libraries."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kamcoach.model.playbook import Library
from kamcoach.reading.cache import load_library
from kamcoach.reading.finding import find_playbook
from tests.small_library import SmallLibrary, Team


@pytest.fixture(scope="session", autouse=True)
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing of the person who runs the tests: no cache, no language, no colour, no width."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("LC_ALL", "C.UTF-8")
        for name in ("KAMCOACH_NO_CACHE", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="session")
def shipped_library() -> Library:
    """The playbook that comes with the program, read from its files."""
    return load_library(find_playbook(None, None), cached=False)


@pytest.fixture
def library(tmp_path: Path) -> SmallLibrary:
    """A playbook in a folder of its own, small enough to see through, to which a test adds rules and plays."""
    return SmallLibrary(tmp_path / "small")


@pytest.fixture
def on_top(library: SmallLibrary, tmp_path: Path) -> Team:
    """On top of the small library, which gets the rule `a` with its play."""
    library.advice("a", "[{person: {power: 5}, as: p}]", "about: $p")
    return Team(tmp_path / "team", "../small")
