// Writing a standard. The texts are the truth: the table is read from them, and writes the rows that change back.
import { ask, asked, make, newId, say, showFindings, told, toast } from "./app.js";
import { block, parse, text as csv } from "./csv.js";
import { folders } from "./folder.js";
import { put } from "./pasting.js";
import { places } from "./places.js";

const page = document.querySelector("#writing");
const { scheme, office, upper, base } = page.dataset;
const $ = (selector) => page.querySelector(selector);
// A line feed first in a textarea is not part of it.
let files = [...page.querySelectorAll("textarea.file")].map((area) => ({ path: area.dataset.path, text: area.value }));
let bindings = Object.fromEntries([...page.querySelectorAll("input.binding")].map((one) => [one.name, one.value]));
const adopted = JSON.stringify(files);
const undo = [], undone = [];
let checked = null, chosen = 1, saved = true, ruledBefore = "";
const file = (path) => files.find((one) => one.path === path);
const local = `policy-draft:${scheme || "new"}`;

// The table of indicators: the CSV file with a column for names and one for points.
const known = { id: ["编号", "id", "indicator"], name: ["名称", "指标", "item"], points: ["分值", "points", "base"], rule: ["规则", "rule", "kind"], block: ["块", "block"], lead: ["牵头", "lead"], responsible: ["责任", "responsible"], clause: ["依据", "clause"] };
const sheet = () => {
  for (const one of files) {
    if (!one.path.endsWith(".csv") || one.path.includes("/")) continue;
    const table = parse(one.text);
    const head = (table.records[0]?.cells ?? []).map((cell) => cell.toLowerCase());
    const column = Object.fromEntries(Object.entries(known).map(([key, names]) => [key, head.findIndex((cell) => names.includes(cell))]));
    if (column.points >= 0 && (column.name >= 0 || column.id >= 0)) return { file: one, table, column, head: table.records[0].cells };
  }
  return null;
};
let now = sheet();
// The rows a new standard begins with are examples.
const examples = new Set(scheme ? [] : (now?.table.records.slice(1) ?? []).map(({ raw }) => raw));
const isBlank = (record) => record.cells.every((cell) => !cell);
const shownColumns = () => ["id", "block", "name", "points", "rule", "lead", "responsible", "clause"].map((key) => now.column[key]).filter((at) => at >= 0);
/** A column as it is called here: its table calls it in a language of its own. */
const heading = (at) => say(now.head[at], { id: "Id", block: "Block", name: "Name", points: "Points", rule: "Rule", lead: "Lead", responsible: "Responsible", clause: "Rests on" }[Object.keys(known).find((key) => now.column[key] === at)] ?? now.head[at]);
const idOf = (record) => record.cells[now.column.id] || record.cells[now.column.name] || "";
/** What the rule before was told and the new one does not know goes with it. */
const toldTo = (one) => [...(one?.parameters ?? []).map(([parameter]) => parameter), ...(one?.choices ?? []).map((of) => of.name), ...(one?.inputs ?? [])];
const ruleNamed = (name) => checked?.rules.find((one) => one.name === name);
const forget = (record, before, after) => {
  if (!after || before === after || !ruleNamed(after)) return;
  const knows = toldTo(ruleNamed(after));
  for (const gone of toldTo(ruleNamed(before || itemOf(record)?.rule))) { const at = now.head.indexOf(gone); if (at >= 0 && !knows.includes(gone) && record.cells[at]) { record.cells[at] = ""; record.raw = null; } }
};
const itemOf = (record) => checked?.items.find((item) => item.from_table && item.indicator === idOf(record));

