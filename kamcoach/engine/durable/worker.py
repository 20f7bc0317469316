"""The process in which durable-rules runs. If it crashes, nothing else does.

It is run as a file of its own and knows nothing of kamcoach. It reads one request a line and answers each with one line, both JSON:
`{"layers": [[ruleset, …], …], "seconds": n}` first, answered with `{"ready": true}`, then `{"layer": n, "runs": [[signal, …], …]}` with one
list of signals for each run (the first the possible, the second the certain), answered with `{"fired": [[[rule, [word, …]], …], …]}`.
A signal is its name followed by its columns. What goes wrong is answered with `{"error": text}`.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Any, BinaryIO

BEGIN = "begin"
"""A rule that fires in every session: durable-rules crashes when it deletes one in which none did."""
BATCH = 200
"""Messages that are asserted at once."""
GRACE = 5
"""Seconds after which a process that nobody watches any more ends itself."""
MEMORY = 2 << 30
"""Bytes that this process may take."""


class Refused(Exception):
    """durable-rules did something that it never should."""


class Shard:
    """One ruleset of a layer."""

    def __init__(self, name: str, rules: dict[str, Any], host: Any) -> None:
        self.name = name
        self.host = host
        self.reads = {one for body in rules.values() for one in body["reads"]}
        self.run: Run | None = None
        own = {f"r{n}": {"all": body["all"], "dist": 0, "run": self._action(rule, body)} for n, (rule, body) in enumerate(rules.items())}
        host.set_rulesets({name: {**own, BEGIN: {"all": [{"m": {"s": BEGIN}}], "run": lambda _: None}}})

    def _action(self, rule: str, body: dict[str, Any]) -> Any:
        def act(closure: Any) -> None:
            assert self.run is not None
            try:
                self.run.fire(self, rule, body, closure)
            except Exception as error:  # noqa: BLE001 - durable-rules would swallow it
                self.run.failure = self.run.failure or error

        return act


class Run:
    """All that follows from the signals of one layer."""

    def __init__(self, shards: list[Shard], sid: str, certain: bool) -> None:  # noqa: FBT001
        self.shards = shards
        self.sid = sid
        self.certain = certain
        self.told: set[tuple[str, ...]] = set()
        self.waiting: dict[str, list[tuple[str, ...]]] = {shard.name: [] for shard in shards}
        self.fired: dict[tuple[str, tuple[str, ...]], None] = {}
        self.count = 0
        self.failure: Exception | None = None

    def follow(self, signals: list[list[str]]) -> list[list[Any]]:
        for one in signals:
            self.tell(tuple(one))
        try:
            while any(self.waiting.values()):
                for shard in self.shards:
                    self._assert(shard)
        finally:
            for shard in self.shards:
                if shard.run is not None:
                    shard.host.delete_state(shard.name, self.sid)
                    shard.run = None
        return [[rule, list(words)] for rule, words in self.fired]

    def tell(self, one: tuple[str, ...], closure: Any = None, within: Shard | None = None) -> None:
        """Tell every ruleset that reads the signal; the one in which a rule has just fired at once."""
        if one in self.told:
            return
        self.told.add(one)
        for shard in self.shards:
            if one[0] in shard.reads:
                if shard is within:
                    closure.assert_fact(self._message(one))
                else:
                    self.waiting[shard.name].append(one)

    def _message(self, one: tuple[str, ...]) -> dict[str, str]:
        """With an id of our own: durable-rules would take a 32-bit hash of the content."""
        self.count += 1
        return {"sid": self.sid, "id": str(self.count), "s": one[0], **{f"c{n}": word for n, word in enumerate(one[1:])}}

    def _assert(self, shard: Shard) -> None:
        waiting, self.waiting[shard.name] = self.waiting[shard.name], []
        if not waiting:
            return
        if shard.run is None:
            shard.run = self
            shard.host.assert_fact(shard.name, self._message((BEGIN,)))
        for start in range(0, len(waiting), BATCH):
            shard.host.assert_facts(shard.name, [self._message(one) for one in waiting[start : start + BATCH]])
            if self.failure is not None:
                raise self.failure
        if "exception" in (state := shard.host.get_state(shard.name, self.sid)):
            raise Refused(state["exception"])

    def fire(self, shard: Shard, rule: str, body: dict[str, Any], closure: Any) -> None:
        """Called by durable-rules when everything that a rule waits for is there."""

        def value(place: list[str]) -> str:
            return str(getattr(closure, place[0])[place[1]])

        self.fired[rule, tuple(value(place) for place in body["names"])] = None
        for one in body["signals"]:
            if one["certain"] or not self.certain:
                self.tell((one["signal"], *(value(place) for place in one["places"]), *one["words"]), closure, shard)


class Server:
    """Answers requests until there are no more."""

    def __init__(self) -> None:
        self.layers: list[list[Shard]] = []
        self.seconds = 0
        self.runs = 0

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        if "layers" in request:
            self._load(request)
            return {"ready": True}
        shards = self.layers[request["layer"]]
        found = []
        for number, signals in enumerate(request["runs"]):
            self.runs += 1
            found.append(Run(shards, f"run{self.runs}", number == 1).follow(signals))
        return {"fired": found}

    def _load(self, request: dict[str, Any]) -> None:
        from durable.engine import Host

        class Quiet(Host):  # type: ignore[misc]
            """Without the timers that would look after every ruleset several times a second, from other threads."""

            def _run(self) -> None:
                pass

        host = Quiet()
        self.seconds = request["seconds"]
        self.layers = [
            [Shard(f"layer{n}shard{place}", rules, host) for place, rules in enumerate(rulesets)]
            for n, rulesets in enumerate(request["layers"])
        ]


def limit_memory() -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def watch(seconds: int) -> None:
    """End this process after that many seconds, even inside durable-rules (0: no more)."""
    if hasattr(signal, "alarm"):
        signal.alarm(seconds + GRACE if seconds else 0)


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    server = Server()
    for line in requests:
        request = json.loads(line)
        watch(request.get("seconds") or server.seconds)
        try:
            answer = server.answer(request)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told
            answer = {"error": f"{error or type(error).__name__}"}
        watch(0)
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


def main() -> None:
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what durable-rules prints is not an answer
    limit_memory()
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
