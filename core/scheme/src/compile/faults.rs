//! The findings of this stage, each with where, what, why and what next.

use crate::read::ParameterRow;
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_program::Bounds;
use kaoping_syntax::ast::{self, Name};
use kaoping_terms::{Day, Diagnostic, Exact, Measure, Place, Text, nearest::nearest, text::full_width};

/// "Did you mean", or the general advice.
fn advice(word: &str, known: &[String], zh: &str, en: &str) -> Text {
    match nearest(word, known.iter().map(String::as_str)) {
        Some(hint) => Text::new(format!("是不是“{hint}”？"), format!("did you mean `{hint}`?")),
        None => Text::new(zh, en),
    }
}

fn unknown(name: &'static str, word: &Name, known: &[String], what: (&str, &str), why: (&str, &str)) -> Diagnostic {
    Diagnostic::error(
        name,
        Text::new(format!("没有“{}”{}", word.text, what.0), format!("there is no {} `{}`", what.1, word.text)),
    )
    .at(word.place)
    .why(Text::new(why.0, why.1))
    .next(advice(&word.text, known, "检查写法，或先声明它", "check the spelling, or define it"))
}

pub(super) fn unknown_block(word: &Name, known: &[String]) -> Diagnostic {
    unknown(
        "unknown-block",
        word,
        known,
        ("这个块", "block"),
        ("项目属于哪一块，那一块就要先写出来", "an item belongs to a block that the scheme defines"),
    )
}

pub(super) fn unknown_item(word: &Name, known: &[String]) -> Diagnostic {
    unknown(
        "unknown-item",
        word,
        known,
        ("这一项", "item"),
        ("这里要写方案里的项", "an item of the scheme is named here"),
    )
}

pub(super) fn unknown_award(word: &Name, known: &[String]) -> Diagnostic {
    unknown(
        "unknown-award",
        word,
        known,
        ("这个奖", "award"),
        ("这里要写方案里的奖", "an award of the scheme is named here"),
    )
}

pub(super) fn unknown_rule(word: &Name, known: &[String]) -> Diagnostic {
    unknown(
        "unknown-rule",
        word,
        known,
        ("这种规则", "rule"),
        ("规则种类写在规则库里，方案要先引用", "kinds of rules stand in a library that the policy uses"),
    )
}

pub(super) fn unknown_table(word: &Name, known: &[String]) -> Diagnostic {
    unknown(
        "unknown-events",
        word,
        known,
        ("这个明细", "event table"),
        ("扣分、加分按明细逐件计算", "deductions are counted from an event table"),
    )
}

pub(super) fn unknown_sub_scheme(word: &Name, known: &[String]) -> Diagnostic {
    unknown(
        "unknown-sub-scheme",
        word,
        known,
        ("这个子方案", "nested scheme"),
        ("子方案要在同一文件夹里另写一个“方案”", "a nested scheme is another 方案 of the same folder"),
    )
}

pub(super) fn unknown_matter(word: &Name, table: &str) -> Diagnostic {
    unknown(
        "unknown-column",
        word,
        &[],
        ("这一列", "column"),
        (&format!("明细“{table}”里没有它"), &format!("the event table `{table}` does not have it")),
    )
}

pub(super) fn unknown_given(word: &Name, known: &[String]) -> Diagnostic {
    unknown(
        "unknown-name",
        word,
        known,
        ("这个名称", "name"),
        (
            "例里写的必须是规则（决定）的读入、参数、选择、设或给出",
            "an example names inputs, parameters, choices, definitions or results of the rule or decision",
        ),
    )
}

/// A result of an example that the value can never be.
pub(super) fn expected_unfit(place: Place) -> Diagnostic {
    Diagnostic::error(
        "unit-mismatch",
        Text::new(
            "例里写的结果和算出来的不是一类",
            "the result of the example is of another kind than what is computed",
        ),
    )
    .at(place)
    .why(Text::new(
        "数对数、日期对日期、词对词才能比；不给金额的决定没有金额可比",
        "a figure is compared with a figure, a day with a day, a word with a word; a decision without amounts has none",
    ))
    .next(Text::new("改例里的结果，或删去", "correct the result in the example, or remove it"))
}

pub(super) fn unknown_in_say(word: &str, known: &[String], place: Place) -> Diagnostic {
    let name = Name { text: word.trim().to_string(), place };
    unknown(
        "unknown-name",
        &name,
        known,
        ("这个名称", "name"),
        ("说明文字里的花括号只能写名称", "braces in a sentence hold names only"),
    )
}