// What is typed into one cell is one step.
let inCell = null;
const buttons = () => { $("#undo").disabled = !undo.length; $("#redo").disabled = !undone.length; };
// What a toast offers to take back is the last step; after another one it offers nothing.
let offered = null;
const withUndo = (text, lasts) => { offered = toast(text, { word: say("撤销", "Undo"), act: takeBack }, lasts); };
const remember = (cell = null) => {
  if (cell && cell === inCell && undo.length) return;
  offered?.past();
  inCell = cell;
  undo.push(JSON.stringify(files));
  if (undo.length > 50) undo.shift();
  undone.length = 0;
  buttons();
};
/** After the table changed: its rows go back into the text. */
const write = () => { now.file.text = csv(now.table); changed(); };
const set = (row, column, value) => {
  const record = now.table.records[row];
  if ((record.cells[column] ?? "") === value) return;
  remember(`${row} ${column}`);
  while (record.cells.length <= column) record.cells.push("");
  record.cells[column] = value;
  record.raw = null;
  write();
};
/** The column of that name; one more where there is none. */
const columnOf = (name) => {
  const at = now.head.indexOf(name);
  if (at >= 0) return at;
  now.head.push(name);
  now.table.records[0].raw = null;
  now.table.records.slice(1).forEach((record) => { while (record.cells.length < now.head.length) record.cells.push(""); record.raw = null; });
  return now.head.length - 1;
};
const insert = (row, cells = []) => { remember(); now.table.records.splice(row, 0, { cells: now.head.map((_, at) => cells[at] ?? ""), raw: null }); write(); drawTable(); focus(row, shownColumns()[0]); };
const remove = (row) => { if (now.table.records.length < 3) return; remember(); now.table.records.splice(row, 1); write(); drawTable(); focus(Math.min(row, now.table.records.length - 1), shownColumns()[0]); withUndo(say("已删一行", "Row removed")); };
const move = (row, to, column) => {
  if (to < 1 || to >= now.table.records.length) return;
  remember();
  now.table.records.splice(to, 0, ...now.table.records.splice(row, 1));
  write(); drawTable(); focus(to, column);
};
const focus = (row, column) => { const cell = page.querySelector(`#items input[data-row="${row}"][data-column="${column}"]`); cell?.focus(); cell?.select(); };
/** One step back, or forth again; the keys stay where they were. */
const swap = (from, to) => {
  const before = from.pop();
  if (before === undefined) return;
  offered?.past();
  const { row, column } = document.activeElement.dataset;
  to.push(JSON.stringify(files));
  files = JSON.parse(before);
  inCell = null;
  redraw(); changed(); buttons();
  if (row) focus(Math.min(Number(row), now.table.records.length - 1), Number(column));
  else if (!page.contains(document.activeElement) || document.activeElement.disabled) focus(chosen, shownColumns()[0]);
};
const takeBack = () => swap(undo, undone);

const drawTable = () => {
  const head = $("#items thead"), body = $("#items tbody");
  if (!now) { head.replaceChildren(); body.replaceChildren(make("tr", {}, make("td", { class: "empty" }, say("这份标准没有指标表，指标写在文本里。", "This standard has no table; its indicators stand in the text.")))); return; }
  const columns = shownColumns();
  head.replaceChildren(make("tr", {}, make("th", { scope: "col", class: "num" }, say("行", "Row")), ...columns.map((at) => make("th", { scope: "col" }, heading(at))), make("th", {}, say("可得", "Can be")), make("th", {}, say("查错", "Checks"))));
  // A column is as wide as its longest words, so that none is cut.
  const em = (word) => [...word].reduce((sum, letter) => sum + (letter.codePointAt(0) > 0x2e7f ? 1 : 0.6), 0);
  const widths = new Map(columns.map((at) => [at, Math.min(14, Math.max(3, ...now.table.records.map((record) => em(record.cells[at] ?? ""))))]));
  body.replaceChildren(...now.table.records.slice(1).map((record, index) => {
    const row = index + 1;
    return make("tr", { "data-row": row, class: row === chosen ? "mine" : false }, make("th", { scope: "row", class: "num small sub" }, String(row)), ...columns.map((column) => make("td", {},
      make("input", { value: record.cells[column] ?? "", "data-row": row, "data-column": column, list: column === now.column.rule ? "kinds" : column === now.column.clause ? "clauses" : column === now.column.block ? "blocks" : false, autocomplete: "off", "aria-label": `${say("第", "row ")}${row}${say(" 行 ", " ")}${heading(column)}`, class: column === now.column.points ? "num" : false }))),
      make("td", { class: "small sub range" }), make("td", { class: "mark" }));
  }));
  body.querySelectorAll("input").forEach((input) => { input.style.minWidth = `calc(${widths.get(Number(input.dataset.column))}em + 18px)`; });
  drawChecks();
};

