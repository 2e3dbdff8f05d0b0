//! `kaoping compute`: one decision a row.

mod explain;
mod formats;
mod spool;

use crate::{
    arguments::ComputeArguments,
    decision::{fit_to_decide, wanted},
    output::{ResultSet, finished, over_table, same_place, within},
    render::{Align, Table},
    say::{self, Ending, Refusal, Style},
};
use formats::{Opened, opened};
use indicatif::{ProgressBar, ProgressStyle};
use kaoping_batch::{Reject, Stopped, Totals};
use kaoping_decide::{Decider, ResultKind};
use kaoping_intake::load::Loaded;
use kaoping_sheets::file::grouped;
use kaoping_terms::{Diagnostic, Lang, Sources, Text};
use serde_json::{Value, json};
use std::{
    cell::Cell,
    fs::File,
    io::{self, BufWriter, IsTerminal, Write},
    path::{Path, PathBuf},
};

/// Decides every row of the table and says what it came to.
pub(super) fn run(asked: &ComputeArguments, style: Style) -> Ending {
    let loaded = match fit_to_decide(&asked.policy, asked.as_of.as_deref(), &asked.choose, style) {
        Ok(loaded) => loaded,
        Err(refusal) => return refusal.end(style),
    };
    let refused = |ending: Ending, finding: Diagnostic| {
        Refusal::new(ending, &[finding], &loaded.policy.sources, style).end(style)
    };
    let decision = match wanted(&loaded.compiled.standard, asked.decision.as_deref()) {
        Ok(decision) => decision,
        Err(finding) => return refused(Ending::Unusable, *finding),
    };
    let decider = Decider::new(&loaded.compiled.standard, decision).natively(kaoping_native::native());
    let from = match opened(asked) {
        Ok(opened) => opened,
        Err(finding) => return refused(Ending::Unusable, *finding),
    };
    let job = Job { asked, decider: &decider, style };
    let made = match (asked.explain, &asked.out) {
        (Some(number), _) => job.explain(from, number, &loaded),
        (None, Some(out)) => job.run(from, out),
        // The command line asks for one of them.
        (None, None) => Ok(Ending::Done),
    };
    match made {
        Ok(ending) => ending,
        Err((ending, list, sources)) => Refusal::new(ending, &list, &sources, style).end(style),
    }
}

/// How a run ended without results: its findings, and the texts they speak of.
type Failure = (Ending, Vec<Diagnostic>, Sources);

struct Job<'j> {
    asked: &'j ComputeArguments,
    decider: &'j Decider<'j>,
    style: Style,
}

/// A file on its way: the set it belongs to and its name.
struct Target {
    set: ResultSet,
    name: String,
}

/// A file, and whether writing to it failed.
struct Watched<'w, W> {
    out: W,
    lost: &'w Cell<bool>,
}

impl<W: Write> Write for Watched<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes).inspect_err(|_| self.lost.set(true))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush().inspect_err(|_| self.lost.set(true))
    }
}

