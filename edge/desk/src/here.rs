//! What findings of a run say where the figures come from the record: there is no file and no command line, and what
//! is to be done is done by somebody.

use kaoping_terms::{Diagnostic, Text};

/// What stands for the sheets made of the record, by the name a run knows them by.
const SHEETS: &[(&str, &str)] = &[("units.csv", "record/units"), ("facts.csv", "record/figures")];

/// A finding as it is said here.
pub(crate) fn said_here(finding: &mut Diagnostic) {
    if let Some((_, sheet)) = finding.file.as_ref().and_then(|file| SHEETS.iter().find(|(name, _)| *name == file.path))
    {
        *finding = finding.clone().in_file(sheet, None);
    }
    if let Some(next) = next(finding.name) {
        finding.next = next;
    }
    if finding.name == "mixed-keyword-language" {
        // What to write stays, how to turn a whole file is a command.
        let first = |text: &str, rest: &str| text.split(rest).take(1).collect::<String>();
        finding.next = Text::new(
            first(&finding.next.zh, "，或用 kaoping"),
            first(&finding.next.en, ", or turn the whole file with kaoping"),
        );
    }
}

fn next(name: &str) -> Option<Text> {
    Some(match name {
        "no-scheme" => Text::new(
            "把方案文件夹里的文件都送来，其中要有 scheme.kp；没有的，在“写标准”页从指标表写一份",
            "send every file of the policy folder, scheme.kp among them; the page for writing a standard \
             makes one from a table",
        ),
        "unit-not-classified" | "peer-group-not-given" => Text::new(
            "请考评办或系统管理员变更单位，写上它的类别和同组",
            "the assessment office or the system administrator changes the office, with its kind and peer group",
        ),
        "unknown-unit" => Text::new(
            "核对单位名称；还没有设立的，由上级考评办或系统管理员设立",
            "look at the name; the assessment office above or the system administrator opens an office that \
             is missing",
        ),
        "unknown-indicator" | "unknown-field" => Text::new(
            "对照办法里的编号、名称和字段；办法修订过的，由考评办改数据项的对应",
            "compare with the ids, names and inputs of the scheme; where it was amended the assessment office \
             binds the figures anew",
        ),
        "events-not-given" => Text::new(
            "由考评办、牵头单位或督查登记；确实没有的不用办",
            "the assessment office, a lead unit or an inspector enters them; where there are none nothing is \
             to be done",
        ),
        "period-not-used" => Text::new(
            "核对填报期和办法的适用期；布置错了期的，由考评办重新布置",
            "look at the period asked for and that of the scheme; the assessment office asks anew where it \
             was the wrong one",
        ),
        "round-part-scored" => Text::new(
            "要几期的平均，由考评办在办法的“设”里写明",
            "for the mean of several the assessment office writes a 设 into the scheme",
        ),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::said_here;
    use kaoping_terms::{Diagnostic, Text};

    #[test]
    fn no_file_and_no_command_line() {
        let mut finding = Diagnostic::warning("peer-group-not-given", Text::new("没有写明", "not given"))
            .next(Text::new("用 --units 给出单位表", "give --units"))
            .in_file("units.csv", Some((3, 1)));
        said_here(&mut finding);
        assert!(!finding.next.zh.contains("--") && !finding.next.en.contains("--"), "{finding:?}");
        assert_eq!(finding.file.map(|file| (file.path, file.at)), Some(("record/units".into(), None)));
        // What the reader of texts really says of two languages in one file.
        let texts = [("scheme.kp".to_owned(), "方案 甲 \"甲\"\n  full_mark 100 分\n".to_owned())];
        let told = crate::drafting::checked(&texts, kaoping_terms::Lang::Zh);
        let findings = told["findings"].as_array().expect("findings");
        let mixed = findings.iter().find(|found| found["name"] == "mixed-keyword-language").expect("a finding");
        assert_eq!(mixed["next"], "写成“满分”", "{mixed}");
        let mut own = Diagnostic::error("step-not-constant", Text::default()).next(Text::new("改", "change"));
        said_here(&mut own);
        assert_eq!(own.next.zh, "改");
    }
}
