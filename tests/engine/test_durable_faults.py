"""Whatever durable-rules does: one clear message, exit code 3 and no answer. The next deal is coached as if nothing had been."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kamcoach.engine import durable
from kamcoach.engine.durable import process
from kamcoach.errors import EngineError
from kamcoach.reading.finding import shipped
from tests.cli.calling import called
from tests.engine import stand_in
from tests.engine.by_hand import facts_of, layered
from tests.engine.outcomes import difference, outcome
from tests.engine.runs import needs_durable
from tests.small_vocabulary import AS_OF

RULES = """
[{person: {active: true}, as: p}] => [{mark: {p: {reached_1: true}}}]
[{person: {reached_1: true}}] => [{conclude: flag_1}]
[{person: {active: true}}, {deal: {open: true}}] => [{conclude: flag_2}]
"""
DEAL = "{people: [{id: a, active: true}], deal: {open: false}}"
FAULTS = [
    (stand_in.CRASHES, "durable-rules crashed (signal 11)."),
    (stand_in.HANGS, "durable-rules did not finish within 1 seconds and was stopped."),
    (stand_in.HANGS_AT_ONCE, "durable-rules did not finish within 1 seconds and was stopped."),
    (stand_in.REFUSES, "durable-rules failed: Could not assert fact, error code: 303."),
    (stand_in.SPOILS_ITS_STATE, "durable-rules failed: exception caught list index out of range, traceback."),
    (stand_in.EXITS, "durable-rules crashed (exit code 0)."),
    (stand_in.CANNOT_BE_LOADED, "durable-rules failed: durable_rules_engine.so: undefined symbol: PyEval_CallObject."),
    (stand_in.OVERLOOKS, "durable-rules is wrong: it did not fire the rule 'rule-0', whose conditions hold."),
    (stand_in.INVENTS, "durable-rules is wrong: it fired the rule 'rule-2', whose conditions do not hold so."),
    (stand_in.MAKES_NONSENSE, "durable-rules is wrong: it speaks of 'nobody', and was told of no such thing."),
]


@pytest.fixture
def deal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shipped deal; the test runs in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return shipped("examples") / "velora-planning.yaml"


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """The worker loads a durable-rules with this fault, and may take a second."""
    monkeypatch.setenv("PYTHONPATH", str(stand_in.stand_in(tmp_path / "path", request.param)))
    monkeypatch.setattr(process, "SECONDS", 1)


@needs_durable
@pytest.mark.parametrize(("broken", "message"), FAULTS, indirect=["broken"])
def test_a_fault_is_one_clear_message(broken: None, message: str) -> None:
    base = layered(RULES)
    with pytest.raises(EngineError) as raised:
        durable.infer(base, facts_of(DEAL), AS_OF)
    told = str(raised.value)
    assert told.startswith(message) and told.endswith("Nothing was concluded; --engine native does without it.")
    assert raised.value.exit_code == 3 and "\n" not in told


@needs_durable
@pytest.mark.parametrize("broken", [stand_in.CRASHES], indirect=True)
@pytest.mark.parametrize("command", [["advise", "--format", "json"], ["why", "stage"], ["brief", "-o", "-"]])
def test_a_command_tells_it_and_prints_nothing_else(broken: None, command: list[str], deal: Path) -> None:
    done = called(command[0], deal, *command[1:], "--engine", "durable")
    assert (done.code, done.out) == (3, "")
    assert done.err == "durable-rules crashed (signal 11). Nothing was concluded; --engine native does without it.\n"


@needs_durable
@pytest.mark.parametrize("broken", [stand_in.CRASHES], indirect=True)
def test_a_brief_that_failed_is_not_written(broken: None, deal: Path) -> None:
    done = called("brief", deal, "-o", "out.html", "--engine", "durable")
    assert done.code == 3 and not Path("out.html").exists()


@needs_durable
def test_after_a_process_has_died_the_next_deal_gets_a_new_one() -> None:
    base = layered(RULES)
    first = durable.infer(base, facts_of(DEAL), AS_OF)
    worker = durable.workers_of(base).worker
    assert worker is not None
    os.kill(worker.process.pid, signal.SIGKILL)
    with pytest.raises(EngineError, match=r"crashed \(signal 9\)"):
        durable.infer(base, facts_of(DEAL), AS_OF)
    assert difference(outcome(durable.infer(base, facts_of(DEAL), AS_OF)), outcome(first)) == []


def test_a_missing_extra_is_told(deal: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 12, 0, "final", 0))
    monkeypatch.setitem(sys.modules, "durable", None)
    done = called("advise", deal, "--engine", "durable")
    assert (done.code, done.out) == (3, "")
    assert "needs durable-rules, which is not installed: pip install 'kamcoach[durable]'." in done.err


def test_a_python_that_is_too_new_is_told(deal: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 13, 1, "final", 0))
    done = called("advise", deal, "--engine", "durable")
    assert (done.code, done.out) == (3, "")
    assert "needs Python 3.12 or older" in done.err and done.err.count("\n") == 1


@needs_durable
@pytest.mark.slow
def test_a_process_that_hangs_ends_itself_when_nobody_waits_for_it(tmp_path: Path) -> None:
    """As after `kill -9` of the program."""
    path = stand_in.stand_in(tmp_path / "path", stand_in.HANGS_AT_ONCE)
    worker = Path(process.__file__).with_name("worker.py")
    request = b'{"layers": [[{}]], "seconds": 1}\n'
    done = subprocess.run(
        [sys.executable, str(worker)], input=request, env={**os.environ, "PYTHONPATH": str(path)}, timeout=60, check=False
    )
    assert done.returncode == -signal.SIGALRM
