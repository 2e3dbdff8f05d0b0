//! The words a statement rests on, found from a place in its text.

use super::{Policy, SchemeText};
use alloc::vec::Vec;
use kaoping_syntax::ast::{Authority, BodyKind, BodyLine, Quoted};
use kaoping_terms::{Place, Quote, Report};

/// The clauses a statement names, with their places.
pub(crate) fn clauses_quoted(authority: &[Authority]) -> impl Iterator<Item = &Quoted> {
    authority.iter().filter_map(|authority| match authority {
        Authority::Clause(clause) => Some(clause),
        _ => None,
    })
}

/// A stretch of text with what it rests on, its own first.
type Stretch<'a> = (Place, Vec<&'a [Authority]>);

fn holds(outer: Place, inner: Place) -> bool {
    outer.file == inner.file && outer.start <= inner.start && inner.end <= outer.end
}

impl Policy {
    /// The words of the clause that the line at a place rests on, or the part it stands in.
    pub(crate) fn quote_at(&self, place: Place) -> Option<Quote> {
        self.quote_of_line(place).or_else(|| {
            let mut around: Vec<Stretch<'_>> = Vec::new();
            for scheme in &self.schemes {
                parts(scheme, &mut around);
            }
            around.extend(self.rules.iter().map(|part| (part.place, [part.authority.as_slice()].into())));
            around.extend(self.decisions.iter().map(|part| (part.place, [part.authority.as_slice()].into())));
            around.extend(self.events.iter().map(|part| (part.place, [part.authority.as_slice()].into())));
            around.extend(self.attributes.iter().map(|part| (part.place, [part.authority.as_slice()].into())));
            around.extend(self.corrections.iter().map(|part| (part.place, [part.authority.as_slice()].into())));
            around.retain(|(stretch, _)| holds(*stretch, place));
            // The statement itself rather than the part it stands in.
            around.sort_by_key(|(stretch, _)| stretch.end.saturating_sub(stretch.start));
            let own = around.into_iter().flat_map(|(_, authorities)| authorities).find_map(|own| self.quote_of(own));
            own.or_else(|| {
                let row = self.parameters.rows.iter().find(|row| holds(row.place, place))?;
                self.clauses.quote(row.clause.as_ref()?.text.trim())
            })
        })
    }

    fn quote_of(&self, authority: &[Authority]) -> Option<Quote> {
        clauses_quoted(authority).find_map(|clause| self.clauses.quote(clause.text.trim()))
    }

    /// The same for the line of an item, rule or decision.
    fn quote_of_line(&self, place: Place) -> Option<Quote> {
        let rules = self.rules.iter().map(|part| (&part.it.body, &part.authority));
        let decisions = self.decisions.iter().map(|part| (&part.it.body, &part.authority));
        let items = self.schemes.iter().flat_map(|scheme| &scheme.items);
        let items = items.map(|item| (&item.item.body, &item.authority));
        rules.chain(decisions).chain(items).find_map(|(body, above)| {
            let line = body.iter().find(|line| holds(line.place, place))?;
            self.quote_within(line, place).or_else(|| self.quote_of(above))
        })
    }

    fn quote_within(&self, line: &BodyLine, place: Place) -> Option<Quote> {
        let BodyKind::Outcome(cases) = &line.kind else {
            return self.quote_of(&line.authority);
        };
        let case = cases.iter().find(|case| holds(case.place, place));
        let end = cases.last().map_or(0, |case| case.place.end);
        // What stands behind the last case belongs to all of them.
        let of_all = clauses_quoted(&line.authority).filter(|clause| clause.place.start >= end);
        let own = case.into_iter().flat_map(|case| clauses_quoted(&case.authority));
        own.chain(of_all).find_map(|clause| self.clauses.quote(clause.text.trim()))
    }

    /// Findings without a quotation quote the clause of the statement they stand in.
    pub(crate) fn quote_in(&self, report: &mut Report) {
        report.each(|finding| {
            if finding.source.is_none()
                && let Some(place) = finding.place
            {
                finding.source = self.quote_at(place);
            }
        });
    }
}

/// The statements of a scheme besides the lines of its items.
fn parts<'a>(text: &'a SchemeText, around: &mut Vec<Stretch<'a>>) {
    macro_rules! each {
        ($($parts:ident),+) => {
            $(around.extend(text.$parts.iter().map(|part| (part.place, [part.authority.as_slice()].into())));)+
        };
    }
    each!(
        blocks,
        items,
        vetoes,
        grade_moves,
        grades,
        awards,
        award_counts,
        prize_totals,
        deadlines,
        quotas,
        rosters,
        distributions,
        merges,
        rounds,
        once
    );
    around.extend(text.scheme.settings.iter().map(|setting| (setting.place, [setting.authority.as_slice()].into())));
    for deadlines in &text.deadlines {
        let lines = deadlines.it.lines.iter();
        around.extend(lines.map(|line| (line.place, [line.authority.as_slice(), &deadlines.authority].into())));
    }
    for grades in &text.grades {
        let bands = grades.it.bands.iter();
        around.extend(bands.map(|band| (band.place, [band.authority.as_slice(), &grades.authority].into())));
    }
}
