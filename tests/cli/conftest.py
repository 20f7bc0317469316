"""Deals to call the program with."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kamcoach.reading.finding import shipped
from tests.small_library import DEAL, IDLE, SmallLibrary


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shipped deal, copied to the folder in which the test then runs."""
    monkeypatch.chdir(tmp_path)
    return Path(shutil.copy(shipped("examples") / "velora-planning.yaml", tmp_path / "deal.yaml")).relative_to(tmp_path)


@pytest.fixture
def team(library: SmallLibrary, monkeypatch: pytest.MonkeyPatch) -> SmallLibrary:
    """The small library with one warning, a page for each language, and a deal that calls on it; the test runs in its folder."""
    library.advice("a", "[{person: {power: {at_least: 4}}, as: p}]", "about: $p")
    page = "# {{ deal.customer }}\n\n{% for a in actions %}\n## {{ a.text.headline }} [{{ a.severity }}]\n\n{% endfor %}\n"
    for lang in ("en", "zh"):
        library.write(f"templates/advice.{lang}.md.j2", page)
    library.write("kamcoach.yaml", f"playbook: .\ncheck: {{ignore: [{', '.join(sorted(IDLE))}]}}\n")
    library.write("deal.yaml", "account: {name: Alder}\npeople: [{id: li, name: Li, power: 5}]" + DEAL)
    monkeypatch.chdir(library.folder)
    return library
