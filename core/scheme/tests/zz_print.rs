mod common;
use kaoping_scheme::check::check;
#[test]
fn print() {
    for entry in std::fs::read_dir(common::repository().join("errors")).unwrap() {
        let path = entry.unwrap().path();
        if std::fs::read_dir(&path).unwrap().all(|f| f.unwrap().file_name() != "scheme.kp") { continue }
        let (policy, compiled, findings) = common::load(&path);
        println!("=== {}", path.file_name().unwrap().to_string_lossy());
        let checked = check(&policy, &compiled.standard);
        for f in findings.iter() { println!("  (c) {:?}[{}] {}", f.level, f.name, f.message.zh); }
        for f in checked.findings() { println!("  {:?}[{}] {} | {} | {:?}", f.level, f.name, f.message.zh, f.label.zh, f.place.map(|p| policy.sources.text_at(p).chars().take(30).collect::<String>())); }
    }
    let _ = common::policies();
}
