"""The public API: every name it promises is there, and asking for the version loads next to nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import kamcoach

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("name", kamcoach.__all__)
def test_every_name_is_there(name: str) -> None:
    assert getattr(kamcoach, name).__name__ == name


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        _ = kamcoach.nonsense


def test_a_deal_is_coached_in_three_lines() -> None:
    """As the docstring of the package says."""
    library = kamcoach.load_library(kamcoach.find_playbook(None, None))
    deal, warnings = kamcoach.load_deal(ROOT / "examples/velora-planning.yaml", library)
    coached = kamcoach.coach(deal, library)
    assert warnings == [] and coached.ranked.actions and coached.questions


@pytest.mark.parametrize(
    ("code", "unwanted"),
    [
        ("import kamcoach", ("yaml", "jinja2", "click", "kamcoach.engine")),
        ("from kamcoach.cli import run; run(['--version'])", ("yaml", "jinja2", "kamcoach.engine", "kamcoach.reading.rules")),
        (
            "from kamcoach.cli import run; run(['advise', 'examples/delta-film.yaml'])",
            ("rich", "ruamel", "kamcoach.checking", "ssl", "socket"),
        ),
    ],
)
def test_only_what_is_used_is_loaded(code: str, unwanted: tuple[str, ...]) -> None:
    """So it starts quickly; and nothing that could reach a network is there at all."""
    look = f"{code}; import sys; print(*[name for name in {unwanted} if name in sys.modules], file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True, timeout=60)
    assert done.stderr.strip() == ""
