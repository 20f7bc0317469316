"""A package named `durable` that the worker loads in place of durable-rules, to see what becomes of its faults."""

from __future__ import annotations

from pathlib import Path

HOST = """
import os, signal, time

class Host:
    def __init__(self):
        self._run()
        self.actions = []

    def _run(self):
        pass

    def set_rulesets(self, rulesets):
        self.actions += [rule["run"] for rules in rulesets.values() for name, rule in rules.items() if name != "begin"]

    def assert_fact(self, name, fact):
        pass

    def assert_facts(self, name, facts):
        pass

    def get_state(self, name, sid):
        return {"sid": sid}

    def delete_state(self, name, sid):
        pass
"""
CRASHES = """
    def assert_facts(self, name, facts):
        os.kill(os.getpid(), signal.SIGSEGV)
"""
HANGS = """
    def assert_facts(self, name, facts):
        while True:
            pass
"""
HANGS_AT_ONCE = """
    def set_rulesets(self, rulesets):
        while True:
            pass
"""
REFUSES = """
    def assert_facts(self, name, facts):
        raise Exception("Could not assert fact, error code: 303")
"""
SPOILS_ITS_STATE = """
    def get_state(self, name, sid):
        return {"sid": sid, "exception": "exception caught list index out of range, traceback"}
"""
EXITS = """
    def assert_facts(self, name, facts):
        os._exit(0)
"""
OVERLOOKS = ""
INVENTS = """
    def assert_facts(self, name, facts):
        class Closure:
            def __getattr__(self, name):
                return {"c0": "w0"}
            def assert_fact(self, fact):
                pass
        for action in self.actions:
            action(Closure())
"""
MAKES_NONSENSE = """
    def assert_facts(self, name, facts):
        class Closure:
            def __getattr__(self, name):
                return {"c0": "nobody"}
            def assert_fact(self, fact):
                pass
        for action in self.actions:
            action(Closure())
"""
CANNOT_BE_LOADED = 'raise ImportError("durable_rules_engine.so: undefined symbol: PyEval_CallObject")'


def stand_in(folder: Path, fault: str) -> Path:
    """A folder to be put before all others on PYTHONPATH."""
    package = folder / "durable"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "engine.py").write_text(fault if fault.startswith("raise") else HOST + fault)
    return folder
