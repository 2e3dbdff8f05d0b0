//! The decision of a node: read once, the same for as long as it runs.

use crate::findings;
use kaoping_batch::Reject;
use kaoping_cli::decision::wanted;
use kaoping_decide::{Decider, Field, ResultColumn, ResultKind};
use kaoping_scheme::{model::Standard, read::fingerprint};
use kaoping_terms::{Diagnostic, Lang};

/// The decision of a node.
#[derive(Debug)]
pub struct Known {
    decider: Decider<'static>,
    fingerprint: String,
    lang: Lang,
}

impl Known {
    /// Makes a decision of a policy ready; none named: the only one. A node keeps it until it ends.
    ///
    /// # Errors
    /// The policy has no such decision, or a result is called like the column of reasons.
    pub fn new(standard: Standard, decision: Option<&str>, lang: Lang) -> Result<&'static Known, Box<Diagnostic>> {
        // Functions of the engine live as long as the process.
        let standard: &'static Standard = Box::leak(Box::new(standard));
        let decision = wanted(standard, decision)?;
        let decider = Decider::new(standard, decision).natively(kaoping_native::native());
        let known = Known { fingerprint: mark(standard, &decision.name, lang), decider, lang };
        let called = |result: &ResultColumn| result.name == known.why() || result.head() == known.why();
        if known.decider.results().iter().any(called) {
            return Err(Box::new(findings::why_taken(known.why())));
        }
        Ok(Box::leak(Box::new(known)))
    }

    /// The decision.
    pub fn decider(&self) -> &Decider<'static> {
        &self.decider
    }

    /// The figures that are given to the function, in order.
    pub fn figures(&self) -> impl Iterator<Item = &Field> {
        self.decider.fields().iter().filter(|field| !field.is_text())
    }

    /// What a result is called by its name or, where words are wanted as codes, by its alias.
    pub fn called(&self, result: usize, coded: bool) -> Option<&str> {
        let result = self.decider.results().get(result)?;
        let is_word = matches!(result.kind, ResultKind::Outcome(_) | ResultKind::Word(_));
        Some(if coded && is_word { result.head() } else { &result.name })
    }

    /// What the column of reasons is called.
    pub fn why(&self) -> &'static str {
        let [_, _, _, why] = Reject::heads(self.lang);
        why
    }

    /// The language of reasons.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// What tells this decision from every other.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }
}

/// Everything an answer depends on: the program that was compiled, with its choices and its day, the
/// decision, the language of reasons, and which version of this program runs it.
fn mark(standard: &Standard, decision: &str, lang: Lang) -> String {
    fingerprint(&format!("{}\n{lang:?}\n{decision}\n{standard:?}", env!("CARGO_PKG_VERSION")))
}
