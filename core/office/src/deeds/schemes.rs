//! Schemes: adopted, amended, passed on.

use super::{FILE, OFFICE, SCHEME, there};
use crate::{
    deed::{Asked, Deed, Told},
    ids::{FigureId, OfficeId, SchemeId, is_name},
    outline::{Field, File, Indicator, Outline},
    period::Period,
    refusal,
    rights::{Relation, Right, Role},
    state::{Card, Scheme, State, Version},
    tables::{Key, Touched},
};
use alloc::{collections::BTreeMap, format, string::String, vec::Vec};
use kaoping_terms::{Day, Diagnostic, Report, Text};
use serde::{Deserialize, Serialize};

/// Puts a version of a scheme in force. That its files were checked, and what the checker found, is
/// the word of whoever read them; the files are kept, so that it can be looked at again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdoptScheme {
    /// Its id; that of a scheme in force to amend it.
    pub scheme: SchemeId,
    /// Whose it is.
    pub office: OfficeId,
    /// The scheme it carries out, where it came from above.
    pub upper: Option<SchemeId>,
    /// Its files.
    pub files: Vec<File>,
    /// What the office has to know of it.
    pub outline: Outline,
    /// The names of the checker's errors. None may be left.
    pub errors: Vec<String>,
    /// The names of its warnings. They are adopted with a reason.
    pub warnings: Vec<String>,
}

const ISSUER: Right = Right { roles: &[Role::AssessmentOffice], relation: Relation::Own };

impl Deed for AdoptScheme {
    fn word(&self) -> Text {
        Text::new("采用方案", "adopting a scheme")
    }

    fn right(&self) -> Right {
        ISSUER
    }

    fn concerns<'a>(&'a self, _: &'a State) -> Vec<&'a OfficeId> {
        Vec::from([&self.office])
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        if !is_name(self.scheme.as_str()) {
            findings.push(refusal::no_name(&SCHEME, self.scheme.as_str()));
        }
        if !self.errors.is_empty() {
            findings.push(with_errors(&self.errors));
        }
        let bare = asked.why.trim().is_empty();
        if bare && !self.warnings.is_empty() {
            findings.push(refusal::no_reason(&Text::new(
                format!("带着警告采用方案（{}）", self.warnings.join("、")),
                format!("adopting a scheme with warnings ({})", self.warnings.join(", ")),
            )));
        }
        match state.schemes.get(&self.scheme) {
            Some(scheme) if scheme.office != self.office => {
                findings.push(refusal::taken(&SCHEME, self.scheme.as_str()))
            }
            Some(_) if bare => findings.push(refusal::no_reason(&Text::new("修订方案", "amending a scheme"))),
            _ => (),
        }
        findings.extend(self.nothing_new(state));
        self.shares_tables(state, findings);
        self.paths(findings);
        self.carries_out(state, bare, findings);
        for round in self.rounds_sealed(state) {
            findings.push(refusal::not_now(
                Text::new(
                    format!("“{}”的“{round}”已经有结果，修订后的办法却没有这一轮", self.scheme),
                    format!(
                        "`{}` has results of the round `{round}`, which the amended scheme does not have",
                        self.scheme
                    ),
                ),
                Text::new(
                    "结果留在台账里，办法里没有这一轮就没有着落",
                    "results stay in the record, and would belong to no round",
                ),
                Text::new(
                    format!("在办法里留着“{round}”这一轮，再采用"),
                    format!("keep the round `{round}` in the scheme, then adopt it"),
                ),
            ));
        }
        if let Some(upper) = &self.upper {
            match there::scheme(state, upper, findings) {
                Some(found) if !found.forwarded.contains_key(&self.office) => findings.push(refusal::not_now(
                    Text::new(
                        format!("“{upper}”没有转发给“{}”", self.office),
                        format!("`{upper}` was not passed on to `{}`", self.office),
                    ),
                    Text::new(
                        "下级办法要接着上级转发的办法写",
                        "a scheme of an office below rests on one that was passed on to it",
                    ),
                    Text::new(
                        "请上级考评办先转发，再采用",
                        "the assessment office above passes it on first; then adopt",
                    ),
                )),
                Some(_) | None => (),
            }
        }
        for word in self.outline.words().filter(|word| word.chars().count() > LONGEST_WORD) {
            findings.push(too_long(word));
        }
        for (place, indicator) in self.outline.indicators.iter().enumerate() {
            if self.outline.indicators.iter().take(place).any(|before| before.id == indicator.id) {
                findings.push(refusal::taken(&super::INDICATOR, indicator.id.as_str()));
            }
        }
        self.of_another_time(state, asked, findings);
        findings.extend(bindings_unlike(state, &self.scheme, &self.outline, None));
        findings.extend(state.unfit_for(&self.scheme, &self.outline));
        for figure in self.outline.figures() {
            if !state.cards.contains_key(figure) {
                findings.push(refusal::unknown_among(
                    &super::FIGURE,
                    figure.as_str(),
                    state.cards.keys().map(|known| known.as_str()),
                ));
            }
        }
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        let version = Version::new(told.number, told.today, told.why.into(), self.files.clone(), self.outline.clone());
        let scheme = state.schemes.entry(self.scheme.clone()).or_insert_with(|| Scheme {
            office: self.office.clone(),
            upper: self.upper.clone(),
            versions: Vec::new(),
            forwarded: BTreeMap::new(),
            ends: BTreeMap::new(),
        });
        scheme.upper.clone_from(&self.upper);
        scheme.versions.push(version);
        touched.note(|| Key::Scheme(self.scheme.clone()));
    }
}

