//! Long tables printed piece by piece, on all cores, and written in order.

use rayon::prelude::*;
use std::{
    io::{self, Write},
    ops::Range,
};

/// Pieces at hand for each thread: enough that none waits for another, few enough to stay in the
/// caches.
const AT_HAND: usize = 4;

/// Prints `count` things, `size` of them a piece, with `print`, and writes the pieces one after
/// another, while the next ones are printed. Memory does not grow with their number.
///
/// # Errors
/// The first error of printing or writing; nothing is written after it.
pub fn in_order(
    count: usize,
    size: usize,
    out: &mut dyn Write,
    print: impl Fn(Range<usize>, &mut Vec<u8>) -> io::Result<()> + Sync,
) -> io::Result<()> {
    let at_once = size * AT_HAND * rayon::current_num_threads();
    let mut printed: Vec<io::Result<Vec<u8>>> = Vec::new();
    let mut next = 0;
    while next < count || !printed.is_empty() {
        let until = (next + at_once).min(count);
        let starts: Vec<usize> = (next..until).step_by(size).collect();
        let piece = |start: usize| {
            let mut piece = Vec::new();
            print(start..(start + size).min(until), &mut piece).map(|()| piece)
        };
        // Threads share the printing; this one writes what was printed before.
        let mut made = Vec::new();
        let mut written = Ok(());
        rayon::in_place_scope(|scope| {
            scope.spawn(|_| starts.par_iter().map(|start| piece(*start)).collect_into_vec(&mut made));
            written = printed.drain(..).try_for_each(|piece| out.write_all(&piece?));
        });
        written?;
        (printed, next) = (made, until);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::in_order;
    use std::io::{self, Write};

    fn numbers(count: usize, size: usize) -> String {
        let mut out = Vec::new();
        in_order(count, size, &mut out, |range, piece| range.into_iter().try_for_each(|at| write!(piece, "{at},")))
            .expect("written");
        String::from_utf8(out).expect("digits")
    }

    #[test]
    fn pieces_come_in_order_whatever_their_size() {
        for count in [0, 1, 2, 7, 100, 1000] {
            let whole: String = (0..count).map(|at| format!("{at},")).collect();
            for size in [1, 2, 3, 64, 5000] {
                assert_eq!(numbers(count, size), whole, "{count} in pieces of {size}");
            }
        }
    }

    #[test]
    fn nothing_is_written_after_an_error() {
        let mut out = Vec::new();
        let fault = in_order(100, 1, &mut out, |range, piece| match range.start {
            50 => Err(io::Error::other("the fiftieth")),
            at => write!(piece, "{at},"),
        });
        assert_eq!(fault.expect_err("an error").to_string(), "the fiftieth");
        let written = String::from_utf8(out).expect("digits");
        assert!(written.ends_with("49,"), "{written}");
    }
}
