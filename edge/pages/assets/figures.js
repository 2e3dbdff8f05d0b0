// Figures as the server reads them, and what a card's rules say about one while it is typed. The server stays the
// judge: it is asked as soon as the line allows, and its words take the place of these.

import { say } from "./app.js";

/** A figure as people write it: its number, how many places it has, its unit; null where it is none or could be read
 * in two ways. `n` is the number without its point. */
export const read = (text) => {
  const folded = text.normalize("NFKC").trim();
  const parts = /^([-−–]\s*|\+)?([0-9.,]+)\s*(.*)$/s.exec(folded);
  if (!parts || parts[2].length > 120) return null;
  const [, sign, digits, unit] = parts;
  if (/[0-9.,]/.test(unit) || /^[eE][+-]?$/.test(unit)) return null;
  if (digits.includes(",") && !/^\d{1,3}(,\d{3})+(\.\d*)?$/.test(digits)) return null;
  const plain = digits.replaceAll(",", "");
  if (!/^(\d+\.?\d*|\.\d+)$/.test(plain)) return null;
  const [whole, fraction = ""] = plain.split(".");
  const places = fraction.replace(/0+$/, "");
  const n = BigInt(`${whole}${places}` || "0");
  return { n: sign && sign[0] !== "+" ? -n : n, places: places.length, unit: unit.trim() };
};

const scaled = (figure, places) => figure.n * 10n ** BigInt(places - figure.places);
const both = (a, b) => { const places = Math.max(a.places, b.places); return [scaled(a, places), scaled(b, places)]; };
const less = (a, b) => { const [x, y] = both(a, b); return x < y; };
const size = (n) => (n < 0n ? -n : n);

/** A sum of figures. */
const sum = (figures) => {
  const places = Math.max(...figures.map((figure) => figure.places));
  return { n: figures.reduce((total, figure) => total + scaled(figure, places), 0n), places, unit: "" };
};

/** A figure written out. */
const written = ({ n, places }) => {
  const digits = size(n).toString().padStart(places + 1, "0");
  const whole = places ? `${digits.slice(0, -places)}.${digits.slice(-places)}` : digits;
  return (n < 0n ? "-" : "") + (places ? whole.replace(/\.?0+$/, "") : whole);
};

/** Whether a number differs from another by more than so many percent of it. */
export const differs = (value, from, percent) => {
  const [x, y] = both(value, from);
  return size(x - y) * 100n > size(y) * BigInt(percent);
};

/** Yes and no, as they are written in a hurry. */
const HURRIED = { 1: "是", y: "是", yes: "是", "√": "是", 0: "否", n: "否", no: "否", "×": "否" };

/** What is meant by what was typed: for words, one of them. */
export const meant = (rules, text) => {
  const value = text.replace(/[\u200b\ufeff]/g, "").trim();
  // In a column of per cent 4.1 is 4.1%, and is written so.
  if (["%", "‰"].includes(rules.measure) && read(value)?.unit === "") return `${value}${rules.measure}`;
  if (rules.words !== "是|否") return value;
  return HURRIED[value.normalize("NFKC").toLowerCase()] ?? value;
};

/** Whether an answer says anything: a mark, a figure or one letter does not. */
export const explains = (answer) => /\p{Alphabetic}[^]*\p{Alphabetic}/u.test(answer);

/** What there is to say about a value: `{refused}` or `{questions}`. `valueOf` gives the value of another figure. */
export const judged = (rules, value, valueOf) => {
  const none = { refused: "", questions: [] };
  if (value === "") return none;
  if (rules.words) {
    const words = rules.words.split("|");
    return words.includes(value) ? none : { ...none, refused: say(`只能是其中之一：${words.join("、")}`, `it is one of: ${words.join(", ")}`) };
  }
  const figure = read(value);
  if (!figure) return { ...none, refused: say(`“${value}”不是一个数`, `\`${value}\` is no number`) };
  if (figure.unit && figure.unit !== (rules.measure ?? "")) {
    return { ...none, refused: say(`单位是“${figure.unit}”，要的是“${rules.measure ?? ""}”`, `its unit is \`${figure.unit}\`, not \`${rules.measure ?? ""}\``) };
  }
  if (figure.places > Number(rules.places ?? 0)) return { ...none, refused: rules.sayPlaces };
  const below = rules.least !== undefined && less(figure, read(rules.least));
  const beyond = rules.most !== undefined && less(read(rules.most), figure);
  if (below || beyond) return { ...none, refused: rules.sayRange };
  const questions = [];
  const compared = rules.percent === undefined ? null : read(rules.compared);
  if (compared && differs(figure, compared, rules.percent)) questions.push(rules.sayJump);
  const parts = rules.parts?.split("|").map((part) => read(valueOf(part) ?? ""));
  if (parts?.length && parts.every(Boolean)) {
    const total = sum(parts);
    const [x, y] = both(total, figure);
    if (x !== y) questions.push(say(`各部分之和是 ${written(total)}，与它不等，为什么？`, `its parts add up to ${written(total)}; why does it differ?`));
  }
  return { refused: "", questions };
};

