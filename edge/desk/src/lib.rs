//! The only writer of the record.
//!
//! A [`Desk`] decides deeds one after another, on a state of its own, and writes many at a time: one
//! transaction holds their entries and the rows that follow. Readers see a state that is durable. A
//! write that fails is thrown away with the writer's state; where it may or may not have reached the
//! disk, the desk stops and has to be opened anew.
//!
//! Time and keys come in as arguments.

mod answer;
pub mod awards;
mod beside;
pub mod bundle;
pub mod calendars;
pub mod checks;
mod desk;
pub mod drafting;
pub mod given;
mod here;
mod load;
pub mod replay;
pub mod scoring;
pub mod signed;
mod signing;
pub mod standard;
pub mod verify;
mod watch;
pub mod what_if;
mod writer;

pub use answer::{Answer, Receipt, Refusal, Request, used_otherwise};
pub use beside::Follows;
pub use desk::{Desk, Opening, Shown};
pub use kaoping_sheets::file::system_reason;
pub use load::{Loaded, load};
pub use watch::Watch;