impl Job<'_> {
    /// Says why a row is decided so.
    fn explain(&self, from: Opened, number: u64, loaded: &Loaded) -> Result<Ending, Failure> {
        let found = from.row(self.asked, self.decider, number).map_err(|stopped| self.stopped(stopped, None))?;
        let told = self.decider.explain(&found.rows, 0, self.style.lang);
        let told = told.map_err(|fault| self.stopped(Stopped::Broken(fault), None))?;
        explain::print(self.decider, number, &found, &told, &loaded.policy.clauses, self.style);
        Ok(Ending::Done)
    }

    /// Decides every row.
    fn run(&self, from: Opened, to: &Path) -> Result<Ending, Failure> {
        let rejects_path = self.rejects(to);
        self.apart(to, rejects_path.as_deref())?;
        let to_stdout = to == Path::new("-");
        let mut out = if to_stdout { None } else { Some(target(to)?) };
        let mut rejects = rejects_path.as_deref().map(target).transpose()?;
        let mut files: (Option<BufWriter<File>>, Option<BufWriter<File>>) = (None, None);
        if let Some(target) = &mut out {
            files.0 = Some(target.set.begin_file(&target.name).map_err(|fault| unwritten(target, &fault))?);
        }
        let progress = progress(from.size, self.style.lang);
        let seen = |bytes: u64, rows: u64| {
            progress.set_position(bytes);
            progress.set_message(grouped(rows));
        };
        let lost = Cell::new(false);
        let rejected = || -> io::Result<Watched<'_, Box<dyn Write>>> {
            let Some(target) = &mut rejects else { return Ok(Watched { out: Box::new(io::sink()), lost: &lost }) };
            let begun = target.set.begin_file(&target.name).inspect_err(|_| lost.set(true))?;
            Ok(Watched { out: Box::new(begun), lost: &lost })
        };
        let way = (self.asked, self.decider, self.style);
        let made = match &mut files.0 {
            Some(file) => from.decided(way, (to, file), rejected, seen),
            None => from.decided(way, (to, BufWriter::new(io::stdout())), rejected, seen),
        };
        progress.finish_and_clear();
        let at_fault = if lost.get() { rejects.as_ref() } else { out.as_ref() };
        let (totals, first) = made.map_err(|stopped| self.stopped(stopped, at_fault))?;
        if let (Some(file), Some(target)) = (files.0.take(), &out) {
            finished(file).map_err(|fault| unwritten(target, &fault))?;
        }
        let commit = |target: Option<Target>| match target {
            Some(target) => target.set.commit().map(drop).map_err(|finding| failure(Ending::Unusable, *finding)),
            None => Ok(()),
        };
        if totals.rejected == 0
            && let Some(target) = &mut rejects
        {
            // Rows an earlier run rejected are not rejected any more.
            target.set.replaces([target.name.clone()]);
        }
        commit(rejects)?;
        commit(out)?;
        self.tell(&totals, &first, rejects_path.as_deref(), to);
        Ok(if totals.rejected > 0 { Ending::Refused } else { Ending::Done })
    }

    /// The table, the results and the rejects are three files: none of them takes the place of
    /// another, such as rejects that were mended and are decided anew.
    fn apart(&self, to: &Path, rejects: Option<&Path>) -> Result<(), Failure> {
        let same = |one: &Path, other: &Path| one != Path::new("-") && same_place(one, other);
        let policy = |path: &Path| path.exists() && within(path, &self.asked.policy);
        let from = self.asked.from.as_path();
        let faults = [
            (same(to, from), to, "--out", "要算的表", "the table"),
            (
                rejects.is_some_and(|rejects| same(rejects, from)),
                rejects.unwrap_or(to),
                "--rejects",
                "要算的表",
                "the table",
            ),
            (rejects.is_some_and(|rejects| same(rejects, to)), to, "--rejects", "结果", "the results"),
            (policy(to), to, "--out", "方案文件夹里的文件", "a file in the folder of the policy"),
            (
                rejects.is_some_and(policy),
                rejects.unwrap_or(to),
                "--rejects",
                "方案文件夹里的文件",
                "a file in the folder of the policy",
            ),
        ];
        match faults.into_iter().find(|(same, ..)| *same) {
            None => Ok(()),
            Some((_, path, option, zh, en)) => {
                Err(failure(Ending::Unusable, over_table(path, &Text::new(zh, en), option)))
            }
        }
    }

    /// Where rejected rows go: where that was asked for, else beside the results.
    fn rejects(&self, to: &Path) -> Option<PathBuf> {
        if self.asked.rejects.is_some() || to == Path::new("-") {
            return self.asked.rejects.clone();
        }
        let stem = to.file_stem()?.to_string_lossy().into_owned();
        Some(to.with_file_name(format!("{stem}.rejects.csv")))
    }

    fn stopped(&self, stopped: Stopped, out: Option<&Target>) -> Failure {
        let from = self.asked.from.display().to_string();
        match stopped {
            Stopped::Unreadable(fault) => failure(Ending::Unusable, fault.diagnostic(&from)),
            Stopped::Unfit { report, text } => {
                let mut sources = Sources::default();
                sources.add(from, text);
                (Ending::Unusable, report.into_sorted(), sources)
            }
            Stopped::Unwritten(fault) => match out {
                Some(target) => unwritten(target, &fault),
                None => failure(Ending::Unusable, *crate::output::unprinted(&fault)),
            },
            Stopped::Broken(fault) => failure(
                Ending::Refused,
                Diagnostic::error("internal-fault", Text::new(fault.to_string(), fault.to_string())),
            ),
        }
    }

    /// What it came to: to the terminal, or where the results go there beside them.
    fn tell(&self, totals: &Totals, first: &[Reject], rejects: Option<&Path>, to: &Path) {
        let shown = if self.style.json { self.json(totals, rejects, to) } else { self.text(totals, first, rejects) };
        if to == Path::new("-") {
            eprintln!("{}", shown.trim_end());
        } else {
            say::print(&shown);
        }
    }

    fn outcomes(&self, totals: &Totals) -> Vec<(String, Option<String>, u64, String)> {
        let results = self.decider.results();
        let list = results.iter().find_map(|result| match &result.kind {
            ResultKind::Outcome(list) => self.decider.standard().program.word_lists.get(list.0 as usize),
            _ => None,
        });
        let measure = results.first().and_then(|result| result.measure());
        let row = |(word, (count, amount)): (&i64, &(u64, kaoping_terms::Exact))| {
            let named = usize::try_from(*word).ok().and_then(|at| list?.words.get(at).cloned());
            let (name, code) = named.unwrap_or_else(|| (self.say("待补", "incomplete").to_owned(), None));
            let amount = match (self.decider.decision().amount, measure) {
                (Some(_), Some(measure)) if *word >= 0 => measure.figure(amount),
                _ => String::new(),
            };
            (name, code, *count, amount)
        };
        totals.outcomes.iter().map(row).collect()
    }

    fn say(&self, zh: &'static str, en: &'static str) -> &'static str {
        if self.style.lang == Lang::Zh { zh } else { en }
    }

    fn text(&self, totals: &Totals, first: &[Reject], rejects: Option<&Path>) -> String {
        let name = &self.decider.decision().name;
        let (read, decided, rejected) = (grouped(totals.read), grouped(totals.decided()), grouped(totals.rejected));
        let mut shown = match self.style.lang {
            Lang::Zh => format!("{name}：读入 {read} 行，算出 {decided} 行，退回 {rejected} 行\n\n"),
            Lang::En => format!("{name}: {read} rows read, {decided} decided, {rejected} rejected\n\n"),
        };
        let amount = self.decider.decision().amount_name.0.as_str();
        let mut table = Table::new([
            (self.say("结果", "outcome"), Align::Left),
            (self.say("行数", "rows"), Align::Number),
            (amount, Align::Number),
        ]);
        for (name, code, count, amount) in self.outcomes(totals) {
            let name = code.map_or(name.clone(), |code| format!("{name} {code}"));
            table.row([name, grouped(count), amount]);
        }
        shown.push_str(&table.render());
        for reject in first {
            let (line, column, why) = (reject.line, &reject.column, &reject.why);
            shown.push_str(&match self.style.lang {
                Lang::Zh => format!("\n退回 第 {line} 行 {column} {why}"),
                Lang::En => format!("\nrejected line {line} {column} {why}"),
            });
        }
        if totals.rejected > 0 {
            shown.push_str(&match (rejects, self.style.lang) {
                (Some(path), Lang::Zh) => format!("\n退回的行都在 {}，改好再算", path.display()),
                (Some(path), Lang::En) => {
                    format!("\nall rejected rows are in {}; mend them and run again", path.display())
                }
                (None, Lang::Zh) => "\n要留下退回的行，加 --rejects 文件".to_owned(),
                (None, Lang::En) => "\nto keep the rejected rows, add --rejects FILE".to_owned(),
            });
        }
        shown
    }

    fn json(&self, totals: &Totals, rejects: Option<&Path>, to: &Path) -> String {
        let outcomes: Vec<Value> = self
            .outcomes(totals)
            .into_iter()
            .zip(totals.outcomes.values())
            .map(|((name, code, count, _), (_, amount))| {
                json!({"outcome": name, "code": code, "rows": count, "amount": amount.to_string()})
            })
            .collect();
        let rejects = rejects.filter(|_| totals.rejected > 0).map(|path| path.display().to_string());
        let all = json!({
            "decision": self.decider.decision().name,
            "read": totals.read,
            "decided": totals.decided(),
            "rejected": totals.rejected,
            "outcomes": outcomes,
            "out": to.display().to_string(),
            "rejects": rejects,
            "findings": [],
        });
        serde_json::to_string_pretty(&all).unwrap_or_default()
    }
}

