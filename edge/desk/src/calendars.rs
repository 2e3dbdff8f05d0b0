//! The holiday notices that come with the program. A record takes them over when it is founded; later ones
//! are entered like any other deed.

use kaoping_office::calendar::{Notice, read};

/// All of them, the earliest first.
pub fn shipped() -> Vec<Notice> {
    // The tables are part of the program, and a test reads every row of them.
    read(include_str!("../../../calendars/notices.csv"), include_str!("../../../calendars/days.csv")).0
}
