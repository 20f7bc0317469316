"""The YAML language server that editors run, asked over its standard streams."""

from __future__ import annotations

import json
import queue
import shutil
import subprocess
import threading
from pathlib import Path
from typing import Any, Final

VERSION: Final = "1.25.0"
PATIENCE: Final = 120.0


def installed(folder: Path) -> list[str] | str:
    """The command that starts the server: the one on this machine, or else one from npm; if there is none, the reason."""
    own = shutil.which("yaml-language-server")
    if own:
        return [own, "--stdio"]
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        return "there is no yaml-language-server, and no node and npm to get it with"
    command = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(folder), f"yaml-language-server@{VERSION}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return "npm did not bring the yaml-language-server in time"
    found = folder / "node_modules" / ".bin" / "yaml-language-server"
    if done.returncode or not found.exists():
        return f"npm does not bring the yaml-language-server: {done.stderr.strip()[-200:]}"
    return [str(found), "--stdio"]


class Server:
    """A running server. A file is opened with a text; then its faults, completions and hover texts can be asked for."""

    def __init__(self, command: list[str]) -> None:
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.messages: queue.Queue[dict[str, Any]] = queue.Queue()
        self.faults: dict[str, list[dict[str, Any]]] = {}
        self.asked = 0
        threading.Thread(target=self._listen, daemon=True).start()
        self.ask("initialize", {"processId": None, "rootUri": None, "capabilities": {"textDocument": {"hover": {}}}})
        self.send({"method": "initialized", "params": {}})
        self.send({"method": "workspace/didChangeConfiguration", "params": {"settings": _SETTINGS}})

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()

    def open(self, path: Path, text: str) -> None:
        """Write a file and open it."""
        path.write_text(text, encoding="utf-8")
        self.faults.pop(path.as_uri(), None)
        document = {"uri": path.as_uri(), "languageId": "yaml", "version": 1, "text": text}
        self.send({"method": "textDocument/didOpen", "params": {"textDocument": document}})

    def wrong(self, path: Path) -> list[tuple[int, str]]:
        """Line (from 1) and message of all that the server finds wrong."""
        while path.as_uri() not in self.faults:
            self._take(self.messages.get(timeout=PATIENCE))
        return sorted((one["range"]["start"]["line"] + 1, one["message"]) for one in self.faults[path.as_uri()])

    def offered(self, path: Path, line: int, column: int) -> dict[str, str]:
        """What is offered at a place (from 1), with the words that explain it."""
        found = self.ask("textDocument/completion", _place(path, line, column))
        items = found["items"] if isinstance(found, dict) else found or []
        return {item["label"]: _text(item.get("documentation")) for item in items}

    def hover(self, path: Path, line: int, column: int) -> str:
        found = self.ask("textDocument/hover", _place(path, line, column))
        return _text(found["contents"]) if found else ""

    def ask(self, method: str, params: Any) -> Any:
        self.asked += 1
        number = self.asked
        self.send({"id": number, "method": method, "params": params})
        while True:
            message = self.messages.get(timeout=PATIENCE)
            if message.get("id") == number and "method" not in message:
                return message.get("result")
            self._take(message)

    def send(self, message: dict[str, Any]) -> None:
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(data) + data)
        self.process.stdin.flush()

    def _take(self, message: dict[str, Any]) -> None:
        """What the server says or asks of its own accord."""
        if message.get("method") == "textDocument/publishDiagnostics":
            self.faults[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif "id" in message and message.get("method") == "workspace/configuration":
            answers = [_SETTINGS.get(one.get("section")) for one in message["params"]["items"]]
            self.send({"id": message["id"], "result": answers})
        elif "id" in message and "method" in message:
            self.send({"id": message["id"], "result": None})

    def _listen(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while header := stream.readline():
            length = int(header.split(b":")[1])
            while stream.readline().strip():
                pass
            self.messages.put(json.loads(stream.read(length)))


_SETTINGS: Final[dict[str, Any]] = {
    "yaml": {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}, "hoverSchemaSource": False}
}


def _place(path: Path, line: int, column: int) -> dict[str, Any]:
    return {"textDocument": {"uri": path.as_uri()}, "position": {"line": line - 1, "character": column - 1}}


def _text(found: Any) -> str:
    return found.get("value", "") if isinstance(found, dict) else found or ""
