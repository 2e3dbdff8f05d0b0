//! What the command line asks for, done.

use crate::{
    arguments::{Arguments, Command, DecisionArguments, ExecutorArguments, RunArguments, SchedulerArguments},
    findings,
    nodes::{self, ExecutorPlace, SchedulerPlace},
    plan::{Question, Unplanned, plan},
    policy::Known,
};
use datafusion::{
    arrow::{array::Array, compute::BatchCoalescer},
    error::DataFusionError,
};
use futures::StreamExt;
use kaoping_arrows::{Sink, To};
use kaoping_batch::{ROWS, Stopped};
use kaoping_cli::{
    decision::fit_to_decide,
    output::{ResultSet, finished, over_table, same_place, survive_size_limits},
    say::{self, Ending, Refusal, Style},
};
use kaoping_sheets::{FileFault, file::grouped};
use kaoping_terms::{Diagnostic, Lang, Sources, Text};
use std::{fs, io, path::Path, process::ExitCode, thread::available_parallelism};

/// Runs what was asked for.
pub fn run(arguments: Arguments) -> ExitCode {
    survive_size_limits();
    let told = env_logger::Env::default().default_filter_or("warn");
    env_logger::Builder::from_env(told).init();
    let style = Style { lang: arguments.lang.into(), json: false };
    let done = match &arguments.command {
        Command::Scheduler(asked) => known(&asked.by, style).and_then(|known| schedule(asked, known)),
        Command::Executor(asked) => known(&asked.by, style).and_then(|known| execute(asked, known)),
        Command::Run(asked) => known(&asked.by, style).and_then(|known| decide(asked, known)),
    };
    let ending = match done {
        Ok(ending) => ending,
        Err(Failure::Told(refusal)) => refusal.end(style),
        Err(Failure::Found(ending, list)) => Refusal::new(ending, &list, &Sources::default(), style).end(style),
    };
    say::all_printed(ending, style.lang).into()
}

/// How a command ended without a result.
enum Failure {
    Told(Refusal),
    Found(Ending, Vec<Diagnostic>),
}

impl From<Box<Diagnostic>> for Failure {
    fn from(finding: Box<Diagnostic>) -> Self {
        Failure::Found(Ending::Unusable, vec![*finding])
    }
}

impl From<DataFusionError> for Failure {
    fn from(fault: DataFusionError) -> Self {
        Box::new(findings::engine_stopped(&fault.to_string())).into()
    }
}

impl From<Unplanned> for Failure {
    fn from(unplanned: Unplanned) -> Self {
        match unplanned {
            Unplanned::Unfit(report) => Failure::Found(Ending::Unusable, report.into_sorted()),
            Unplanned::Engine(fault) => (*fault).into(),
        }
    }
}

fn known(by: &DecisionArguments, style: Style) -> Result<&'static Known, Failure> {
    let loaded = fit_to_decide(&by.policy, by.as_of.as_deref(), &by.choose, style).map_err(Failure::Told)?;
    Ok(Known::new(loaded.compiled.standard, by.decision.as_deref(), style.lang)?)
}

/// Runs work of the engine to its end.
fn wait<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let threads = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    threads.map_err(|fault| findings::engine_stopped(&fault.to_string())).map_err(Box::new)?.block_on(work)
}

fn schedule(asked: &SchedulerArguments, known: &'static Known) -> Result<Ending, Failure> {
    let (bind, port) = asked.listen.clone();
    let place = SchedulerPlace {
        host: asked.host.clone().unwrap_or_else(|| bind.clone()),
        bind,
        port,
        patience: asked.patience,
    };
    let zh = format!("调度机在 {}:{port}，方案 {}", place.bind, known.fingerprint());
    let en = format!("scheduler at {}:{port}, policy {}", place.bind, known.fingerprint());
    say::print(Text::new(zh, en).get(known.lang()));
    wait(async { nodes::schedule(place, known).await.map_err(|fault| stopped(&fault)) })?;
    Ok(Ending::Done)
}

