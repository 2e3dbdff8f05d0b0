//! What is said where a table does not fit its decision.

use kaoping_decide::{Decider, Field};
use kaoping_sheets::Header;
use kaoping_terms::{Diagnostic, Text, nearest::nearest};

fn names(field: &Field) -> String {
    match &field.alias {
        Some(alias) => format!("{} {alias}", field.name),
        None => field.name.clone(),
    }
}

pub(crate) fn column_missing(field: &Field, header: &Header) -> Diagnostic {
    let near = header.nearest(&field.name).or_else(|| field.alias.as_deref().and_then(|alias| header.nearest(alias)));
    let (hint_zh, hint_en) = near
        .map(|near| (format!("是不是表里的“{near}”？"), format!("is it `{near}` of the table? ")))
        .unwrap_or_default();
    let names = names(field);
    Diagnostic::error(
        "row-column-missing",
        Text::new(format!("表里没有“{names}”一栏"), format!("the table has no column `{names}`")),
    )
    .why(Text::new("决定要读这个数，没有就算不出来", "the decision reads it; without it nothing can be decided"))
    .next(Text::new(
        format!("{hint_zh}把栏名改成中文名或英文名；确实没有这个数，也要有一栏空的"),
        format!("{hint_en}call the column by either name; where there are no such figures, add an empty one"),
    ))
}

pub(crate) fn column_twice(field: &Field) -> Diagnostic {
    let names = names(field);
    Diagnostic::error(
        "row-column-twice",
        Text::new(format!("“{names}”一栏有两处"), format!("the column `{names}` is there twice")),
    )
    .why(Text::new("中文名和英文名是同一个数，不知道用哪一栏", "both names mean one figure; it is open which counts"))
    .next(Text::new("留一栏，另一栏删去或改名", "keep one; remove or rename the other"))
}

pub(crate) fn result_taken(head: &str) -> Diagnostic {
    Diagnostic::error(
        "result-column-taken",
        Text::new(format!("表里已经有“{head}”一栏"), format!("the table already has a column `{head}`")),
    )
    .why(Text::new(
        "算出来的也叫这个名，两栏同名分不清",
        "a result is called so too; two of one name cannot be told apart",
    ))
    .next(Text::new(
        "原表这一栏改名或删去，或用 --select 写明要哪些栏",
        "rename or remove the column, or say with --select which columns are wanted",
    ))
}

pub(crate) fn select_twice(name: &str) -> Diagnostic {
    Diagnostic::error(
        "select-twice",
        Text::new(format!("--select 里“{name}”写了两次"), format!("`{name}` stands twice in --select")),
    )
    .why(Text::new(
        "两栏同名，读结果的分不清，有的程序只认一栏",
        "of two columns of one name nobody can tell which is meant, and some programs take only one",
    ))
    .next(Text::new("每一栏只写一次", "name each column once"))
}

pub(crate) fn select_unknown(name: &str, decider: &Decider<'_>, header: &Header) -> Diagnostic {
    let results: Vec<&str> = decider.results().iter().map(kaoping_decide::ResultColumn::head).collect();
    let columns = header.columns().iter().map(|column| column.written.as_str());
    let near = nearest(name, results.iter().copied().chain(columns));
    let (hint_zh, hint_en) =
        near.map(|near| (format!("是不是“{near}”？"), format!("did you mean `{near}`? "))).unwrap_or_default();
    let listed = results.join("、");
    Diagnostic::error(
        "select-unknown",
        Text::new(format!("--select 里的“{name}”不是一栏"), format!("`{name}` in --select is no column")),
    )
    .why(Text::new("只能选表里有的栏和算出来的栏", "only columns of the table and results can be selected"))
    .next(Text::new(
        format!("{hint_zh}算出来的栏有：{listed}"),
        format!("{hint_en}the results are: {}", results.join(", ")),
    ))
}
