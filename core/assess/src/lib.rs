//! A scheme and facts give scores, ranks, awards and the reason for each.
//!
//! Files are taken row by row ([`UnitsBuilder`], [`FactsBuilder`], [`EventsBuilder`]), every
//! fault in them is reported together; then [`assess`] runs the program of the standard over
//! all units and works out everything that follows from the scores. Nothing here touches a
//! disk, and nothing depends on the order in which units are listed.
#![no_std]

extern crate alloc;

mod awards;
mod columns;
pub mod compare;
mod competing;
mod decimals;
mod due;
mod entries;
mod event_findings;
pub mod events;
pub mod explain;
mod fact_findings;
pub mod facts;
mod fields;
mod figures;
mod funds;
mod grades;
pub mod lines;
pub mod live;
mod merged;
mod not_counted;
mod nouns;
mod odd_periods;
mod outcome;
pub mod owed;
pub mod period;
mod planned;
pub mod prepare;
pub mod reading;
pub mod reasons;
pub mod result;
mod room;
mod rounds;
pub mod rows;
mod run;
pub mod slice;
mod source;
mod steady;
pub mod taken;
mod tally;
pub mod targets;
pub mod ties;
mod trail;
mod undefined;
pub mod units;
mod untimely;
mod wanted;

pub use events::{Event, EventRow, Events, EventsBuilder};
pub use facts::{FactRow, FactsBuilder};
pub use figures::{Facts, Reported};
pub use live::{Effect, Live, NotFollowed, What};
pub use merged::Part;
pub use owed::owed;
pub use period::Period;
pub use prepare::{Given, Groups, Prepared};
pub use result::{
    Answer, Assessment, AwardList, AwardReason, AwardResult, GradeResult, GradeTie, ItemResult, Owed, Owing,
    QuotaResult, RosterResult, ShareResult, Strike, Undefined, Winner,
};
pub use room::Room;
pub use run::{Options, assess, assess_in, assess_prepared, prepare};
pub use slice::Slice;
pub use targets::HandedDown;
pub use units::{Unit, UnitRow, Units, UnitsBuilder};
