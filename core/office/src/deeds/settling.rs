//! What is still open about results: what has to be settled before they are sealed, approved or published, and what may
//! be left open for a reason.

use crate::{
    ids::{CollectionId, ObjectionId, OfficeId, SchemeId},
    state::{Collection, Decision, Event, Objection, Proposal, Results, Stage, State},
};
use alloc::{format, string::String, vec::Vec};
use kaoping_terms::{Day, Diagnostic, Text};

/// Results, by scheme and round.
type Key = (SchemeId, String);

impl State {
    /// Everything that keeps results from being sealed: whoever decides on it afterwards decides on what is closed.
    pub fn undecided_at_seal(&self, key: &Key) -> Vec<Diagnostic> {
        let Some(results) = self.results.get(key) else { return Vec::new() };
        let proposals = self.proposals.iter().filter(|(_, proposal)| proposal.decided.is_none());
        let proposals = proposals.filter(|(_, proposal)| self.rests_on(key, results, &proposal.decision));
        let mut found: Vec<Diagnostic> = proposals.map(|(id, proposal)| undecided(id.as_str(), proposal)).collect();
        found.extend(self.unanswered(key, results));
        found
    }

    /// Everything that keeps sealed results from being published, and awards on them from being approved: somebody says
    /// that they are wrong, and nobody has answered.
    pub fn undecided_after_seal(&self, key: &Key) -> Vec<Diagnostic> {
        let Some(results) = self.results.get(key) else { return Vec::new() };
        let proposals =
            self.proposals.iter().filter(|(_, found)| found.decided.is_none() && found.decision.reopens(key));
        let mut found: Vec<Diagnostic> = proposals.map(|(id, proposal)| undecided(id.as_str(), proposal)).collect();
        found.extend(self.unanswered(key, results));
        found
    }

    /// Objections to results and to events they count.
    fn unanswered(&self, key: &Key, results: &Results) -> Vec<Diagnostic> {
        let open = self.objections.iter().filter(|(_, objection)| objection.answered.is_none());
        let about = open.filter(|(_, objection)| {
            objection.results.as_ref() == Some(key)
                || objection.event.as_ref().is_some_and(|event| self.counted_event(key, results, event))
        });
        about.map(|(id, objection)| unanswered(id.as_str(), objection)).collect()
    }

    /// Whether results count an event: one that was entered, or a late report.
    fn counted_event(&self, (scheme, round): &Key, results: &Results, event: &(String, String)) -> bool {
        match self.events.get(event) {
            Some(found) => {
                found.withdrawn.is_none()
                    && found.number < results.at
                    && self.counts_in(&event.0, &found.office, found.day).any(|counting| counting == scheme)
                    && self.counts_event((scheme, round), event, found.day)
            }
            None => {
                let is_its = self.scheme_of_report(event) == Some(scheme);
                is_its
                    && self.late_report(event).is_some_and(|late| self.counts_event((scheme, round), event, late.day))
            }
        }
    }

    /// Whether results rest on what a proposal would change.
    fn rests_on(&self, (of, round): &Key, results: &Results, decision: &Decision) -> bool {
        match decision {
            Decision::CorrectFigure { office, figure, period, .. } => {
                let cell = self.cells.get(&(office.clone(), figure.clone(), *period));
                cell.is_some_and(|cell| cell.before.first().copied().unwrap_or(cell.number) < results.at)
                    && self.serves(of, figure, *period)
                    && self.counts_on(of, round, period.end())
                    && self.is_assessed(of, office.as_str(), self.today)
            }
            Decision::AdjustTarget { scheme, .. }
            | Decision::Exempt { scheme, .. }
            | Decision::EndExemption { scheme, .. } => scheme == of,
            Decision::ReviseResults { scheme, round: opened } => scheme == of && opened == round,
        }
    }

