// A table as text: rows keep the characters they were written with until somebody changes them.

/** Cuts a text into records; each has its cells, its characters without the line end, and the line it begins at. */
export const parse = (text) => {
  const separator = (text.split("\n", 1)[0] ?? "").includes("\t") ? "\t" : ",";
  const records = [];
  let cells = [], cell = "", quoted = false, begin = 0, at = 0, line = 1, first = 1;
  const end = (stop) => { cells.push(cell.trim()); records.push({ cells, raw: text.slice(begin, stop), line: first }); cells = []; cell = ""; first = line; };
  for (; at < text.length; at += 1) {
    const c = text[at];
    if (c === "\n") line += 1;
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text[at + 1] === '"') { cell += '"'; at += 1; } else quoted = false;
    } else if (c === '"' && cell.trim() === "") { quoted = true; cell = ""; }
    else if (c === separator) { cells.push(cell.trim()); cell = ""; }
    else if (c === "\n") { end(text[at - 1] === "\r" ? at - 1 : at); begin = at + 1; }
    else if (c !== "\r") cell += c;
  }
  if (begin < text.length) end(text.length);
  return { separator, records };
};

const written = (cell, separator) => (/["\n\r]/.test(cell) || cell.includes(separator) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** The text of records: those that were changed have no `raw`. */
export const text = ({ separator, records }) => records
  .map((record) => `${record.raw ?? record.cells.map((cell) => written(cell, separator)).join(separator)}\n`).join("");

/** A block from a spreadsheet as rows of cells; one cell without tab or line end is none. */
export const block = (pasted) => {
  const plain = pasted.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  if (!/[\t\n]/.test(plain)) return null;
  return parse(plain.includes("\t") ? plain : plain.split("\n").map((line) => `${line}\t`).join("\n")).records.map(({ cells }) => (plain.includes("\t") ? cells : cells.slice(0, 1)));
};