pub(super) fn not_in_list(word: &Name, known: &[(String, Option<String>)]) -> Diagnostic {
    let words: Vec<String> = known.iter().map(|(word, _)| word.clone()).collect();
    let list = if words.is_empty() { String::from("是、否") } else { words.join("、") };
    Diagnostic::error(
        "unknown-word",
        Text::new(format!("词表里没有“{}”", word.text), format!("`{}` is not a word of the list", word.text)),
    )
    .at(word.place)
    .why(Text::new(format!("可用的词：{list}"), format!("the list has: {list}")))
    .next(advice(
        &word.text,
        &words,
        "改用词表里的词，或在声明处加上它",
        "use a word of the list, or add it where the list is declared",
    ))
}

/// One finding for a choice left open, whoever uses it.
pub(super) fn choice_not_made(choice: &ast::Choice, owners: &[String], place: Place) -> Diagnostic {
    let owner = owners.join("、");
    let name = &choice.name.name.text;
    let words: Vec<&str> = choice.words.iter().map(|word| word.text.as_str()).collect();
    Diagnostic::error(
        "choice-not-made",
        Text::new(format!("“{owner}”没有选定“{name}”"), format!("`{owner}` leaves the choice `{name}` open")),
    )
    .at(place)
    .label(Text::new(words.join(" / "), words.join(" / ")))
    .why(Text::new(full_width(&choice.reason.text), format!("the text is silent: {}", choice.reason.text)))
    .next(Text::new(
        format!("在指标表加一列“{name}”，或在规则里写：选择 {name} = {}", words.first().copied().unwrap_or("")),
        format!(
            "add a column `{name}` to the table, or write in the rule: 选择 {name} = {}",
            words.first().copied().unwrap_or("")
        ),
    ))
}

/// A row of the item table whose rule needs points and which has none.
pub(super) fn points_missing(name: &str, place: Place) -> Diagnostic {
    Diagnostic::error("points-missing", Text::new(format!("“{name}”没有写分值"), format!("`{name}` has no points")))
        .at(place)
        .why(Text::new(
            "它的规则按分值算分，没有分值就算不出来",
            "its rule gives a part of the points; without them nothing can be computed",
        ))
        .next(Text::new("在“分值”这一格填上，如 3 分", "fill in the cell, such as 3 分"))
}

pub(super) fn circle(path: &[String], place: Option<Place>) -> Diagnostic {
    let path = path.join(" → ");
    let finding = Diagnostic::error(
        "cyclic-definition",
        Text::new(format!("定义绕成了圈：{path}"), format!("definitions go round in a circle: {path}")),
    )
    .why(Text::new(
        "每个数都要能由填报的数一步步算出来",
        "every value must be computable step by step from what is reported",
    ))
    .next(Text::new("拆开其中一处，改用填报的数", "break the circle at one place and use a reported figure"));
    match place {
        Some(place) => finding.at(place),
        None => finding,
    }
}

pub(super) fn same_as_unknown(other: &Name) -> Diagnostic {
    Diagnostic::error(
        "unknown-name",
        Text::new(format!("“同 {}”：前面没有这个读入", other.text), format!("`{}` is not an input above", other.text)),
    )
    .at(other.place)
    .why(Text::new("“同”表示与另一个读入同单位", "同 takes the unit of another input"))
    .next(Text::new("先写那个读入", "write that input first"))
}

pub(super) fn bound_unknown(other: &Name) -> Diagnostic {
    let name = &other.text;
    Diagnostic::error(
        "unknown-name",
        Text::new(format!("范围里的“{name}”：前面没有这个读入"), format!("the bound `{name}` is not an input above")),
    )
    .at(other.place)
    .why(Text::new("范围写一个数，或这一项前面读入的一个数", "a bound is a figure, or an input of the item above it"))
    .next(Text::new("先写那个读入", "write that input first"))
}

pub(super) fn bound_unlike(name: &str, other: &Name) -> Diagnostic {
    let bound = &other.text;
    Diagnostic::error(
        "unit-mismatch",
        Text::new(format!("“{name}”不能和“{bound}”比大小"), format!("`{name}` cannot be bounded by `{bound}`")),
    )
    .at(other.place)
    .why(Text::new(
        "两个读入要单位相同，都按同样的期或都由评委报",
        "both have to be of one unit, reported for the same periods or by the same assessors",
    ))
    .next(Text::new("核对单位和“每月”“每季”“评委”", "compare their units, and 每月, 每季 or 评委"))
}

pub(super) fn bound_in_decision(other: &Name) -> Diagnostic {
    let name = &other.text;
    Diagnostic::error(
        "misplaced-statement",
        Text::new(
            format!("决定的读入不能用“{name}”作范围"),
            format!("an input of a decision is not bounded by `{name}`"),
        ),
    )
    .at(other.place)
    .why(Text::new("一行里的几个数在决定里只各看各的范围", "figures of a row are read one by one in a decision"))
    .next(Text::new("写成结论的一种情形，如 当 按时数 > 应报数 → 退回", "write it as a case of the outcome"))
}

