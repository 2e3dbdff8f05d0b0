//! The regulation, quoted clause by clause in `clauses.md`.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use kaoping_terms::{FileId, Place, Quote};

/// One clause: its number and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// Number, such as 二(二)3.
    pub number: String,
    /// The words of the regulation.
    pub text: String,
    /// Title of the regulation it belongs to.
    pub document: String,
    /// Where its heading stands.
    pub place: Place,
    /// Where its words stand, from the first to the last.
    pub words: Place,
}

impl Clause {
    /// Where some of its words stand, whatever the blanks and the width of brackets.
    pub fn place_of(&self, words: &str) -> Option<Place> {
        let solid = |text: &str| -> Vec<(usize, char)> {
            let known = text.char_indices().filter(|(_, c)| !c.is_whitespace());
            known.map(|(at, c)| (at, narrow(c))).collect()
        };
        let (own, wanted) = (solid(&self.text), solid(words));
        let first = own.windows(wanted.len().max(1)).find(|window| {
            let pairs = window.iter().zip(&wanted);
            pairs.into_iter().all(|((_, a), (_, b))| a == b)
        })?;
        let (from, (last, _)) = (first.first()?.0, first.last()?);
        let end = last + self.text.get(*last..)?.chars().next()?.len_utf8();
        let start = self.words.start as usize;
        Some(Place::new(self.words.file, start + from, start + end))
    }
}

/// Full-width brackets as narrow ones.
fn narrow(c: char) -> char {
    match c {
        '（' => '(',
        '）' => ')',
        other => other,
    }
}

/// All clauses of a policy.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Clauses {
    /// Title of the regulation.
    pub title: String,
    /// The clauses in text order.
    pub clauses: Vec<Clause>,
}

/// Clause numbers are compared without blanks and with half-width brackets.
fn folded(number: &str) -> String {
    number.chars().filter(|c| !c.is_whitespace()).map(narrow).collect()
}

impl Clauses {
    /// Reads `# title`, then `## number` headings with the text below each.
    pub fn read(file: FileId, text: &str) -> Clauses {
        let mut clauses = Clauses::default();
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let trimmed = line.trim();
            if let Some(number) = trimmed.strip_prefix("## ") {
                let start = at + line.find("##").unwrap_or(0);
                let place = Place::new(file, start, start + trimmed.len());
                clauses.clauses.push(Clause {
                    number: number.trim().to_string(),
                    text: String::new(),
                    document: clauses.title.clone(),
                    place,
                    words: Place::new(file, at + line.len(), at + line.len()),
                });
            } else if let Some(title) = trimmed.strip_prefix("# ") {
                clauses.title = title.trim().to_string();
            } else if let Some(clause) = clauses.clauses.last_mut() {
                clause.text.push_str(line);
            }
            at += line.len();
        }
        for clause in &mut clauses.clauses {
            let blank = clause.text.len() - clause.text.trim_start().len();
            clause.text = clause.text.trim().to_string();
            let start = clause.words.start as usize + blank;
            clause.words = Place::new(file, start, start + clause.text.len());
        }
        clauses
    }

    /// Adds the clauses of an inherited standard; own ones go first.
    pub(super) fn append(&mut self, other: Clauses) {
        if self.title.is_empty() {
            self.title = other.title;
        }
        self.clauses.extend(other.clauses);
    }

    /// Headings that stand twice, each after the first of that number.
    pub(super) fn repeated(&self) -> impl Iterator<Item = (&Clause, &Clause)> {
        let first = |later: &Clause| self.find(&later.number).filter(|first| first.place != later.place);
        self.clauses.iter().filter_map(move |later| Some((later, first(later)?)))
    }

    /// The clause of that number.
    pub fn find(&self, number: &str) -> Option<&Clause> {
        let number = folded(number);
        self.clauses.iter().find(|clause| folded(&clause.number) == number)
    }

    /// A quotation of a clause, cut to what a reader takes in at a glance.
    pub fn quote(&self, number: &str) -> Option<Quote> {
        let clause = self.find(number).filter(|clause| !clause.text.is_empty())?;
        let words: Vec<char> = clause.text.chars().filter(|c| *c != '\n').collect();
        let quote: String = words.iter().take(120).collect();
        let quote = if words.len() > 120 { quote + "…" } else { quote };
        Some(Quote { document: clause.document.clone(), clause: clause.number.clone(), quote })
    }
}
