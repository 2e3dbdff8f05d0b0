//! What the desk is asked, and what it answers.

use kaoping_ledger::{By, Digest};
use kaoping_office::Act;
use kaoping_terms::{Diagnostic, Text};

/// A deed that somebody asks for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The name its sender gave it. Sent twice, it is done once.
    pub id: String,
    /// Who asks.
    pub by: By,
    /// Whether office and role were named by nobody but the program: sent again, the deed is the one that was done,
    /// whatever the account has become since.
    pub anywhere: bool,
    /// What is to be done.
    pub act: Act,
    /// Why.
    pub why: String,
    /// The papers it rests on; their content is kept already.
    pub evidence: Vec<Digest>,
}

/// It was done, and is durable.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// Its place in the record.
    pub number: u64,
    /// The hash of its entry.
    pub hash: Digest,
    /// When it was received: milliseconds since 1970.
    pub received_ms: i64,
    /// Whether it had been done before, and this is the same once more.
    pub again: bool,
    /// What was done all the same and asks to be looked at; told once.
    pub warnings: Vec<Diagnostic>,
}

/// It was not done, and nothing changed.
#[derive(Clone, Debug)]
pub enum Refusal {
    /// What speaks against it.
    Findings(Vec<Diagnostic>),
    /// Too much is waiting; refused before any work.
    Busy,
    /// The disk is full: nothing can be written, everything can be read.
    ReadOnly(Box<Diagnostic>),
    /// The disk failed. What was being written is perhaps there; the desk has to be opened anew, and then
    /// tells: the same request once more is safe.
    Stopped(Box<Diagnostic>),
}

impl Refusal {
    /// What to tell.
    pub fn findings(&self) -> Vec<Diagnostic> {
        match self {
            Self::Findings(findings) => findings.clone(),
            Self::Busy => Vec::from([busy()]),
            Self::ReadOnly(finding) | Self::Stopped(finding) => Vec::from([(**finding).clone()]),
        }
    }
}

/// How a deed ended.
pub type Answer = Result<Receipt, Refusal>;

fn busy() -> Diagnostic {
    Diagnostic::error("desk-busy", Text::new("现在办理的人太多", "too much is waiting to be done"))
        .why(Text::new(
            "排队已满，没有开始办理，什么也没有丢",
            "the queue is full; it was not begun and nothing is lost",
        ))
        .next(Text::new("过一会儿用同一个编号再送一次", "send it again in a moment, under the same id"))
}

pub(crate) fn failed_at_it() -> Diagnostic {
    Diagnostic::error("internal-fault", Text::new("程序没能办成这件事", "the program failed at this deed"))
        .why(Text::new(
            "这是程序的缺陷；台账没有变，别的事照办",
            "this is a defect of the program; the record is unchanged, other deeds go on",
        ))
        .next(Text::new("把这件事的内容报告给维护者", "report what the deed said"))
}

pub(crate) fn stopped() -> Diagnostic {
    Diagnostic::error("desk-stopped", Text::new("台账已停止写入", "the record is no longer written"))
        .why(Text::new(
            "磁盘出过错，刚才那一批可能写进去了，也可能没有",
            "the disk failed; what was being written is perhaps there, perhaps not",
        ))
        .next(Text::new(
            "检查磁盘后重新启动；再用同一个编号送一次，不会重复",
            "look at the disk and start again; sent once more under the same id it is done once",
        ))
}

/// The id was used for something else before.
pub fn used_otherwise(id: &str, number: u64) -> Diagnostic {
    Diagnostic::error(
        "id-used-otherwise",
        Text::new(
            format!("编号“{id}”已用于第 {number} 条，内容不同"),
            format!("the id `{id}` belongs to entry {number}, which says something else"),
        ),
    )
    .why(Text::new("一个编号只能是一件事", "one id is one deed"))
    .next(Text::new("给这件事一个新的编号", "give this deed an id of its own"))
}

/// Somebody else used the id. What for is not told: that is his affair.
pub(crate) fn used_by_another(id: &str) -> Diagnostic {
    Diagnostic::error(
        "id-used-otherwise",
        Text::new(
            format!("编号“{id}”不能用：不是你用过的"),
            format!("the id `{id}` is not free, and not one of yours"),
        ),
    )
    .why(Text::new("一个编号只能是一件事，各个账号的编号放在一起", "one id is one deed, whoever does it"))
    .next(Text::new(
        "给这件事一个新的编号，前面写上自己的账号就不会和别人的重",
        "give this deed an id of its own; one that begins with your account meets nobody else's",
    ))
}

pub(crate) fn unusable_id(id: &str) -> Diagnostic {
    Diagnostic::error(
        "name-not-usable",
        Text::new(format!("“{id}”不能作编号"), format!("`{id}` cannot be the id of a deed")),
    )
    .why(Text::new(
        "编号由汉字、字母、数字和 - _ . / 组成，1 到 64 个字",
        "an id is made of letters, digits and - _ . /, 1 to 64 characters",
    ))
    .next(Text::new(
        "换一个没有用过的编号，例如“上报-2026-07-甲县-1”",
        "take one that was not used before, such as report-2026-07-1",
    ))
}

pub(crate) fn unwritable() -> Diagnostic {
    Diagnostic::error(
        "value-not-fitting",
        Text::new("文字里有不能保存的控制字符 NUL", "a text has the control character NUL in it, which cannot be kept"),
    )
    .why(Text::new("数据库存不下它", "databases cannot hold it"))
    .next(Text::new("去掉它", "take it out"))
}
