// A table in a file as rows of text: CSV in the encodings offices use, and workbooks of Excel and WPS. The file is read
// in the browser; figures keep the digits that are seen, shares their per cent.
import { say } from "./app.js";
import { parse } from "./csv.js";

/** So large a file is looked at, and so much comes out of a packed part of it. */
const MOST = 10 << 20, MOST_PART = 40 << 20;

const refuse = (zh, en) => { throw new Error(say(zh, en)); };

/** Bytes as text, in whichever encoding offices use. */
export const decoded = (bytes) => {
  const [a, b] = bytes;
  if (a === 0xff && b === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (a === 0xfe && b === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  for (const encoding of ["utf-8", "gb18030"]) {
    try { return new TextDecoder(encoding, { fatal: true }).decode(bytes); } catch { /* the next one */ }
  }
  return refuse("读不出文字：请另存为 CSV 或 xlsx", "no text can be read from it: save it as CSV or xlsx");
};

/** The parts of a zip archive by their names; each is unpacked when it is asked for. */
const archive = (bytes) => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const broken = () => refuse("文件不完整，请重新另存一份", "the file is not whole: save it again");
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end -= 1;
  if (end < 0) broken();
  const parts = new Map();
  try {
    let at = view.getUint32(end + 16, true);
    for (let left = view.getUint16(end + 10, true); left > 0; left -= 1) {
      if (view.getUint32(at, true) !== 0x02014b50) broken();
      const [name, extra, comment] = [28, 30, 32].map((place) => view.getUint16(at + place, true));
      const [method, size, begin] = [view.getUint16(at + 10, true), view.getUint32(at + 20, true), view.getUint32(at + 42, true)];
      parts.set(new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + name)), async () => {
        const from = begin + 30 + view.getUint16(begin + 26, true) + view.getUint16(begin + 28, true);
        const packed = bytes.subarray(from, from + size);
        if (method === 0) return new TextDecoder().decode(packed);
        const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
        const decoder = new TextDecoder();
        let text = "", length = 0;
        for (let read = await reader.read(); !read.done; read = await reader.read()) {
          length += read.value.length;
          if (length > MOST_PART) refuse("表格太大", "the table is too large");
          text += decoder.decode(read.value, { stream: true });
        }
        return text + decoder.decode();
      });
      at += 46 + name + extra + comment;
    }
  } catch (fault) {
    if (fault instanceof RangeError) broken();
    throw fault;
  }
  return parts;
};

/** A number as a workbook keeps it, with the digits people see: fifteen at most, no exponent; `by` moves the point. */
export const shown = (text, by = 0) => {
  const seen = String(Number(Number(text).toPrecision(15)));
  const [, sign, whole, part = "", power = "0"] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(seen) ?? [];
  if (whole === undefined) return text;
  const at = whole.length + Number(power) + by, digits = whole + part;
  const long = at <= 0 ? "0".repeat(1 - at) + digits : digits.padEnd(at, "0");
  const point = Math.max(at, 1);
  const head = long.slice(0, point).replace(/^0+(?=\d)/, ""), tail = long.slice(point).replace(/0+$/, "");
  return `${sign}${head}${tail ? `.${tail}` : ""}`;
};

const all = (node, name) => [...node.getElementsByTagNameNS("*", name)];
const words = (node) => all(node, "t").filter((text) => text.parentNode.localName !== "rPh").map((text) => text.textContent).join("");

/** The first sheet of a workbook. */
const workbook = async (bytes) => {
  const parts = archive(bytes);
  const part = async (name) => (parts.has(name) ? new DOMParser().parseFromString(await parts.get(name)(), "application/xml") : null);
  const book = await part("xl/workbook.xml");
  if (!book) refuse("这不是 Excel 或 WPS 表格", "this is no workbook");
  const id = [...(all(book, "sheet")[0]?.attributes ?? [])].find((one) => one.localName === "id")?.value;
  const ties = await part("xl/_rels/workbook.xml.rels");
  const target = ties && all(ties, "Relationship").find((one) => one.getAttribute("Id") === id)?.getAttribute("Target");
  const sheet = await part(target?.startsWith("/") ? target.slice(1) : `xl/${target ?? "worksheets/sheet1.xml"}`);
  if (!sheet) refuse("表格里没有工作表", "there is no sheet in it");
  const texts = await part("xl/sharedStrings.xml"), styles = await part("xl/styles.xml");
  const shared = texts ? all(texts, "si").map(words) : [];
  const codes = new Map(styles ? all(styles, "numFmt").map((one) => [one.getAttribute("numFmtId"), one.getAttribute("formatCode")]) : []);
  const isShare = (format) => ["9", "10"].includes(format) || (codes.get(format) ?? "").replace(/"[^"]*"/g, "").includes("%");
  const cellStyles = styles ? all(styles, "cellXfs")[0] : null;
  const shares = cellStyles ? [...cellStyles.children].map((one) => isShare(one.getAttribute("numFmtId"))) : [];
  const value = (cell) => {
    const kind = cell.getAttribute("t") ?? "n", raw = all(cell, "v")[0]?.textContent ?? "";
    if (kind === "s") return shared[Number(raw)] ?? "";
    if (kind === "inlineStr") return words(cell);
    if (kind === "b") return raw === "1" ? "是" : "否";
    if (kind !== "n" || raw === "") return raw;
    return shares[Number(cell.getAttribute("s") ?? 0)] ? `${shown(raw, 2)}%` : shown(raw);
  };
  return all(sheet, "row").map((row) => {
    const cells = [];
    for (const cell of all(row, "c")) {
      const letters = /^[A-Z]{1,3}/.exec(cell.getAttribute("r") ?? "")?.[0];
      const at = letters ? [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1 : cells.length;
      while (cells.length < at) cells.push("");
      cells[at] = value(cell).trim();
    }
    return cells;
  });
};

/** The rows of a table in a file, those that hold something.
 * @throws {Error} with words for whoever chose it. */
export const rowsOfFile = async (file) => {
  if (file.size > MOST) refuse("文件大于 10 MB", "the file is larger than 10 MB");
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (bytes[0] === 0xd0 && bytes[1] === 0xcf) refuse("这是旧格式 xls：请另存为 xlsx 或 CSV", "this is the old format xls: save it as xlsx or CSV");
  const isPacked = bytes[0] === 0x50 && bytes[1] === 0x4b;
  if (!isPacked && /\.(xlsx|xlsm)$/i.test(file.name)) refuse("这个文件不是 Excel 表格，只是叫这个名字：请从 Excel、WPS 另存一份", "this is no workbook, whatever its name: save it again as one");
  const rows = isPacked ? await workbook(bytes) : parse(decoded(bytes).replace(/^\uFEFF/, "")).records.map((record) => record.cells);
  const filled = rows.filter((row) => row.some(Boolean));
  if (!filled.length) refuse("表格是空的", "the table is empty");
  return filled;
};

/** Rows as the text a spreadsheet gives when it is copied. */
export const asBlock = (rows) => rows.map((row) => row.map((cell) => (/["\t\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join("\t")).join("\n");
