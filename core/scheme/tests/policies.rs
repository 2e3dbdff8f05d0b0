//! Every policy of the repository compiles, and its worked examples hold.

mod common;

use kaoping_terms::Level;

#[test]
fn policies_compile_and_their_examples_hold() {
    let policies = common::policies();
    assert!(policies.len() >= 17, "found {}", policies.len());
    let mut faults = Vec::new();
    let mut examples = 0;
    for path in policies.iter().filter(|path| !path.ends_with("livelihood-as-issued")) {
        let (_, compiled, findings) = common::load(path);
        for finding in findings.iter().filter(|finding| finding.level == Level::Error) {
            faults.push(format!("{}: {} {}", path.display(), finding.name, finding.message.zh));
        }
        for case in &compiled.examples {
            examples += 1;
            for fault in case.run() {
                faults.push(format!(
                    "{}: {} expected {} found {}",
                    path.display(),
                    case.owner,
                    fault.expected,
                    fault.found
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(examples > 60, "only {examples} examples were run");
}
