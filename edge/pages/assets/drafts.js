// An unfinished report: kept in this browser with every key, and on the server a moment later. Two people at one sheet
// are told of each other; where both wrote into one cell, one of them chooses.

import { ask, asked, say } from "./app.js";

const FIELDS = ["value", "answer", "papers"];
const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
const empty = { value: "", answer: "", papers: [] };
const at = (rows, figure) => rows?.[figure] ?? empty;

/** Three versions of rows become one: what both began with, mine, theirs. Where both changed a cell, mine stays and the
 * cell is named. */
export const merged = (base, mine, theirs) => {
  const rows = {}, taken = [], clashes = [];
  for (const figure of new Set([...Object.keys(mine), ...Object.keys(theirs)])) {
    const row = {};
    for (const field of FIELDS) {
      const [before, own, other] = [at(base, figure)[field], at(mine, figure)[field], at(theirs, figure)[field]];
      if (field === "papers" && !same(before, own) && !same(before, other)) row[field] = [...new Set([...other, ...own])];
      else if (same(own, other) || same(before, other)) row[field] = own;
      else if (same(before, own)) { row[field] = other; taken.push({ figure, field }); }
      else { row[field] = own; clashes.push({ figure, field, theirs: other }); }
    }
    rows[figure] = row;
  }
  return { rows, taken, clashes };
};

const asRows = (figures) => Object.fromEntries(figures.map(({ figure, value, answer, evidence }) => [figure, { value, answer, papers: evidence }]));
const asFigures = (rows) => Object.entries(rows)
  .filter(([, row]) => !same(row, empty))
  .map(([figure, row]) => ({ figure, value: row.value, answer: row.answer, evidence: row.papers }));
const without = (rows) => Object.fromEntries(Object.entries(rows).filter(([, row]) => !same(row, empty)));

/** Keeps what `sheet` holds. It has `account`, `collection`, `unit`, `mark` (the state of the report it begins with),
 * `rows()`, `names()`, `show(rows, names)`, `clash(list, by)`, `told(taken, by)`, `status(text, kind, actions)`,
 * `clashing()`, `older(restore)`, `gone()`. */
