//! Long tables printed piece by piece, on all cores, and written in order.

use rayon::prelude::*;
use std::{
    io::{self, Write},
    ops::Range,
    sync::{Mutex, PoisonError},
};

/// Pieces at hand for each thread: enough that none waits for another, few enough to stay in the
/// caches.
const AT_HAND: usize = 4;

/// Prints `count` things, `size` of them a piece, with `print`, and writes the pieces one after
/// another, while the next ones are printed. Memory does not grow with their number: `print` gets
/// the room of a piece that is written, with nothing in it.
///
/// # Errors
/// The first error of writing; nothing is written after it.
pub fn in_order(
    count: usize,
    size: usize,
    out: &mut dyn Write,
    print: impl Fn(Range<usize>, Vec<u8>) -> Vec<u8> + Sync,
) -> io::Result<()> {
    let at_once = size * AT_HAND * rayon::current_num_threads();
    let mut printed: Vec<Vec<u8>> = Vec::new();
    let written_before: Mutex<Vec<Vec<u8>>> = Mutex::default();
    let rooms = || written_before.lock().unwrap_or_else(PoisonError::into_inner);
    let mut next = 0;
    while next < count || !printed.is_empty() {
        let until = (next + at_once).min(count);
        let starts: Vec<usize> = (next..until).step_by(size).collect();
        // Threads share the printing; this one writes what was printed before.
        let mut made = Vec::new();
        let mut written: io::Result<()> = Ok(());
        rayon::in_place_scope(|scope| {
            let piece = |start: &usize| {
                let room = rooms().pop().unwrap_or_default();
                print(*start..(start + size).min(until), room)
            };
            let (starts, made) = (&starts, &mut made);
            scope.spawn(move |_| starts.par_iter().map(piece).collect_into_vec(made));
            written = printed.drain(..).try_for_each(|mut piece| {
                out.write_all(&piece)?;
                piece.clear();
                rooms().push(piece);
                Ok(())
            });
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

    #[test]
    fn pieces_come_in_order_whatever_their_size() {
        let text = |range: std::ops::Range<usize>| range.map(|at| format!("{at},")).collect::<String>();
        for count in [0, 1, 2, 7, 100, 1000] {
            for size in [1, 2, 3, 64, 5000] {
                let mut out = Vec::new();
                let print = |range, mut room: Vec<u8>| {
                    assert!(room.is_empty(), "what was written before is gone");
                    room.extend(text(range).into_bytes());
                    room
                };
                in_order(count, size, &mut out, print).expect("written");
                assert_eq!(String::from_utf8(out).expect("digits"), text(0..count), "{count} in pieces of {size}");
            }
        }
    }

    /// Takes a hundred bytes and then no more.
    struct Full(usize);

    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            if self.0 > 100 { Err(io::ErrorKind::StorageFull.into()) } else { Ok(bytes.len()) }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn nothing_is_written_after_an_error() {
        let mut out = Full(0);
        let fault = in_order(10_000, 1, &mut out, |_, _| b"x".to_vec()).expect_err("full");
        assert_eq!((fault.kind(), out.0), (io::ErrorKind::StorageFull, 101));
    }
}
