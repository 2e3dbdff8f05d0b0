//! Which column of a table is which figure, and what comes out.

use crate::binding_findings as findings;
use kaoping_decide::{Decider, Field};
use kaoping_sheets::{Header, SheetRows, header::fold};
use kaoping_terms::Report;

/// Which column of a table is which figure, and what comes out of a row.
#[derive(Clone, Debug)]
pub struct Binding {
    /// For each field its column; none where it is not there and has a default.
    pub fields: Vec<Option<usize>>,
    /// What comes out, in order.
    pub picks: Vec<Pick>,
    /// What each is called.
    heads: Vec<String>,
    /// Whether every column is kept, in its order, before the results.
    pub(crate) whole: bool,
}

/// A column of the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pick {
    /// One of the table, as it stands.
    Kept(usize),
    /// A result of the decision, its words as the policy has them or as their codes.
    Result {
        /// Its position.
        at: usize,
        /// Whether by its code.
        coded: bool,
    },
}

impl Binding {
    /// Finds the columns of a decision in a table. `select` names what is to come out; none: every
    /// column, and behind them every result, by its name where the table calls every figure by its
    /// name, else by its alias. A result that goes by its name has words, by its alias codes.
    ///
    /// # Errors
    /// Columns that are not there or stand there twice, results called like a column, names that
    /// are neither or are named twice.
    pub fn new(decider: &Decider<'_>, header: &Header, select: Option<&[String]>) -> Result<Binding, Report> {
        let mut report = Report::new();
        let fields: Vec<Option<usize>> =
            decider.fields().iter().map(|field| column_of(field, header, &mut report)).collect();
        let named: Vec<(Pick, String)> = match select {
            Some(names) => {
                let folded: Vec<String> = names.iter().map(|name| fold(name)).collect();
                for (at, name) in names.iter().enumerate() {
                    let before = folded.iter().take(at).filter(|other| **other == fold(name)).count();
                    if before == 1 {
                        report.push(findings::select_twice(name.trim()));
                    }
                }
                names.iter().filter_map(|name| pick(name, decider, header, &mut report)).collect()
            }
            None => everything(decider, header, by_names(decider, header), &mut report),
        };
        if report.has_errors() {
            return Err(report);
        }
        let (picks, heads) = named.into_iter().unzip();
        Ok(Binding { fields, picks, heads, whole: select.is_none() })
    }

    /// What the columns of the result are called.
    pub fn heads(&self) -> &[String] {
        &self.heads
    }

    /// The row they are the cells of.
    pub fn head_row(&self) -> Vec<u8> {
        let mut head = SheetRows::default();
        self.heads.iter().for_each(|name| head.text(name));
        head.end_row();
        head.into_bytes()
    }
}

/// Where a name stands in a header, as it is written there.
fn places(name: &str, header: &Header) -> Vec<usize> {
    let wanted = fold(name);
    let same = |(at, column): (usize, &kaoping_sheets::Column)| (column.folded == wanted).then_some(at);
    header.columns().iter().enumerate().filter_map(same).collect()
}

fn column_of(field: &Field, header: &Header, report: &mut Report) -> Option<usize> {
    let mut found = places(&field.name, header);
    found.extend(field.alias.iter().flat_map(|alias| places(alias, header)));
    match found[..] {
        [] => {
            if !field.has_default && !field.is_text() {
                report.push(findings::column_missing(field, header));
            }
            None
        }
        [column] => Some(column),
        [column, ..] => {
            report.push(findings::column_twice(field));
            Some(column)
        }
    }
}

/// Whether the table calls every figure by its name, none by its alias.
fn by_names(decider: &Decider<'_>, header: &Header) -> bool {
    let mut found = decider.fields().iter().filter(|field| !places(&field.name, header).is_empty()).peekable();
    let aliased = |field: &Field| field.alias.as_ref().is_some_and(|alias| !places(alias, header).is_empty());
    found.peek().is_some() && !decider.fields().iter().any(aliased)
}

fn pick(name: &str, decider: &Decider<'_>, header: &Header, report: &mut Report) -> Option<(Pick, String)> {
    let wanted = fold(name);
    let is_it = |name: &str| fold(name) == wanted;
    let results = decider.results();
    let result = results.iter().enumerate().find_map(|(at, result)| {
        let coded = result.alias.as_deref().is_some_and(is_it);
        (coded || is_it(&result.name)).then_some(Pick::Result { at, coded })
    });
    let field = decider.fields().iter().find(|field| is_it(&field.name) || field.alias.as_deref().is_some_and(is_it));
    let kept = || {
        let own = places(name, header).first().copied();
        own.or_else(|| {
            let other = |name: &String| places(name, header).first().copied();
            field.and_then(|field| other(&field.name).or_else(|| field.alias.as_ref().and_then(other)))
        })
    };
    let found = result.or_else(|| kept().map(Pick::Kept));
    if found.is_none() {
        report.push(findings::select_unknown(name, decider, header));
    }
    Some((found?, name.trim().to_owned()))
}

fn everything(decider: &Decider<'_>, header: &Header, by_names: bool, report: &mut Report) -> Vec<(Pick, String)> {
    let kept = header.columns().iter().enumerate().map(|(at, column)| (Pick::Kept(at), column.written.clone()));
    let mut all: Vec<(Pick, String)> = kept.collect();
    for (at, result) in decider.results().iter().enumerate() {
        let head = if by_names { &result.name } else { result.head() };
        if !places(head, header).is_empty() {
            report.push(findings::result_taken(head));
        }
        all.push((Pick::Result { at, coded: !by_names }, head.to_owned()));
    }
    all
}
