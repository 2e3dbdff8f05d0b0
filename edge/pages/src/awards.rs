//! Awards: who is proposed for what and why, who is not and why not, and what is to be done about it.

use crate::{
    Eyes, Frame, Html, Topic,
    forms::As,
    frame::encoded,
    may::{Offer, as_whom, offer},
    scoresheet::{Way, way},
    since,
};
use askama::Template;
use kaoping_assess::{AwardReason, lines::Lines, reasons};
use kaoping_desk::scoring::Model;
use kaoping_office::{
    Act,
    deeds::{
        awards::{ApproveAwards, ConfirmAwards, DecideAward, ProposeAwards},
        objections::{About, Object},
    },
    ids::{OfficeId, SchemeId},
    state::{AwardLine, Awards, Objection},
    tables::Key,
};
use kaoping_scheme::model::{Award, AwardRule, Scheme};
use kaoping_terms::{Lang, Level, Report};
use std::collections::BTreeSet;

/// So many faults are told.
const MOST_FAULTS: usize = 5;

/// What is asked for.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    /// The scheme.
    pub scheme: &'a SchemeId,
    /// The round.
    pub round: &'a str,
}

struct Tab {
    path: String,
    word: String,
    current: bool,
}

/// An office beside an award.
struct Line {
    office: String,
    name: String,
    why_path: String,
    place: String,
    reason: String,
    money: String,
    class: &'static str,
    status: String,
    is_refused: bool,
    can_decide: bool,
    can_object: bool,
}

struct Card {
    at: usize,
    name: String,
    rule: String,
    clause: String,
    note: String,
    lines: Vec<Line>,
    others: Vec<Line>,
    has_money: bool,
    /// So many are to be named by whoever judges.
    judged: usize,
}

struct Raised {
    id: String,
    text: String,
    about: String,
    answer: Option<(bool, String)>,
}

struct Grid {
    name: String,
    heads: Vec<String>,
    rows: Vec<(String, Vec<(String, String)>)>,
}

