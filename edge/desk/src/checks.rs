//! What came of verifying a record, as questions with an answer each: for a result that was published, or for a folder
//! somebody brought.

use crate::verify::Verified;
use kaoping_ledger::{PublicKey, SignedCheckpoint, Tree, proof::includes};
use kaoping_terms::{Diagnostic, Level, Text};

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Each entry holds the hash of the one before it.
    Chain,
    /// The key is that of the founding entry, and signed every checkpoint.
    Signatures,
    /// The checkpoints that came with the record agree with it.
    Checkpoints,
    /// The entry that published the result is in the record the last checkpoint is over.
    Inclusion,
    /// Papers and policy files agree with their hashes.
    Contents,
    /// The results follow from the figures.
    Scores,
    /// The record only grew since a checkpoint that was kept elsewhere.
    Pinned,
    /// A checkpoint covers whatever was made known.
    Published,
    /// Every file of the folder follows from the record.
    Folder,
}

impl Asked {
    /// What programs call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chain => "chain",
            Self::Signatures => "signatures",
            Self::Checkpoints => "checkpoints",
            Self::Inclusion => "inclusion",
            Self::Contents => "contents",
            Self::Scores => "scores",
            Self::Pinned => "pinned",
            Self::Published => "published",
            Self::Folder => "folder",
        }
    }

    /// What people call it.
    pub fn word(self) -> Text {
        match self {
            Self::Chain => Text::new("链：每条都接着上一条", "Chain: each entry follows the one before"),
            Self::Signatures => Text::new("签名：公钥与成立时一致", "Signatures: the key is the founding one"),
            Self::Checkpoints => Text::new("检查点：与台账的根相符", "Checkpoints: they agree with the root"),
            Self::Inclusion => Text::new("收录：公布的那一条在台账里", "Inclusion: the entry is in the record"),
            Self::Contents => Text::new("材料：内容与散列相符", "Papers: contents agree with their hashes"),
            Self::Scores => Text::new("重算：结果能从数据逐分算出", "Scores: the results follow from the figures"),
            Self::Pinned => Text::new("一致：与你保存的检查点相符", "Consistency: it agrees with your checkpoint"),
            Self::Published => Text::new("公布：每次公布都有检查点", "Published: a checkpoint covers each publication"),
            Self::Folder => {
                Text::new("文件夹：其余文件都由台账得出", "Folder: every other file follows from the record")
            }
        }
    }
}

/// A question and its answer.
#[derive(Clone, Debug)]
pub struct Check {
    /// What is asked.
    pub asked: Asked,
    /// Whether it holds; `None` where there was nothing to look at.
    pub holds: Option<bool>,
    /// What was looked at, or what is wrong, in numbers.
    pub about: Text,
    /// What was found.
    pub findings: Vec<Diagnostic>,
}

/// A record that was verified, and what a result is looked for in.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    /// What came of verifying it.
    pub verified: &'a Verified,
    /// The hashes of its entries.
    pub tree: &'a Tree,
    /// The key it was verified with.
    pub key: &'a PublicKey,
}

/// What does not depend on whether one result or all of them are looked at.
fn of_any(ground: &Ground<'_>) -> [Check; 5] {
    let Verified { size, contents, results, .. } = ground.verified;
    [
        told(ground, Asked::Chain, &CHAIN, Text::new(format!("{size} 条"), format!("{size} entries"))),
        told(ground, Asked::Signatures, &SIGNATURES, Text::new(ground.key.to_string(), ground.key.to_string())),
        told(ground, Asked::Checkpoints, &CHECKPOINTS, root(ground)),
        told(ground, Asked::Contents, &CONTENTS, Text::new(format!("{contents} 份"), format!("{contents} contents"))),
        told(ground, Asked::Scores, &SCORES, Text::new(format!("{results} 次汇总"), format!("{results} results"))),
    ]
}

/// Every check of a whole folder, and the text of a checkpoint that was kept elsewhere. Each error that was found speaks
/// against one of them.
pub fn checks_of_folder(ground: &Ground<'_>, pinned: Option<&str>) -> Vec<Check> {
    let [chain, signatures, checkpoints, contents, scores] = of_any(ground);
    let made = ground.verified.state.publications().count();
    let made = Text::new(format!("{made} 次公布"), format!("{made} publications"));
    let published = told(ground, Asked::Published, &PUBLISHED, made);
    let mut all = Vec::from([chain, signatures, checkpoints, contents, scores, published]);
    let errors = ground.verified.findings.findings().iter().filter(|finding| finding.level == Level::Error);
    let known = |name: &str| all.iter().any(|check| check.findings.iter().any(|finding| finding.name == name));
    let findings: Vec<Diagnostic> = errors.filter(|finding| !known(finding.name)).cloned().collect();
    let about = Text::new("published.csv 与多出的文件", "published.csv, and files nothing names");
    all.push(Check { asked: Asked::Folder, holds: Some(findings.is_empty()), about, findings });
    all.push(kept_elsewhere(ground, pinned));
    all
}

