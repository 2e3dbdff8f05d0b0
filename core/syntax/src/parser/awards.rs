//! Awards, grades, quotas, rosters and funds.

use super::{Kind, Parser, Punct, parts::Headed};
use crate::{
    ast::{Award, AwardRule, Distribution, GradeBand, GradeMove, Grades, PartKind, Prize, Quota, Roster},
    keyword::Keyword,
    soft::Soft,
};
use alloc::vec::Vec;
use kaoping_terms::Text;

/// Words that may stand behind a figure of an award.
const AWARD_WORDS: &[Soft] = &[Soft::LastPlaceTies, Soft::Prize];
/// Words that may stand behind a figure of a grade band.
const BAND_WORDS: &[Soft] =
    &[Soft::Units, Soft::Beyond, Soft::LastPlaceTies, Soft::HalfUp, Soft::HalfEven, Soft::Down, Soft::Up];
/// Words that may stand behind a figure of a fund.
const FUND_WORDS: &[Soft] = &[Soft::EachShare, Soft::Remainder, Soft::EqualRemainder];

/// Words that may stand behind the edge of a grade.
const BEHIND_BAND: &[Soft] = &[
    Soft::Units,
    Soft::Down,
    Soft::Up,
    Soft::HalfUp,
    Soft::HalfEven,
    Soft::LastPlaceTies,
    Soft::Beyond,
    Soft::LoweredTo,
];

