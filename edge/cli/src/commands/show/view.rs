//! A standard beside the text it was compiled from: numbers come from the one, the words of
//! conditions from the other.

use kaoping_program::{ColumnId, Kind, Ties};
use kaoping_scheme::{
    Policy, Standard,
    check::{SchemeRanges, ranges},
    model::{ChoiceMade, Input, Item, LastPlaceTies, MissingPolicy},
    read::{SchemeText, With},
};
use kaoping_syntax::ast::{Authority, BodyKind, Literal, Name, Once, RoundingChoice, SettingKind, Suffix};
use kaoping_terms::{Exact, Lang, Measure, Place, Report, Rounding, Text};

/// What `show` looks at.
pub(super) struct View<'a> {
    pub(super) policy: &'a Policy,
    pub(super) standard: &'a Standard,
    pub(super) lang: Lang,
    /// What can be attained, by scheme.
    ranges: Vec<SchemeRanges>,
}

/// A matter that counts once though several lines would count it.
pub(super) struct Matter {
    pub(super) tables: Vec<String>,
    /// The column whose equal values make one matter.
    pub(super) column: Option<String>,
    pub(super) items: Vec<String>,
    /// Whether the line with the most points goes first.
    pub(super) highest: bool,
    pub(super) clause: Option<String>,
}

/// A figure for people and for machines.
pub(super) struct Figure {
    /// The exact number in base units: digits, or a fraction where they have no end.
    pub(super) value: String,
    /// Its unit; empty for a plain number, `%` for a ratio.
    pub(super) unit: String,
    /// As people write it: `5,000 人`, `2%`.
    pub(super) shown: String,
}

