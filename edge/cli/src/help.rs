//! The help and the mistakes of the command line in the language that is asked for. The words
//! in `arguments` are the English ones; the Chinese ones stand here, one a command or option,
//! and are put over them before the line is read. Other programs of the project bring theirs.

use crate::{
    arguments::Arguments,
    say::{self, Ending},
};
use clap::{
    Arg, ArgAction, Command, CommandFactory, Error, FromArgMatches,
    error::{ContextKind, ContextValue, ErrorKind},
};
use kaoping_terms::Lang;
use std::{ffi::OsString, process::exit};

/// What each command does.
const COMMANDS: &[(&str, &str)] = &[
    ("check", "查错：发文以前找出办法里的毛病"),
    ("show", "显示：程序把方案读成了什么"),
    ("test", "试算：跑方案自带的算例"),
    ("score", "评分：scores.csv、totals.csv、awards.csv"),
    ("explain", "解释：一个分的条款、规则、数和凭据、每一步、结果"),
    ("compare", "比较：两个方案、两份数、两个轮次、两种选法有什么不同"),
    ("compute", "计算：一行一件，逐行算出结果和金额"),
    ("new", "新建：从指标表生成一份方案"),
    ("demo", "演示：启动一个年中的示例市，打开就能办事"),
    ("verify", "核对：离线核对一本台账的链、检查点和材料"),
    ("export", "导出：把台账导出成谁都能核对的文件夹"),
    ("replay", "重放：按台账核对库里的表，或者重建"),
    ("backup", "备份：不停机备份一个库"),
    ("restore", "恢复：从备份恢复"),
    ("change-master", "换主密钥：保护人员密钥的主密钥换成新的，旧的从此打不开"),
    ("give-password", "重给密码：谁也登录不了，或者登录资料被人动过，在机器上重给，记入台账"),
    ("confirm-restore", "确认恢复：没有更新的备份，从旧备份接着办，记入台账"),
    ("found", "成立：新台账的密钥、第一条、三个管理员"),
    ("serve", "服务：让各单位通过 HTTP 办事、查询"),
    ("fmt", "翻译：把方案文件的关键词换成中文或英文"),
    ("completions", "补全：印出命令行补全的脚本"),
];

