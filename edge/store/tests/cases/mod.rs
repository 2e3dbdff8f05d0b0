//! The cases.

use crate::common::{
    ORDER, SCORE, TABLES, UNIT, all_entries, dump, entries, entry, gone, named, order, refused, rows, score, text,
    unit, write,
};
use kaoping_store::{Column, Commit, Private, Row, Store, Table, Value, open, open_to_read, restore};
use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

/// Where stores are made.
pub(crate) trait Place {
    /// An address where there is nothing yet.
    fn fresh(&self) -> String;
    /// What another program does there.
    fn say(&self, address: &str, sql: &str);
}

pub(crate) type Case = fn(&dyn Place);

macro_rules! cases {
    ($($name:ident),* $(,)?) => { &[$((stringify!($name), $name as Case)),*] };
}

pub(crate) const CASES: &[(&str, Case)] = cases![
    entries_come_out_as_they_went_in,
    rows_are_put_changed_and_taken_away,
    the_last_word_of_a_commit_counts,
    a_commit_that_fails_leaves_nothing,
    entries_have_no_gaps_and_no_repetitions,
    keys_stand_in_one_order,
    contents_are_kept_by_their_hash,
    what_is_private_can_be_forgotten,
    checkpoints_and_settings,
    rows_that_do_not_fit_are_refused,
    everything_is_there_when_opened_again,
    there_is_one_writer,
    a_reader_writes_nothing,
    a_newer_form_is_refused,
    what_belongs_to_others_is_left_alone,
    tables_that_changed_are_made_anew,
    rows_are_replaced_whole_or_not_at_all,
    all_that_is_read_is_of_one_moment,
    a_backup_goes_on_beside_a_writer,
    a_backup_restores_what_was,
    a_hole_in_the_record_is_found,
    a_reader_that_comes_to_the_end_sees_what_is_written_meanwhile,
];

fn fresh(place: &dyn Place) -> (String, Box<dyn Store>) {
    let address = place.fresh();
    let store = open(&address, TABLES).expect("a new store");
    (address, store)
}

fn forget(kind: &str, key: &str) -> Private {
    Private { kind: kind.into(), key: key.into(), bytes: None }
}

fn keep(kind: &str, key: &str, bytes: &[u8]) -> Private {
    Private { kind: kind.into(), key: key.into(), bytes: Some(bytes.into()) }
}

fn entries_come_out_as_they_went_in(place: &dyn Place) {
    let (_, mut store) = fresh(place);
    assert_eq!(store.size().expect("size"), 0);
    assert_eq!(all_entries(&mut *store, 0), []);
    // More than are read at a time, and bytes of every value.
    let mut all = entries(0..2_500);
    all[7].bytes = (0..=255).collect();
    all[8].bytes = Vec::new();
    all[9].received_ms = i64::MIN;
    for some in all.chunks(700) {
        write(&mut *store, some, &[]).expect("a commit");
    }
    assert_eq!(store.size().expect("size"), 2_500);
    assert_eq!(all_entries(&mut *store, 0), all);
    assert_eq!(all_entries(&mut *store, 1_999), all[1_999..]);
    assert_eq!(all_entries(&mut *store, 2_500), []);
    assert_eq!(all_entries(&mut *store, u64::MAX), []);
    let mut seen = Vec::new();
    let three = &mut |entry| {
        seen.push(entry);
        seen.len() < 3
    };
    store.entries(998, three).expect("entries");
    assert_eq!(seen, all[998..1_001]);
    store.examine().expect("all is whole");
}

