//! A real scheduler and two executors, each a process of its own, over a folder of Parquet: they
//! come to the rows of one process, also where an executor is killed half-way; and nodes that decide
//! by other policies refuse to work together.
//!
//! What is killed is gone: its work folder goes with it, as with a machine.

#![cfg(feature = "cluster")]
#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod errors;
mod machines;
mod rows;

use datafusion::physical_plan::displayable;
use kaoping_cli::{decision::fit_to_decide, say::Style};
use kaoping_engine::{
    nodes,
    plan::{Question, plan},
    policy::Known,
};
use kaoping_terms::Lang;
use machines::{Cluster, Node, engine, policies};
use rows::{Rows, claims, of_engine, of_one_process};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

/// In how many pieces the table is.
const PIECES: usize = 48;

/// Rows of a piece at first; a run that was over too soon gets more.
const ROWS: usize = 8_000;

fn run(cluster: Option<&Cluster>, policy: &Path, folder: &Path, out: &Path) -> Command {
    let mut command = engine();
    command.arg("run").arg(policy).arg("--in").arg(folder).arg("--out").arg(out);
    command.args(["--key", "person", "--lang", "en", "--pieces", &PIECES.to_string()]);
    if let Some(cluster) = cluster {
        command.args(["--scheduler", &cluster.scheduler.place()]);
    }
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs to the end; some claims are rejected, so it ends with 1.
fn ended(child: Child) -> String {
    let output = child.wait_with_output().expect("an end");
    let told = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(1), "{told}");
    told
}

fn assert_same(found: &Rows, wanted: &Rows) {
    assert_eq!(found.len(), wanted.len(), "the number of rows differs");
    for (found, wanted) in found.iter().zip(wanted) {
        assert_eq!(found, wanted);
    }
}

#[test]
fn an_executor_killed_half_way_changes_no_row() {
    let place = tempfile::tempdir().expect("a folder");
    let policy = policies().join("bench-medical");
    for rows in [1, 2, 4, 8].map(|times| ROWS * times) {
        let folder = place.path().join(format!("claims-{rows}"));
        claims(&folder, PIECES, rows);
        let wanted = of_one_process(&policy, &folder);
        let mut cluster = Cluster::start(place.path(), &policy, [&policy, &policy]);
        let out = place.path().join("out.parquet");
        let child = run(Some(&cluster), &policy, &folder, &out).spawn().expect("a run");
        let Some(half_way) = cluster.kill_half_way(PIECES) else {
            // It was over before anything could be killed: that shows nothing. More rows.
            let _ = child.wait_with_output();
            continue;
        };
        eprintln!("killed with {half_way:?}, {rows} rows a piece");
        assert!(half_way.done > 0 && half_way.left > 0, "{half_way:?}");
        ended(child);
        assert_same(&of_engine(&out), &wanted);
        return;
    }
    panic!("every run was over before an executor could be killed half-way");
}

#[test]
fn the_engine_alone_gives_the_rows_of_one_process() {
    let place = tempfile::tempdir().expect("a folder");
    let (policy, folder) = (policies().join("bench-medical"), place.path().join("claims"));
    claims(&folder, 5, 3_000);
    let out = place.path().join("out.parquet");
    let told = ended(run(None, &policy, &folder, &out).spawn().expect("a run"));
    assert!(told.contains("15,000 rows read"), "{told}");
    assert_same(&of_engine(&out), &of_one_process(&policy, &folder));
}

#[test]
fn a_row_is_decided_once_however_many_results_are_wanted() {
    let place = tempfile::tempdir().expect("a folder");
    claims(place.path(), 1, 100);
    let style = Style { lang: Lang::En, json: false };
    let loaded = fit_to_decide(&policies().join("bench-medical"), None, &[], style);
    let standard = loaded.unwrap_or_else(|_| panic!("a policy")).compiled.standard;
    let known = Known::new(standard, None, Lang::En).expect("a decision");
    let question = Question {
        table: place.path().display().to_string(),
        select: Some(["benefit", "status", "补助额", "结果"].map(str::to_owned).into()),
        key: vec!["person".to_owned()],
    };
    let threads = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a thread");
    let worked = threads.block_on(async {
        let plan = plan(&nodes::alone(2), known, &question).await.expect("a plan");
        let worked = plan.rows().clone().create_physical_plan().await.expect("a plan");
        displayable(worked.as_ref()).indent(true).to_string()
    });
    assert_eq!(worked.matches("decide(").count(), 1, "{worked}");
}

/// A copy of the policy with a text replaced by another.
fn copied(place: &Path, name: &str, (from, to): (&str, &str)) -> PathBuf {
    let (own, copy) = (policies().join("bench-medical"), place.join(name));
    fs::create_dir(&copy).expect("a folder");
    for name in ["scheme.kp", "clauses.md"] {
        let text = fs::read_to_string(own.join(name)).expect("a text");
        fs::write(copy.join(name), text.replace(from, to)).expect("written");
    }
    copy
}

/// A policy that differs from the other in one bound, which all worked examples keep.
fn other_policy(place: &Path) -> PathBuf {
    copied(place, "other", ("家庭人口 household  : 人 ≥ 1 人", "家庭人口 household  : 人 1 人..90 人"))
}

fn assert_refused(cluster: &Cluster, policy: &Path, place: &Path) {
    let folder = place.join("claims");
    claims(&folder, PIECES, 100);
    let out = place.join("refused.parquet");
    let output = run(Some(cluster), policy, &folder, &out).output().expect("an end");
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("policy-differs"), "{told}");
    assert!(!out.exists());
}

#[test]
fn a_scheduler_refuses_a_run_by_another_policy() {
    let place = tempfile::tempdir().expect("a folder");
    let policy = policies().join("bench-medical");
    let cluster = Cluster::start(place.path(), &policy, [&policy, &policy]);
    assert_refused(&cluster, &other_policy(place.path()), place.path());
}

#[test]
fn one_executor_with_another_policy_is_enough_for_a_refusal() {
    let place = tempfile::tempdir().expect("a folder");
    let policy = policies().join("bench-medical");
    let cluster = Cluster::start(place.path(), &policy, [&policy, &other_policy(place.path())]);
    assert_refused(&cluster, &policy, place.path());
}

#[test]
fn a_fingerprint_is_of_the_policy_and_not_of_its_place() {
    let place = tempfile::tempdir().expect("a folder");
    let policy = policies().join("bench-medical");
    let mark = |policy: &Path, lang: &str| Node::scheduler(policy, lang).fingerprint().to_owned();
    let own = mark(&policy, "en");
    assert_eq!(own, mark(&copied(place.path(), "copy", ("", "")), "en"));
    assert_ne!(own, mark(&policy, "zh"));
    assert_ne!(own, mark(&other_policy(place.path()), "en"));
}
