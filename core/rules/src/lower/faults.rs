//! The findings of this stage, each with where, what, why and what next.

use alloc::{format, string::String};
use kaoping_program::Kind;
use kaoping_syntax::ast::Name;
use kaoping_terms::{Diagnostic, Exact, Measure, Place, Text, nearest::nearest};

use crate::vocabulary;

/// What values are, in words.
pub(super) fn describe(kind: &Kind) -> Text {
    match kind {
        Kind::Number(measure) => Text::new(
            match (measure.is_number(), measure.is_ratio()) {
                (true, true) => String::from("百分比"),
                (true, false) => String::from("数（无单位）"),
                _ if measure.is_anonymous() => String::from("量（没有写明计量单位）"),
                _ => measure.symbol(),
            },
            match (measure.is_number(), measure.is_ratio()) {
                (true, true) => String::from("a ratio"),
                (true, false) => String::from("a plain number"),
                _ if measure.is_anonymous() => String::from("a quantity whose unit is nowhere named"),
                _ => format!("`{}`", measure.symbol()),
            },
        ),
        Kind::Truth => Text::new("是否", "yes/no"),
        Kind::Word(_) => Text::new("一个词", "a word of a list"),
        Kind::Day => Text::new("日期", "a day"),
        Kind::Text => Text::new("文字", "text"),
    }
}

fn mismatch(found: &Kind, wanted: Text, place: Place) -> Diagnostic {
    let nameless = is_nameless(found);
    let found = describe(found);
    Diagnostic::error(
        "unit-mismatch",
        Text::new(
            format!("这里要“{}”，得到的是“{}”", wanted.zh, found.zh),
            format!("expected {}, found {}", wanted.en, found.en),
        ),
    )
    .at(place)
    .label(found)
    .why(Text::new(
        "不同的量不能互相代替，系统不做隐含换算",
        "different kinds of value are not exchangeable and nothing is converted silently",
    ))
    .next(if nameless {
        name_the_unit()
    } else {
        Text::new("核对单位，或把算式改成同一单位", "check the units, or bring both sides to the same unit")
    })
}

/// How a 量 gets its noun.
fn name_the_unit() -> Text {
    Text::new(
        "给“量”定下单位：目标数连单位一起写（如 5,000 人），写在指标表、targets.csv 或例里；单位固定的，读入直接写单位",
        "give the 量 a unit: write the target with its unit (5,000 人) in the item table, in targets.csv or in an example; \
         where the unit is fixed, write it in the input itself",
    )
}

fn is_nameless(kind: &Kind) -> bool {
    matches!(kind, Kind::Number(measure) if measure.is_anonymous())
}

pub(super) fn wrong_unit(found: &Kind, expected: &Measure, place: Place) -> Diagnostic {
    mismatch(found, describe(&Kind::Number(expected.clone())), place)
}

pub(super) fn not_a_condition(found: &Kind, place: Place) -> Diagnostic {
    mismatch(found, Text::new("条件（是或否）", "a condition"), place)
}

pub(super) fn not_a_day(found: &Kind, place: Place) -> Diagnostic {
    mismatch(found, describe(&Kind::Day), place)
}

pub(super) fn not_a_number(found: &Kind, place: Place) -> Diagnostic {
    mismatch(found, Text::new("一个数", "a number"), place)
}

pub(super) fn not_a_word(found: &Kind, place: Place) -> Diagnostic {
    mismatch(found, Text::new("词表里的词", "a word of a list"), place)
}

fn differ(left: &Text, right: &Text, place: Place, zh: &str, en: &str, nameless: bool) -> Diagnostic {
    Diagnostic::error(
        "unit-mismatch",
        Text::new(format!("“{}”和“{}”{zh}", left.zh, right.zh), format!("{} and {} {en}", left.en, right.en)),
    )
    .at(place)
    .label(Text::new(format!("{} ／ {}", left.zh, right.zh), format!("{} / {}", left.en, right.en)))
    .why(Text::new(
        "单位不同的数相加、相减、相比没有意义",
        "figures of different units cannot be added, subtracted or compared",
    ))
    .next(if nameless {
        name_the_unit()
    } else {
        Text::new(
            "核对两边的单位；比例要写百分号，金额写“元”",
            "check both units; a ratio is written with %, money with 元",
        )
    })
}

pub(super) fn units_differ(left: &Measure, right: &Measure, place: Place) -> Diagnostic {
    kinds_differ(&Kind::Number(left.clone()), &Kind::Number(right.clone()), place)
}

pub(super) fn kinds_differ(left: &Kind, right: &Kind, place: Place) -> Diagnostic {
    differ(
        &describe(left),
        &describe(right),
        place,
        "不能放在一起计算或比较",
        "cannot be computed or compared together",
        is_nameless(left) || is_nameless(right),
    )
}

pub(super) fn branches_differ(left: &Kind, right: &Kind, place: Place) -> Diagnostic {
    differ(
        &describe(left),
        &describe(right),
        place,
        "是两个分支的结果，单位应当相同",
        "are results of two branches, which must have one unit",
        is_nameless(left) || is_nameless(right),
    )
}