/// What each argument and option is; one of a name means the same everywhere.
const ARGUMENTS: &[(&str, &str)] = &[
    ("policy", "方案文件夹"),
    ("policies", "方案文件夹；比较两个方案的写两个"),
    ("format", "结果的样子：text 给人看，json 给机器看；不写是 text"),
    ("bless", "把算出来的写成预期的结果；提交以前看清差别"),
    ("units", "单位表：unit,name,parent,kind,group 和各种属性；不写就从数里取单位"),
    ("facts", "数：unit,indicator,field,value[,period][,evidence]，或一项一列的宽表；可以写几个"),
    ("events", "方案里一个明细的事件：名称=文件；可以写几个"),
    ("round", "算哪一轮的数"),
    ("as_of", "参数按哪一天取，写成 2014-12-31"),
    ("choose", "改一个选择：名称=词；可以写几个"),
    ("out", "结果文件写到哪个文件夹；要么都写，要么都不写"),
    ("excel", "另写一套给 Excel 打开的：中文表头，文件名是中文"),
    ("from", "要算的表，一行一件：CSV、.parquet 或 .arrow；写 - 从标准输入读"),
    ("out_file", "结果写到哪个文件：CSV、.parquet 或 .arrow；写 - 写到标准输出"),
    ("in_format", "要算的表是什么格式：csv、parquet、arrow；不写就看文件名的后缀，管道里是 csv"),
    ("out_format", "结果用什么格式：csv、parquet、arrow；不写就看文件名的后缀，管道里是 csv"),
    ("explain", "逐行说明第几行为什么是这个结果；表头下第一行是 1"),
    ("select", "结果要哪些栏，用逗号隔开：表里的栏和算出来的栏；不写就是全部"),
    ("rejects", "算不了的行写到哪里，每行带行号、栏和原因；不写就放在结果旁边，名字后加 .rejects.csv"),
    ("decision", "用哪个决定；方案只有一个就不用写"),
    ("unit", "单位"),
    ("indicator", "指标；不写就解释总分、名次和各个奖"),
    ("units_b", "第二边的单位表"),
    ("facts_b", "第二边的数"),
    ("events_b", "第二边的事件"),
    ("round_b", "第二边的轮次"),
    ("choose_b", "第二边改一个选择：名称=词"),
    ("robust", "名次稳不稳：每个选择逐一换成别的选法"),
    ("folder", "要建的文件夹；不能已有东西"),
    ("indicators", "指标表：编号,名称,分值,目标数,规则,依据,牵头,责任"),
    ("name", "方案的名称"),
    ("file", "方案文件"),
    ("to", "关键词换成哪种语言：zh 中文，en 英文"),
    ("write", "写回文件，不印出来"),
    ("store", "台账放在哪里：sqlite:路径，或 postgres://用户@主机/数据库"),
    ("keys", "密钥的文件夹；不要和台账放在一起"),
    ("master", "保护人员密钥的主密钥文件；不写是密钥文件夹里的 persons.master"),
    ("oidc", "统一登录平台：issuer=地址,client=编号,secret-file=文件,at=本系统的地址；自签证书再加 ca=文件"),
    ("origin", "台账的名称，不与别的台账相同"),
    ("office", "最上面的单位"),
    ("profile", "散列和签名：sha256 是 SHA-256 和 Ed25519，sm3 是 SM3 和 SM2；不写是 sha256"),
    ("listen", "在哪里受理：主机:端口；不写是 127.0.0.1:8080"),
    ("dir", "台账和密钥放在哪个文件夹，下次接着用；不写就临时建一个，结束时删除"),
    ("demo_listen", "在哪里受理：主机:端口；不写是 127.0.0.1:8080，被占用就换一个端口"),
    ("year", "不开服务：一步一步走完一年，按一次回车走一步；最后导出台账并核对"),
    ("no_wait", "走完一年，中间不等按键；不在终端里时本来就不等"),
    ("terminal", "不开服务：在终端里查错、评分、解释、比较一遍"),
    ("behind_proxy", "前面有做 TLS 的代理：Cookie 只走 TLS，来源地址看 X-Forwarded-For"),
    ("queue", "最多排多少件事；不写是 2000"),
    ("shell", "哪一种 shell：bash、zsh、fish、elvish、powershell"),
    ("bundle", "导出的文件夹"),
    ("key", "台账的公钥，或写着它的文件；要从别处得来"),
    ("checkpoint", "保存在别处的检查点；可以写几个"),
    ("bundle_out", "导出到哪个文件夹；不能已有"),
    ("rebuild", "按台账重建表"),
    ("backup_out", "备份写到哪个文件；不能已有"),
    ("backup", "备份文件"),
    ("instead", "覆盖库里原有的内容"),
    ("account", "哪个账号"),
    ("by", "由哪个系统管理员负责"),
    ("why", "为什么；留在台账里"),
    ("lang", "说哪种语言：zh 中文，en 英文；不写是 zh"),
];

/// The Chinese words of a program's command line.
#[derive(Clone, Copy, Debug)]
pub struct Chinese {
    /// What the program is.
    pub about: &'static str,
    /// What each command does.
    pub commands: &'static [(&'static str, &'static str)],
    /// What each argument and option is, where it is not what it is for `kaoping`.
    pub arguments: &'static [(&'static str, &'static str)],
}

impl Chinese {
    /// What a command does.
    pub fn command(&self, name: &str) -> Option<&'static str> {
        words_of(self.commands, name)
    }

    /// What an argument or an option is.
    pub fn argument(&self, name: &str) -> Option<&'static str> {
        words_of(self.arguments, name).or_else(|| words_of(ARGUMENTS, name))
    }
}

const KAOPING: Chinese = Chinese {
    about: "考评：把考核办法当作数据——发文前查错，一数一源，逐分可解释。",
    commands: COMMANDS,
    arguments: &[],
};