#[derive(Template)]
#[template(path = "awards.html")]
struct Page {
    frame: Frame,
    title: String,
    sub: String,
    tabs: Vec<Tab>,
    ranking: String,
    sheet: String,
    scheme: String,
    scheme_path: String,
    round: String,
    state: String,
    way: Vec<Way>,
    notes: Vec<String>,
    faults: Vec<(String, String)>,
    propose: Option<As>,
    propose_again: bool,
    approve: Option<As>,
    confirm: Option<As>,
    decide: Option<As>,
    object: Option<(As, String)>,
    waits: Vec<(&'static str, String)>,
    cards: Vec<Card>,
    offices: Vec<(String, String)>,
    objections: Vec<Raised>,
    grids: Vec<Grid>,
}

/// The page. Without a model only what is in the record is shown, and what keeps the round from being scored.
pub fn awards(eyes: &Eyes<'_>, wanted: Wanted<'_>, model: Option<Result<&Model, &Report>>) -> Html {
    let model_alone = model.and_then(Result::ok);
    let sight = Sight { eyes, wanted, record: eyes.state().awards.get(&key(wanted)), model: model_alone };
    let title = format!("{} · {}", eyes.t("奖惩", "Awards"), eyes.state().title(wanted.scheme));
    let stage = sight.stage();
    let mut waits = Vec::new();
    let mut take = |word: &'static str, offer: Offer| {
        if offer.by.is_none() {
            waits.push((word, offer.said));
        }
        offer.by
    };
    let (scheme, round) = (wanted.scheme.clone(), wanted.round.to_owned());
    let propose = matches!(stage, Stage::None | Stage::Old).then(|| offer(eyes, &sight.propose()));
    let propose = propose.and_then(|found| take(eyes.t("提出奖项", "Propose"), found));
    let approve = Act::ApproveAwards(ApproveAwards { scheme: scheme.clone(), round: round.clone() });
    let approve = (stage == Stage::Proposed).then(|| offer(eyes, &approve));
    let approve = approve.and_then(|found| take(eyes.t("审定奖项", "Approve"), found));
    let confirm = Act::ConfirmAwards(ConfirmAwards { scheme, round });
    let confirm = (stage == Stage::Approved).then(|| offer(eyes, &confirm));
    let confirm = confirm.and_then(|found| take(eyes.t("确定奖项", "Confirm"), found));
    let decide = sight.decide();
    let object = sight.object();
    let cards = sight.cards(decide.is_some(), object.is_some());
    let words = [eyes.t("提出并公示", "Propose and show"), eyes.t("审定", "Approve"), eyes.t("确定", "Confirm")];
    let at = match stage {
        Stage::None | Stage::Old => 0,
        Stage::Proposed => 1,
        Stage::Approved => 2,
        Stage::Confirmed => 3,
    };
    let path = |page: &str, round: &str| {
        format!("/schemes/{}/{page}?round={}", encoded(wanted.scheme.as_str()), encoded(round))
    };
    let outline = eyes.state().schemes.get(wanted.scheme).and_then(|scheme| scheme.outline());
    let rounds = outline.map_or(&[][..], |outline| outline.rounds.as_slice());
    let tab = |round: &String| Tab { path: path("awards", round), word: round.clone(), current: round == wanted.round };
    let mut frame = Frame::new(eyes, Topic::Awards, &title);
    frame.notes.extend(model_alone.and_then(|model| since::by_now(eyes, (wanted.scheme, wanted.round), model)));
    Html::of(&Page {
        frame,
        title,
        sub: wanted.round.to_owned(),
        tabs: rounds.iter().map(tab).collect(),
        ranking: path("ranking", wanted.round),
        sheet: path("sheet", wanted.round),
        scheme: wanted.scheme.to_string(),
        scheme_path: encoded(wanted.scheme.as_str()),
        round: wanted.round.to_owned(),
        state: sight.state(stage),
        way: way(&words, at),
        notes: sight.notes(stage),
        faults: faults(eyes, model.and_then(Result::err)),
        propose,
        propose_again: stage == Stage::Old,
        approve,
        confirm,
        decide,
        object,
        waits,
        offices: sight.offices(),
        objections: sight.objections(),
        grids: sight.grids(),
        cards,
    })
}

/// What keeps a round from being scored, and what to do about it; the first few.
fn faults(eyes: &Eyes<'_>, report: Option<&Report>) -> Vec<(String, String)> {
    let findings = report.map(|report| report.clone().into_sorted()).unwrap_or_default();
    let errors = findings.iter().filter(|finding| finding.level == Level::Error).take(MOST_FAULTS);
    errors.map(|finding| (eyes.say(&finding.message), eyes.say(&finding.next))).collect()
}

fn key(wanted: Wanted<'_>) -> (SchemeId, String) {
    (wanted.scheme.clone(), wanted.round.to_owned())
}

/// How far awards are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Not proposed.
    None,
    /// Proposed, and to be proposed anew.
    Old,
    /// Proposed.
    Proposed,
    /// Approved.
    Approved,
    /// Confirmed.
    Confirmed,
}

struct Sight<'a, 'e> {
    eyes: &'a Eyes<'e>,
    wanted: Wanted<'a>,
    record: Option<&'a Awards>,
    model: Option<&'a Model>,
}

impl Sight<'_, '_> {
    fn stage(&self) -> Stage {
        let Some(awards) = self.record else { return Stage::None };
        match (&awards.confirmed, &awards.approved_by) {
            _ if !self.eyes.state().awards_stand(&key(self.wanted)) => Stage::Old,
            (Some(_), _) => Stage::Confirmed,
            (None, Some(_)) => Stage::Approved,
            (None, None) => Stage::Proposed,
        }
    }

