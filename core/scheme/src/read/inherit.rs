//! Inheritance: a standard forwarded downwards, pinned, with its changes recorded.
//!
//! The texts of the parent are read as if they stood in the folder, then every 改, 增 and 删
//! is applied to what they say. The checker runs on the result, so sums and clauses are
//! checked again with the changes in place.

use super::{Fetch, ItemText, Policy, SchemeText, fingerprint, is_called};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_syntax::ast::{self, BindingValue, BodyKind, ChangeKind, SettingKind};
use kaoping_terms::{Diagnostic, Report, Text, nearest::nearest};

/// The texts of a parent policy, by path inside its folder.
pub(super) struct Parent {
    /// Its folder, relative to the policy that inherits.
    pub(super) path: String,
    /// Path inside its folder, and text.
    pub(super) files: Vec<(String, String)>,
}

/// Reads the texts of a parent: its scheme, the tables the scheme names, parameters, clauses.
pub(super) fn parent(inherit: &ast::Inherit, fetch: &mut Fetch<'_>, report: &mut Report) -> Option<Parent> {
    let path = inherit.path.text.trim_end_matches('/').to_string();
    let mut get = |file: &str| fetch(&format!("{path}/{file}")).map(|text| (file.to_string(), text));
    let Some(scheme) = get("scheme.kp") else {
        report.push(parent_missing(&inherit.path));
        return None;
    };
    let mut quiet = Report::new();
    let tree = kaoping_syntax::parse_file(kaoping_terms::FileId::default(), &scheme.1, &mut quiet);
    let mut files = Vec::from([scheme]);
    for part in &tree.parts {
        let ast::PartKind::Scheme(scheme) = &part.kind else {
            continue;
        };
        for setting in &scheme.settings {
            if let SettingKind::ItemTable(table) = &setting.kind {
                files.extend(get(&table.text));
            }
        }
    }
    files.extend(get("parameters.csv"));
    files.extend(get("clauses.md"));
    files.sort();
    files.dedup();
    let found = fingerprint_of(&files);
    match &inherit.version {
        None => report.push(not_pinned(inherit, &found)),
        Some(version) if version.text != found => report.push(changed(inherit, version, &found)),
        Some(_) => {}
    }
    Some(Parent { path, files })
}

/// One fingerprint of several texts and their names.
fn fingerprint_of(files: &[(String, String)]) -> String {
    let mut all = String::new();
    for (path, text) in files {
        all.push_str(&format!("{path}\n{}\n", fingerprint(text)));
    }
    fingerprint(&all)
}

/// Applies the changes to the inherited scheme, in text order.
pub(super) fn apply(policy: &mut Policy, report: &mut Report) {
    let inherits = policy.inherits.clone();
    let Some(scheme) = policy.schemes.first_mut() else {
        return;
    };
    for change in inherits.iter().flat_map(|inherit| &inherit.it.changes) {
        if change.because.is_none() {
            report.push(without_reason(change));
        }
        match &change.kind {
            ChangeKind::Set { of, what, value } => set(scheme, of, what, value, change, report),
            ChangeKind::AddItem(item, block) => scheme.items.push(ItemText {
                id: item.name.name.text.clone(),
                block: block.clone(),
                item: (**item).clone(),
                place: change.place,
                authority: change.authority.clone(),
                from_table: false,
                points_cell: None,
                id_cell: None,
            }),
            ChangeKind::RemoveItem(name) => {
                let before = scheme.items.len();
                scheme.items.retain(|item| !is_item(item, &name.text));
                if scheme.items.len() == before {
                    report.push(unknown(scheme, name));
                }
            }
        }
    }
}

fn is_item(item: &ItemText, name: &str) -> bool {
    is_called(&item.item.name, name) || item.id == name
}

