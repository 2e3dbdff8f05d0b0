//! Awards of a year: worked out from sealed results, shown, refused to one so that the next is proposed, approved
//! and confirmed by others, and worked out again by whoever verifies the record.

use crate::city::{
    OFFICE, at,
    example::{GOVERNMENT, GROUP, begun, put_down},
    key, opening, request,
    story::{because, does, keep},
};
use kaoping_desk::{
    Desk,
    awards::{Proposed, propose, still_follow},
    bundle::{FromFolder, FromStore, export},
    verify::verify,
};
use kaoping_ledger::{Digest, KeyKind};
use kaoping_office::{
    Act, Role,
    deeds::{
        awards::{ApproveAwards, ConfirmAwards, DecideAward},
        objections::{About, Answer, Object},
        rounds::{Publish, Seal},
    },
    state::AwardLine,
    tables::TABLES,
};
use kaoping_store::open_to_read;
use kaoping_terms::Report;
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering::SeqCst},
};

const DAY_MS: i64 = 86_400_000;

fn judged(award: &str, reason: &str) -> AwardLine {
    AwardLine { award: award.into(), office: "丙县".into(), place: None, reason: reason.into() }
}

fn proposed(desk: &Desk, address: &str, judged: Vec<AwardLine>) -> Result<Proposed, Report> {
    let state = desk.read(|shown| shown.state.clone());
    let mut reader = open_to_read(address, TABLES).expect("a store");
    let mut contents = |hash: Digest| reader.blob(&hash.to_string()).expect("a store");
    propose(&state, &"示例".into(), "验收", (judged, 5), &mut contents)
}

fn winners(lines: &[AwardLine]) -> Vec<(&str, &str)> {
    lines.iter().map(|line| (line.award.as_str(), line.office.as_str())).collect()
}

fn refused(desk: &Desk, deed: kaoping_desk::Request) -> Vec<&'static str> {
    let refusal = desk.perform(deed).expect_err("a refusal");
    refusal.findings().iter().map(|finding| finding.name).collect()
}

