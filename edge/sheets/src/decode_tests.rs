use super::{BinaryKind, DecodeFault, Encoding, decode, decode_owned, decode_table};
use std::borrow::Cow;

const TEXT: &str = "单位,数值\n甲县,１２３\n乙县,98.2%\n";

fn gbk(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}

fn utf16(text: &str, low_first: bool, mark: bool) -> Vec<u8> {
    let mark = mark.then_some(0xFEFFu16);
    mark.into_iter()
        .chain(text.encode_utf16())
        .flat_map(|unit| if low_first { unit.to_le_bytes() } else { unit.to_be_bytes() })
        .collect()
}

fn with_mark(mark: &[u8], body: &[u8]) -> Vec<u8> {
    [mark, body].concat()
}

#[test]
fn every_encoding_offices_write_gives_the_same_text() {
    let files = [
        TEXT.as_bytes().to_vec(),
        with_mark(&[0xEF, 0xBB, 0xBF], TEXT.as_bytes()),
        gbk(TEXT),
        with_mark(&[0x84, 0x31, 0x95, 0x33], &gbk(TEXT)),
        utf16(TEXT, true, true),
        utf16(TEXT, false, true),
        utf16(TEXT, true, false),
        utf16(TEXT, false, false),
    ];
    for (at, bytes) in files.into_iter().enumerate() {
        assert_eq!(decode(&bytes).as_deref(), Ok(TEXT), "file {at}");
        assert_eq!(decode_owned(bytes).as_deref(), Ok(TEXT), "file {at}, owned");
    }
    // Characters outside GBK need the four-byte form of GB 18030.
    let rare = "镇名\n𠮷镇㐂\n";
    assert_eq!(decode(&gbk(rare)).as_deref(), Ok(rare));
}

#[test]
fn valid_utf8_is_not_copied() {
    assert!(matches!(decode(TEXT.as_bytes()), Ok(Cow::Borrowed(_))));
    let crlf = TEXT.replace('\n', "\r\n");
    assert!(matches!(decode(crlf.as_bytes()), Ok(Cow::Borrowed(_))));
}

#[test]
fn line_ends_of_all_three_manners_keep_byte_places() {
    let mixed = "a,b\r1,2\r\n3,4\n5,6\r";
    let text = decode(mixed.as_bytes()).expect("text");
    assert_eq!(text, "a,b\n1,2\r\n3,4\n5,6\n");
    assert_eq!(text.len(), mixed.len());
    assert_eq!(decode(&gbk("甲\r乙\r\n丙")).as_deref(), Ok("甲\n乙\r\n丙"));
    assert_eq!(decode_owned(b"a\rb".to_vec()).as_deref(), Ok("a\nb"));
}

#[test]
fn a_damaged_utf8_file_is_not_taken_for_gb18030() {
    let mut bytes = "单位,数值\n甲县,1\n乙县,2\n".as_bytes().to_vec();
    let at = bytes.len() - 5;
    bytes[at] = b'?';
    let DecodeFault::Undecodable { encoding, line, column, truncated, byte } = decode(&bytes).expect_err("damaged")
    else {
        panic!("another fault");
    };
    assert_eq!((encoding, line, column, truncated), (Encoding::Utf8, 3, 2, false));
    assert_eq!(byte, at - 1, "the character begins before the damage");
}

#[test]
fn a_character_cut_at_the_end_is_refused() {
    let whole = "单位,数值\n甲县,1\n乙县";
    for (bytes, encoding) in [
        (whole.as_bytes().to_vec(), Encoding::Utf8),
        (gbk(whole), Encoding::Gb18030),
        (utf16(whole, true, true), Encoding::Utf16Le),
    ] {
        let cut = &bytes[..bytes.len() - 1];
        match decode(cut) {
            Err(DecodeFault::Undecodable { encoding: found, truncated, byte, line, column }) => {
                assert_eq!((found, truncated, line, column), (encoding, true, 3, 2));
                let begin = cut.len() - if encoding == Encoding::Utf8 { 2 } else { 1 };
                assert_eq!(byte, begin, "{encoding:?}");
            }
            other => panic!("{encoding:?}: {other:?}"),
        }
    }
}

#[test]
fn an_undecodable_byte_of_gb18030_is_named_with_its_line() {
    let mut bytes = gbk("单位,数值\n甲县,1\n乙县,2\n");
    let at = bytes.len() - 3;
    bytes[at] = 0xFF;
    match decode(&bytes) {
        Err(DecodeFault::Undecodable { encoding: Encoding::Gb18030, byte, line: 3, .. }) => {
            assert_eq!(byte, at);
        }
        other => panic!("{other:?}"),
    }
    let finding = decode(&bytes).expect_err("a fault").diagnostic("facts.csv");
    assert_eq!(finding.name, "file-encoding");
    let point = finding.file.expect("where");
    assert_eq!((point.path.as_str(), point.at), ("facts.csv", Some((3, 3))));
    assert!(finding.message.zh.contains("facts.csv 第 3 行"), "{}", finding.message.zh);
}

