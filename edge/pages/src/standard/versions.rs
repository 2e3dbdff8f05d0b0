//! Versions of a standard, and what changed from one to the next: item by item, and line by line of its files.

use crate::{
    Eyes,
    diff::{DiffLine, diff},
    frame::encoded,
};
use kaoping_assess::{
    compare::{DifferenceKind, differences, differences_besides},
    reading::{Line, reading},
};
use kaoping_desk::what_if::Standing;
use kaoping_office::{ids::SchemeId, state::Scheme};

/// A version in a list.
pub(super) struct VersionLine {
    pub(super) path: String,
    pub(super) nth: usize,
    pub(super) entry: u64,
    pub(super) day: String,
    pub(super) why: String,
    pub(super) current: bool,
    pub(super) in_force: bool,
}

/// What became of an item.
pub(super) struct ItemChange {
    pub(super) name: String,
    pub(super) anchor: String,
    pub(super) kind: &'static str,
    pub(super) word: String,
    pub(super) said: Vec<String>,
}

/// What became of a file.
pub(super) struct FileChange {
    pub(super) path: String,
    pub(super) lines: Vec<DiffLine>,
    pub(super) added: usize,
    pub(super) removed: usize,
}

/// What changed from a version to the next.
pub(super) struct Changes {
    pub(super) from: u64,
    pub(super) to: u64,
    pub(super) items: Vec<ItemChange>,
    pub(super) besides: Vec<String>,
    pub(super) files: Vec<FileChange>,
}

pub(super) fn version_lines(eyes: &Eyes<'_>, id: &SchemeId, scheme: &Scheme, current: u64) -> Vec<VersionLine> {
    let last = scheme.versions.len();
    let line = |(at, version): (usize, &kaoping_office::state::Version)| VersionLine {
        path: format!("/schemes/{}?version={}#versions", encoded(id.as_str()), version.number),
        nth: at + 1,
        entry: version.number,
        day: version.day.iso(),
        why: if version.why.is_empty() { eyes.t("首次采用", "the first").to_owned() } else { version.why.clone() },
        current: version.number == current,
        in_force: at + 1 == last,
    };
    scheme.versions.iter().enumerate().map(line).rev().collect()
}

pub(super) fn changes(eyes: &Eyes<'_>, before: &Standing, after: &Standing) -> Changes {
    let (old, new) = (&before.loaded.compiled.standard, &after.loaded.compiled.standard);
    let read = |standing: &Standing| -> Vec<Line> {
        let loaded = &standing.loaded;
        reading(&loaded.policy, &loaded.compiled.standard, eyes.lang).into_iter().flat_map(|of| of.lines).collect()
    };
    let (lines_before, lines_after) = (read(before), read(after));
    let mut items: Vec<ItemChange> = Vec::new();
    for difference in differences(old, new, eyes.lang) {
        let (kind, word) = match difference.kind {
            DifferenceKind::Added => ("ok", eyes.t("新增", "added")),
            DifferenceKind::Removed => ("late", eyes.t("删去", "removed")),
            DifferenceKind::Changed => ("near", eyes.t("改动", "changed")),
        };
        items.push(ItemChange {
            anchor: format!("item-{}", difference.id),
            name: difference.name.clone(),
            kind,
            word: word.to_owned(),
            said: difference.said.iter().map(|said| eyes.say(said)).collect(),
        });
    }
    // What is said in other words, or of other units, scores the same and is a change all the same.
    for line in &lines_after {
        let Some(other) = lines_before.iter().find(|other| other.id == line.id) else { continue };
        let said = in_other_words(eyes, other, line);
        if said.is_empty() {
            continue;
        }
        let anchor = format!("item-{}", line.id);
        match items.iter_mut().find(|item| item.anchor == anchor) {
            Some(item) => item.said.extend(said),
            None => {
                let (name, word) = (line.name.clone(), eyes.t("文字", "words").to_owned());
                items.push(ItemChange { name, anchor, kind: "blue", word, said });
            }
        }
    }
    Changes {
        from: before.number,
        to: after.number,
        items,
        besides: differences_besides(old, new, eyes.lang).iter().map(|said| eyes.say(said)).collect(),
        files: files(before, after),
    }
}

fn in_other_words(eyes: &Eyes<'_>, before: &Line, after: &Line) -> Vec<String> {
    let units = |line: &Line| line.units.iter().map(|units| units.join("、")).collect::<Vec<_>>().join("；");
    let (old, new) = (units(before), units(after));
    let pairs = [
        (eyes.t("名称", "name"), before.name.as_str(), after.name.as_str()),
        (eyes.t("块", "block"), &before.block, &after.block),
        (eyes.t("口径", "definition"), &before.definition, &after.definition),
        (eyes.t("依据", "clause"), &before.clause, &after.clause),
        (eyes.t("单位", "units"), &old, &new),
    ];
    let changed = pairs.into_iter().filter(|(_, before, after)| before != after);
    let shown = |text: &str| if text.is_empty() { "—".to_owned() } else { text.to_owned() };
    changed.map(|(what, before, after)| format!("{what} {} → {}", shown(before), shown(after))).collect()
}

fn files(before: &Standing, after: &Standing) -> Vec<FileChange> {
    let find = |standing: &'_ Standing, path: &str| {
        standing.texts.iter().find(|(known, _)| known == path).map(|(_, text)| text.clone()).unwrap_or_default()
    };
    let gone = before.texts.iter().filter(|(path, _)| !after.texts.iter().any(|(known, _)| known == path));
    let paths: Vec<&String> = after.texts.iter().chain(gone).map(|(path, _)| path).collect();
    let changed = paths.into_iter().filter_map(|path| {
        let lines = diff(&find(before, path), &find(after, path));
        let count = |mark: char| lines.iter().filter(|line| line.mark == mark).count();
        let (added, removed) = (count('+'), count('-'));
        (!lines.is_empty()).then(|| FileChange { path: path.clone(), lines, added, removed })
    });
    changed.collect()
}
