//! Whether values fit what they are for: the card of a figure, and every input it goes into.

use super::{State, Times, Version};
use crate::{
    ids::{FigureId, IndicatorId, OfficeId, SchemeId},
    outline::{Beside, Field, Indicator, Outline},
    period::Period,
    refusal,
    takes::{Amount, Takes, refused},
};
use alloc::{borrow::Cow, collections::BTreeMap, format, string::String, vec::Vec};
use kaoping_terms::{Diagnostic, Exact, Text};

/// An input of a scheme.
pub(crate) type Input<'a> = (&'a SchemeId, &'a Indicator, &'a Field);

/// The schemes that figures of a period can serve.
pub(crate) struct Served<'a> {
    period: Period,
    schemes: Vec<(&'a SchemeId, &'a Version, Times<'a>)>,
}

impl<'a> Served<'a> {
    /// Whether any input goes no further than another one.
    pub(crate) fn has_bounds(&self) -> bool {
        self.schemes.iter().any(|(_, version, _)| version.bounds)
    }

    /// The inputs a figure goes into.
    pub(crate) fn inputs<'s>(&'s self, figure: &'s FigureId) -> impl Iterator<Item = Input<'a>> + 's {
        self.schemes.iter().flat_map(move |(scheme, version, times)| {
            let places = version.inputs.get(figure).map(Vec::as_slice).unwrap_or_default();
            places.iter().filter_map(|(at, place)| {
                let indicator = version.outline.indicators.get(*at)?;
                let field = indicator.fields.get(*place)?;
                times.takes(field, figure, self.period).then_some((*scheme, indicator, field))
            })
        })
    }
}

/// Values with their offices, by indicator and input.
type Written<'a> = BTreeMap<(&'a IndicatorId, &'a str), Vec<(&'a OfficeId, &'a str)>>;

/// Whose value of which input.
fn whose(office: &OfficeId, indicator: &Indicator, field: &Field) -> Text {
    let (indicator, field) = (&indicator.id, &field.name);
    Text::new(format!("“{office}”的“{indicator}/{field}”"), format!("`{indicator}/{field}` of `{office}`"))
}

