//! Deeds one after another, and what an audience is told of them.

use crate::{clock::Clock, offices::Person};
use kaoping_desk::{Answer, Desk, Refusal, Request};
use kaoping_ledger::{Algorithm, By, Digest, PublicKey};
use kaoping_office::{Act, State};
use kaoping_terms::{Day, Diagnostic, Text};
use std::{
    collections::BTreeMap,
    sync::mpsc::{Receiver, Sender, channel},
};

/// A step of the year that was carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The day.
    pub day: Day,
    /// Who did it.
    pub who: Text,
    /// What was done.
    pub what: Text,
    /// Its first entry, and the one after its last.
    pub entries: (u64, u64),
    /// Its deeds: what each kind is called, and how many.
    pub deeds: Vec<(Text, usize)>,
    /// What came of it; empty where it speaks for itself.
    pub effect: Text,
}

/// A deed of the sample was refused: a fault of the sample, or the store failed.
#[derive(Clone, Debug)]
pub struct Refused {
    /// Which step.
    pub step: String,
    /// Why.
    pub findings: Vec<Diagnostic>,
}

/// How the year goes on.
pub(crate) type Done<T = ()> = Result<T, Refused>;

/// What is asked and not answered yet.
type Told = Result<(), Refusal>;

/// The city while its year goes on.
pub(crate) struct Scene<'a> {
    desk: &'a Desk,
    clock: &'a Clock,
    audience: &'a mut dyn FnMut(&Step),
    /// Contents that were kept, by their hash.
    kept: BTreeMap<Digest, Vec<u8>>,
    step: Option<Step>,
    deeds: u32,
    waiting: usize,
    tell: Sender<Told>,
    told: Receiver<Told>,
}

impl<'a> Scene<'a> {
    pub(crate) fn new(desk: &'a Desk, clock: &'a Clock, audience: &'a mut dyn FnMut(&Step)) -> Self {
        let (tell, told) = channel();
        let (kept, step) = (BTreeMap::new(), None);
        Self { desk, clock, audience, kept, step, deeds: 0, waiting: 0, tell, told }
    }

    /// A step of the year begins, on a day and minute of it; the one before it is told.
    pub(crate) fn step(&mut self, day: Day, (hour, minute): (i64, i64), who: Text, what: Text) -> Done {
        self.finish()?;
        self.clock.set(day, hour * 60 + minute);
        let size = self.read(|state| state.size);
        self.step = Some(Step { day, who, what, entries: (size, size), deeds: Vec::new(), effect: Text::new("", "") });
        Ok(())
    }

    /// The step is carried out: everything of it is durable, and the audience is told.
    pub(crate) fn finish(&mut self) -> Done {
        self.wait()?;
        if let Some(mut step) = self.step.take() {
            step.entries.1 = self.read(|state| state.size);
            (self.audience)(&step);
        }
        Ok(())
    }

    /// What came of the step.
    pub(crate) fn effect(&mut self, effect: Text) {
        if let Some(step) = &mut self.step {
            step.effect = effect;
        }
    }

    /// Waits until everything that was asked is durable.
    pub(crate) fn wait(&mut self) -> Done {
        let mut refused = None;
        for _ in 0..std::mem::take(&mut self.waiting) {
            if let Ok(Err(refusal)) = self.told.recv() {
                refused.get_or_insert(refusal.findings());
            }
        }
        refused.map_or(Ok(()), |findings| Err(self.refused(findings)))
    }

    /// Waits until everything that was asked is answered; what was refused is told by the next wait.
    pub(crate) fn settle(&mut self) {
        let answers: Vec<_> = (0..self.waiting).filter_map(|_| self.told.recv().ok()).collect();
        answers.into_iter().for_each(|answer| drop(self.tell.send(answer)));
    }

    /// Something of the step cannot be done.
    pub(crate) fn refused(&self, findings: Vec<Diagnostic>) -> Refused {
        let step = self.step.as_ref().map(|step| format!("{} {}", step.day, step.what.zh)).unwrap_or_default();
        Refused { step, findings }
    }

    /// What is durable.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        self.desk.read(|shown| look(&shown.state))
    }

    /// How many entries the last checkpoint covers.
    pub(crate) fn signed(&self) -> u64 {
        self.desk.read(|shown| shown.checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.checkpoint.size))
    }

    pub(crate) fn algorithm(&self) -> Algorithm {
        self.desk.read(|shown| shown.tree.algorithm())
    }

    /// The hash of a record with that key.
    pub(crate) fn algorithm_of(&self, key: &str) -> Algorithm {
        PublicKey::parse(key).map_or(Algorithm::Sha256, |key| key.kind.algorithm())
    }

    /// A deed.
    pub(crate) fn does(&mut self, who: &Person, act: Act) {
        self.because(who, act, "", &[]);
    }

    /// The audience is told of one more deed of a kind.
    fn note(&mut self, word: Text) {
        let Some(step) = &mut self.step else { return };
        match step.deeds.iter_mut().find(|(known, _)| *known == word) {
            Some((_, count)) => *count += 1,
            None => step.deeds.push((word, 1)),
        }
    }

    /// A deed with its reason and papers.
    pub(crate) fn because(&mut self, who: &Person, act: Act, why: &str, evidence: &[Digest]) {
        let (account, office, role) = who.clone();
        self.deeds += 1;
        self.note(act.word());
        let by = By { account, office, role: role.name().to_owned(), deputy_for: None };
        let id = format!("sample-{:04}", self.deeds);
        let request = Request { id, by, anywhere: false, act, why: why.to_owned(), evidence: evidence.to_vec() };
        let tell = self.tell.clone();
        self.waiting += 1;
        self.desk.ask(request, move |answer: Answer| drop(tell.send(answer.map(|_| ()))));
    }

    /// Keeps a content.
    pub(crate) fn keep(&mut self, bytes: &[u8]) -> Digest {
        let hash = self.algorithm().hash(&[bytes]);
        if self.kept.insert(hash, bytes.to_vec()).is_none() {
            let tell = self.tell.clone();
            self.waiting += 1;
            self.desk.keep_content(bytes.to_vec(), move |kept| drop(tell.send(kept.map(|_| ()))));
        }
        hash
    }

    /// A paper, which is as made up as everything else.
    pub(crate) fn paper(&mut self, title: &str) -> Digest {
        self.keep(format!("{title}\n\n（样例材料，内容是编造的。A made-up paper.）\n").as_bytes())
    }

    /// A content that was kept.
    pub(crate) fn content(&self, hash: Digest) -> Option<Vec<u8>> {
        self.kept.get(&hash).cloned()
    }
}
