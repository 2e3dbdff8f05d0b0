//! A policy folder as texts becomes a linked policy: statements, tables and clauses together.

mod clauses;
mod fingerprint;
mod inherit;
mod item_table;
mod link;
mod parameters;
mod quotes;
mod targets;

pub use clauses::{Clause, Clauses};
pub use fingerprint::fingerprint;
pub(crate) use item_table::{headers, is_headed};
pub use link::{ItemText, SchemeText, With};
pub use parameters::{ParameterRow, Parameters};
pub(crate) use quotes::clauses_quoted;
pub use targets::{TargetRow, Targets};

use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_syntax::ast;
use kaoping_terms::{
    Diagnostic, FileId, Report, Sources, Text,
    table::{Cell, Table},
};

/// The texts of a policy folder, decoded, with their paths inside the folder.
#[derive(Clone, Debug, Default)]
pub struct Folder {
    /// How the folder is called in messages, such as `policies/livelihood`.
    pub root: String,
    /// Path inside the folder and text, sorted by path.
    pub files: Vec<(String, String)>,
}

/// A policy whose files have been read and linked, but not yet compiled.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// Every file read, for places and quotations.
    pub sources: Sources,
    /// The schemes in text order; the first is the policy's own, others are sub-schemes.
    pub schemes: Vec<SchemeText>,
    /// Rule kinds by name.
    pub rules: Vec<With<ast::Rule>>,
    /// Decisions.
    pub decisions: Vec<With<ast::Decision>>,
    /// Event tables.
    pub events: Vec<With<ast::Events>>,
    /// Attributes of units.
    pub attributes: Vec<With<ast::AttributeDeclaration>>,
    /// Nouns of measure.
    pub nouns: Vec<With<ast::NounDeclaration>>,
    /// Recorded corrections of the source.
    pub corrections: Vec<With<ast::Correction>>,
    /// The standard this one inherits from, with the changes made to it.
    pub inherits: Vec<With<ast::Inherit>>,
    /// Dated parameters.
    pub parameters: Parameters,
    /// Targets handed down.
    pub targets: Targets,
    /// The regulation, quoted.
    pub clauses: Clauses,
    /// The worked example folders: name, then file name and text.
    pub examples: BTreeMap<String, BTreeMap<String, String>>,
    /// Paths of shared libraries, with the fingerprint each has now.
    pub libraries: Vec<(String, String)>,
}

/// Gives the text of a file outside the folder, by its path relative to the folder.
pub type Fetch<'a> = dyn FnMut(&str) -> Option<String> + 'a;

impl Policy {
    /// Reads and links a folder. All faults are in the report; what could be read is returned.
    pub fn read(folder: &Folder, fetch: &mut Fetch<'_>) -> (Policy, Report) {
        let mut reader = Reader { policy: Policy::default(), report: Report::new(), seen: BTreeSet::new() };
        reader.folder(folder, fetch);
        (reader.policy, reader.report)
    }

    /// The rule of that name or alias.
    pub fn rule(&self, name: &str) -> Option<&With<ast::Rule>> {
        self.rules.iter().find(|rule| is_called(&rule.it.name, name))
    }

    /// Every name and alias that a binding can give a value to: inputs, parameters, choices.
    pub(crate) fn bindable(&self) -> impl Iterator<Item = &str> {
        let items = self.schemes.iter().flat_map(|scheme| &scheme.items).flat_map(|item| &item.item.body);
        let lines = self.rules.iter().flat_map(|rule| &rule.it.body).chain(items);
        let named = lines.flat_map(|line| match &line.kind {
            ast::BodyKind::Input(input) => Vec::from([&input.name]),
            ast::BodyKind::Choice(choice) => Vec::from([&choice.name]),
            ast::BodyKind::Parameters(all) => all.iter().map(|parameter| &parameter.name).collect(),
            _ => Vec::new(),
        });
        named.flat_map(|named| [Some(&named.name), named.alias.as_ref()]).flatten().map(|name| name.text.as_str())
    }

