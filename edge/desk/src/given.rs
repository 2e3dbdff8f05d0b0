//! What a record is verified with, and what is said where that is missing or is not what it should be.

use kaoping_terms::{Diagnostic, Text};

/// A key that was given is none. Where it may be a file, what has nothing of a key in it was
/// meant as one.
pub fn no_key(written: &str, perhaps_a_file: bool) -> Diagnostic {
    let message = if perhaps_a_file && !written.contains('+') {
        Text::new(
            format!("没有“{written}”这个文件，它也不是公钥"),
            format!("there is no file `{written}`, and it is no public key either"),
        )
    } else {
        Text::new(format!("“{written}”不是公钥"), format!("`{written}` is no public key"))
    };
    Diagnostic::error("key-unreadable", message)
        .why(Text::new(
            "--key 后面是公钥（名称+编号+内容），或存着公钥的文件",
            "--key takes a key, written NAME+NUMBER+KEY, or a file that holds one",
        ))
        .next(Text::new(
            "用成立台账时保存的公钥，一个字也不改；文件就核对路径",
            "give the key as it was kept when the record was founded; if it is in a file, see that its path is right",
        ))
}

/// What was given as a checkpoint is none.
pub fn no_checkpoint(path: &str) -> Diagnostic {
    Diagnostic::error(
        "checkpoint-not-signed",
        Text::new(format!("{path} 不是检查点"), format!("{path} is no checkpoint")),
    )
    .why(Text::new("检查点要一个字不改地保存", "a checkpoint is kept without any change"))
    .next(Text::new("用当初保存的原文", "use the text that was kept"))
}

/// It was verified with the key that came with it.
pub fn own_key() -> Diagnostic {
    Diagnostic::note(
        "key-of-the-record-itself",
        Text::new("核对用的公钥是台账自己带的", "the key is the one that came with the record"),
    )
    .why(Text::new("整本另造的台账也会带上自己的公钥", "a record made to take its place would bring its own key, too"))
    .next(Text::new("用 --key 给出从别处得来的公钥", "give a key from elsewhere with --key"))
}

/// There was nothing from outside to hold it against.
pub fn nothing_pinned() -> Diagnostic {
    Diagnostic::note(
        "nothing-pinned",
        Text::new("没有给出保存在别处的检查点", "no checkpoint kept elsewhere was given"),
    )
    .why(Text::new(
        "没有它，看不出末尾被截去，也看不出整本重写后重新签名",
        "without one neither a cut end nor a rewritten and re-signed record can be seen",
    ))
    .next(Text::new("用 --checkpoint 给出保存的检查点", "give one with --checkpoint"))
}