    /// What was asked for under a scheme, for the time of a round, and is not reported yet, though it still can be: reports that are not due, those
    /// that were sent back, those that wait for their signer. May be meant, and is said.
    pub fn unreported(&self, (scheme, round): &Key, today: Day) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let asked = self.collections.iter().filter(|(_, collection)| collection.scheme == *scheme);
        for (id, collection) in asked.filter(|(_, asked)| self.counts_on(scheme, round, asked.period.end())) {
            let stage = |office: &OfficeId| Some(self.reports.get(&(id.clone(), office.clone()))?.stage);
            let is_there =
                |office: &&OfficeId| self.offices.get(*office).is_some_and(|known| known.at(today).is_some());
            let open = collection.offices.iter().filter(is_there).filter(|office| match stage(office) {
                Some(stage) => stage != Stage::Signed,
                None => self.asked_of(collection, office).next().is_some(),
            });
            let open: Vec<&OfficeId> = open.collect();
            let due = collection.last < today;
            let returned = open.iter().filter_map(|office| Some((*office, stage(office)?)));
            let waiting = returned.filter(|(_, stage)| due || *stage == Stage::Returned);
            found.extend(waiting.map(|(office, stage)| not_signed((id, collection), office, stage)));
            if let (Some(first), false) = (open.first(), due) {
                found.push(not_due((id, collection), first, open.len()));
            }
        }
        found
    }
}

impl State {
    /// That offices may still object to events the results count: upheld later, they would have to be opened again.
    pub fn objections_open(&self, key: &Key, today: Day) -> Option<Diagnostic> {
        let results = self.results.get(key)?;
        let heard = |event: &(String, String)| {
            self.objections.values().any(|objection| objection.event.as_ref() == Some(event))
        };
        let open = self.events.iter().filter(|(event, found)| {
            found.objections_until.is_some_and(|until| today <= until)
                && !heard(event)
                && self.counted_event(key, results, event)
        });
        let open: Vec<_> =
            open.filter_map(|(event, found)| Some((event, &found.office, found.objections_until?))).collect();
        let ((table, id), office, until) = open.first()?;
        let (count, until) = (open.len(), until.iso());
        Some(
            Diagnostic::warning(
                "objections-open",
                Text::new(
                    format!("还有 {count} 件事在异议期内，如“{office}”的{table}“{id}”（到 {until}）"),
                    format!("events offices may still object to: {count}, such as {table} `{id}` of `{office}` (until {until})"),
                ),
            )
            .why(Text::new(
                "封存以后提的异议，成立了也要先重开结果才能撤销那件事",
                "an objection upheld after the seal takes effect only once the results are opened again",
            ))
            .next(Text::new(
                "不急的，等异议期满再封存",
                "seal when the time is over, unless it has to be now",
            )),
        )
    }

    /// Objections to results that were upheld since they were put down: they are wrong, and were not opened again.
    pub fn upheld_since(&self, key: &Key) -> Vec<&ObjectionId> {
        let Some(results) = self.results.get(key).filter(|results| !results.reopened) else { return Vec::new() };
        let about = self.objections.iter().filter(|(_, objection)| objection.results.as_ref() == Some(key));
        let upheld = about.filter(|(_, objection)| {
            objection.answered.as_ref().is_some_and(|(_, upheld, _)| *upheld)
                && objection.answered_in.is_some_and(|number| number > results.number)
        });
        upheld.map(|(id, _)| id).collect()
    }

    /// That the standard was amended since results were put down, so that they are sealed by what it said before.
    pub fn amended_since(&self, key: &Key) -> Option<Diagnostic> {
        let results = self.results.get(key)?;
        let newest = self.schemes.get(&key.0)?.versions.last()?.number;
        let (before, (scheme, round)) = (results.version, key);
        (newest != before).then(|| {
            Diagnostic::warning(
                "results-by-earlier-version",
                Text::new(
                    format!("“{scheme}”{round} 是按第 {before} 条的版本汇总的，以后标准又修订了（第 {newest} 条）"),
                    format!("`{scheme}` {round} was put down by the version of entry {before}, and the standard was amended since (entry {newest})"),
                ),
            )
            .why(Text::new(
                "封存的得分按修订以前的标准，以后重开再汇总，不动一个数也会变",
                "what is sealed was scored by the standard as it was; opened and put down again it changes without any figure",
            ))
            .next(Text::new(
                "按新标准的，先重新汇总再封存；这一轮本来就按原标准的，写明原因",
                "put the results down anew to go by the new one; where the round keeps the one before, say why",
            ))
        })
    }
}