impl State {
    /// The inputs that figures of a period go into: those of every scheme that takes figures of it.
    pub(crate) fn served(&self, period: Period) -> Served<'_> {
        let found = self.schemes.iter().filter_map(|(scheme, found)| {
            let version = found.versions.last()?;
            let times = self.times(scheme, &version.outline);
            times.has(period).then_some((scheme, version, times))
        });
        Served { period, schemes: found.collect() }
    }

    /// The unit of an input's numbers. Where the standard leaves it open, it is that of the figure that goes into it, or
    /// into another input of the same unit.
    fn unit_taken<'a>(&'a self, indicator: &Indicator, amount: &'a Amount) -> &'a str {
        let Some(like) = &amount.like else { return &amount.unit };
        let is_like = |other: &&Field| matches!(&other.takes, Takes::Number(of) if of.like.as_ref() == Some(like));
        let figures = indicator.fields.iter().filter(is_like).filter_map(|field| field.figure.as_ref());
        let mut units = figures.filter_map(|figure| self.cards.get(figure)?.unit());
        units.next().unwrap_or(&amount.unit)
    }

    /// What an input takes, its unit with it.
    fn taken<'a>(&self, indicator: &Indicator, field: &'a Field) -> Cow<'a, Takes> {
        match &field.takes {
            Takes::Number(amount) => match self.unit_taken(indicator, amount) {
                unit if unit == amount.unit => Cow::Borrowed(&field.takes),
                unit => Cow::Owned(Takes::Number(amount.in_unit(unit.into()))),
            },
            takes => Cow::Borrowed(takes),
        }
    }

    /// The unit an input takes its numbers in; `None` where it takes none, or its unit is open.
    pub(crate) fn unit_of<'a>(&'a self, indicator: &Indicator, field: &'a Field) -> Option<&'a str> {
        let Takes::Number(amount) = &field.takes else { return None };
        let unit = self.unit_taken(indicator, amount);
        (amount.like.is_none() || !unit.is_empty()).then_some(unit)
    }

    /// The number a value of an input is; `None` where it is none.
    pub(crate) fn number_in_input(&self, (indicator, field): (&Indicator, &Field), value: &str) -> Option<Exact> {
        match &*self.taken(indicator, field) {
            // Nothing is known of the input: a number is what is written as one.
            Takes::Text => kaoping_terms::figure::parse(value).ok().map(|read| read.value),
            takes => takes.number(value),
        }
    }

    /// Why a value of an input cannot be scored; `None` where it can.
    pub(crate) fn input_refuses(
        &self,
        scheme: &SchemeId,
        (indicator, field): (&Indicator, &Field),
        office: &OfficeId,
        value: &str,
    ) -> Option<Diagnostic> {
        let takes = self.taken(indicator, field);
        let whose = whose(office, indicator, field);
        match &*takes {
            Takes::Number(amount @ Amount { like: Some(like), .. }) if amount.unit.is_empty() => {
                let unit = self.written_unit(scheme, indicator, like);
                let closed = unit.map(|unit| Takes::Number(Amount { like: None, ..amount.in_unit(unit) }));
                closed.as_ref().unwrap_or(&takes).refuses(&whose, value)
            }
            takes => takes.refuses(&whose, value),
        }
    }

    /// The unit that values of inputs of a like unit were written in so far: they do not mix.
    fn written_unit(&self, scheme: &SchemeId, indicator: &Indicator, like: &str) -> Option<String> {
        let is_like = |name: &String| {
            let mut fields = indicator.fields.iter().filter(|field| field.name == *name);
            fields.any(|field| matches!(&field.takes, Takes::Number(of) if of.like.as_deref() == Some(like)))
        };
        let begins = (scheme.clone(), OfficeId::least(), IndicatorId::least(), String::new());
        let given = self.targets.range(begins..).take_while(|((of, ..), _)| of == scheme);
        let given = given.filter(|((_, _, at, name), _)| *at == indicator.id && is_like(name));
        let given = given.map(|(_, target)| target.value.as_str());
        let judged = self.judged_in(scheme).filter(|((_, _, _, at, name), _)| *at == indicator.id && is_like(name));
        let judged = judged.filter_map(|(_, assessed)| Some(assessed.last()?.1.value.as_str()));
        let mut written = given.chain(judged).filter_map(|value| kaoping_terms::figure::parse(value).ok());
        // 0 and 1 stand alone in any unit.
        written
            .find(|read| !read.unit.is_empty() || !read.value.is_zero() && read.value != Exact::one())
            .map(|read| read.unit)
    }

    /// Why a reported value cannot be used: it is none of its figure, or of an input the figure goes into.
    pub(crate) fn figure_refuses(
        &self,
        served: &Served<'_>,
        office: &OfficeId,
        figure: &FigureId,
        value: &str,
    ) -> Option<Diagnostic> {
        let card = self.cards.get(figure)?;
        let own = card.in_own_unit(value);
        let (written, value) = (value, own.as_deref().unwrap_or(value));
        let refused = |(why, next): (Text, Text)| {
            let why = match &own {
                Some(own) => Text::new(format!("换算成 {own}；{}", why.zh), format!("that is {own}; {}", why.en)),
                None => why,
            };
            card.refused(office, written, (why, next))
        };
        let number = match card.read(value) {
            Ok(number) => number,
            Err(unfit) => return Some(refused(unfit)),
        };
        served.inputs(figure).find_map(|(scheme, indicator, field)| {
            // A number in the unit of the input need not be read again.
            if let (Some(number), Takes::Number(amount)) = (&number, &field.takes)
                && card.unit() == Some(self.unit_taken(indicator, amount))
                && amount.outside(number).is_none()
            {
                return None;
            }
            let (why, next) = self.taken(indicator, field).against(value)?;
            let (indicator, field) = (&indicator.id, &field.name);
            let why = Text::new(
                format!("它用于“{scheme}”的“{indicator}/{field}”，{}", why.zh),
                format!("it goes into `{indicator}/{field}` of `{scheme}`: {}", why.en),
            );
            Some(refused((why, next)))
        })
    }

    /// Inputs of an indicator that go beyond another one they are part of, where one of the two is changed.
    pub(crate) fn beyond(
        &self,
        indicator: &Indicator,
        office: &OfficeId,
        value: &dyn Fn(&Field) -> Option<String>,
        is_changed: &dyn Fn(&Field) -> bool,
    ) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for field in indicator.fields.iter().filter(|field| !field.by_assessor) {
            for Beside { how, field: other } in &field.beside {
                let Some(other) = indicator.fields.iter().find(|known| known.name == *other) else { continue };
                if !is_changed(field) && !is_changed(other) {
                    continue;
                }
                let Some((one, limit)) = value(field).zip(value(other)) else { continue };
                let (own, others) = (self.taken(indicator, field), self.taken(indicator, other));
                let (Some(number), Some(end)) = (own.number(&one), others.number_in(&limit, &own)) else { continue };
                let holds = match how.as_str() {
                    "<" => number < end,
                    "<=" => number <= end,
                    ">" => number > end,
                    ">=" => number >= end,
                    _ => true,
                };
                if !holds {
                    let whose = whose(office, indicator, field);
                    let other = &other.name;
                    let why = Text::new(
                        format!("要 {how} “{other}”，它是 {limit}"),
                        format!("it has to be {how} `{other}`, which is {limit}"),
                    );
                    let next = Text::new("核对这两个数", "look at both numbers");
                    found.push(refused(&whose, &one, (why, next)));
                }
            }
        }
        found
    }

    /// What was reported, handed down or assessed and does not fit another outline of the scheme: one finding an input.
    pub(crate) fn unfit_for(&self, scheme: &SchemeId, outline: &Outline) -> Vec<Diagnostic> {
        let times = self.times(scheme, outline);
        let written = self.written_in(scheme);
        let mut found = Vec::new();
        for indicator in &outline.indicators {
            for field in &indicator.fields {
                let takes = self.taken(indicator, field);
                if *takes == Takes::Text {
                    continue;
                }
                let figure = field.figure.iter();
                let times = &times;
                let cells = figure.flat_map(|figure| {
                    self.offices.keys().flat_map(move |office| {
                        let taken = self.taken_of(office, (field, figure), times);
                        taken.into_iter().map(move |(_, cell)| (office, cell))
                    })
                });
                let reported = cells.map(|(office, cell)| (office, cell.value.as_str()));
                let others = written.get(&(&indicator.id, field.name.as_str())).into_iter().flatten().copied();
                let refuses =
                    |(office, value): (&OfficeId, &str)| takes.refuses(&whose(office, indicator, field), value);
                let mut unfit = reported.chain(others).filter_map(refuses);
                if let Some(first) = unfit.next() {
                    found.push(left(first, unfit.count()));
                }
            }
        }
        found
    }

    /// Targets of a scheme, and values of its rounds that are not sealed.
    fn written_in<'a>(&'a self, scheme: &SchemeId) -> Written<'a> {
        let is_open = |round: &String| {
            let results = self.results.get(&(scheme.clone(), round.clone()));
            results.is_none_or(|results| results.sealed_by.is_none())
        };
        let mut written = Written::new();
        for ((_, office, indicator, field), target) in self.targets.iter().filter(|((of, ..), _)| of == scheme) {
            written.entry((indicator, field)).or_default().push((office, &target.value));
        }
        for ((_, _, office, indicator, field), assessed) in
            self.judged_in(scheme).filter(|((_, round, ..), _)| is_open(round))
        {
            let values = assessed.values.values().map(|judged| (office, judged.value.as_str()));
            written.entry((indicator, field)).or_default().extend(values);
        }
        written
    }
}

