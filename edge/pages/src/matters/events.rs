//! Events that rules count, and reports that came late.

use super::{Choice, Enter, Form, Matter, Wanted, entry, fits};
use crate::{Eyes, frame::encoded, may};
use kaoping_assess::explain::explain;
use kaoping_desk::scoring::Model;
use kaoping_office::{
    Act,
    deeds::{
        events::{EnterEvent, WithdrawEvent},
        objections::{About, Object},
    },
    ids::OfficeId,
    state::Event,
    tables::Key,
};
use kaoping_terms::Lang;
use std::collections::{BTreeMap, BTreeSet};

/// So many explanations are worked out for a page, no more.
const MOST_EXPLAINED: usize = 1200;

/// What events take or give, by table and id: indicator, points and remarks in words.
type Points = BTreeMap<(String, String), Vec<String>>;

fn points(eyes: &Eyes<'_>, model: &Model, offices: &BTreeSet<&OfficeId>) -> Points {
    let standard = &model.loaded.compiled.standard;
    let (mut points, mut counted) = (Points::new(), Points::new());
    let items = standard.schemes.iter().enumerate().flat_map(|(scheme, found)| {
        let counting =
            found.items.iter().enumerate().filter(|(_, item)| !item.adjustments.is_empty() || item.inputs.is_empty());
        counting.map(move |(item, _)| (scheme, item))
    });
    let items: Vec<(usize, usize)> = items.collect();
    let units = offices.iter().filter_map(|office| model.given.units.find(office.as_str()));
    let wanted = units.flat_map(|unit| items.iter().map(move |item| (unit, *item))).take(MOST_EXPLAINED);
    for (unit, (scheme, item)) in wanted {
        let given = model.given.of(standard);
        let Ok(found) = explain(given, model.round, unit, scheme, item, eyes.lang) else { continue };
        for line in &found.events {
            let said = match (&line.points, line.remark.is_empty()) {
                (Some(points), _) => format!("{} {points}", found.indicator_name),
                (None, false) if line.counts_in_formula => {
                    formula(eyes, &found.indicator_name, &line.remark, &found.score)
                }
                (None, false) => format!("{}{}{}", found.indicator_name, eyes.t("：", ": "), line.remark),
                (None, true) => continue,
            };
            let told = if line.points.is_some() || line.counts_in_formula { &mut counted } else { &mut points };
            told.entry((line.table.clone(), line.id.clone())).or_default().push(said);
        }
    }
    // Where some item counts an event, those that do not need not be told.
    for (key, said) in counted {
        points.insert(key, said);
    }
    points
}

pub(super) fn events(eyes: &Eyes<'_>, wanted: &Wanted<'_>, model: Option<&Model>) -> Vec<Matter> {
    let seen = |key: &(String, String)| eyes.viewer.may_see(&Key::Event(key.clone()));
    let entered = eyes.state().events.iter().map(|(key, event)| (key.clone(), event.clone()));
    // Late reports that a rule counts are events nobody entered.
    let by_rule = eyes.state().late_reports().into_iter();
    let by_rule =
        by_rule.filter_map(|key| Some((eyes.state().late_report(&key)?, key))).map(|(event, key)| (key, event));
    let seen: Vec<_> = entered.chain(by_rule).filter(|(key, _)| seen(key)).collect();
    let offices: BTreeSet<&OfficeId> = seen.iter().map(|(_, event)| &event.office).collect();
    let points = model.map(|model| points(eyes, model, &offices)).unwrap_or_default();
    let matters = seen.iter().filter(|(_, event)| fits(wanted, &event.office, is_open(eyes, event)));
    matters.map(|(key, event)| matter(eyes, wanted, (key, event), points.get(key))).collect()
}

/// Where the formula of an item counts an event, the points are those of the item.
fn formula(eyes: &Eyes<'_>, indicator: &str, remark: &str, score: &str) -> String {
    match eyes.lang {
        Lang::Zh => format!("{indicator}：{remark}，本项共 {score}"),
        Lang::En => format!("{indicator}: {remark}, {score} in all"),
    }
}

/// Why a scheme takes nothing for an event.
fn uncounted(eyes: &Eyes<'_>, wanted: &Wanted<'_>, table: &str, event: &Event) -> String {
    let scheme = wanted.scheme.and_then(|id| Some((id, eyes.state().schemes.get(id)?.outline()?)));
    let Some((id, outline)) = scheme.filter(|_| event.withdrawn.is_none()) else {
        return eyes.t("不扣分", "takes nothing").to_owned();
    };
    match (outline.events.iter().any(|known| known == table), eyes.lang) {
        (true, Lang::Zh) => format!("“{id}”不扣分"),
        (true, Lang::En) => format!("takes nothing under `{id}`"),
        (false, Lang::Zh) => format!("“{id}”没有这张事件表，不扣分"),
        (false, Lang::En) => format!("`{id}` does not count such events"),
    }
}