fn rows_are_put_changed_and_taken_away(place: &dyn Place) {
    let (_, mut store) = fresh(place);
    let some = [unit("b", "乙县", Some(2)), unit("a", "甲县", None), score("a", 202_601, -5), order(3), order(-3)];
    write(&mut *store, &[], &some).expect("a commit");
    let whole = Value::Whole;
    assert_eq!(
        rows(&mut *store, UNIT),
        [
            (vec![text("a")], vec![text("甲县"), Value::Empty, Value::Empty]),
            (vec![text("b")], vec![text("乙县"), whole(2), Value::Empty]),
        ]
    );
    assert_eq!(rows(&mut *store, ORDER), [(vec![whole(-3)], vec![]), (vec![whole(3)], vec![])]);
    let changes = [
        unit("b", "乙区", None),
        gone(&unit("a", "", None)),
        gone(&unit("c", "", None)),
        order(3),
        score("a", 202_601, 6),
    ];
    write(&mut *store, &[], &changes).expect("a commit");
    assert_eq!(rows(&mut *store, UNIT), [(vec![text("b")], vec![text("乙区"), Value::Empty, Value::Empty])]);
    assert_eq!(rows(&mut *store, SCORE), [(vec![text("a"), whole(202_601)], vec![whole(6)])]);
    assert_eq!(rows(&mut *store, ORDER).len(), 2);
    let mut seen = 0;
    let one = &mut |_, _| {
        seen += 1;
        false
    };
    store.rows(ORDER, one).expect("rows");
    assert_eq!(seen, 1, "rows go on until the reader has enough");
}

fn the_last_word_of_a_commit_counts(place: &dyn Place) {
    let (_, mut store) = fresh(place);
    let a = unit("a", "第一", None);
    let changes = [a.clone(), gone(&a), unit("a", "第三", None), unit("b", "乙", None), gone(&unit("b", "", None))];
    let private = [keep("draft", "1", b"x"), forget("draft", "1"), keep("draft", "1", b"y")];
    store.commit(&Commit { rows: &changes, private: &private, ..Commit::default() }).expect("a commit");
    assert_eq!(rows(&mut *store, UNIT), [(vec![text("a")], vec![text("第三"), Value::Empty, Value::Empty])]);
    assert_eq!(store.private("draft", "1").expect("private").as_deref(), Some(&b"y"[..]));
}

fn a_commit_that_fails_leaves_nothing(place: &dyn Place) {
    let (_, mut store) = fresh(place);
    write(&mut *store, &entries(0..3), &[unit("a", "甲", None)]).expect("a commit");
    let before = dump(&mut *store);
    // The last entry has the identifier of the first.
    let some = [entry(3), entry(4), named(5, "来件-0")];
    let all = Commit {
        entries: &some,
        rows: &[unit("a", "乙", None), unit("b", "丙", None)],
        checkpoint: Some((6, "note")),
        private: &[keep("draft", "1", b"x")],
    };
    assert_eq!(refused(store.commit(&all)), "store-entry-twice");
    assert_eq!(dump(&mut *store), before);
    assert_eq!(refused(write(&mut *store, &[named(3, "同"), named(4, "同")], &[])), "store-entry-twice");
    assert_eq!(dump(&mut *store), before);
    write(&mut *store, &entries(3..5), &[]).expect("the store goes on");
    assert_eq!(store.size().expect("size"), 5);
}

fn entries_have_no_gaps_and_no_repetitions(place: &dyn Place) {
    let (_, mut store) = fresh(place);
    write(&mut *store, &entries(0..2), &[]).expect("a commit");
    for wrong in [vec![entry(3)], vec![named(1, "新")], vec![entry(2), entry(4)], vec![entry(u64::MAX)]] {
        assert_eq!(refused(write(&mut *store, &wrong, &[order(1)])), "store-entry-out-of-order");
    }
    assert_eq!(store.size().expect("size"), 2);
    assert_eq!(rows(&mut *store, ORDER), []);
}

