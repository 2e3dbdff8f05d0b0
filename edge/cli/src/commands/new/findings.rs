//! What is said about an indicator table and about the folder it is to become.

use kaoping_sheets::file::system_reason;
use kaoping_terms::{Diagnostic, Exact, Place, Text};
use std::{io, path::Path};

use super::columns::Role;

pub(super) fn no_indicators(path: &str) -> Diagnostic {
    Diagnostic::error(
        "no-indicators",
        Text::new(format!("表里没有指标：{path}"), format!("the table has no indicators: {path}")),
    )
    .why(Text::new(
        "表头下面一行也没有，方案就没有可评的内容",
        "below the header there is no row, so there is nothing to assess",
    ))
    .next(Text::new(
        "每个指标写一行：编号,名称,分值,目标数,规则,依据,牵头,责任",
        "write one row an indicator: id,name,points,target,rule,clause,lead,responsible",
    ))
}

pub(super) fn repeated(what: Role, word: &str, place: Place, first: Place) -> Diagnostic {
    let (zh, en) = (what.heading(), what.english());
    Diagnostic::error(
        "duplicate-name",
        Text::new(format!("{zh}“{word}”写了两次"), format!("the {en} `{word}` is given twice")),
    )
    .at(place)
    .also(first, Text::new("第一次在这里", "first given here"))
    .why(Text::new(
        "数据按编号、名称对应到指标，重复了就说不清是哪一个",
        "figures find their indicator by id and name; with two of one they cannot",
    ))
    .next(Text::new("改成不同的，或删去重复的一行", "make them different, or remove the repeated row"))
}

pub(super) fn name_taken(word: &str, place: Place) -> Diagnostic {
    Diagnostic::error(
        "duplicate-name",
        Text::new(
            format!("名称“{word}”与方案自带的块或项同名"),
            format!("`{word}` is the name of a block or item every new scheme has"),
        ),
    )
    .at(place)
    .why(Text::new("同名就说不清指的是哪一个", "with two of one name a reference is ambiguous"))
    .next(Text::new("换一个名称", "choose another name"))
}

pub(super) fn not_readable(what: Role, word: &str, place: Place, because: Option<&Diagnostic>) -> Diagnostic {
    let (name, zh, en, next) = match what {
        Role::Points => (
            "points-not-readable",
            "分值",
            "points",
            Text::new(
                "写成数，如 3 或 3.5 分；没有定的留空",
                "write a number such as 3 or 3.5; leave it empty where it is not settled",
            ),
        ),
        _ => (
            "target-not-readable",
            "目标数",
            "target",
            Text::new(
                "写成数和单位，如 5,000 人 或 98.5%；没有目标的留空；不得超过的数，用越低越好的规则，写在规则读的那一列",
                "write a number and its unit, such as 5,000 人 or 98.5%; leave it empty where there is none; a number not to be passed needs a rule where less is better, in the column that rule reads",
            ),
        ),
    };
    let unknown = Text::new("这不是一个数", "it is not a number");
    Diagnostic::error(name, Text::new(format!("{zh}读不出来：“{word}”"), format!("the {en} cannot be read: `{word}`")))
        .at(place)
        .why(because.map_or(unknown, |finding| finding.message.clone()))
        .next(next)
}

pub(super) fn points_negative(word: &str, place: Place) -> Diagnostic {
    Diagnostic::error(
        "points-negative",
        Text::new(format!("分值小于零：“{word}”"), format!("points below zero: `{word}`")),
    )
    .at(place)
    .why(Text::new(
        "分值是一项最多能得的分；扣分写成规则，不写成负的分值",
        "points are what an item gives in full; a deduction is a rule, not negative points",
    ))
    .next(Text::new("写成正数，或换用扣分的规则", "write a positive number, or use a rule that deducts"))
}

