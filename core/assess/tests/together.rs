//! Work shared out among several workers, and done in another order, gives the same results to
//! the last byte.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod folders;

use kaoping_assess::Options;
use kaoping_program::{Join, Workers};

/// The later piece first.
struct Backwards(usize);

impl Join for Backwards {
    fn join(&self, left: &mut (dyn FnMut() + Send), right: &mut (dyn FnMut() + Send)) {
        right();
        left();
    }

    fn threads(&self) -> usize {
        self.0
    }
}

#[test]
fn shared_out_work_gives_the_same() {
    let several: [&'static dyn Join; 2] = [&Backwards(2), &Backwards(16)];
    let mut compared = 0;
    for folder in [".", "rulebook", "trial"] {
        for policy in folders::below(folder) {
            // One has no examples, one is kept with its faults, one has its lists in GB 18030.
            if ["/new", "as-issued", "investment-promotion"].iter().any(|name| policy.ends_with(name)) {
                continue;
            }
            let (standard, linked) = folders::standard(&policy);
            for (example, files) in &linked.examples {
                let run = |options: &Options| {
                    let scored = folders::score(standard.clone(), &linked, files, options);
                    format!("{:?} {:?}", scored.assessment, scored.findings)
                };
                let alone = run(&Options { details: true, ..Options::default() });
                for join in several {
                    let workers = Workers::new(join);
                    let shared = run(&Options { details: true, workers, ..Options::default() });
                    assert!(alone == shared, "{policy} {example}, {} at once", workers.threads());
                    compared += 1;
                }
            }
        }
    }
    assert!(compared >= 30, "only {compared} runs were compared");
}
