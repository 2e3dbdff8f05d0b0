//! A round is assessed, put down, sealed, objected to, opened again, sealed once more, published and verified.

use crate::rig::{City, Person};
use std::time::Duration;

/// The score sheets of the round in the middle of the year.
const SHEETS: &str = "/schemes/%E6%B0%91%E7%94%9F2026/sheet?round=%E5%8D%8A%E5%B9%B4";

/// The one of 戊县.
const SHEET: &str = "/schemes/%E6%B0%91%E7%94%9F2026/sheet?round=%E5%8D%8A%E5%B9%B4&unit=%E6%88%8A%E5%8E%BF";

/// Its results, for everybody.
const PUBLISHED: &str = "/public/%E6%B0%91%E7%94%9F2026/%E5%8D%8A%E5%B9%B4";

/// A lead unit gives a value anew, with the kind of the difference, the reason and a paper.
async fn assesses(lead: &Person, value: &str, why: &str) {
    lead.open(SHEET).await;
    lead.presses("改评 城镇新增就业 完成数").await;
    lead.writes("#assess-value", value).await;
    // What differs is not taken without saying what it comes from.
    lead.sees("差异出于").await;
    lead.presses("评定").await;
    assert!(!lead.reads("已办：评定").await, "a difference without its kind");
    lead.picks("#assess-kind", "数据：核对后数不同").await;
    lead.writes("#assess-why", why).await;
    lead.brings("#assess-paper", "比对记录.txt", why.as_bytes()).await;
    lead.finds("#assess-one [data-papers] li").await;
    lead.presses("评定").await;
    lead.sees("已办：评定").await;
    lead.sees(why).await;
}

/// The leading group seals the round, and shows it.
async fn seals(leader: &Person) {
    leader.open(SHEETS).await;
    leader.writes("#seal-days", "1").await;
    leader.writes("#seal-why", "领导小组会议纪要").await;
    leader.pushes("#seal input[name='shown']").await;
    leader.presses_now("审定封存").await;
    leader.sees("已办：审定封存").await;
}

/// What waits in the middle of the year is answered and decided.
async fn settles(office: &Person, leader: &Person) {
    office.open("/matters").await;
    office.picks("[id='upheld-异议-2026-2']", "不成立").await;
    office.writes("[id='why-异议-2026-2']", "通报所指路段属实").await;
    office.pushes("[id='objection-异议-2026-2'] button[type='submit']").await;
    office.presses("立即办").await;
    office.sees("已办：答复").await;
    leader.open("/matters").await;
    leader.picks("[id='approved-更正-2026-1']", "批准").await;
    leader.pushes("[id='proposal-更正-2026-1'] button[type='submit']").await;
    leader.presses("立即办").await;
    leader.sees("已办：批复").await;
}

