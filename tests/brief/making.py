"""Briefs made in this process."""

from __future__ import annotations

from pathlib import Path

from kamcoach.advice.report import Report
from kamcoach.advice.speech import Speech
from kamcoach.brief.document import Brief, brief
from kamcoach.coaching import Coached, coach, load_deal, load_deal_text
from kamcoach.model.deal import Deal
from kamcoach.model.fact import Fact
from kamcoach.model.playbook import Library


def of_file(path: Path, library: Library, lang: str = "en", audience: str = "manager") -> Brief:
    return _made(coach(load_deal(path, library)[0], library), lang, audience)


def of_text(text: str, library: Library, lang: str = "en", audience: str = "manager") -> Brief:
    return _made(coach(deal_of(text, library), library), lang, audience)


def deal_of(text: str, library: Library) -> Deal:
    return load_deal_text(text.encode(), "deal.yaml", library)[0]


def renamed(text: str, name: str, library: Library) -> Deal:
    """A deal whose customer has a name that no deal file may give it."""
    deal = deal_of(text, library)
    facts = (Fact(one.type, {**one.fields, "name": name}, one.key, one.at) if one.type == "account" else one for one in deal.facts)
    return deal._replace(facts=tuple(facts))


def of_deal(deal: Deal, library: Library, lang: str = "en") -> Brief:
    return _made(coach(deal, library), lang, "manager")


def _made(coached: Coached, lang: str, audience: str) -> Brief:
    speech = Speech(coached.consultation, coached.library, lang)
    return brief(Report(coached.deal, speech, coached.ranked, coached.questions, full=False), audience)


def crowd(name: str, count: int = 20) -> str:
    """A deal with many people, contacts and criteria, all of the same long name."""
    rows = [
        "schema_version: 1",
        "as_of: 2026-03-30",
        f"account: {{id: a, name: {name!r}, type: new}}",
        f"opportunity: {{id: o, title: {name!r}, type: new_business}}",
    ]
    rows.append("stakeholders:")
    for n in range(count):
        lines = f", reports_to: p{n // 2}, influences: [p{(n + 7) % count}]" if n else ""
        known = f"power: {n % 6}, attitude: {n % 5 - 2}, " if n % 4 else ""
        rows.append(f"  - {{id: p{n}, name: '{name} {n}', roles: [user, influencer, committee_member], {known}access: met{lines}}}")
    rows.append("criteria:")
    rows += [
        f"  - {{id: c{n}, name: '{name} {n}', importance: {n % 5 + 1}, our_fit: {n % 6}, best_rival_fit: {5 - n % 6}}}"
        for n in range(count)
    ]
    rows.append("interactions:")
    for n in range(count):
        said = f"outcome: advance, customer_action: '{name} {n}'" if n % 2 else "outcome: continuation"
        rows.append(f"  - {{date: 2026-0{n % 3 + 1}-{n + 1:02}, with: [p{n}], type: call, {said}}}")
    rows.append(
        "resources: {planned: {recognition_of_needs: 4, evaluation_of_options: 6, resolution_of_concerns: 0, decision_to_purchase: 0, "
        "implementation: 0, changes_over_time: 0}, spent: {recognition_of_needs: 900, evaluation_of_options: 8}}"
    )
    return "\n".join(rows) + "\n"
