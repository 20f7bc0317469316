"""Whatever command writes a file writes all of it or nothing: the disk full or the process killed at any moment, two processes at once."""

from __future__ import annotations

import ast
import os
import random
import sys
import time
from contextlib import chdir
from pathlib import Path
from typing import Final

import pytest

from tests.cli.calling import ROOT, called
from tests.small_library import SmallLibrary
from tests.writing.commands import CALLS, DRAFT, Writing, made_ready, state, whole
from tests.writing.moments import before_and_after, called_with_a_fault, fresh, killed, spread

EVERY: Final = pytest.mark.parametrize("writing", CALLS.values(), ids=CALLS.keys())
posix: Final = pytest.mark.skipif(sys.platform == "win32", reason="needs fork and kill")
MOST: Final = pytest.mark.parametrize("most", [3, pytest.param(60, marks=[pytest.mark.slow, pytest.mark.long])])
KILLS: Final = 200


@pytest.fixture
def ready(writing: Writing, library: SmallLibrary, monkeypatch: pytest.MonkeyPatch) -> Path:
    return made_ready(writing, library, monkeypatch)


@EVERY
@MOST
def test_a_disk_that_is_full_at_any_moment_changes_nothing(
    writing: Writing, ready: Path, most: int, request: pytest.FixtureRequest
) -> None:
    before, after, moments = before_and_after(writing, ready)
    refused = 0
    for moment in spread(moments, most):
        found, left = called_with_a_fault(writing, ready, moment)
        assert left in (before, after), moment
        assert (left == after) == (found.code == 0), found.err
        if found.code:
            refused += 1
            assert (found.code, len(found.err.splitlines())) == (2, 1), found.err
            assert "No space left on device" in found.err
    assert refused or "of a name" in request.node.name  # where no links can be made, there is another way


@posix
@EVERY
@MOST
def test_a_call_that_is_killed_at_any_moment_leaves_no_half_of_a_file(writing: Writing, ready: Path, most: int) -> None:
    before, after, moments = before_and_after(writing, ready)
    for moment in spread(moments, most):
        folder = fresh(ready)
        assert killed(writing, folder, at=moment)
        assert whole(state(folder, drafts=False), before, after, together=writing.together), moment
        usable(folder)


def usable(folder: Path) -> None:
    """What was left can be read: nothing in the playbook calls for what is not there."""
    with chdir(folder):
        assert called("check").code == 0


@posix
@pytest.mark.slow
def test_calls_killed_at_random_moments_leave_no_half_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    random_moment, found = random.Random(6), []
    for number, writing in enumerate(CALLS.values()):
        monkeypatch.delenv("KAMCOACH_NO_CACHE", raising=False)
        ready = made_ready(writing, SmallLibrary(tmp_path / str(number) / "small"), monkeypatch)
        start = time.perf_counter()
        before, after, _ = before_and_after(writing, ready)
        duration = time.perf_counter() - start
        for _ in range(-(-KILLS // len(CALLS))):
            folder = fresh(ready)
            found.append(killed(writing, folder, seconds=random_moment.uniform(0.0001, duration)))
            assert whole(state(folder, drafts=False), before, after, together=writing.together)
            usable(folder)
    assert sum(found) > KILLS / 2


@posix
@EVERY
def test_two_at_once_leave_what_one_would(writing: Writing, ready: Path) -> None:
    """Whichever comes second is refused, or does the same once more."""
    _, after, _ = before_and_after(writing, ready)
    folder = fresh(ready)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in [started(writing, folder) for _ in range(2)]]
    assert 0 in codes
    assert set(codes) <= {0, 2}
    assert state(folder) == after


def started(writing: Writing, folder: Path) -> int:
    child = os.fork()
    if not child:
        code = 99
        try:
            with chdir(folder):
                code = called(*writing.call).code
        finally:
            os._exit(code)
    return child


@EVERY
def test_what_a_killed_call_leaves_beside_its_files_is_read_by_nothing(writing: Writing, ready: Path) -> None:
    _, after, _ = before_and_after(writing, ready)
    folder = ready.parent / "team-copy"
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        path.with_name(f".{path.name}{DRAFT}0a1b2c3d").write_text("half of", encoding="utf-8")
    usable(folder)
    assert state(folder, drafts=False) == after


# ── one place where files are written ─────────────────────────────────────────────────────────────────────────────────

_WRITES: Final = {
    "write_text",
    "write_bytes",
    "touch",
    "hardlink_to",
    "symlink_to",
    "mkstemp",
    "NamedTemporaryFile",
    "copytree",
    "copyfile",
}
_WRITE_FILES: Final = {
    "kamcoach/writing",
    "kamcoach/handbook/folder.py",
    "kamcoach/reading/store.py",  # the cache, which is never needed
    "kamcoach/engine/durable/worker.py",  # a pipe to its parent
}


def test_no_other_module_writes_files() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "kamcoach").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and writes(node)
    }
    assert found
    assert [name for name in sorted(found) if not any(name.startswith(one) for one in _WRITE_FILES)] == []


def writes(call: ast.Call) -> bool:
    """Whether it looks like a call that writes: by its name, or by a mode for opening."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id if isinstance(call.func, ast.Name) else ""
    modes = [one.value for one in (*call.args, *(pair.value for pair in call.keywords)) if isinstance(one, ast.Constant)]
    opens = name in {"open", "fdopen"} and any(isinstance(mode, str) and set(mode) & set("wax+") and len(mode) < 4 for mode in modes)
    return name in _WRITES or opens