    /// The event table of that name or alias, with its number.
    pub fn event_table(&self, name: &str) -> Option<(usize, &With<ast::Events>)> {
        self.events.iter().enumerate().find(|(_, events)| is_called(&events.it.name, name))
    }
}

/// Whether something is called by its name or its alias.
pub fn is_called(named: &ast::Named, name: &str) -> bool {
    named.name.text == name || named.alias.as_ref().is_some_and(|alias| alias.text == name)
}

/// A parsed file: libraries are linked first, then inherited standards, then the folder's own.
struct Parsed {
    order: u32,
    /// Where its tables and libraries are looked for.
    prefix: String,
    tree: ast::File,
}

const LIBRARY: u32 = 0;
const INHERITED: u32 = 1;
const OWN: u32 = u32::MAX;

/// The work of reading: the policy so far, and the libraries seen, so that none includes itself.
struct Reader {
    policy: Policy,
    report: Report,
    seen: BTreeSet<String>,
}

impl Reader {
    fn folder(&mut self, folder: &Folder, fetch: &mut Fetch<'_>) {
        let mut files: Vec<&(String, String)> = folder.files.iter().filter(|(path, _)| !path.contains('/')).collect();
        files.sort_by_key(|(path, _)| (path != "scheme.kp", path.clone()));
        if !files.iter().any(|(path, _)| path.ends_with(".kp")) {
            self.report.push(no_scheme(&folder.root));
        }
        let mut parsed = Vec::new();
        for (path, text) in files.iter().filter(|(path, _)| path.ends_with(".kp")) {
            let id = self.policy.sources.add(format!("{}/{path}", folder.root), text.clone());
            parsed.push(kaoping_syntax::parse_file(id, text, &mut self.report));
        }
        for (path, text) in files.iter().filter(|(path, _)| path == "clauses.md") {
            let id = self.policy.sources.add(format!("{}/{path}", folder.root), text.clone());
            self.policy.clauses = Clauses::read(id, text);
            for (later, first) in self.policy.clauses.repeated() {
                self.report.push(clause_repeated(later, first));
            }
        }
        let mut tables = self.tables(folder);
        let parsed = self.with_libraries(folder, parsed, &mut tables, fetch);
        link::link(&mut self.policy, parsed, &tables, &mut self.report);
        inherit::apply(&mut self.policy, &mut self.report);
        for (path, text) in &folder.files {
            if let Some((name, file)) = path.strip_prefix("examples/").and_then(|rest| rest.split_once('/')) {
                self.policy.examples.entry(name.to_string()).or_default().insert(file.to_string(), text.clone());
            }
        }
    }

    /// Reads the CSV files of the folder; their columns are understood by what uses them.
    fn tables(&mut self, folder: &Folder) -> BTreeMap<String, (FileId, Table)> {
        let mut tables = BTreeMap::new();
        for (path, text) in folder.files.iter().filter(|(path, _)| !path.contains('/') && path.ends_with(".csv")) {
            let id = self.policy.sources.add(format!("{}/{path}", folder.root), text.clone());
            tables.insert(path.clone(), (id, kaoping_terms::table::read(id, text)));
        }
        tables
    }

