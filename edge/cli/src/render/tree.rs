//! Trees of lines, for explanations.

/// A line and what stands below it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    /// The line; a line end in it continues it, indented, below.
    pub line: String,
    /// What stands below it.
    pub children: Vec<Tree>,
}

impl Tree {
    /// A line with nothing below it.
    pub fn new(line: impl Into<String>) -> Self {
        Self { line: line.into(), children: Vec::new() }
    }

    /// Adds a child.
    #[must_use]
    pub fn with(mut self, child: Tree) -> Self {
        self.children.push(child);
        self
    }

    /// Adds a line below.
    pub fn push(&mut self, line: impl Into<String>) {
        self.children.push(Tree::new(line));
    }

    /// The tree as text, each line ended.
    pub fn render(&self) -> String {
        let mut out = String::new();
        self.draw(&mut out, &mut String::new(), "", "");
        out
    }

    /// Draws the node whose first line begins with `prefix` + `branch`, everything below it
    /// with `prefix` + `below`.
    fn draw(&self, out: &mut String, prefix: &mut String, branch: &str, below: &str) {
        let depth = prefix.len();
        let mut lines = self.line.lines();
        out.push_str(prefix);
        out.push_str(branch);
        out.push_str(lines.next().unwrap_or("").trim_end());
        out.push('\n');
        prefix.push_str(below);
        let rest_mark = if self.children.is_empty() { "   " } else { "│  " };
        for line in lines {
            out.push_str(format!("{prefix}{rest_mark}{line}").trim_end());
            out.push('\n');
        }
        if let Some((last, others)) = self.children.split_last() {
            for child in others {
                child.draw(out, prefix, "├─ ", "│  ");
            }
            last.draw(out, prefix, "└─ ", "   ");
        }
        prefix.truncate(depth);
    }
}

#[cfg(test)]
mod tests {
    use super::Tree;

    #[test]
    fn draws_branches() {
        let tree = Tree::new("乙县 · 城镇新增就业  2.25 / 3.00 分")
            .with(Tree::new("规则  加分指标  二(二)3"))
            .with(
                Tree::new("完成比例 88.2 %\n差 11.8 %")
                    .with(Tree::new("完成  4,410 人"))
                    .with(Tree::new("目标  5,000 人\n2025-03-02 责任书")),
            )
            .with(Tree::new("3.00 × (1 − 25 %) = 2.25").with(Tree::new("整步 5")));
        let expected = "\
乙县 · 城镇新增就业  2.25 / 3.00 分
├─ 规则  加分指标  二(二)3
├─ 完成比例 88.2 %
│  │  差 11.8 %
│  ├─ 完成  4,410 人
│  └─ 目标  5,000 人
│        2025-03-02 责任书
└─ 3.00 × (1 − 25 %) = 2.25
   └─ 整步 5
";
        assert_eq!(tree.render(), expected);
    }
}
