//! The command line, as a person types it: the English words where they belong, the Chinese ones
//! beside them.

use clap::{Args, Parser, Subcommand};
use kaoping_cli::{arguments::LangChoice, help::Chinese};
use std::path::PathBuf;

/// What the help says in Chinese, and not as `kaoping` does.
pub const CHINESE: Chinese = Chinese {
    about: "考评：在已有的引擎里逐行计算，一台机器或几台机器。",
    commands: &[
        ("scheduler", "调度：把活分给执行机"),
        ("executor", "执行：给调度机干活"),
        ("run", "计算：把一个文件夹的 Parquet 逐行算出来"),
    ],
    arguments: &[
        ("lang", "说哪种语言：zh 中文，en 英文；每台机器都要一样；不写是 zh"),
        ("listen", "监听的地址和端口；不写是 127.0.0.1，调度机用 50050，执行机用 50051 和它的下一个端口"),
        ("host", "别的机器怎么称呼这一台；不写就是监听的地址"),
        ("patience", "执行机几秒没有消息就当它没了，至少 5；不写是 20"),
        ("scheduler", "调度机在哪里；执行机不写是 127.0.0.1:50050，计算不写就在这一个进程里算"),
        ("second_port", "第二个端口，不是监听端口的下一个时才写"),
        ("cores", "同时算几块；不写就一个核一块"),
        ("work", "中间结果放在哪个文件夹里，取走以前留着，执行机结束时清掉；不写就用系统的临时文件夹"),
        ("from", "要算的表：一个 .parquet 或一个文件夹的，每台机器都用这个路径读得到"),
        ("out", "结果写到哪个 Parquet 文件"),
        ("key", "按哪些栏排序，用逗号隔开"),
        ("pieces", "至多切成几块，1 到 65536；不写是 64"),
    ],
};

/// Kaoping: decisions inside an existing engine, on one machine or several.
#[derive(Debug, Parser)]
#[command(name = "kaoping-engine", version, long_about = None, arg_required_else_help = true)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Language of messages and reasons; the same on every machine.
    #[arg(long, global = true, value_enum, default_value = "zh")]
    pub lang: LangChoice,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Shares work out among executors
    Scheduler(SchedulerArguments),
    /// Works for a scheduler
    Executor(ExecutorArguments),
    /// Decides every row of a folder of Parquet
    Run(RunArguments),
}

/// By what is decided: the same on every machine.
#[derive(Debug, Args)]
pub struct DecisionArguments {
    /// The policy folder.
    pub policy: PathBuf,
    /// The decision, where the policy has several.
    #[arg(long)]
    pub decision: Option<String>,
    /// The day parameters are taken of, YYYY-MM-DD.
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// A choice made otherwise: NAME=WORD. May be repeated.
    #[arg(long, value_name = "NAME=WORD")]
    pub choose: Vec<String>,
}

/// Sharing work out.
#[derive(Debug, Args)]
pub struct SchedulerArguments {
    /// By what is decided.
    #[command(flatten)]
    pub by: DecisionArguments,
    /// Where to listen.
    #[arg(long, value_name = "ADDRESS:PORT", value_parser = place, default_value = "127.0.0.1:50050")]
    pub listen: (String, u16),
    /// What other machines call this one; without it the address it listens on.
    #[arg(long)]
    pub host: Option<String>,
    /// After how many seconds of silence an executor is given up.
    #[arg(long, value_name = "SECONDS", default_value = "20", value_parser = clap::value_parser!(u64).range(5..))]
    pub patience: u64,
}

/// Working for a scheduler.
#[derive(Debug, Args)]
pub struct ExecutorArguments {
    /// By what is decided.
    #[command(flatten)]
    pub by: DecisionArguments,
    /// The scheduler.
    #[arg(long, value_name = "HOST:PORT", value_parser = place, default_value = "127.0.0.1:50050")]
    pub scheduler: (String, u16),
    /// Where to listen; the port after it is used too.
    #[arg(long, value_name = "ADDRESS:PORT", value_parser = place, default_value = "127.0.0.1:50051")]
    pub listen: (String, u16),
    /// The second port, where it is not the one after the first.
    #[arg(long, value_name = "PORT")]
    pub second_port: Option<u16>,
    /// What other machines call this one; without it the address it listens on.
    #[arg(long)]
    pub host: Option<String>,
    /// How many pieces are worked on at once; without it one for each core.
    #[arg(long, value_name = "NUMBER")]
    pub cores: Option<usize>,
    /// In which folder results are kept until they are fetched; they go with
    /// the executor. Without it that of the system.
    #[arg(long, value_name = "FOLDER")]
    pub work: Option<PathBuf>,
}

/// Deciding every row.
#[derive(Debug, Args)]
pub struct RunArguments {
    /// By what is decided.
    #[command(flatten)]
    pub by: DecisionArguments,
    /// The scheduler; without it the engine runs in this process alone.
    #[arg(long, value_name = "HOST:PORT", value_parser = place)]
    pub scheduler: Option<(String, u16)>,
    /// A .parquet or a folder of them, under a name that every machine reads.
    #[arg(long = "in", value_name = "PARQUET")]
    pub from: PathBuf,
    /// The Parquet file the results go to.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Columns the rows are sorted by, separated by commas.
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',', required = true)]
    pub key: Vec<String>,
    /// Columns of the result, separated by commas; without it all.
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub select: Option<Vec<String>>,
    /// In how many pieces the table is cut at most.
    #[arg(long, value_name = "NUMBER", default_value = "64", value_parser = clap::value_parser!(u64).range(1..=65536))]
    pub pieces: u64,
}

/// A machine and a port.
fn place(written: &str) -> Result<(String, u16), String> {
    let wrong = || format!("{written}: HOST:PORT");
    let (host, port) = written.rsplit_once(':').filter(|(host, _)| !host.is_empty()).ok_or_else(wrong)?;
    Ok((host.to_owned(), port.parse().map_err(|_| wrong())?))
}
