//! What a pipe brings and has to be read here and there is kept on the disk first.

use kaoping_sheets::{FileFault, file::system_reason};
use kaoping_terms::{Diagnostic, Text};
use std::{
    fs::File,
    io::{self, Read, Write},
};

/// How many bytes are taken at once.
const AT_ONCE: usize = 1 << 18;

/// All that comes from the standard input, in a file without a name: it is gone with the run, however
/// that ends.
pub(super) fn spooled(mut from: impl Read) -> Result<File, Box<Diagnostic>> {
    let mut file = tempfile::tempfile().map_err(|fault| Box::new(not_kept(&fault)))?;
    let mut bytes = vec![0; AT_ONCE];
    loop {
        let got = match from.read(&mut bytes) {
            Ok(0) => return Ok(file),
            Ok(got) => bytes.get(..got).unwrap_or_default(),
            Err(fault) if fault.kind() == io::ErrorKind::Interrupted => continue,
            Err(fault) => return Err(Box::new(FileFault::from(fault).diagnostic("-"))),
        };
        file.write_all(got).map_err(|fault| Box::new(not_kept(&fault)))?;
    }
}

fn not_kept(fault: &io::Error) -> Diagnostic {
    let folder = std::env::temp_dir();
    let (folder, reason) = (folder.display(), system_reason(fault));
    Diagnostic::error(
        "table-not-kept",
        Text::new(
            format!("从标准输入来的 Parquet 存不下：临时文件夹 {folder}"),
            format!("Parquet from the standard input cannot be kept in the temporary folder {folder}"),
        ),
    )
    .why(Text::new(
        format!("它的目录在末尾，要先存下来才能读；{}", reason.zh),
        format!("its table of contents stands at its end, so it is kept before it is read; {}", reason.en),
    ))
    .next(Text::new(
        "腾出空间，用 TMPDIR 换一个临时文件夹，或用 --in 写出文件；管道里用 arrow 或 csv 不用存",
        "make room, name another folder with TMPDIR, or name the file with --in; arrow and csv are not kept",
    ))
}

#[cfg(test)]
mod tests {
    use super::spooled;
    use std::io::{self, Read, Seek};

    /// Gives some bytes, is interrupted, and fails.
    struct Broken(u8);

    impl Read for Broken {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            self.0 += 1;
            match self.0 {
                1 => Ok(into.len()),
                2 => Err(io::ErrorKind::Interrupted.into()),
                _ => Err(io::ErrorKind::ConnectionReset.into()),
            }
        }
    }

    #[test]
    fn what_comes_is_kept_whole_and_what_breaks_off_is_said() {
        let long: Vec<u8> = (0..super::AT_ONCE * 2 + 7).map(|at| at.to_le_bytes()[0]).collect();
        let (mut file, mut back) = (spooled(long.as_slice()).expect("kept"), Vec::new());
        file.rewind().and_then(|()| file.read_to_end(&mut back)).expect("read");
        assert!(back == long);
        assert_eq!(spooled(Broken(0)).expect_err("broken").name, "file-unreadable");
    }
}