impl Parser<'_> {
    /// Behind 奖.
    pub(super) fn award(&mut self) -> Option<Award> {
        let name = self.name()?;
        let how = match self.one_of(&[Soft::Take, Soft::JudgedBy])? {
            Soft::JudgedBy => self.judged()?,
            _ => self.taken()?,
        };
        let mut award = Award {
            name,
            how,
            per_group: None,
            filter: None,
            excluding: Vec::new(),
            unless: None,
            last_place_ties: None,
            prizes: Vec::new(),
        };
        loop {
            let place = self.place();
            if self.keyword() == Some(Keyword::Over) {
                award.per_group = Some(self.peers_or_all()?);
            } else if self.accept(Keyword::Where) {
                let filter = self.stopping(AWARD_WORDS, Self::expression)?;
                self.once_only(&mut award.filter, filter, place);
            } else if self.accept(Keyword::Except) {
                award.excluding.extend(self.name_list()?);
            } else if self.accept(Keyword::Unless) {
                let unless = self.stopping(AWARD_WORDS, Self::expression)?;
                self.once_only(&mut award.unless, unless, place);
            } else if self.accept_soft(Soft::LastPlaceTies) {
                let word = self.word_of(&[Soft::TakeAll, Soft::DropAll, Soft::ByHand])?;
                self.once_only(&mut award.last_place_ties, word, place);
            } else if self.accept_soft(Soft::Prize) {
                award.prizes.extend(self.stopping(AWARD_WORDS, Self::prizes)?);
            } else {
                return Some(award);
            }
        }
    }

    /// Behind 奖金: one amount for each winner, or one for each place or stretch of places.
    fn prizes(&mut self) -> Option<Vec<Prize>> {
        if !self.is_soft(Soft::Place) {
            return Some([Prize { places: None, amount: self.literal()? }].into());
        }
        let mut prizes = Vec::new();
        while self.accept_soft(Soft::Place) {
            let from = self.count()?;
            let to = if self.accept(Keyword::Until) { self.count()? } else { from.clone() };
            self.counter();
            prizes.push(Prize { places: Some((from, to)), amount: self.literal()? });
            self.accept_punct(Punct::Comma);
        }
        Some(prizes)
    }

    fn judged(&mut self) -> Option<AwardRule> {
        let by = self.name()?;
        self.expect(Keyword::AtMost)?;
        let at_most = self.count()?;
        self.counter();
        Some(AwardRule::Judged { by, at_most })
    }

    fn taken(&mut self) -> Option<AwardRule> {
        match self.one_of(&[Soft::First, Soft::Last, Soft::Place, Soft::All])? {
            Soft::First => {
                let count = self.places()?;
                Some(AwardRule::First { count, by: self.by_expression()? })
            }
            Soft::Last => {
                let count = self.places()?;
                Some(AwardRule::Last { count, by: self.by_expression()? })
            }
            Soft::Place => {
                let from = self.count()?;
                self.expect(Keyword::Until)?;
                let to = self.places()?;
                Some(AwardRule::Between { from, to, by: self.by_expression()? })
            }
            _ => Some(AwardRule::Everyone),
        }
    }

    /// `3 名`.
    fn places(&mut self) -> Option<crate::ast::Literal> {
        let count = self.count()?;
        self.counter();
        Some(count)
    }

    fn by_expression(&mut self) -> Option<crate::ast::Expr> {
        self.expect(Keyword::By)?;
        self.stopping(AWARD_WORDS, Self::expression)
    }

    /// `于 同组`.
    fn peer_group(&mut self) -> Option<()> {
        self.expect(Keyword::Over)?;
        self.expect(Keyword::PeerGroup)
    }

    /// `于 同组` (yes) or `于 全体` (no).
    fn peers_or_all(&mut self) -> Option<bool> {
        self.expect(Keyword::Over)?;
        if self.accept(Keyword::PeerGroup) {
            return Some(true);
        }
        let everyone = if self.chinese { "全体" } else { "everyone" };
        if matches!(self.kind(), Kind::Word(word) if word == everyone) {
            self.name()?;
            return Some(false);
        }
        self.wanted(Text::new("“同组”或“全体”", "`peers` or `everyone`"), None)
    }

    fn at_peer_group(&mut self) -> Option<bool> {
        if self.keyword() == Some(Keyword::Over) { self.peer_group().map(|()| true) } else { Some(false) }
    }

    /// Behind 等次.
    pub(super) fn grades(&mut self) -> Option<Headed> {
        self.expect(Keyword::By)?;
        let by = self.expression()?;
        let per_group = match self.keyword() {
            Some(Keyword::Over) => Some(self.peers_or_all()?),
            _ => None,
        };
        let authority = self.authorities();
        let mut bands = Vec::new();
        while self.is_free_word(0) {
            bands.push(self.stopping(BAND_WORDS, Self::band)?);
        }
        Some((PartKind::Grades(Grades { by, per_group, bands }), authority))
    }

    /// Behind 晋降.
    pub(super) fn grade_move(&mut self) -> Option<GradeMove> {
        let name = self.name()?;
        self.expect(Keyword::When)?;
        let when = self.expression()?;
        self.expect_punct(Punct::Arrow)?;
        let up = self.one_of(&[Soft::Raised, Soft::Lowered])? == Soft::Raised;
        let steps = self.count()?;
        let after_shares = if self.accept_soft(Soft::AfterShares) {
            Some(true)
        } else {
            self.accept_soft(Soft::BeforeShares).then_some(false)
        };
        Some(GradeMove { name, when, up, steps, after_shares })
    }

    fn band(&mut self) -> Option<GradeBand> {
        let start = self.place();
        let name = self.name()?;
        let edge = match self.relation() {
            Some(relation) => {
                self.bump();
                Some((relation, self.literal()?))
            }
            None => {
                self.expect(Keyword::Rest)?;
                None
            }
        };
        let (mut share, mut rounding, mut last_place_ties, mut overflow) = (None, None, None, None);
        loop {
            self.accept_punct(Punct::Comma);
            let place = self.place();
            if self.accept(Keyword::AtMost) {
                let limit = self.literal()?;
                self.accept_soft(Soft::Units);
                self.once_only(&mut share, limit, place);
            } else if Soft::ROUNDINGS.iter().any(|mode| self.is_soft(*mode)) {
                let mode = self.rounding_mode()?;
                self.once_only(&mut rounding, mode, place);
            } else if self.accept_soft(Soft::LastPlaceTies) {
                let word = self.word_of(&[Soft::TakeAll, Soft::DropAll, Soft::ByHand])?;
                self.once_only(&mut last_place_ties, word, place);
            } else if self.accept_soft(Soft::Beyond) {
                self.expect_soft(Soft::LoweredTo)?;
                let lower = self.name()?;
                self.once_only(&mut overflow, lower, place);
            } else if !self.first_on_line() && self.at_glued(BEHIND_BAND) {
                return self.wanted_soft(BEHIND_BAND);
            } else {
                break;
            }
        }
        let place = self.since(start);
        let authority = self.authorities();
        Some(GradeBand { name, edge, share, rounding, last_place_ties, overflow, place, authority })
    }

    /// Behind 名额.
    pub(super) fn quota(&mut self) -> Option<Headed> {
        let mut quota = Quota { name: self.name()?, ..Quota::default() };
        let mut authority = self.authorities();
        loop {
            self.accept_punct(Punct::Comma);
            let place = self.place();
            if self.accept(Keyword::Rest) {
                self.expect_punct(Punct::Arrow)?;
                let rest = self.stopping(&[Soft::Sum], Self::constant)?;
                self.once_only(&mut quota.rest, rest, place);
            } else if self.is_soft(Soft::Sum) && !self.is_punct_at(1, Punct::Open) {
                self.bump_soft(Soft::Sum);
                let total = self.literal()?;
                self.once_only(&mut quota.total, total, place);
            } else if self.at_value() || self.at_result_condition() {
                let when = self.expression()?;
                self.expect_punct(Punct::Arrow)?;
                quota.rows.push((when, self.stopping(&[Soft::Sum], Self::constant)?));
            } else {
                return Some((PartKind::Quota(quota), authority));
            }
            authority.extend(self.authorities());
        }
    }

    /// Behind 名单.
    pub(super) fn roster(&mut self) -> Option<Roster> {
        let name = self.name()?;
        self.expect(Keyword::Where)?;
        Some(Roster { name, filter: self.expression()? })
    }

    /// Behind 分配.
    pub(super) fn distribution(&mut self) -> Option<Distribution> {
        self.stopping(FUND_WORDS, |parser| {
            let name = parser.name()?;
            let amount = parser.literal()?;
            let per_group = parser.at_peer_group()?;
            parser.expect(Keyword::By)?;
            let by = parser.expression()?;
            let filter = if parser.accept(Keyword::Where) { Some(parser.expression()?) } else { None };
            parser.expect_soft(Soft::EachShare)?;
            let share = parser.literal()?;
            let remainder = if parser.accept_soft(Soft::Remainder) {
                Some(parser.word_of(&[Soft::LargestRemainder])?)
            } else {
                None
            };
            let ties = parser.accept_soft(Soft::EqualRemainder);
            let remainder_ties = if ties { Some(parser.result_name()?) } else { None };
            Some(Distribution { name, amount, per_group, by, filter, share, remainder, remainder_ties })
        })
    }

    /// Whether a value begins here.
    pub(super) fn at_value(&self) -> bool {
        use Keyword as K;
        match self.keyword() {
            None => {
                let open = self.is_punct(Punct::Open) || self.is_punct(Punct::Minus);
                open || self.is_free_word(0) || self.at_literal() || self.at_day()
            }
            Some(K::RoundTo) => self.is_punct_at(1, Punct::Open),
            Some(K::Not | K::NotApplicable | K::Tiers | K::Slices | K::Unreadable) => true,
            Some(_) => false,
        }
    }

    /// Whether a condition on a result begins here: 等次 = 优秀, 名次 ≤ 3, 总分 < 80 分. The
    /// same words begin statements, but then no comparison stands behind them.
    fn at_result_condition(&self) -> bool {
        let result = matches!(self.keyword(), Some(Keyword::Total | Keyword::Ranking | Keyword::Grades));
        let next = self.look(1);
        let compared = matches!(
            next.kind,
            super::Kind::Punct(
                Punct::Equal | Punct::NotEqual | Punct::Less | Punct::AtMost | Punct::Greater | Punct::AtLeast
            )
        );
        result && (compared || next.keyword == Some(Keyword::In))
    }

    fn at_day(&self) -> bool {
        matches!(self.kind(), super::Kind::Day(_))
    }
}
