//! Every keyword, in Chinese and in English. A file uses one of the two.

/// Defines the keywords once: variant, Chinese, English, whether it may begin a statement.
macro_rules! keywords {
    ($($variant:ident $zh:literal $en:literal $begins:literal,)*) => {
        /// A keyword of the language.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[allow(missing_docs)]
        pub enum Keyword { $(#[doc = concat!($zh, ", ", $en)] $variant,)* }

        impl Keyword {
            /// All keywords.
            pub const ALL: &[Keyword] = &[$(Keyword::$variant,)*];

            /// The Chinese spelling.
            pub fn chinese(self) -> &'static str { match self { $(Keyword::$variant => $zh,)* } }

            /// The English spelling.
            pub fn english(self) -> &'static str { match self { $(Keyword::$variant => $en,)* } }

            /// Whether it begins a statement, so that it ends the one before it.
            pub fn begins_statement(self) -> bool { match self { $(Keyword::$variant => $begins,)* } }
        }
    };
}

keywords! {
    // Parts of a file.
    Use "引用" "use" true,
    Noun "单位名" "noun" true,
    Attribute "属性" "attribute" true,
    Scheme "方案" "scheme" true,
    Block "块" "block" true,
    Item "项" "item" true,
    Rule "规则" "rule" true,
    Decision "决定" "decision" true,
    Events "明细" "events" true,
    Award "奖" "award" true,
    AwardCount "合计奖数" "award_count" true,
    PrizeTotal "奖金合计" "prize_total" true,
    Deadlines "期限" "deadlines" true,
    Grades "等次" "grades" true,
    GradeMove "晋降" "grade_move" true,
    Veto "否决" "veto" true,
    Quota "名额" "quota" true,
    Roster "名单" "roster" true,
    Distribution "分配" "distribute" true,
    Merge "合并" "merge" true,
    Rounds "轮次" "rounds" true,
    Once "一事不再扣" "once" true,
    Inherit "承接" "inherit" true,
    Change "改" "change" true,
    AddPart "增" "insert" true,
    RemovePart "删" "remove" true,
    Correction "更正" "correct" true,
    // Settings of a scheme.
    Assessed "被考核" "assessed" true,
    FullMark "满分" "full_mark" true,
    Total "总分" "total" true,
    RoundItems "每项取到" "round_items" true,
    RoundBlocks "每块取到" "round_blocks" true,
    RoundTotal "总分取到" "round_total" true,
    Display "显示到" "display" true,
    Ranking "名次" "ranking" true,
    TieBreak "比序" "tie_break" true,
    Missing "未报" "missing" true,
    PartialReports "缺报" "partial_reports" true,
    ItemTable "项目表" "item_table" true,
    PeerGroup "同组" "peers" true,
    DefaultRule "默认规则" "default_rule" true,
    Period "适用期" "period" true,
    Responsibility "责任分工" "responsibility" true,
    // Lines of an item, rule or decision.
    Input "读入" "input" true,
    Parameter "参数" "parameter" true,
    Choice "选择" "choice" true,
    Let "设" "let" true,
    Gives "给出" "gives" true,
    Score "得" "score" true,
    Outcome "结论" "outcome" true,
    Deduct "扣" "deduct" true,
    Add "加" "add" true,
    By "按" "by" true,
    SubScheme "子方案" "subscheme" true,
    AtMost "至多" "at_most" true,
    AtLeast "至少" "at_least" true,
    RoundTo "取到" "round" true,
    Applies "适用" "applies" true,
    Otherwise "不适用时" "if_not_applicable" true,
    WhenMissing "未报时" "if_missing" true,
    LowerIsBetter "越低越好" "lower_is_better" true,
    Lead "牵头" "lead" true,
    Responsible "责任" "responsible" true,
    Supporting "协办" "supporting" true,
    Definition "口径" "definition" true,
    ExampleLine "例" "case" true,
    // What any statement rests on.
    Clause "依据" "clause" true,
    Example "示例" "example" true,
    // Inside statements.
    When "当" "when" false,
    Else "否则" "otherwise" false,
    Rest "其余" "rest" false,
    Say "说" "say" false,
    Each "每" "each" false,
    Where "其中" "where" false,
    Over "于" "over" false,
    Except "除" "except" false,
    Unless "除非" "unless" false,
    And "且" "and" false,
    Or "或" "or" false,
    Not "非" "not" false,
    In "属于" "in" false,
    NotApplicable "不适用" "not_applicable" false,
    Tiers "档" "tiers" false,
    Slices "分段" "slices" false,
    Unreadable "不可读" "unreadable" false,
    Because "因为" "because" false,
    Version "版" "version" false,
    From "自" "from" false,
    Until "至" "to" false,
    Same "同" "same" false,
}

impl Keyword {
    /// The keyword of that spelling in one of the two languages.
    pub fn find(word: &str, chinese: bool) -> Option<Keyword> {
        // The same statement about points that are added: there 扣 would be the wrong word.
        if chinese && word == "一事一计" {
            return Some(Keyword::Once);
        }
        Self::ALL.iter().copied().find(|keyword| word == if chinese { keyword.chinese() } else { keyword.english() })
    }

    /// Whether the keyword also names a result that an expression may use.
    pub(crate) fn is_result(self) -> bool {
        matches!(self, Self::Total | Self::Ranking | Self::Grades | Self::FullMark | Self::PeerGroup)
    }

    /// Whether the keyword is often met inside other statements.
    pub(crate) fn is_ambiguous(self) -> bool {
        self.is_result()
            || matches!(self, Self::By | Self::AtMost | Self::AtLeast | Self::RoundTo | Self::Item | Self::Block)
            || matches!(
                self,
                Self::Award | Self::ExampleLine | Self::Clause | Self::Example | Self::Choice | Self::Missing
            )
    }

    /// Whether the keyword is also a noun of measure, as in `3 例`, `2 项`.
    pub(crate) fn is_noun(self) -> bool {
        matches!(self, Self::ExampleLine | Self::Item | Self::Block | Self::Tiers | Self::Award)
    }
}
