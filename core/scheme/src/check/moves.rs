//! Moves up and down among the grades: how far they can go, and when they are made.

use super::look::Look;
use alloc::format;
use kaoping_terms::{Diagnostic, Report, Text};

pub(crate) fn check(look: &Look<'_>, report: &mut Report) {
    for (_, text, scheme) in look.schemes() {
        let Some(grades) = &scheme.grades else {
            for moved in &text.grade_moves {
                report.push(no_grades(&moved.it.name.text).at(moved.place));
            }
            continue;
        };
        let most = grades.bands.len().saturating_sub(1);
        let limited = grades.bands.iter().any(|band| band.share.is_some());
        for moved in &grades.moves {
            let name = &moved.name;
            if moved.steps == 0 || moved.steps > most {
                let steps = moved.steps;
                let finding = Diagnostic::error(
                    "grade-move-too-far",
                    Text::new(
                        format!("“{name}”要动 {steps} 等，一共只有 {} 等", grades.bands.len()),
                        format!("`{name}` moves by {steps}, and there are only {} grades", grades.bands.len()),
                    ),
                );
                report.push(
                    finding
                        .at(moved.place)
                        .why(Text::new(
                            format!("最低升到最高也只有 {most} 等，再多就出了头"),
                            format!("from the lowest to the highest grade it is {most}; there is nothing beyond"),
                        ))
                        .quoting(look.quote(moved.clause.as_deref()))
                        .next(Text::new("核对升降几等", "check by how many grades it moves")),
                );
            }
            if limited && moved.after_shares.is_none() {
                let finding = Diagnostic::error(
                    "grade-move-order-undeclared",
                    Text::new(
                        format!("“{name}”没有写在限额前还是限额后"),
                        format!("`{name}` does not say whether it comes before or after the share limits"),
                    ),
                );
                report.push(
                    finding
                        .at(moved.place)
                        .why(Text::new(
                            "限额前升的要占优秀的名额，会把别人挤下去；限额后升的不占",
                            "raised before, a unit takes room in the better grade and crowds another out; after, it does not",
                        ))
                        .quoting(look.quote(moved.clause.as_deref()))
                        .next(Text::new("在后面写 限额前 或 限额后", "write before_shares or after_shares behind it")),
                );
            }
        }
    }
}

fn no_grades(name: &str) -> Diagnostic {
    Diagnostic::error(
        "grade-move-too-far",
        Text::new(format!("“{name}”要升降等次，方案没有等次"), format!("`{name}` moves a grade, and there are none")),
    )
    .why(Text::new("没有等次就没有可升可降的", "without grades there is nothing to move"))
    .next(Text::new("写上“等次”，或删去这一句", "declare grades, or remove the statement"))
}