const table = $("#items");
table.addEventListener("input", (event) => { const { row, column } = event.target.dataset; set(Number(row), Number(column), event.target.value.trim()); });
table.addEventListener("focusin", (event) => { const row = Number(event.target.dataset?.row); ruledBefore = now.table.records[row]?.cells[now.column.rule] ?? ""; tellCell(row, Number(event.target.dataset.column)); if (row && row !== chosen) { chosen = row; table.querySelectorAll("tr").forEach((line) => line.classList.toggle("mine", Number(line.dataset.row) === row)); drawRow(); } });
table.addEventListener("keydown", (event) => {
  const { row, column } = event.target.dataset ?? {};
  if (!row) return;
  const [at, of] = [Number(row), Number(column)];
  const command = event.ctrlKey || event.metaKey, key = event.key.toLowerCase();
  const go = { ArrowUp: -1, ArrowDown: 1, Enter: event.shiftKey ? -1 : 1 }[event.key];
  if (command && (key === "y" || (key === "z" && event.shiftKey))) swap(undone, undo);
  else if (command && key === "z") takeBack();
  else if (event.altKey && event.key === "Enter") insert(at + 1);
  else if (event.altKey && go) move(at, at + go, of);
  else if (event.altKey && event.key === "Delete") remove(at);
  else if (go && !command) focus(at + go, of);
  else return;
  event.preventDefault();
});
table.addEventListener("change", (event) => {
  const { row, column } = event.target.dataset ?? {};
  const record = now.table.records[Number(row)];
  if (!record || Number(column) !== now.column.rule) return;
  forget(record, ruledBefore, record.cells[now.column.rule]);
  write(); drawRow();
});
table.addEventListener("paste", (event) => {
  const rows = block(event.clipboardData.getData("text/plain"));
  const { row, column } = event.target.dataset ?? {};
  if (!rows || !row) return;
  event.preventDefault();
  remember();
  const about = { head: now.head, shown: shownColumns(), ...now.column, forget, isExample: (record) => record.raw !== null && examples.has(record.raw) };
  const done = put(rows, now.table.records, about, Number(row), Number(column));
  write(); drawTable(); focus(Number(row), Number(column)); drawRow();
  const beyond = done.beyond ? say(`；右边 ${done.beyond} 列没有地方放，没有贴`, `; ${done.beyond} columns at the right found no place`) : "";
  withUndo(say(`粘贴了 ${done.rows} 行${beyond}`, `${done.rows} rows pasted${beyond}`), done.beyond ? 12000 : 6000);
});
$("#add").addEventListener("click", () => insert(now.table.records.length));
$("#undo").addEventListener("click", takeBack);
$("#redo").addEventListener("click", () => swap(undone, undo));

// Findings about the table stand at their cells: the row and the head of the column.
const cellsOf = (one) => (one.cells ?? []).filter(({ what }) => what === now?.file.path)
  .map(({ line, column }) => ({ row: lines.findLastIndex((begin) => begin <= line), column })).filter(({ row }) => row > 0);
const foundAt = (row, column = null) => (checked?.findings ?? []).filter((one) => cellsOf(one).some((at) => at.row === row && (column === null || at.column === column)));
const foundIn = (row) => (checked?.findings ?? []).filter((one) => (cellsOf(one).length ? cellsOf(one).some((at) => at.row === row) : one.indicator && one.indicator === idOf(now.table.records[row])));
const isMark = (one) => one.where && checked?.mark && one.where.what === checked.mark.what && one.where.line === checked.mark.from[0];
const goToCell = ({ row, column }) => {
  view("table");
  const at = now.head.indexOf(column);
  chosen = row;
  drawTable(); drawRow();
  if (shownColumns().includes(at)) focus(row, at);
  else { const field = [...$("#row").querySelectorAll("[data-column]")].find((one) => one.dataset.column === column); field?.closest("details")?.setAttribute("open", ""); (field ?? $("#row select"))?.focus(); }
};
const spot = (word, act) => make("button", { type: "button", class: "btn plain small", onclick: act }, word);
/** Where a finding stands, as buttons that lead there. */
const spots = (one) => {
  const cells = cellsOf(one);
  if (cells.length) return [...cells.slice(0, 4).map((at) => spot(say(`第 ${at.row} 行“${at.column}”`, `row ${at.row}, ${heading(now.head.indexOf(at.column)) ?? at.column}`), () => goToCell(at))), cells.length > 4 ? say(`等 ${cells.length} 格`, `and ${cells.length - 4} more`) : null];
  if (now && isMark(one)) return [spot(say("表下的“满分”", "full mark below the table"), () => { view("table"); $("#mark").focus(); })];
  if (now && one.name === "block-empty" && $("#mends button")) return [spot(say("表上面的提示", "the note above the table"), () => { view("table"); [...page.querySelectorAll("#mends button")].at(-1)?.focus(); })];
  return one.where ? [spot(say(`${one.where.what} 第 ${one.where.line} 行`, `${one.where.what}, line ${one.where.line}`), () => goTo(one.where.what, one.where.line))] : [];
};
const list = (findings, where = true) => (findings.length ? make("ul", { class: "findings" }, ...findings.map((one) => make("li", { class: one.level }, make("b", {}, one.message), one.why ? make("span", {}, one.why) : null, one.next ? make("span", {}, `→ ${one.next}`) : null, ...(where ? spots(one) : [])))) : make("p", { class: "sub" }, say("没有发现问题。", "Nothing found.")));
/** What is said of the cell one is in. */
const tellCell = (row, column) => {
  const found = foundAt(row, now.head[column]);
  $("#at").hidden = !found.length;
  $("#at").textContent = found.map((one) => `${say(`第 ${row} 行“${now.head[column]}”`, `row ${row}, ${heading(column)}`)}${say("：", ": ")}${one.message}${one.next ? ` → ${one.next}` : ""}`).join(say("；", "; "));
};