/// `改 就业.分值 = 10 分`.
fn set(
    scheme: &mut SchemeText,
    of: &ast::Name,
    what: &ast::Name,
    value: &BindingValue,
    change: &ast::Change,
    report: &mut Report,
) {
    let points = matches!(what.text.as_str(), "分值" | "满分" | "points" | "full_mark");
    if let (true, BindingValue::Literal(literal)) = (points, value) {
        if scheme.scheme.name.text == of.text {
            for setting in &mut scheme.scheme.settings {
                if let SettingKind::FullMark(mark) = &mut setting.kind {
                    *mark = literal.clone();
                }
            }
            return;
        }
        if let Some(block) = scheme.blocks.iter_mut().find(|block| is_called(&block.it.name, &of.text)) {
            block.it.points = Some(literal.clone());
            return;
        }
        if let Some(item) = scheme.items.iter_mut().find(|item| is_item(item, &of.text)) {
            item.item.points = Some(literal.clone());
            item.authority.extend(change.authority.iter().cloned());
            return;
        }
        report.push(unknown(scheme, of));
        return;
    }
    let Some(item) = scheme.items.iter_mut().find(|item| is_item(item, &of.text)) else {
        report.push(unknown(scheme, of));
        return;
    };
    for line in &mut item.item.body {
        match (&mut line.kind, value) {
            (BodyKind::By { bindings, .. }, _) => {
                bindings.retain(|(name, _)| name.text != what.text);
                bindings.push((what.clone(), value.clone()));
                return;
            }
            (BodyKind::Parameters(parameters), BindingValue::Literal(literal)) => {
                if let Some(parameter) = parameters.iter_mut().find(|parameter| is_called(&parameter.name, &what.text))
                {
                    parameter.value = Some(literal.clone());
                    return;
                }
            }
            (BodyKind::Choice(choice), BindingValue::Word(word)) if is_called(&choice.name, &what.text) => {
                choice.chosen = Some(word.clone());
                return;
            }
            _ => {}
        }
    }
    report.push(unknown(scheme, what));
}

fn unknown(scheme: &SchemeText, name: &ast::Name) -> Diagnostic {
    let items = scheme.items.iter().map(|item| item.item.name.name.text.as_str());
    let blocks = scheme.blocks.iter().map(|block| block.it.name.name.text.as_str());
    let next = match nearest(&name.text, items.chain(blocks)) {
        Some(hint) => Text::new(format!("是不是“{hint}”？"), format!("did you mean `{hint}`?")),
        None => Text::new("检查写法", "check the spelling"),
    };
    Diagnostic::error(
        "change-of-nothing",
        Text::new(format!("承接的标准里没有“{}”", name.text), format!("the inherited standard has no `{}`", name.text)),
    )
    .at(name.place)
    .why(Text::new("改、删只能针对上级标准里有的", "only what the parent has can be changed or removed"))
    .next(next)
}

fn without_reason(change: &ast::Change) -> Diagnostic {
    Diagnostic::error(
        "change-without-reason",
        Text::new("改动上级标准没有写原因", "a change to the inherited standard has no reason"),
    )
    .at(change.place)
    .why(Text::new("下级改了什么、为什么改，要能逐条说明", "every deviation from the parent must be accounted for"))
    .next(Text::new("在后面写：因为 \"…\"", "write behind it: 因为 \"…\""))
}

fn parent_missing(path: &ast::Quoted) -> Diagnostic {
    Diagnostic::error(
        "parent-missing",
        Text::new(
            format!("找不到承接的标准“{}”", path.text),
            format!("the inherited standard `{}` is not there", path.text),
        ),
    )
    .at(path.place)
    .why(Text::new("没有上级标准就不知道改的是什么", "without the parent it is unknown what is changed"))
    .next(Text::new(
        "检查相对路径（相对方案文件夹，里面要有 scheme.kp）",
        "check the path, a folder with a scheme.kp, relative to the policy folder",
    ))
}

fn not_pinned(inherit: &ast::Inherit, found: &str) -> Diagnostic {
    Diagnostic::warning(
        "library-not-pinned",
        Text::new("承接的标准没有写明版本", "the standard is inherited without a version"),
    )
    .at(inherit.path.place)
    .why(Text::new("上级一改，本级就跟着变，而看不出来", "a change of the parent would change this standard unseen"))
    .next(Text::new(format!("在后面写：版 \"{found}\""), format!("write behind it: 版 \"{found}\"")))
}

fn changed(inherit: &ast::Inherit, version: &ast::Quoted, found: &str) -> Diagnostic {
    Diagnostic::error(
        "library-changed",
        Text::new("承接的标准与写明的版本不同", "the inherited standard is not the version named"),
    )
    .at(version.place)
    .label(Text::new(format!("现在是 {found}"), format!("now {found}")))
    .why(Text::new(
        format!("“{}”在承接之后被改过", inherit.path.text),
        format!("`{}` was changed after it was inherited", inherit.path.text),
    ))
    .next(Text::new(
        "核对上级的改动；同意就把版本改成现在的",
        "review the change; if you agree, write the present version",
    ))
}
