//! The checker: every reproducer fires, shipped policies are clean.

mod common;

use kaoping_scheme::check::check;

#[test]
fn look() {
    for path in common::policies() {
        let (policy, compiled, findings) = common::load(&path);
        let checked = check(&policy, &compiled.standard);
        println!("=== {}", path.display());
        for finding in findings.iter().chain(checked.findings()) {
            let place = finding.place.map(|place| format!("{}:{}", policy.sources.path(place.file), policy.sources.position(place).line));
            println!("{:?}[{}] {} | {} @ {}", finding.level, finding.name, finding.message.zh, finding.label.zh, place.unwrap_or_default());
        }
    }
}