/** The chosen row: its rule in plain words, parameters, the other columns, what is wrong. */
const drawRow = () => {
  const record = now?.table.records[chosen];
  const place = $("#row");
  if (!record) return;
  const item = itemOf(record);
  const name = record.cells[now.column.rule] || item?.rule || "";
  const rule = checked?.rules.find((one) => one.name === name);
  let next = 0;
  const field = (label, input, hint) => {
    input.id = `r-${(next += 1)}`;
    input.dataset.column = label;
    const found = foundAt(chosen, label);
    if (found.some((one) => one.level === "error")) input.setAttribute("aria-invalid", "true");
    return make("div", { class: "field" }, make("label", { for: input.id }, label), input, hint ? make("span", { class: "hint" }, hint) : null, ...found.map((one) => make("span", { class: `hint ${one.level}` }, one.message)));
  };
  const cell = (label, hint, usual = "") => {
    const at = now.head.indexOf(label);
    const value = at >= 0 ? record.cells[at] ?? "" : "";
    return field(label, make("input", { value, placeholder: usual, autocomplete: "off", onchange: (event) => { const wanted = event.target.value.trim(); if (wanted !== value) set(chosen, columnOf(label), wanted); } }), hint);
  };
  const choice = (one) => {
    const at = now.head.indexOf(one.name);
    const value = at >= 0 ? record.cells[at] ?? "" : "";
    const select = make("select", { onchange: (event) => set(chosen, columnOf(one.name), event.target.value) }, make("option", { value: "" }, one.chosen ? say(`照规则：${one.chosen}`, `as the rule: ${one.chosen}`) : say("请选", "choose")), ...one.words.map((word) => make("option", { value: word, selected: word === value }, word)));
    return field(one.name, select, one.why);
  };
  const ruled = (wanted) => {
    set(chosen, now.column.rule >= 0 ? now.column.rule : columnOf("规则"), wanted);
    forget(record, name, wanted);
    write(); drawTable(); drawRow();
    $("#row select").focus();
  };
  const rules = make("select", { onchange: (event) => ruled(event.target.value) }, make("option", { value: "" }, say("默认规则", "the usual rule")), ...(checked?.rules ?? []).map((one) => make("option", { value: one.name, selected: one.name === record.cells[now.column.rule] }, one.name)));
  const inputs = (item?.inputs ?? []).map((input) => {
    const key = `${idOf(record)}/${input}`;
    return field(say(`“${input}”取自指标卡`, `card for ${input}`), make("input", { value: bindings[key] ?? "", list: "cards", autocomplete: "off", placeholder: say("评定、目标或还没有指标卡时留空", "empty where it is judged or a target"), onchange: (event) => { const card = event.target.value.trim(); if (card) bindings[key] = card; else delete bindings[key]; changed(); } }));
  });
  const clause = checked?.clauses.find((one) => one.number === record.cells[now.column.clause]);
  const plain = ["口径", "协办", "选择", "示例"];
  const others = plain.filter((label) => now.head.includes(label)).map((label) => cell(label));
  // What stands in columns this rule does not use would not be seen otherwise.
  const stray = now.head.filter((label, at) => record.cells[at] && !shownColumns().includes(at) && !plain.includes(label) && (!rule || !toldTo(rule).includes(label)));
  place.replaceChildren(
    make("h2", {}, `${idOf(record)} ${record.cells[now.column.name] ?? ""}`),
    field(say("规则", "Rule"), rules),
    make("p", { class: "meaning" }, rule?.meaning || item?.meaning || (name ? say("这条规则没有写说明，看下面的算式。", "The rule says nothing about itself; see the formula.") : "")),
    item?.formula ? make("p", { class: "formula small" }, make("span", { class: "sub" }, say("得分 = ", "score = ")), item.formula) : "",
    make("p", {}, make("span", { class: "sub" }, say("可得 ", "can be ")), make("b", {}, item?.range || "—")),
    make("div", { class: "fields" }, ...(rule?.inputs ?? []).filter((input) => now.head.includes(input)).map((input) => cell(input)), ...(rule?.parameters ?? []).map(([parameter, usual]) => cell(parameter, null, usual)), ...(rule?.choices ?? []).map(choice), ...stray.map((label) => cell(label, rule ? say("这条规则不用它", "not used by this rule") : null))),
    list(foundIn(chosen)),
    clause ? make("details", {}, make("summary", { class: "small sub" }, say(`依据 ${clause.number}`, `clause ${clause.number}`)), make("blockquote", { class: "small" }, clause.text)) : "",
    make("details", {}, make("summary", { class: "small sub" }, say("口径、协办、理由和指标卡", "Definition, support, reasons, cards")), ...others, ...inputs));
};

