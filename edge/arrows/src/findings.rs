//! What is said of tables of columns that cannot be taken.

use crate::ipc::Broken;
use arrow_schema::DataType;
use kaoping_batch::Stopped;
use kaoping_sheets::FileFault;
use kaoping_terms::{Diagnostic, Report, Text};

/// A table that cannot be read, called so.
pub(crate) fn unreadable(broken: Broken, name: &str) -> Stopped {
    let reason = match broken {
        Broken::System(fault) => return Stopped::Unreadable(FileFault::from(fault)),
        Broken::Reason(reason) => reason,
    };
    unfit(
        Diagnostic::error(
            "table-broken",
            Text::new(format!("读不了这张表：{name}"), format!("the table cannot be read: {name}")),
        )
        .why(Text::new(
            format!("不是完整的 Parquet 或 Arrow：{}", reason.zh),
            format!("it is no whole Parquet or Arrow: {}", reason.en),
        ))
        .next(Text::new(
            "重新导出或重新传一遍；其实是另一种格式，就用 --in-format 写明",
            "export or copy it again; if it is of another format, say so with --in-format",
        )),
    )
}

/// One finding that ends a run.
pub(crate) fn unfit(finding: Diagnostic) -> Stopped {
    let mut report = Report::new();
    report.push(finding);
    Stopped::Unfit { report, text: String::new() }
}

pub(crate) fn float_column(name: &str, data_type: &DataType) -> Diagnostic {
    Diagnostic::error(
        "float-column",
        Text::new(
            format!("“{name}”一栏是浮点数（{data_type}）"),
            format!("the column `{name}` holds binary floats ({data_type})"),
        ),
    )
    .why(Text::new(
        "浮点数里多数小数（如 0.1）只是近似值，差一分可能就差一档",
        "most decimals, such as 0.1, are only near a float; a cent can decide",
    ))
    .next(Text::new(
        "导出时转成定点小数，如 CAST(… AS DECIMAL(18,2))；编号一类转成整数或文字",
        "cast it to a decimal where it comes from, as in CAST(… AS DECIMAL(18,2)); codes to integers or text",
    ))
}

pub(crate) fn column_type(name: &str, data_type: &DataType, expected: &str) -> Diagnostic {
    Diagnostic::error(
        "column-type",
        Text::new(
            format!("“{name}”一栏的类型是 {data_type}，读不成这里要的数"),
            format!("the column `{name}` is of type {data_type}, which is not what is read there"),
        ),
    )
    .why(Text::new(format!("这里要：{expected}"), format!("expected: {expected}")))
    .next(Text::new(
        "数用整数或定点小数，日期用日期（不带时刻），词和带单位的数用文字",
        "use integers or decimals for numbers, dates without a time for days, text for words and numbers with units",
    ))
}

pub(crate) fn column_without_text(name: &str, data_type: &DataType) -> Diagnostic {
    Diagnostic::error(
        "column-without-text",
        Text::new(
            format!("“{name}”一栏的类型是 {data_type}，CSV 里写不出来"),
            format!("the column `{name}` is of type {data_type}, which CSV cannot hold"),
        ),
    )
    .why(Text::new(
        "一格里只能写一个数或一段文字，写成别的样子就回不来了",
        "a cell holds one number or one text; anything else could not be read back",
    ))
    .next(Text::new(
        "输出成 .parquet 或 .arrow，或用 --select 不要这一栏",
        "write .parquet or .arrow, or leave the column out with --select",
    ))
}
