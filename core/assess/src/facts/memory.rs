//! Texts that recur row after row, by number.

use alloc::{
    collections::BTreeMap,
    string::{String, ToString},
};

/// Texts by number, with the last one at hand. Numbers count from 1; 0 is the empty text.
#[derive(Debug, Default)]
pub(super) struct Memory {
    last: (String, u32),
    known: BTreeMap<String, u32>,
}

impl Memory {
    /// The number of a text; `make` gives that of a new one.
    #[inline]
    pub(super) fn number(&mut self, text: &str, make: impl FnOnce(&str) -> u32) -> u32 {
        if text.is_empty() {
            return 0;
        }
        if self.last.0 == text {
            return self.last.1;
        }
        let number = match self.known.get(text) {
            Some(number) => *number,
            None => {
                let number = make(text);
                self.known.insert(text.to_string(), number);
                number
            }
        };
        self.last.0.clear();
        self.last.0.push_str(text);
        self.last.1 = number;
        number
    }
}
