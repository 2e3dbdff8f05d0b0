//! Why the store did not do what it was asked, in both languages.

use kaoping_terms::{Diagnostic, Text};
use std::{error, fmt, io};

/// Why the store did not do what it was asked. Nothing of a commit that failed is there, but for the two cases that
/// say otherwise.
#[derive(Clone, Debug)]
pub enum Failed {
    /// There is no room. It works again when there is.
    DiskFull {
        /// Which store, without its password.
        place: String,
        /// What the database says.
        cause: String,
    },
    /// The disk failed. What was being written is perhaps there: the process has to end and open the store anew, and
    /// must not try again, because a system forgets what it could not write.
    Sync {
        /// Which store, without its password.
        place: String,
        /// What the database says.
        cause: String,
    },
    /// Somebody else was in the way, again and again.
    Conflict {
        /// Which store, without its password.
        place: String,
        /// What the database says.
        cause: String,
    },
    /// The connection is gone. What was being written is perhaps there: the store has to be opened anew.
    Lost {
        /// Which store, without its password.
        place: String,
        /// What the database says.
        cause: String,
    },
    /// It cannot be done, and a finding says why.
    Refused(Box<Diagnostic>),
    /// Anything else.
    Other {
        /// Which store, without its password.
        place: String,
        /// What the database says.
        cause: String,
    },
}

/// A refusal: what is wrong, and what `words` add to it.
pub(crate) fn refused(name: &'static str, message: Text, words: impl FnOnce(Diagnostic) -> Diagnostic) -> Failed {
    Failed::Refused(Box::new(words(Diagnostic::error(name, message))))
}

impl Failed {
    /// Whether this store must not be used any more: it has to be opened anew, and then says what is there.
    pub fn ends_the_store(&self) -> bool {
        matches!(self, Self::Sync { .. } | Self::Lost { .. })
    }

    /// The name of the finding it becomes.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Refused(finding) => finding.name,
            other => Diagnostic::from(other.clone()).name,
        }
    }

    /// What went wrong with a file beside the database.
    pub(crate) fn file(place: &str, fault: &io::Error) -> Self {
        let (place, cause) = (place.to_string(), fault.to_string());
        match fault.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { place, cause },
            io::ErrorKind::NotFound
            | io::ErrorKind::PermissionDenied
            | io::ErrorKind::NotADirectory
            | io::ErrorKind::IsADirectory
            | io::ErrorKind::ReadOnlyFilesystem => unreachable(&place, &in_words(&cause)),
            _ => Self::Sync { place, cause },
        }
    }
}

/// What a system or a database says of itself, by a part of its words, and what that means.
const KNOWN: &[(&str, &str)] = &[
    ("no such table", "库里缺一张表"),
    ("no such column", "库里的一张表缺一栏"),
    ("already exists", "库里已有同名的东西"),
    ("does not exist", "库里缺要用的东西"),
    ("malformed", "库的内容是乱的，读不出来"),
    ("not a database", "这个文件不是数据库"),
    ("unable to open database file", "打不开库的文件"),
    ("readonly database", "库的文件只能读"),
    ("Read-only file system", "磁盘只能读"),
    ("read-only transaction", "数据库只许读"),
    ("disk I/O error", "磁盘读写出错"),
    ("disk is full", "磁盘已满"),
    ("No space left", "磁盘已满"),
    ("is locked", "库被别的程序占着"),
    ("No such file", "路径不存在"),
    ("Permission denied", "没有权限"),
    ("permission denied", "没有权限"),
    ("Not a directory", "路径中有一段不是文件夹"),
    ("Is a directory", "这是文件夹"),
    ("Input/output error", "磁盘读写出错"),
    ("authentication failed", "密码或账号不对"),
    ("Connection refused", "那里没有数据库在受理"),
    ("timed out", "等得太久，没有回答"),
    ("connection closed", "与数据库断了"),
    ("failed to lookup address", "找不到这个主机"),
    ("terminating connection", "数据库断开了连接"),
];

/// What it says, in words.
pub(crate) fn in_words(cause: &str) -> Text {
    let known = KNOWN.iter().find(|(part, _)| cause.contains(part));
    let zh = known.map_or("系统或数据库报告错误", |(_, zh)| *zh);
    Text::new(format!("{zh}（{cause}）"), cause)
}

/// Nothing can be reached at that address.
pub(crate) fn unreachable(place: &str, why: &Text) -> Failed {
    let message = Text::new(format!("打不开库 {place}"), format!("cannot open the store {place}"));
    refused("store-unreachable", message, |finding| {
        finding.why(why.clone()).next(Text::new(
            "看地址写得对不对、文件夹在不在、有没有权限、数据库是否在运行",
            "see that the address is right, the folder is there, you may use it, and the database runs",
        ))
    })
}

/// What is there was not made by this program.
pub(crate) fn foreign(place: &str, why: &Text) -> Failed {
    let message = Text::new(format!("{place} 不是考评的库"), format!("{place} is no store of kaoping"));
    refused("store-foreign", message, |finding| {
        finding.why(why.clone()).next(Text::new(
            "换一个地址；新库要建在还没有的文件或空的数据库里",
            "give another address; a new store is made in a file that is not there, or in an empty database",
        ))
    })
}

