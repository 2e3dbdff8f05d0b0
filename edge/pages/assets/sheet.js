// A report as a grid of native fields: keys move, blocks are pasted, everything can be undone, what is typed is judged
// at once and kept (drafts.js). Handing it in is a deed like any other.

import { ask, asked, deed, make, newId, passOn, say, showFindings, toast, told } from "./app.js";
import { block, explains, judged, meant, placed } from "./figures.js";
import { keep } from "./drafts.js";
import { rowsOfFile } from "./table-file.js";

const form = document.querySelector("#sheet");
const { collection, unit, account, mark } = form?.dataset ?? {};
const find = (selector, within = form) => within.querySelector(selector);

// Somebody who may propose a correction is led to its form.
const correct = document.querySelector("#correct");
document.querySelectorAll("[data-correct]").forEach((button) => button.addEventListener("click", () => {
  find("#correct-figure", correct).value = button.dataset.correct;
  correct.scrollIntoView({ block: "nearest" });
  find("#correct-value", correct).focus();
}));

const begin = () => {
  const lines = [...form.querySelectorAll("tbody tr[data-name]")].map((row) => ({
    row, figure: row.dataset.figure, name: row.dataset.name, rules: row.dataset,
    value: find("td.value input", row), answer: find("input.answer", row), say: find(".say", row),
    list: find(".papers ul", row), file: find("[type=file]", row),
    papers: [...row.querySelectorAll("[data-hash]")].map((paper) => paper.dataset.hash),
    about: find("th .vh", row).textContent,
    served: null, clashes: [], waiting: [],
  }));
  // With those that are known from elsewhere, as they stand.
  const all = [...form.querySelectorAll("tbody tr")].map((row) => lines.find((line) => line.row === row) ?? { name: find("th", row).firstChild.textContent, fixed: true });
  const byFigure = new Map(lines.map((line) => [line.figure, line]));
  const names = new Map();
  const known = new Map([...form.querySelectorAll("tr[data-known]")].map((row) => [row.dataset.figure, row.dataset.known]));
  const valueOf = (figure) => (byFigure.get(figure)?.value.value ?? known.get(figure));
  const lineOf = (element) => lines.find((line) => line.row.contains(element));

  // What is said beside a cell: what the server says, or what its rules say before it could be asked.
  const opinion = (line) => {
    const value = line.value.value.trim();
    if (line.served && line.served.value === value) return line.served;
    return judged(line.rules, value, valueOf);
  };
  const paint = (line) => {
    const { refused, questions } = opinion(line);
    const asks = questions.length > 0;
    const open = asks && !explains(line.answer.value);
    line.say.replaceChildren(...[refused, ...questions].filter(Boolean).map((text) => make("span", {}, text)));
    for (const { field, theirs, by } of line.clashes) {
      const what = theirs === "" ? say("清空了这一格", "emptied this cell") : field === "value" ? say(`填的是“${theirs}”`, `wrote “${theirs}”`) : say(`写的说明是“${theirs}”`, `answered “${theirs}”`);
      line.say.append(make("span", { class: "both" }, `${by} ${what} `,
        make("button", { type: "button", class: "btn", onclick: () => { change([{ line, field, to: theirs }]); choose(line, field); } }, say("用他的", "Take it")), " ",
        make("button", { type: "button", class: "btn", onclick: () => choose(line, field) }, say("留我的", "Keep mine"))));
    }
    line.say.hidden = !line.say.childNodes.length;
    line.say.className = `say${refused ? " refused" : ""}`;
    line.answer.hidden = !asks && !line.answer.value;
    if (refused) line.value.setAttribute("aria-invalid", "true"); else line.value.removeAttribute("aria-invalid");
    if (open) line.answer.setAttribute("aria-invalid", "true"); else line.answer.removeAttribute("aria-invalid");
    line.row.classList.toggle("open", open);
    line.wrong = Boolean(refused) || open || line.clashes.length > 0;
  };
  const paintPapers = (line) => {
    const paper = (hash, at) => make("li", { "data-hash": hash },
      make("a", { href: `/api/contents/${hash}` }, names.get(hash)?.name ?? say(`材料 ${at + 1}`, `paper ${at + 1}`)),
      names.get(hash) ? ` ${amount(names.get(hash).size)} ` : " ",
      make("button", { type: "button", class: "btn plain drop", "aria-label": say(`去掉：${names.get(hash)?.name ?? hash.slice(7, 15)}`, `leave out ${names.get(hash)?.name ?? hash.slice(7, 15)}`), onclick: () => change([{ line, field: "papers", to: line.papers.filter((found) => found !== hash) }]) }, "×"));
    const waits = line.waiting.map((file) => make("li", { class: "sub" }, `${file.name} ${amount(file.size)} ${say("待传", "waits")}`));
    line.list.replaceChildren(...line.papers.map(paper), ...waits);
  };
  const amount = (bytes) => (bytes < 1024 ? `${bytes} B` : bytes < 1048576 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`);

  /** The cell of a row that is to be looked at. */
  const cellOf = (at) => at && (at.answer.hasAttribute("aria-invalid") && !at.value.hasAttribute("aria-invalid") ? at.answer : at.value);
  const count = find("#count");
  const paintAll = () => {
    lines.forEach(paint);
    const filled = lines.filter((line) => line.value.value.trim()).length, wrong = lines.filter((line) => line.wrong).length;
    count.replaceChildren(say(`已填 ${filled} / ${lines.length}`, `${filled} of ${lines.length} filled in`));
    const first = lines.find((line) => line.wrong);
    if (first) count.append(" · ", make("button", { type: "button", class: "btn plain", onclick: () => cellOf(first).focus() }, say(`${wrong} 处要看`, `${wrong} to look at`)));
  };

  // Every change goes one way, so that it can be undone and is kept.
  const log = [], undone = [];
  let typing = null;
  const get = (line, field) => (field === "papers" ? line.papers : line[field].value);
  const put = (line, field, to) => {
    if (field === "papers") { line.papers = to; paintPapers(line); return; }
    if (line[field].value !== to) line[field].value = to;
    line[`${field}Was`] = to;
  };
  // What a toast offers to take back is the last step; after another one it offers nothing.
  let pasted = null;
  const after = () => {
    pasted?.past();
    find("#undo").disabled = !log.length;
    find("#redo").disabled = !undone.length;
    paintAll();
    if (!lines.some((at) => at.wrong)) find(":scope > .findings")?.remove();
    draft.changed();
    inquire();
  };
  const change = (cells) => {
    const steps = cells.map(({ line, field, to }) => ({ line, field, from: get(line, field), to })).filter(({ from, to }) => JSON.stringify(from) !== JSON.stringify(to));
    if (!steps.length) return 0;
    typing = null;
    steps.forEach(({ line, field, to }) => put(line, field, to));
    log.push(steps);
    undone.length = 0;
    after();
    return steps.length;
  };
  const undo = (from, to, way) => {
    typing = null;
    const steps = from.pop();
    if (!steps) return;
    steps.forEach((step) => put(step.line, step.field, step[way]));
    to.push(steps);
    const { line, field } = steps[0];
    if (field !== "papers") { if (field === "answer") line.answer.hidden = false; line[field].focus(); }
    after();
  };
  find("#undo").addEventListener("click", () => undo(log, undone, "from"));
  find("#redo").addEventListener("click", () => undo(undone, log, "to"));
  lines.forEach((line) => { line.valueWas = line.value.value; line.answerWas = line.answer.value; });

  form.addEventListener("input", (event) => {
    const line = lineOf(event.target);
    const field = event.target === line?.value ? "value" : event.target === line?.answer ? "answer" : null;
    if (!field) return;
    const to = event.target.value;
    if (typing?.line === line && typing.field === field) typing.to = to;
    else { typing = { line, field, from: line[`${field}Was`], to }; log.push([typing]); undone.length = 0; }
    line[`${field}Was`] = to;
    after();
  });
  // A cell that is left is read: 是 for y, no blanks around it.
  form.addEventListener("focusout", (event) => {
    const line = lineOf(event.target);
    typing = null;
    if (event.target !== line?.value) return;
    const to = meant(line.rules, line.value.value);
    if (to !== line.value.value) change([{ line, field: "value", to }]);
  });
  const about = find("#about"), usual = about.textContent;
  form.addEventListener("focusin", (event) => {
    const line = lineOf(event.target);
    about.textContent = line ? `${line.name}：${line.about}` : usual;
    if (event.target === line?.value || event.target === line?.answer) { event.target.select(); line.atFocus = event.target.value; }
  });

  // Keys. Tab goes from figure to figure; what else stands in a row is beside it, a step of the arrows away.
  lines.forEach((line) => { line.links = [...line.row.querySelectorAll("a.quiet")]; [...line.links, line.file].forEach((found) => { found.tabIndex = -1; }); });
  const columns = (line) => [...line.links, line.value, line.answer, line.file].filter((field) => !field.hidden);
  const step = (line, field, by) => {
    for (let at = lines.indexOf(line) + by; at >= 0 && at < lines.length; at += by) {
      const next = field === line.answer ? (lines[at].answer.hidden ? null : lines[at].answer) : field === line.file ? lines[at].file : lines[at].value;
      if (next) { next.focus(); return true; }
    }
    return false;
  };
  form.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const command = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (command && key === "z") { event.preventDefault(); if (event.shiftKey) undo(undone, log, "to"); else undo(log, undone, "from"); return; }
    if (command && key === "y") { event.preventDefault(); undo(undone, log, "to"); return; }
    if (command && key === "s") { event.preventDefault(); draft.now(); return; }
    if (command && event.key === "Enter") { event.preventDefault(); form.requestSubmit(); return; }
    const line = lineOf(event.target);
    const isLink = line?.links?.includes(event.target);
    if (!line || !(event.target instanceof HTMLInputElement || isLink) || event.altKey) return;
    if (isLink && event.key === "Enter") return;
    const field = event.target, isText = !isLink && field.type !== "file";
    if (event.key === "Escape" && isText) { change([{ line, field: field === line.value ? "value" : "answer", to: line.atFocus }]); field.select(); return; }
    if (command && (event.key === "Home" || event.key === "End")) { event.preventDefault(); (event.key === "Home" ? lines[0] : lines.at(-1)).value.focus(); return; }
    if (command) return;
    const down = event.key === "ArrowDown" || (event.key === "Enter" && isText && !event.shiftKey);
    const up = event.key === "ArrowUp" || (event.key === "Enter" && isText && event.shiftKey);
    if (down || up) {
      event.preventDefault();
      // At the end it stays: nothing is handed in by one key too many.
      step(line, isLink ? line.value : field, down ? 1 : -1);
      return;
    }
    const across = columns(line), at = across.indexOf(field);
    const atEnd = !isText || field.selectionEnd === field.value.length, atStart = !isText || field.selectionStart === 0;
    const next = event.shiftKey ? null : event.key === "ArrowRight" && atEnd ? across[at + 1] : event.key === "ArrowLeft" && atStart ? across[at - 1] : null;
    if (next) { event.preventDefault(); next.focus(); }
  });

  // A block from a spreadsheet.
  form.addEventListener("paste", (event) => {
    const line = lineOf(event.target);
    const field = event.target === line?.value ? "value" : event.target === line?.answer ? "answer" : null;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!field || !/[\t\r\n]/.test(text.replace(/[\r\n]+$/, ""))) {
      // One cell of a spreadsheet brings a line break with it.
      if (field && /[\r\n]+$/.test(text)) { event.preventDefault(); change([{ line, field, to: text.trim() }]); }
      return;
    }
    event.preventDefault();
    fill(block(text), line, field);
  });
  const fill = (rows, line, field) => {
    const found = placed(rows, all, line, field);
    if (found.unclear) {
      toast(say("贴的内容对不上：只复制数值一列，或“名称、数值”两列（名称与本表一致；列多的，给数值那一列加表头“本期”）", "this fits nowhere: copy the column of values alone, or names as they stand here with one column of values, headed `value` where there are more"), null, 12000);
      return;
    }
    const filled = change(found.cells.map(({ row, field: of, value }) => ({ line: row, field: of, to: of === "value" ? meant(row.rules, value) : value })));
    const left = found.left.filter(Boolean);
    const kept = found.kept ? say(`；${found.kept} 格已从别处取得，跳过`, `; ${found.kept} known already, passed over`) : "";
    const same = found.cells.filter(({ value }) => value.trim()).length - filled;
    const asBefore = same > 0 ? say(`，${same} 格原来就是这个数`, `, ${same} as they were`) : "";
    const over = left.length ? say(`；${left.length} 行没有对上：${left.slice(0, 3).join("、")}${left.length > 3 ? "…" : ""}`, `; ${left.length} rows fitted nowhere: ${left.slice(0, 3).join(", ")}`) : "";
    pasted?.end();
    pasted = toast(say(`已贴入 ${filled} 格${asBefore}${kept}${over}`, `${filled} cells filled${asBefore}${kept}${over}`), { word: say("撤销", "Undo"), act: () => undo(log, undone, "from") }, left.length ? 12000 : 6000);
    const last = found.cells.at(-1)?.row;
    if (last) last.value.focus();
  };
  find("#f-table").addEventListener("change", async (event) => {
    event.stopPropagation();
    const [file] = event.target.files;
    if (!file) return;
    try { fill(await rowsOfFile(file), lines[0], "value"); } catch (fault) { toast(`${file.name}：${fault.message}`, null, 12000); }
    event.target.value = "";
  });

  // Papers: dropped on a row or chosen; one that could not be sent waits for the line.
  const send = async (file, into) => {
    if (!navigator.onLine) return false;
    const found = await asked("POST", "/api/contents", file);
    if (found.status === 0) return false;
    if (!found.ok) { toast(`${file.name}：${told(found)[0].message}`, null, 12000); return true; }
    names.set(found.json.hash, { name: file.name, size: file.size });
    change(into.map((line) => ({ line, field: "papers", to: [...new Set([...line.papers, found.json.hash])] })));
    return true;
  };
  const bring = async (files, into) => {
    for (const file of files) {
      if (await send(file, into)) continue;
      into.forEach((line) => { line.waiting.push(file); paintPapers(line); });
      toast(say(`${file.name} 还没有传上去，网络恢复后自动再传`, `${file.name} waits for the line`));
    }
  };
  const sendWaiting = async () => {
    for (const file of new Set(lines.flatMap((line) => line.waiting))) {
      const into = lines.filter((line) => line.waiting.includes(file));
      if (!(await send(file, into))) return;
      into.forEach((line) => { line.waiting = line.waiting.filter((found) => found !== file); paintPapers(line); });
    }
  };
  addEventListener("online", () => setTimeout(sendWaiting, 500));
  setInterval(() => { if (lines.some((line) => line.waiting.length)) sendWaiting(); }, 10000);
  form.addEventListener("change", (event) => {
    if (event.target.type !== "file") return;
    const line = lineOf(event.target);
    bring([...event.target.files], line ? [line] : lines);
    event.target.value = "";
  });
  let over = null;
  const mark_ = (row) => { over?.classList.remove("over"); over = row; over?.classList.add("over"); };
  document.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    const line = lineOf(event.target);
    event.dataTransfer.dropEffect = line ? "copy" : "none";
    mark_(line?.row ?? null);
  });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) mark_(null); });
  document.addEventListener("drop", (event) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    mark_(null);
    const line = lineOf(event.target);
    if (line) bring([...event.dataTransfer.files], [line]);
  });

  // The server is asked what it would say.
  const figures = () => lines.filter((line) => line.value.value.trim()).map((line) => ({ figure: line.figure, value: meant(line.rules, line.value.value), evidence: line.papers, answer: line.answer.value.trim() }));
  // What stood there when the page was opened is what it replaces.
  const report = () => ({ collection, office: unit, figures: figures(), replaces: mark ? Number(mark) : null });
  let soon = 0, turn = 0;
  const serve = (sent, found) => {
    const said = new Map(found.json.figures.map((noted) => [noted.figure, noted]));
    for (const { figure, value } of sent.figures) {
      const noted = said.get(figure);
      const at = byFigure.get(figure), refused = noted?.refused;
      // Whose figure it is stands beside it already: why it cannot be, and what to do.
      const why = refused ? [refused.why, refused.next].filter(Boolean).join(say("；", "; ")) : "";
      at.served = { value, refused: why, questions: noted?.questions ?? [] };
    }
    paintAll();
  };
  const inquireNow = async () => {
    const mine = (turn += 1), sent = report();
    const found = await ask("POST", "/api/deeds/check", { act: { "submit-report": sent } });
    if (found.ok && mine === turn) serve(sent, found);
    return found;
  };
  const inquire = () => { clearTimeout(soon); soon = setTimeout(() => { if (navigator.onLine) inquireNow(); }, 600); };

  // Drafts.
  const line = find("#draft");
  const status = (text, kind = "", actions = []) => {
    line.className = kind;
    line.replaceChildren(text, ...actions.map(({ word, act }) => make("button", { type: "button", class: "btn", onclick: act }, word)));
  };
  const choose = (at, field) => { at.clashes = at.clashes.filter((clash) => clash.field !== field); draft.chosen(at.figure, field); paintAll(); };
  const chooseAll = (theirs) => {
    const open = lines.flatMap((at) => at.clashes.map((clash) => ({ line: at, field: clash.field, to: clash.theirs })));
    if (theirs) change(open);
    open.forEach(({ line: at, field }) => choose(at, field));
  };
  /** Whether the report is another one than this page began with: somebody handed it in meanwhile. */
  const gone = async () => {
    const found = await ask("GET", `/api/reports/${encodeURIComponent(collection)}/${encodeURIComponent(unit)}`);
    if (!found.ok || String(found.json.entries.at(-1)) === mark) return false;
    status(say(`${found.json.filled_by} 已把这份填报送审；你填的还在本机`, `${found.json.filled_by} handed this report in; what you typed is kept here`), "near", [{ word: say("看送审的", "Show it"), act: () => location.reload() }]);
    return true;
  };
  const draft = keep({
    account, collection, unit, mark, status,
    clashing: () => status(say("另一个人也在填；标出的格子选用哪一个？", "somebody else writes here as well; which value in marked cells?"), "near",
      [{ word: say("都用他的", "All theirs"), act: () => chooseAll(true) }, { word: say("都留我的", "All mine"), act: () => chooseAll(false) }]),
    rows: () => Object.fromEntries(lines.map((at) => [at.figure, { value: at.value.value.trim(), answer: at.answer.value.trim(), papers: at.papers }])),
    names: () => Object.fromEntries(names),
    show(rows, more) {
      Object.entries(more).forEach(([hash, about_]) => names.set(hash, about_));
      for (const at of lines) {
        const row = rows[at.figure];
        if (!row) continue;
        for (const field of ["value", "answer"]) if (at[field].value.trim() !== row[field]) put(at, field, row[field]);
        put(at, "papers", row.papers);
      }
      paintAll();
      inquire();
    },
    clash(list, by = "", saved = "") {
      for (const at of lines) {
        const now = list.filter((clash) => clash.figure === at.figure);
        at.clashes = now.map((clash) => ({ ...clash, by: at.clashes.find((found) => found.field === clash.field)?.by ?? by }));
      }
      if (list.length && by) toast(say(`${by} 在 ${saved} 也改了你改过的 ${list.length} 格，请选用哪一个`, `${by} changed ${list.length} cells you changed as well: choose`), null, 10000);
      paintAll();
    },
    told(taken, by, saved) {
      toast(say(`${by} 在 ${saved} 改了 ${taken.length} 格，已并进来`, `${by} changed ${taken.length} cells; they are taken over`), null, 8000);
      taken.forEach(({ figure }) => { const row = byFigure.get(figure)?.row; row?.classList.add("theirs"); setTimeout(() => row?.classList.remove("theirs"), 6000); });
    },
    older(restore) {
      toast(say("本机还有一份以前没送出的草稿", "this machine holds an older draft"), { word: say("恢复", "Restore"), act: restore }, 0);
    },
    gone,
  });

  // Handing it in.
  let sent = "", id = "";
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = find("[type=submit]");
    if (draft.open()) { toast(say("标出的格子另一个人填的不一样，先选一个", "choose first where somebody else wrote something else")); return; }
    if (lines.some((at) => at.waiting.length)) { toast(say("还有材料没有传上去", "a paper waits to be sent")); await sendWaiting(); return; }
    const empty = lines.filter((at) => !at.value.value.trim());
    if (empty.length) {
      empty.forEach((at) => at.value.setAttribute("aria-invalid", "true"));
      toast(say(`还有 ${empty.length} 项没有填；没有发生的填 0`, `${empty.length} figures are not filled in; write 0 where nothing happened`));
      empty[0].value.focus();
      return;
    }
    button.disabled = true;
    try {
      // One that somebody else handed in meanwhile is not replaced unseen; sent again, it is the same deed.
      if (JSON.stringify(report()) !== sent && (await gone())) return;
      const act = report(), content = JSON.stringify(act);
      if (content !== sent) { sent = content; id = newId(); }
      const found = await deed(id, "submit-report", act);
      if (!found.ok) {
        if (found.status !== 0) await inquireNow();
        // Where somebody else came first, what was handed in is one press away.
        if (found.status !== 0) await gone();
        // What stands beside its cell is not said twice.
        const wrong = lines.filter((at) => at.wrong);
        const hinders = told(found).filter(({ level }) => level !== "warning");
        const others = hinders.filter(({ name }) => !wrong.length || !["question-open", "value-not-fitting"].includes(name));
        if (others.length) showFindings(form, others); else toast(say(`${wrong.length} 处要看，话在旁边`, `${wrong.length} to look at; what is to be said stands beside`));
        cellOf(wrong[0])?.focus();
        return;
      }
      draft.end();
      const odd = (found.json.findings ?? []).map(({ message }) => say(`。${message}`, `. ${message}`)).join("");
      passOn(say(`已送审（台账第 ${found.json.number} 条）`, `Handed in (entry ${found.json.number})`) + odd);
      location.assign(location.pathname);
    } finally {
      button.disabled = false;
    }
  });

  lines.forEach(paintPapers);
  paintAll();
  draft.begin().then(() => { if (document.activeElement === document.body) (lines.find((at) => !at.value.value.trim()) ?? lines[0])?.value.focus({ preventScroll: true }); });
};

if (form && form.dataset.edits !== undefined) begin();