fn keys_stand_in_one_order(place: &dyn Place) {
    let (_, mut store) = fresh(place);
    let texts = [
        "",
        " ",
        "A",
        "B",
        "a",
        "a ",
        "a\u{1}",
        "a0",
        "ab",
        "é",
        "e\u{301}",
        "ß",
        "ss",
        "一",
        "丁",
        "乙县",
        "甲县",
        "Ａ",
        "\u{fffd}",
        "🀄",
        "\u{10ffff}",
        "-1",
        "10",
        "9",
    ];
    let wholes = [i64::MIN, i64::MIN + 1, -1, 0, 1, 9, 10, i64::MAX - 1, i64::MAX];
    let mut all: Vec<Row> = texts.iter().flat_map(|text| wholes.map(|whole| score(text, whole, whole))).collect();
    all.extend(wholes.map(order));
    write(&mut *store, &[], &all).expect("a commit");
    let mut keys: Vec<Vec<Value>> = all.iter().filter(|row| row.table == SCORE).map(|row| row.key.clone()).collect();
    keys.sort();
    let found: Vec<Vec<Value>> = rows(&mut *store, SCORE).into_iter().map(|(key, _)| key).collect();
    assert_eq!(found, keys, "texts by their bytes, numbers by their size");
    let found: Vec<Vec<Value>> = rows(&mut *store, ORDER).into_iter().map(|(key, _)| key).collect();
    assert_eq!(found, wholes.map(|whole| vec![Value::Whole(whole)]));
}

fn contents_are_kept_by_their_hash(place: &dyn Place) {
    let (_, mut store) = fresh(place);
    let large: Vec<u8> = (0..3_000_000u32).map(|at| at.wrapping_mul(2_654_435_761).to_le_bytes()[3]).collect();
    store.put_blob("sha256:02", &large).expect("a blob");
    store.put_blob("sha256:01", b"").expect("an empty one");
    store.put_blob("sha256:01", b"").expect("the same again");
    assert_eq!(refused(store.put_blob("sha256:01", b"other")), "store-blob-differs");
    assert_eq!(store.blob("sha256:02").expect("a blob").as_deref(), Some(&large[..]));
    assert_eq!(store.blob("sha256:01").expect("a blob").as_deref(), Some(&b""[..]));
    assert_eq!(store.blob("sha256:00").expect("no blob"), None);
    let mut hashes = Vec::new();
    let each = &mut |hash, _| {
        hashes.push(hash);
        true
    };
    store.blobs(each).expect("blobs");
    assert_eq!(hashes, ["sha256:01", "sha256:02"]);
}

fn what_is_private_can_be_forgotten(place: &dyn Place) {
    let (_, mut store) = fresh(place);
    let some = [
        keep("session", "二", b"2"),
        keep("draft", "1", &[0, 255]),
        keep("draft", "", b""),
        keep("session", "1", b"1"),
    ];
    store.commit(&Commit { private: &some, ..Commit::default() }).expect("a commit");
    let of = |store: &mut dyn Store, kind| {
        let mut keys = Vec::new();
        let each = &mut |private: Private| {
            keys.push(format!("{}/{}", private.kind, private.key));
            true
        };
        store.privates(kind, each).expect("private");
        keys
    };
    assert_eq!(of(&mut *store, None), ["draft/", "draft/1", "session/1", "session/二"]);
    assert_eq!(of(&mut *store, Some("session")), ["session/1", "session/二"]);
    assert_eq!(store.private("draft", "1").expect("private"), Some(vec![0, 255]));
    let forget = [forget("draft", "1"), forget("draft", "never")];
    store.commit(&Commit { private: &forget, ..Commit::default() }).expect("a commit");
    assert_eq!(store.private("draft", "1").expect("private"), None);
    assert_eq!(of(&mut *store, Some("draft")), ["draft/"]);
}

