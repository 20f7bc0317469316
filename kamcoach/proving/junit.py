"""Results in the XML that build servers read."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from xml.etree import ElementTree

from kamcoach.advice.words import printable
from kamcoach.proving.difference import Result, view


def junit(results: Sequence[Result], language: str = "en") -> str:
    """A test suite for each scenario file, a test case for each scenario."""
    root = ElementTree.Element("testsuites", _counts(results))
    for path, group in groupby(results, lambda one: one.scenario.at.path):
        suite = list(group)
        element = ElementTree.SubElement(root, "testsuite", {"name": path, **_counts(suite)})
        for one in suite:
            element.append(_case(one, language))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _counts(results: Sequence[Result]) -> dict[str, str]:
    failed = sum(1 for one in results if one.differences)
    return {"tests": str(len(results)), "failures": str(failed), "errors": "0", "skipped": "0"}


def _case(result: Result, language: str) -> ElementTree.Element:
    scenario = result.scenario
    names = {"classname": scenario.rule or "whole deals", "name": printable(scenario.name), "file": scenario.at.path}
    case = ElementTree.Element("testcase", {**names, "line": str(scenario.at.line)})
    if result.differences:
        message = printable("; ".join(map(str, result.differences)))
        failure = ElementTree.SubElement(case, "failure", {"message": message, "type": "difference"})
        failure.text = printable("\n".join(view(result, language)))
    return case