#[test]
fn who_comes_next_is_proposed_and_never_put_there() {
    let place = tempfile::tempdir().expect("a folder");
    let address = at(&place);
    drop(crate::city::city(&address, KeyKind::Ed25519));
    let now = Arc::new(AtomicI64::new(20_458 * DAY_MS));
    let (mut opened, clock) = (opening(&address, KeyKind::Ed25519), Arc::clone(&now));
    opened.clock = Box::new(move || clock.load(SeqCst));
    let desk = Desk::open(opened).expect("a desk");
    begun(&desk, &[("乙县", "900"), ("丙县", "800")]);
    let paper = keep(&desk, "核查报告".as_bytes());
    put_down(&desk, &address, "验收");
    let names = |report: Report| report.findings().iter().map(|finding| finding.name).collect::<Vec<_>>();
    let early = proposed(&desk, &address, Vec::new()).expect("awards").act;
    assert_eq!(refused(&desk, request("early", OFFICE, Act::ProposeAwards(early))), ["not-now"], "not sealed");
    let follows = || {
        let state = desk.read(|shown| shown.state.clone());
        let mut reader = open_to_read(&address, TABLES).expect("a store");
        let mut contents = |hash: Digest| reader.blob(&hash.to_string()).expect("a store");
        still_follow(&state, &"示例".into(), "验收", &mut contents).map_err(names)
    };
    assert_eq!(follows(), Ok(()), "only such results are sealed");
    let seal = Seal { scheme: "示例".into(), round: "验收".into(), objection_days: 5, shown: false };
    does(&desk, request("seal", GROUP, Act::Seal(seal)));

    // What points decide is not for people; what is judged is, with its reason.
    let wrong = proposed(&desk, &address, vec![judged("先进", "评委一致同意")]).expect_err("a refusal");
    assert_eq!(names(wrong), ["award-not-judged"]);
    let bare = proposed(&desk, &address, vec![judged("创新", " ")]).expect("awards").act;
    assert_eq!(refused(&desk, request("bare", OFFICE, Act::ProposeAwards(bare))), ["reason-needed"]);
    let creative = || vec![judged("创新", "一站式窗口")];
    let both = [creative(), vec![AwardLine { office: "乙县".into(), ..judged("创新", "夜间窗口") }]].concat();
    assert_eq!(names(proposed(&desk, &address, both).expect_err("a refusal")), ["award-above-quota"]);
    let first = proposed(&desk, &address, creative()).expect("awards").act;
    assert_eq!(winners(&first.awards), [("先进", "乙县"), ("就业单项", "丙县")], "places shift past 乙县");
    let reasons: Vec<_> = first.passed_over.iter().map(|line| (line.award.as_str(), line.office.as_str())).collect();
    assert_eq!(reasons, [("先进", "丙县"), ("就业单项", "乙县")]);
    assert!(first.passed_over[1].reason.contains("已得“先进”"), "{}", first.passed_over[1].reason);
    does(&desk, request("propose-1", OFFICE, Act::ProposeAwards(first)));

    let approve = || Act::ApproveAwards(ApproveAwards { scheme: "示例".into(), round: "验收".into() });
    let confirm = || Act::ConfirmAwards(ConfirmAwards { scheme: "示例".into(), round: "验收".into() });
    assert_eq!(refused(&desk, request("soon", GROUP, approve())), ["not-now"], "they are shown first");
    let about =
        About::Award {
            scheme: "示例".into(), round: "验收".into(), award: "先进".into(), office: "乙县".into()
        };
    let signer = ("丙县-signer", "丙县", Role::Signer);
    let object = Object { objection: "异议1".into(), office: "丙县".into(), about, answer_days: 5 };
    does(&desk, because(request("object", signer, Act::Object(object)), "乙县有弄虚作假", paper));
    now.fetch_add(14 * DAY_MS, SeqCst);
    assert_eq!(refused(&desk, request("open", GROUP, approve())), ["not-now"], "the objection is open");
    let answer = Act::Answer(Answer { objection: "异议1".into(), upheld: true });
    does(&desk, because(request("answer", OFFICE, answer), "查实", paper));

    // Upheld: the leading group refuses the award, with reason and paper; approving what was shown is out of date.
    let decide = |given| {
        let (scheme, round) = ("示例".into(), "验收".into());
        Act::DecideAward(DecideAward { scheme, round, award: "先进".into(), office: "乙县".into(), given })
    };
    assert_eq!(refused(&desk, request("bare-2", GROUP, decide(false))), ["evidence-needed", "reason-needed"]);
    does(&desk, because(request("refuse", GROUP, decide(false)), "弄虚作假,查实", paper));
    assert_eq!(refused(&desk, request("stale", GROUP, approve())), ["not-now"]);
    let next = proposed(&desk, &address, creative()).expect("awards").act;
    assert_eq!(winners(&next.awards), [("先进", "丙县"), ("就业单项", "乙县")], "and 丙县 does not win both");
    assert!(next.passed_over.iter().any(|line| line.reason.contains("按决定不授予")), "{:?}", next.passed_over);
    does(&desk, request("propose-2", OFFICE, Act::ProposeAwards(next)));
    now.fetch_add(14 * DAY_MS, SeqCst);
    assert_eq!(refused(&desk, request("unapproved", GOVERNMENT, confirm())), ["not-now"]);
    does(&desk, request("approve", GROUP, approve()));
    let over = proposed(&desk, &address, creative()).expect("awards").act;
    assert_eq!(refused(&desk, request("over", OFFICE, Act::ProposeAwards(over))), ["not-now"], "it was approved");
    does(&desk, request("confirm", GOVERNMENT, confirm()));
    desk.read(|shown| {
        let statuses: Vec<_> = shown
            .state
            .awards
            .values()
            .flat_map(|awards| {
                awards
                    .about()
                    .map(|(award, office)| format!("{award} {office} {}", awards.status(award, office).unwrap_or("")))
            })
            .collect();
        assert_eq!(
            statuses,
            ["先进 丙县 confirmed", "就业单项 乙县 confirmed", "创新 丙县 confirmed", "先进 乙县 refused"]
        );
        let checkpoint = shown.checkpoint.as_ref().expect("a checkpoint");
        assert_eq!(checkpoint.checkpoint.size, shown.state.size, "it covers the confirmation");
    });
    // Results are published too, and each of both names the checkpoint that proves it.
    let publish = Publish { scheme: "示例".into(), round: "验收".into() };
    does(&desk, request("publish", OFFICE, Act::Publish(publish)));
    desk.read(|shown| {
        let made: Vec<_> = shown.state.publications().map(|made| (made.what, made.number)).collect();
        assert_eq!(made.len(), 2);
        for (what, number) in made {
            let signed = &shown.published[&number];
            let size = signed.checkpoint.size;
            assert!(size > number && signed.signed_by(&key(KeyKind::Ed25519).public("甲市考评台账")), "{what}");
            let proof = shown.tree.inclusion(number, size).expect("a proof");
            assert!(shown.tree.root_at(size) == Some(signed.checkpoint.root) && !proof.is_empty(), "{what}");
        }
    });
    let known = desk.read(|shown| shown.published.clone());
    drop(desk);
    let reopened = Desk::open(opening(&address, KeyKind::Ed25519)).expect("a desk");
    assert_eq!(reopened.read(|shown| shown.published.clone()), known, "also after a restart");
    drop(reopened);
    let mut reader = open_to_read(&address, TABLES).expect("a store");
    let public = key(KeyKind::Ed25519).public("甲市考评台账");
    let verified = verify(&mut FromStore(&mut *reader), &public, &[]).expect("a record");
    assert!(!verified.findings.has_errors(), "{:#?}", verified.findings.findings());
    assert_eq!(verified.results, 3, "the results, and the awards twice");
    let folder = place.path().join("台账");
    export(&mut *reader, &public.to_string(), None, &folder).expect("an export");
    let index = std::fs::read_to_string(folder.join("published.csv")).expect("an index");
    let files: Vec<_> = index.lines().skip(1).map(|line| line.rsplit(',').next().expect("a file")).collect();
    assert_eq!(files.len(), 2, "{index}");
    assert!(files.iter().all(|file| folder.join(file).exists()), "{index}");
    // Without its checkpoints a publication proves nothing, and that is said.
    std::fs::remove_dir_all(folder.join("checkpoints")).expect("removed");
    let bare = verify(&mut FromFolder(folder), &public, &[]).expect("a record");
    let names: Vec<_> = bare.findings.findings().iter().map(|finding| finding.name).collect();
    let not_proved = "publication-without-checkpoint";
    let expected = ["checkpoint-missing", not_proved, not_proved, "bundle-file-changed"];
    assert_eq!(names, expected, "nor is the index what it was");
}

#[test]
fn whom_a_veto_bars_wins_nothing_that_is_judged_either() {
    let place = tempfile::tempdir().expect("a folder");
    let address = at(&place);
    drop(crate::city::city(&address, KeyKind::Ed25519));
    let desk = Desk::open(opening(&address, KeyKind::Ed25519)).expect("a desk");
    begun(&desk, &[("乙县", "900"), ("丙县", "400")]);
    put_down(&desk, &address, "验收");
    let refused = proposed(&desk, &address, vec![judged("创新", "一站式窗口")]).expect_err("a refusal");
    let told: Vec<_> = refused.findings().iter().map(|finding| (finding.name, finding.message.zh.as_str())).collect();
    assert_eq!(told, [("award-barred", "“丙县”被“欠账过多”取消资格，不能得“创新”")]);
    let other = AwardLine { office: "乙县".into(), ..judged("创新", "夜间窗口") };
    assert!(proposed(&desk, &address, vec![other]).is_ok());
}