/// Figures that go into inputs of another kind or unit; with `changed`, as that card would have it.
pub(super) fn bindings_unlike(
    state: &State,
    scheme: &SchemeId,
    outline: &Outline,
    changed: Option<(&FigureId, &Card)>,
) -> Vec<Diagnostic> {
    let inputs = outline.indicators.iter().flat_map(|of| of.fields.iter().map(move |field| (of, field)));
    let unlike = |(indicator, field): (&Indicator, &Field)| {
        let figure = field.figure.as_ref()?;
        let card = match changed {
            Some((id, card)) => Some(card).filter(|_| id == figure),
            None => state.cards.get(figure),
        };
        let (own, wanted) = card?.takes().unlike(&field.takes)?;
        let (indicator, field) = (&indicator.id, &field.name);
        let finding = Diagnostic::error(
            "binding-unlike",
            Text::new(
                format!("数据项“{figure}”（{}）不能用于“{scheme}”的“{indicator}/{field}”（{}）", own.zh, wanted.zh),
                format!("`{figure}` ({}) cannot go into `{indicator}/{field}` of `{scheme}` ({})", own.en, wanted.en),
            ),
        );
        Some(
            finding
                .why(Text::new(
                    "报上来的数照原样用于评分，类型和单位要一样",
                    "what is reported is scored as it is written: kind and unit have to be the same",
                ))
                .next(Text::new(
                    "换一个数据项，或把数据项、方案的单位改成一样",
                    "take another figure, or give both the same unit",
                )),
        )
    };
    inputs.filter_map(unlike).collect()
}

/// Why a path is none that stays in the folder of a policy, or is a library beside it; `None` where it does.
fn strays(path: &str) -> Option<Text> {
    let segments = || path.split('/');
    if path.chars().any(|c| c.is_control() || c == '\\' || c == ':') {
        return Some(Text::new("路径里有反斜杠、冒号或控制字符", "it has a backslash, a colon or a control character"));
    }
    if segments().any(|part| part.is_empty() || part == ".") {
        return Some(Text::new("路径是绝对的，或有空的一段", "it is absolute, or a part of it is empty"));
    }
    let up = segments().take_while(|part| *part == "..").count();
    let mut rest = segments().skip(up);
    // A library stands in a folder of its own, beside that of the policy or of the one it is in.
    let is_library = up <= MOST_UP && segments().count() >= up + 2 && LIBRARY.iter().any(|end| path.ends_with(end));
    (up > 0 && !is_library || rest.any(|part| part == "..")).then(|| {
        Text::new(
            "路径走出了办法的文件夹：只可以用旁边文件夹里的公用文件，如 ../kinds/common.kp",
            "it leaves the folder of the policy; beside it there are only libraries, such as ../kinds/common.kp",
        )
    })
}