pub(super) fn target_not_positive(word: &str, place: Place) -> Diagnostic {
    Diagnostic::error(
        "target-not-positive",
        Text::new(format!("目标数不大于零：“{word}”"), format!("the target is not above zero: `{word}`")),
    )
    .at(place)
    .why(Text::new(
        "完成比例 = 完成数 ÷ 目标数，目标是零或负数就不能除",
        "the ratio is actual ÷ target; nothing can be divided by a target of zero or below",
    ))
    .next(Text::new(
        "核对目标数；没有目标的留空，由各单位的 target 给出",
        "check the target; leave it empty where each unit's `target` gives it",
    ))
}

pub(super) fn unknown_rule(word: &str, place: Place, nearest: Option<&str>, known: &str) -> Diagnostic {
    let next = match nearest {
        Some(hint) => {
            Text::new(format!("是不是“{hint}”？都有：{known}"), format!("did you mean `{hint}`? There are: {known}"))
        }
        None => Text::new(format!("改成其中之一：{known}"), format!("use one of: {known}")),
    };
    Diagnostic::error("unknown-rule", Text::new(format!("不认识规则“{word}”"), format!("unknown rule `{word}`")))
        .at(place)
        .why(Text::new(
            "规则决定怎样计分，不认识就不能评分",
            "the rule says how points are given; an unknown one cannot score",
        ))
        .next(next)
}

/// What stands in for cells that are absent.
pub(super) fn absent(role: Role) -> Option<Text> {
    Some(match role {
        Role::Points => Text::new("按模板代填", "the template's points are used"),
        Role::Target => Text::new("评分时要由各单位的 target 给出", "each unit's `target` must give it when scoring"),
        Role::Rule => Text::new("按默认规则计分", "the default rule is used"),
        Role::Clause => Text::new("得分说不出根据哪一条", "points cannot be traced to a clause"),
        Role::Lead => Text::new("没有牵头单位", "nobody leads"),
        Role::Responsible => Text::new("没有责任单位", "nobody is responsible"),
        Role::Name => Text::new("用编号作名称", "ids are used as names"),
        Role::Id => Text::new("用名称作编号", "names are used as ids"),
        _ => return None,
    })
}

/// One finding for a column that is absent or has gaps; `lines` are those of the gaps, none
/// where the whole column is absent.
pub(super) fn column_absent(role: Role, lines: &[usize], place: Place, effect: &Text) -> Diagnostic {
    let (zh, en) = (role.heading(), role.english());
    let message = if lines.is_empty() {
        Text::new(format!("表里没有“{zh}”列"), format!("the table has no column `{en}`"))
    } else {
        let (count, listed) = (lines.len(), listed(lines));
        Text::new(
            format!("“{zh}”有 {count} 行没有填：第 {listed} 行"),
            format!("`{en}` is empty in {count} rows: lines {listed}"),
        )
    };
    Diagnostic::warning("column-absent", message)
        .at(place)
        .why(effect.clone())
        .next(Text::new(format!("在 indicators.csv 的“{zh}”列补上"), format!("fill the column {zh} of indicators.csv")))
}

/// The first lines, and that there are more.
fn listed(lines: &[usize]) -> String {
    let shown: Vec<String> = lines.iter().take(8).map(ToString::to_string).collect();
    let more = if lines.len() > 8 { " …" } else { "" };
    format!("{}{more}", shown.join(", "))
}

pub(super) fn choice_filled(choice: &str, word: &str, words: &[String], rows: usize, place: Place) -> Diagnostic {
    let known = words.join(" | ");
    Diagnostic::warning(
        "choice-filled",
        Text::new(
            format!("“{choice}”有 {rows} 个指标没有写，代填“{word}”"),
            format!("`{choice}` is not given for {rows} indicators; `{word}` is filled in"),
        ),
    )
    .at(place)
    .why(Text::new(format!("各办法写法不一，可选：{known}"), format!("standards differ; the words are: {known}")))
    .next(Text::new(
        format!("对照文件核对 indicators.csv 的“{choice}”列"),
        format!("compare the column {choice} of indicators.csv with the document"),
    ))
}