    fn state(&self, stage: Stage) -> String {
        let eyes = self.eyes;
        let until = self.record.and_then(|awards| awards.objections_until);
        let is_shown = until.is_some_and(|until| eyes.viewer.today() <= until);
        match stage {
            Stage::None => eyes.t("尚未提出", "not proposed yet").to_owned(),
            Stage::Old => eyes.t("名单过时，待重新提出", "to be proposed anew").to_owned(),
            Stage::Proposed if is_shown => {
                let until = until.map(|until| until.iso()).unwrap_or_default();
                format!("{} {until}", eyes.t("已提出，公示到", "proposed, objections until"))
            }
            Stage::Proposed => eyes.t("公示期满，待审定", "the time for objections is over; to be approved").to_owned(),
            Stage::Approved => eyes.t("已审定，待政府确定", "approved; the government confirms").to_owned(),
            Stage::Confirmed => eyes.t("已确定", "confirmed").to_owned(),
        }
    }

    fn notes(&self, stage: Stage) -> Vec<String> {
        let eyes = self.eyes;
        let mut notes = Vec::new();
        match stage {
            Stage::None if self.model.is_some() => notes.push(eyes.t(
                "下面是按现有结果得出的建议，还没有提出，不作数。",
                "What follows comes from the results as they are. It is not proposed yet, and counts for nothing.",
            )),
            Stage::Old => notes.push(eyes.t(
                "提出以后结果变了，或有奖项被撤销、恢复：下面是重新得出的名单，谁顺位由程序算出，须重新提出。",
                "Results changed since, or an award was refused or given back: what follows is worked out anew, with who comes next, and is to be proposed anew.",
            )),
            _ => (),
        }
        let mut notes: Vec<String> = notes.into_iter().map(str::to_owned).collect();
        if let Some(awards) = self.record {
            notes.push(match (&awards.approved_by, &awards.confirmed, eyes.lang) {
                (Some(approved), Some((by, number)), Lang::Zh) => {
                    format!("提出：{}；审定：{approved}；确定：{by}（台账第 {number} 条）", awards.by)
                }
                (Some(approved), Some((by, number)), Lang::En) => {
                    format!("Proposed by {}, approved by {approved}, confirmed by {by} (entry {number})", awards.by)
                }
                (Some(approved), None, Lang::Zh) => format!("提出：{}；审定：{approved}", awards.by),
                (Some(approved), None, Lang::En) => format!("Proposed by {}, approved by {approved}", awards.by),
                (None, _, Lang::Zh) => format!("提出：{}（台账第 {} 条）", awards.by, awards.number),
                (None, _, Lang::En) => format!("Proposed by {} (entry {})", awards.by, awards.number),
            });
        }
        notes
    }

    fn propose(&self) -> Act {
        let results = self.eyes.state().results.get(&key(self.wanted));
        let somebody = AwardLine { award: String::new(), office: "".into(), place: None, reason: String::new() };
        Act::ProposeAwards(ProposeAwards {
            scheme: self.wanted.scheme.clone(),
            round: self.wanted.round.to_owned(),
            version: results.map_or(0, |results| results.version),
            at: self.eyes.state().size,
            awards: vec![somebody],
            passed_over: Vec::new(),
            judged: Vec::new(),
            objection_days: 1,
        })
    }

    /// As whom whoever looks may refuse awards, or give them back.
    fn decide(&self) -> Option<As> {
        let awards = self.record?;
        let (award, office) = awards.about().next()?;
        let given = awards.status(award, office) == Some("refused");
        let (scheme, round) = key(self.wanted);
        let (award, office) = (award.clone(), office.clone());
        as_whom(self.eyes, &Act::DecideAward(DecideAward { scheme, round, award, office, given }))
    }

    /// As whom whoever looks may object to awards, and under which id.
    fn object(&self) -> Option<(As, String)> {
        let line = self.record?.lines.first()?;
        let eyes = self.eyes;
        let own = eyes.viewer.offices().next()?;
        let id = |number: usize| format!("异议-{}-{own}-奖项-{number}", self.wanted.scheme);
        let free = |id: &String| !eyes.state().objections.contains_key(id.as_str());
        let id = (1..).map(id).find(free)?;
        let (scheme, round) = key(self.wanted);
        let about = About::Award { scheme, round, award: line.award.clone(), office: line.office.clone() };
        let act = Object { objection: id.as_str().into(), office: own.clone(), about, answer_days: 5 };
        Some((as_whom(eyes, &Act::Object(act))?, id))
    }

