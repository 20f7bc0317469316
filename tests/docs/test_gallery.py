"""The pictures of the manual are those that the program draws."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "docs" / "build_gallery.py"


def test_the_pictures_of_the_manual_are_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    spec = importlib.util.spec_from_file_location("build_gallery", SCRIPT)
    assert spec is not None and spec.loader is not None
    gallery = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(gallery)
    assert gallery.main(["--pictures", "--check"]) == 0, capsys.readouterr().out
    assert {path.name for path in gallery.PICTURES.iterdir()} == {
        path.name for path in gallery.drawn(gallery.load_library(gallery.find_playbook(None, None)))
    }
