"""A small playbook on disk with a vocabulary of its own, to which a test adds rules, plays and deals. Deals are of 2026-03-02."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Final

from kamcoach.advice.speech import Speech
from kamcoach.checking import CODES
from kamcoach.coaching import Coached, check_files, coach, load_deal_text
from kamcoach.model.playbook import Library
from kamcoach.reading.cache import load_library
from kamcoach.source import Diagnostic

VOCABULARY: Final = """\
facts:
  account:
    label: {en: Account, zh: 客户}
    fields:
      name: {type: text, label: {en: Customer, zh: 客户名}}
      name_zh: {type: text, label: {en: Chinese name, zh: 中文名}}
      size: {type: int, label: {en: Size, zh: 规模}, ask: {en: "How big is {account}?", zh: "{account}有多大？"}}
  order:
    label: {en: Order, zh: 订单}
    fields:
      title: {type: text, label: {en: Title, zh: 名称}}
      amount: {type: money, label: {en: Amount, zh: 金额}}
      currency: {type: text, label: {en: Currency, zh: 币种}}
      budget: {type: enum, of: budget, label: {en: Budget, zh: 预算}, ask: {en: "Is there a budget?", zh: "有预算吗？"}}
      claimed: {type: enum, of: stage, label: {en: Stage claimed, zh: 自报阶段}}
      due: {type: date, label: {en: Due, zh: 到期日}}
      share: {type: ratio, label: {en: Share, zh: 份额}}
      terms.days: {type: int, label: {en: Days to pay, zh: 账期}}
      terms.note: {type: text, label: {en: Note on terms, zh: 账期说明}}
  person:
    list: people
    key: id
    label: {en: Person, zh: 关键人}
    ask: {en: "Who takes part?", zh: "都有谁参与？"}
    fields:
      id: {type: key, required: true, label: {en: Id, zh: 编号}}
      name: {type: text, label: {en: Name, zh: 姓名}}
      title: {type: text, label: {en: Position, zh: 职务}}
      roles: {type: set, of: role, label: {en: Roles, zh: 角色}, ask: {en: "What is the part of {this}?", zh: "{this}是什么角色？"}}
      power: {type: int, min: 0, max: 5, label: {en: Power, zh: 影响力}, ask: {en: "How much power?", zh: "影响力多大？"}}
      seen: {type: date, label: {en: Last seen, zh: 最近见面}}
      met: {type: bool, label: {en: Met, zh: 见过}}
      boss: {type: ref, to: person, label: {en: Boss, zh: 上级}}
      friends: {type: set, to: person, label: {en: Friends, zh: 朋友}}
    derived:
      reached: {type: flag, label: {en: Reached, zh: 已接触}}
      mood: {type: enum, of: mood, label: {en: Mood, zh: 态度}}
  talk:
    list: talks
    label: {en: Talk, zh: 面谈}
    ask: {en: "Which talks were there?", zh: "谈过几次？"}
    fields:
      date: {type: date, label: {en: Date, zh: 日期}}
      with: {type: set, to: person, label: {en: With, zh: 参加的人}}
      minutes: {type: int, label: {en: Minutes, zh: 分钟}}
derived:
  stage: {type: enum, of: stage, label: {en: Stage, zh: 阶段}}
  open: {type: flag, label: {en: Open, zh: 进行中}}
  contacts: {type: int, label: {en: Contacts, zh: 接触人数}}
  evidence: {label: {en: Evidence, zh: 证据}, fields: {stage: {type: enum, of: stage}, sign: {type: enum, of: sign}}}
  next_sign: {label: {en: Still to come, zh: 还差}, fields: {sign: {type: enum, of: sign}}}
  missing: {label: {en: Missing, zh: 缺}, fields: {role: {type: enum, of: role, label: {en: Role, zh: 角色}}}}
  unreached: {label: {en: Not reached, zh: 没见过}, fields: {role: {type: enum, of: role}, person: {type: ref, to: person}}}
  risk: {label: {en: Risk, zh: 风险}, fields: {person: {type: ref, to: person}, kind: {type: enum, of: mood}}}
enums:
  stage: {ordered: true, values: {wish: {en: Wish, zh: 想要}, choice: {en: Choice, zh: 挑选}, use: {en: Use, zh: 使用}}}
  budget: {ordered: true, values: {none: {en: None yet, zh: 没有}, asked: {en: Asked for, zh: 在申请}, approved: {en: Approved, zh: 已批}}}
  role: {values: {decider: {en: Decider, zh: 拍板人}, user: {en: User, zh: 使用者}}}
  mood: {values: {cold: {en: Gone cold, zh: 冷淡}, warm: {en: Warm, zh: 热情}}}
  sign: {values: {money_there: {en: The money is there, zh: 钱到位了}, in_use: {en: It is in use, zh: 用上了}}}
  lens: {values: {who: {en: Right person, zh: 找对人}, words: {en: Right words, zh: 说对话}, deed: {en: Right thing, zh: 做对事}}}
checks:
  - id: seen-in-the-future
    when: [{person: {seen: {days_ago: {below: 0}}}, as: p}]
    at: $p.seen
    severity: error
    message: {en: "Seen after the date of the deal.", zh: "见面日期在后。"}
  - id: due-in-the-past
    when: [{order: {due: {days_ago: {above: 0}}}, as: o}]
    at: $o.due
    severity: warning
    message: {en: "This was due before the date of the deal.", zh: "已经过期。"}