pub(super) fn not_read(heading: &str, rule: &str, lines: &[usize], place: Place) -> Diagnostic {
    let listed = listed(lines);
    Diagnostic::warning(
        "column-not-read",
        Text::new(
            format!("规则“{rule}”不读“{heading}”，第 {listed} 行的值移到了“#{heading}”列"),
            format!(
                "the rule `{rule}` does not read `{heading}`; what lines {listed} have moved to the column `#{heading}`"
            ),
        ),
    )
    .at(place)
    .why(Text::new(
        "写了却不起作用的数最容易误事，所以单放一列",
        "a figure that has no effect misleads, so it stands apart",
    ))
    .next(Text::new(
        "换一种规则，或把值写到规则读的那一列",
        "use another rule, or write the value into the column the rule reads",
    ))
}

/// A column that names rules in some rows and says something else in others.
pub(super) fn not_rules(heading: &str, lines: &[usize], place: Place) -> Diagnostic {
    let listed = listed(lines);
    Diagnostic::warning(
        "column-not-read",
        Text::new(
            format!("“{heading}”列第 {listed} 行写的是规则，别的行不是；这一列没有当作规则，只照录"),
            format!("`{heading}` names rules in lines {listed} and something else in others; it is kept and not read as the rule"),
        ),
    )
    .at(place)
    .why(Text::new(
        "一列里有的是规则、有的不是，猜错一行就算错一项",
        "with rules in some rows only, one wrong guess would score an item wrongly",
    ))
    .next(Text::new("加一列“规则”，每行写一条规则的名称", "add a column 规则 with the name of a rule in each row"))
}

pub(super) fn block_carried_down(lines: &[usize], place: Place) -> Diagnostic {
    let listed = listed(lines);
    Diagnostic::note(
        "block-carried-down",
        Text::new(
            format!("“块”第 {listed} 行是空的，归入上一行的块"),
            format!("the block is empty in lines {listed}; they belong to the block above"),
        ),
    )
    .at(place)
    .why(Text::new(
        "合并的单元格导出后只有第一行有字",
        "a merged cell is exported with its words in the first row only",
    ))
    .next(Text::new(
        "不用改；不属于上一块的，在原表填上块的名称",
        "nothing to do; fill in the block where it is another",
    ))
}

pub(super) fn weights_as_points(lines: &[usize], place: Place) -> Diagnostic {
    let count = lines.len();
    Diagnostic::warning(
        "weights-as-points",
        Text::new(
            format!("分值写成百分比（{count} 行），按百分制读：30% 是 30 分"),
            format!("points are written as per cent ({count} rows) and read as parts of 100: 30% is 30 points"),
        ),
    )
    .at(place)
    .why(Text::new(
        "权重是占总分的份额，满分不是 100 分的，分值就不是这个数",
        "a weight is a share of the total; where the full mark is not 100 the points differ",
    ))
    .next(Text::new(
        "核对办法的满分；不是 100 分的，把分值写成数",
        "check the full mark; where it is not 100, write points",
    ))
}

pub(super) fn target_from_bound(lines: &[usize], place: Place) -> Diagnostic {
    let listed = listed(lines);
    Diagnostic::note(
        "target-from-bound",
        Text::new(
            format!("第 {listed} 行的目标写成“不低于”一类，按其中的数读；原话照录在“#目标数”列"),
            format!("lines {listed} write the target as a least amount; the number is read and the words are kept in `#目标数`"),
        ),
    )
    .at(place)
    .why(Text::new("达到这个数就是完成目标", "reaching the number meets the target"))
    .next(Text::new("不用改；意思不同的请改原表", "nothing to do; change the table where it means something else"))
}

pub(super) fn blocks_left_out(word: &str, place: Place) -> Diagnostic {
    Diagnostic::warning(
        "blocks-left-out",
        Text::new(
            format!("没有按“块”列分块：“{word}”不能作块的名称"),
            format!("the table's blocks are not used: `{word}` cannot name a block"),
        ),
    )
    .at(place)
    .why(Text::new(
        "块的名称要能写进总分的算式：一个词，不带空格和标点，不与指标同名",
        "the total is a sum of blocks: a name is one word without blanks or punctuation, unlike any indicator's",
    ))
    .next(Text::new(
        "改名后重新生成；原来的列照录在“#块”列",
        "rename and make the policy anew; the column is kept as `#块`",
    ))
}