    /// The files of the folder with all they use and inherit from, each once: libraries first,
    /// so that their rules are known where a scheme names them, then inherited standards.
    fn with_libraries(
        &mut self,
        folder: &Folder,
        files: Vec<ast::File>,
        tables: &mut BTreeMap<String, (FileId, Table)>,
        fetch: &mut Fetch<'_>,
    ) -> Vec<Parsed> {
        let own = |tree| Parsed { order: OWN, prefix: String::new(), tree };
        let mut all: Vec<Parsed> = Vec::new();
        let mut waiting: Vec<Parsed> = files.into_iter().rev().map(own).collect();
        while let Some(file) = waiting.pop() {
            for part in &file.tree.parts {
                match &part.kind {
                    ast::PartKind::Use(used) => {
                        let tree = self.library(folder, &file.prefix, used, fetch);
                        waiting.extend(tree.map(|tree| Parsed { order: LIBRARY, prefix: String::new(), tree }));
                    }
                    ast::PartKind::Inherit(inherited) => {
                        waiting.extend(self.parent(folder, &file.prefix, inherited, tables, fetch));
                    }
                    _ => {}
                }
            }
            all.push(file);
        }
        // The grandparent is met last and comes first.
        let inherited = all.iter().filter(|file| file.order == INHERITED).count();
        let mut met = 0;
        for file in all.iter_mut().filter(|file| file.order == INHERITED) {
            met += 1;
            file.order += u32::try_from(inherited - met).unwrap_or(0);
        }
        all.sort_by_key(|file| file.order);
        all
    }

    /// The scheme of an inherited standard; its tables and clauses join those of the folder.
    fn parent(
        &mut self,
        folder: &Folder,
        prefix: &str,
        inherited: &ast::Inherit,
        tables: &mut BTreeMap<String, (FileId, Table)>,
        fetch: &mut Fetch<'_>,
    ) -> Option<Parsed> {
        let mut at_prefix = |path: &str| fetch(&format!("{prefix}{path}"));
        let parent = inherit::parent(inherited, &mut at_prefix, &mut self.report)?;
        let scheme = parent.files.iter().find(|(path, _)| path == "scheme.kp").map(|(_, text)| text.clone())?;
        let own = folder.files.iter().any(|(path, text)| !path.contains('/') && *text == scheme);
        let path = format!("{prefix}{}/", parent.path);
        if own || !self.seen.insert(fingerprint(&scheme)) {
            self.report.push(inherits_itself(inherited));
            return None;
        }
        let mut tree = None;
        for (file, text) in parent.files {
            let id = self.policy.sources.add(format!("{}/{path}{file}", folder.root), text.clone());
            match file.as_str() {
                "scheme.kp" => tree = Some(kaoping_syntax::parse_file(id, &text, &mut self.report)),
                "clauses.md" => self.policy.clauses.append(Clauses::read(id, &text)),
                _ => {
                    tables.insert(format!("{path}{file}"), (id, kaoping_terms::table::read(id, &text)));
                }
            }
        }
        Some(Parsed { order: INHERITED, prefix: path, tree: tree? })
    }

    fn library(&mut self, folder: &Folder, prefix: &str, used: &ast::Use, fetch: &mut Fetch<'_>) -> Option<ast::File> {
        let path = format!("{prefix}{}", used.path.text.trim_start_matches("./"));
        let path = path.as_str();
        if folder.files.iter().any(|(own, _)| own == path) && !path.contains('/') {
            self.report.push(include_cycle(used));
            return None;
        }
        let inside = folder.files.iter().find(|(own, _)| own == path).map(|(_, text)| text.clone());
        let Some(text) = inside.or_else(|| fetch(path)) else {
            self.report.push(library_missing(used));
            return None;
        };
        let found = fingerprint(&text);
        match &used.version {
            None => self.report.push(library_not_pinned(used, &found)),
            Some(version) if version.text != found => self.report.push(library_changed(used, version, &found)),
            Some(_) => {}
        }
        if !self.seen.insert(path.to_string()) {
            return None;
        }
        self.policy.libraries.push((path.to_string(), found));
        let id = self.policy.sources.add(format!("{}/{path}", folder.root), text.clone());
        Some(kaoping_syntax::parse_file(id, &text, &mut self.report))
    }
}

/// The figure written in a cell of a table.
fn cell_literal(cell: &Cell, report: &mut Report) -> Option<ast::Literal> {
    kaoping_syntax::parse_literal(cell.place.file, cell.place.start as usize, &cell.text, true, report)
}

