"""What an editor shows of the keys of our formats. The words of facts, fields and values come from the vocabulary."""

from __future__ import annotations

from typing import Final

from kamcoach.model.fact import Words

_EN_ZH: Final = """
deal.schema_version | The version of this format. | 格式版本。
deal.as_of | The day from which days are counted; without it, the day on which it is run. | 天数从哪天算起；不写就是运行那天。

rule.id | Small letters with -, as the file is named: the situation, not the cure. | 小写英文加 -，与文件名相同；说情况，不说对策。
rule.title | A few words, in both languages. | 几个字的标题，中英文都写。
rule.catalogue | A number in your own catalogue of heuristics. | 自家经验条目的编号。
rule.each | The name by which the rule speaks of its row: $row.column. | 表里“这一行”的代号，规则里写 $row.栏名。
rule.table | A rule for each row: a table, or a CSV or XLSX file beside the rule. | 一行一条规则：直接写表，或写旁边的 CSV、XLSX 文件。
rule.when | The conditions; all of them must hold. | 条件，全部成立才算。
rule.then | What follows: conclude, mark, advise. | 结论：得出事实、做标记、给建议。
rule.why | The reason, in one line. | 一句话讲明道理。
rule.source | Book and chapter, law and article, or "house judgement". | 出处：书名章节、法规条款，或“自家经验”。
rule.replaces | true: it takes the place of the inherited rule with the same id. | true：顶替上级打法里同编号的规则。

effect.conclude | A derived fact that now holds. | 得出一个推断事实。
effect.mark | Derived fields of a fact that was found: {$person: reached}. | 给找到的对象打标记：{$person: reached}。
effect.advise | A play that says what to do. | 给一条建议，用哪个话术。

advise.play | The play that says what to do. | 用哪个话术。
advise.severity | How grave it is. | 轻重。
advise.lens | Which of the lenses it belongs to. | 属于哪个视角。
advise.about | Whom or what it is about: $person, or a list. | 说的是谁、是什么：$person，或一个列表。
advise.topic | Advice on the same topic is merged into one block. | 同一话题的建议合成一块。
advise.do_not | true: it says what not to do. | true：说的是不要做什么。
advise.instead_of | Rules whose advice this one makes needless. | 有了这条，哪些规则的建议就不必再给。
advise.with | Further names for the play. | 另外交给话术的名字和值。

condition.as | A name for what was found, without $; later lines say $name. | 给找到的对象起个名，不带 $；后面用 $名字 指它。
condition.is | The test on the value. | 对这个值的要求。
condition.of | The field. | 哪个字段。
condition.by | The date field. | 按哪个日期字段。
condition.satisfies | What each of them must pass. | 每一个都要满足什么。
condition.either | At least one of these alternatives passes. | 几种情况至少满足一种。
condition.none | Nothing matches; it asks when it does not know. | 一个都没有；不知道时会提问。
condition.no_evidence_of | Nothing matches for certain: what is not recorded counts as not done. | 没有确凿证据：没记下来就当没有。
condition.evidence_of | Something matches for certain. | 有确凿证据。
condition.every | Each match passes the tests under `satisfies`. | 每一个都满足 satisfies 里的要求。
condition.any | At least one of the alternatives holds. | 几种情况至少有一种成立。
condition.count | How many match. | 有几个。
condition.sum | A field added up over the matches. | 某个字段加起来。
condition.min | The least of a field. | 某个字段的最小值。
condition.max | The greatest of a field. | 某个字段的最大值。
condition.distinct | How many different values a field has. | 某个字段有几种不同的值。
condition.in_a_row | How many of the newest, counted back without a break, match. | 从最近一次往回数，连续几个符合。
condition.last | The newest match. | 最近的一个。
condition.compute | A value worked out from others. | 由别的值算出来的值。
condition.tally | How many of these conditions hold. | 这些条件里有几条成立。

test.known | It is recorded. | 已知。
test.unknown | It is not recorded. | 未知。
test.recorded | It is recorded and passes the test; nobody is asked about it. | 有记录且满足要求；没记录就算不满足，也不提问。
test.not | It does not pass the test. | 不满足。
test.at_least | This or more. | 不小于。
test.at_most | This or less. | 不大于。
test.above | More than this. | 大于。
test.below | Less than this. | 小于。
test.in | One of these. | 是其中之一。
test.has | The list contains it. | 列表里有它。
test.has_any | The list contains one of these. | 列表里有其中之一。
test.size | How many members the list has. | 列表里有几项。
test.contains | The text contains it. | 文字里包含它。
test.starts_with | The text begins with it. | 文字以它开头。
test.days_ago | Days from the date to `as_of`. | 这个日期到 as_of 过了几天。
test.days_ahead | Days from `as_of` to the date. | 从 as_of 到这个日期还有几天。

computed.difference | The first less the second; two dates give days. | 前者减后者；两个日期得天数。
computed.sum | All added up. | 全部相加。
computed.product | All multiplied. | 全部相乘。
computed.ratio | The first by the second; unknown if that is 0. | 前者除以后者；后者为 0 时算未知。

scenarios.as_of | The day on which the scenarios play. | 这些场景发生在哪天。
scenarios.rule | The rule that the file is about; without it, the one with the file's name. | 测哪条规则；不写就是与文件同名的那条。
scenarios.shared | What every `given` of this file has in common. | 各个 given 共有的部分。
scenarios.scenarios | The scenarios. | 场景。
scenario.name | What is special about it, in a few words. | 几个字说明这个场景。
scenario.row | Which row of the table `fires`, `about` and `asks` are about. | 试的是表里哪一行。
scenario.as_of | The day on which it plays. | 发生在哪天。
scenario.given | A deal in which nothing is required: what is not written is unknown. | 一份什么都不强求的商机：没写的就是未知。
scenario.deal | A whole deal file instead, by its path from this file. | 改用一份完整的商机文件，路径从本文件算起。
scenario.expect | What should follow. | 应该得出什么。
expect.fires | How the rule fires. | 规则触发到什么程度。
expect.about | The ids of what the certain advice is about; [] means none. | 确定的建议说的是谁（编号）；[] 表示没有。
expect.severity | The severity of the certain advice; several if they differ. | 确定的建议是什么轻重；不止一种就写成列表。
expect.certain | What holds for certain. | 确定成立的。
expect.possible | What holds only possibly. | 只是可能成立的。
expect.out | What does not hold at all. | 完全不成立的。
expect.asks | Questions that this rule leads to; [] means none. | 这条规则会引出的提问；[] 表示没有。
expect.actions | Rule ids of the actions shown, in order. | 显示的行动，按顺序写规则编号。
expect.do_not | Rule ids of the "do not" lines shown, in order. | 显示的“不要做”，按顺序写规则编号。
expect.advice | The rules that give certain advice. | 给出确定建议的规则。
expect.questions | The fields asked first, in order. | 最先问的字段，按顺序。
fires.certainly | All conditions are true. | 条件全部成立。
fires.possibly | None is false, and some are unknown. | 没有不成立的，但有未知的。
fires.never | One condition is false. | 有条件不成立。

playbook.id | A short name. | 简短代号。
playbook.title | Its title in both languages. | 标题，中英文都写。
playbook.extends | The playbook below this one: the id of a shipped one, or a path. | 建在哪个打法之上：自带打法的代号，或路径。
playbook.rules | shipped: those that come with kamcoach; left out: the folder rules/. | shipped：用自带的规则；不写就读 rules/ 文件夹。
playbook.params | Thresholds. One that is inherited takes a bare value. | 门槛值。继承来的直接写数。
playbook.ranking | What comes first, and how much is shown. | 怎么排先后、显示多少。
playbook.shows | Which facts fill the parts of the report. | 报告各部分取自哪些事实。
playbook.sections | The sections of a play with their headings. | 话术有哪些部分，各叫什么。
playbook.replaces | The plays that take the place of inherited ones. | 顶替上级打法的话术。
param.value | The threshold. | 门槛值。
param.type | What kind of number it is. | 哪种数。
param.unit | Its unit. | 单位。
param.min | The least that makes sense. | 合理的下限。
param.max | The most that makes sense. | 合理的上限。
param.meaning | What it is the threshold of. | 是什么的门槛。
ranking.severity | Points for each severity. | 各轻重等级的分值。
ranking.lens_order | The lenses, the most important first. | 视角的先后。
ranking.first_lens | Points for the first lens that has a grave finding. | 排在最前、且有要害或警示的视角加几分。
ranking.staged | Points for a rule that is tied to the diagnosed stage. | 与当前阶段挂钩的规则加几分。
ranking.repeated | Points for each earlier advice on the same matter. | 同一件事前面已有建议，每条加几分。
ranking.deadlines | Of equal advice what rests on the earliest of these dates comes first. | 分数一样时看这些日期：牵着最早那个日子的在前。
ranking.weights | Figures that settle what is still a tie: the greatest first. | 还一样就看这些数：大的在前。
ranking.actions | How many actions are shown. | 显示几条行动。
ranking.do_not | How many "do not" lines are shown. | 显示几条“不要做”。
ranking.questions | How many questions are shown. | 显示几个问题。

vocabulary.facts | Given facts: what a deal file may hold. | 给定事实：商机文件里能写什么。
vocabulary.derived | Derived facts: what rules may conclude. | 推断事实：规则能得出什么。
vocabulary.enums | The values of enum fields. | 枚举字段的取值。
vocabulary.checks | What types cannot say about a deal file. | 类型管不到的检查。
type.list | Many per deal: the key that holds them in a deal file. | 一单多个：商机文件里放它们的键。
type.key | The field that names an item. | 用哪个字段指认每一项。
type.label | What it is called. | 叫什么。
type.ask | The question that is asked when the list is absent. | 整段没写时怎么问。
type.note | What it means. | 什么意思。
type.says | How it is said that it holds, after the name of the item: "is open". | 成立时怎么说，接在名字后面：“还悬着”。
type.denies | How it is said that it does not hold. | 不成立时怎么说。
type.fields | Its fields. | 有哪些字段。
type.derived | Fields that rules mark. | 由规则打标记的字段。
field.type | What may stand there. | 能填什么。
field.of | The enum that it takes its values from. | 取值来自哪个枚举。
field.to | The list that it points to. | 指向哪个列表。
field.by | One such field for each value of this enum. | 按这个枚举的每个值各设一个字段。
field.min | The least. | 下限。
field.max | The most. | 上限。
field.required | A deal file must say it. | 商机文件必须写。
field.acyclic | It may not go round in a circle. | 不许绕圈。
field.label | What it is called. | 叫什么。
field.ask | The question for it; {this} is the item, {account} the customer. | 怎么问；{this} 是这一项，{account} 是客户。
field.note | What it means: units, anchors of a scale. | 什么意思：单位、刻度。
field.says | How it is said that it holds, or has a {value}, after the name of the item. | 成立（或取值为 {value}）时怎么说，接在名字后面。
field.denies | How it is said that it does not hold. | 不成立时怎么说。
kind.text | Any text. | 任意文字。
kind.key | A short id, unique in its list. | 简短编号，在列表里不重复。
kind.int | A whole number. | 整数。
kind.number | A number. | 数。
kind.money | An amount in the currency of the deal. | 金额，币种同商机。
kind.ratio | 0 to 1. | 0 到 1。
kind.percent | 0 to 100. | 0 到 100。
kind.date | Year-month-day. | 年-月-日。
kind.bool | true or false. | true 或 false。
kind.enum | One value of the enum under `of`. | of 所指枚举里的一个值。
kind.set | A list: of enum values (`of`), of references (`to`), or of texts. | 列表：枚举值（of）、引用（to）或文字。
kind.ref | The key of an item of the type under `to`. | to 所指列表里某一项的编号。
kind.flag | It holds or it does not; concluded by rules. | 成立或不成立，由规则得出。
enum.ordered | The values are in order, from low to high. | 取值有高低顺序。
enum.values | The values, each with its words. | 各个取值和叫法。
check.id | The code of the diagnostic. | 问题代码。
check.when | If these conditions hold for certain, the file is wrong. | 这些条件确定成立，文件就有错。
check.at | Where it points: $name.field. | 指向哪里：$名字.字段。
check.severity | error or warning. | error 算错，warning 只提醒。
check.message | What is wrong. | 错在哪里。
level.error | It stops everything. | 算错，停下。
level.warning | It stops nothing. | 只提醒。
"""
KNOWN: Final[dict[str, Words]] = {
    key: {"en": en, "zh": zh} for key, en, zh in (line.split(" | ") for line in _EN_ZH.strip().splitlines() if line)
}
"""A key such as `rule.when`, with its meaning in each language."""