/// A word people read, and the word of the English language of policies for machines.
pub(super) type Named = (Text, &'static str);

impl<'a> View<'a> {
    pub(super) fn new(policy: &'a Policy, standard: &'a Standard, lang: Lang) -> Self {
        Self { policy, standard, lang, ranges: ranges(standard) }
    }

    /// The words in the reader's language.
    pub(super) fn words(&self, zh: &str, en: &str) -> String {
        match self.lang {
            Lang::Zh => zh.to_owned(),
            Lang::En => en.to_owned(),
        }
    }

    /// What the policy says at a place, on one line.
    pub(super) fn said(&self, place: Place) -> String {
        let text = self.policy.sources.text_at(place);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The text of a scheme.
    pub(super) fn text(&self, scheme: usize) -> Option<&'a SchemeText> {
        self.policy.schemes.get(scheme)
    }

    /// What a scheme counts once.
    pub(super) fn matters(&self, scheme: usize) -> Vec<Matter> {
        let words = |names: &[Name]| names.iter().map(|name| name.text.clone()).collect::<Vec<_>>();
        let listed = self.text(scheme).map(|text| text.once.as_slice()).unwrap_or_default();
        let matter = |once: &With<Once>| Matter {
            tables: words(&once.it.tables),
            column: once.it.matter.as_ref().map(|name| name.text.clone()),
            items: words(&once.it.items),
            highest: once.it.highest,
            clause: once.authority.iter().find_map(|authority| match authority {
                Authority::Clause(clause) => Some(clause.text.trim().to_owned()),
                _ => None,
            }),
        };
        listed.iter().map(matter).collect()
    }

    /// The first setting of a scheme that `find` knows.
    pub(super) fn setting<T>(&self, scheme: usize, find: impl Fn(&'a SettingKind) -> Option<T>) -> Option<T> {
        let settings = &self.text(scheme)?.scheme.settings;
        settings.iter().find_map(|setting| find(&setting.kind))
    }

    /// A figure with its unit.
    pub(super) fn figure(&self, number: &Exact, measure: &Measure) -> Figure {
        let unit = if measure.is_anonymous() { String::new() } else { measure.symbol() };
        let shown = if measure.is_ratio() {
            format!("{}%", (number * &Exact::whole(100)).to_grouped())
        } else if unit.is_empty() {
            number.to_grouped()
        } else {
            measure.figure(number)
        };
        Figure { value: measure.count(number).to_string(), unit, shown }
    }

    /// A figure as it stands in the policy.
    pub(super) fn literal(&self, literal: &Literal) -> Option<Figure> {
        let nouns = &self.standard.nouns;
        let value = kaoping_rules::literal::value(literal, nouns, &mut Report::new())?;
        let figure = self.figure(&value.number?, &value.measure);
        Some(match literal.suffix {
            // A difference of ratios is not a ratio: 0.2 个百分点 less is not 0.2% less.
            Suffix::PercentagePoints => {
                let points = figure.shown.trim_end_matches('%');
                let shown = format!("{points} {}", self.words("个百分点", "percentage points"));
                Figure { shown, ..figure }
            }
            _ => figure,
        })
    }

    /// What a rounding declares: `0.01 四舍五入`; none where nothing is said.
    pub(super) fn declared(&self, choice: &RoundingChoice) -> (Option<String>, Named) {
        match choice {
            RoundingChoice::None => (None, (Text::new("不取整", "unrounded"), "unrounded")),
            RoundingChoice::To(step, mode) => (self.literal(step).map(|figure| figure.value), rounding(*mode)),
        }
    }

    /// Choices that were made for an item where its rule leaves them open.
    pub(super) fn choices_of(&self, item: &Item) -> impl Iterator<Item = &'a ChoiceMade> {
        let name = item.name.clone();
        let of_item =
            move |choice: &&ChoiceMade| choice.item.as_deref() == Some(name.as_str()) && !choice.name.is_empty();
        self.standard.choices.iter().filter(of_item)
    }

    /// What the values of a column are, in words.
    pub(super) fn kind(&self, column: ColumnId) -> String {
        let Some(spec) = self.standard.program.columns.get(column.0 as usize) else {
            return String::new();
        };
        self.kind_in_words(&spec.kind)
    }

    /// What values of a kind are, in words.
    pub(super) fn kind_in_words(&self, kind: &Kind) -> String {
        match kind {
            Kind::Number(measure) if measure.is_anonymous() => self.words("量", "quantity"),
            Kind::Number(measure) if measure.symbol().is_empty() => self.words("数", "number"),
            Kind::Number(measure) => measure.symbol(),
            Kind::Truth => self.words("是否", "yes or no"),
            Kind::Day => self.words("日期", "date"),
            Kind::Text => self.words("文字", "text"),
            Kind::Word(list) => {
                let list = self.standard.program.word_lists.get(list.0 as usize);
                let words = list.map(|list| list.words.iter()).into_iter().flatten();
                let words = words.map(|(word, code)| match code {
                    Some(code) => format!("{word}={code}"),
                    None => word.clone(),
                });
                words.collect::<Vec<_>>().join(" | ")
            }
        }
    }

    /// The unit of an input: its noun, else what its values are.
    pub(super) fn unit(&self, input: &Input) -> String {
        match &input.measure {
            Some(measure) if measure.is_anonymous() => String::new(),
            Some(measure) => measure.symbol(),
            None => self.kind(input.column),
        }
    }

    /// A 扣 or 加 line as the policy says it, without what it rests on.
    pub(super) fn adjustment(&self, place: Place) -> String {
        let items = self.policy.schemes.iter().flat_map(|scheme| &scheme.items);
        let mut lines = items.flat_map(|item| &item.item.body);
        let end = lines.find(|line| line.place == place).and_then(|line| match &line.kind {
            BodyKind::Adjust(it) => Some(it.at_most.as_ref().unwrap_or(&it.points).place.end),
            _ => None,
        });
        let end = end.unwrap_or(place.end);
        self.said(Place { end, ..place })
    }

    /// The condition of a veto as the policy says it.
    pub(super) fn veto_condition(&self, scheme: usize, name: &str) -> String {
        let Some(text) = self.text(scheme) else {
            return String::new();
        };
        let of_scheme = text.vetoes.iter().map(|veto| &veto.it);
        let of_items = text.items.iter().flat_map(|item| &item.item.body);
        let of_items = of_items.filter_map(|line| match &line.kind {
            BodyKind::Veto(veto) => Some(veto),
            _ => None,
        });
        of_scheme
            .chain(of_items)
            .find(|veto| veto.name.text == name)
            .map(|veto| self.said(veto.when.place))
            .unwrap_or_default()
    }

    /// What the items, blocks and the total of a scheme can come to.
    pub(super) fn ranges_of(&self, scheme: usize) -> SchemeRanges {
        self.ranges.get(scheme).cloned().unwrap_or_default()
    }
}

/// A rounding.
pub(super) fn rounding(mode: Rounding) -> Named {
    match mode {
        Rounding::HalfUp => (Text::new("四舍五入", "half up"), "half_up"),
        Rounding::HalfEven => (Text::new("五成双", "half to even"), "half_even"),
        Rounding::Down => (Text::new("去尾", "down"), "down"),
        Rounding::Up => (Text::new("进一", "up"), "up"),
    }
}

/// How equal units share places.
pub(super) fn ties(ties: Ties) -> Named {
    match ties {
        Ties::Skip => (Text::new("并列占位（1、2、2、4）", "ties leave places free (1, 2, 2, 4)"), "ties_skip"),
        Ties::Dense => (Text::new("并列不占位（1、2、2、3）", "ties leave no gap (1, 2, 2, 3)"), "ties_dense"),
    }
}

/// How a value not reported is treated.
pub(super) fn missing(policy: MissingPolicy) -> Named {
    match policy {
        MissingPolicy::Pending => {
            (Text::new("暂缺，不出得分、总分和名次", "deferred: no points, no total, no place"), "deferred")
        }
        MissingPolicy::Zero => (Text::new("零分：该项不得分", "zero points for the item"), "zero_points"),
        MissingPolicy::Lowest => {
            (Text::new("最低：该项得最低分", "the least points the item can give"), "lowest_points")
        }
        MissingPolicy::Return => {
            (Text::new("退回：退给报送单位，报齐再定", "returned to the unit until it is reported"), "returned")
        }
    }
}

/// What happens when the last place of an award is shared.
pub(super) fn last_place(ties: LastPlaceTies) -> Named {
    match ties {
        LastPlaceTies::TakeAll => (Text::new("末位并列的都取", "all who share the last place are taken"), "take_all"),
        LastPlaceTies::TakeNone => {
            (Text::new("末位并列的都不取", "none who share the last place is taken"), "drop_all")
        }
        LastPlaceTies::Decide => {
            (Text::new("末位并列的由人来定", "a person decides among those who share the last place"), "by_hand")
        }
    }
}
