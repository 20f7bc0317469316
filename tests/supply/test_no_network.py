"""No command goes to the network: none opens a socket, and none starts a program but git, for a revision."""

from __future__ import annotations

import ast
import importlib.util
import os
import shutil
import subprocess
import sys
from contextlib import chdir
from pathlib import Path
from typing import Final

import pytest

from kamcoach.cli import _COMMANDS
from kamcoach.reading.finding import shipped
from tests.cli.calling import ROOT, called

DEAL: Final = "velora-planning.yaml"
CALLS: Final = (
    ("advise", DEAL),
    ("advise", DEAL, "--format", "json", "--all", "--why"),
    ("why", DEAL, "1"),
    ("why-not", DEAL, "decision-maker-unknown"),
    ("brief", DEAL, "-o", "b.html"),
    ("brief", DEAL, "-o", "b.md", "--pictures", "art"),
    ("brief", DEAL, "-o", "b.pdf"),
    ("brief", DEAL, "-o", "b.docx"),
    ("check",),
    ("check", "--format", "sarif", DEAL),
    ("test", "--playbook", "industrial-tender", "-k", "tender"),
    ("test", "team/rules", "--playbook", "team", "--mutate", "--jobs", "2"),
    ("test", "team/rules", "--playbook", "team", "--coverage", "--junit", "found.xml"),
    ("impact", "key-account", "industrial-tender", "--deals", DEAL),
    ("impact", "HEAD", "--deals", DEAL),
    ("rules", "list"),
    ("rules", "show", "decision-maker-unknown"),
    ("rules", "graph", "--format", "svg"),
    ("rules", "stats"),
    ("new", "deal", "my.yaml"),
    ("init", "ours"),
    ("schema", "all", "-o", "schemas"),
    ("docs", "build", "-o", "site", "--playbook", "team"),
)
NEEDS: Final = {"b.pdf": "weasyprint", "b.docx": "docxtpl"}
ALLOWED: Final = {"impact": ["git"], "b.pdf": ["ldconfig", "gcc", "ld"]}
"""What may be started: git by `impact`; for a PDF what Python itself asks where the Pango library lies."""
WATCH: Final = """
import sys
ALLOWED = []
told = []
def hook(event, arguments):
    if event.startswith(("socket.", "urllib.", "ftplib.", "smtplib.", "http.", "telnetlib.", "webbrowser.")):
        family = arguments[1] if event == "socket.__new__" else getattr(arguments and arguments[0], "family", 0)
        if family == 1:
            return  # between our own processes
        told.append(f"{event} {arguments[:3]}")
    elif event in ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.startfile"):
        program = str(arguments[0]).rpartition("/")[2]
        if program not in ALLOWED and str(arguments[0]) != sys.executable:
            told.append(f"{event} {program}")
sys.addaudithook(hook)
from kamcoach.cli import run
code = run(sys.argv[1:])
sys.stdout.flush()
print(*told, sep="\\n", file=sys.stderr)
sys.exit(9 if told else code)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A deal, and a team's playbook with a rule of its own, in a repository."""
    found = tmp_path_factory.mktemp("work")
    shutil.copy(shipped("examples") / DEAL, found)
    with chdir(found):
        assert called("init", "team").code == 0
    with chdir(found / "team"):
        new = ("new", "rule", "power-is-there", "--looks-at", "stakeholder.power", "--value", "4")
        assert called(*new).code == 0
    (found / "kamcoach.yaml").write_text("playbook: team\n", encoding="utf-8")
    for call in (("init", "-q"), ("add", "-A"), ("-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-qm", "x")):
        subprocess.run(["git", *call], cwd=found, check=True)
    return found


def needs(call: tuple[str, ...]) -> None:
    for file, module in NEEDS.items():
        if file in call and importlib.util.find_spec(module) is None:
            pytest.skip(f"{module} is not installed")


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_no_command_opens_a_socket_or_starts_a_program(call: tuple[str, ...], folder: Path, tmp_path: Path) -> None:
    needs(call)
    here = Path(shutil.copytree(folder, tmp_path / "here"))
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    allowed = [program for word in call for program in ALLOWED.get(word, ())]
    watch = WATCH.replace("ALLOWED = []", f"ALLOWED = {allowed}")
    done = subprocess.run([sys.executable, "-c", watch, *call], cwd=here, env=env, capture_output=True, timeout=300, check=False)
    assert done.returncode in (0, 1), done.stderr.decode()


def test_the_watch_sees_what_it_watches_for(tmp_path: Path) -> None:
    for code in ("import socket; socket.socket()", "import socket; socket.getaddrinfo('localhost', 1)", "import os; os.system('true')"):
        spied = WATCH.replace("code = run(sys.argv[1:])", f"{code}; code = 0")
        done = subprocess.run([sys.executable, "-c", spied], env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=False)
        assert done.returncode == 9, code


@pytest.mark.parametrize("call", CALLS, ids=" ".join)
@pytest.mark.skipif(shutil.which("strace") is None, reason="there is no strace on this machine")
@pytest.mark.slow
@pytest.mark.long
def test_nor_does_any_library_or_child_of_it(call: tuple[str, ...], folder: Path, tmp_path: Path) -> None:
    """As the kernel sees it: no socket but between our own processes."""
    needs(call)
    here = Path(shutil.copytree(folder, tmp_path / "here"))
    trace = tmp_path / "trace"
    command = ["strace", "-f", "-qq", "-e", "trace=socket,connect,sendto,bind", "-o", trace, sys.executable, "-m", "kamcoach", *call]
    done = subprocess.run(command, cwd=here, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, timeout=900, check=False)
    assert done.returncode in (0, 1), done.stderr.decode()
    assert [line for line in trace.read_text().splitlines() if "AF_INET" in line or "AF_NETLINK" in line or "AF_PACKET" in line] == []


@pytest.mark.skipif(shutil.which("unshare") is None, reason="there is no unshare on this machine")
def test_it_is_the_same_where_there_is_no_network() -> None:
    call = [sys.executable, "-m", "kamcoach", "advise", str(shipped("examples") / DEAL), "--format", "json"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    alone = subprocess.run(["unshare", "-rn", *call], env=env, capture_output=True, timeout=60, check=False)
    if b"unshare" in alone.stderr:
        pytest.skip("this machine does not let one leave the network")
    assert alone.stdout == subprocess.run(call, env=env, capture_output=True, timeout=60, check=True).stdout != b""


def test_every_command_is_called_here() -> None:
    assert {call[0] for call in CALLS} == set(_COMMANDS)


MODULES: Final = frozenset(
    {"socket", "ssl", "http", "urllib", "ftplib", "smtplib", "socketserver", "xmlrpc", "asyncio", "requests", "webbrowser"}
)
FUNCTIONS: Final = {"urllib.parse"}
"""Of these nothing connects: it takes addresses apart."""


def test_no_module_imports_what_could_connect() -> None:
    found = {
        f"{path.relative_to(ROOT).as_posix()} {name}"
        for path in (ROOT / "kamcoach").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
        if name.partition(".")[0] in MODULES and name not in FUNCTIONS
    }
    assert found == set()