fn inherits_itself(inherited: &ast::Inherit) -> Diagnostic {
    Diagnostic::error(
        "include-cycle",
        Text::new(
            format!("“{}”承接了它自己", inherited.path.text),
            format!("`{}` is inherited by itself", inherited.path.text),
        ),
    )
    .at(inherited.path.place)
    .why(Text::new("承接绕成了圈，就没有一个是源头", "in a circle of standards none is the source"))
    .next(Text::new("改成真正的上级标准", "name the standard above it"))
}

fn clause_repeated(later: &Clause, first: &Clause) -> Diagnostic {
    let number = &later.number;
    Diagnostic::error(
        "clause-repeated",
        Text::new(format!("clauses.md 里“{number}”写了两条"), format!("clauses.md has two clauses `{number}`")),
    )
    .at(later.place)
    .also(first.place, Text::new("第一条在这里", "the first is here"))
    .why(Text::new(
        "写“依据”的不知道指哪一条；核对数字、引用原文只看第一条",
        "whoever names it may mean either; figures are compared with the first, and the first is quoted",
    ))
    .next(Text::new("合成一条，或改成各自的编号", "join them, or give each its own number"))
}

fn no_scheme(root: &str) -> Diagnostic {
    Diagnostic::error(
        "no-scheme",
        Text::new(format!("“{root}”里没有 .kp 文件"), format!("there is no .kp file in `{root}`")),
    )
    .why(Text::new("方案写在 scheme.kp 里", "a policy is written in scheme.kp"))
    .next(Text::new(
        "检查路径，或用 kaoping new 由指标表生成一个",
        "check the path, or make one from an indicator table with `kaoping new`",
    ))
}

fn include_cycle(used: &ast::Use) -> Diagnostic {
    Diagnostic::error(
        "include-cycle",
        Text::new(
            format!("“{}”引用了方案自己的文件", used.path.text),
            format!("`{}` is a file of this policy itself", used.path.text),
        ),
    )
    .at(used.path.place)
    .why(Text::new(
        "同一文件夹里的 .kp 会自动读入，再引用就成了引用自己",
        "every .kp file of the folder is read already; using it again would include the policy in itself",
    ))
    .next(Text::new("删去这一行", "remove this line"))
}

fn library_missing(used: &ast::Use) -> Diagnostic {
    Diagnostic::error(
        "library-missing",
        Text::new(
            format!("找不到引用的规则库“{}”", used.path.text),
            format!("the rule library `{}` is not there", used.path.text),
        ),
    )
    .at(used.path.place)
    .why(Text::new(
        "方案里的规则种类都写在规则库里，没有它就无法评分",
        "the kinds of rules a policy uses are written in its library",
    ))
    .next(Text::new("检查相对路径（相对方案文件夹）", "check the path, which is relative to the policy folder"))
}

fn library_not_pinned(used: &ast::Use, found: &str) -> Diagnostic {
    Diagnostic::warning(
        "library-not-pinned",
        Text::new("引用的规则库没有写明版本", "the rule library is used without a version"),
    )
    .at(used.path.place)
    .why(Text::new("规则库一改，得分就会变，而方案看不出来", "a change of the library would change scores unseen"))
    .next(Text::new(format!("在后面写：版 \"{found}\""), format!("write behind it: 版 \"{found}\"")))
}

fn library_changed(used: &ast::Use, version: &ast::Quoted, found: &str) -> Diagnostic {
    Diagnostic::error(
        "library-changed",
        Text::new("规则库与方案写明的版本不同", "the rule library is not the version the policy names"),
    )
    .at(version.place)
    .label(Text::new(format!("现在是 {found}"), format!("now {found}")))
    .why(Text::new(
        format!("“{}”在方案定稿后被改过", used.path.text),
        format!("`{}` was changed after the policy was written", used.path.text),
    ))
    .next(Text::new("核对改动；同意就把版本改成现在的", "review the change; if you agree, write the present version"))
}