fn joined(path: &[Name]) -> String {
    let mut text = String::new();
    for (at, name) in path.iter().enumerate() {
        if at > 0 {
            text.push('.');
        }
        text.push_str(&name.text);
    }
    text
}

/// "Did you mean", or the general advice.
fn advice(word: &str, known: Option<&str>, zh: &str, en: &str) -> Text {
    match known {
        Some(hint) => Text::new(format!("是不是“{hint}”？"), format!("did you mean `{hint}` instead of `{word}`?")),
        None => Text::new(zh, en),
    }
}

pub(super) fn unknown_name(path: &[Name], known: &[String], place: Place) -> Diagnostic {
    let name = joined(path);
    let hint = nearest(&name, known.iter().map(String::as_str));
    Diagnostic::error("unknown-name", Text::new(format!("没有“{name}”这个名称"), format!("unknown name `{name}`")))
        .at(place)
        .why(Text::new(
            "算式里的名称必须在读入、参数、选择、设里写过",
            "a name in a formula must be an input, a parameter, a choice or a definition",
        ))
        .next(advice(
            &name,
            hint,
            "检查写法，或先用“读入”“设”写出它",
            "check the spelling, or define it with 读入 or 设",
        ))
}

pub(super) fn not_a_value(path: &[Name], place: Place) -> Diagnostic {
    let name = joined(path);
    Diagnostic::error("unit-mismatch", Text::new(format!("“{name}”不是一个数"), format!("`{name}` is not a value")))
        .at(place)
        .why(Text::new("选择、明细、块不能直接当数用", "a choice, an event table or a block is not a number by itself"))
        .next(Text::new(
            "选择要与它的词比较；明细用 件数(…) 或 合计(…)；块用 合计(… 于 块)",
            "compare a choice with its words; use 件数(…) or 合计(…) on a table",
        ))
}

pub(super) fn unknown_word<'a>(word: &Name, known: impl IntoIterator<Item = &'a str> + Clone) -> Diagnostic {
    let hint = nearest(&word.text, known.clone());
    let list: alloc::vec::Vec<&str> = known.into_iter().collect();
    Diagnostic::error(
        "unknown-word",
        Text::new(format!("词表里没有“{}”", word.text), format!("`{}` is not a word of the list", word.text)),
    )
    .at(word.place)
    .why(Text::new(format!("可用的词：{}", list.join("、")), format!("the list has: {}", list.join(", "))))
    .next(advice(
        &word.text,
        hint,
        "改用词表里的词，或在声明处加上它",
        "use a word of the list, or add it where the list is declared",
    ))
}

pub(super) fn unknown_function(name: &Name) -> Diagnostic {
    let hint = nearest(&name.text, vocabulary::function_names());
    Diagnostic::error(
        "unknown-function",
        Text::new(format!("没有“{}”这个函数", name.text), format!("unknown function `{}`", name.text)),
    )
    .at(name.place)
    .why(Text::new(
        "函数是语言固定的词，见 docs/rules.md",
        "functions are fixed words of the language, see docs/rules.md",
    ))
    .next(advice(&name.text, hint, "检查写法", "check the spelling"))
}

pub(super) fn unknown_domain(name: &Name) -> Diagnostic {
    Diagnostic::error(
        "unknown-domain",
        Text::new(
            format!("“于 {}”：不知道在什么范围里取", name.text),
            format!("`{}` is not a range to aggregate over", name.text),
        ),
    )
    .at(name.place)
    .why(Text::new(
        "可用的范围：同组、全体、下级、各期、各月、各评委、各项、块名、明细名",
        "ranges: peers, everyone, subordinates, periods, assessors, items, a block, an event table",
    ))
    .next(Text::new("改用上面的词之一", "use one of these"))
}

pub(super) fn rows_have_no_domain(name: &Name) -> Diagnostic {
    Diagnostic::error(
        "unknown-domain",
        Text::new(
            format!("数明细的时候不能写“于 {}”", name.text),
            format!("rows of an event table are not counted over `{}`", name.text),
        ),
    )
    .at(name.place)
    .why(Text::new(
        "件数(明细) 数的是本单位这张明细的全部行；“于”在这里什么也不管，看的人会以为管",
        "the rows are the unit's own, all of them; the range would be ignored while readers think it counts",
    ))
    .next(Text::new(
        "去掉“于 …”；只数一部分的，写 其中 条件",
        "remove 于 …; to count only some rows, write 其中 and the condition",
    ))
}

pub(super) fn unknown_column(name: &Name) -> Diagnostic {
    Diagnostic::error(
        "unknown-column",
        Text::new(format!("这个明细没有“{}”一列", name.text), format!("the event table has no column `{}`", name.text)),
    )
    .at(name.place)
    .why(Text::new("明细的列必须先声明", "columns of an event table are declared with it"))
    .next(Text::new("检查写法，或在明细里加上这一列", "check the spelling, or declare the column"))
}