/// Every check, for a result published by an entry, and the text of a checkpoint that was kept elsewhere.
pub fn checks(ground: &Ground<'_>, entry: u64, pinned: Option<&str>) -> Vec<Check> {
    let [chain, signatures, checkpoints, contents, scores] = of_any(ground);
    let (inclusion, pinned) = (inclusion(ground, entry), kept_elsewhere(ground, pinned));
    Vec::from([chain, signatures, checkpoints, inclusion, contents, scores, pinned])
}

/// Which findings speak against what.
const CHAIN: [&str; 5] =
    ["record-unreadable", "record-out-of-order", "record-chain-broken", "record-back-dated", "record-not-founded"];
const SIGNATURES: [&str; 3] = ["record-of-another-key", "checkpoint-not-signed", "checkpoint-of-another-record"];
const CHECKPOINTS: [&str; 3] = ["record-not-as-pinned", "record-shorter-than-pinned", "checkpoint-missing"];
const CONTENTS: [&str; 1] = ["content-not-as-recorded"];
const SCORES: [&str; 1] = ["results-not-reproduced"];
const PUBLISHED: [&str; 1] = ["publication-without-checkpoint"];

fn told(ground: &Ground<'_>, asked: Asked, names: &[&str], about: Text) -> Check {
    let against = |finding: &&Diagnostic| names.contains(&finding.name);
    let findings: Vec<Diagnostic> = ground.verified.findings.findings().iter().filter(against).cloned().collect();
    Check { asked, holds: Some(findings.is_empty()), about, findings }
}

fn root(ground: &Ground<'_>) -> Text {
    let root = ground.verified.root;
    Text::new(format!("根 {root}"), format!("root {root}"))
}

fn inclusion(ground: &Ground<'_>, entry: u64) -> Check {
    let size = ground.verified.size;
    let shown = || {
        let (leaf, proof) = (ground.tree.leaf(entry)?, ground.tree.inclusion(entry, size)?);
        Some((includes(leaf, entry, size, &proof, ground.verified.root), proof.len()))
    };
    let (holds, steps) = shown().unwrap_or((false, 0));
    let about = Text::new(
        format!("第 {entry} 条，{steps} 步算到前 {size} 条的根"),
        format!("entry {entry}, {steps} steps to the root over {size}"),
    );
    Check { asked: Asked::Inclusion, holds: Some(holds), about, findings: Vec::new() }
}

/// Whether a checkpoint somebody kept agrees with what the record is now.
fn kept_elsewhere(ground: &Ground<'_>, pinned: Option<&str>) -> Check {
    let check = |holds, zh: &str, en: &str| Check {
        asked: Asked::Pinned,
        holds,
        about: Text::new(zh, en),
        findings: Vec::new(),
    };
    let Some(text) = pinned.map(str::trim).filter(|text| !text.is_empty()) else {
        return check(None, "没有给出你保存的检查点", "no checkpoint of yours was given");
    };
    let Some(pin) = SignedCheckpoint::parse(&text.replace("\r\n", "\n")) else {
        return check(Some(false), "读不出来：检查点要一个字不改", "it cannot be read: not a letter may be changed");
    };
    if pin.checkpoint.origin != ground.key.name {
        return check(Some(false), "这是另一本台账的检查点", "it is of another record");
    }
    if !pin.signed_by(ground.key) {
        return check(Some(false), "没有这把公钥的有效签名", "it has no valid signature of this key");
    }
    let size = pin.checkpoint.size;
    if size > ground.tree.size() {
        return check(Some(false), "台账比它短：后面的被删掉了", "the record is shorter: its end was cut off");
    }
    if ground.tree.root_at(size) == Some(pin.checkpoint.root) {
        let zh = format!("前 {size} 条从那时起一条没改");
        return check(Some(true), &zh, &format!("the first {size} entries are as they were"));
    }
    check(Some(false), "根不同：那以前的记录被改过", "its root differs: what was before it was changed")
}