/** The cells of a block copied from a spreadsheet: rows of tabs; a cell in quotation marks may hold both. */
export const block = (text) => {
  const rows = [[]];
  let cell = "", quoted = false, begun = false;
  const end = () => { rows.at(-1).push(cell); cell = ""; begun = false; };
  for (let at = 0; at < text.length; at += 1) {
    const c = text[at];
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text[at + 1] === '"') { cell += '"'; at += 1; } else quoted = false;
    } else if (c === '"' && !begun) { quoted = true; begun = true; }
    else if (c === "\t") end();
    else if (c === "\n" || c === "\r") { if (c === "\r" && text[at + 1] === "\n") at += 1; end(); rows.push([]); }
    else { cell += c; begun = true; }
  }
  end();
  // What is copied ends with a line break.
  if (rows.at(-1).length === 1 && rows.at(-1)[0] === "") rows.pop();
  return rows.map((row) => row.map((found) => found.trim()));
};

const bare = (text) => text.normalize("NFKC").replace(/[\s()、,:“”"']/g, "").toLowerCase();
/** Without what stands in brackets behind it, as 万元 often does. */
const cut = (text) => bare(text.normalize("NFKC").replace(/\([^()]*\)/g, ""));

/** Finds lines by their names: as they stand, else without what is in brackets where that means one alone. */
const finder = (lines) => {
  const full = new Map(lines.map((line) => [bare(line.name), line])), short = new Map();
  for (const line of lines) short.set(cut(line.name), short.has(cut(line.name)) ? null : line);
  return (text = "") => full.get(bare(text)) ?? short.get(cut(text)) ?? null;
};

/** Cells that can be filled in, and how many cannot: what is known from elsewhere keeps its place and its value. */
const open = (cells) => {
  const there = cells.filter(({ row }) => row);
  return { cells: there.filter(({ row }) => !row.fixed), kept: there.filter(({ row }) => row.fixed).length };
};

/** What a pasted block fills: `{cells: [{row, field, value}], kept: how many are not to be filled in, left: [what fitted
 * nowhere]}`; `{unclear}` where it could
 * be read in two ways. Rows are told by their names where the block has names, else one goes below the other. */
export const placed = (rows, lines, from, field) => {
  const named = finder(lines);
  const isValue = (text) => read(text ?? "") !== null || ["是", "否"].includes(text);
  const across = Math.max(...rows.map((row) => row.length));
  const nameAt = across > 1 ? [0, 1, 2].find((at) => rows.filter((row) => named(row[at])).length * 2 > rows.length) : undefined;
  if (nameAt === undefined) {
    // Names nobody knows, with figures behind them.
    if (field === "value" && across > 1 && !rows.some((row) => isValue(row[0])) && rows.some((row) => row.slice(1).some(isValue))) return { unclear: true };
    // Two columns of figures, such as those of last month beside those of this one: an answer is no figure.
    if (field === "value" && rows.filter((row) => isValue(row[0]) && isValue(row[1])).length * 2 > rows.length) return { unclear: true };
    const fields = ["value", "answer"].slice(field === "answer" ? 1 : 0);
    const start = lines.indexOf(from);
    const cells = rows.flatMap((row, at) => row.slice(0, fields.length).map((value, column) => ({ row: lines[start + at], field: fields[column], value })));
    return { ...open(cells), left: rows.slice(lines.length - start).map((row) => row.join(" ")) };
  }
  const found = rows.filter((row) => named(row[nameAt]));
  const heads = rows.find((row) => row.some((cell) => /^(本期|数值|填报值|value)/i.test(cell)));
  const headAt = heads?.findIndex((cell) => /^(本期|数值|填报值|value)/i.test(cell));
  const columns = [...Array(across).keys()].filter((at) => at !== nameAt && found.some((row) => isValue(row[at])));
  const valueAt = headAt ?? (columns.length === 1 ? columns[0] : undefined);
  if (valueAt === undefined) return { unclear: true };
  const cells = found.map((row) => ({ row: named(row[nameAt]), field: "value", value: row[valueAt] ?? "" }));
  const left = rows.filter((row) => row !== heads && row.some(Boolean) && !named(row[nameAt]));
  return { ...open(cells), left: left.map((row) => row[nameAt] || row.join(" ")) };
};
