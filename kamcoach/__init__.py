"""kamcoach: a rule-based sales coach for key accounts.

The public API: load a playbook and a deal, coach, and read what follows.

    library = load_library(find_playbook(None, None))
    deal, warnings = load_deal(Path("deal.yaml"), library)
    coached = coach(deal, library)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kamcoach.coaching import Coached, check_deal, coach, load_deal, load_deal_text
    from kamcoach.engine import infer
    from kamcoach.errors import BadInput, KamcoachError
    from kamcoach.reading.cache import load_library
    from kamcoach.reading.finding import find_playbook
    from kamcoach.source import Diagnostic, Location

__version__ = "0.1.0"

_HOME = {
    "Coached": "coaching",
    "check_deal": "coaching",
    "coach": "coaching",
    "load_deal": "coaching",
    "load_deal_text": "coaching",
    "infer": "engine",
    "BadInput": "errors",
    "KamcoachError": "errors",
    "find_playbook": "reading.finding",
    "load_library": "reading.cache",
    "Diagnostic": "source",
    "Location": "source",
}
__all__ = [
    "BadInput",
    "Coached",
    "Diagnostic",
    "KamcoachError",
    "Location",
    "check_deal",
    "coach",
    "find_playbook",
    "infer",
    "load_deal",
    "load_deal_text",
    "load_library",
]


def __getattr__(name: str) -> Any:
    """Names are imported when they are first asked for: `--version` should not load an engine."""
    if name not in _HOME:
        raise AttributeError(f"module 'kamcoach' has no attribute '{name}'")
    return getattr(import_module(f"kamcoach.{_HOME[name]}"), name)
