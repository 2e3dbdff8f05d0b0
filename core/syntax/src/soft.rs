//! Soft words: they mean something only where a statement expects them, and are free as
//! names everywhere else. That keeps the list of reserved words short, so that a policy
//! may still call a figure 末位 or `first`.
//!
//! A soft word that stands in the tree (暂缺, 四舍五入, 每月 …) stands there in its Chinese
//! spelling, so that later stages know one spelling only.

/// Defines the soft words once: variant, Chinese, English.
macro_rules! soft_words {
    ($($variant:ident $zh:literal $en:literal,)*) => {
        /// A word that is special only where it is expected.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Soft { $(#[doc = concat!($zh, ", ", $en)] $variant,)* }

        impl Soft {
            /// All soft words.
            pub const ALL: &[Soft] = &[$(Soft::$variant,)*];

            /// The Chinese spelling.
            pub fn chinese(self) -> &'static str { match self { $(Soft::$variant => $zh,)* } }

            /// The English spelling.
            pub fn english(self) -> &'static str { match self { $(Soft::$variant => $en,)* } }
        }
    };
}

soft_words! {
    // Types.
    Quantity "量" "quantity",
    Number "数" "number",
    Percent "百分比" "percent",
    YesNo "是否" "yes_no",
    Text "文字" "text",
    Date "日期" "date",
    PercentagePoints "个百分点" "percentage_points",
    // Roundings.
    HalfUp "四舍五入" "half_up",
    HalfEven "五成双" "half_even",
    Down "去尾" "down",
    Up "进一" "up",
    Unrounded "不取整" "unrounded",
    // Settings.
    Descending "从高到低" "descending",
    Ascending "从低到高" "ascending",
    TiesSkip "并列占位" "ties_skip",
    TiesDense "并列不占位" "ties_dense",
    Still "仍同" "still",
    Tie "并列" "tie",
    Lot "抽签" "lot",
    Deferred "暂缺" "deferred",
    ZeroPoints "零分" "zero_points",
    LowestPoints "最低" "lowest_points",
    Returned "退回" "returned",
    NotCounted "不计" "not_counted",
    PerItem "按项" "per_item",
    Undivided "不分" "undivided",
    // Blocks.
    ScaledFrom "折自" "scaled_from",
    OutsideFullMark "不计满分" "outside_full_mark",
    // Items.
    Substitute "改评" "assess_instead",
    ScaledUp "折算" "scaled_up",
    LessFullMark "减满分" "less_full_mark",
    Step "级" "step",
    NeedsReason "须理由" "reason_required",
    Assessors "评委" "judges",
    Default "缺则" "default",
    EachMonth "每月" "monthly",
    EachQuarter "每季" "quarterly",
    EachHalfYear "每半年" "half_yearly",
    EachYear "每年" "yearly",
    EachPeriod "每期" "each_period",
    // Awards.
    Take "取" "take",
    First "前" "first",
    Last "末" "last",
    Place "第" "place",
    Places "名" "places",
    Pieces "个" "pieces",
    All "全部" "all",
    JudgedBy "由" "judged_by",
    LastPlaceTies "末位并列" "last_place_ties",
    TakeAll "全取" "take_all",
    DropAll "全舍" "drop_all",
    ByHand "人工" "by_hand",
    Prize "奖金" "prize",
    // Grades and vetoes.
    Units "单位" "units",
    Beyond "超出" "beyond",
    LoweredTo "降为" "lowered_to",
    ToZero "归零" "to_zero",
    ThisItem "本项" "this_item",
    Lowered "降" "lowered",
    Raised "升" "raised",
    BeforeShares "限额前" "before_shares",
    AfterShares "限额后" "after_shares",
    SetTo "定为" "set_to",
    Bars "取消" "bars",
    // Quotas, funds, merging.
    Sum "合计" "sum",
    // Which line of one matter counts.
    TakeHighest "取最高" "highest",
    EachShare "每份" "each_share",
    Remainder "余数" "remainder",
    LargestRemainder "最大余数" "largest_remainder",
    EqualRemainder "同余" "equal_remainder",
    UsedFor "用于" "used_for",
    Scores "得分" "scores",
    SameScoreEach "各得同分" "same_score_each",
    // Rounds and deadlines.
    Official "正式" "official",
    Difference "相差" "difference",
    MustExplain "须说明" "explain",
    FeedsInto "先于" "feeds",
    Before "前" "before",
    Within "内" "within",
    Onward "起" "onward",
    // Corrections, parameters of another day.
    Original "原文" "original",
    Now "现为" "now",
    Standard "标准" "standard",
}

impl Soft {
    /// How it is spelled in one of the two languages.
    pub fn spelling(self, chinese: bool) -> &'static str {
        if chinese { self.chinese() } else { self.english() }
    }

    /// The words that say how often a figure comes.
    pub const PERIODS: &[Soft] =
        &[Soft::EachMonth, Soft::EachQuarter, Soft::EachHalfYear, Soft::EachYear, Soft::EachPeriod];

    /// The words that say how a number is rounded.
    pub const ROUNDINGS: &[Soft] = &[Soft::HalfUp, Soft::HalfEven, Soft::Down, Soft::Up];
}

/// Functions in Chinese and in English, for translating a file. What they mean is known to
/// `kaoping-rules` only; a function that is missing here is simply left as it is written.
pub const FUNCTIONS: &[(&str, &str)] = &[
    ("较小", "min"),
    ("较大", "max"),
    ("夹", "clamp"),
    ("步数", "steps"),
    ("取到", "round"),
    ("已报", "reported"),
    ("去年同期", "last_year"),
    ("增长", "growth"),
    ("位次", "rank"),
    ("占比", "share"),
    ("最优", "best"),
    ("最高", "highest"),
    ("最低", "lowest"),
    ("合计", "sum"),
    ("累计", "cumulative"),
    ("平均", "mean"),
    ("中位", "median"),
    ("件数", "count"),
    ("单位数", "unit_count"),
    ("去高低平均", "trimmed_mean"),
    ("最后", "last"),
    ("全部", "all"),
    ("任一", "any"),
];

/// Domains of aggregates in Chinese and in English; 同组 is a keyword and not listed.
pub const DOMAINS: &[(&str, &str)] = &[
    ("全体", "everyone"),
    ("下级", "subordinates"),
    ("各期", "periods"),
    ("各月", "months"),
    ("各季", "quarters"),
    ("各评委", "assessors"),
    ("各项", "items"),
];