/// So many folders up a library is at most.
const MOST_UP: usize = 2;

/// What libraries are: policies, with their tables and clauses.
const LIBRARY: [&str; 3] = [".kp", ".csv", ".md"];

impl AdoptScheme {
    /// That it is the version in force once more.
    fn nothing_new(&self, state: &State) -> Option<Diagnostic> {
        let scheme = state.schemes.get(&self.scheme)?;
        let same = |version: &&Version| {
            let files = |files: &[File]| {
                files.iter().cloned().map(|file| (file.path, file.content)).collect::<BTreeMap<_, _>>()
            };
            files(&version.files) == files(&self.files) && version.outline == self.outline && scheme.upper == self.upper
        };
        let number = scheme.versions.last().filter(same)?.number;
        Some(refusal::not_now(
            Text::new(
                format!("与现行版本（台账第 {number} 条）一字不差"),
                format!("it is the version in force (entry {number}) once more"),
            ),
            Text::new("一样的文本不成新版本", "the same texts are no new version"),
            Text::new("没有要修订的，不用再采用", "there is nothing to amend, so it need not be adopted"),
        ))
    }

    /// Its files stand in its folder, each once.
    fn paths(&self, findings: &mut Report) {
        there::named_twice(&FILE, self.files.iter().map(|file| file.path.as_str()), findings);
        for file in &self.files {
            let path = file.path.escape_debug();
            findings.extend(strays(&file.path).map(|why| {
                refusal::unfit(
                    Text::new(format!("文件路径“{path}”用不上"), format!("the path `{path}` cannot be used")),
                    why,
                    Text::new(
                        "写成办法文件夹里的相对路径，如 scheme.kp",
                        "write it as it stands in the folder, such as scheme.kp",
                    ),
                )
            }));
        }
    }

    /// A scheme for another time than today's, or than that of the figures it asks for, is adopted for a reason.
    fn of_another_time(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        let Some((from, to)) = self.outline.period else { return };
        if !self.outline.assesses(asked.today) && asked.why.trim().is_empty() {
            let today = asked.today;
            findings.push(refusal::no_reason(&Text::new(
                format!("今天（{today}）采用适用期为 {from} 至 {to} 的方案"),
                format!("adopting a scheme for {from} to {to} today ({today})"),
            )));
        }
        for period in state.periods_of(&self.scheme) {
            if period.end().is_some_and(|end| !self.outline.assesses(end)) {
                findings.push(outside_the_period(period, (from, to)));
            }
        }
    }

    /// Event tables that other schemes of the same time have, too.
    fn shares_tables(&self, state: &State, findings: &mut Report) {
        let meets = |other: &Outline| match self.outline.period.zip(other.period) {
            Some(((from, to), (since, until))) => from <= until && since <= to,
            None => true,
        };
        for table in &self.outline.events {
            let others = state.schemes.iter().filter(|(id, _)| **id != self.scheme);
            let has = |outline: &Outline| meets(outline) && outline.events.contains(table);
            let others = others.filter(|(_, scheme)| scheme.outline().is_some_and(has));
            let others: Vec<&str> = others.map(|(id, _)| id.as_str()).collect();
            if !others.is_empty() {
                findings.push(super::events::shared(table, &others));
            }
        }
    }