/// What stands for a value, where it is words.
const VALUES: &[(&str, &str)] = &[
    ("NAME=WORD", "选择=词"),
    ("NAME=CSV", "明细=CSV"),
    ("FOLDER", "文件夹"),
    ("FILE", "文件"),
    ("DIR", "文件夹"),
    ("ADDRESS", "地址"),
    ("ACCOUNT", "账号"),
    ("TEXT", "文字"),
    ("NAME", "名称"),
    ("HOST:PORT", "主机:端口"),
    ("COUNT", "件数"),
    ("SETTINGS", "设置"),
    ("FORMAT", "格式"),
    ("CSV", "表格"),
    ("DATE", "日期"),
    ("ROW", "行"),
    ("COLUMNS", "栏"),
    ("LANG", "语言"),
    ("SHELL", "shell"),
    ("UNIT", "单位"),
    ("INDICATOR", "指标"),
    ("ROUND", "轮次"),
    ("DECISION", "决定"),
    ("KEY", "公钥"),
    ("CHECKPOINT", "检查点"),
    ("PROFILE", "算法"),
    ("TO", "语言"),
    ("BACKUP", "备份"),
    ("BUNDLE", "文件夹"),
    ("BY", "账号"),
    ("WHY", "原因"),
    ("ORIGIN", "名称"),
    ("OFFICE", "单位"),
    ("KEYS", "文件夹"),
    ("STORE", "地址"),
    ("ROUND_B", "轮次"),
    ("UNITS_B", "表格"),
];

/// Reads the command line, or says in the language asked for what is wrong with it.
pub fn arguments() -> Arguments {
    read(&KAOPING)
}

/// Reads the command line of a program with those words.
pub fn read<A: CommandFactory + FromArgMatches>(own: &Chinese) -> A {
    let words: Vec<OsString> = std::env::args_os().collect();
    let chinese = !asks_for_english(&words);
    let (command, words) =
        if chinese { (in_chinese(A::command(), own), help_word(words)) } else { (A::command(), words) };
    let name = command.get_name().to_owned();
    let several = words.iter().any(|word| takes_several(&word.to_string_lossy()));
    let read = command.try_get_matches_from(words).and_then(|found| A::from_arg_matches(&found));
    match read {
        Ok(arguments) => arguments,
        Err(fault) if chinese => tell(&fault, several, &name),
        Err(fault) if several && fault.kind() == ErrorKind::MissingRequiredArgument => {
            eprint!("{}\nThe policy folder stands before {SEVERAL}: what follows them is theirs.\n", fault.render());
            exit(fault.exit_code());
        }
        Err(fault) if fault.use_stderr() => fault.exit(),
        Err(fault) => end(&fault.render().ansi().to_string(), Lang::En),
    }
}

/// Options that take all words behind them.
const SEVERAL: &str = "--facts, --events";

fn takes_several(word: &str) -> bool {
    SEVERAL.split(", ").any(|option| word.starts_with(option))
}

fn asks_for_english(words: &[OsString]) -> bool {
    let next = words.iter().skip(1).map(Some).chain([None]);
    words
        .iter()
        .zip(next)
        .any(|(word, next)| word == "--lang=en" || (word == "--lang" && next.is_some_and(|next| next == "en")))
}

/// `kaoping help check` is `kaoping check --help`.
fn help_word(mut words: Vec<OsString>) -> Vec<OsString> {
    if words.get(1).is_some_and(|word| word == "help") {
        words.remove(1);
        words.push("--help".into());
    }
    words
}