fn checkpoints_and_settings(place: &dyn Place) {
    let (_, mut store) = fresh(place);
    for (size, note) in [(0, "空"), (200, "b\n— x 1\n"), (30, "a")] {
        store.commit(&Commit { checkpoint: Some((size, note)), ..Commit::default() }).expect("a commit");
    }
    store.commit(&Commit { checkpoint: Some((30, "a, cosigned")), ..Commit::default() }).expect("a commit");
    let expected = [(0, "空".into()), (30, "a, cosigned".into()), (200, "b\n— x 1\n".into())];
    assert_eq!(store.checkpoints().expect("checkpoints"), expected);
    store.put_setting("origin", "考评/某市").expect("a setting");
    store.put_setting("origin", "kaoping.example/某市").expect("a setting");
    assert_eq!(store.setting("origin").expect("a setting").as_deref(), Some("kaoping.example/某市"));
    assert_eq!(store.setting("other").expect("no setting"), None);
    assert_eq!(refused(store.put_setting("store.form", "7")), "store-row-unfit");
    assert_eq!(store.settings().expect("settings"), [("origin".into(), "kaoping.example/某市".into())]);
}

fn rows_that_do_not_fit_are_refused(place: &dyn Place) {
    let (_, mut store) = fresh(place);
    let good = score("a", 1, 1);
    let unfit = [
        Row { table: 3, ..good.clone() },
        Row { key: vec![text("a")], ..good.clone() },
        Row { key: vec![Value::Whole(1), Value::Whole(1)], ..good.clone() },
        Row { key: vec![Value::Empty, Value::Whole(1)], ..good.clone() },
        Row { columns: Some(vec![]), ..good.clone() },
        Row { columns: Some(vec![Value::Empty]), ..good.clone() },
        Row { columns: Some(vec![text("1")]), ..good.clone() },
        score("a\0b", 1, 1),
        score(&"长".repeat(700), 1, 1),
        gone(&score(&"长".repeat(700), 1, 1)),
        unit("a", &"长".repeat(700), None),
    ];
    for row in unfit {
        assert_eq!(
            refused(write(&mut *store, &[entry(0)], &[good.clone(), row.clone()])),
            "store-row-unfit",
            "{row:?}"
        );
    }
    assert_eq!(refused(write(&mut *store, &[named(0, "a\0")], &[])), "store-row-unfit");
    assert_eq!(refused(write(&mut *store, &[named(0, &"x".repeat(2_001))], &[])), "store-row-unfit");
    assert_eq!(refused(store.put_blob("\0", b"")), "store-row-unfit");
    assert_eq!(refused(store.put_setting("a", "\0")), "store-row-unfit");
    let private = [keep(&"k".repeat(1_001), &"k".repeat(1_000), b"")];
    assert_eq!(refused(store.commit(&Commit { private: &private, ..Commit::default() })), "store-row-unfit");
    assert_eq!(refused(store.commit(&Commit { checkpoint: Some((0, "\0")), ..Commit::default() })), "store-row-unfit");
    assert_eq!(store.size().expect("size"), 0);
    assert_eq!(rows(&mut *store, SCORE), []);
    // As long as may be, without a pattern that could be packed.
    let long: String =
        (0..1_990u32).map(|at| char::from(b'!' + (at.wrapping_mul(2_654_435_761) >> 25) as u8 % 90)).collect();
    write(&mut *store, &[named(0, &long)], &[score(&long, 1, 1), unit("a", &long, Some(1))]).expect("long keys");
}

fn everything_is_there_when_opened_again(place: &dyn Place) {
    let (address, mut store) = fresh(place);
    let some = entries(0..300);
    let all = Commit {
        entries: &some,
        rows: &[unit("a", "甲", Some(1)), score("a", 1, 2), order(9)],
        checkpoint: Some((300, "note")),
        private: &[keep("draft", "1", b"x")],
    };
    store.commit(&all).expect("a commit");
    store.put_blob("h", b"paper").expect("a blob");
    store.put_setting("origin", "某市").expect("a setting");
    let before = dump(&mut *store);
    drop(store);
    let mut store = open(&address, TABLES).expect("the store again");
    assert!(store.rows_stand());
    assert_eq!(dump(&mut *store), before);
    write(&mut *store, &entries(300..301), &[]).expect("the store goes on");
    assert_eq!(store.size().expect("size"), 301);
}

