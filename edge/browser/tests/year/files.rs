//! Tables come in files: offices from units.csv, figures from a workbook and from a text in the encoding of old machines.

use crate::rig::City;

/// The report 乙县 owes in mid-year.
const REPORT: &str = "/reports/%E5%B0%B1%E4%B8%9A%E7%A4%BE%E4%BF%9D-2026-07/%E4%B9%99%E5%8E%BF";

/// Two offices below a third of the same file, with an attribute.
const UNITS: &str = "\u{feff}unit,name,kind,parent,pilot\n癸县,癸县,县,示例市,no\n癸县东镇,东镇,乡镇,癸县,no\n\"癸县西镇\",西镇,乡镇,癸县,yes\n";

#[tokio::test(flavor = "multi_thread")]
async fn offices_come_from_units_csv() {
    let city = City::in_mid_year().await;
    let office = city.person("kaoping").await;
    office.open("/offices").await;
    office.presses("从表格导入").await;
    office.brings("#i-file", "units.csv", UNITS.as_bytes()).await;
    office.presses("逐个设立").await;
    office.sees("设立了 3 个单位").await;
    office.open("/offices/%E7%99%B8%E5%8E%BF%E8%A5%BF%E9%95%87").await;
    office.sees("西镇").await;
    office.sees("pilot=yes").await;
    // What is there already is told, with the row.
    office.open("/offices").await;
    office.presses("从表格导入").await;
    office.brings("#i-file", "units.csv", UNITS.as_bytes()).await;
    office.presses("逐个设立").await;
    office.sees("设立了 0 个，停在“癸县”").await;
    office.leaves().await;
    city.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_come_from_a_file_of_a_spreadsheet() {
    let city = City::in_mid_year().await;
    let clerk = city.person("yi-clerk").await;
    clerk.open(REPORT).await;
    clerk.finds("#v-0").await;
    let at = async |name: &str| {
        let find = "return [...document.querySelectorAll('tr[data-name]')].findIndex((row) => row.dataset.name === arguments[0])";
        let found = clerk.script(find, vec![serde_json::json!(name)]).await;
        format!("#v-{}", found.as_i64().filter(|at| *at >= 0).unwrap_or_else(|| panic!("no {name}")))
    };
    let (jobs, rate, loans) = (at("城镇新增就业").await, at("城镇登记失业率").await, at("小额担保贷款发放").await);

    // A workbook keeps a share as 0.042 and shows 4.2%, and a sum of tenths with an error far behind the point.
    clerk.brings("#f-table", "七月.xlsx", &workbook()).await;
    clerk.sees("已贴入 3 格").await;
    clerk.sees_value(&jobs, "2893").await;
    clerk.sees_value(&rate, "4.2%").await;
    clerk.sees_value(&loans, "0.3").await;

    // A text as old spreadsheets save it: names and values in GB 18030.
    let text = [
        b"\xb3\xc7\xd5\xf2\xd0\xc2\xd4\xf6\xbe\xcd\xd2\xb5,\"2,900\"\n".as_slice(),
        b"\xd0\xa1\xb6\xee\xb5\xa3\xb1\xa3\xb4\xfb\xbf\xee\xb7\xa2\xb7\xc5,312\n",
    ]
    .concat();
    clerk.brings("#f-table", "七月.csv", &text).await;
    clerk.sees_value(&jobs, "2,900").await;
    clerk.sees_value(&loans, "312").await;

    // What is no table is told, and changes nothing.
    clerk.brings("#f-table", "七月.xls", &[0xd0, 0xcf, 0x11, 0xe0]).await;
    clerk.sees("这是旧格式 xls").await;
    clerk.brings("#f-table", "坏.xlsx", b"PK\x03\x04 and no more").await;
    clerk.sees("文件不完整").await;
    clerk.sees_value(&jobs, "2,900").await;
    clerk.leaves().await;
    city.ends().await;
}

/// A workbook with names and figures, its parts stored as they are.
fn workbook() -> Vec<u8> {
    let rows = "<row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' t='s'><v>1</v></c></row>\
        <row r='2'><c r='A2' t='s'><v>2</v></c><c r='B2'><v>2893</v></c></row>\
        <row r='3'><c r='A3' t='inlineStr'><is><t>城镇登记失业率</t></is></c><c r='B3' s='1'><v>4.2000000000000003E-2</v></c></row>\
        <row r='5'><c r='A5' t='s'><v>3</v></c><c r='B5'><v>0.30000000000000004</v></c></row>";
    let main = "xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'";
    let ties = "xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'";
    let parts = [
        (
            "xl/workbook.xml",
            format!("<workbook {main} {ties}><sheets><sheet name='七月' sheetId='1' r:id='rId7'/></sheets></workbook>"),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>\
             <Relationship Id='rId7' Target='worksheets/sheet3.xml'/></Relationships>"
                .to_owned(),
        ),
        ("xl/worksheets/sheet3.xml", format!("<worksheet {main}><sheetData>{rows}</sheetData></worksheet>")),
        (
            "xl/sharedStrings.xml",
            format!(
                "<sst {main}><si><t>指标</t></si><si><t>本期</t></si><si><r><t>城镇</t></r><r><t>新增就业</t></r></si>\
                 <si><t>小额担保贷款发放</t></si></sst>"
            ),
        ),
        (
            "xl/styles.xml",
            format!("<styleSheet {main}><cellXfs><xf numFmtId='0'/><xf numFmtId='10'/></cellXfs></styleSheet>"),
        ),
    ];
    archive(&parts)
}

/// Files in a zip archive that packs nothing.
fn archive(parts: &[(&str, String)]) -> Vec<u8> {
    let (mut bytes, mut list) = (Vec::new(), Vec::new());
    let short = |value: usize| u16::try_from(value).expect("short").to_le_bytes();
    let long = |value: usize| u32::try_from(value).expect("not that long").to_le_bytes();
    for (name, content) in parts {
        let begin = bytes.len();
        // Version, flags, method, time, date, a sum nobody looks at, sizes, lengths.
        let about = [
            &[20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0][..],
            &long(content.len()),
            &long(content.len()),
            &short(name.len()),
            &[0, 0],
        ]
        .concat();
        bytes.extend([b"PK\x03\x04".as_slice(), &about, name.as_bytes(), content.as_bytes()].concat());
        list.extend([b"PK\x01\x02\x14\0".as_slice(), &about, &[0; 10], &long(begin), name.as_bytes()].concat());
    }
    let begin = bytes.len();
    let count = short(parts.len());
    let end = [b"PK\x05\x06\0\0\0\0".as_slice(), &count, &count, &long(list.len()), &long(begin), &[0, 0]].concat();
    [bytes, list, end].concat()
}
