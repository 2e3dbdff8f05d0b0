//! Tests of the workbench in a real browser; see `tests/`. There is nothing here to use.