/** The row with what was found since. A field somebody writes in stays as it is; one he chose in keeps the keys. */
const redrawRow = () => {
  const at = document.activeElement, inside = $("#row").contains(at);
  if (inside && at.tagName !== "SELECT" && at.tagName !== "BUTTON") return;
  const open = [...$("#row").querySelectorAll("details")].map((one) => one.open);
  drawRow();
  [...$("#row").querySelectorAll("details")].forEach((one, place) => { one.open = open[place] ?? false; });
  if (inside) [...$("#row").querySelectorAll("select")].find((one) => one.dataset.column === at.dataset.column)?.focus();
};

const drawChecks = () => {
  if (!checked) return;
  const all = checked.findings;
  const notes = all.length - checked.errors - checked.warnings;
  const counts = say(`${checked.errors} 处错误 · ${checked.warnings} 处提醒`, `${checked.errors} errors · ${checked.warnings} warnings`) + (notes ? say(` · ${notes} 处提示`, ` · ${notes} notes`) : "");
  $("#counts").textContent = `${counts} · ${say("满分", "full mark")} ${checked.full_mark || "—"} · ${say("总分可得", "the total can be")} ${checked.range || "—"} · ${(checked.took_us / 1000).toFixed(0)} ms`;
  $("#adopt").disabled = checked.errors > 0;
  $("#adopt").title = checked.errors ? say("有错误，改正以后才能采用", "mend the errors first") : "";
  if (now) { drawMark(all); drawBlocks(all); }
  $("#checks").replaceChildren(list(all));
  page.querySelector("#clauses").replaceChildren(...checked.clauses.map((one) => make("option", { value: one.number }, one.text.slice(0, 40))));
  page.querySelector("#blocks").replaceChildren(...checked.blocks.there.map((one) => make("option", { value: one })));
  page.querySelector("#kinds").replaceChildren(...checked.rules.map((one) => make("option", { value: one.name })));
  if (now) {
    page.querySelectorAll("#items tbody tr").forEach((line) => {
      const record = now.table.records[Number(line.dataset.row)];
      if (!record) return;
      const row = Number(line.dataset.row), found = isBlank(record) ? [] : foundIn(row);
      line.classList.toggle("blank", isBlank(record));
      line.querySelectorAll("input").forEach((input) => {
        const here = isBlank(record) ? [] : foundAt(row, now.head[Number(input.dataset.column)]);
        input.toggleAttribute("data-near", here.length > 0);
        if (here.some((one) => one.level === "error")) input.setAttribute("aria-invalid", "true"); else input.removeAttribute("aria-invalid");
        input.title = here.map((one) => one.message).join("\n");
        if (input === document.activeElement) tellCell(row, Number(input.dataset.column));
      });
      line.querySelector(".range").textContent = itemOf(record)?.range ?? "";
      const worst = found.some((one) => one.level === "error") ? "late" : "near";
      line.querySelector(".mark").replaceChildren(...(found.length ? [make("span", { class: `tag ${worst}`, title: found.map((one) => one.message).join("\n") }, worst === "late" ? say(`错 ${found.length}`, `${found.length} err`) : say(`提醒 ${found.length}`, `${found.length}`))] : []));
    });
    const filled = now.table.records.slice(1).filter((record) => !isBlank(record));
    const sum = filled.reduce((all, record) => all + (Number.parseFloat((record.cells[now.column.points] ?? "").replaceAll(",", "")) || 0), 0);
    $("#sums").textContent = say(`表中 ${filled.length} 行，分值合计 ${Number(sum.toFixed(6))}`, `${filled.length} rows, ${Number(sum.toFixed(6))} points`);
  }
  const texts = checked.items.filter((item) => !item.from_table);
  $("#written").hidden = !texts.length;
  $("#written tbody").replaceChildren(...texts.map((item) => make("tr", {}, make("td", {}, item.name), make("td", { class: "num" }, item.points), make("td", { class: "sub small" }, item.range), make("td", {}, make("button", { type: "button", class: "btn", onclick: () => goTo(item.what, item.line) }, say("在文本里改", "Edit the text"))))));
  drawLines();
};