pub(super) fn default_outside_bounds(
    name: &str,
    value: &Exact,
    measure: &Measure,
    bounds: &Bounds,
    place: Place,
) -> Diagnostic {
    let words = bounds.describe(measure);
    let value = measure.figure(value);
    Diagnostic::error(
        "default-out-of-range",
        Text::new(
            format!("“{name}”缺则 {value}，可报的范围是 {}", words.zh),
            format!("the default of `{name}` is {value}, what may be reported is {}", words.en),
        ),
    )
    .at(place)
    .why(Text::new(
        "没有报的单位会按一个谁也不许报的数计分",
        "a unit that does not report would be scored by a figure that no unit may report",
    ))
    .next(Text::new("改“缺则”后面的数，或改范围", "change the figure behind 缺则, or the range"))
}

pub(super) fn outside_bounds(
    name: &str,
    value: &Exact,
    measure: &Measure,
    bounds: &Bounds,
    place: Place,
) -> Diagnostic {
    let words = bounds.describe(measure);
    let zero = value.is_zero();
    let value = measure.figure(value);
    Diagnostic::error(
        if zero { "zero-target" } else { "figure-out-of-range" },
        Text::new(
            format!("“{name}”是 {value}，规则要求 {}", words.zh),
            format!("`{name}` is {value}, the rule asks for {}", words.en),
        ),
    )
    .at(place)
    .why(if zero {
        Text::new("目标为零时完成比例没有意义（除以零）", "with a target of zero the ratio has no meaning")
    } else {
        Text::new("超出规则声明的范围，算出来没有意义", "outside the declared range the result has no meaning")
    })
    .next(Text::new(
        "改数，或用“适用”说明谁不考核这一项",
        "change the figure, or say with 适用 for whom the item does not count",
    ))
}

pub(super) fn parameter_unknown(name: &Name) -> Diagnostic {
    Diagnostic::error(
        "unknown-parameter",
        Text::new(format!("参数“{}”没有数值", name.text), format!("parameter `{}` has no value", name.text)),
    )
    .at(name.place)
    .why(Text::new(
        "参数要么写 = 数值，要么在 parameters.csv 里有一行",
        "a parameter has its value here or a row in parameters.csv",
    ))
    .next(Text::new("补上数值和依据", "add the value and its source"))
}

pub(super) fn parameter_not_valid(name: &Name, day: Option<Day>) -> Diagnostic {
    let day = day.map(|day| day.to_string()).unwrap_or_default();
    Diagnostic::error(
        "parameter-gap",
        Text::new(
            format!("参数“{}”在 {day} 没有有效的数值", name.text),
            format!("parameter `{}` has no value on {day}", name.text),
        ),
    )
    .at(name.place)
    .why(Text::new("不会沿用最后一个已知的数", "the last known value is never used silently"))
    .next(Text::new("在 parameters.csv 补上这段时间的一行，写明依据", "add a row for that time with its source"))
}

/// Several rows and no day: none of them is taken in silence.
pub(super) fn parameter_undated(name: &Name, rows: &[&ParameterRow]) -> Diagnostic {
    let finding = Diagnostic::error(
        "parameter-undated",
        Text::new(
            format!("参数“{}”在不同日子有不同的数，这里没有说按哪一天取", name.text),
            format!("the parameter `{}` differs by day, and it is not said which day is meant here", name.text),
        ),
    )
    .at(name.place)
    .why(Text::new(
        "取最早的还是最新的，结果不一样；不会悄悄取一个",
        "the earliest and the latest row give different results; none is taken in silence",
    ))
    .next(Text::new(
        format!("在用到的地方写：{} 按 费款日 标准（“费款日”换成读入的一个日期）；方案里的项写 适用期", name.text),
        format!(
            "where it is used write: {} by DAY standard, with an input that is a date; for items, 适用期",
            name.text
        ),
    ));
    rows.iter().fold(finding, |finding, row| finding.also(row.place, Text::new("这一行", "this row")))
}

pub(super) fn binding_unused(name: &str, rule: &str, place: Place) -> Diagnostic {
    Diagnostic::error(
        "unknown-header",
        Text::new(
            format!("规则“{rule}”没有“{name}”，这里却给了值"),
            format!("the rule `{rule}` has no `{name}`, yet a value is given"),
        ),
    )
    .at(place)
    .why(Text::new("写了却不起作用的数最容易误事", "a figure that has no effect misleads"))
    .next(Text::new("清空这一格，或换一种规则", "empty the cell, or use another rule"))
}