fn there_is_one_writer(place: &dyn Place) {
    let (address, mut store) = fresh(place);
    write(&mut *store, &[entry(0)], &[]).expect("a commit");
    assert_eq!(refused(open(&address, TABLES)), "store-in-use");
    let mut reader = open_to_read(&address, TABLES).expect("a reader");
    assert_eq!(reader.size().expect("size"), 1);
    write(&mut *store, &[entry(1)], &[]).expect("the refused one did no harm");
    assert_eq!(reader.size().expect("size"), 2, "a reader sees what is committed");
    drop(store);
    let mut next = open(&address, TABLES).expect("the next writer");
    write(&mut *next, &[entry(2)], &[]).expect("a commit");
}

fn a_reader_writes_nothing(place: &dyn Place) {
    assert_eq!(refused(open_to_read(&place.fresh(), TABLES)), "store-unreachable");
    let (address, mut store) = fresh(place);
    write(&mut *store, &[entry(0)], &[unit("a", "甲", None)]).expect("a commit");
    let mut reader = open_to_read(&address, TABLES).expect("a reader");
    let before = dump(&mut *store);
    assert_eq!(refused(write(&mut *reader, &[entry(1)], &[])), "store-read-only");
    assert_eq!(refused(reader.put_blob("h", b"")), "store-read-only");
    assert_eq!(refused(reader.put_setting("a", "")), "store-read-only");
    assert_eq!(refused(reader.replace_rows(&mut std::iter::empty())), "store-read-only");
    assert_eq!(refused(reader.take(&mut *store, true)), "store-read-only");
    assert_eq!(dump(&mut *store), before);
    assert_eq!(dump(&mut *reader), before);
}

fn a_newer_form_is_refused(place: &dyn Place) {
    let (address, store) = fresh(place);
    drop(store);
    place.say(&address, "UPDATE store_setting SET value = '2' WHERE name = 'store.form'");
    assert_eq!(refused(open(&address, TABLES)), "store-form-newer");
    assert_eq!(refused(open_to_read(&address, TABLES)), "store-form-newer");
    place.say(&address, "UPDATE store_setting SET value = 'zwei' WHERE name = 'store.form'");
    assert_eq!(refused(open(&address, TABLES)), "store-damaged");
}

fn what_belongs_to_others_is_left_alone(place: &dyn Place) {
    let address = place.fresh();
    place.say(&address, "CREATE TABLE theirs (a INTEGER)");
    assert_eq!(refused(open(&address, TABLES)), "store-foreign");
    assert_eq!(refused(open_to_read(&address, TABLES)), "store-foreign");
    place.say(&address, "DROP TABLE theirs");
}

fn tables_that_changed_are_made_anew(place: &dyn Place) {
    const LATER: &[Table] = &[
        Table { name: "unit", key: &[Column::text("code")], columns: &[Column::whole("rank")], indexes: &[] },
        Table { name: "award", key: &[Column::text("code")], columns: &[], indexes: &[] },
    ];
    let (address, mut store) = fresh(place);
    write(&mut *store, &[entry(0)], &[unit("a", "甲", None), order(1)]).expect("a commit");
    drop(store);
    let mut reader = open_to_read(&address, LATER).expect("entries can be read");
    assert!(!reader.rows_stand());
    assert_eq!(all_entries(&mut *reader, 0), [entry(0)]);
    assert_eq!(refused(reader.rows(0, &mut |_, _| true)), "store-rows-behind");
    drop(reader);
    let made = |rank| Row { table: 0, key: vec![text("a")], columns: Some(vec![Value::Whole(rank)]) };
    for _ in 0..2 {
        // It is still due when the program ended before.
        let mut store = open(&address, LATER).expect("a store with other tables");
        assert!(!store.rows_stand());
        assert_eq!(refused(write(&mut *store, &[entry(1)], &[made(1)])), "store-rows-behind");
        assert_eq!(refused(store.rows(0, &mut |_, _| true)), "store-rows-behind");
    }
    let mut store = open(&address, LATER).expect("a store with other tables");
    store.replace_rows(&mut [made(7)].into_iter()).expect("rows anew");
    assert_eq!(rows(&mut *store, 0), [(vec![text("a")], vec![Value::Whole(7)])]);
    assert_eq!(rows(&mut *store, 1), []);
    write(&mut *store, &[entry(1)], &[made(8)]).expect("a commit");
    drop(store);
    assert!(open(&address, LATER).expect("the store again").rows_stand());
}