// What the table needs of the text above it: blocks, the full mark. Places are those of the texts that were checked.
const offset = (text, [line, column]) => {
  const rows = text.split("\n");
  return rows.slice(0, line - 1).reduce((all, row) => all + row.length + 1, 0) + [...(rows[line - 1] ?? "")].slice(0, column - 1).join("").length;
};
const amend = (edits) => {
  remember();
  const last = edits.map((edit, at) => ({ ...edit, at, begin: offset(file(edit.what).text, edit.from), end: offset(file(edit.what).text, edit.to) }));
  last.sort((one, other) => other.begin - one.begin || other.at - one.at);
  for (const { what, begin, end, text: words } of last) { const one = file(what); one.text = one.text.slice(0, begin) + words + one.text.slice(end); }
  now = sheet();
  changed();
};
/** After what was typed last is checked. */
const fresh = async (act) => { if (checkedOf !== JSON.stringify(body())) { clearTimeout(checking); await check(); } act(); };
const drawMark = (all) => {
  const mark = $("#mark"), found = all.filter(isMark);
  $("#mark-field").hidden = !checked.mark;
  if (!checked.mark) return;
  if (mark !== document.activeElement) mark.value = checked.mark.text;
  if (found.some((one) => one.level === "error")) mark.setAttribute("aria-invalid", "true"); else mark.removeAttribute("aria-invalid");
  $("#mark-said").textContent = found.map((one) => one.message).join("；");
};
$("#mark").addEventListener("change", () => fresh(() => {
  const wanted = $("#mark").value.trim(), { text: was } = checked.mark;
  if (wanted && wanted !== was) amend([{ ...checked.mark, text: /^[\d.,]+$/.test(wanted) ? wanted + was.replace(/^[\d.,]+/, "") : wanted }]);
}));
const drawBlocks = (all) => {
  const own = ({ edits }) => edits.length && edits.every(({ what }) => file(what) && !what.startsWith("../"));
  const named = (some) => some.map(({ block: name }) => say(`“${name}”`, name)).join(say("", ", "));
  const missing = checked.blocks.missing, ready = missing.filter(own);
  const empty = all.some((one) => one.name === "block-empty") ? checked.blocks.empty.filter(own) : [];
  const act = (kind, names) => () => fresh(() => amend(checked.blocks[kind].filter((one) => own(one) && names.includes(one.block)).flatMap(({ edits }) => edits)));
  const offer = (said, word, kind, some) => make("p", { class: "notice near" }, said, " ", make("button", { type: "button", class: "btn", onclick: act(kind, some.map(({ block: name }) => name)) }, word));
  $("#mends").replaceChildren(
    ...(ready.length ? [offer(say(`还没有块${named(ready)}。写错了的改格子；确是新的，`, `There is no block ${named(ready)} yet. Mend the cell, or`), say(`新建块${named(ready)}`, `Make ${named(ready)}`), "missing", ready)] : []),
    ...missing.filter(({ hindered }) => hindered).map(({ hindered }) => make("p", { class: "notice near" }, hindered)),
    ...empty.map((one) => offer(say(`块“${one.block}”下面没有指标了，`, `No indicator is left in ${one.block}:`), say(`去掉块“${one.block}”`, `Drop ${one.block}`), "empty", [one])));
};

