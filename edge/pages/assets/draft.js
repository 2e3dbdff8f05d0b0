// Writing a standard. The texts are the truth: the table is read from them, and writes the rows that change back.
import { ask, asked, make, newId, say, showFindings, told, toast } from "./app.js";
import { block, parse, text as csv } from "./csv.js";
import { folders } from "./folder.js";
import { places } from "./places.js";

const page = document.querySelector("#writing");
const { scheme, office, upper, base } = page.dataset;
const $ = (selector) => page.querySelector(selector);
// A line feed first in a textarea is not part of it.
let files = [...page.querySelectorAll("textarea.file")].map((area) => ({ path: area.dataset.path, text: area.value }));
let bindings = Object.fromEntries([...page.querySelectorAll("input.binding")].map((one) => [one.name, one.value]));
const adopted = JSON.stringify(files);
const undo = [];
let checked = null, chosen = 1, saved = true;
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
const shownColumns = () => ["id", "block", "name", "points", "rule", "lead", "responsible", "clause"].map((key) => now.column[key]).filter((at) => at >= 0);
const idOf = (record) => record.cells[now.column.id] || record.cells[now.column.name] || "";
const itemOf = (record) => checked?.items.find((item) => item.from_table && item.indicator === idOf(record));

const remember = () => { undo.push(JSON.stringify(files)); if (undo.length > 50) undo.shift(); $("#undo").disabled = false; };
/** After the table changed: its rows go back into the text. */
const write = () => { now.file.text = csv(now.table); changed(); };
const set = (row, column, value) => {
  const record = now.table.records[row];
  if ((record.cells[column] ?? "") === value) return;
  remember();
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
const remove = (row) => { if (now.table.records.length < 3) return; remember(); now.table.records.splice(row, 1); write(); drawTable(); focus(Math.min(row, now.table.records.length - 1), shownColumns()[0]); toast(say("已删一行", "Row removed"), { word: say("撤销", "Undo"), act: takeBack }); };
const move = (row, to, column) => {
  if (to < 1 || to >= now.table.records.length) return;
  remember();
  now.table.records.splice(to, 0, ...now.table.records.splice(row, 1));
  write(); drawTable(); focus(to, column);
};
const focus = (row, column) => { const cell = page.querySelector(`#items input[data-row="${row}"][data-column="${column}"]`); cell?.focus(); cell?.select(); };
const takeBack = () => {
  const before = undo.pop();
  if (before === undefined) return;
  files = JSON.parse(before);
  $("#undo").disabled = !undo.length;
  redraw(); changed();
};

const drawTable = () => {
  const head = $("#items thead"), body = $("#items tbody");
  if (!now) { head.replaceChildren(); body.replaceChildren(make("tr", {}, make("td", { class: "empty" }, say("这份标准没有指标表，指标写在文本里。", "This standard has no table; its indicators stand in the text.")))); return; }
  const columns = shownColumns();
  head.replaceChildren(make("tr", {}, ...columns.map((at) => make("th", { scope: "col" }, now.head[at])), make("th", {}, say("可得", "Can be")), make("th", {}, say("查错", "Checks"))));
  body.replaceChildren(...now.table.records.slice(1).map((record, index) => {
    const row = index + 1;
    return make("tr", { "data-row": row, class: row === chosen ? "mine" : false }, ...columns.map((column) => make("td", {},
      make("input", { value: record.cells[column] ?? "", "data-row": row, "data-column": column, list: column === now.column.rule ? "kinds" : column === now.column.clause ? "clauses" : false, autocomplete: "off", "aria-label": `${say("第", "row ")}${row}${say(" 行 ", " ")}${now.head[column]}`, class: column === now.column.name ? "long" : column === now.column.rule ? "wide" : column === now.column.points ? "num" : false }))),
      make("td", { class: "small sub range" }), make("td", { class: "mark" }));
  }));
  drawChecks();
};

const table = $("#items");
table.addEventListener("input", (event) => { const { row, column } = event.target.dataset; set(Number(row), Number(column), event.target.value.trim()); });
table.addEventListener("focusin", (event) => { const row = Number(event.target.dataset?.row); if (row && row !== chosen) { chosen = row; table.querySelectorAll("tr").forEach((line) => line.classList.toggle("mine", Number(line.dataset.row) === row)); drawRow(); } });
table.addEventListener("keydown", (event) => {
  const { row, column } = event.target.dataset ?? {};
  if (!row) return;
  const [at, of] = [Number(row), Number(column)];
  const go = { ArrowUp: -1, ArrowDown: 1, Enter: event.shiftKey ? -1 : 1 }[event.key];
  if (event.altKey && event.key === "Enter") insert(at + 1);
  else if (event.altKey && go) move(at, at + go, of);
  else if (event.altKey && event.key === "Delete") remove(at);
  else if (go && !event.ctrlKey && !event.metaKey) focus(at + go, of);
  else return;
  event.preventDefault();
});
table.addEventListener("paste", (event) => {
  const rows = block(event.clipboardData.getData("text/plain"));
  const { row, column } = event.target.dataset ?? {};
  if (!rows || !row) return;
  event.preventDefault();
  remember();
  const columns = shownColumns();
  const from = columns.indexOf(Number(column));
  rows.forEach((cells, down) => {
    const at = Number(row) + down;
    if (!now.table.records[at]) now.table.records.push({ cells: now.head.map(() => ""), raw: null });
    const record = now.table.records[at];
    cells.forEach((cell, right) => { const to = columns[from + right]; if (to !== undefined) record.cells[to] = cell; });
    record.raw = null;
  });
  write(); drawTable(); focus(Number(row), Number(column));
  toast(say(`粘贴了 ${rows.length} 行`, `${rows.length} rows pasted`), { word: say("撤销", "Undo"), act: takeBack });
});
$("#add").addEventListener("click", () => insert(now.table.records.length));
$("#undo").addEventListener("click", takeBack);

const list = (findings, where = true) => (findings.length ? make("ul", { class: "findings" }, ...findings.map((one) => make("li", { class: one.level }, make("b", {}, one.message), one.why ? make("span", {}, one.why) : null, one.next ? make("span", {}, `→ ${one.next}`) : null,
  where && one.where ? make("button", { type: "button", class: "btn plain small", onclick: () => goTo(one.where.what, one.where.line) }, say(`${one.where.what} 第 ${one.where.line} 行`, `${one.where.what}, line ${one.where.line}`)) : null))) : make("p", { class: "sub" }, say("没有发现问题。", "Nothing found.")));

/** The chosen row: its rule in plain words, parameters, the other columns, what is wrong. */
const drawRow = () => {
  const record = now?.table.records[chosen];
  const place = $("#row");
  if (!record) return;
  const item = itemOf(record);
  const name = record.cells[now.column.rule] || item?.rule || "";
  const rule = checked?.rules.find((one) => one.name === name);
  let next = 0;
  const field = (label, input, hint) => { input.id = `r-${(next += 1)}`; return make("div", { class: "field" }, make("label", { for: input.id }, label), input, hint ? make("span", { class: "hint" }, hint) : null); };
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
  // What the rule before was told and the new one does not know goes with it.
  const names = (one) => [...(one?.parameters ?? []).map(([parameter]) => parameter), ...(one?.choices ?? []).map((of) => of.name), ...(one?.inputs ?? [])];
  const ruled = (wanted) => {
    const knows = names(checked?.rules.find((one) => one.name === wanted));
    set(chosen, now.column.rule >= 0 ? now.column.rule : columnOf("规则"), wanted);
    for (const gone of wanted ? names(rule).filter((old) => !knows.includes(old)) : []) { const at = now.head.indexOf(gone); if (at >= 0) record.cells[at] = ""; }
    write(); drawTable(); drawRow();
    $("#row select").focus();
  };
  const rules = make("select", { onchange: (event) => ruled(event.target.value) }, make("option", { value: "" }, say("默认规则", "the usual rule")), ...(checked?.rules ?? []).map((one) => make("option", { value: one.name, selected: one.name === record.cells[now.column.rule] }, one.name)));
  const inputs = (item?.inputs ?? []).map((input) => {
    const key = `${idOf(record)}/${input}`;
    return field(say(`“${input}”取自指标卡`, `card for ${input}`), make("input", { value: bindings[key] ?? "", list: "cards", autocomplete: "off", placeholder: say("评定、目标或还没有指标卡时留空", "empty where it is judged or a target"), onchange: (event) => { const card = event.target.value.trim(); if (card) bindings[key] = card; else delete bindings[key]; changed(); } }));
  });
  const clause = checked?.clauses.find((one) => one.number === record.cells[now.column.clause]);
  const others = ["口径", "协办", "选择", "示例"].filter((label) => now.head.includes(label)).map((label) => cell(label));
  place.replaceChildren(
    make("h2", {}, `${idOf(record)} ${record.cells[now.column.name] ?? ""}`),
    field(say("规则", "Rule"), rules),
    make("p", { class: "meaning" }, rule?.meaning || item?.meaning || (name ? say("这条规则没有写说明，看下面的算式。", "The rule says nothing about itself; see the formula.") : "")),
    item?.formula ? make("p", { class: "formula small" }, make("span", { class: "sub" }, say("得分 = ", "score = ")), item.formula) : "",
    make("p", {}, make("span", { class: "sub" }, say("可得 ", "can be ")), make("b", {}, item?.range || "—")),
    make("div", { class: "fields" }, ...(rule?.inputs ?? []).filter((input) => now.head.includes(input)).map((input) => cell(input)), ...(rule?.parameters ?? []).map(([parameter, usual]) => cell(parameter, null, usual)), ...(rule?.choices ?? []).map(choice)),
    list((checked?.findings ?? []).filter((one) => one.indicator === idOf(record))),
    clause ? make("details", {}, make("summary", { class: "small sub" }, say(`依据 ${clause.number}`, `clause ${clause.number}`)), make("blockquote", { class: "small" }, clause.text)) : "",
    make("details", {}, make("summary", { class: "small sub" }, say("口径、协办、理由和指标卡", "Definition, support, reasons, cards")), ...others, ...inputs));
};

const drawChecks = () => {
  if (!checked) return;
  const all = checked.findings;
  const counts = say(`${checked.errors} 处错误 · ${checked.warnings} 处提醒`, `${checked.errors} errors · ${checked.warnings} warnings`);
  $("#counts").textContent = `${counts} · ${say("满分", "full mark")} ${checked.full_mark || "—"} · ${say("总分可得", "the total can be")} ${checked.range || "—"} · ${(checked.took_us / 1000).toFixed(0)} ms`;
  $("#adopt").disabled = checked.errors > 0;
  $("#adopt").title = checked.errors ? say("有错误，改正以后才能采用", "mend the errors first") : "";
  $("#checks").replaceChildren(list(all));
  page.querySelector("#clauses").replaceChildren(...checked.clauses.map((one) => make("option", { value: one.number }, one.text.slice(0, 40))));
  page.querySelector("#kinds").replaceChildren(...checked.rules.map((one) => make("option", { value: one.name })));
  if (now) {
    page.querySelectorAll("#items tbody tr").forEach((line) => {
      const record = now.table.records[Number(line.dataset.row)];
      if (!record) return;
      const found = all.filter((one) => one.indicator === idOf(record));
      line.querySelector(".range").textContent = itemOf(record)?.range ?? "";
      const worst = found.some((one) => one.level === "error") ? "late" : "near";
      line.querySelector(".mark").replaceChildren(...(found.length ? [make("span", { class: `tag ${worst}`, title: found.map((one) => one.message).join("\n") }, worst === "late" ? say(`错 ${found.length}`, `${found.length} err`) : say(`提醒 ${found.length}`, `${found.length}`))] : []));
    });
    const sum = now.table.records.slice(1).reduce((all, record) => all + (Number.parseFloat((record.cells[now.column.points] ?? "").replaceAll(",", "")) || 0), 0);
    $("#sums").textContent = say(`表中 ${now.table.records.length - 1} 行，分值合计 ${Number(sum.toFixed(6))}`, `${now.table.records.length - 1} rows, ${Number(sum.toFixed(6))} points`);
  }
  const texts = checked.items.filter((item) => !item.from_table);
  $("#written").hidden = !texts.length;
  $("#written tbody").replaceChildren(...texts.map((item) => make("tr", {}, make("td", {}, item.name), make("td", { class: "num" }, item.points), make("td", { class: "sub small" }, item.range), make("td", {}, make("button", { type: "button", class: "btn", onclick: () => goTo(item.what, item.line) }, say("在文本里改", "Edit the text"))))));
  drawLines();
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
  toast(say(`已导入“${folder}”的 ${texts.length} 个文件`, `${texts.length} files of ${folder} taken over`), { word: say("撤销", "Undo"), act: takeBack });
});

// Checking, keeping, previewing: a moment after the last key.
let checking = 0, keeping = 0, turn = 0;
const body = () => files.map(({ path: name, text }) => ({ path: name, text }));
const check = async () => {
  const mine = (turn += 1);
  const found = await ask("POST", "/api/check-policy", { files: body() });
  if (mine !== turn) return;
  if (!found.ok) { $("#checks").replaceChildren(list(told(found), false)); return; }
  checked = found.json;
  drawChecks();
  if (!$("#row").contains(document.activeElement)) drawRow();
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
  const mine = body();
  clearTimeout(keeping);
  saved = true;
  localStorage.removeItem(local);
  await asked("POST", `/api/policy-drafts/${scheme || "new"}`, {});
  undo.push(JSON.stringify(mine));
  files = JSON.parse(adopted);
  $("#drop").hidden = true; $("#undo").disabled = false;
  $("#state").textContent = say("草稿已丢弃，按“撤销”可以找回", "the draft is dropped; undo brings it back");
  redraw(); check();
});
begin();
