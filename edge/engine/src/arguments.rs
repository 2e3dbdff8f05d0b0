//! The command line, as a person types it.

use clap::{Args, Parser, Subcommand};
use kaoping_cli::arguments::LangChoice;
use std::path::PathBuf;

/// 考评：在已有的引擎里逐行计算，一台机器或几台机器。
/// Kaoping: decisions inside an existing engine, on one machine or several.
#[derive(Debug, Parser)]
#[command(name = "kaoping-engine", version, about, long_about = None, arg_required_else_help = true)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// 说哪种语言 Language of messages and reasons; the same on every machine.
    #[arg(long, global = true, value_enum, default_value = "zh")]
    pub lang: LangChoice,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// 调度 Shares work out among executors
    Scheduler(SchedulerArguments),
    /// 执行 Works for a scheduler
    Executor(ExecutorArguments),
    /// 计算 Decides every row of a folder of Parquet
    Run(RunArguments),
}

/// By what is decided: the same on every machine.
#[derive(Debug, Args)]
pub struct DecisionArguments {
    /// 方案文件夹 The policy folder.
    pub policy: PathBuf,
    /// 用哪个决定 The decision, where the policy has several.
    #[arg(long)]
    pub decision: Option<String>,
    /// 参数按哪一天取 The day parameters are taken of, YYYY-MM-DD.
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// 改一个选择 A choice made otherwise: NAME=WORD. May be repeated.
    #[arg(long, value_name = "选择=词")]
    pub choose: Vec<String>,
}

/// Sharing work out.
#[derive(Debug, Args)]
pub struct SchedulerArguments {
    /// By what is decided.
    #[command(flatten)]
    pub by: DecisionArguments,
    /// 监听的地址和端口 Where to listen.
    #[arg(long, value_name = "ADDRESS:PORT", value_parser = place, default_value = "127.0.0.1:50050")]
    pub listen: (String, u16),
    /// 别的机器怎么称呼这一台 What other machines call this one; without it the address it listens on.
    #[arg(long)]
    pub host: Option<String>,
    /// 执行机几秒没有消息就当它没了 After how many seconds of silence an executor is given up.
    #[arg(long, value_name = "SECONDS", default_value = "20", value_parser = clap::value_parser!(u64).range(5..))]
    pub patience: u64,
}

/// Working for a scheduler.
#[derive(Debug, Args)]
pub struct ExecutorArguments {
    /// By what is decided.
    #[command(flatten)]
    pub by: DecisionArguments,
    /// 调度机 The scheduler.
    #[arg(long, value_name = "HOST:PORT", value_parser = place, default_value = "127.0.0.1:50050")]
    pub scheduler: (String, u16),
    /// 监听的地址和端口，还要用下一个端口 Where to listen; the port after it is used too.
    #[arg(long, value_name = "ADDRESS:PORT", value_parser = place, default_value = "127.0.0.1:50051")]
    pub listen: (String, u16),
    /// 第二个端口 The second port, where it is not the one after the first.
    #[arg(long, value_name = "PORT")]
    pub second_port: Option<u16>,
    /// 别的机器怎么称呼这一台 What other machines call this one; without it the address it listens on.
    #[arg(long)]
    pub host: Option<String>,
    /// 同时算几块 How many pieces are worked on at once; without it one for each core.
    #[arg(long, value_name = "NUMBER")]
    pub cores: Option<usize>,
    /// 中间结果放在哪个文件夹里 In which folder results are kept until they are fetched; they go with
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
    /// 调度机 The scheduler; without it the engine runs in this process alone.
    #[arg(long, value_name = "HOST:PORT", value_parser = place)]
    pub scheduler: Option<(String, u16)>,
    /// 要算的表 A .parquet or a folder of them, under a name that every machine reads.
    #[arg(long = "in", value_name = "PARQUET")]
    pub from: PathBuf,
    /// 结果写到哪个 Parquet 文件 The Parquet file the results go to.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// 按哪些栏排序 Columns the rows are sorted by, separated by commas.
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',', required = true)]
    pub key: Vec<String>,
    /// 结果要哪些栏 Columns of the result, separated by commas; without it all.
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub select: Option<Vec<String>>,
    /// 切成几块 In how many pieces the table is cut at most.
    #[arg(long, value_name = "NUMBER", default_value = "64", value_parser = clap::value_parser!(u64).range(1..=65536))]
    pub pieces: u64,
}

/// A machine and a port.
fn place(written: &str) -> Result<(String, u16), String> {
    let wrong = || format!("{written}: HOST:PORT");
    let (host, port) = written.rsplit_once(':').filter(|(host, _)| !host.is_empty()).ok_or_else(wrong)?;
    Ok((host.to_owned(), port.parse().map_err(|_| wrong())?))
}
