//! What is said about a policy folder that cannot be read as it stands.

use crate::folder::{MOST_BYTES, MOST_FILES};
use kaoping_terms::{Diagnostic, Text};

pub(crate) fn not_a_folder(root: &str) -> Diagnostic {
    Diagnostic::error("file-unreadable", Text::new(format!("这不是文件夹：{root}"), format!("not a folder: {root}")))
        .why(Text::new(
            "一份方案是一个文件夹：scheme.kp、indicators.csv、clauses.md 等",
            "a policy is a folder: scheme.kp, indicators.csv, clauses.md and so on",
        ))
        .next(Text::new("写出方案文件夹的路径", "give the path of the policy folder"))
}

pub(crate) fn too_many(root: &str) -> Diagnostic {
    Diagnostic::error(
        "file-too-many",
        Text::new(
            format!("文件太多：{root} 超过 {MOST_FILES} 个，其余没有读"),
            format!("too many files: {root} has more than {MOST_FILES}, the rest was not read"),
        ),
    )
    .why(Text::new(
        "一份方案不会有这么多文件，多半写错了文件夹",
        "no policy has that many; it is mostly the wrong folder",
    ))
    .next(Text::new("写出方案自己的文件夹，把别的资料移出去", "name the policy's own folder; move other material out"))
}

pub(crate) fn too_much(root: &str) -> Diagnostic {
    let most = MOST_BYTES / (1024 * 1024);
    Diagnostic::error(
        "file-too-large",
        Text::new(
            format!("文件太大：{root} 全部文本超过 {most} MiB，其余没有读"),
            format!("too large: the texts of {root} exceed {most} MiB, the rest was not read"),
        ),
    )
    .why(Text::new("方案里不放数据", "data does not belong in a policy"))
    .next(Text::new("把数据移出方案文件夹，用 --facts 读入", "move data out and read it with --facts"))
}

pub(crate) fn strange_name(shown: &str) -> Diagnostic {
    Diagnostic::error(
        "file-unreadable",
        Text::new(format!("文件名读不出来：{shown}"), format!("the file's name cannot be read: {shown}")),
    )
    .why(Text::new("文件名不是 UTF-8，引用不到它", "a name that is not UTF-8 cannot be referred to"))
    .next(Text::new("给文件改名", "rename the file"))
}

pub(crate) fn link_leaves(shown: &str) -> Diagnostic {
    Diagnostic::error(
        "file-unreadable",
        Text::new(format!("链接指向方案文件夹之外：{shown}"), format!("a link leaves the policy folder: {shown}")),
    )
    .why(Text::new(
        "方案要能整个交出去；指到外面的链接到了别处就不一样了",
        "a policy is handed on as a whole; a link to the outside differs elsewhere",
    ))
    .next(Text::new(
        "把文件复制进来；共用的规则写成 .kp，用相对路径引用",
        "copy the file in; refer to shared rules in a .kp by relative path",
    ))
}

pub(crate) fn workbook(shown: &str) -> Diagnostic {
    Diagnostic::warning(
        "file-not-text",
        Text::new(format!("没有读 Excel 文件：{shown}"), format!("a workbook was not read: {shown}")),
    )
    .why(Text::new(
        "方案里的表只从 .csv 读，改了 Excel 而没有另存，结果不会变",
        "tables are read from .csv only; a change in the workbook alone has no effect",
    ))
    .next(Text::new(
        "在 Excel 或 WPS 里另存为“CSV UTF-8（逗号分隔）”，文件名不变，后缀 .csv",
        "save it in Excel or WPS as \"CSV UTF-8 (comma delimited)\", same name, ending .csv",
    ))
}

pub(crate) fn not_a_library(relative: &str) -> Diagnostic {
    Diagnostic::error(
        "file-unreadable",
        Text::new(format!("不能引用这个文件：{relative}"), format!("this file cannot be referred to: {relative}")),
    )
    .why(Text::new(
        "方案之外只读 .kp，并且用相对路径，换一台机器也找得到",
        "outside the policy only .kp is read, by a relative path that holds on any machine",
    ))
    .next(Text::new("写成相对路径，如 ../kinds/common.kp", "write a relative path such as ../kinds/common.kp"))
}