#[cfg(test)]
mod tests {
    use super::{Asked, Ground, checks, checks_of_folder};
    use crate::verify::Verified;
    use kaoping_ledger::{Algorithm, Checkpoint, Digest, KeyKind, Place, SecretKey, SignedCheckpoint, Tree};
    use kaoping_office::State;
    use kaoping_terms::{Diagnostic, Report, Text};

    fn key() -> SecretKey {
        SecretKey::from_bytes(KeyKind::Ed25519, &[7; 32]).expect("a key")
    }

    fn tree(size: u8) -> Tree {
        Tree::of(Algorithm::Sha256, (0..size).map(|at| Algorithm::Sha256.leaf(&[at]).bytes))
    }

    fn pin(size: u64, root: Digest) -> String {
        let checkpoint = Checkpoint { origin: "甲市".into(), size, root, received_ms: 0, place: Place::Kept(1) };
        checkpoint.sign(&key()).text()
    }

    fn verified(findings: Report) -> Verified {
        let tree = tree(9);
        let (size, root) = (tree.size(), tree.root());
        Verified { state: State::default(), size, root, tree, vouched: 0, contents: 0, results: 1, findings }
    }

    fn answers(findings: Report, entry: u64, pinned: Option<&str>) -> Vec<(Asked, Option<bool>)> {
        let (verified, key) = (verified(findings), key().public("甲市"));
        let ground = Ground { verified: &verified, tree: &verified.tree, key: &key };
        checks(&ground, entry, pinned).into_iter().map(|check| (check.asked, check.holds)).collect()
    }

    fn held(answers: &[(Asked, Option<bool>)], of: Asked) -> Option<bool> {
        answers.iter().find(|(asked, _)| *asked == of).and_then(|(_, holds)| *holds)
    }

    #[test]
    fn a_finding_answers_its_own_question_and_no_other() {
        let whole = answers(Report::new(), 3, None);
        assert!(whole.iter().all(|(asked, holds)| *holds == Some(true) || *asked == Asked::Pinned), "{whole:?}");
        let mut findings = Report::new();
        findings.push(Diagnostic::error("results-not-reproduced", Text::new("", "")));
        let wrong = answers(findings, 9, None);
        assert_eq!(held(&wrong, Asked::Scores), Some(false));
        assert_eq!(held(&wrong, Asked::Chain), Some(true));
        assert_eq!(held(&wrong, Asked::Inclusion), Some(false), "there is no entry 9 among nine");
        assert_eq!(held(&wrong, Asked::Pinned), None);
    }

    #[test]
    fn every_error_of_a_folder_speaks_against_one_check() {
        let of = |finding: Diagnostic| {
            let mut findings = Report::new();
            findings.push(finding);
            let (verified, key) = (verified(findings), key().public("甲市"));
            let ground = Ground { verified: &verified, tree: &verified.tree, key: &key };
            let checks = checks_of_folder(&ground, None);
            checks.iter().filter(|check| check.holds == Some(false)).map(|check| check.asked).collect::<Vec<_>>()
        };
        let error = |name| of(Diagnostic::error(name, Text::new("", "")));
        assert_eq!(error("record-not-founded"), [Asked::Chain]);
        assert_eq!(error("publication-without-checkpoint"), [Asked::Published]);
        assert_eq!(error("bundle-file-changed"), [Asked::Folder]);
        assert_eq!(error("something-new"), [Asked::Folder], "no error is lost");
        assert_eq!(of(Diagnostic::warning("record-restored", Text::new("", ""))), []);
    }

    #[test]
    fn a_checkpoint_kept_elsewhere_vouches_or_does_not() {
        let tree = tree(9);
        let of = |pinned: &str| held(&answers(Report::new(), 3, Some(pinned)), Asked::Pinned);
        let root = tree.root_at(5).expect("a root");
        assert_eq!(of(&pin(5, root)), Some(true));
        assert_eq!(of(&pin(5, root).replace('\n', "\r\n")), Some(true), "as a form sends it");
        assert_eq!(of(&pin(4, root)), Some(false), "another root");
        assert_eq!(of(&pin(12, root)), Some(false), "longer than the record");
        assert_eq!(of("甲市\n5\n"), Some(false));
        let forged = SignedCheckpoint::parse(&pin(5, root)).map(|mut pin| {
            pin.checkpoint.received_ms = 1;
            pin.text()
        });
        assert_eq!(of(&forged.expect("a note")), Some(false), "no longer what was signed");
    }
}
