//! The deeds, by topic. Each is what the sender gives and what stands in the record.

pub mod assessors;
pub mod awards;
pub mod collections;
pub mod ends;
pub mod events;
pub mod figures;
pub mod founding;
pub mod inquiries;
pub mod logins;
pub mod noted;
pub mod objections;
pub mod offices;
pub mod people;
pub mod persons;
pub mod proposals;
pub mod reports;
pub mod restoring;
pub mod rounds;
pub mod samples;
pub mod schemes;
mod settling;
pub mod targets;
pub(crate) mod there;

use crate::rights::Word;

const OFFICE: Word = Word { zh: "单位", en: "office" };
const ACCOUNT: Word = Word { zh: "账号", en: "account" };
const FIGURE: Word = Word { zh: "数据项", en: "figure" };
const SCHEME: Word = Word { zh: "方案", en: "scheme" };
const INDICATOR: Word = Word { zh: "指标", en: "indicator" };
const FIELD: Word = Word { zh: "字段", en: "field" };
const COLLECTION: Word = Word { zh: "填报任务", en: "collection" };
const REPORT: Word = Word { zh: "填报", en: "report" };
const EXEMPTION: Word = Word { zh: "豁免", en: "exemption" };
const PROPOSAL: Word = Word { zh: "申请", en: "proposal" };
const PERSON: Word = Word { zh: "人员", en: "person" };
const EVENT: Word = Word { zh: "事件", en: "event" };
const COLUMN: Word = Word { zh: "列", en: "column" };
const EVENTS: Word = Word { zh: "明细", en: "event table" };
const ROUND: Word = Word { zh: "轮次", en: "round" };
const RESULTS: Word = Word { zh: "结果", en: "results" };
const AWARD: Word = Word { zh: "奖项", en: "award" };
const SAMPLE: Word = Word { zh: "抽样", en: "sample" };
const INQUIRY: Word = Word { zh: "质询", en: "question" };
const FILE: Word = Word { zh: "文件", en: "file" };
const OBJECTION: Word = Word { zh: "异议", en: "objection" };
