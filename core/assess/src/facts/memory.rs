//! Texts that recur row after row, by number.

use alloc::{
    collections::BTreeMap,
    string::{String, ToString},
};

/// Whether two texts are equal. Ids and fields are short, and for those a loop is quicker than
/// a call; comparing two empty texts by a call even costs hundreds of cycles on some machines.
#[inline]
pub(crate) fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    a.len() == b.len() && if a.len() <= 16 { a.iter().zip(b).all(|(a, b)| a == b) } else { a == b }
}

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
