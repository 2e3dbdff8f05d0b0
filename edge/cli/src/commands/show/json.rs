//! The standard for machines. Keys are English and stable; numbers are decimal strings (a
//! fraction where the digits have no end), never binary floats; what is not there is null.

mod consequences;

use super::view::{View, missing, ties};
use kaoping_program::NodeId;
use kaoping_rules::interval::Range;
use kaoping_scheme::{
    check::SchemeRanges,
    model::{Decision, Input, Item, OtherwiseMade, Scheme, VetoEffect},
    read::ParameterRow,
};
use kaoping_syntax::ast::SettingKind;
use kaoping_terms::{Exact, Measure};
use serde_json::{Map, Value, json};

impl View<'_> {
    /// The whole policy.
    pub(super) fn to_json(&self) -> Value {
        let main = self.standard.schemes.first();
        let mut out = main.map_or_else(Map::new, |scheme| self.scheme_json(0, scheme));
        let nested = self.standard.schemes.iter().enumerate().skip(1);
        let nested: Vec<Value> = nested.map(|(index, scheme)| Value::Object(self.scheme_json(index, scheme))).collect();
        out.insert("nested".into(), nested.into());
        out.insert("event_tables".into(), self.event_tables());
        out.insert("attributes".into(), self.attributes());
        let decisions = self.standard.decisions.iter();
        let decisions: Vec<Value> = decisions.map(|it| self.decision(it)).collect();
        out.insert("decisions".into(), decisions.into());
        out.insert("choices".into(), self.choices());
        out.insert("corrections".into(), self.corrections());
        out.insert("deviations".into(), self.deviations());
        let rows = self.policy.parameters.rows.iter();
        let rows: Vec<Value> = rows.map(|row| self.parameter_row(row)).collect();
        out.insert("parameters".into(), rows.into());
        let libraries = self.policy.libraries.iter();
        let libraries: Vec<Value> =
            libraries.map(|(path, print)| json!({ "path": path, "fingerprint": print })).collect();
        out.insert("libraries".into(), libraries.into());
        Value::Object(out)
    }

    fn scheme_json(&self, index: usize, scheme: &Scheme) -> Map<String, Value> {
        let mut out = Map::new();
        let ranges = self.ranges_of(index);
        let mut settings = self.settings(index, scheme);
        settings["total_range"] = self.range(ranges.total.as_ref()).into();
        out.insert("scheme".into(), settings);
        out.insert("order_of_work".into(), self.order_of_work(index, scheme).into());
        let items = scheme.items.iter().zip(&ranges.items);
        let items: Vec<Value> = items.map(|(item, range)| self.indicator(scheme, item, range.as_ref())).collect();
        out.insert("indicators".into(), items.into());
        out.insert("blocks".into(), self.blocks(scheme, &ranges));
        out.insert("rounds".into(), rounds(scheme));
        out.insert("deadlines".into(), deadlines(scheme));
        let awards = scheme.awards.iter();
        let awards: Vec<Value> = awards.map(|it| self.award(index, scheme, it)).collect();
        out.insert("awards".into(), awards.into());
        out.insert("grades".into(), self.grades(index, scheme));
        out.insert("vetoes".into(), self.vetoes(index, scheme));
        let matters = self.matters(index).into_iter().map(|matter| {
            json!({
                "tables": matter.tables,
                "same": matter.column,
                "indicators": matter.items,
                "order": if matter.highest { "highest" } else { "text" },
                "clause": matter.clause,
            })
        });
        out.insert("once".into(), matters.collect::<Vec<_>>().into());
        out.insert("quotas".into(), self.quotas(index, scheme));
        out.insert("rosters".into(), self.rosters(index, scheme));
        out.insert("funds".into(), self.funds(index, scheme));
        out.insert("merges".into(), merges(scheme));
        out
    }

    fn settings(&self, index: usize, scheme: &Scheme) -> Value {
        let said = |find: fn(&SettingKind) -> Option<kaoping_terms::Place>| {
            self.setting(index, find).map(|place| self.said(place))
        };
        let rounding = |find: fn(&SettingKind) -> Option<&kaoping_syntax::ast::RoundingChoice>| {
            self.setting(index, find).map(|choice| {
                let (step, (_, mode)) = self.declared(choice);
                json!({ "step": step, "mode": mode })
            })
        };
        let period = self.setting(index, |setting| match setting {
            SettingKind::Period { from, to } => Some(json!({ "from": from.iso(), "to": to.iso() })),
            _ => None,
        });
        let tie_break = self.setting(index, |setting| match setting {
            SettingKind::TieBreak { keys, then } => Some(json!({
                "keys": keys.iter().map(|key| self.said(key.place)).collect::<Vec<_>>(),
                "then": then.as_ref().map(|word| &word.text),
            })),
            _ => None,
        });
        let ranking = self.setting(index, |setting| match setting {
            SettingKind::Ranking { by, descending, .. } => Some(json!({
                "by": self.said(by.place),
                "order": if *descending { "descending" } else { "ascending" },
            })),
            _ => None,
        });
        let limit = |low: bool| {
            let found = self.setting(index, |setting| match setting {
                SettingKind::AtLeast(literal) if low => Some(literal),
                SettingKind::AtMost(literal) if !low => Some(literal),
                _ => None,
            });
            found.and_then(|literal| self.literal(literal)).map(|figure| figure.value)
        };
        let day = self.standard.day.map(|day| day.iso());
        json!({
            "name": scheme.name,
            "title": scheme.title,
            "example": scheme.example,
            "full_mark": number(scheme.full_mark.as_ref()),
            "assessed": said(|it| if let SettingKind::Assessed(e) = it { Some(e.place) } else { None }),
            "peers": scheme.peer_group,
            "total": said(|it| if let SettingKind::Total(e) = it { Some(e.place) } else { None }),
            "ranking": ranking,
            "ties": scheme.ties.map(|it| ties(it).1),
            "tie_break": tie_break,
            "rounding": {
                "items": rounding(|it| if let SettingKind::RoundItems(c) = it { Some(c) } else { None }),
                "blocks": rounding(|it| if let SettingKind::RoundBlocks(c) = it { Some(c) } else { None }),
                "total": rounding(|it| if let SettingKind::RoundTotal(c) = it { Some(c) } else { None }),
                "display": rounding(|it| if let SettingKind::Display(c) = it { Some(c) } else { None }),
            },
            "each_item_at_least": limit(true),
            "each_item_at_most": limit(false),
            "missing": scheme.missing.map(|it| missing(it).1),
            "partial_reports": scheme.partial_reports,
            "period": period,
            "parameters_of": day,
            "default_rule": self.setting(index, |it| if let SettingKind::DefaultRule(n) = it { Some(n.text.clone()) } else { None }),
        })
    }

    fn indicator(&self, scheme: &Scheme, item: &Item, range: Option<&Range>) -> Value {
        let choices = self.choices_of(item);
        let choices: Map<String, Value> =
            choices.map(|choice| (choice.name.clone(), choice.chosen.clone().into())).collect();
        let adjustments = item.adjustments.iter().map(|line| {
            let table = self.standard.events.get(line.table);
            json!({
                "adds": line.adds,
                "table": table.map(|table| &table.name),
                "points": line.points.to_string(),
                "text": self.adjustment(line.place),
                "clause": line.clause,
            })
        });
        let inputs: Vec<Value> = item.inputs.iter().map(|it| self.input(it)).collect();
        let rounding = item
            .rounding
            .as_ref()
            .map(|(step, mode)| json!({ "step": step.to_string(), "mode": super::view::rounding(*mode).1 }));
        let block = item.block.and_then(|at| scheme.blocks.get(at));
        json!({
            "id": item.id,
            "name": item.name,
            "alias": item.alias,
            "block": block.map(|block| &block.name),
            "points": number(item.points.as_ref()),
            "points_unreadable": item.unreadable,
            "rule": item.rule,
            "nested": item.sub_scheme.and_then(|at| self.standard.schemes.get(at)).map(|it| &it.name),
            "parameters": self.parameters(&item.parameters),
            "choices": choices,
            "clause": item.clause,
            "lead": item.lead,
            "responsible": item.responsible,
            "supporting": item.supporting,
            "definition": item.definition,
            "inputs": inputs,
            "adjustments": adjustments.collect::<Vec<_>>(),
            "rounding": rounding,
            "applies_to_all": item.applies.is_none(),
            "otherwise": item.otherwise.as_ref().map(otherwise),
            "is_substitute": item.is_substitute,
            "lower_is_better": item.lower_is_better,
            "says_met": item.met.is_some(),
            "reasons": item.reasons,
            "range": self.range(range),
        })
    }

    fn blocks(&self, scheme: &Scheme, ranges: &SchemeRanges) -> Value {
        let each = scheme.blocks.iter().enumerate().map(|(at, block)| {
            let ids = block.items.iter().filter_map(|at| scheme.items.get(*at));
            json!({
                "name": block.name,
                "points": number(block.points.as_ref()),
                "points_unreadable": block.unreadable,
                "range": self.range(ranges.blocks.get(at).and_then(Option::as_ref)),
                "scaled_from": number(block.scaled_from.as_ref()),
                "outside_full_mark": block.outside_full_mark,
                "indicators": ids.map(|item| &item.id).collect::<Vec<_>>(),
                "clause": block.clause,
            })
        });
        each.collect::<Vec<_>>().into()
    }

    fn range(&self, range: Option<&Range>) -> Option<Value> {
        let range = range?;
        let span = range.span.as_ref()?;
        let end = |end: Option<&(Exact, bool)>| end.map(|(value, _)| value.to_string());
        Some(json!({
            "low": end(span.low()),
            "high": end(span.high()),
            "exact": range.exact,
            "written": span.written(),
        }))
    }

    fn parameters(&self, parameters: &[(String, Exact, Measure)]) -> Value {
        let each = parameters.iter().map(|(name, value, measure)| {
            let figure = self.figure(value, measure);
            let value = json!({ "value": figure.value, "unit": figure.unit, "shown": figure.shown });
            (name.clone(), value)
        });
        Value::Object(each.collect())
    }

    fn input(&self, input: &Input) -> Value {
        json!({
            "name": input.name,
            "field": input.alias.as_ref().unwrap_or(&input.name),
            "unit": self.unit(input),
            "target": number(input.bound.as_ref()),
            "step": number(input.step.as_ref()),
            "needs_reason": input.needs_reason,
            "assessors": number(input.assessors.as_ref()),
        })
    }

    fn event_tables(&self) -> Value {
        let each = self.standard.events.iter().map(|table| {
            let columns = table.columns.iter().map(|(name, alias, column)| {
                json!({ "name": name, "field": alias.as_ref().unwrap_or(name), "kind": self.kind(*column) })
            });
            json!({
                "name": table.name,
                "alias": table.alias,
                "columns": columns.collect::<Vec<_>>(),
            })
        });
        each.collect::<Vec<_>>().into()
    }

    fn attributes(&self) -> Value {
        let each = self.standard.attributes.iter().map(|it| {
            json!({ "name": it.name, "field": it.alias.as_ref().unwrap_or(&it.name), "kind": self.kind(it.column) })
        });
        each.collect::<Vec<_>>().into()
    }

    fn decision(&self, decision: &Decision) -> Value {
        let inputs: Vec<Value> = decision.inputs.iter().map(|it| self.input(it)).collect();
        let mut outcomes: Vec<&String> = Vec::new();
        for case in &decision.cases {
            if !outcomes.contains(&&case.word) {
                outcomes.push(&case.word);
            }
        }
        let kind = |node: NodeId| self.standard.program.node(node).map(|node| self.kind_in_words(&node.kind));
        let results = decision.results.iter().map(|it| {
            json!({
                "name": it.name,
                "field": it.alias.as_ref().unwrap_or(&it.name),
                "unit": kind(it.node),
                "clause": it.clause,
            })
        });
        json!({
            "name": decision.name,
            "inputs": inputs,
            "parameters": self.parameters(&decision.parameters),
            "outcomes": outcomes,
            "results": results.collect::<Vec<_>>(),
            "amount": decision.amount.map(|_| decision.amount_name.1.as_ref().unwrap_or(&decision.amount_name.0)),
            "outcome": decision.outcome_name.1.as_ref().unwrap_or(&decision.outcome_name.0),
            "clause": decision.clause,
        })
    }

    fn choices(&self) -> Value {
        let each = self.standard.choices.iter().map(|choice| {
            let at = self.policy.sources.position(choice.place);
            json!({
                "item": choice.item,
                "name": (!choice.name.is_empty()).then_some(&choice.name),
                "chosen": (!choice.chosen.is_empty()).then_some(&choice.chosen),
                "words": choice.words,
                "reason": choice.reason,
                "file": self.policy.sources.path(choice.place.file),
                "line": at.line,
            })
        });
        each.collect::<Vec<_>>().into()
    }

    fn corrections(&self) -> Value {
        let each = self.standard.corrections.iter().map(|it| {
            json!({
                "subject": it.subject, "original": it.original, "corrected": it.corrected,
                "because": it.because, "clause": it.clause,
            })
        });
        each.collect::<Vec<_>>().into()
    }

    fn deviations(&self) -> Value {
        let each = self.standard.deviations.iter().map(|it| {
            json!({
                "parent": it.parent, "change": it.change, "because": it.because, "clause": it.clause,
            })
        });
        each.collect::<Vec<_>>().into()
    }

    fn parameter_row(&self, row: &ParameterRow) -> Value {
        let keys = row.keys.iter();
        let keys: Map<String, Value> = keys.map(|(key, word)| (key.clone(), word.text.clone().into())).collect();
        let figure = self.literal(&row.value);
        json!({
            "name": row.name.text,
            "keys": keys,
            "value": figure.as_ref().map(|figure| &figure.value),
            "unit": figure.as_ref().map(|figure| &figure.unit),
            "from": row.from.map(|day| day.iso()),
            "to": row.to.map(|day| day.iso()),
            "clause": row.clause.as_ref().map(|clause| clause.text.trim()),
            "choice": row.choice.as_ref().map(|choice| &choice.text),
        })
    }
}

