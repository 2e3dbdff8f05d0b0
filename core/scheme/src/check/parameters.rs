//! Parameters: where they come from, whether their days and keys are covered exactly once.

use super::look::Look;
use crate::read::ParameterRow;
use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::String,
    vec::Vec,
};
use kaoping_syntax::ast::{BodyKind, BodyLine, Type};
use kaoping_terms::{Day, Diagnostic, Quote, Report, Text, nearest::nearest};

/// A parameter with its keys and their words.
type Keyed<'a> = (&'a str, Vec<(&'a str, &'a str)>);

pub(crate) fn check(look: &Look<'_>, report: &mut Report) {
    let rows = &look.policy.parameters.rows;
    for row in rows.iter().filter(|row| row.clause.is_none() && row.choice.is_none()) {
        report.push(without_source(&row.name.text, row.name.place).quoting(quote_of_use(look, &row.name.text)));
    }
    let mut groups: BTreeMap<Keyed<'_>, Vec<&ParameterRow>> = BTreeMap::new();
    for row in rows {
        let keys = row.keys.iter().map(|(key, word)| (key.as_str(), word.text.as_str())).collect();
        groups.entry((row.name.text.as_str(), keys)).or_default().push(row);
    }
    for rows in groups.values_mut() {
        rows.sort_by_key(|row| (row.from, row.place));
        rows.windows(2).for_each(|pair| in_time(look, pair, report));
    }
    own_figures(look, report);
    keys(look, report);
    unused(look, report);
}

fn without_source(name: &str, place: kaoping_terms::Place) -> Diagnostic {
    Diagnostic::error(
        "parameter-without-source",
        Text::new(format!("参数“{name}”没有写来源"), format!("the parameter `{name}` names no source")),
    )
    .at(place)
    .why(Text::new(
        "一个数从哪份文件来，说不出来就不能用来算钱、算分",
        "a figure whose paper nobody knows cannot decide money or points",
    ))
    .next(Text::new(
        "写 依据 条款号；自己定的写 选择 \"理由\"，举例的写 示例 \"说明\"",
        "write 依据 and the clause; your own figure needs 选择 \"reason\", an example 示例 \"what for\"",
    ))
}

/// The words of the clause under which a parameter is first used.
fn quote_of_use(look: &Look<'_>, name: &str) -> Option<Quote> {
    let lines = bodies(look).flatten().filter_map(|line| match &line.kind {
        BodyKind::Parameters(all) => all.iter().find(|parameter| parameter.name.name.text == name),
        _ => None,
    });
    lines.into_iter().find_map(|parameter| look.quote_at(parameter.name.name.place))
}

/// 参数 lines with figures of their own.
fn own_figures(look: &Look<'_>, report: &mut Report) {
    let rules = look.policy.rules.iter().map(|part| (part.it.body.as_slice(), part.authority.as_slice()));
    let decisions = look.policy.decisions.iter().map(|part| (part.it.body.as_slice(), part.authority.as_slice()));
    let items = look.policy.schemes.iter().flat_map(|scheme| &scheme.items);
    let items = items.map(|item| (item.item.body.as_slice(), item.authority.as_slice()));
    for (body, above) in rules.chain(decisions).chain(items) {
        for line in body.iter().filter(|line| line.authority.is_empty() && above.is_empty()) {
            let BodyKind::Parameters(all) = &line.kind else {
                continue;
            };
            for parameter in all.iter().filter(|parameter| parameter.value.is_some()) {
                report.push(without_source(&parameter.name.name.text, parameter.name.name.place));
            }
        }
    }
}

/// Two rows of one parameter with the same keys, one after the other in time.
fn in_time(look: &Look<'_>, pair: &[&ParameterRow], report: &mut Report) {
    let [earlier, later] = pair else { return };
    let name = &later.name.text;
    let next_day = |day: Day| day.number().checked_add(1).and_then(Day::from_number);
    let clauses = [later, earlier].into_iter().filter_map(|row| row.clause.as_ref());
    let quote = clauses.into_iter().find_map(|clause| look.quote(Some(&clause.text)));
    let quote = quote.or_else(|| quote_of_use(look, name));
    let finding = match (earlier.to, later.from) {
        (Some(to), Some(from)) if from > to && next_day(to) == Some(from) => return,
        (Some(to), Some(from)) if from > to => {
            let (first, last) =
                (next_day(to).unwrap_or(to), from.number().checked_sub(1).and_then(Day::from_number).unwrap_or(from));
            Diagnostic::error(
                "parameter-gap",
                Text::new(
                    format!("参数“{name}”从 {first} 到 {last} 没有数"),
                    format!("the parameter `{name}` has no value from {first} to {last}"),
                ),
            )
            .why(Text::new(
                "这几天发生的事没有数可用，也不会沿用前一个",
                "what falls on these days has no figure, and the earlier one is not carried on",
            ))
            .next(Text::new("补一行，或改前一行的“至”", "add a row, or change 至 of the earlier one"))
        }
        _ => Diagnostic::error(
            "parameter-overlap",
            Text::new(
                format!("参数“{name}”有两行的日子重叠"),
                format!("two rows of the parameter `{name}` hold on the same days"),
            ),
        )
        .why(Text::new("同一天有两个数，不知道用哪一个", "with two values on one day it is unclear which to use"))
        .next(Text::new(
            "把前一行的“至”改到后一行“自”的前一天",
            "end the earlier row on the day before the later one begins",
        )),
    };
    report.push(finding.at(later.place).also(earlier.place, Text::new("前一行", "the earlier row")).quoting(quote));
}