fn rows_are_replaced_whole_or_not_at_all(place: &dyn Place) {
    let (_, mut store) = fresh(place);
    write(&mut *store, &[entry(0)], &[unit("old", "旧", None), order(1)]).expect("a commit");
    let before = dump(&mut *store);
    let many = || (0..2_500).map(|at| score(&format!("u{}", at % 50), at, at));
    let mut spoilt = many().chain([Row { table: 9, ..order(1) }]);
    assert_eq!(refused(store.replace_rows(&mut spoilt)), "store-row-unfit");
    assert_eq!(dump(&mut *store), before);
    store.replace_rows(&mut many().chain([order(5), gone(&order(5))])).expect("rows anew");
    assert_eq!(rows(&mut *store, UNIT), []);
    assert_eq!(rows(&mut *store, ORDER), []);
    assert_eq!(rows(&mut *store, SCORE).len(), 2_500);
    assert_eq!(store.size().expect("size"), 1);
}

fn all_that_is_read_is_of_one_moment(place: &dyn Place) {
    let (address, mut store) = fresh(place);
    write(&mut *store, &[entry(0)], &[order(0)]).expect("a commit");
    let mut reader = open_to_read(&address, TABLES).expect("a reader");
    reader
        .at_one_moment(&mut |reader| {
            assert_eq!(reader.size()?, 1);
            write(&mut *store, &[entry(1)], &[order(1)]).expect("a writer is not in the way");
            assert_eq!((reader.size()?, rows(reader, ORDER).len()), (1, 1));
            Ok(())
        })
        .expect("a moment");
    assert_eq!((reader.size().expect("size"), rows(&mut *reader, ORDER).len()), (2, 2));
}

/// Tells a thread to stop, also when a test fails.
struct Stops<'a>(&'a AtomicBool);

impl Drop for Stops<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn a_backup_goes_on_beside_a_writer(place: &dyn Place) {
    let (address, mut store) = fresh(place);
    // Each commit writes how many entries there are then.
    let step = |store: &mut dyn Store, first: u64| {
        let size = i64::try_from(first + 20).expect("a size");
        write(store, &entries(first..first + 20), &[score("size", 0, size)]).expect("a commit");
    };
    (0..100).for_each(|at| step(&mut *store, at * 20));
    let folder = tempfile::tempdir().expect("a folder");
    let stop = AtomicBool::new(false);
    let sizes: Vec<u64> = thread::scope(|scope| {
        scope.spawn(|| {
            let mut first = 2_000;
            while !stop.load(Ordering::Relaxed) {
                step(&mut *store, first);
                first += 20;
            }
        });
        let _stops = Stops(&stop);
        let mut reader = open_to_read(&address, TABLES).expect("a reader");
        (0..4)
            .map(|at| {
                let to = folder.path().join(format!("备份 {at}.db"));
                reader.backup(&to).expect("a backup");
                let mut copy = open_to_read(&format!("sqlite:{}", to.display()), TABLES).expect("the backup");
                copy.examine().expect("all is whole");
                let size = copy.size().expect("size");
                let told = vec![Value::Whole(i64::try_from(size).expect("a size"))];
                assert_eq!(rows(&mut *copy, SCORE)[0].1, told, "rows are of the moment of the entries");
                assert_eq!(all_entries(&mut *copy, 0), entries(0..size));
                size
            })
            .collect()
    });
    assert!(sizes.is_sorted() && sizes[0] >= 2_000 && sizes[0] < sizes[3], "the writer went on: {sizes:?}");
    let files: Vec<_> = std::fs::read_dir(folder.path()).expect("the folder").collect();
    assert_eq!(files.len(), 4, "nothing but the backups: {files:?}");
}