#[test]
fn binary_files_are_told_apart() {
    let workbook = b"PK\x03\x04\x14\0\0\0[Content_Types].xml....xl/workbook.xml".to_vec();
    let cases: [(Vec<u8>, BinaryKind); 8] = [
        (workbook, BinaryKind::Workbook),
        (b"PK\x03\x04\x14\0\0\0readme.txt".to_vec(), BinaryKind::Archive),
        (b"%PDF-1.7\n".to_vec(), BinaryKind::Pdf),
        (b"PAR1\x15\x04".to_vec(), BinaryKind::Parquet),
        (vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0], BinaryKind::OldOffice),
        (b"\x7FELF\x02\x01\x01\0\0\0".to_vec(), BinaryKind::Unknown),
        (b"\0\0\0\0,\0\0\0\n".to_vec(), BinaryKind::Unknown),
        (vec![0xFF, 0xFE, 0, 0, b'a', 0, 0, 0], BinaryKind::Utf32),
    ];
    for (bytes, kind) in cases {
        assert_eq!(decode(&bytes), Err(DecodeFault::Binary(kind)), "{bytes:?}");
        let finding = DecodeFault::Binary(kind).diagnostic("表.bin");
        assert_eq!(finding.name, "file-not-text");
        assert!(!finding.next.zh.is_empty() && !finding.next.en.is_empty());
    }
    let next = DecodeFault::Binary(BinaryKind::Workbook).diagnostic("a.xlsx").next;
    assert!(next.zh.contains("CSV UTF-8"));
}

/// A NUL is told with its place, wherever it stands; it is not taken for half of a pair of UTF-16.
#[test]
fn a_nul_in_a_text_is_named_with_its_place() {
    for text in [TEXT, "a,b\n1,2\n", "编号,类别\n1,一类\n2,上访\n"] {
        let all: Vec<char> = text.chars().collect();
        for at in 0..=all.len() {
            let (before, after): (String, String) = (all[..at].iter().collect(), all[at..].iter().collect());
            let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
            let place = Err(DecodeFault::Nul { line: before.matches('\n').count() + 1, column });
            let spoilt = format!("{before}\0{after}");
            let files =
                [spoilt.clone().into_bytes(), gbk(&spoilt), utf16(&spoilt, true, true), utf16(&spoilt, false, false)];
            // In UTF-16 a NUL right behind the mark is the mark of UTF-32.
            for (way, bytes) in files.into_iter().enumerate().filter(|(way, _)| at > 0 || *way < 2) {
                assert_eq!(decode(&bytes).map(Cow::into_owned), place, "{spoilt:?}, way {way}");
                assert_eq!(decode_owned(bytes), place, "{spoilt:?}, way {way}, owned");
            }
        }
        // And without one every way is read, 一 with its zero half too.
        for bytes in [utf16(text, true, false), utf16(text, false, false)] {
            assert_eq!(decode_owned(bytes).as_deref(), Ok(text));
        }
    }
    let finding = decode(b"a,b\n1,\0\0\n").expect_err("a fault").diagnostic("facts.csv");
    assert_eq!(finding.name, "file-nul");
    assert_eq!(finding.file.expect("where").at, Some((2, 3)));
}

#[test]
fn a_return_inside_a_quoted_cell_stays() {
    for (text, table) in [
        ("a,b\r1,\"x\ry\"\r2,z\r", "a,b\n1,\"x\ry\"\n2,z\n"),
        ("a,b\n1,\"x\r\ry\r\nz\"\r\n", "a,b\n1,\"x\r\ry\r\nz\"\r\n"),
        ("a\tb\r1\t\"x\"\"\ry\"\r", "a\tb\n1\t\"x\"\"\ry\"\n"),
        ("a,b\r1,5\"\r2,3\"\r", "a,b\n1,5\"\n2,3\"\n"),
        ("a,b\r1,\"x\r2,y\r", "a,b\n1,\"x\n2,y\n"),
    ] {
        assert_eq!(decode_table(text.as_bytes().to_vec(), None).as_deref(), Ok(table), "{text:?}");
        assert_eq!(decode_table(utf16(text, true, true), None).as_deref(), Ok(table), "{text:?}");
        assert!(!decode_owned(text.as_bytes().to_vec()).expect("text").replace("\r\n", "").contains('\r'), "{text:?}");
    }
}

#[test]
fn an_empty_file_is_named() {
    for bytes in [&b""[..], b" \r\n\t", &[0xEF, 0xBB, 0xBF], &[0xFF, 0xFE]] {
        assert_eq!(decode(bytes), Err(DecodeFault::Empty), "{bytes:?}");
        assert_eq!(decode_owned(bytes.to_vec()), Err(DecodeFault::Empty), "{bytes:?}");
    }
}
