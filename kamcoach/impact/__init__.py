"""What a change of rules does to deals: the same deals coached by two libraries, side by side."""

from kamcoach.impact.compare import DealImpact, Impact, compare

__all__ = ["DealImpact", "Impact", "compare"]