fn execute(asked: &ExecutorArguments, known: &'static Known) -> Result<Ending, Failure> {
    let (bind, port) = asked.listen.clone();
    // Rows are kept there in clear text: they go when the executor ends.
    let work = match &asked.work {
        Some(folder) => fs::create_dir_all(folder).and_then(|()| tempfile::tempdir_in(folder)),
        None => tempfile::tempdir(),
    };
    let work = work.map_err(|fault| stopped(&fault))?;
    let cores = asked.cores.filter(|cores| *cores > 0);
    let place = ExecutorPlace {
        scheduler: asked.scheduler.clone(),
        host: asked.host.clone().unwrap_or_else(|| bind.clone()),
        bind,
        ports: (port, asked.second_port.unwrap_or_else(|| port.saturating_add(1))),
        cores: cores.unwrap_or_else(|| available_parallelism().map_or(1, usize::from)),
        work: work.path(),
    };
    let zh = format!("执行机在 {}:{port}，方案 {}", place.bind, known.fingerprint());
    let en = format!("executor at {}:{port}, policy {}", place.bind, known.fingerprint());
    say::print(Text::new(zh, en).get(known.lang()));
    wait(async { nodes::execute(place, known).await.map_err(|fault| stopped(&fault)) })?;
    Ok(Ending::Done)
}

fn stopped(fault: &dyn std::error::Error) -> Failure {
    Box::new(findings::engine_stopped(&fault.to_string())).into()
}

fn decide(asked: &RunArguments, known: &'static Known) -> Result<Ending, Failure> {
    let Some(name) = asked.out.file_name().map(|name| name.to_string_lossy().into_owned()) else {
        return Err(stopped(&io::Error::from(io::ErrorKind::InvalidFilename)));
    };
    let folder = asked.out.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if let Err(fault) = fs::metadata(&asked.from) {
        return Err(Box::new(FileFault::from(fault).diagnostic(&asked.from.display().to_string())).into());
    }
    // A result among the files of the table would be part of it the next time.
    if same_place(&asked.out, &asked.from) || same_place(folder, &asked.from) {
        let whole = Text::new("要算的表，或在它的文件夹里", "the table or within its folder");
        return Err(Box::new(over_table(&asked.out, &whole, "--out")).into());
    }
    // Every machine reads the table under this name.
    let table = std::path::absolute(&asked.from).map_err(|fault| stopped(&fault))?.display().to_string();
    let question = Question { table, select: asked.select.clone(), key: asked.key.clone() };
    let mut set = ResultSet::begin(folder)?;
    let mut file = set.begin_file(&name).map_err(|fault| set.refused(&name, &fault))?;
    let pieces = usize::try_from(asked.pieces).unwrap_or(1);
    let (rows, rejected) = wait(async {
        let context = match &asked.scheduler {
            Some(scheduler) => nodes::remote(scheduler, pieces, known)?,
            None => nodes::alone(pieces),
        };
        let plan = plan(&context, known, &question).await?;
        let unwritten = |fault| match fault {
            Stopped::Unwritten(fault) => set.refused(&name, &fault).into(),
            _ => stopped(&io::Error::from(io::ErrorKind::Other)),
        };
        let mut sink = Sink::new(To::Parquet, &mut file, plan.schema().clone()).map_err(unwritten)?;
        let (mut rows, mut rejected) = (0u64, 0u64);
        // Blocks of a size, however the engine cut them: equal rows make equal bytes.
        let mut blocks = BatchCoalescer::new(plan.schema().clone(), ROWS);
        let mut stream = plan.rows().clone().execute_stream().await?;
        while let Some(answer) = stream.next().await {
            let answer = plan.flat(&answer?)?;
            rows += answer.num_rows() as u64;
            rejected += answer.columns().last().map_or(0, |why| why.len() - why.null_count()) as u64;
            blocks.push_batch(answer).map_err(|fault| stopped(&fault))?;
            while let Some(block) = blocks.next_completed_batch() {
                sink.write(&block).map_err(unwritten)?;
            }
        }
        blocks.finish_buffered_batch().map_err(|fault| stopped(&fault))?;
        while let Some(block) = blocks.next_completed_batch() {
            sink.write(&block).map_err(unwritten)?;
        }
        sink.finish().map_err(unwritten)?;
        Ok((rows, rejected))
    })?;
    finished(file).map_err(|fault| set.refused(&name, &fault))?;
    set.commit()?;
    tell(known, rows, rejected);
    Ok(if rejected > 0 { Ending::Refused } else { Ending::Done })
}

fn tell(known: &Known, rows: u64, rejected: u64) {
    let (name, why) = (&known.decider().decision().name, known.why());
    let (read, decided, rejected) = (grouped(rows), grouped(rows - rejected), grouped(rejected));
    say::print(&match known.lang() {
        Lang::Zh => format!("{name}：读入 {read} 行，算出 {decided} 行，退回 {rejected} 行（见“{why}”一栏）"),
        Lang::En => {
            format!("{name}: {read} rows read, {decided} decided, {rejected} rejected (see the column `{why}`)")
        }
    });
}