fn words_of(table: &'static [(&str, &str)], name: &str) -> Option<&'static str> {
    table.iter().find(|(known, _)| *known == name).map(|(_, words)| *words)
}

/// The command with Chinese words, its commands too.
fn in_chinese(command: Command, own: &Chinese) -> Command {
    let about = own.command(command.get_name()).unwrap_or(own.about);
    let has_version = command.get_version().is_some();
    let after = command.get_after_help().map(|text| examples(&text.to_string()));
    let mut command = command
        .about(about)
        .long_about(None)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .disable_help_subcommand(true)
        .subcommand_help_heading("命令")
        .help_template("{about}\n\n用法：{usage}\n\n{all-args}{after-help}\n")
        .mut_args(|argument| {
            let heading = if argument.is_positional() { "参数" } else { "选项" };
            let words = own.argument(argument.get_id().as_str());
            let mut argument = argument.help_heading(heading);
            let value = argument.get_value_names().and_then(|names| names.first()).map(|name| name.to_string());
            let value = value.unwrap_or_else(|| argument.get_id().as_str().to_ascii_uppercase());
            if let Some(value) = words_of(VALUES, &value).filter(|_| argument.get_action().takes_values()) {
                argument = argument.value_name(value);
            }
            if argument.get_action().takes_values() {
                argument = argument.hide_possible_values(true).hide_default_value(true);
            }
            match words {
                Some(words) => argument.help(words).long_help(None),
                None => argument,
            }
        })
        .mut_subcommands(|inner| in_chinese(inner, own))
        .arg(Arg::new("help").short('h').long("help").action(ArgAction::Help).help("印出说明").help_heading("选项"));
    if has_version {
        let version = Arg::new("version").short('V').long("version").action(ArgAction::Version);
        command = command.arg(version.help("印出版本").help_heading("选项"));
    }
    match after {
        Some(after) => command.after_help(after),
        None => command,
    }
}

/// Prints help, the version, or what is wrong with the line; then the program ends.
fn tell(fault: &Error, several: bool, name: &str) -> ! {
    let text = match fault.kind() {
        ErrorKind::DisplayVersion => fault.to_string(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            placeholders(&fault.to_string())
        }
        _ => mistake(fault, several, name),
    };
    if fault.use_stderr() {
        eprint!("{text}");
        exit(fault.exit_code());
    }
    end(&text, Lang::Zh)
}

/// Prints what was asked for, help or the version, and ends.
fn end(text: &str, lang: Lang) -> ! {
    say::print(text);
    exit(match say::all_printed(Ending::Done, lang) {
        Ending::Done => 0,
        Ending::Refused | Ending::Unusable => 2,
    })
}

/// Remarks beside examples.
const REMARKS: &[(&str, &str)] = &[
    ("(a year, step by step)", "（一步一步走完一年）"),
    ("(a policy checked, scored, explained, without a server)", "（不开服务：查错、评分、解释）"),
    ("(write what comes out as expected)", "（把算出来的写成预期的结果）"),
    ("compare OLD NEW", "compare 旧方案 新方案"),
    (" POLICY ", " 方案 "),
];

/// Examples, with what is said of them in Chinese.
fn examples(text: &str) -> String {
    let lines: Vec<String> = text
        .lines()
        .enumerate()
        .map(|(place, line)| match line.trim_start().strip_prefix("Examples: ").or(line.strip_prefix("Example: ")) {
            Some(first) => format!("例：{first}"),
            None if place > 0 && line.trim_start().starts_with("kaoping") => format!("    {}", line.trim_start()),
            None => line.to_owned(),
        })
        .collect();
    REMARKS.iter().fold(lines.join("\n"), |text, (en, zh)| text.replace(en, zh))
}

/// What stands for words in the line of usage.
fn placeholders(text: &str) -> String {
    let pairs = [
        ("[OPTIONS]", "[选项]"),
        ("<COMMAND>", "<命令>"),
        ("[COMMAND]", "[命令]"),
        ("<POLICY>", "<方案>"),
        ("<POLICIES>", "<方案>"),
        ("选项:\n", "选项：\n"),
        ("参数:\n", "参数：\n"),
        ("命令:\n", "命令：\n"),
    ];
    pairs.iter().fold(text.to_owned(), |text, (en, zh)| text.replace(en, zh))
}

fn context(fault: &Error, kind: ContextKind) -> Option<String> {
    Some(match fault.get(kind)? {
        ContextValue::String(word) => word.clone(),
        ContextValue::Strings(words) => words.join("、"),
        ContextValue::Number(number) => number.to_string(),
        _ => return None,
    })
}

/// A mistake in the line: what, and what next.
fn mistake(fault: &Error, several: bool, name: &str) -> String {
    let of = |kind| placeholders(&context(fault, kind).unwrap_or_default());
    let what = match fault.kind() {
        ErrorKind::MissingRequiredArgument => format!("还要写：{}", of(ContextKind::InvalidArg)),
        ErrorKind::UnknownArgument => format!("没有“{}”这个选项", of(ContextKind::InvalidArg)),
        ErrorKind::InvalidSubcommand => format!("没有“{}”这个命令", of(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingSubcommand => String::from("还要写做什么"),
        ErrorKind::InvalidValue if of(ContextKind::InvalidValue).is_empty() => {
            format!("{} 后面要写一个值", of(ContextKind::InvalidArg))
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let known = of(ContextKind::ValidValue);
            let known = if known.is_empty() { known } else { format!("，可以写：{known}") };
            format!("{} 不能是“{}”{known}", of(ContextKind::InvalidArg), of(ContextKind::InvalidValue))
        }
        ErrorKind::ArgumentConflict => format!("{} 写了两次，或和别的选项不能一起用", of(ContextKind::InvalidArg)),
        ErrorKind::InvalidUtf8 => String::from("命令行里有的字不是 UTF-8，读不出来"),
        _ => format!("命令行读不懂：{fault}"),
    };
    let hint = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue]
        .into_iter()
        .find_map(|kind| context(fault, kind))
        .map(|word| format!("是不是“{word}”？"))
        .unwrap_or_default();
    let hint = match fault.kind() {
        ErrorKind::MissingRequiredArgument if several => {
            String::from("方案文件夹写在 --facts、--events 的前面：它们把后面的都当成自己的；")
        }
        _ => hint,
    };
    format!("错误：{what}\n  = 办法 {hint}用 {name} --help 或 {name} 命令 --help 看怎么写\n")
}

#[cfg(test)]
mod tests {
    use super::{KAOPING, in_chinese};
    use crate::arguments::Arguments;
    use clap::{Command, CommandFactory};

    fn every(command: &Command, see: &mut dyn FnMut(&Command)) {
        see(command);
        command.get_subcommands().for_each(|inner| every(inner, see));
    }

    #[test]
    fn every_command_and_option_has_chinese_words() {
        let mut missing = Vec::new();
        every(&Arguments::command(), &mut |command| {
            if command.get_name() != "kaoping" && KAOPING.command(command.get_name()).is_none() {
                missing.push(command.get_name().to_owned());
            }
            let absent = command.get_arguments().map(|argument| argument.get_id().as_str());
            let absent = absent.filter(|id| KAOPING.argument(id).is_none() && !matches!(*id, "help" | "version"));
            missing.extend(absent.map(str::to_owned));
        });
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn chinese_help_has_no_english_words_but_names() {
        let mut command = in_chinese(Arguments::command(), &KAOPING);
        command.clone().debug_assert();
        let check = command.find_subcommand_mut("check").expect("check");
        let help = super::placeholders(&check.render_help().to_string());
        assert!(help.starts_with("查错：") && help.contains("[选项] <方案>") && help.contains("例："), "{help}");
        for english in ["Usage", "Options", "Arguments", "Print", "default"] {
            assert!(!help.contains(english), "{english}\n{help}");
        }
        let mut helps = Vec::new();
        every(&command, &mut |command| helps.push(super::placeholders(&command.clone().render_help().to_string())));
        for help in helps {
            for half in ["选项:", "参数:", "命令:", "(a ", "(write"] {
                assert!(!help.contains(half), "{half}\n{help}");
            }
            let capitals = |word: &str| word.chars().all(|c| c.is_ascii_uppercase() || "_=:".contains(c));
            let named = help.split(['<', '>']).skip(1).step_by(2).find(|word| capitals(word));
            assert_eq!(named, None, "{help}");
        }
    }
}