impl State {
    /// What came in since results were put down and is not in them: figures, events, targets.
    pub fn behind(&self, key: &Key) -> Option<Diagnostic> {
        let (scheme, round) = key;
        let at = self.results.get(key)?.at;
        let found = self.schemes.get(scheme)?;
        let outline = found.outline()?;
        let assessed = |office: &OfficeId| self.is_assessed(scheme, office.as_str(), self.today);
        let cells = self.cells.iter().filter(|(_, cell)| cell.number >= at);
        let cells = cells.filter(|((office, figure, period), _)| {
            self.serves(scheme, figure, *period) && self.counts_on(scheme, round, period.end()) && assessed(office)
        });
        // One that came and went since was never in them; a late report that is withdrawn was, by rule.
        let moved = |event: &Event| match event.withdrawn_in {
            None => event.number >= at,
            Some(number) => number >= at && (event.number < at || event.by.is_none()),
        };
        let events = self.events.iter().filter(|(key, event)| {
            moved(event)
                && outline.counts(&key.0, event.day)
                && self.counts_event((scheme, round), key, event.day)
                && assessed(&event.office)
        });
        let targets = self.targets.iter().filter(|((of, ..), target)| of == scheme && target.number >= at);
        let mut zh: Vec<String> = Vec::new();
        let mut en: Vec<String> = Vec::new();
        for ((office, figure, period), cell) in cells {
            zh.push(format!("“{office}”{period} 的“{figure}”（第 {} 条）", cell.number));
            en.push(format!("`{figure}` of `{office}` {period} (entry {})", cell.number));
        }
        for ((table, id), event) in events {
            let number = event.withdrawn_in.unwrap_or(event.number);
            let (gone, is_gone) = if event.withdrawn.is_some() { ("撤销", " withdrawn") } else { ("", "") };
            zh.push(format!("{gone}{table}“{id}”（第 {number} 条）"));
            en.push(format!("{table} `{id}`{is_gone} (entry {number})"));
        }
        for ((_, office, indicator, field), target) in targets {
            zh.push(format!("“{office}”的“{indicator}/{field}”（第 {} 条）", target.number));
            en.push(format!("`{indicator}/{field}` of `{office}` (entry {})", target.number));
        }
        for (id, office) in self.late_since(key) {
            zh.push(format!("“{office}”的“{id}”到期没有报，已是迟报"));
            en.push(format!("the report `{id}` of `{office}`, late since"));
        }
        let exempt = self.exempt(scheme).map(|(key, exemption)| (key, "", "", exemption.number));
        let ended = self.exempted_before.iter().filter(|((of, ..), _)| of == scheme);
        let ended = ended.filter_map(|(key, before)| Some((key, "不再", " no more", before.last()?.until)));
        for ((_, office, indicator), no, no_more, number) in exempt.chain(ended).filter(|(.., number)| *number >= at) {
            zh.push(format!("“{office}”{no}免考“{indicator}”（第 {number} 条）"));
            en.push(format!("`{office}` being exempt{no_more} from `{indicator}` (entry {number})"));
        }
        if let Some(end) = found.ended_at(round, u64::MAX).filter(|end| end.number >= at) {
            let (to, number) = (end.last.map(Day::iso), end.number);
            zh.push(format!("{round} 的截止日改为 {}（第 {number} 条）", to.as_deref().unwrap_or("不另定")));
            en.push(format!("{round} ending {} (entry {number})", to.as_deref().unwrap_or("with the scheme")));
        }
        let count = zh.len();
        if count == 0 {
            return None;
        }
        let (first, ones) = (zh.get(..count.min(3))?.join("、"), en.get(..count.min(3))?.join(", "));
        let message = Text::new(
            format!("“{scheme}”{round} 汇总以后又有 {count} 处变动，没有算进去，例如{first}"),
            format!("changes since `{scheme}` {round} was put down that are not in it: {count}, such as {ones}"),
        );
        let why = Text::new(
            "封存的是汇总时的分；现在再汇总，得分和名次可能不一样",
            "what is sealed are the scores of then; put down now, scores and places may be others",
        );
        let next = Text::new(
            "要算进去，由考评办重新汇总再封存；不该归这一轮的，由考评办定这一轮的截止日再汇总；就按汇总那天封存的，写明原因",
            "to count them, the assessment office puts the results down anew first; where they belong to a later round it ends this one (`end-round`) and puts it down; to seal what was then, say why",
        );
        Some(Diagnostic::warning("results-behind", message).why(why).next(next))
    }
}

impl State {
    /// Reports a round counts as late that were not late yet when it was put down: their day has passed since.
    fn late_since<'a>(&'a self, (scheme, round): &'a Key) -> impl Iterator<Item = (&'a CollectionId, &'a OfficeId)> {
        let day = self.results.get(&(scheme.clone(), round.clone())).map(|results| results.day);
        let asked = self.collections.iter().filter(move |(_, asked)| {
            asked.scheme == *scheme
                && asked.counted_in.is_some()
                && day.is_some_and(|day| day <= asked.last)
                && self.counts_on(scheme, round, asked.period.end())
        });
        asked.flat_map(move |(id, asked)| {
            let late = move |office: &&OfficeId| self.is_counted_late((id, asked), office);
            asked.offices.iter().filter(late).map(move |office| (id, office))
        })
    }
}