pub(super) fn argument_count(function: &Name, wanted: usize, found: usize) -> Diagnostic {
    Diagnostic::error(
        "argument-count",
        Text::new(
            format!("“{}”要 {wanted} 个数，写了 {found} 个", function.text),
            format!("`{}` takes {wanted} arguments, found {found}", function.text),
        ),
    )
    .at(function.place)
    .why(Text::new("函数的参数个数是固定的", "the number of arguments is fixed"))
    .next(Text::new("补齐或删去多余的，用逗号隔开", "add or remove arguments, separated by commas"))
}

pub(super) fn not_constant(place: Place) -> Diagnostic {
    Diagnostic::error(
        "step-not-constant",
        Text::new(
            "步长必须是写定的数或参数，不能随单位变化",
            "a step must be a figure or parameter that is the same for all units",
        ),
    )
    .at(place)
    .why(Text::new(
        "步长随单位变化就无法事先核对是否为零",
        "a varying step cannot be checked for zero before figures arrive",
    ))
    .next(Text::new("改成参数", "make it a parameter"))
}

pub(super) fn step_not_positive(size: &Exact, place: Place) -> Diagnostic {
    Diagnostic::error(
        "step-not-positive",
        Text::new(format!("步长是 {size}，必须大于零"), format!("the step is {size} and must be above zero")),
    )
    .at(place)
    .why(Text::new("除以零没有意义", "dividing by zero has no meaning"))
    .next(Text::new("改成大于零的步长", "write a step above zero"))
}

pub(super) fn word_expected(place: Place) -> Diagnostic {
    Diagnostic::error(
        "word-expected",
        Text::new("这里要一个词或一个选择的名称", "a word or the name of a choice is expected here"),
    )
    .at(place)
    .why(Text::new("怎么算一步、怎么取整，要用词写明", "how a step or a rounding works is said by a word"))
    .next(Text::new("例如 整步、按比例、四舍五入", "for example 整步, 按比例, 四舍五入"))
}

pub(super) fn not_an_input(place: Place) -> Diagnostic {
    Diagnostic::error(
        "no-earlier-figure",
        Text::new("去年同期只能用于读入的数", "last year's figure exists only for an input"),
    )
    .at(place)
    .why(Text::new("去年的数按读入的字段和期间去找", "last year's figure is found by the field and period of an input"))
    .next(Text::new("在括号里直接写读入的名称", "write the name of an input in the brackets"))
}

pub(super) fn which_rows(place: Place) -> Diagnostic {
    Diagnostic::error(
        "which-of-many",
        Text::new(
            "这个数一个单位有多行，不能当一个数用",
            "this figure has several rows a unit and is used as one number",
        ),
    )
    .at(place)
    .why(Text::new("要说明取哪一个：合计、平均、最后？", "say which: the sum, the mean, the last?"))
    .next(Text::new("例如 平均(x 于 各月)、去高低平均(x 于 各评委)", "for example 平均(x 于 各月)"))
}

pub(super) fn no_such_rows(domain: &Name, place: Place) -> Diagnostic {
    Diagnostic::error(
        "unknown-domain",
        Text::new(format!("这个数没有“{}”", domain.text), format!("this figure has no `{}`", domain.text)),
    )
    .at(place)
    .why(Text::new(
        "各期用于“每月”“每季”“每期”读入的数，各评委用于“评委”评的数",
        "periods go with inputs read 每月, assessors with inputs judged by 评委",
    ))
    .next(Text::new("在读入处加上“每月”或“评委 n”", "add 每月 or 评委 n to the input"))
}

pub(super) fn shapes_differ(place: Place) -> Diagnostic {
    Diagnostic::error(
        "index-sets-differ",
        Text::new(
            "两边的行不是同一批（例如月份与评委）",
            "the two sides have different rows, such as months and assessors",
        ),
    )
    .at(place)
    .why(Text::new("不同的行无法一一对应", "different rows do not correspond"))
    .next(Text::new("先各自取合计或平均，再一起算", "aggregate each side first"))
}

pub(super) fn aggregate_of(kind: &Kind, place: Place) -> Diagnostic {
    let kind = describe(kind);
    Diagnostic::error(
        "unit-mismatch",
        Text::new(format!("“{}”不能这样汇总", kind.zh), format!("{} cannot be aggregated this way", kind.en)),
    )
    .at(place)
    .why(Text::new(
        "全部、任一用于条件，合计、平均、最高用于数",
        "全部 and 任一 are for conditions, 合计 平均 最高 for numbers",
    ))
    .next(Text::new("换一个函数，或换成数", "use another function, or a number"))
}

pub(super) fn value_needed(place: Place) -> Diagnostic {
    Diagnostic::error(
        "value-needed",
        Text::new("要写明汇总明细的哪一列", "say which column of the event table is aggregated"),
    )
    .at(place)
    .why(Text::new("只有件数可以不写列", "only 件数 needs no column"))
    .next(Text::new("写成 合计(明细.列)", "write 合计(table.column)"))
}
