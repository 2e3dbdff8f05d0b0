//! The program as a person runs it: a line typed in a folder, what it printed, how it ended.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::expect_used,
    reason = "each test uses a part of it, and stops at what should have been there"
)]

use std::{fs, path::Path, process::Command};

/// What a run printed and how it ended. A run that was killed has code −1.
pub struct Run {
    pub stdout: String,
    pub stderr: String,
    pub code: i32,
}

impl Run {
    /// All that was printed, results before findings.
    pub fn said(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }
}

/// Runs a line such as `kaoping check policies/livelihood` in a folder.
pub fn kaoping(line: &str, folder: &Path) -> Run {
    let arguments: Vec<&str> = line.split_whitespace().skip(1).collect();
    run(&arguments, folder)
}

/// Runs the program with arguments as they are.
pub fn run(arguments: &[&str], folder: &Path) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_kaoping"))
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .output()
        .expect("the program");
    Run {
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        code: output.status.code().unwrap_or(-1),
    }
}

/// Copies what is in a folder, folders and all.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder to copy") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a copy");
        }
    }
}

/// Whether what is expected is to be written anew.
pub fn bless() -> bool {
    std::env::var_os("KAOPING_BLESS").is_some()
}