/// The words a key can have, from an attribute or an input with a list.
fn words_of<'a>(look: &Look<'a>, key: &str) -> Option<Vec<&'a str>> {
    fn listed(kind: &Type) -> Option<Vec<&str>> {
        match kind {
            Type::Words(words) => Some(words.iter().map(|(word, _)| word.text.as_str()).collect()),
            _ => None,
        }
    }
    let attribute = look.policy.attributes.iter().find(|attribute| crate::read::is_called(&attribute.it.name, key));
    if let Some(attribute) = attribute {
        return listed(&attribute.it.kind);
    }
    let input = bodies(look).flatten().find_map(|line| match &line.kind {
        BodyKind::Input(input) if crate::read::is_called(&input.name, key) => Some(&input.kind),
        _ => None,
    });
    input.and_then(listed)
}

fn bodies<'a>(look: &Look<'a>) -> impl Iterator<Item = &'a [BodyLine]> {
    let rules = look.policy.rules.iter().map(|part| part.it.body.as_slice());
    let decisions = look.policy.decisions.iter().map(|part| part.it.body.as_slice());
    let items = look.policy.schemes.iter().flat_map(|scheme| &scheme.items).map(|item| item.item.body.as_slice());
    rules.chain(decisions).chain(items)
}

/// Each key column covers its list of words. A word the list does not have is found where
/// the parameter is compiled.
fn keys(look: &Look<'_>, report: &mut Report) {
    let mut seen: BTreeMap<(&str, &str), (BTreeSet<&str>, &ParameterRow)> = BTreeMap::new();
    for row in &look.policy.parameters.rows {
        for (key, word) in &row.keys {
            let entry = seen.entry((row.name.text.as_str(), key.as_str())).or_insert((BTreeSet::new(), row));
            entry.0.insert(word.text.as_str());
        }
    }
    for ((name, key), (found, row)) in seen {
        let Some(words) = words_of(look, key) else {
            continue;
        };
        let missing: Vec<&str> = words.into_iter().filter(|word| !found.contains(word)).collect();
        if missing.is_empty() {
            continue;
        }
        let list = missing.join("、");
        let finding = Diagnostic::error(
            "parameter-key-missing",
            Text::new(
                format!("参数“{name}”没有“{key}”是 {list} 时的数"),
                format!("the parameter `{name}` has no value for `{key}` = {list}"),
            ),
        );
        report.push(
            finding
                .at(row.name.place)
                .why(Text::new(
                    "这一类没有数可用，也不会用别类的代替",
                    "this class has no figure, and none of another class is taken instead",
                ))
                .next(Text::new("补上这一类的行", "add the rows of that class")),
        );
    }
}

/// A row for a parameter that nothing asks for is mostly a slip of the pen.
fn unused(look: &Look<'_>, report: &mut Report) {
    let mut wanted: BTreeSet<&str> = BTreeSet::new();
    for line in bodies(look).flatten() {
        if let BodyKind::Parameters(all) = &line.kind {
            wanted.extend(all.iter().map(|parameter| parameter.name.name.text.as_str()));
        }
    }
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for row in &look.policy.parameters.rows {
        let name = row.name.text.as_str();
        if wanted.contains(name) || !told.insert(name) {
            continue;
        }
        let next = match nearest(name, wanted.iter().copied()) {
            Some(hint) => Text::new(format!("是不是“{hint}”？"), format!("did you mean `{hint}`?")),
            None => Text::new(
                "在用到它的地方写：参数 名称；或删去这一行",
                "declare it where it is used: 参数 name; or remove the row",
            ),
        };
        let name = String::from(name);
        report.push(
            Diagnostic::warning(
                "parameter-unused",
                Text::new(format!("参数“{name}”没有用到"), format!("the parameter `{name}` is not used")),
            )
            .at(row.name.place)
            .why(Text::new(
                "改了这个数，什么也不会变；多半是名称写错了",
                "changing it would change nothing; the name is probably misspelt",
            ))
            .next(next),
        );
    }
}