"""
PLAYBOOK: Final = """\
id: small
title: {en: Small, zh: 小}
params:
  few: {value: 2, type: int, min: 1, max: 9, meaning: {en: few people, zh: 人少}}
ranking:
  severity: {critical: 100, warn: 50, advise: 20, info: 5}
  lens_order: [who, words, deed]
  first_lens: 15
  staged: 10
  repeated: -10
  actions: 3
  do_not: 2
  questions: 2
shows:
  value: stage
  claimed: order claimed
  evidence: evidence stage sign
  lacking: next_sign sign
  missing: missing role
  unreached: unreached role person
  risk: risk person kind
  title: order title
  customer: account name
  person: person
  strategy: plan
sections:
  headline: {en: Headline, zh: 标题}
  do: {en: Do, zh: 做什么}
  ask: {en: Ask, zh: 问什么}
  do_not: {en: Do not, zh: 不要做}
"""
PLAY: Final = "# en\n## Headline\n{en}\n## Do\nDo it.\n# zh\n## 标题\n{zh}\n## 做什么\n就这么做。\n"
DEAL: Final = "\nschema_version: 1\nas_of: 2026-03-02\n"


IDLE: Final = frozenset(
    {
        "advice-without-question",
        "conclusion-never-read",
        "field-never-read",
        "never-concluded",
        "param-unused",
        "play-never-called",
    }
)
"""Checks on what nobody uses: the small playbook declares far more than any one test needs."""


class SmallLibrary:
    """The folder of a playbook. Rules are written in the shortest form: `when` and `then` as YAML in one line."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.write("playbook.yaml", PLAYBOOK)
        self.write("vocabulary.yaml", VOCABULARY)

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        return path

    def rule(self, rule_id: str, when: str, then: str, more: str = "") -> Path:
        """A rule that is called by its id in both languages."""
        words = f"title: {{en: Title of {rule_id}, zh: {rule_id}的标题}}\nwhy: {{en: Because of {rule_id}., zh: 因为{rule_id}。}}"
        return self.write(f"rules/{rule_id}.yaml", f"id: {rule_id}\n{words}\nsource: a test\n{more}\nwhen: {when}\nthen: {then}\n")

    def advice(self, rule_id: str, when: str = "[{account: {}}]", says: str = "", play: str = "") -> None:
        """A rule that gives advice, by default a warning with a play of its own; `says` adds to it or replaces: `severity: info`."""
        play = play or f"play-of-{rule_id}"
        own = says if not says or says.endswith(",") else says + ", "
        rest = "".join(f"{key}: {value}, " for key, value in (("severity", "warn"), ("lens", "deed")) if f"{key}:" not in says)
        self.rule(rule_id, when, f"[{{advise: {{play: {play}, {rest}{own}}}}}]")
        if not (self.folder / f"plays/{play}.md.j2").exists():
            self.play(play, f"Headline of {rule_id}", f"{rule_id}的标题")

    def settles_ties(self, deadlines: str = "[order.due]", weights: str = "[person.power]") -> None:
        """By dates, then by figures, before it goes by rule id."""
        text = (self.folder / "playbook.yaml").read_text(encoding="utf-8")
        self.write("playbook.yaml", text.replace("ranking:\n", f"ranking:\n  deadlines: {deadlines}\n  weights: {weights}\n"))

    def play(self, play_id: str, english: str, chinese: str = "标题") -> Path:
        """A play with these headlines."""
        return self.write(f"plays/{play_id}.md.j2", PLAY.replace("{en}", english).replace("{zh}", chinese))

    def load(self) -> Library:
        return load_library(self.folder, cached=False)

    def coach(self, deal: str = "account: {name: Alder}") -> Coached:
        library = self.load()
        found, _ = load_deal_text((deal + DEAL).encode(), "deal.yaml", library)
        return coach(found, library)

    def speech(self, deal: str = "account: {name: Alder}", language: str = "en") -> Speech:
        coached = self.coach(deal)
        return Speech(coached.consultation, coached.library, language)

    def check(self, *files: Path, codes: Collection[str] = CODES - IDLE) -> list[Diagnostic]:
        return check_files(self.folder, list(files), codes)

    def problems(self, *files: Path, codes: Collection[str] = CODES - IDLE) -> list[str]:
        """What is wrong, in short: `rules/x.yaml:3 unknown-field`."""
        found = self.check(*files, codes=codes)
        return [f"{Path(p.at.path).relative_to(self.folder).as_posix()}:{p.at.line} {p.code}" for p in found]


class Team(SmallLibrary):
    """A playbook that extends another and has no vocabulary of its own at first."""

    def __init__(self, folder: Path, base: str) -> None:
        super().__init__(folder)
        (folder / "vocabulary.yaml").unlink()
        self.base = base
        self.says("")

    def says(self, text: str) -> None:
        self.write("playbook.yaml", f"id: team\ntitle: {{en: Team, zh: 团队}}\nextends: {self.base}\n{text}\n")

    def own_problems(self) -> list[str]:
        """What cannot be read in the team's own files."""
        found = [problem for problem in self.check(codes=()) if Path(problem.at.path).is_relative_to(self.folder)]
        return [f"{Path(p.at.path).relative_to(self.folder).as_posix()}:{p.at.line} {p.code}" for p in found]