fn number(value: Option<&Exact>) -> Value {
    value.map_or(Value::Null, |value| value.to_string().into())
}

fn otherwise(made: &OtherwiseMade) -> Value {
    match made {
        OtherwiseMade::Substitute(name) => json!({ "kind": "assess_instead", "indicator": name }),
        OtherwiseMade::Full => json!({ "kind": "full_mark" }),
        OtherwiseMade::Zero => json!({ "kind": "zero_points" }),
        OtherwiseMade::Scale => json!({ "kind": "scaled_up" }),
        OtherwiseMade::Reduce => json!({ "kind": "less_full_mark" }),
    }
}

fn effect_kind(effect: &VetoEffect) -> &'static str {
    match effect {
        VetoEffect::ItemZero(_) => "item_to_zero",
        VetoEffect::BlockZero(_) => "block_to_zero",
        VetoEffect::TotalZero => "total_to_zero",
        VetoEffect::GradeDown(_) => "grade_lowered",
        VetoEffect::GradeTo(_) => "grade_set_to",
        VetoEffect::AwardBarred(_) => "award_bars",
    }
}

fn rounds(scheme: &Scheme) -> Value {
    let rounds = &scheme.rounds;
    let each = rounds.rounds.iter().enumerate();
    let each = each.map(|(at, (name, alias, often))| {
        json!({
            "name": name,
            "alias": alias,
            "how_often": often,
            "official": rounds.official == Some(at),
            "explain_from": number(rounds.explain_from.as_ref()),
        })
    });
    each.collect::<Vec<_>>().into()
}

fn deadlines(scheme: &Scheme) -> Value {
    let each = scheme.deadlines.iter().map(|deadlines| {
        let steps = deadlines.steps.iter().map(|step| {
            json!({
                "name": step.name, "when": step.when, "before": step.before, "clause": step.clause,
            })
        });
        json!({ "name": deadlines.name, "steps": steps.collect::<Vec<_>>() })
    });
    each.collect::<Vec<_>>().into()
}

fn merges(scheme: &Scheme) -> Value {
    let each = scheme.merges.iter().map(|merge| {
        let ids = merge.items.iter().filter_map(|at| scheme.items.get(*at));
        json!({
            "name": merge.name,
            "members": merge.members,
            "indicators": ids.map(|item| &item.id).collect::<Vec<_>>(),
            "inputs": merge.inputs,
        })
    });
    each.collect::<Vec<_>>().into()
}
