//! Loops that can be called.

use super::translate::{BLOCK, TOGETHER, Translated};
use kaoping_columns::{Done, Figures, Listing, Made, Store, Width};
use kaoping_program::Numerators;
use memmap2::{Mmap, MmapMut};

/// How the loops are called: with what is handed over, and how many units, a multiple of
/// [`TOGETHER`] above zero. They give something else than zero where a number is beyond what was told.
type Call = unsafe extern "sysv64" fn(handed: *const *const u8, units: usize) -> u32;

/// Results of so many bytes do not stay in any cache until somebody reads them.
const PAST_CACHES: usize = 8 << 20;

/// Loops that can be called.
#[derive(Debug)]
pub(crate) struct Loops {
    /// The instructions, on pages that nobody can write any more, and behind them the same once more,
    /// with results put past the caches.
    code: Mmap,
    /// Where those begin.
    past_caches: usize,
    constants: Vec<u64>,
    slots: usize,
    endless: bool,
    inputs: Vec<Width>,
    results: Vec<Width>,
}

/// A place for what waits between loops, as vectors want it to lie.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Slot([u64; BLOCK]);

impl Loops {
    /// Puts instructions where they can be carried out; none where the system does not allow that.
    pub(crate) fn new(translated: Translated, listing: &Listing<'_>) -> Option<Loops> {
        let length = translated.bytes.len();
        let mut pages = MmapMut::map_anon(2 * length).ok()?;
        let (first, second) = pages.split_at_mut_checked(length)?;
        first.copy_from_slice(&translated.bytes);
        second.get_mut(..length)?.copy_from_slice(&translated.bytes);
        for store in translated.stores {
            past_caches(second.get_mut(store..)?.first_chunk_mut()?);
        }
        Some(Loops {
            code: pages.make_exec().ok()?,
            past_caches: length,
            constants: translated.constants,
            slots: translated.slots,
            endless: translated.endless,
            inputs: listing.inputs.to_vec(),
            results: listing.results.to_vec(),
        })
    }
}

/// Makes VMOVDQU32 or VMOVDQU64, which put a vector into memory, into VMOVNTDQ, which puts it there past
/// the caches: the same but for two bytes, the kind and the width of its elements, and the operation.
fn past_caches([.., kind, _, operation]: &mut [u8; 5]) {
    *kind = *kind & 0x7C | 1;
    *operation = 0xE7;
}

/// Where a column begins and how many numbers it has from a unit on, if it is as wide as that.
fn column(numerators: &Numerators, width: Width, start: usize) -> Option<(*const u8, usize)> {
    match (numerators, width) {
        (Numerators::Short(numbers), Width::Short) => {
            let numbers = numbers.get(start..)?;
            Some((numbers.as_ptr().cast(), numbers.len()))
        }
        (Numerators::Long(numbers), Width::Long) => {
            let numbers = numbers.get(start..)?;
            Some((numbers.as_ptr().cast(), numbers.len()))
        }
        _ => None,
    }
}

/// Where a result begins and how many numbers it has room for, if it is as wide as that.
fn result(store: &mut Store<'_>, width: Width) -> Option<(*const u8, usize)> {
    match (store, width) {
        (Store::Short(numbers), Width::Short) => Some((numbers.as_mut_ptr().cast_const().cast(), numbers.len())),
        (Store::Long(numbers), Width::Long) => Some((numbers.as_mut_ptr().cast_const().cast(), numbers.len())),
        _ => None,
    }
}

fn bytes(width: Width) -> usize {
    match width {
        Width::Short => size_of::<i32>(),
        Width::Long => size_of::<i64>(),
    }
}

impl Made for Loops {
    fn run(&self, inputs: &[Figures<'_>], start: usize, results: &mut [Store<'_>]) -> Done {
        if inputs.len() != self.inputs.len() || results.len() != self.results.len() {
            return Done::Units(0);
        }
        let inputs = inputs.iter().zip(&self.inputs);
        let inputs: Option<Vec<_>> = inputs.map(|(input, width)| column(input.numerators, *width, start)).collect();
        let results = results.iter_mut().zip(&self.results);
        let results: Option<Vec<_>> = results.map(|(store, width)| result(store, *width)).collect();
        let (Some(inputs), Some(results)) = (inputs, results) else { return Done::Units(0) };
        // A plan without results has nothing to do.
        let Some(room) = results.iter().map(|(_, room)| *room).min() else { return Done::Units(0) };
        let units = inputs.iter().map(|(_, units)| *units).min().unwrap_or(room).min(room);
        if units < TOGETHER {
            return Done::Units(0);
        }
        let widths: Vec<usize> = self.inputs.iter().chain(&self.results).map(|width| bytes(*width)).collect();
        let mut slots = vec![Slot([0; BLOCK]); self.slots];
        let mut handed: Vec<*const u8> = vec![self.constants.as_ptr().cast(), slots.as_mut_ptr().cast_const().cast()];
        let columns: Vec<*const u8> = inputs.iter().chain(&results).map(|(begin, _)| *begin).collect();
        handed.extend(&columns);
        let results = handed.get(2 + inputs.len()..).unwrap_or_default().iter().zip(&self.results);
        let aligned = |(begin, width): (&*const u8, &Width)| begin.addr() % (bytes(*width) * TOGETHER) == 0;
        let room: usize = self.results.iter().map(|width| bytes(*width) * units).sum();
        let past_caches = room >= PAST_CACHES && results.into_iter().all(aligned);
        let most = if self.endless { units - units % TOGETHER } else { BLOCK };
        let mut done = 0;
        while done < units {
            // What does not fill a vector is done with those before it, some of them once more.
            let (from, now) = match units - done {
                rest if rest < TOGETHER => (units - TOGETHER, TOGETHER),
                rest => (done, most.min(rest - rest % TOGETHER)),
            };
            for ((at, begin), width) in handed.iter_mut().skip(2).zip(&columns).zip(&widths) {
                *at = begin.wrapping_add(from * width);
            }
            let past_caches = past_caches && from % TOGETHER == 0;
            if !self.call(&handed, now, past_caches) {
                return Done::Beyond;
            }
            done = from + now;
        }
        Done::Units(units)
    }
}

impl Loops {
    /// Carries the loops out, and says whether all numbers were as told.
    #[expect(unsafe_code, reason = "instructions made at run time can be called in no other way")]
    fn call(&self, handed: &[*const u8], units: usize, past_caches: bool) -> bool {
        let begin: *const u8 = self.code.as_ptr().wrapping_add(if past_caches { self.past_caches } else { 0 });
        // SAFETY: the pages hold two whole functions of this form, one behind the other, written by
        // `translate` and never again, that keep what the convention asks them to keep. They read the
        // constants, read and write the slots, read `units` numbers of each input and write `units`
        // numbers of each result, of the widths they were made for, and nothing else: `run`, the only
        // caller, has seen that so many are there, that every width is that one, that `units` is a
        // multiple of TOGETHER above zero, and at most BLOCK where slots are used. The second asks
        // for results that begin where a whole vector of them may lie, which `run` has seen before it
        // asks for it. Inputs are borrowed shared, results for this call alone.
        unsafe {
            let call: Call = core::mem::transmute(begin);
            call(handed.as_ptr(), units) == 0
        }
    }
}