    /// One that carries out a scheme from above adds to it; what it leaves out it leaves out for a reason.
    fn carries_out(&self, state: &State, bare: bool, findings: &mut Report) {
        let Some(upper) = &self.upper else { return };
        let Some(scheme) = state.schemes.get(upper) else { return };
        let above = scheme.outline().into_iter().flat_map(|outline| &outline.indicators);
        let left_out: Vec<&str> = above
            .filter(|indicator| self.outline.indicator(indicator.id.as_str()).is_none())
            .map(|indicator| indicator.id.as_str())
            .collect();
        if left_out.is_empty() {
            return;
        }
        let (zh, en) = (left_out.join("、"), left_out.join(", "));
        let message = Text::new(
            format!("上级的“{upper}”考核、这里没有的指标：{zh}"),
            format!("indicators of `{upper}` from above that are not here: {en}"),
        );
        let finding = Diagnostic::warning("upper-left-out", message).why(Text::new(
            "承接上级的办法，一般只加不减；少了的，上级照考，下级没有人抓",
            "a scheme that carries out one from above adds to it; what it leaves out is still assessed above, and nobody sees to it",
        ));
        findings.push(finding.next(Text::new("补上，或写明为什么不考", "put them in, or say why they are not")));
        if bare {
            findings.push(refusal::no_reason(&Text::new(
                format!("比上级的办法少考核指标（{zh}）"),
                format!("leaving out indicators of the scheme from above ({en})"),
            )));
        }
    }

    /// Rounds whose results are sealed and would lose a place in the new version.
    fn rounds_sealed<'a>(&'a self, state: &'a State) -> impl Iterator<Item = &'a String> {
        let sealed = |(key, _): &(&'a (SchemeId, String), _)| key.0 == self.scheme && !self.outline.has_round(&key.1);
        state.results.iter().filter(sealed).map(|((_, round), _)| round)
    }
}

/// A day to act by is one that is still to come, and not years after what is assessed.
fn no_time_to_act(scheme: &Scheme, day: Day, today: Day) -> Option<Diagnostic> {
    let ends = scheme.outline().and_then(|outline| outline.period).map_or(today, |(_, to)| to);
    let last = Day::new(ends.civil().0.saturating_add(1), 12, 31)?;
    let why = if day < today {
        Text::new("这一天已经过了，谁也来不及", "it is past already")
    } else if day > last {
        Text::new(
            format!("最晚到 {last}：方案适用期的下一年年底"),
            format!("{last} is the latest: the end of the year after the one assessed"),
        )
    } else {
        return None;
    };
    let message = Text::new(format!("办理期限 {day} 不能用"), format!("{day} is no day to act by"));
    Some(refusal::unfit(message, why, Text::new("核对年份和日期", "look at the year and the day")))
}

/// Words of a standard stand in the keys of tables, which are not to be long.
const LONGEST_WORD: usize = 96;

fn too_long(word: &str) -> Diagnostic {
    let begins: String = word.chars().take(20).collect();
    refusal::unfit(
        Text::new(format!("“{begins}…”太长"), format!("`{begins}…` is too long")),
        Text::new(
            format!("指标、字段、轮次、明细的名称最多 {LONGEST_WORD} 个字"),
            format!("names of indicators, inputs, rounds and event tables have at most {LONGEST_WORD} characters"),
        ),
        Text::new("改短名称", "shorten the name"),
    )
}

/// Figures of another time than the one a scheme assesses.
pub(super) fn outside_the_period(period: Period, (from, to): (Day, Day)) -> Diagnostic {
    Diagnostic::warning(
        "outside-the-period",
        Text::new(
            format!("{period} 的数不在方案的适用期（{from} 至 {to}）内"),
            format!("figures of {period} lie outside the time the scheme assesses ({from} to {to})"),
        ),
    )
    .why(Text::new("适用期以外的数，多半不计分", "what lies outside that time does not count in most rules"))
    .next(Text::new("核对填报期和方案的适用期", "look at the period asked for, and at that of the scheme"))
}

fn with_errors(errors: &[String]) -> Diagnostic {
    refusal::not_now(
        Text::new(
            format!("方案有错误，不能采用：{}", errors.join("、")),
            format!("the scheme has errors and cannot be adopted: {}", errors.join(", ")),
        ),
        Text::new(
            "有错误的办法算不出分，或者算出的分说不清",
            "a scheme with errors gives no scores, or scores nobody can explain",
        ),
        Text::new(
            "由考评办改正再采用：“写标准”页边写边查，文件、行和改法逐处列出",
            "the assessment office mends it and adopts it then: the page for writing a standard lists file, \
             line and remedy of each",
        ),
    )
}

/// Passes a scheme on to offices below, with an earlier day of their own where one is set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForwardScheme {
    /// Which.
    pub scheme: SchemeId,
    /// To whom.
    pub offices: Vec<OfficeId>,
    /// The day by which they are to act.
    pub act_by: Option<Day>,
}

