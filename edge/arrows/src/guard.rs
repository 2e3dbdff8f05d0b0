//! Readers of other people that stop at bytes they do not expect.

use std::{
    cell::Cell,
    panic::{self, AssertUnwindSafe},
    sync::Once,
};

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Does work of a reader that may panic at bytes no writer writes, and makes a reason of that.
pub(crate) fn guarded<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                before(info);
            }
        }));
    });
    QUIET.set(true);
    let done = panic::catch_unwind(AssertUnwindSafe(work));
    QUIET.set(false);
    done.unwrap_or_else(|_| Err("its parts do not fit together".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::guarded;

    #[test]
    fn a_panic_becomes_a_reason() {
        let none: Option<u8> = None;
        assert!(guarded(|| none.map(|_| ()).ok_or_else(|| unreachable!("{}", "never told"))).is_err());
        assert_eq!(guarded(|| Ok(1)), Ok(1));
    }
}