fn undecided(id: &str, proposal: &Proposal) -> Diagnostic {
    let (by, number) = (&proposal.by, proposal.number);
    let (zh, en) = match &proposal.decision {
        Decision::CorrectFigure { office, figure, period, value } => (
            format!("“{office}”的“{figure}” {period} 更正为 {value}"),
            format!("`{figure}` of `{office}` {period} becoming {value}"),
        ),
        Decision::AdjustTarget { office, indicator, field, value, .. } => (
            format!("“{office}”的目标“{indicator}/{field}”调整为 {value}"),
            format!("the target `{indicator}/{field}` of `{office}` becoming {value}"),
        ),
        Decision::Exempt { office, indicator, .. } => {
            (format!("“{office}”免考“{indicator}”"), format!("an exemption of `{office}` from `{indicator}`"))
        }
        Decision::EndExemption { office, indicator, .. } => (
            format!("“{office}”不再免考“{indicator}”"),
            format!("an end of the exemption of `{office}` from `{indicator}`"),
        ),
        Decision::ReviseResults { scheme, round } => {
            (format!("重开“{scheme}”{round} 的结果"), format!("opening the results of `{scheme}` {round} again"))
        }
    };
    Diagnostic::error(
        "proposal-undecided",
        Text::new(
            format!("申请“{id}”（{zh}；{by}，台账第 {number} 条）还没有批复"),
            format!("proposal `{id}` ({en}; {by}, entry {number}) is not decided yet"),
        ),
    )
    .why(Text::new(
        "结果依据的数还没有定；封存、公布以后再批，就改不动了",
        "what the results rest on is not settled; decided afterwards, it could change nothing any more",
    ))
    .next(Text::new(
        "先由考评办或领导小组批复这件申请；批准了的，重新汇总，再封存、公布",
        "the assessment office or the leading group decides on it first; approved, put the results down anew",
    ))
}

fn unanswered(id: &str, objection: &Objection) -> Diagnostic {
    let (office, about) = (&objection.office, objection.about());
    Diagnostic::error(
        "objection-unanswered",
        Text::new(
            format!("异议 {id} 还没有答复（“{office}”，对 {about}）"),
            format!("objection {id} has not been answered (`{office}`, about {about})"),
        ),
    )
    .why(Text::new(
        "异议成立，结果就要重算；封存、公布以后再答复，就改不动了",
        "if it is upheld the results are worked out anew; answered afterwards, it could change nothing any more",
    ))
    .next(Text::new(
        "先由考评办或领导小组答复这件异议；成立的重新汇总，再封存、公布",
        "the assessment office or the leading group answers it first; if upheld, put the results down anew",
    ))
}

fn not_due((id, collection): (&CollectionId, &Collection), first: &OfficeId, count: usize) -> Diagnostic {
    let (title, last) = (&collection.title, collection.last);
    Diagnostic::warning(
        "collection-not-due",
        Text::new(
            format!("“{title}”（{id}）到 {last} 才到期，还有 {count} 个单位没有签发（如“{first}”）"),
            format!("`{title}` ({id}) is due on {last}; {count} offices have not signed yet (such as `{first}`)"),
        ),
    )
    .why(Text::new(
        "它们还在期限以内，报来的数这次结果里没有",
        "they are still in time, and what they report is not in these results",
    ))
    .next(Text::new(
        "等报齐再汇总、封存；有意现在封存的，写明原因",
        "wait until they have reported, then put down and seal; to seal now say why",
    ))
}

fn not_signed((id, collection): (&CollectionId, &Collection), office: &OfficeId, stage: Stage) -> Diagnostic {
    let (title, word) = (&collection.title, stage.word());
    Diagnostic::warning(
        "report-not-signed",
        Text::new(
            format!("“{office}”的“{title}”（{id}）{}，没有签发", word.zh),
            format!("the report of `{office}` for `{title}` ({id}) is {} and not signed", word.en),
        ),
    )
    .why(Text::new("没有签发的数不计入结果", "figures that are not signed are not in the results"))
    .next(Text::new(
        "请该单位改好、审核、签发，再汇总、封存；有意现在封存的，写明原因",
        "have the office mend, review and sign it, then put down and seal; to seal now say why",
    ))
}
