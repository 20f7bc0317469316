"""Whether durable-rules can be used here."""

from __future__ import annotations

import sys
from importlib.util import find_spec

import pytest

needs_durable = pytest.mark.skipif(
    sys.version_info >= (3, 13) or find_spec("durable") is None,
    reason="the extra `durable` is not installed",
)
