//! Clauses that are named and are not there, corrections of what the source does not say, and
//! edges that a clause itself says two ways.

use super::{
    look::{Look, Named, clauses_of, gathered},
    visit,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_syntax::ast::Authority;
use kaoping_terms::{Diagnostic, Place, Quote, Report, Text, nearest::nearest};

pub(crate) fn check(look: &Look<'_>, report: &mut Report) {
    missing(look, report);
    not_copied(look, report);
    corrections(look, report);
    edges_said_twice(look, report);
    broken_off(look, report);
}

/// The clauses that some statement rests on.
fn clauses_used<'a>(look: &Look<'a>) -> Vec<&'a crate::read::Clause> {
    let mut used: BTreeSet<&str> = BTreeSet::new();
    for authority in authorities(look) {
        used.extend(clauses_of(authority));
    }
    used.into_iter().filter_map(|clause| look.policy.clauses.find(clause)).collect()
}

/// Characters that a sentence does not end with: something was to follow.
const OPEN_ENDS: [char; 10] = ['的', '和', '或', '及', '，', ',', '、', '：', ':', '但'];

/// A clause whose last sentence has no end: what the exception leads to was never written.
fn broken_off(look: &Look<'_>, report: &mut Report) {
    for clause in clauses_used(look) {
        let words = clause.text.trim_end();
        let last = words.rsplit(['\n', '。', '；', ';']).next().unwrap_or("").trim();
        // A heading is no sentence; a colon may lead to a list below it.
        let is_sentence = last.contains(['，', ',']);
        if !is_sentence || !last.ends_with(OPEN_ENDS) || last.ends_with([':', '：']) {
            continue;
        }
        let tail =
            last.rfind(['，', ',']).and_then(|at| last.get(at..)).unwrap_or(last).trim_start_matches(['，', ',']);
        let tail = if tail.is_empty() { last } else { tail };
        let corrections = look.policy.corrections.iter();
        let settled = corrections.into_iter().any(|correction| {
            let original = squeezed(&correction.it.original.text);
            !original.is_empty() && squeezed(last).contains(&original) && squeezed(last).ends_with(&original)
        });
        if settled {
            continue;
        }
        report.push(
            Diagnostic::warning(
                "clause-broken-off",
                Text::new(
                    format!("“{}”没有写完：“{tail}”后面断了", clause.number),
                    format!("the clause `{}` breaks off after \"{tail}\"", clause.number),
                ),
            )
            .at(clause.place_of(tail).unwrap_or(clause.place))
            .why(Text::new(
                "话没有说完，接下来怎么办原文就没有规定；怎么读都是自己定的",
                "what was to follow is not said, so every reading of it is a choice of your own",
            ))
            .quoting(Some(Quote {
                document: clause.document.clone(),
                clause: clause.number.clone(),
                quote: last.to_string(),
            }))
            .next(Text::new(
                format!("查原件补全；补不上的，定一种读法，记一条：更正 … 原文 \"{tail}\" 现为 \"……\" 因为 \"……\""),
                format!("complete it from the original; else decide on a reading and record: 更正 … 原文 \"{tail}\" 现为 \"…\" 因为 \"…\""),
            )),
        );
    }
}

/// Every list of authorities in the policy.
fn authorities<'a>(look: &Look<'a>) -> Vec<&'a [Authority]> {
    let policy = look.policy;
    let mut all: Vec<&[Authority]> = Vec::new();
    for statement in visit::statements(policy) {
        all.extend([statement.authority, statement.above]);
        for expr in statement.expressions {
            visit::inside(expr, &mut |expr| all.push(&expr.authority));
        }
    }
    all.extend(policy.rules.iter().map(|part| part.authority.as_slice()));
    all.extend(policy.decisions.iter().map(|part| part.authority.as_slice()));
    all.extend(policy.events.iter().map(|part| part.authority.as_slice()));
    all.extend(policy.attributes.iter().map(|part| part.authority.as_slice()));
    all.extend(policy.corrections.iter().map(|part| part.authority.as_slice()));
    all.extend(policy.schemes.iter().map(|scheme| scheme.authority.as_slice()));
    all
}

/// Headings without the words below them: nothing can be checked against them.
fn not_copied(look: &Look<'_>, report: &mut Report) {
    let empty = look.policy.clauses.clauses.iter().filter(|clause| clause.text.is_empty());
    let parts: Vec<Named<'_>> =
        empty.map(|clause| Named { name: clause.number.as_str(), place: clause.place, quote: None }).collect();
    gathered(parts, report, |names| {
        Diagnostic::warning(
            "clause-not-copied",
            Text::new(
                format!("条款 {} 还没有抄录原文", names.zh),
                format!("the words of clause {} are not copied yet", names.en),
            ),
        )
        .why(Text::new(
            "没有原文，就核对不了数，解释时也引不出话",
            "without the words no figure can be checked and no explanation can quote them",
        ))
        .next(Text::new("把文件里这一条的原文抄在标题下面", "copy the words of the document below the heading"))
    });
}

