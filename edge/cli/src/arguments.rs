//! The command line, as a person types it.

use clap::{Args, Parser, Subcommand, ValueEnum};
use kaoping_intake::given::Files;
use kaoping_terms::Lang;
use std::path::PathBuf;

/// 考评：把考核办法当作数据——发文前查错，一数一源，逐分可解释。
/// Kaoping: an assessment standard as data - checked before it is issued, scored exactly,
/// every point explained.
#[derive(Debug, Parser)]
#[command(name = "kaoping", version, about, long_about = None, arg_required_else_help = true)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Language of messages: zh 中文 or en English.
    #[arg(long, global = true, value_enum, default_value = "zh")]
    pub lang: LangChoice,
}

/// Language of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LangChoice {
    /// 中文
    Zh,
    /// English
    En,
}

impl From<LangChoice> for Lang {
    fn from(choice: LangChoice) -> Self {
        match choice {
            LangChoice::Zh => Lang::Zh,
            LangChoice::En => Lang::En,
        }
    }
}

/// Form of the results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Default)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For machines.
    Json,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// 查错 Find the mistakes of a standard before it is issued
    #[command(after_help = "Example: kaoping check policies/livelihood-as-issued")]
    Check(PolicyArguments),
    /// 显示 Show the standard as the program understood it
    #[command(after_help = "Example: kaoping show policies/livelihood --format json")]
    Show(PolicyArguments),
    /// 试算 Run the worked examples of a policy
    #[command(
        after_help = "Example: kaoping test policies/township-2014\n         kaoping test policies/township-2014 --bless   (write what comes out as expected)"
    )]
    Test(TestArguments),
    /// 评分 Score units: scores.csv, totals.csv, awards.csv
    #[command(
        after_help = "Example: kaoping score policies/livelihood --units policies/livelihood/examples/city/units.csv \\\n         --facts policies/livelihood/examples/city/facts.csv \\\n         --events 通报批评=policies/livelihood/examples/city/通报批评.csv --out result"
    )]
    Score(ScoreArguments),
    /// 解释 Explain a figure: clause, rule, inputs with evidence, steps, result
    #[command(
        after_help = "Example: kaoping explain POLICY --units units.csv --facts facts.csv --unit 乙县 --indicator 城镇新增就业"
    )]
    Explain(ExplainArguments),
    /// 比较 Compare two policies, two sets of facts, two rounds, or two choices
    #[command(
        after_help = "Examples: kaoping compare OLD NEW --units units.csv --facts facts.csv\n          kaoping compare POLICY --units units.csv --facts before.csv --facts-b after.csv\n          kaoping compare POLICY --facts facts.csv --round 自评 --round-b 验收\n          kaoping compare POLICY --facts facts.csv --choose-b 不足一步=按比例\n          kaoping compare POLICY --facts facts.csv --robust"
    )]
    Compare(CompareArguments),
    /// 计算 Decide row by row: each row of a table gets its outcome and amount
    #[command(
        after_help = "Examples: kaoping compute policies/medical-assistance --decision 医疗救助 --in 申请.csv --out 结果.csv\n          kaoping compute policies/bench-medical --in rows.csv --out result.csv --select person,benefit,status\n          cat rows.csv | kaoping compute policies/bench-medical --in - --out - > result.csv\n          kaoping compute policies/bench-medical --in rows.parquet --out result.parquet\n          kaoping compute policies/bench-medical --in - --in-format arrow --out - --out-format arrow"
    )]
    Compute(ComputeArguments),
    /// 新建 Make a policy folder from an indicator table
    #[command(after_help = "Example: kaoping new 我的方案 --indicators 指标表.csv")]
    New(NewArguments),
    /// 演示 Serve a sample city in the middle of its year
    #[command(
        after_help = "Examples: kaoping demo\n          kaoping demo --dir 演示 --listen 127.0.0.1:9000\n          kaoping demo --year   (a year, step by step)\n          kaoping demo --terminal   (a policy checked, scored, explained, without a server)"
    )]
    Demo(DemoArguments),
    /// 核对 Verify a record offline: chain, checkpoints, papers
    #[command(
        after_help = "Examples: kaoping verify 台账 --key 公钥.txt --checkpoint 2026-06-30.txt\n          kaoping verify --store sqlite:kaoping.db --checkpoint 2026-06-30.txt"
    )]
    Verify(VerifyArguments),
    /// 导出 Export a record as a folder that anybody can verify
    #[command(after_help = "Example: kaoping export --store sqlite:kaoping.db --out 台账-2026-06-30")]
    Export(ExportArguments),
    /// 重放 Compare the tables of a store with its record, or make them anew
    #[command(after_help = "Example: kaoping replay --store sqlite:kaoping.db")]
    Replay(ReplayArguments),
    /// 备份 Back a store up while it is in use
    #[command(after_help = "Example: kaoping backup --store sqlite:kaoping.db --out 备份/2026-06-30.db")]
    Backup(BackupArguments),
    /// 恢复 Restore a backup
    #[command(after_help = "Example: kaoping restore 备份/2026-06-30.db --store sqlite:kaoping.db")]
    Restore(RestoreArguments),
    /// 确认恢复 Confirm that the record goes on from an older backup, on the record
    #[command(
        after_help = "Example: kaoping confirm-restore --store sqlite:data/kaoping.db --keys keys --by S1 --why 磁盘损坏,最近的备份是 6 月 30 日的"
    )]
    ConfirmRestore(AtTheMachine),
    /// 重给密码 Give an account a password at the machine, where nobody can sign in or logins were tampered with, on the record
    #[command(
        after_help = "Example: kaoping give-password --store sqlite:data/kaoping.db --keys keys --account S1 --by S1 --why 三位管理员都忘了密码"
    )]
    GivePassword(GivePasswordArguments),
    /// 换主密钥 Change the master key that protects the keys of persons
    #[command(after_help = "Example: kaoping change-master --store sqlite:data/kaoping.db --keys keys")]
    ChangeMaster(ChangeMasterArguments),
    /// 成立 Found a record: its key, its first entry, three administrators
    #[command(
        after_help = "Example: kaoping found --store sqlite:data/kaoping.db --keys keys --origin 某市考评台账 --office 某市"
    )]
    Found(FoundArguments),
    /// 服务 Serve the office over HTTP
    #[command(after_help = "Example: kaoping serve --store sqlite:data/kaoping.db --keys keys --listen 127.0.0.1:8080")]
    Serve(ServeArguments),
    /// 翻译 Translate the keywords of a policy file between Chinese and English
    #[command(after_help = "Example: kaoping fmt policies/livelihood/scheme.kp --to en")]
    Fmt(FmtArguments),
    /// 补全 Print shell completions
    #[command(after_help = "Example: kaoping completions bash > /etc/bash_completion.d/kaoping")]
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