// The text view.
const area = $("#text"), path = $("#path");
// What is written here comes first, the regulation and shared rules last.
const order = (name) => (name === "scheme.kp" ? 0 : name.startsWith("../") ? 3 : name.endsWith(".md") ? 2 : 1);
const drawPaths = () => {
  const at = path.value;
  path.replaceChildren(...[...files].sort((a, b) => order(a.path) - order(b.path)).map((one) => make("option", { value: one.path }, one.path)));
  if (file(at)) path.value = at;
};
const drawText = () => { area.value = file(path.value)?.text ?? ""; drawLines(); };
const drawLines = () => {
  const found = (checked?.findings ?? []).filter((one) => one.where?.what === path.value);
  const marked = new Map(found.map((one) => [one.where.line, one.level]));
  const count = area.value.split("\n").length;
  $(".gutter").replaceChildren(...Array.from({ length: count }, (_, at) => make("span", { class: marked.get(at + 1) ?? false }, `${marked.has(at + 1) ? "●" : ""}${at + 1}`)));
  $("#lines").replaceChildren(list(found));
  $(".gutter").scrollTop = area.scrollTop;
};
area.addEventListener("scroll", () => { $(".gutter").scrollTop = area.scrollTop; });
let typing = 0;
area.addEventListener("input", () => {
  const one = file(path.value);
  if (!one) return;
  if (Date.now() - typing > 2000) remember();
  typing = Date.now();
  one.text = area.value;
  now = sheet();
  changed(); drawLines();
});
path.addEventListener("change", drawText);
const goTo = (what, line) => {
  view("text");
  path.value = what; drawText();
  const from = area.value.split("\n").slice(0, line - 1).reduce((all, text) => all + text.length + 1, 0);
  area.focus();
  area.setSelectionRange(from, from + (area.value.split("\n")[line - 1] ?? "").length);
  area.scrollTop = Math.max(0, (line - 6) * 21);
};
const view = (name) => {
  page.querySelectorAll("[data-view]").forEach((button) => button.setAttribute("aria-selected", String(button.dataset.view === name)));
  for (const one of ["table", "text", "preview"]) $(`#view-${one}`).hidden = one !== name;
  if (name === "table") drawTable();
  if (name === "text") drawText();
  if (name === "preview") preview();
};
page.querySelectorAll("[data-view]").forEach((button) => button.addEventListener("click", () => view(button.dataset.view)));

// A folder written elsewhere takes the place of what stands here, but for the shared rules it names.
const most = { files: 500, bytes: 8e6 };
folders($("#folder"), page, most.files, async ({ folder, files: brought }) => {
  const wanted = brought.filter(({ name }) => !/(^|\/)\./.test(name) && (name.startsWith("examples/") || /\.(kp|csv|md)$/i.test(name)));
  $("#folder").value = "";
  if (!wanted.some(({ name }) => name.endsWith(".kp"))) { toast(say(`“${folder}”里没有 .kp 文件，不是方案文件夹`, `there is no .kp file in ${folder}: it is no policy`)); return; }
  if (wanted.length > most.files || wanted.reduce((sum, { file: one }) => sum + one.size, 0) > most.bytes) { toast(say("太大：最多 500 个文件、8 MB", "too large: 500 files and 8 MB at most")); return; }
  const { decoded } = await import("./table-file.js");
  let texts = [];
  try { texts = await Promise.all(wanted.map(async ({ name, file: one }) => ({ path: name, text: decoded(new Uint8Array(await one.arrayBuffer())) }))); } catch (fault) { toast(fault.message); return; }
  remember();
  const named = ({ path: shared }) => shared.startsWith("../") && texts.some(({ text }) => text.includes(shared));
  files = [...texts.sort((one, other) => (one.path < other.path ? -1 : 1)), ...files.filter(named)];
  chosen = 1;
  redraw(); changed();
  withUndo(say(`已导入“${folder}”的 ${texts.length} 个文件`, `${texts.length} files of ${folder} taken over`));
});