fn target(path: &Path) -> Result<Target, Failure> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let set = ResultSet::begin(folder).map_err(|finding| failure(Ending::Unusable, *finding))?;
    Ok(Target { set, name: path.file_name().unwrap_or_default().to_string_lossy().into_owned() })
}

fn unwritten(target: &Target, fault: &io::Error) -> Failure {
    failure(Ending::Unusable, *target.set.refused(&target.name, fault))
}

fn failure(ending: Ending, finding: Diagnostic) -> Failure {
    (ending, vec![finding], Sources::default())
}

/// How far it is: on a terminal only.
fn progress(size: Option<u64>, lang: Lang) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let (bar, template) = match (size, lang) {
        (Some(size), Lang::Zh) => {
            (ProgressBar::new(size), "{bar:30} {percent}%  {msg} 行  {bytes_per_sec}  还要 {eta}")
        }
        (Some(size), Lang::En) => {
            (ProgressBar::new(size), "{bar:30} {percent}%  {msg} rows  {bytes_per_sec}  {eta} left")
        }
        (None, Lang::Zh) => (ProgressBar::no_length(), "{spinner} {msg} 行  {bytes_per_sec}"),
        (None, Lang::En) => (ProgressBar::no_length(), "{spinner} {msg} rows  {bytes_per_sec}"),
    };
    bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}