/// A value that is there and does not fit any more.
pub(crate) fn left(first: Diagnostic, more: usize) -> Diagnostic {
    let (zh, en) = match more {
        0 => Default::default(),
        more => (format!("；这样的还有 {more} 个"), format!("; {more} more like it")),
    };
    Diagnostic::warning(
        "value-left-outside",
        Text::new(
            format!("台账里的值不合新的规定：{}{zh}", first.message.zh),
            format!("a value of the record does not fit: {}{en}", first.message.en),
        ),
    )
    .why(Text::new(
        format!("{}；不改，这个方案就算不出分", first.why.zh),
        format!("{}; until it is mended the scheme cannot be scored", first.why.en),
    ))
    .next(Text::new("更正这些值，或改办法写的范围", "correct the values, or amend the range of the scheme"))
}

impl Takes {
    /// The number a value is; `None` where it is none.
    pub(crate) fn number(&self, value: &str) -> Option<Exact> {
        match self {
            Self::Number(amount) => amount.number(value).ok(),
            _ => None,
        }
    }

    /// The same in the unit of another.
    fn number_in(&self, value: &str, other: &Self) -> Option<Exact> {
        let (Self::Number(own), Self::Number(other)) = (self, other) else { return None };
        let number = own.number(value).ok()?;
        if own.unit == other.unit {
            return Some(number);
        }
        other.number(&format!("{}{}", number.to_plain(0)?, own.unit)).ok()
    }

    /// Why a figure cannot go into an input: their kinds, units or words are others; `None` where it can.
    pub(crate) fn unlike(&self, input: &Self) -> Option<(Text, Text)> {
        let is_served = match (self, input) {
            (_, Self::Text) | (Self::YesNo, Self::YesNo) | (Self::Day, Self::Day) => true,
            (Self::Number(own), Self::Number(input)) => {
                let same = |(unit, factor): &(String, String)| *unit == own.unit && factor == "1";
                let open = input.like.is_some() && input.unit.is_empty();
                open || own.unit == input.unit || input.also.iter().any(same)
            }
            (Self::Words(own), Self::Words(input)) => own.iter().all(|word| {
                input.iter().any(|known| known.word == word.word || known.code.as_deref() == Some(&word.word))
            }),
            _ => false,
        };
        (!is_served).then(|| (self.word(), input.word()))
    }
}

impl Amount {
    /// The same in a unit that the standard leaves open.
    fn in_unit(&self, unit: String) -> Self {
        Self { unit, ..self.clone() }
    }
}

/// A value of a figure that is there and that an input does not take.
pub(crate) fn reported_before(figure: &str, period: Period, refused: Diagnostic) -> Diagnostic {
    refusal::unfit(
        Text::new(
            format!("{period} 已报的“{figure}”用不上：{}", refused.message.zh),
            format!("`{figure}` of {period}, reported already, cannot be used: {}", refused.message.en),
        ),
        refused.why,
        Text::new("先请填报单位更正这个数", "have the office correct the figure first"),
    )
}
