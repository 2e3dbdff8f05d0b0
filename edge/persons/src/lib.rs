//! Data about people, outside the record.
//!
//! What is known of a person is encrypted under a key of its own. The keys stand in a ring ([`ring`]), a file outside the
//! store, each wrapped by a master key that is read from another file. Whoever has only the store, or a backup of it, reads
//! nothing; a key that is overwritten erases its person from all of them. Which values are sound, and how they are shown
//! masked, is told in one place each ([`values`], [`mask`]), and never by naming the value.

mod cipher;
pub mod keeper;
pub mod mask;
pub mod master;
mod refusal;
pub mod ring;
pub mod secret;
pub mod values;

pub use cipher::Cipher;
pub use keeper::{Keeper, Sealed};
pub use refusal::{changed, gone, not_kept, personal_text};
pub use values::Values;
