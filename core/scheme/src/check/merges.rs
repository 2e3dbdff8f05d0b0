//! Units that count together: a group is of two at least.

use super::look::Look;
use alloc::{format, vec::Vec};
use kaoping_terms::{Diagnostic, Report, Text};

pub(crate) fn check(look: &Look<'_>, report: &mut Report) {
    for (_, _, scheme) in look.schemes() {
        for merge in &scheme.merges {
            let mut members: Vec<&str> = merge.members.iter().map(|name| name.as_str()).collect();
            members.sort_unstable();
            members.dedup();
            if let [only] = members.as_slice() {
                let name = &merge.name;
                let finding = Diagnostic::error(
                    "merge-of-one",
                    Text::new(format!("合并“{name}”里只有“{only}”一个单位"), format!("`{name}` merges `{only}` alone")),
                );
                report.push(
                    finding
                        .at(merge.place)
                        .why(Text::new(
                            "合并是几个单位的数加在一起；只有一个，这一行什么也不改",
                            "figures of several units are added; of a single one the line changes nothing",
                        ))
                        .next(Text::new("补上另一个单位，或删去这一行", "name the other units, or remove the line")),
                );
            }
        }
    }
}
