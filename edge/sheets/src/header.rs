//! The first row of a sheet: which column is which, in Chinese or in English.

use kaoping_terms::nearest::nearest;
use unicode_normalization::UnicodeNormalization;

/// Column names both languages have, the English one first. A sheet may use either, in any
/// case and in full-width letters.
pub const COLUMN_NAMES: &[(&str, &[&str])] = &[
    ("unit", &["单位"]),
    ("indicator", &["指标"]),
    ("field", &["字段"]),
    ("value", &["数值"]),
    ("period", &["期间"]),
    ("evidence", &["凭据"]),
    ("round", &["轮次"]),
    ("assessor", &["评委"]),
    ("reason", &["理由"]),
    ("name", &["名称"]),
    ("parent", &["上级"]),
    ("kind", &["类别"]),
    ("group", &["分组"]),
    ("id", &["编号"]),
    ("date", &["日期"]),
    ("withdrawn", &["撤销"]),
    ("actual", &["完成数", "完成"]),
    ("target", &["目标数", "目标"]),
];

/// One column of a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// As it was written, without surrounding blanks.
    pub written: String,
    /// After NFKC and in small letters: what names of a scheme are compared with.
    pub folded: String,
    /// The English name of a column both languages know, otherwise as `folded`.
    pub name: String,
}

impl Column {
    /// The column headed by these words.
    pub fn new(written: &str) -> Self {
        let written = written.trim();
        let folded = fold(written);
        let known = COLUMN_NAMES.iter().find(|(_, chinese)| chinese.contains(&folded.as_str()));
        let name = known.map_or_else(|| folded.clone(), |(english, _)| (*english).to_owned());
        Self { written: written.to_owned(), folded, name }
    }

    /// Whether nothing stands at the head of it.
    pub fn is_unnamed(&self) -> bool {
        self.folded.is_empty()
    }
}

/// A column's name as names are compared: NFKC, trimmed, small letters.
pub fn fold(name: &str) -> String {
    name.trim().nfkc().collect::<String>().trim().to_lowercase()
}

/// The header of a sheet.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Header {
    columns: Vec<Column>,
}

impl Header {
    /// The header made of these cells.
    pub fn new<'c>(cells: impl IntoIterator<Item = &'c str>) -> Self {
        Self { columns: cells.into_iter().map(Column::new).collect() }
    }

    /// The columns, left to right.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The position of a column, by its English name, its Chinese name, or a name of the
    /// scheme; what was written comes before what it means.
    pub fn find(&self, name: &str) -> Option<usize> {
        let wanted = Column::new(name);
        let by = |test: &dyn Fn(&Column) -> bool| self.columns.iter().position(test);
        by(&|column| column.folded == wanted.folded).or_else(|| by(&|column| column.name == wanted.name))
    }

    /// The written name nearest to one that was not found, for "did you mean".
    pub fn nearest(&self, name: &str) -> Option<&str> {
        let folded = fold(name);
        let found = nearest(&folded, self.columns.iter().map(|column| column.folded.as_str()))?;
        self.columns.iter().find(|column| column.folded == found).map(|column| column.written.as_str())
    }

    /// The columns that repeat an earlier one, each with the position of the earlier.
    pub fn repeated(&self) -> Vec<(usize, usize)> {
        let named = |at: usize| self.columns.get(at).filter(|column| !column.is_unnamed());
        (0..self.columns.len())
            .filter_map(|later| {
                let name = &named(later)?.name;
                let earlier = (0..later).find(|at| named(*at).is_some_and(|c| &c.name == name))?;
                Some((later, earlier))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Header;

    #[test]
    fn chinese_and_english_name_the_same_columns() {
        let header = Header::new([" 单位 ", "ＩＮＤＩＣＡＴＯＲ", "数值", "级别", "Pilot"]);
        for (name, at) in [
            ("unit", Some(0)),
            ("单位", Some(0)),
            ("indicator", Some(1)),
            ("指标", Some(1)),
            ("value", Some(2)),
            ("级别", Some(3)),
            ("pilot", Some(4)),
            ("field", None),
        ] {
            assert_eq!(header.find(name), at, "{name}");
        }
        assert_eq!(Header::new(["unit", "indicater"]).nearest("indicator"), Some("indicater"));
    }

    #[test]
    fn a_column_given_in_both_languages_is_repeated() {
        let header = Header::new(["单位", "unit", "数值", "", "", "数值"]);
        assert_eq!(header.repeated(), [(1, 0), (5, 2)]);
    }
}
