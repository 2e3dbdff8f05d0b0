//! Processors with 512-bit vectors.

mod actions;
mod assembler;
mod made;
mod places;
mod segments;
mod translate;

use kaoping_columns::{Listing, Made, Native};
use std::sync::{Arc, LazyLock};

/// A processor with vectors of eight numbers and masks for them.
#[derive(Debug)]
struct Processor;

/// The one at hand, if it is such a one.
pub(crate) fn native() -> Option<&'static dyn Native> {
    static IT_IS: LazyLock<bool> = LazyLock::new(|| {
        is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512vl")
    });
    IT_IS.then_some(&Processor as &dyn Native)
}

impl Native for Processor {
    fn make(&self, listing: &Listing<'_>) -> Option<Arc<dyn Made>> {
        let translated = translate::translate(listing)?;
        Some(Arc::new(made::Loops::new(translated, listing)?))
    }
}