/// 戊县 objects; the id of the objection.
async fn objects(city: &City) -> String {
    let clerk = city.person("wu-clerk").await;
    clerk.open(SHEET).await;
    clerk.sees("公示到").await;
    assert_eq!(clerk.counts("#object").await, 0, "a clerk does not object for the office");
    clerk.leaves().await;
    let signer = city.person("wu-signer").await;
    signer.open(SHEET).await;
    let objection = signer.value("#object-id").await;
    signer.writes("#object-why", "比对时漏了一批新登记的人").await;
    signer.brings("#object-paper", "名单.txt", "名单".as_bytes()).await;
    signer.finds("#object [data-papers] li").await;
    signer.presses("提出异议").await;
    signer.sees("已办：提出异议").await;
    signer.leaves().await;
    objection
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_goes_from_the_lead_unit_to_the_public() {
    let city = City::in_mid_year().await;
    let (lead, office, leader) =
        (city.person("renshe").await, city.person("kaoping").await, city.person("lingdao").await);
    assesses(&lead, "1900", "与实名登记库比对").await;
    leader.open(SHEETS).await;
    leader.sees("汇总以后又有评分").await;
    // Whatever is undecided is told, and settled before they are sealed.
    leader.sees("申请“更正-2026-1”").await;
    settles(&office, &leader).await;
    leader.open(SHEETS).await;
    assert!(!leader.reads("申请“更正-2026-1”").await, "it was decided");
    office.open(SHEETS).await;
    office.presses("重新汇总").await;
    office.sees("第 2 次").await;
    assert_eq!(office.counts("#seal").await, 0, "who puts results down does not seal them");
    seals(&leader).await;

    let everybody = city.stranger().await;
    everybody.open(PUBLISHED).await;
    everybody.sees("正在公示，还没有定").await;

    // An objection is upheld; two people open the results again.
    let objection = objects(&city).await;
    office.open("/matters").await;
    office.picks(&format!("[id='upheld-{objection}']"), "成立").await;
    office.writes(&format!("[id='why-{objection}']"), "名单属实，重新比对").await;
    office.pushes(&format!("[id='objection-{objection}'] button[type='submit']")).await;
    office.presses("立即办").await;
    office.sees("已办：答复").await;
    office.open(SHEETS).await;
    office.presses("申请重开结果").await;
    let proposal = office.value("#reopen-id").await;
    office.writes("#reopen-why", "戊县异议成立").await;
    office.brings("#reopen-paper", "复核.txt", "复核".as_bytes()).await;
    office.finds("#reopen [data-papers] li").await;
    office.presses("申请重开").await;
    office.sees("已办：申请重开").await;
    office.open("/matters").await;
    office.finds(&format!("[id='proposal-{proposal}']")).await;
    let own = format!("[id='proposal-{proposal}'] option[value='true']");
    assert_eq!(office.counts(&own).await, 0, "who proposes does not approve");
    leader.open("/matters").await;
    leader.picks(&format!("[id='approved-{proposal}']"), "批准").await;
    leader.pushes(&format!("[id='proposal-{proposal}'] button[type='submit']")).await;
    leader.presses("立即办").await;
    leader.sees("已办：批复").await;

    assesses(&lead, "2336", "补上漏比对的人").await;
    lead.leaves().await;
    office.open(SHEETS).await;
    office.presses("汇总").await;
    office.sees("第 3 次").await;
    seals(&leader).await;
    leader.leaves().await;

    // Nothing is published while it can be objected to.
    office.open(SHEETS).await;
    assert_eq!(office.counts("#publish").await, 0, "objections can still be made");
    city.wait(Duration::from_secs(6 * 24 * 3600));
    office.comes_back("kaoping").await;
    office.sees("公布结果").await;
    office.open(SHEETS).await;
    // The seconds are not waited for: another address is opened, and tells what came of it.
    office.presses("公布").await;
    office.sees("秒后公布").await;
    office.open("/").await;
    office.sees("已办：公布").await;
    office.leaves().await;

    everybody.open(PUBLISHED).await;
    everybody.sees("凭什么相信").await;
    everybody.sees("戊县").await;
    for account in ["wu-signer", "renshe", "lingdao", "比对时漏了"] {
        assert!(!everybody.reads(account).await, "{account} is nothing for everybody");
    }
    verifies(&everybody, None).await;
    everybody.leaves().await;
    audits(&city).await;
    city.ends().await;
}

/// Goes through the checks of the first published result, with a checkpoint where one was kept.
async fn verifies(person: &Person, checkpoint: Option<&str>) {
    person.open("/verify").await;
    if let Some(checkpoint) = checkpoint {
        person.writes("#pin", checkpoint).await;
    }
    person.presses("核验").await;
    // The record is gone through once; meanwhile the page says so.
    while person.sees_soon("正在从头到尾核对台账").await {
        person.client.refresh().await.expect("the page again");
    }
    person.finds("#checks caption .tag.ok").await;
    assert!(!person.reads("不通过").await, "{}", person.text().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_is_brought_to_be_verified_without_an_account() {
    let city = City::in_mid_year().await;
    let everybody = city.stranger().await;
    everybody.open("/verify").await;
    everybody.presses("核验文件夹").await;
    everybody.sees("还没有选文件夹").await;
    let place = tempfile::tempdir().expect("a folder");
    let folder = place.path().join("台账2026");
    std::fs::create_dir_all(folder.join("contents")).expect("a folder");
    for name in ["record.jsonl", "key.txt", "contents/x"] {
        std::fs::write(folder.join(name), "不是台账\n").expect("a file");
    }
    everybody.brings_folder("#bundle", &folder).await;
    everybody.sees("“台账2026”：3 个文件，1 KB").await;
    everybody.presses("核验文件夹").await;
    everybody.sees("“不是台账”不是公钥").await;

    // One that is the record, dropped on the page; then the same with a figure changed.
    let folder = place.path().join("示例市台账");
    city.exports(&folder);
    everybody.open("/verify").await;
    everybody.drops_folder("#bundle-form", &folder).await;
    everybody.sees("“示例市台账”：").await;
    everybody.presses("核验文件夹").await;
    everybody.sees("条").await;
    everybody.finds("#bundle-checks caption .tag.ok").await;
    assert!(!everybody.reads("不通过").await, "{}", everybody.text().await);
    let record = folder.join("record.jsonl");
    let text = std::fs::read_to_string(&record).expect("a record");
    std::fs::write(&record, text.replacen("小额担保", "大额担保", 1)).expect("changed");
    everybody.drops_folder("#bundle-form", &folder).await;
    everybody.presses("核验文件夹").await;
    everybody.finds("#bundle-checks caption .tag.late").await;
    everybody.sees("不通过").await;
    everybody.leaves().await;
    city.ends().await;
}

/// The auditor reads who did what, keeps a proof, and verifies it.
async fn audits(city: &City) {
    let auditor = city.person("shenji").await;
    auditor.open("/record").await;
    auditor.picks("#f-deed", "公布结果").await;
    auditor.presses("查找").await;
    auditor.sees("公布结果").await;
    auditor.goes_to("#record tbody tr:first-child td.lead a").await;
    auditor.finds("#hash").await;
    let proof = auditor.downloads("下载收录证明").await;
    assert!(String::from_utf8_lossy(&proof).contains("示例市考评台账"), "{}", String::from_utf8_lossy(&proof));
    let checkpoint = auditor.finds("pre.note").await.text().await.expect("a checkpoint");
    verifies(&auditor, Some(&checkpoint)).await;
    // He reads everything, and changes nothing.
    for path in [SHEETS, SHEET, "/matters", "/reports", "/people", "/offices", "/calendar"] {
        auditor.open(path).await;
        auditor.finds("main").await;
        assert_eq!(auditor.offered().await, 0, "an auditor is offered a form at {path}");
    }
    auditor.finds_nothing_at("/reports/ask").await;
    auditor.leaves().await;
}