impl Deed for ForwardScheme {
    fn word(&self) -> Text {
        Text::new("转发方案", "passing a scheme on")
    }

    fn right(&self) -> Right {
        Right { roles: &[Role::AssessmentOffice], relation: Relation::Above }
    }

    fn concerns<'a>(&'a self, _: &'a State) -> Vec<&'a OfficeId> {
        self.offices.iter().collect()
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        if self.offices.is_empty() {
            findings.push(there::nothing(&self.word()));
        }
        there::named_twice(&OFFICE, self.offices.iter().map(OfficeId::as_str), findings);
        for office in &self.offices {
            there::office(state, office, asked.today, findings);
        }
        let Some(scheme) = there::scheme(state, &self.scheme, findings) else { return };
        findings.extend(self.act_by.and_then(|day| no_time_to_act(scheme, day, asked.today)));
        let other_day = |office: &&OfficeId| scheme.forwarded.get(*office).is_some_and(|day| *day != self.act_by);
        if let Some(office) = self.offices.iter().find(other_day).filter(|_| asked.why.trim().is_empty()) {
            let before = scheme.forwarded.get(office).copied().flatten();
            let named = before.map_or_else(
                || Text::new("没有期限", "without a day"),
                |day| Text::new(format!("期限 {day}"), format!("with the day {day}")),
            );
            findings.push(refusal::no_reason(&Text::new(
                format!("“{office}”已经收到转发（{}），改期限", named.zh),
                format!("`{office}` has it already ({}): another day", named.en),
            )));
        }
        let own = state.stands_for(&asked.by.office, &scheme.office, asked.today);
        // A scheme that carries out one from above has no more time than that one gives.
        let upper = scheme.upper.as_ref().filter(|_| own).and_then(|upper| state.schemes.get(upper));
        let to = if own { scheme.office.as_str() } else { &asked.by.office };
        let passed_on = upper.unwrap_or(scheme).forwarded.get(to);
        if !own && passed_on.is_none() {
            findings.push(refusal::not_now(
                Text::new(
                    format!("“{}”没有转发到“{}”", self.scheme, asked.by.office),
                    format!("`{}` was not passed on to `{}`", self.scheme, asked.by.office),
                ),
                Text::new("一级转给一级，不越级", "it goes from level to level, and skips none"),
                Text::new(
                    "请上级考评办先转发给本单位，再往下转",
                    "the assessment office above passes it on to this office first; then pass it further",
                ),
            ));
        }
        if let Some(Some(before)) = passed_on
            && self.act_by.is_none_or(|day| day > *before)
        {
            findings.push(refusal::unfit(
                Text::new(
                    format!("期限晚于上级给的 {before}"),
                    format!("the day is later than {before}, which was given from above"),
                ),
                Text::new("下级的期限不能晚于上级的", "an office below has no more time than the one above it"),
                Text::new("提前期限", "give an earlier day"),
            ));
        }
    }

    fn apply(&self, state: &mut State, _: &Told<'_>, touched: &mut Touched) {
        if let Some(scheme) = state.schemes.get_mut(&self.scheme) {
            for office in &self.offices {
                scheme.forwarded.insert(office.clone(), self.act_by);
            }
        }
        touched.note(|| Key::Scheme(self.scheme.clone()));
    }
}