    fn scheme(&self) -> Option<(&Scheme, Lines<'_>)> {
        let lines = self.model?.lines();
        Some((lines.standard.schemes.first()?, lines))
    }

    fn line(&self, office: &str) -> Line {
        let office = OfficeId::from(office);
        let (scheme, unit) = (encoded(self.wanted.scheme.as_str()), encoded(office.as_str()));
        // Who is not assessed, such as a department that was judged, has no total to explain.
        let is_assessed = self.model.is_some_and(|model| model.given.units.find(office.as_str()).is_some());
        let path = format!("/schemes/{scheme}/why/{unit}/-?round={}", encoded(self.wanted.round));
        Line {
            name: self.eyes.office(&office),
            why_path: if is_assessed { path } else { String::new() },
            office: office.into(),
            place: String::new(),
            reason: String::new(),
            money: String::new(),
            class: "",
            status: String::new(),
            is_refused: false,
            can_decide: false,
            can_object: false,
        }
    }

    fn cards(&self, can_decide: bool, can_object: bool) -> Vec<Card> {
        let of_record = self.record.filter(|_| self.stage() != Stage::Old);
        let mut cards = match self.scheme() {
            Some((scheme, lines)) => {
                let all = scheme.awards.iter().enumerate();
                all.map(|(at, award)| self.worked_out(scheme, &lines, (at, award), of_record)).collect()
            }
            None => Vec::new(),
        };
        let known: BTreeSet<String> = cards.iter().map(|card: &Card| card.name.clone()).collect();
        let others: BTreeSet<&String> = self
            .record
            .into_iter()
            .flat_map(Awards::about)
            .map(|(award, _)| award)
            .filter(|award| !known.contains(*award))
            .collect();
        for name in others {
            let mut card = Card {
                at: cards.len(),
                name: name.clone(),
                rule: String::new(),
                clause: String::new(),
                note: String::new(),
                lines: Vec::new(),
                others: Vec::new(),
                has_money: false,
                judged: 0,
            };
            self.recorded(&mut card, self.record);
            cards.push(card);
        }
        for card in &mut cards {
            self.refused(card);
            for line in &mut card.lines {
                let status = self.record.and_then(|awards| awards.status(&card.name, &line.office.as_str().into()));
                line.can_decide = can_decide && status.is_some();
                line.can_object = can_object && matches!(status, Some("proposed" | "approved" | "confirmed"));
            }
        }
        cards
    }

    /// An award as it follows from the figures, with what the record says of it where that still stands.
    fn worked_out(&self, scheme: &Scheme, lines: &Lines<'_>, of: (usize, &Award), record: Option<&Awards>) -> Card {
        let (at, award) = of;
        let result = lines.assessment.awards.get(at);
        let suspended =
            result.and_then(|result| result.lists.iter().map(|list| &list.suspended).find(|text| !text.zh.is_empty()));
        let judged = match &award.rule {
            AwardRule::Judged { at_most, .. } => *at_most,
            _ => 0,
        };
        let mut card = Card {
            at,
            name: award.name.clone(),
            rule: rule(self.eyes, scheme, award),
            clause: award.clause.clone().unwrap_or_default(),
            note: suspended.map(|text| self.eyes.say(text)).unwrap_or_default(),
            lines: Vec::new(),
            others: Vec::new(),
            has_money: !award.prizes.is_empty(),
            judged,
        };
        let members = lines.assessment.members.iter().copied();
        for unit in members {
            let reason = result.and_then(|result| result.reasons.get(unit as usize)).copied().unwrap_or_default();
            if reason == AwardReason::Judged {
                continue;
            }
            let mut line = self.line(lines.units.id(unit));
            line.reason = self.eyes.say(&reasons::award(lines, at, unit));
            line.place = reason.place().map(|place| place.to_string()).unwrap_or_default();
            line.money =
                lines.prize(at, unit).map(|prize| money(self.eyes, &prize.amount.to_string())).unwrap_or_default();
            match reason {
                AwardReason::LeftOut => (),
                AwardReason::Listed { .. } | AwardReason::ToDecide { .. } => {
                    let is_open = matches!(reason, AwardReason::ToDecide { .. });
                    (line.class, line.status) = match (is_open, record) {
                        (true, _) => ("near", self.eyes.t("待人工决定", "to be decided").to_owned()),
                        (false, _) => ("", self.eyes.t("建议", "suggested").to_owned()),
                    };
                    card.lines.push(line);
                }
                _ => card.others.push(line),
            }
        }
        let order = |line: &Line| self.eyes.state().order(&line.office);
        let place = |line: &Line| (line.place.parse::<u32>().unwrap_or(u32::MAX), order(line));
        card.lines.sort_by_key(place);
        // Who comes next first, then those who are out.
        card.others.sort_by_key(place);
        if record.is_some() {
            let reckoned = std::mem::take(&mut card.lines);
            self.recorded(&mut card, record);
            for line in &mut card.lines {
                if let Some(found) = reckoned.iter().find(|found| found.office == line.office) {
                    (line.reason, line.money) = (found.reason.clone(), found.money.clone());
                }
            }
        }
        card
    }