fn a_backup_restores_what_was(place: &dyn Place) {
    let (_, mut store) = fresh(place);
    let some = entries(0..50);
    let private = [keep("draft", "1", b"x")];
    let all =
        Commit { entries: &some, rows: &[unit("a", "甲", Some(1))], checkpoint: Some((50, "n")), private: &private };
    store.commit(&all).expect("a commit");
    store.put_blob("h", b"paper").expect("a blob");
    store.put_setting("origin", "某市").expect("a setting");
    let was = dump(&mut *store);
    let folder = tempfile::tempdir().expect("a folder");
    let backup = folder.path().join("b.db");
    store.backup(&backup).expect("a backup");
    assert_eq!(refused(store.backup(&backup)), "store-backup-exists");

    let elsewhere = place.fresh();
    restore(&backup, &elsewhere, TABLES, false).expect("restored");
    let mut other = open(&elsewhere, TABLES).expect("the restored store");
    assert_eq!(dump(&mut *other), was);
    write(&mut *other, &[entry(50)], &[order(1)]).expect("it goes on");
    other.put_setting("later", "1").expect("a setting");
    let later = dump(&mut *other);
    drop(other);
    assert_eq!(refused(restore(&backup, &elsewhere, TABLES, false)), "store-not-empty");
    assert_eq!(dump(&mut *open(&elsewhere, TABLES).expect("the store")), later);
    restore(&backup, &elsewhere, TABLES, true).expect("restored instead");
    let mut other = open(&elsewhere, TABLES).expect("the store");
    assert_eq!(dump(&mut *other), was);
    write(&mut *other, &[entry(50)], &[]).expect("it goes on");
}

fn a_hole_in_the_record_is_found(place: &dyn Place) {
    // One entry, a piece as long as what is read at a time, and a piece up to the end of such a one.
    for (gone, told) in [((2, 3), "entry 2 is missing"), ((500, 1_500), "entries 500 to 1499"), ((0, 1), "entry 0 is")]
    {
        let (address, mut store) = fresh(place);
        write(&mut *store, &entries(0..2_500), &[]).expect("a commit");
        store.examine().expect("all is whole");
        drop(store);
        place.say(&address, &format!("DELETE FROM store_entry WHERE number >= {} AND number < {}", gone.0, gone.1));
        let mut store = open(&address, TABLES).expect("the store");
        assert_eq!(refused(store.examine()), "store-entry-missing");
        let failed = store.entries(0, &mut |_| true).expect_err("a hole");
        assert!(failed.name() == "store-entry-missing" && failed.to_string().contains(told), "{failed}");
        store.entries(1_500, &mut |_| true).expect("what is behind is read");
    }
}

fn a_reader_that_comes_to_the_end_sees_what_is_written_meanwhile(place: &dyn Place) {
    let (address, mut store) = fresh(place);
    write(&mut *store, &entries(0..10), &[]).expect("a commit");
    let mut reader = open_to_read(&address, TABLES).expect("a reader");
    let mut seen = 0;
    reader
        .entries(0, &mut |_| {
            seen += 1;
            if seen == 5 {
                write(&mut *store, &entries(10..20), &[]).expect("a commit");
            }
            true
        })
        .expect("no hole");
    assert!(seen == 10 || seen == 20, "{seen}");
}