/// Whether something can still happen to it by itself: it stands, and the time to object runs.
fn is_open(eyes: &Eyes<'_>, event: &Event) -> bool {
    event.withdrawn.is_none() && event.objections_until.is_some_and(|until| eyes.viewer.today() <= until)
}

fn matter(
    eyes: &Eyes<'_>,
    wanted: &Wanted<'_>,
    (key, event): (&(String, String), &Event),
    points: Option<&Vec<String>>,
) -> Matter {
    let (table, id) = key;
    let open = is_open(eyes, event);
    let (tag, state) = match (event.withdrawn, open, event.objections_until) {
        (Some(day), ..) => ("", format!("{} {day}", eyes.t("已撤销", "withdrawn"))),
        (None, true, Some(until)) => ("near", format!("{} {until}", eyes.t("异议期到", "objections until"))),
        _ => ("late", eyes.t("有效", "stands").to_owned()),
    };
    let mut facts = vec![(word(eyes, "发生", "Happened"), event.day.to_string())];
    let columns: Vec<String> = event.columns.iter().map(|(name, value)| format!("{name} {value}")).collect();
    if !columns.is_empty() {
        facts.push((word(eyes, "内容", "Said of it"), columns.join("；")));
    }
    let counted = points.map(|points| points.join("；"));
    let counted = counted.unwrap_or_else(|| uncounted(eyes, wanted, table, event));
    facts.push((word(eyes, "按规则", "By rule"), counted));
    let mut links = vec![entry(eyes, event.number)];
    if let Some((collection, office)) = eyes.state().report_of(key) {
        let title = eyes.state().collections.get(collection).map_or("", |asked| asked.title.as_str());
        let said = match eyes.lang {
            Lang::Zh => format!("由程序按规则记入：{title} 迟报"),
            Lang::En => format!("entered by rule: {title} was reported late"),
        };
        facts.push((word(eyes, "来源", "Comes from"), said));
        links.push((report_path(collection.as_str(), office.as_str()), eyes.t("报表", "the report").to_owned()));
    }
    links.extend(objections(eyes, key));
    Matter {
        anchor: format!("event-{table}-{id}"),
        title: format!("{table} {id}"),
        office: eyes.office(&event.office),
        tag,
        state,
        open,
        facts,
        links,
        papers: event.evidence.clone(),
        form: form(eyes, key, event),
        number: event.number,
    }
}

/// What was objected to it.
fn objections(eyes: &Eyes<'_>, key: &(String, String)) -> impl Iterator<Item = (String, String)> {
    let objections = eyes.state().objections.iter().filter(|(id, objection)| {
        objection.event.as_ref() == Some(key) && eyes.viewer.may_see(&Key::Objection((*id).clone()))
    });
    objections.map(|(id, _)| (format!("#objection-{id}"), format!("{} {id}", eyes.t("异议", "objection"))))
}

