//! The city with a scheme in force and what it asks for in January.

use super::{World, by, day, paper};
use kaoping_ledger::Algorithm;
use kaoping_office::{
    Act, Role,
    deeds::{
        collections::OpenCollection,
        reports::{ReviewReport, SignReport, SubmitReport},
        rounds::PutDownResults,
        schemes::AdoptScheme,
    },
    outline::{Field, Indicator, Outline},
    state::Standing,
};

pub(crate) const OFFICE: (&str, &str, Role) = ("A1", "甲市", Role::AssessmentOffice);
pub(crate) const SECOND: (&str, &str, Role) = ("A4", "甲市", Role::AssessmentOffice);
pub(crate) const GROUP: (&str, &str, Role) = ("A2", "甲市", Role::LeadingGroup);
pub(crate) const CLERK: (&str, &str, Role) = ("B1", "乙县", Role::Clerk);
pub(crate) const REVIEWER: (&str, &str, Role) = ("B2", "乙县", Role::Reviewer);
pub(crate) const SIGNER: (&str, &str, Role) = ("B3", "乙县", Role::Signer);

pub(crate) fn who((account, office, role): (&str, &str, Role)) -> kaoping_ledger::By {
    by(account, office, role)
}

pub(crate) fn scheme() -> AdoptScheme {
    let field = |name: &str, figure: Option<&str>| Field {
        name: name.into(),
        figure: figure.map(Into::into),
        by_period: false,
        by_assessor: false,
        ..Field::default()
    };
    AdoptScheme {
        scheme: "民生".into(),
        office: "甲市".into(),
        upper: None,
        files: Vec::new(),
        outline: Outline {
            scheme: "民生工程".into(),
            title: "民生工程目标管理".into(),
            indicators: vec![Indicator {
                id: "新增就业".into(),
                name: "城镇新增就业".into(),
                points: "3".into(),
                clause: "二(二)3".into(),
                lead: vec!["人保".into()],
                responsible: vec!["人保".into()],
                supporting: Vec::new(),
                in_block: true,
                counts: Vec::new(),
                not_applicable: String::new(),
                fields: vec![field("完成数", Some("新增就业")), field("目标数", None)],
            }],
            rounds: vec!["自评".into(), "验收".into()],
            events: vec!["上访".into(), "报表".into()],
            steps: Vec::new(),
            ..Outline::default()
        },
        errors: Vec::new(),
        warnings: Vec::new(),
    }
}

pub(crate) fn collection(id: &str, period: &str, from: &str) -> OpenCollection {
    OpenCollection {
        collection: id.into(),
        title: format!("{period} 就业数"),
        scheme: "民生".into(),
        period: period.parse().expect("a period"),
        figures: vec!["新增就业".into()],
        offices: vec!["乙县".into(), "丙县".into()],
        from: day(from),
        working_days: 3,
        grace_days: 1,
        counted_in: Some(("报表".into(), "及时".into())),
    }
}

pub(crate) fn submit(collection: &str, value: &str, answer: &str) -> Act {
    Act::SubmitReport(SubmitReport {
        collection: collection.into(),
        office: "乙县".into(),
        figures: [Standing {
            figure: "新增就业".into(),
            value: value.into(),
            evidence: paper(),
            answer: answer.into(),
        }]
        .into(),
        replaces: None,
    })
}

pub(crate) fn review(collection: &str) -> Act {
    Act::ReviewReport(ReviewReport { collection: collection.into(), office: "乙县".into(), seen: None })
}

pub(crate) fn sign(collection: &str) -> Act {
    Act::SignReport(SignReport { collection: collection.into(), office: "乙县".into(), seen: None })
}

/// The city with its scheme and what it asks for in January.
pub(crate) fn begun() -> World {
    let mut world = World::city();
    world.define("新增就业");
    world.does(&who(OFFICE), Act::AdoptScheme(scheme()));
    world.does(&who(OFFICE), Act::OpenCollection(collection("一月", "2026-01", "2026-02-02")));
    world
}

pub(crate) fn reported(world: &mut World, collection: &str, value: &str) {
    world.does(&who(CLERK), submit(collection, value, "年初集中招工"));
    world.does(&who(REVIEWER), review_now(world, collection));
    world.does(&who(SIGNER), sign_now(world, collection));
}

/// Results without lines, as they stand now.
pub(crate) fn put_down(world: &mut World, round: &str) -> u64 {
    let version = world.state.schemes.get("民生").expect("a scheme").versions.last().expect("a version").number;
    let key = ("民生".into(), round.to_owned());
    let act = PutDownResults {
        scheme: "民生".into(),
        round: round.into(),
        version,
        at: world.state.size,
        scores: Algorithm::Sha256.hash(&[b"scores"]),
        totals: Vec::new(),
        awards: Vec::new(),
        by_rule: Vec::new(),
        replaces: world.state.results.get(&key).map(|results| results.number),
    };
    world.does(&who(OFFICE), Act::PutDownResults(act))
}

/// What replaces the report as it is now.
pub(crate) fn submit_again(world: &World, collection: &str, value: &str) -> Act {
    match submit(collection, value, "集中招工") {
        Act::SubmitReport(report) => Act::SubmitReport(SubmitReport { replaces: seen(world, collection), ..report }),
        other => other,
    }
}

/// The report as it is now is looked through.
pub(crate) fn review_now(world: &World, collection: &str) -> Act {
    let (seen, office) = (seen(world, collection), "乙县".into());
    Act::ReviewReport(ReviewReport { collection: collection.into(), office, seen })
}

/// The report as it is now is signed.
pub(crate) fn sign_now(world: &World, collection: &str) -> Act {
    let (seen, office) = (seen(world, collection), "乙县".into());
    Act::SignReport(SignReport { collection: collection.into(), office, seen })
}

/// What somebody who looks at the report now has seen.
pub(crate) fn seen(world: &World, collection: &str) -> Option<u64> {
    world.state.reports.get(&(collection.into(), "乙县".into())).and_then(|report| report.version())
}
