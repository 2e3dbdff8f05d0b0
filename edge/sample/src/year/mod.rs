//! The year, step by step.

mod begin;
mod end;
mod half;
mod last;
mod months;
mod targets;

use crate::{
    clock::Clock,
    figures::Book,
    offices::{Office, Person, offices, person},
    scene::{Done, Refused, Scene, Step},
};
use kaoping_desk::Desk;
use kaoping_office::{
    Act, Role,
    deeds::{
        collections::OpenCollection,
        reports::{ReviewReport, SignReport, SubmitReport},
    },
    ids::{CollectionId, FigureId},
    state::Standing,
};
use kaoping_terms::{Day, Text};

/// The scheme of last year.
pub(crate) const LAST: &str = "民生2025";

/// The scheme of this year.
pub const LIVELIHOOD: &str = "民生2026";

/// The scheme on employment, which shares figures with it.
pub const EMPLOYMENT: &str = "人社2026";

/// How far the year goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upto {
    /// To the middle of July: the half-year round is put down and not sealed.
    MidYear,
    /// To February of the next year: the results are published.
    YearEnd,
}

/// Goes through the year on an empty desk with that clock. The audience is told of each step when it is durable.
///
/// # Errors
/// A deed was refused.
pub fn year(desk: &Desk, clock: &Clock, key: &str, upto: Upto, audience: &mut dyn FnMut(&Step)) -> Result<(), Refused> {
    let mut year = Year {
        scene: Scene::new(desk, clock, audience),
        book: Book::read(),
        offices: offices(),
        office: person("kaoping"),
        group: person("lingdao"),
    };
    year.founded(key)?;
    year.people()?;
    year.figures()?;
    year.last_year()?;
    year.begun()?;
    year.first_half()?;
    year.half_year()?;
    match upto {
        Upto::MidYear => year.middle()?,
        Upto::YearEnd => {
            year.second_half()?;
            year.end()?;
        }
    }
    year.scene.finish()
}

/// The city and what is known of it.
pub(crate) struct Year<'a> {
    scene: Scene<'a>,
    book: Book,
    offices: Vec<Office>,
    /// The assessment office of the city.
    office: Person,
    /// The leading group.
    group: Person,
}

/// Month and day.
pub(crate) type Date = (i8, i8);

/// A day of 2026; months after the twelfth are those of the next year.
pub(crate) fn day(month: i8, day: i8) -> Day {
    if month > 12 { day_of(2027, month - 12, day) } else { day_of(2026, month, day) }
}

/// A day of another year.
pub(crate) fn day_of(year: i16, month: i8, day: i8) -> Day {
    Day::new(year, month, day).unwrap_or_else(|| unreachable!("the days of the sample are days"))
}

/// The assessment office, for the audience.
pub(crate) fn of_office() -> Text {
    Text::new("市考评办", "the assessment office")
}

/// All offices that report, for the audience.
pub(crate) fn of_counties() -> Text {
    Text::new("各县区", "counties and districts")
}

impl Year<'_> {
    /// Offices the city assesses.
    fn assessed(&self) -> Vec<Office> {
        self.offices.iter().filter(|office| office.is_assessed()).cloned().collect()
    }

    /// An office by its name.
    fn named(&self, id: &str) -> Option<Office> {
        self.offices.iter().find(|office| office.id == id).cloned()
    }

    /// Somebody of an office.
    fn of(&self, id: &str, role: Role) -> Person {
        self.named(id).map_or_else(|| person(id), |office| office.person(role))
    }

    /// A clerk fills a report in.
    fn submits(&mut self, collection: &str, office: &Office, figures: Vec<(FigureId, String)>) {
        let paper = self.scene.paper(&format!("{} {collection} 统计报表", office.id));
        let evidence = vec![paper];
        let standing = |(figure, value): (FigureId, String)| Standing {
            figure,
            value: value.into(),
            evidence: evidence.clone(),
            answer: "".into(),
        };
        self.submits_with(collection, office, figures.into_iter().map(standing).collect());
    }

    fn submits_with(&mut self, collection: &str, office: &Office, figures: Vec<Standing>) {
        let (collection, office_id) = (collection.into(), office.id.as_str().into());
        let report = SubmitReport { collection, office: office_id, figures: figures.into(), replaces: None };
        self.scene.does(&office.person(Role::Clerk), Act::SubmitReport(report));
    }

    /// The version of a report that was handed in anew: whoever looks through it says which it was.
    fn seen(&mut self, collection: &str, office: &Office) -> Option<u64> {
        let key = (CollectionId::from(collection), office.id.as_str().into());
        let was_sent_back =
            |state: &kaoping_office::State| state.reports.get(&key).is_some_and(|report| report.returned > 0);
        if !self.scene.read(was_sent_back) {
            return None;
        }
        self.scene.settle();
        self.scene.read(|state| state.reports.get(&key).and_then(|report| report.version()))
    }

    /// It is looked through.
    fn reviews(&mut self, collection: &str, office: &Office) {
        let seen = self.seen(collection, office);
        let review = ReviewReport { collection: collection.into(), office: office.id.as_str().into(), seen };
        self.scene.does(&office.person(Role::Reviewer), Act::ReviewReport(review));
    }

    /// It is signed.
    fn signs(&mut self, collection: &str, office: &Office) {
        let seen = self.seen(collection, office);
        let sign = SignReport { collection: collection.into(), office: office.id.as_str().into(), seen };
        self.scene.does(&office.person(Role::Signer), Act::SignReport(sign));
    }

    /// All three.
    fn reports(&mut self, collection: &str, office: &Office, figures: Vec<(FigureId, String)>) {
        self.submits(collection, office, figures);
        self.reviews(collection, office);
        self.signs(collection, office);
    }

    /// Asks figures of offices.
    fn asks(&mut self, who: &Person, asked: Asked<'_>) -> Done {
        let Asked { collection, title, scheme, period, figures, offices, from, working_days } = asked;
        let counted_in = (scheme == LIVELIHOOD).then(|| ("报送".to_owned(), "及时".to_owned()));
        let period = period.parse().unwrap_or(kaoping_office::period::Period::Year(2026));
        let act = OpenCollection {
            collection: CollectionId::from(collection),
            title: title.to_owned(),
            scheme: scheme.into(),
            period,
            figures,
            offices: offices.iter().map(|office| office.id.as_str().into()).collect(),
            from,
            working_days,
            grace_days: 0,
            counted_in,
        };
        self.scene.does(who, Act::OpenCollection(act));
        self.scene.wait()
    }
}

/// What is asked of offices.
pub(crate) struct Asked<'a> {
    collection: &'a str,
    title: &'a str,
    scheme: &'a str,
    period: &'a str,
    figures: Vec<FigureId>,
    offices: &'a [Office],
    from: Day,
    working_days: u16,
}
