//! What is said about a file whose bytes are not a text.

use crate::{
    decode::{BinaryKind, DecodeFault, Encoding},
    file::grouped,
};
use kaoping_terms::{Diagnostic, Text};

impl DecodeFault {
    /// The finding for the file shown to the reader as `path`.
    pub fn diagnostic(&self, path: &str) -> Diagnostic {
        match self {
            Self::Empty => Diagnostic::error(
                "file-empty",
                Text::new(format!("文件是空的：{path}"), format!("the file is empty: {path}")),
            )
            .why(Text::new(
                "空文件多半是保存失败，不能当作“没有内容”处理",
                "an empty file is mostly a failed save and cannot pass for \"nothing to say\"",
            ))
            .next(Text::new(
                "重新保存或导出这个文件；确实不需要就删除它",
                "save or export the file again, or remove it if it is not needed",
            )),
            Self::Binary(kind) => not_text(*kind, path),
            Self::Nul { line, column } => nul_finding(path, *line, *column).in_file(path, Some((*line, *column))),
            Self::Undecodable { encoding, byte, line, column, truncated } => {
                undecodable_finding(path, *encoding, *byte, *line, *truncated).in_file(path, Some((*line, *column)))
            }
        }
    }
}

fn nul_finding(path: &str, line: usize, column: usize) -> Diagnostic {
    let (line, column) = (grouped(line as u64), grouped(column as u64));
    Diagnostic::error(
        "file-nul",
        Text::new(
            format!("文件里有空字符（NUL）：{path} 第 {line} 行第 {column} 个字"),
            format!("there is a NUL character in the file: {path}, line {line}, column {column}"),
        ),
    )
    .why(Text::new(
        "文字里没有这个字符，多半是导出或传送时坏的，旁边的内容也可能不对",
        "no text has one; mostly an export or a copy went wrong, and what stands beside it may be wrong, too",
    ))
    .next(Text::new(
        "重新导出；或者打开文件，核对并删去这个字符",
        "export it again, or open it, check that place and remove it",
    ))
}

fn undecodable_finding(path: &str, encoding: Encoding, byte: usize, line: usize, truncated: bool) -> Diagnostic {
    let name = encoding.name();
    let (line, byte) = (grouped(line as u64), grouped(byte as u64 + 1));
    let (zh, en) = if truncated {
        ("文件在一个字符中间断了", "the file ends in the middle of a character")
    } else {
        ("有读不出来的字节", "there is a byte that cannot be read")
    };
    Diagnostic::error(
        "file-encoding",
        Text::new(
            format!("{zh}：{path} 第 {line} 行，第 {byte} 字节（按 {name} 读）"),
            format!("{en}: {path}, line {line}, byte {byte} (read as {name})"),
        ),
    )
    .why(Text::new(
        "猜一个字可能把一个单位变成另一个单位，所以不猜",
        "guessing a character could turn one unit into another, so nothing is guessed",
    ))
    .next(Text::new(
        "用编辑器或 Excel 打开核对这一处，另存为“CSV UTF-8”（文本选 UTF-8）后再试",
        "open the file, check that place, save it as \"CSV UTF-8\" (or UTF-8 text) and try again",
    ))
}

fn not_text(kind: BinaryKind, path: &str) -> Diagnostic {
    let (zh, en) = kind.describe();
    let (next_zh, next_en) = kind.advice();
    Diagnostic::error(
        "file-not-text",
        Text::new(format!("不是文本文件：{path} 是{zh}"), format!("not a text file: {path} is {en}")),
    )
    .why(Text::new("这里只读文本：.kp、.csv、.md", "only text is read here: .kp, .csv, .md"))
    .next(Text::new(next_zh, next_en))
}

impl BinaryKind {
    fn describe(self) -> (&'static str, &'static str) {
        match self {
            Self::Workbook => (" Excel 工作簿（.xlsx）", "an Excel workbook (.xlsx)"),
            Self::OldOffice => ("旧版 Office 文件（.xls 或 .doc）", "an old Office file (.xls or .doc)"),
            Self::Document => (" Word 文档（.docx）", "a Word document (.docx)"),
            Self::OpenSpreadsheet => (" OpenDocument 表格（.ods）", "an OpenDocument spreadsheet (.ods)"),
            Self::Archive => ("压缩包（zip）", "a zip archive"),
            Self::Pdf => (" PDF 文件", "a PDF"),
            Self::Parquet => (" Parquet 文件", "a Parquet file"),
            Self::Arrow => (" Arrow 文件", "an Arrow file"),
            Self::Gzip => (" gzip 压缩文件", "a gzip file"),
            Self::Picture => ("图片", "a picture"),
            Self::Utf32 => (" UTF-32 编码的文件", "a file in UTF-32"),
            Self::Unknown => ("二进制文件，内容不是文字", "binary: its content is not text"),
        }
    }

    fn advice(self) -> (&'static str, &'static str) {
        match self {
            Self::Workbook | Self::OldOffice | Self::OpenSpreadsheet => (
                "在 Excel 或 WPS 里另存为“CSV UTF-8（逗号分隔）”，再用保存出来的 .csv",
                "save it in Excel or WPS as \"CSV UTF-8 (comma delimited)\" and use that .csv",
            ),
            Self::Document | Self::Pdf | Self::Picture => {
                ("把其中的文字或表格整理成 .csv 或 .md 文本", "bring its words or its table into a .csv or .md text")
            }
            Self::Archive | Self::Gzip => ("先解压，再用里面的文本文件", "unpack it and use the text file inside"),
            Self::Parquet | Self::Arrow => (
                "逐行算就用 kaoping compute，后缀写成 .parquet、.arrow，或加 --in-format；别的地方先转成 .csv",
                "to decide row by row, kaoping compute takes it as .parquet or .arrow or with --in-format; elsewhere turn it into .csv",
            ),
            Self::Utf32 => ("另存为 UTF-8", "save it as UTF-8"),
            Self::Unknown => (
                "核对路径是否写对；如是表格，另存为“CSV UTF-8”",
                "check the path; if it is a table, save it as \"CSV UTF-8\"",
            ),
        }
    }
}