/// A word of the program in the language of whoever looks.
fn word(eyes: &Eyes<'_>, zh: &'static str, en: &'static str) -> &'static str {
    if eyes.lang == Lang::Zh { zh } else { en }
}

fn form(eyes: &Eyes<'_>, (table, id): &(String, String), event: &Event) -> Option<Form> {
    if event.withdrawn.is_some() {
        return None;
    }
    let (table, id) = (table.clone(), id.clone());
    let withdraw = Act::WithdrawEvent(WithdrawEvent { table: table.clone(), id: id.clone() });
    if let Some(by) = may::as_whom(eyes, &withdraw) {
        return Some(Form::Withdraw { by, table, id });
    }
    let about = About::Event { table: table.clone(), id: id.clone() };
    let object = Object { objection: "异议".into(), office: event.office.clone(), about, answer_days: 5 };
    let by = may::as_whom(eyes, &Act::Object(object))?;
    // The id of a late report has a stroke in it, which no name has.
    let objection = format!("异议-{}-{}", id.replace('/', "-"), eyes.state().size);
    Some(Form::Object { by, table, objection, id })
}

fn report_path(collection: &str, office: &str) -> String {
    format!("/reports/{}/{}", encoded(collection), encoded(office))
}

pub(super) fn late(eyes: &Eyes<'_>, wanted: &Wanted<'_>) -> Vec<Matter> {
    let state = eyes.state();
    let late = state.reports.iter().filter(|(key, _)| {
        eyes.viewer.may_see(&Key::Report((*key).clone()))
            && fits(wanted, &key.1, false)
            && state.is_late(key) == Some(true)
    });
    late.filter_map(|(key, report)| {
        let collection = state.collections.get(&key.0)?;
        let signed = report.first_signed?;
        let late = -state.calendar.left(signed, collection.last);
        let by = match eyes.lang {
            Lang::Zh => format!("{signed}，迟 {late} 个工作日（期限 {}）", collection.last),
            Lang::En => format!("{signed}, {late} working days late (due {})", collection.last),
        };
        let counted = match &collection.counted_in {
            Some((table, column)) => format!("{table} · {column}"),
            None => eyes.t("只作记录，不计入事件", "noted, counted in no event table").to_owned(),
        };
        // Where a rule counts it, it is an event that nobody entered: it can be objected to and withdrawn as one.
        let event = collection.counted_in.as_ref().map(|(table, _)| (table.clone(), format!("{}/{}", key.0, key.1)));
        let by_rule = event.as_ref().and_then(|event| state.late_report(event));
        let form = event.as_ref().zip(by_rule).and_then(|(event, by_rule)| form(eyes, event, &by_rule));
        // Beside the events, it is there that something is done about it.
        let form = form.filter(|_| wanted.kind == "late");
        let mut links = vec![(report_path(key.0.as_str(), key.1.as_str()), eyes.t("报表", "the report").to_owned())];
        links.extend(event.iter().flat_map(|event| objections(eyes, event)));
        Some(Matter {
            anchor: format!("late-{}-{}", key.0, key.1),
            title: collection.title.clone(),
            office: eyes.office(&key.1),
            tag: "late",
            state: eyes.t("迟报", "late").to_owned(),
            open: false,
            facts: vec![(word(eyes, "签发", "Signed"), by), (word(eyes, "计入", "Counted in"), counted)],
            links,
            papers: Vec::new(),
            form,
            number: u64::try_from(signed.number()).unwrap_or_default(),
        })
    })
    .collect()
}

/// The form that enters an event, for those who may.
pub(super) fn enter(eyes: &Eyes<'_>, wanted: &Wanted<'_>, model: Option<&Model>) -> Option<Enter> {
    let scheme = wanted.scheme?;
    let outline = eyes.state().schemes.get(scheme)?.outline()?;
    let table = outline.events.iter().find(|table| *table == wanted.table).or(outline.events.first())?;
    let id = format!("{table}-{}", eyes.state().size);
    let day = eyes.viewer.today();
    let act = |office: &OfficeId| {
        Act::EnterEvent(EnterEvent {
            scheme: scheme.clone(),
            table: table.clone(),
            id: id.clone(),
            office: office.clone(),
            day,
            columns: BTreeMap::new(),
            objection_days: 0,
        })
    };
    let mut by = None;
    let there = eyes.state().offices_at(eyes.viewer.today()).map(|(office, _)| office);
    let offices = eyes.state().in_order(there.filter(|office| eyes.viewer.sees(office)));
    let offices: Vec<(String, String)> = offices
        .into_iter()
        .filter(|office| match may::as_whom(eyes, &act(office)) {
            Some(acting) => acting == *by.get_or_insert(acting.clone()),
            None => false,
        })
        .map(|office| (office.to_string(), eyes.office(office)))
        .collect();
    let tables = outline.events.iter().map(|other| Choice {
        path: format!("/matters?kind=events&scheme={}&table={}#enter", encoded(scheme.as_str()), encoded(other)),
        word: other.clone(),
        current: other == table,
    });
    Some(Enter {
        by: by?,
        scheme: scheme.to_string(),
        table: table.clone(),
        tables: tables.collect(),
        columns: columns(eyes, table, model),
        offices,
        id,
        today: eyes.viewer.today().iso(),
        chosen: !wanted.table.is_empty(),
    })
}

/// The columns a table declares, each with what was put there before; where the standard cannot be read, those that
/// were used.
fn columns(eyes: &Eyes<'_>, table: &str, model: Option<&Model>) -> Vec<(String, Vec<String>)> {
    let used = eyes.state().events.iter().filter(|((of, _), _)| of == table).flat_map(|(_, event)| &event.columns);
    let mut before: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, value) in used {
        before.entry(name).or_default().insert(value);
    }
    let standard = model.map(|model| &model.loaded.compiled.standard);
    let declared = standard.and_then(|standard| standard.events.iter().find(|found| found.name == table));
    let names: Vec<&str> = match declared {
        Some(declared) => declared.columns.iter().map(|(name, ..)| name.as_str()).collect(),
        None => before.keys().copied().collect(),
    };
    let values = |name: &str| before.get(name).into_iter().flatten().map(|value| (*value).to_owned()).collect();
    names.into_iter().map(|name| (name.to_owned(), values(name))).collect()
}