/// A policy and the form of results.
#[derive(Debug, Args)]
pub struct PolicyArguments {
    /// The policy folder.
    pub policy: PathBuf,
    /// Form of the results.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

/// A record to verify.
#[derive(Debug, Args)]
pub struct VerifyArguments {
    /// The exported folder.
    #[arg(conflicts_with = "store")]
    pub bundle: Option<PathBuf>,
    /// The address of a store: sqlite:PATH or postgres://…
    #[arg(long)]
    pub store: Option<String>,
    /// The key of the record, or a file that holds it.
    #[arg(long)]
    pub key: Option<PathBuf>,
    /// A checkpoint that was kept elsewhere; may be given several times.
    #[arg(long)]
    pub checkpoint: Vec<PathBuf>,
    /// Form of the results.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

/// A record to export.
#[derive(Debug, Args)]
pub struct ExportArguments {
    /// The address of the store.
    #[arg(long)]
    pub store: String,
    /// The folder to make.
    #[arg(long, id = "bundle_out", value_name = "FOLDER")]
    pub out: PathBuf,
    /// Form of the results.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

/// A store whose tables are compared with its record.
#[derive(Debug, Args)]
pub struct ReplayArguments {
    /// The address of the store.
    #[arg(long)]
    pub store: String,
    /// Make the tables anew from the record.
    #[arg(long)]
    pub rebuild: bool,
    /// Form of the results.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

/// A store to back up.
#[derive(Debug, Args)]
pub struct BackupArguments {
    /// The address of the store.
    #[arg(long)]
    pub store: String,
    /// The file to make.
    #[arg(long, id = "backup_out", value_name = "FILE")]
    pub out: PathBuf,
    /// Form of the results.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

/// A backup to restore.
#[derive(Debug, Args)]
pub struct RestoreArguments {
    /// The backup.
    pub backup: PathBuf,
    /// The address of the store.
    #[arg(long)]
    pub store: String,
    /// Put it in place of what the store holds.
    #[arg(long)]
    pub instead: bool,
    /// Form of the results.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

/// What is done at the machine, with the key at hand.
#[derive(Debug, Args)]
pub struct AtTheMachine {
    /// The address of the store.
    #[arg(long)]
    pub store: String,
    /// The folder of the key.
    #[arg(long, value_name = "FOLDER")]
    pub keys: PathBuf,
    /// The system administrator who answers for it.
    #[arg(long, value_name = "ACCOUNT")]
    pub by: String,
    /// Why; it stays in the record.
    #[arg(long, value_name = "TEXT")]
    pub why: String,
    /// Form of the results.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

/// An account that is let in again.
#[derive(Debug, Args)]
pub struct GivePasswordArguments {
    /// The account that gets a password.
    #[arg(long, value_name = "ACCOUNT")]
    pub account: String,
    /// Where, and who answers for it.
    #[command(flatten)]
    pub at: AtTheMachine,
}

/// A master key to change.
#[derive(Debug, Args)]
pub struct ChangeMasterArguments {
    /// The address of the store.
    #[arg(long)]
    pub store: String,
    /// The folder of the key.
    #[arg(long, value_name = "FOLDER")]
    pub keys: PathBuf,
    /// The file with the master key that protects the keys of persons; persons.master in that folder where absent.
    #[arg(long, value_name = "FILE")]
    pub master: Option<PathBuf>,
    /// Form of the results.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

/// Worked examples.
#[derive(Debug, Args)]
pub struct TestArguments {
    /// The policy folder.
    pub policy: PathBuf,
    /// Write what comes out as what is expected; read the difference before committing it.
    #[arg(long)]
    pub bless: bool,
    /// Form of the results.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

/// Where facts come from.
#[derive(Debug, Args, Clone, Default)]
pub struct FactArguments {
    /// Units: unit,name,parent,kind,group and any attributes. Without it units come from the facts.
    #[arg(long, value_name = "CSV")]
    pub units: Option<PathBuf>,
    /// Facts: unit,indicator,field,value[,period][,evidence], or wide. May be repeated.
    #[arg(long, value_name = "CSV", num_args = 1..)]
    pub facts: Vec<PathBuf>,
    /// Events of a table of the scheme: NAME=FILE. May be repeated.
    #[arg(long, value_name = "NAME=CSV", num_args = 1..)]
    pub events: Vec<String>,
    /// The round whose facts count.
    #[arg(long)]
    pub round: Option<String>,
    /// The day parameters are taken of, YYYY-MM-DD.
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// A choice made otherwise: NAME=WORD. May be repeated.
    #[arg(long, value_name = "NAME=WORD")]
    pub choose: Vec<String>,
}

impl FactArguments {
    /// The files it names.
    pub fn files(&self) -> Files {
        Files { units: self.units.clone(), facts: self.facts.clone(), events: self.events.clone() }
    }
}

/// Scoring.
#[derive(Debug, Args)]
pub struct ScoreArguments {
    /// The policy folder.
    pub policy: PathBuf,
    /// Where facts come from.
    #[command(flatten)]
    pub facts: FactArguments,
    /// The folder the result files are written to, all or none. Result files of an earlier run that this one
    /// does not make are taken away; any other file stays.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Also write each table for Excel, with a mark and headings.
    #[arg(long, requires = "out")]
    pub excel: bool,
    /// Form of the results.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

/// Explaining.
#[derive(Debug, Args)]
pub struct ExplainArguments {
    /// The policy folder.
    pub policy: PathBuf,
    /// Where facts come from.
    #[command(flatten)]
    pub facts: FactArguments,
    /// The unit.
    #[arg(long)]
    pub unit: String,
    /// The indicator; without it the total, the place and every award.
    #[arg(long)]
    pub indicator: Option<String>,
    /// Form of the results.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

/// Comparing.
#[derive(Debug, Args)]
pub struct CompareArguments {
    /// The policy folder, and a second one to compare it with.
    #[arg(required = true, num_args = 1..=2)]
    pub policies: Vec<PathBuf>,
    /// Where facts come from.
    #[command(flatten)]
    pub facts: FactArguments,
    /// Units of the second side; without it those of the first.
    #[arg(long, value_name = "CSV")]
    pub units_b: Option<PathBuf>,
    /// Facts of the second side, all of them; without it those of the first.
    #[arg(long, value_name = "CSV", num_args = 1..)]
    pub facts_b: Vec<PathBuf>,
    /// Events of the second side: each table named here replaces that table; the others stay as they are.
    #[arg(long, value_name = "NAME=CSV", num_args = 1..)]
    pub events_b: Vec<String>,
    /// The round of the second side.
    #[arg(long)]
    pub round_b: Option<String>,
    /// A choice of the second side: NAME=WORD.
    #[arg(long, value_name = "NAME=WORD")]
    pub choose_b: Vec<String>,
    /// How robust the ranking is: every choice made every other way, one at a time.
    #[arg(long)]
    pub robust: bool,
    /// Form of the results.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

/// Deciding row by row.
#[derive(Debug, Args)]
pub struct ComputeArguments {
    /// The policy folder.
    pub policy: PathBuf,
    /// The table, one case a row: CSV, .parquet or .arrow; - for the standard input.
    #[arg(long = "in", value_name = "FILE")]
    pub from: PathBuf,
    /// Where the results go: CSV, .parquet or .arrow; - for the standard output.
    #[arg(id = "out_file", long = "out", value_name = "FILE", required_unless_present = "explain")]
    pub out: Option<PathBuf>,
    /// The format of the table where its name does not say it; csv for a pipe.
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub in_format: Option<TableFormat>,
    /// The format of the results where their name does not say it; csv for a pipe.
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub out_format: Option<TableFormat>,
    /// Say line by line why a row is decided so; the first below the header is 1.
    #[arg(long, value_name = "ROW", value_parser = clap::value_parser!(u64).range(1..), conflicts_with = "out_file")]
    pub explain: Option<u64>,
    /// Columns of the result, separated by commas: those of the table and results. Without it every
    /// column of the table and behind them every result.
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub select: Option<Vec<String>>,
    /// Where rows go that cannot be decided, each with its line, column and reason. Without it a file
    /// beside the results, named like them with .rejects.csv.
    #[arg(long, value_name = "CSV")]
    pub rejects: Option<PathBuf>,
    /// The decision, where the policy has several.
    #[arg(long)]
    pub decision: Option<String>,
    /// The day parameters are taken of, YYYY-MM-DD.
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// A choice made otherwise: NAME=WORD. May be repeated.
    #[arg(long, value_name = "NAME=WORD")]
    pub choose: Vec<String>,
    /// Form of the summary.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

/// The format of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TableFormat {
    /// Text, in any encoding offices use.
    Csv,
    /// Columns in a file.
    Parquet,
    /// Columns in a file or a stream.
    Arrow,
}

/// A new policy.
#[derive(Debug, Args)]
pub struct NewArguments {
    /// The folder to make; it must not exist or be empty.
    pub folder: PathBuf,
    /// The indicator table: id,name,points,target,rule,clause,lead,responsible.
    #[arg(long, value_name = "CSV")]
    pub indicators: PathBuf,
    /// Name of the scheme.
    #[arg(long)]
    pub name: Option<String>,
    /// Form of the results.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

/// Founding a record.
#[derive(Debug, Args)]
pub struct FoundArguments {
    /// Where the record is kept: sqlite:PATH or postgres://USER@HOST/DATABASE.
    #[arg(long, value_name = "ADDRESS")]
    pub store: String,
    /// The folder of the key, which is to be outside the store.
    #[arg(long, value_name = "FOLDER")]
    pub keys: PathBuf,
    /// The file for the master key that protects the keys of persons; persons.master in that folder where absent.
    #[arg(long, value_name = "FILE")]
    pub master: Option<PathBuf>,
    /// The name of the record, which no other record has.
    #[arg(long, value_name = "NAME")]
    pub origin: String,
    /// The office at the top.
    #[arg(long, value_name = "NAME")]
    pub office: String,
    /// Hash and signature: SHA-256 with Ed25519, or SM3 with SM2.
    #[arg(long, value_enum, default_value = "sha256")]
    pub profile: Profile,
    /// Form of the results.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

/// Hash and signature of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Profile {
    /// SHA-256 and Ed25519.
    Sha256,
    /// SM3 and SM2.
    Sm3,
}

/// Serving the office.
#[derive(Debug, Args)]
pub struct ServeArguments {
    /// Where the record is kept: sqlite:PATH or postgres://USER@HOST/DATABASE.
    #[arg(long, value_name = "ADDRESS")]
    pub store: String,
    /// The folder of the key.
    #[arg(long, value_name = "FOLDER")]
    pub keys: PathBuf,
    /// The file with the master key that protects the keys of persons; persons.master in that folder where absent.
    #[arg(long, value_name = "FILE")]
    pub master: Option<PathBuf>,
    /// A provider of logins: issuer=URL,client=ID,secret-file=FILE,at=URL of this server, and ca=FILE where needed.
    #[arg(long, value_name = "SETTINGS")]
    pub oidc: Option<String>,
    /// Where requests are taken.
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:8080")]
    pub listen: String,
    /// A proxy with TLS stands before it: cookies are for TLS alone, and X-Forwarded-For is believed.
    #[arg(long)]
    pub behind_proxy: bool,
    /// How many deeds may wait.
    #[arg(long, value_name = "COUNT", default_value_t = 2000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub queue: u32,
}

/// The demonstration.
#[derive(Debug, Args)]
pub struct DemoArguments {
    /// The folder of the record and its key, kept for the next time; absent: a fresh one that goes with the program.
    #[arg(long, value_name = "FOLDER")]
    pub dir: Option<PathBuf>,
    /// Where requests are taken; absent: 127.0.0.1:8080, or another port where that one is taken.
    #[arg(long = "listen", id = "demo_listen", value_name = "HOST:PORT")]
    pub listen: Option<String>,
    /// No server: check, score, explain and compare in the terminal.
    #[arg(long, conflicts_with_all = ["dir", "demo_listen"])]
    pub terminal: bool,
    /// No server: the whole year, step by step, each at a press of Enter; then the record is exported and verified.
    #[arg(long, conflicts_with_all = ["terminal", "demo_listen"])]
    pub year: bool,
    /// The year runs through without waiting, as it does where there is no terminal.
    #[arg(long, requires = "year")]
    pub no_wait: bool,
    /// Form of the results.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

/// Translating keywords.
#[derive(Debug, Args)]
pub struct FmtArguments {
    /// The policy file.
    pub file: PathBuf,
    /// The language of its keywords.
    #[arg(long, value_enum)]
    pub to: LangChoice,
    /// Write the file instead of printing it.
    #[arg(long)]
    pub write: bool,
    /// Form of the results.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}