pub(super) fn nouns_declared(nouns: &[String]) -> Diagnostic {
    let list = nouns.join("、");
    Diagnostic::warning(
        "nouns-declared",
        Text::new(
            format!("目标数里有新的计量单位，已声明：{list}"),
            format!("targets have units of measure that are new and were declared: {list}"),
        ),
    )
    .why(Text::new(
        "数字后面的词是计量单位，写错一个字就成了另一种单位",
        "the word behind a number is its unit; one wrong character makes another unit",
    ))
    .next(Text::new("核对 scheme.kp 的“单位名”各行", "check the lines 单位名 of scheme.kp"))
}

pub(super) fn nobody_meets() -> Diagnostic {
    Diagnostic::warning(
        "no-target-to-meet",
        Text::new(
            "各项规则都不说是否达标，评奖没有要求全部达标",
            "no rule says who met a target, so the award does not ask for it",
        ),
    )
    .next(Text::new("核对 scheme.kp 里的奖", "check the awards in scheme.kp"))
}

pub(super) fn title_skipped(title: &str, place: Place) -> Diagnostic {
    Diagnostic::warning(
        "title-row-skipped",
        Text::new(
            format!("表头上面的标题行跳过了：“{title}”"),
            format!("a title above the header is skipped: `{title}`"),
        ),
    )
    .at(place)
    .why(Text::new("只有一格有字的行不是表头", "a line in which one cell only is filled is no header"))
    .next(Text::new(
        "不用改；要是它本来是表头，请补全各栏",
        "nothing to do; if it was meant as the header, fill in all columns",
    ))
}

pub(super) fn total_left_out(word: &str, place: Place) -> Diagnostic {
    Diagnostic::warning(
        "total-row-left-out",
        Text::new(
            format!("“{word}”一行不是指标，没有收进去"),
            format!("the row `{word}` is no indicator and is left out"),
        ),
    )
    .at(place)
    .why(Text::new(
        "合计行要是当成指标，满分就多算了一遍",
        "as an indicator a row of totals would count all points twice",
    ))
    .next(Text::new("不用改；要是真有叫这个名字的指标，请换个名称", "nothing to do; rename it if it is an indicator"))
}

pub(super) fn total_differs(word: &str, said: &Exact, sum: &Exact, place: Place) -> Diagnostic {
    Diagnostic::warning(
        "total-row-differs",
        Text::new(
            format!("“{word}”写的是 {said} 分，各行加起来是 {sum} 分"),
            format!("`{word}` says {said}, the rows add up to {sum}"),
        ),
    )
    .at(place)
    .why(Text::new("分值有一处写错，或者漏了一行", "one of the points is wrong, or a row is missing"))
    .next(Text::new("对照办法核对各行的分值", "compare the points of the rows with the document"))
}

pub(super) fn folder_not_empty(folder: &Path) -> Diagnostic {
    let shown = folder.display();
    Diagnostic::error(
        "folder-not-empty",
        Text::new(format!("文件夹里已有东西：{shown}"), format!("the folder is not empty: {shown}")),
    )
    .why(Text::new("新方案不覆盖已有的文件", "a new policy does not overwrite what is there"))
    .next(Text::new("换一个文件夹，或先把里面的东西移走", "choose another folder, or move away what is in it"))
}

pub(super) fn cannot_write(path: &Path, fault: &io::Error) -> Diagnostic {
    let shown = path.display();
    Diagnostic::error("output-refused", Text::new(format!("写不了：{shown}"), format!("cannot write: {shown}")))
        .why(system_reason(fault))
        .next(Text::new(
            "什么都没有留下；核对路径、权限和磁盘后再试",
            "nothing was left behind; check the path, the permission and the disk, then try again",
        ))
}
