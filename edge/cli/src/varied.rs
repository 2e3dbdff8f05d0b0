//! What the command line varies about a policy: the day its parameters are taken of, and choices.

use kaoping_intake::load::Loaded;
use kaoping_scheme::Options;
use kaoping_terms::{Day, Diagnostic, Report, Text};

/// What the command line varies about the policy.
pub(crate) fn options(as_of: Option<&str>, choose: &[String]) -> (Options, Report) {
    let mut report = Report::new();
    let mut options = Options::default();
    if let Some(written) = as_of {
        options.day = Day::parse(written);
        if options.day.is_none() {
            report.push(
                Diagnostic::error(
                    "date-not-readable",
                    Text::new(format!("--as-of {written}：不是日期"), format!("--as-of {written}: not a date")),
                )
                .why(Text::new("参数按这一天取值", "parameters are taken of that day"))
                .next(Text::new("写成 2014-12-31", "write 2014-12-31")),
            );
        }
    }
    for written in choose {
        match written.split_once('=') {
            Some((name, word)) => {
                options.choices.insert(name.trim().to_string(), word.trim().to_string());
            }
            None => report.push(
                Diagnostic::error(
                    "unknown-choice",
                    Text::new(
                        format!("--choose {written}：要写成 选择=词"),
                        format!("--choose {written}: write NAME=WORD"),
                    ),
                )
                .why(Text::new("要说明选择的名称和改选的词", "the name of the choice and the word are needed"))
                .next(Text::new("例如 --choose 不足一步=按比例", "for example --choose 不足一步=按比例")),
            ),
        }
    }
    (options, report)
}

/// A choice on the command line that the policy does not have would be ignored in silence.
pub(crate) fn unused_choices(loaded: &Loaded, options: &Options) -> Report {
    let mut report = Report::new();
    let known: Vec<&str> = loaded
        .compiled
        .standard
        .choices
        .iter()
        .map(|choice| choice.name.as_str())
        .filter(|name| !name.is_empty())
        .collect();
    for name in options.choices.keys().filter(|name| !known.contains(&name.as_str())) {
        let hint = kaoping_terms::nearest::nearest(name, known.iter().copied());
        let next = match hint {
            Some(hint) => Text::new(format!("是不是“{hint}”？"), format!("did you mean `{hint}`?")),
            None => Text::new("用 kaoping show 看方案有哪些选择", "`kaoping show` lists the choices of a policy"),
        };
        report.push(
            Diagnostic::error(
                "unknown-choice",
                Text::new(format!("方案没有“{name}”这个选择"), format!("the policy has no choice `{name}`")),
            )
            .why(Text::new("改选不存在的选择没有效果", "choosing what does not exist has no effect"))
            .next(next),
        );
    }
    report
}
