//! Room for scores, used again.

use crate::result::Assessment;
use alloc::{sync::Arc, vec::Vec};
use kaoping_program::{Column, Numerators};

/// Room for scores, used again by whoever assesses many times: what an assessment that nobody needs
/// any more took. New room is emptied before anything is put into it, which takes an eighth of four million
/// scores. Results do not depend on it.
#[derive(Debug, Default)]
pub struct Room {
    pub(crate) free: Vec<Numerators>,
}

impl Room {
    /// Takes the room of an assessment, as far as nobody else holds its columns.
    pub fn take_back(&mut self, assessment: Assessment) {
        let Assessment { items, blocks, total, meets_all, values, rank_by, rank_keys, .. } = assessment;
        // The same column may stand in several places.
        let mut columns: Vec<Arc<Column>> = Vec::new();
        for item in items {
            columns.push(item.score);
            columns.extend(item.unrounded.into_iter().chain(item.adjustments).chain(item.met));
        }
        columns.extend(blocks.into_iter().flatten().chain(total).chain(meets_all));
        columns.extend(values.into_iter().chain(rank_by).map(|(_, column)| column));
        columns.extend(rank_keys.into_iter().map(|key| key.column));
        let own = columns.into_iter().filter_map(Arc::into_inner);
        self.free.extend(own.filter_map(Column::into_room));
    }
}
