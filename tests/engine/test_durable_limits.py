"""What docs/explanation/engines.md says of the failures of durable-rules is what happens."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.cli.calling import ROOT
from tests.engine.runs import needs_durable


@needs_durable
@pytest.mark.slow
@pytest.mark.long
def test_durable_rules_fails_as_the_page_says() -> None:
    script = ROOT / "benchmarks" / "durable_limits.py"
    printed = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=120, check=True).stdout
    page = (ROOT / "docs/explanation/engines.md").read_text(encoding="utf-8")
    assert printed.strip() in page, printed
