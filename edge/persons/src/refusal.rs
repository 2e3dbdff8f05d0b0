//! Why something cannot be done. No value of a person is ever named.

use kaoping_office::state::PersonField;
use kaoping_terms::{Diagnostic, Text};
use std::path::Path;

pub(crate) fn id_number(why: &Text) -> Diagnostic {
    Diagnostic::error("id-number-not-valid", Text::new("身份证号不对", "this is no identity card number"))
        .why(why.clone())
        .next(Text::new("对照证件再输一次", "look at the card and type it again"))
}

pub(crate) fn phone() -> Diagnostic {
    Diagnostic::error("phone-not-valid", Text::new("电话号码不对", "this is no telephone number"))
        .why(Text::new(
            "手机 11 位；固定电话要有区号",
            "a mobile has 11 digits; others come with the code of the region",
        ))
        .next(Text::new("核对后再输一次", "look again and type it anew"))
}

pub(crate) fn field_unfit(field: PersonField, why: &Text) -> Diagnostic {
    let word = field.word();
    Diagnostic::error(
        "person-field-unfit",
        Text::new(format!("人员的{}不能用", word.zh), format!("the {} of the person cannot be used", word.en)),
    )
    .why(why.clone())
    .next(Text::new("改后再送", "mend it and send it again"))
}

/// A reason tells who the person is.
pub fn personal_text() -> Diagnostic {
    Diagnostic::error(
        "personal-data-in-reason",
        Text::new("原因里有姓名、证件号或电话", "the reason has a name, a card or a telephone number in it"),
    )
    .why(Text::new(
        "原因记入台账，永远留着，销毁也带不走",
        "a reason is in the record for ever, also after the person was erased",
    ))
    .next(Text::new("用编号称呼这个人，只写为什么", "call the person by number and say only what for"))
}

/// The server keeps no data about people.
pub fn not_kept() -> Diagnostic {
    Diagnostic::error("persons-not-kept", Text::new("这台服务器没有启用人员信息", "this server keeps no persons"))
        .why(Text::new("没有保护密钥的主密钥文件", "there is no file with the master key that protects the others"))
        .next(Text::new(
            "成立台账时会生成；在别处就用 --master 指出",
            "it is drawn when a record is founded; where it is elsewhere, say so with --master",
        ))
}

/// There is no key for what is kept of a person.
pub fn gone() -> Diagnostic {
    Diagnostic::error(
        "person-key-gone",
        Text::new("这个人的信息读不出来了", "this person's data cannot be read"),
    )
    .why(Text::new(
        "它的密钥已经销毁，或者密钥环是更早的备份；旧的台账备份也读不出来",
        "its key was destroyed, or the key ring is an older backup; older backups of the record do not read it either",
    ))
    .next(Text::new(
        "销毁的找不回来；密钥环取错了，就换上最近的备份再启动",
        "what was erased does not come back; if the ring is the wrong one, put the latest in its place and start again",
    ))
}

/// What is kept of a person is not what was encrypted.
pub fn changed() -> Diagnostic {
    Diagnostic::error(
        "person-data-changed",
        Text::new("这个人的信息被改动或调换过", "this person's data were changed or swapped"),
    )
    .why(Text::new(
        "密文与它的密钥、编号、台账对不上",
        "the ciphertext does not fit its key, its number and its record",
    ))
    .next(Text::new("从备份取回，并查是谁动过数据库", "take it from a backup, and find out who touched the database"))
}

/// A key of the ring does not open under the master key there is.
pub(crate) fn of_another_master(path: &Path, place: usize) -> Box<Diagnostic> {
    let why = Text::new(
        format!("第 {place} 把密钥用现在的主密钥打不开；什么也没有改"),
        format!("key {place} does not open under the master key there is; nothing was changed"),
    );
    ring(path, &why)
}

/// The ring of keys cannot be read or written.
pub(crate) fn ring(path: &Path, why: &Text) -> Box<Diagnostic> {
    let finding = Diagnostic::error(
        "key-ring-unusable",
        Text::new(
            format!("密钥环 {} 不能用", path.display()),
            format!("the ring of keys {} cannot be used", path.display()),
        ),
    )
    .why(why.clone())
    .next(Text::new(
        "看磁盘和权限；丢了、坏了就从密钥环的备份取回，不要新建",
        "look at disk and permissions; if it is lost or damaged take it from the ring's backup, and make no new one",
    ));
    Box::new(finding)
}