    /// The winners of an award that are in the record.
    fn recorded(&self, card: &mut Card, record: Option<&Awards>) {
        let Some(awards) = record else { return };
        for won in awards.lines.iter().filter(|line| line.award == card.name) {
            let status = awards.status(&card.name, &won.office).unwrap_or_default();
            if status == "refused" {
                continue;
            }
            let mut line = self.line(won.office.as_str());
            line.place = won.place.map(|place| place.to_string()).unwrap_or_default();
            line.reason.clone_from(&won.reason);
            let (class, zh, en) = match status {
                "confirmed" => ("ok", "已确定", "confirmed"),
                "approved" => ("blue", "已审定", "approved"),
                _ => ("near", "已提出", "proposed"),
            };
            (line.class, line.status) = (class, self.eyes.t(zh, en).to_owned());
            card.lines.push(line);
        }
    }

    /// Those an award was refused, by whom and why.
    fn refused(&self, card: &mut Card) {
        let refused = self.record.map(|awards| &awards.refused).into_iter().flatten();
        for ((_, office), refused) in refused.filter(|((award, _), _)| *award == card.name) {
            let mut line = self.line(office.as_str());
            line.reason = match self.eyes.lang {
                Lang::Zh => format!("{}（{}，台账第 {} 条）", refused.why, refused.by, refused.number),
                Lang::En => format!("{} ({}, entry {})", refused.why, refused.by, refused.number),
            };
            line.is_refused = true;
            (line.class, line.status) = ("late", self.eyes.t("不授予", "refused").to_owned());
            card.lines.push(line);
        }
    }

    fn offices(&self) -> Vec<(String, String)> {
        let state = self.eyes.state();
        let assessed = state.in_order(state.assessed_by(self.wanted.scheme, self.eyes.viewer.today()));
        assessed.into_iter().map(|office| (office.to_string(), self.eyes.office(office))).collect()
    }

    fn objections(&self) -> Vec<Raised> {
        let about = |objection: &Objection| {
            let award = objection.award.as_ref();
            award.is_some_and(|(scheme, round, ..)| scheme == self.wanted.scheme && round == self.wanted.round)
        };
        let all = self.eyes.state().objections.iter().filter(|(_, objection)| about(objection));
        let seen = all.filter(|(id, _)| self.eyes.viewer.may_see(&Key::Objection((*id).clone())));
        let raised = |(id, objection): (&kaoping_office::ids::ObjectionId, &Objection)| {
            let award = objection.award.as_ref();
            let about = award.map(|(.., award, office)| format!("{award} · {}", self.eyes.office(office)));
            Raised {
                id: id.to_string(),
                text: format!("{}{}{}", self.eyes.office(&objection.office), self.eyes.t("：", ": "), objection.text),
                about: about.unwrap_or_default(),
                answer: objection.answered.as_ref().map(|(_, upheld, answer)| (*upheld, answer.clone())),
            }
        };
        seen.map(raised).collect()
    }

