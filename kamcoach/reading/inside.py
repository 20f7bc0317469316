"""The files of a playbook lie in it: a link that leads out of its folder is not followed.

Otherwise a playbook from a stranger could have a private file of the reader printed as a play, and sent to a customer with a brief.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from kamcoach.source import Diagnostic, Location, real


def stray(paths: Iterable[Path], folder: Path) -> Iterator[Diagnostic]:
    """A diagnostic for each of these files that does not lie in the folder, once links are followed."""
    root = real(folder)
    for path in paths:
        if not real(path).is_relative_to(root):
            hint = "put the file itself there; to use what is in another playbook, extend it"
            yield Diagnostic(Location(str(path)), "leads-out", "This is a link that leads out of the playbook.", hint)
