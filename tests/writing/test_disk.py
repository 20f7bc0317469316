"""A disk that is full indeed, a limit on files, a folder and a file that must not be written: nothing is lost, and one line says why."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from typing import Final

import pytest

from tests.cli.calling import ROOT, Called, called
from tests.small_library import SmallLibrary
from tests.writing.commands import CALLS, Writing, made_ready, state

pytestmark = [pytest.mark.slow, pytest.mark.long]
posix: Final = pytest.mark.skipif(sys.platform == "win32", reason="needs rights and limits of POSIX")
EVERY: Final = pytest.mark.parametrize("writing", CALLS.values(), ids=CALLS.keys())
SPACE: Final = 2_000_000


@pytest.fixture
def ready(writing: Writing, library: SmallLibrary, monkeypatch: pytest.MonkeyPatch) -> Path:
    return made_ready(writing, library, monkeypatch)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, of two megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if sys.platform != "linux" or os.geteuid() or shutil.which("mount") is None:
        pytest.skip("only root of Linux mounts a small file system")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SPACE}", "none", disk], check=False, capture_output=True).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        yield disk
    finally:
        subprocess.run(["umount", disk], check=True)


@EVERY
@pytest.mark.parametrize("room", [0, 1, 3])
def test_a_full_disk(writing: Writing, ready: Path, small_disk: Path, room: int) -> None:
    """With room for so many pages of memory: too few for what is written, or just enough."""
    shutil.copytree(ready.parent / "small", small_disk / "small")
    folder = Path(shutil.copytree(ready, small_disk / "team"))
    before = state(folder)
    fill_up(small_disk / "filled", room * os.sysconf("SC_PAGE_SIZE"))
    with chdir(folder):
        found = called(*writing.call)
    if found.code:
        assert state(folder) == before
        assert "No space left on device" in found.err
        assert len(found.err.splitlines()) == 1
    else:
        assert state(folder) != before
    if not room and writing is not CALLS["check --fix of a name"]:
        assert found.code == 2


def fill_up(path: Path, room: int) -> None:
    with path.open("wb", buffering=0) as file:
        size = 0
        for block in (65536, 512):
            try:
                while True:
                    size += file.write(b"x" * block)
            except OSError:
                continue
        file.truncate(max(0, size - room))


@posix
@EVERY
def test_a_limit_that_breaks_off_in_the_middle_of_a_file(writing: Writing, ready: Path) -> None:
    """The system takes the first 100 bytes and no more."""
    before = state(ready)
    found = process(writing, ready, first="import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))")
    if found.code:
        assert state(ready) == before
        assert "cannot be written: File too large." in found.err
        assert len(found.err.splitlines()) == 1
    else:
        new = [content for path, content in state(ready).items() if before.get(path) != content]
        assert all(len(content or b"") <= 100 for content in new) or writing is CALLS["check --fix of a name"]


@posix
@EVERY
def test_a_folder_that_must_not_be_written(writing: Writing, ready: Path) -> None:
    """Nor anything in it."""
    for path in (ready, *ready.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = state(ready)
    found = process(writing, ready, *without_power())
    assert state(ready) == before
    assert found.code == 2
    assert "Permission denied" in found.err
    assert len(found.err.splitlines()) == 1


@posix
def test_a_file_that_must_not_be_written_is_not_replaced(library: SmallLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though its folder may be written."""
    writing = CALLS["check --fix"]
    folder = made_ready(writing, library, monkeypatch)
    (folder / "deal.yaml").chmod(0o444)
    before = state(folder)
    found = process(writing, folder, *without_power())
    assert (found.code, found.err) == (2, "deal.yaml cannot be written: Permission denied.\n")
    assert state(folder) == before


PRINTING: Final = (
    ("advise", "velora.yaml", "--playbook", "key-account", "--format", "json"),
    ("advise", "velora.yaml", "--playbook", "key-account"),
    ("why", "velora.yaml", "1", "--playbook", "key-account"),
    ("brief", "velora.yaml", "--playbook", "key-account", "-o", "-"),
    ("schema", "deal"),
    ("new", "deal", "-", "--playbook", "key-account"),
    ("rules", "list"),
    ("check",),
    ("test", "--playbook", "industrial-tender", "-k", "tender"),
)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("call", PRINTING, ids=" ".join)
def test_printing_to_a_full_disk_is_no_success(call: tuple[str, ...], library: SmallLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = made_ready(Writing(call), library, monkeypatch)
    with open("/dev/full", "wb", buffering=0) as full:  # noqa: PTH123
        command = [sys.executable, "-m", "kamcoach", *call]
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, cwd=folder, env=env, stdout=full, stderr=subprocess.PIPE, timeout=120, check=False)
    assert (done.returncode, done.stderr.decode()) == (2, "The system refuses: No space left on device.\n")


def without_power() -> list[str]:
    """What is put before a command so that root may do no more than anybody else."""
    if os.geteuid():
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("root may write everywhere, and there is no setpriv to keep it from that")
    return ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]


def process(writing: Writing, folder: Path, *command: str, first: str = "pass") -> Called:
    """The call as a process of its own that gives up something before it begins."""
    code = f"import sys; from kamcoach.cli import run; {first}; code = run(sys.argv[1:]); sys.stdout.flush(); sys.exit(code)"
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    call = [*command, sys.executable, "-c", code, *writing.call]
    done = subprocess.run(call, cwd=folder, env=env, capture_output=True, timeout=120, check=False)
    return Called(done.returncode, done.stdout.decode(), done.stderr.decode())