// Checking, keeping, previewing: a moment after the last key.
let checking = 0, keeping = 0, turn = 0, lines = [], checkedOf = "";
const body = () => files.map(({ path: name, text }) => ({ path: name, text }));
const check = async () => {
  const mine = (turn += 1), sent = body(), of = now?.file.path;
  const found = await ask("POST", "/api/check-policy", { files: sent });
  if (mine !== turn) return;
  if (!found.ok) { $("#checks").replaceChildren(list(told(found), false)); return; }
  checked = found.json;
  checkedOf = JSON.stringify(sent);
  lines = parse(sent.find((one) => one.path === of)?.text ?? "").records.map(({ line }) => line);
  drawChecks();
  redrawRow();
  if (!$("#view-preview").hidden) preview();
};
const clock = () => new Date().toTimeString().slice(0, 5);
const keep = async () => {
  const found = await asked("POST", `/api/policy-drafts/${scheme || "new"}`, { base: base ? Number(base) : null, files: body(), bindings });
  saved = found.ok;
  $("#state").textContent = found.ok ? say(`草稿已存 ${clock()}`, `draft kept ${clock()}`) : say("草稿只存在本机：连不上服务器", "kept on this machine only: the server cannot be reached");
};
const changed = () => {
  saved = false;
  $("#drop").hidden = false;
  $("#state").textContent = say("正在存…", "keeping…");
  try { localStorage.setItem(local, JSON.stringify({ base, files: body(), bindings, at: Date.now() })); } catch { /* a full disk: the server keeps it */ }
  clearTimeout(checking); checking = setTimeout(check, 250);
  clearTimeout(keeping); keeping = setTimeout(keep, 2000);
};
addEventListener("beforeunload", (event) => { if (!saved) event.preventDefault(); });
addEventListener("online", () => { if (!saved) keep(); });
const preview = async () => {
  const place = $("#preview");
  const found = await ask("POST", `/api/what-if/${scheme}`, { round: $("#round")?.value ?? "", files: body() });
  if (!found.ok) { place.replaceChildren(list(told(found), false)); return; }
  const said = found.json.policy.map((text) => make("li", {}, text));
  place.replaceChildren(make("p", { class: "sub" }, say(`用时 ${(found.json.took_us / 1000).toFixed(0)} 毫秒`, `${(found.json.took_us / 1000).toFixed(0)} ms`)), make("ul", { class: "plain" }, ...said), make("div", { class: "scroll" }, places(found.json.units)));
};
$("#round")?.addEventListener("change", preview);

// Adopting.
const dialog = $("#adopting");
$("#adopt").addEventListener("click", () => {
  const warnings = checked.findings.filter((one) => one.level === "warning");
  $("#adopt-warnings").replaceChildren(...(warnings.length ? [make("p", {}, say(`还有 ${warnings.length} 处提醒，请在理由里写明为什么这样定：`, `${warnings.length} warnings are left; say in the reason why:`)), list(warnings, false)] : []));
  dialog.showModal();
});
dialog.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = $("#adopt-now");
  button.disabled = true;
  try {
    const uploaded = [];
    for (const one of files) {
      const kept = await asked("POST", "/api/contents", new Blob([one.text]));
      if (!kept.ok) { showFindings(event.target, told(kept)); return; }
      uploaded.push({ path: one.path, content: kept.json.hash });
    }
    const id = scheme || encodeURIComponent($("#new-id").value.trim());
    const asking = { office: $("#new-office")?.value ?? office, files: uploaded, bindings, why: $("#why").value.trim(), ...(upper ? { upper } : {}) };
    const content = JSON.stringify(asking);
    if (dialog.dataset.sent !== content) { dialog.dataset.sent = content; dialog.dataset.id = newId(); }
    const found = await asked("POST", `/api/schemes/${id}`, { id: dialog.dataset.id, ...asking });
    if (!found.ok) { showFindings(event.target, told(found)); return; }
    clearTimeout(keeping);
    saved = true;
    localStorage.removeItem(local);
    await ask("POST", `/api/policy-drafts/${scheme || "new"}`, {});
    sessionStorage.setItem("said", say(`已采用（台账第 ${found.json.number} 条）`, `Adopted (entry ${found.json.number})`));
    location.assign(`/schemes/${id}#versions`);
  } finally { button.disabled = false; }
});

// A draft that was kept goes on, the newer of the two.
const redraw = () => { now = sheet(); drawPaths(); drawTable(); drawText(); drawRow(); };
const begin = async () => {
  const found = await ask("GET", `/api/policy-drafts/${scheme || "new"}`);
  const here = JSON.parse(localStorage.getItem(local) ?? "null");
  const there = found.json?.draft;
  const draft = here && (!there || here.at > there.saved_ms) && here.base === base ? here : there;
  if (draft && JSON.stringify(draft.files) !== adopted) {
    files = draft.files;
    bindings = { ...bindings, ...draft.bindings };
    $("#drop").hidden = false;
    const old = base && draft.base && Number(draft.base) !== Number(base);
    $("#state").textContent = old ? say("草稿是从旧版本起的，现行版本已经换了", "the draft began from an older version") : say("接着上次的草稿", "going on with the draft that was kept");
  }
  redraw();
  check();
};
$("#drop").addEventListener("click", async () => {
  clearTimeout(keeping);
  saved = true;
  localStorage.removeItem(local);
  await asked("POST", `/api/policy-drafts/${scheme || "new"}`, {});
  remember();
  files = JSON.parse(adopted);
  $("#drop").hidden = true;
  $("#state").textContent = say("草稿已丢弃，按“撤销”可以找回", "the draft is dropped; undo brings it back");
  redraw(); check();
});
begin();
