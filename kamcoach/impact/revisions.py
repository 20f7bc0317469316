"""A library at a revision of git, taken out into a folder of its own."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from pathlib import Path

from kamcoach.errors import KamcoachError
from kamcoach.source import real

_SECONDS = 60


def checked_out(revision: str, folder: Path, target: Path) -> Path:
    """The playbook in `folder` as it was at a revision, put below `target`. Raises KamcoachError."""
    git = shutil.which("git")
    if git is None:
        raise KamcoachError(f"'{revision}' is no playbook, and git, which could know it as a revision, is not on this machine.")
    top = Path(_said(git, folder, "rev-parse", "--show-toplevel").strip())
    commit = _said(git, top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}").strip()
    archive = target / "archive.tar"
    _said(git, top, "archive", "--format=tar", f"--output={archive}", commit)
    with tarfile.open(archive) as tar:
        tar.extractall(target, filter="data")
    found = target / real(folder).relative_to(real(top))
    if not found.is_dir():
        raise KamcoachError(f"{folder} is not there at revision '{revision}'.")
    return found


def _said(git: str, folder: Path, *call: str) -> str:
    """What git prints."""
    try:
        done = subprocess.run([git, "-C", str(folder), *call], capture_output=True, timeout=_SECONDS, check=True)
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip().splitlines()
        revision = call[-1].removesuffix("^{commit}")
        raise KamcoachError(said[0] if said else f"'{revision}' is neither a playbook nor a revision of git.") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise KamcoachError(f"git could not be asked: {error}.") from error
    return done.stdout.decode(errors="replace")