    /// Quotas of persons, and parts of funds: office by office.
    fn grids(&self) -> Vec<Grid> {
        let Some((scheme, lines)) = self.scheme() else { return Vec::new() };
        let quotas: Vec<&str> = scheme.quotas.iter().map(|quota| quota.name.as_str()).collect();
        let funds: Vec<&str> = scheme.distributions.iter().map(|fund| fund.name.as_str()).collect();
        let quota = grid(self, "名额", "Quotas of persons", &quotas, |visit| lines.quotas(visit));
        let fund = grid(self, "资金分配（元）", "Funds (yuan)", &funds, |visit| lines.shares(visit));
        quota.into_iter().chain(fund).collect()
    }
}

fn grid(
    sight: &Sight<'_, '_>,
    zh: &str,
    en: &str,
    names: &[&str],
    rows: impl FnOnce(&mut dyn FnMut(&[&str])),
) -> Option<Grid> {
    let heads: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut found: Vec<(String, Vec<(String, String)>)> = Vec::new();
    let mut header = true;
    rows(&mut |row| {
        let [name, unit, number] = row else { return };
        let at = names.iter().position(|known| known == name);
        let Some(at) = at.filter(|_| !std::mem::take(&mut header) && !number.is_empty() && *number != "0") else {
            return;
        };
        let office = sight.eyes.office(&OfficeId::from(*unit));
        let line = match found.iter().position(|(known, _)| *known == office) {
            Some(line) => line,
            None => {
                let empty = heads.iter().map(|head| (head.clone(), String::new())).collect();
                found.push((office, empty));
                found.len() - 1
            }
        };
        if let Some((_, cell)) = found.get_mut(line).and_then(|(_, cells)| cells.get_mut(at)) {
            (*number).clone_into(cell);
        }
    });
    (!found.is_empty()).then(|| Grid { name: sight.eyes.t(zh, en).to_owned(), heads, rows: found })
}

fn money(eyes: &Eyes<'_>, amount: &str) -> String {
    match eyes.lang {
        Lang::Zh => format!("{amount} 元"),
        Lang::En => format!("{amount} yuan"),
    }
}

/// How the winners of an award are found, in words.
fn rule(eyes: &Eyes<'_>, scheme: &Scheme, award: &Award) -> String {
    let zh = eyes.lang == Lang::Zh;
    let mut parts = vec![match &award.rule {
        AwardRule::Places { from, to, by_name, from_bottom, .. } => {
            let places = if from == to { to.to_string() } else { format!("{from}–{to}") };
            match (zh, from_bottom) {
                (true, false) => format!("按{by_name}取第 {places} 名"),
                (true, true) => format!("按{by_name}取倒数第 {places} 名"),
                (false, false) => format!("place {places} by {by_name}"),
                (false, true) => format!("place {places} from the bottom by {by_name}"),
            }
        }
        AwardRule::Everyone => eyes.t("凡符合条件的", "all who fulfil the condition").to_owned(),
        AwardRule::Judged { by, at_most } if zh => format!("由{by}评审，至多 {at_most} 个"),
        AwardRule::Judged { by, at_most } => format!("judged by {by}, at most {at_most}"),
        AwardRule::Unreadable => eyes.t("名额在原文里读不出来", "the number cannot be read in the source").to_owned(),
    }];
    if award.per_group {
        parts.push(eyes.t("同组分别取", "in each peer group").to_owned());
    }
    let excluded: Vec<&str> =
        award.excluding.iter().filter_map(|at| scheme.awards.get(*at)).map(|award| award.name.as_str()).collect();
    if !excluded.is_empty() {
        let names = excluded.join("、");
        parts.push(if zh {
            format!("已得“{names}”的不重复评，名次顺移")
        } else {
            format!("not to winners of `{names}`: places shift")
        });
    }
    for prize in &award.prizes {
        let amount = money(eyes, &prize.amount.to_string());
        parts.push(match (prize.places, zh) {
            (None, true) => format!("每个奖 {amount}"),
            (None, false) => format!("{amount} each"),
            (Some((from, to)), _) if from == to => format!("{from}: {amount}"),
            (Some((from, to)), _) => format!("{from}–{to}: {amount}"),
        });
    }
    parts.join(eyes.t("；", "; "))
}