fn missing(look: &Look<'_>, report: &mut Report) {
    let mut named: BTreeMap<Place, &str> = BTreeMap::new();
    for authority in authorities(look).into_iter().flatten() {
        if let Authority::Clause(clause) = authority {
            named.insert(clause.place, clause.text.trim());
        }
    }
    for clause in look.policy.parameters.rows.iter().filter_map(|row| row.clause.as_ref()) {
        named.insert(clause.place, clause.text.trim());
    }
    let mut told = BTreeSet::new();
    for (place, clause) in named {
        if clause.is_empty() || look.policy.clauses.find(clause).is_some() || !told.insert(clause) {
            continue;
        }
        let known = look.policy.clauses.clauses.iter().map(|clause| clause.number.as_str());
        let next = match nearest(clause, known) {
            Some(hint) => Text::new(format!("是不是“{hint}”？"), format!("did you mean `{hint}`?")),
            None => Text::new(
                format!("在 clauses.md 里加：## {clause}，下面抄原文"),
                format!("add to clauses.md: ## {clause}, with the words of the source below"),
            ),
        };
        let finding = Diagnostic::error(
            "clause-missing",
            Text::new(format!("clauses.md 里没有“{clause}”这一条"), format!("clauses.md has no clause `{clause}`")),
        );
        report.push(
            finding
                .at(place)
                .why(Text::new(
                    "依据要能翻到原文，不然说明和通知里引不出来",
                    "a clause must be there to be read, or explanations and letters cannot quote it",
                ))
                .next(next),
        );
    }
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn corrections(look: &Look<'_>, report: &mut Report) {
    let clauses = &look.policy.clauses;
    for correction in &look.policy.corrections {
        let wanted = squeezed(&correction.it.original.text);
        let named: Vec<_> = clauses_of(&correction.authority).filter_map(|clause| clauses.find(clause)).collect();
        let within = |clause: &&crate::read::Clause| squeezed(&clause.text).contains(&wanted);
        let found = if named.is_empty() {
            clauses.clauses.iter().any(|clause| within(&clause))
        } else {
            named.iter().any(within)
        };
        if found {
            continue;
        }
        let elsewhere = clauses.clauses.iter().find(within).map(|clause| clause.number.to_string());
        let next = match elsewhere {
            Some(other) => Text::new(
                format!("这几个字在“{other}”里，改依据"),
                format!("the words stand in `{other}`; name that clause"),
            ),
            None => Text::new("照 clauses.md 一字不差地抄原文", "copy the words exactly as clauses.md has them"),
        };
        let original = &correction.it.original.text;
        let finding = Diagnostic::error(
            "correction-not-in-source",
            Text::new(format!("原文里没有“{original}”"), format!("the source does not say \"{original}\"")),
        );
        report.push(
            finding
                .at(correction.it.original.place)
                .why(Text::new(
                    "更正要改的字，原文里得有，不然就不是更正",
                    "what a correction corrects must be in the source",
                ))
                .quoting(look.quote_of(&correction.authority))
                .next(next),
        );
    }
}

/// 未满16周岁(含16周岁): below sixteen, sixteen included.
fn edges_said_twice(look: &Look<'_>, report: &mut Report) {
    for clause in clauses_used(look) {
        let words = narrow(&clause.text);
        for characters in contradictory_edges(&words) {
            let quotes = |text: &str| narrow(text).contains(&narrow(&characters));
            let corrected = look.policy.corrections.iter().any(|it| quotes(&it.it.original.text));
            let chosen = look.standard.choices.iter().any(|choice| quotes(&choice.reason));
            if corrected || chosen {
                continue;
            }
            report.push(
                Diagnostic::warning(
                    "clause-edge-contradictory",
                    Text::new(
                        format!("原文“{characters}”自相矛盾"),
                        format!("the source contradicts itself: \"{characters}\""),
                    ),
                )
                .at(clause.place_of(&characters).unwrap_or(clause.place))
                .why(Text::new(
                    "“未满”“超过”不含本数，括号里又说含，线上的人归哪边说不清",
                    "\"below\" and \"above\" leave the edge out, the bracket takes it in",
                ))
                .quoting(look.quote(Some(&clause.number)))
                .next(Text::new(
                    "定一种读法，记一条 更正，或写一个 选择，理由里照抄这几个字",
                    "decide on one reading: record a 更正, or a 选择 whose reason quotes these words",
                )),
            );
        }
    }
}

/// Without blanks, and with narrow brackets.
fn narrow(text: &str) -> String {
    squeezed(text).replace('（', "(").replace('）', ")")
}

/// Stretches such as 未满16周岁(含16周岁): an edge left out, and the same edge included.
fn contradictory_edges(words: &str) -> Vec<String> {
    let mut found = Vec::new();
    for open in ["未满", "不满", "超过", "高于", "低于", "不足"] {
        for (at, _) in words.match_indices(open) {
            let rest = words.get(at + open.len()..).unwrap_or("");
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            let Some((before, after)) = rest.split_once('(') else {
                continue;
            };
            // The bracket stands right behind the figure and its noun.
            let near = before.chars().count() <= digits.chars().count() + 4;
            let Some((inside, _)) = after.split_once(')') else {
                continue;
            };
            if !digits.is_empty() && near && inside.starts_with(&format!("含{digits}")) {
                found.push(format!("{open}{before}({inside})"));
            }
        }
    }
    found
}