pub(super) fn header_unknown<'a>(name: &Name, rule: &str, known: impl Iterator<Item = &'a str>) -> Diagnostic {
    let word = &name.text;
    let finding = binding_unused(word, rule, name.place);
    match nearest(word, known) {
        Some(hint) => finding.next(Text::new(format!("是不是“{hint}”？"), format!("did you mean `{hint}`?"))),
        None => finding.next(Text::new(
            "删去这一列，或改成规则的读入、参数、选择的名称",
            "remove the column, or name an input, parameter or choice of the rules",
        )),
    }
}

pub(super) fn not_applicable_undecided(item: &str, place: Place) -> Diagnostic {
    Diagnostic::error(
        "not-applicable-undecided",
        Text::new(
            format!("“{item}”不适用的单位怎么办，没有写"),
            format!("what counts where `{item}` does not apply is not said"),
        ),
    )
    .at(place)
    .why(Text::new(
        "不适用的单位少了这一项的分，满分就不同了",
        "units it does not apply to would have a lower full mark",
    ))
    .next(Text::new(
        "写：不适用时 改评 项 | 满分 | 零分 | 折算 | 减满分",
        "write: 不适用时 改评 item | 满分 | 零分 | 折算 | 减满分",
    ))
}

pub(super) fn nothing_to_scale(item: &str, place: Place) -> Diagnostic {
    Diagnostic::error(
        "not-applicable-undecided",
        Text::new(
            format!("“{item}”不适用时要折算，可它不在任何块里"),
            format!("`{item}` is to be scaled where it does not apply, and stands in no block"),
        ),
    )
    .at(place)
    .why(Text::new(
        "折算是把同一块里其余各项按比例放大；没有块，就等于记了零分",
        "what is scaled up is the rest of its block; without one it would be zero in silence",
    ))
    .next(Text::new(
        "把它放进一个块，或改写 改评 项 | 满分 | 零分 | 减满分",
        "put it into a block, or write 改评 item | 满分 | 零分 | 减满分",
    ))
}

pub(super) fn rounding_step(step: &Exact, place: Place) -> Diagnostic {
    Diagnostic::error(
        "step-not-positive",
        Text::new(format!("步长是 {step}，必须大于零"), format!("the step is {step} and must be above zero")),
    )
    .at(place)
    .why(Text::new("取整、分份、折算都要除以它", "rounding, sharing and scaling divide by it"))
    .next(Text::new("改成大于零的数", "write a figure above zero"))
}

pub(super) fn not_a_count(number: &Exact, place: Place) -> Diagnostic {
    Diagnostic::error("not-a-count", Text::new(format!("{number} 不是个数"), format!("{number} is not a count")))
        .at(place)
        .why(Text::new("名次、名额、级数都是非负整数", "places, quotas and steps are whole numbers"))
        .next(Text::new("改成整数", "write a whole number"))
}

pub(super) fn share_rounding(band: &str, place: Place) -> Diagnostic {
    Diagnostic::error(
        "rounding-undeclared",
        Text::new(
            format!("“{band}”至多占百分之几，折成几个单位没有写怎么取整"),
            format!("how the share of `{band}` becomes a number of units is not declared"),
        ),
    )
    .at(place)
    .why(Text::new("12 个单位的 30% 是 3.6 个", "30 % of 12 units is 3.6 units"))
    .next(Text::new("在“单位”后面写 去尾、四舍五入 或 进一", "write 去尾, 四舍五入 or 进一 behind 单位"))
}

pub(super) fn not_money(found: &Measure, place: Place) -> Diagnostic {
    let found = found.describe();
    Diagnostic::error(
        "unit-mismatch",
        Text::new(format!("奖金要写钱数，写的是“{found}”"), format!("a prize is money, found {found}")),
    )
    .at(place)
    .why(Text::new(
        "奖金要加起来核对，没有单位就不知道是元还是万元",
        "prizes are added up; without a unit they could be 元 or 万元",
    ))
    .next(Text::new("写明 元 或 万元，如 奖金 5 万元", "write 元 or 万元, such as 奖金 5 万元"))
}

pub(super) fn award_below(name: &Name) -> Diagnostic {
    Diagnostic::error(
        "award-order",
        Text::new(format!("“除 {}”：它写在后面", name.text), format!("`{}` stands below this award", name.text)),
    )
    .at(name.place)
    .why(Text::new(
        "奖按先后顺序评，后面的奖还没有结果",
        "awards are given in text order; a later one has no winners yet",
    ))
    .next(Text::new("把它移到前面", "move it above"))
}

pub(super) fn decision_without_outcome(name: &str, place: Place) -> Diagnostic {
    Diagnostic::error(
        "decision-without-outcome",
        Text::new(format!("决定“{name}”没有结论"), format!("the decision `{name}` has no 结论")),
    )
    .at(place)
    .why(Text::new("决定必须给出结果", "a decision must have an outcome"))
    .next(Text::new("写：结论 当 … → … 否则 → …", "write: 结论 当 … → … 否则 → …"))
}