/// What is there cannot be read any more.
pub(crate) fn damaged(place: &str, why: &Text) -> Failed {
    let message = Text::new(format!("库 {place} 已损坏"), format!("the store {place} is damaged"));
    refused("store-damaged", message, |finding| {
        finding.why(why.clone()).next(Text::new(
            "停用它，留作检查；用最近的备份恢复",
            "stop using it and keep it for examination; restore the latest backup",
        ))
    })
}

/// Entries are gone from the middle of the record: from one number up to the next that is there.
pub(crate) fn entry_missing(place: &str, from: u64, found: u64) -> Failed {
    let last = found.saturating_sub(1);
    let (zh, en) = match from == last {
        true => (format!("第 {from} 条"), format!("entry {from} is")),
        false => (format!("第 {from} 条到第 {last} 条"), format!("entries {from} to {last} are")),
    };
    let message = Text::new(format!("库 {place} 里{zh}不见了"), format!("{en} missing in the store {place}"));
    refused("store-entry-missing", message, |finding| {
        let why = Text::new(
            format!("后面还有第 {found} 条；记录不缺号，程序也从不删记录"),
            format!("entry {found} is there behind; a record has no gaps, and the program never takes an entry out"),
        );
        finding.why(why).next(Text::new(
            "不要再往里写；从与保存的检查点相符的备份恢复，并查清谁动过数据库",
            "stop writing to it; restore a backup that agrees with a pinned checkpoint, and find out who had the database in hand",
        ))
    })
}

/// Only reading was asked for, or is allowed.
pub(crate) fn read_only(place: &str, why: &Text) -> Failed {
    let message = Text::new(format!("库 {place} 只能读"), format!("the store {place} can only be read"));
    refused("store-read-only", message, |finding| {
        finding
            .why(why.clone())
            .next(Text::new("以写的方式打开，或请管理员授权", "open it for writing, or ask for permission"))
    })
}

/// Somebody else writes there.
pub(crate) fn in_use(place: &str) -> Failed {
    let message =
        Text::new(format!("库 {place} 正由另一个程序写"), format!("another program writes to the store {place}"));
    refused("store-in-use", message, |finding| {
        finding.why(Text::new("记录只能有一个写者，否则会分叉", "a record has one writer, or it would fork")).next(
            Text::new(
                "停掉另一个程序；只读的命令不受影响",
                "stop the other program; commands that read are not affected",
            ),
        )
    })
}

/// The same number or identifier again.
pub(crate) fn entry_twice(place: &str, cause: &str) -> Failed {
    let message = Text::new("这一条已经记录过", "an entry with this number or identifier is recorded already");
    refused("store-entry-twice", message, |finding| {
        let cause_zh = format!("{place}：编号或序号重复（{cause}）");
        finding.why(Text::new(cause_zh, format!("{place}: {cause}"))).next(Text::new(
            "整批都没有写入；先看已经记录了什么",
            "nothing of the batch was written; look at what is recorded",
        ))
    })
}

impl From<Failed> for Diagnostic {
    fn from(failed: Failed) -> Self {
        let (name, message, place, cause, next) = match failed {
            Failed::Refused(finding) => return *finding,
            Failed::DiskFull { place, cause } => (
                "store-disk-full",
                Text::new("磁盘满了，这一批没有写入", "the disk is full, and this batch was not written"),
                place,
                cause,
                Text::new("腾出空间，再试", "make room and try again"),
            ),
            Failed::Sync { place, cause } => (
                "store-sync-failed",
                Text::new(
                    "磁盘出错，不知道写进去了没有",
                    "the disk failed, and it is not known whether the batch was written",
                ),
                place,
                cause,
                Text::new(
                    "检查磁盘；程序要停止，重新打开后以库里的内容为准",
                    "examine the disk; the program has to end, and what the store holds when opened anew counts",
                ),
            ),
            Failed::Conflict { place, cause } => (
                "store-conflict",
                Text::new(
                    "别的程序一直占着库，这一批没有写入",
                    "another program kept the store busy, and this batch was not written",
                ),
                place,
                cause,
                Text::new("找出占着库的程序，再试", "find the program that keeps it busy and try again"),
            ),
            Failed::Lost { place, cause } => (
                "store-connection-lost",
                Text::new(
                    "与数据库断了，不知道写进去了没有",
                    "the connection is gone, and it is not known whether the batch was written",
                ),
                place,
                cause,
                Text::new("重新打开库，以库里的内容为准", "open the store anew; what it holds then counts"),
            ),
            Failed::Other { place, cause } => (
                "store-failed",
                Text::new("数据库拒绝了这一步", "the database refused a step"),
                place,
                cause,
                Text::new(
                    "没有写入；请把这句话报告给管理员",
                    "nothing was written; report these words to the administrator",
                ),
            ),
        };
        let cause = in_words(&cause);
        let why = Text::new(format!("{place}：{}", cause.zh), format!("{place}: {}", cause.en));
        Diagnostic::error(name, message).why(why).next(next)
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let finding = Diagnostic::from(self.clone());
        write!(f, "[{}] {} ({})", finding.name, finding.message.en, finding.why.en)
    }
}

impl error::Error for Failed {}