export const keep = (sheet) => {
  const key = `kaoping-draft:${sheet.account}:${sheet.collection}:${sheet.unit}`;
  const path = `/api/drafts/${encodeURIComponent(sheet.collection)}/${encodeURIComponent(sheet.unit)}`;
  const first = without(sheet.rows());
  let base = first, version = null, known = false, there = true, over = false, running = false, again = false, timer = 0, ended = false;
  const clashes = new Map();

  const write = () => {
    if (ended) return true;
    try {
      localStorage.setItem(key, JSON.stringify({ mark: sheet.mark, rows: without(sheet.rows()), base, version, names: sheet.names(), at: Date.now() }));
      return true;
    } catch {
      // The browser keeps nothing, or no more.
      return false;
    }
  };
  const stored = () => {
    try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
  };
  const clock = () => new Date().toTimeString().slice(0, 5);
  const here = () => (write() ? say("草稿已存在本机", "draft kept on this machine") : say("本机存不下草稿，不要关页面", "this browser keeps no draft; leave the page open"));
  const retry = (ms) => { clearTimeout(timer); timer = setTimeout(push, ms); };

  const take = (found) => {
    const theirs = asRows(found.figures);
    const made = merged(base, without(sheet.rows()), theirs);
    for (const { figure, field, theirs: other } of made.clashes) clashes.set(`${figure} ${field}`, { figure, field, theirs: other });
    if (made.taken.length || !same(made.rows, without(sheet.rows()))) sheet.show(made.rows, {});
    base = theirs;
    version = found.version;
    if (found.by !== sheet.account || made.clashes.length) {
      if (made.taken.length) sheet.told(made.taken, found.by, found.saved);
      sheet.clash([...clashes.values()], found.by, found.saved);
    }
    write();
  };

  /** What the server has; whether it could be asked. */
  const pull = async () => {
    const found = await ask("GET", path);
    if (found.ok) { known = true; take(found.json); return true; }
    if (found.status === 404) {
      const name = found.json?.findings?.[0]?.name;
      if (name === "address-unknown" || name === "route-unknown") there = false;
      if (version !== null) { version = null; base = first; over = await sheet.gone(); }
      known = true;
      return !over;
    }
    failed(found.status);
    return false;
  };

  const failed = (status) => {
    if (status === 0) { sheet.status(say(`连不上服务器；${here()}，恢复后自动送存`, `the server cannot be reached; ${here()} and sent when it is back`), "near"); retry(5000); }
    else if (status === 401) sheet.status(say(`登录已过期；${here()}`, `your session has ended; ${here()}`), "near", [{ word: say("重新登录", "Sign in again"), act: signIn }]);
    else if (status === 429 || status >= 500) { sheet.status(say(`服务器忙；${here()}`, `the server is busy; ${here()}`), "near"); retry(5000); }
    else { there = false; sheet.status(here(), ""); }
  };

  const signIn = async () => {
    const found = await asked("GET", "/api/me");
    if (!found.ok) { failed(found.status); return; }
    // Somebody else signed in: this draft is not his.
    if (found.json.account !== sheet.account) { ended = true; location.reload(); return; }
    await push();
  };

  const push = async () => {
    clearTimeout(timer);
    // What was handed in meanwhile has no draft any more; what is typed stays here.
    if (ended || over) return;
    if (!there) { sheet.status(here(), ""); return; }
    if (running) { again = true; return; }
    running = true;
    try {
      if (!known && !(await pull())) return;
      if (!there) { sheet.status(here(), ""); return; }
      // What nobody has chosen yet stays on the server as the other wrote it.
      const rows = structuredClone(without(sheet.rows()));
      for (const { figure, field, theirs } of clashes.values()) (rows[figure] ??= structuredClone(empty))[field] = theirs;
      if (same(without(rows), without(base))) { saved(); return; }
      // Where there is no draft, somebody may have ended one by handing the report in since this page was made.
      if (version === null && (over = await sheet.gone())) return;
      const found = await ask("PUT", path, { figures: asFigures(rows) }, version === null ? {} : { "If-Match": `"${version}"` });
      if (found.ok) { base = without(rows); version = found.json.version; write(); saved(); }
      else if (found.status === 412) { known = false; again = true; }
      else if (found.status === 422) over = await sheet.gone();
      else failed(found.status);
    } finally {
      running = false;
      if (again) { again = false; retry(300); }
    }
  };
  const saved = () => {
    if (clashes.size) sheet.clashing();
    else if (version !== null) sheet.status(say(`草稿已存 ${clock()}（本机和服务器）`, `draft kept ${clock()} (here and on the server)`), "");
  };

  addEventListener("online", () => retry(100));
  addEventListener("pagehide", write);
  document.addEventListener("visibilitychange", () => { if (document.hidden) write(); else look(); });
  /** Whether somebody else wrote meanwhile. */
  const look = async () => { if (there && known && !ended && !over && !running && !document.hidden) { running = true; try { await pull(); } finally { running = false; } } };
  setInterval(look, 15000);

  return {
    /** What was kept here and there comes back. */
    async begin() {
      const found = stored();
      if (found && found.mark === sheet.mark) {
        // What was not on the server yet is put over what is there.
        base = found.base ?? first;
        version = found.version;
        sheet.show({ ...Object.fromEntries(Object.keys(first).map((figure) => [figure, empty])), ...found.rows }, found.names ?? {});
      } else if (found) {
        sheet.older(() => sheet.show(found.rows, found.names ?? {}));
      }
      await push();
    },
    /** Something was typed. */
    changed() {
      if (!write()) sheet.status(here(), "near");
      retry(1200);
    },
    now: push,
    /** One of two values was chosen. */
    chosen(figure, field) { clashes.delete(`${figure} ${field}`); sheet.clash([...clashes.values()]); retry(100); },
    open: () => clashes.size,
    /** It was handed in. */
    end() { ended = true; clearTimeout(timer); localStorage.removeItem(key); },
  };
};
