// Offices from a sheet: each row is a deed of its own, the upper ones first.
import { deed, fieldsOf, newId, say, showFindings, toast, told } from "./app.js";
import { asBlock, rowsOfFile } from "./table-file.js";

/** Rows of a pasted sheet: separated by tabs or commas, quoted or not. */
export const rowsOf = (text) => {
  const rows = [[""]];
  const tabs = text.includes("\t");
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at], row = rows[rows.length - 1];
    if (quoted) {
      if (sign !== '"') row[row.length - 1] += sign;
      else if (text[at + 1] === '"') { row[row.length - 1] += '"'; at += 1; } else quoted = false;
    } else if (sign === '"' && row[row.length - 1] === "") quoted = true;
    else if (sign === (tabs ? "\t" : ",")) row.push("");
    else if (sign === "\n") rows.push([""]);
    else if (sign !== "\r" && sign !== "\uFEFF") row[row.length - 1] += sign;
  }
  return rows.map((row) => row.map((cell) => cell.trim())).filter((row) => row.some(Boolean));
};

const NAMES = { unit: "unit", 单位: "unit", 编号: "unit", name: "name", 名称: "name", kind: "kind", 类别: "kind", type: "kind", group: "group", 组别: "group", parent: "parent", 上级: "parent" };

document.querySelector("#i-file")?.addEventListener("change", async (event) => {
  const [file] = event.target.files, form = event.target.closest("form");
  if (!file) return;
  try { form.elements.text.value = asBlock(await rowsOfFile(file)); } catch (fault) { showFindings(form, [{ message: `${file.name}：${fault.message}` }]); }
  event.target.value = "";
});

document.querySelector("[data-import]")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target, progress = form.querySelector("[data-progress]");
  const { act, envelope } = fieldsOf(form);
  const [head = [], ...rows] = rowsOf(act.text);
  const columns = head.map((name) => NAMES[name.toLowerCase()] ?? name);
  if (!columns.includes("unit") || rows.length === 0) {
    showFindings(form, [{ message: say("第一行要有 unit（编号）一栏，下面至少一行", "The first row has to name the column unit, with a row below it"), next: say("连表头一起贴", "Paste the header too") }]);
    return;
  }
  const offices = rows.map((row) => {
    const own = { name: "", kind: "", group: "", parent: act.parent, attributes: {} };
    columns.forEach((column, at) => {
      const cell = row[at] ?? "";
      if (["unit", "name", "kind", "group"].includes(column)) own[column] = cell;
      else if (column === "parent") own.parent = cell || act.parent;
      else if (cell) own.attributes[column] = cell;
    });
    return own;
  });
  const button = form.querySelector("[type=submit]");
  button.disabled = true;
  let done = 0;
  const waiting = [...offices], names = new Set(offices.map((office) => office.unit));
  while (waiting.length) {
    // One below another of the same sheet waits for it.
    const at = Math.max(0, waiting.findIndex((office) => !names.has(office.parent)));
    const [{ unit, ...version }] = waiting.splice(at, 1);
    const found = await deed(newId(), "open-office", { office: unit, version: { from: act.from, ...version, name: version.name || unit } }, envelope);
    if (!found.ok) {
      showFindings(form, told(found).map((finding) => ({ ...finding, message: `${unit}: ${finding.message}` })));
      progress.textContent = say(`设立了 ${done} 个，停在“${unit}”。改好以后去掉已设立的再贴。`, `${done} opened; stopped at ${unit}. Mend it and paste the rest.`);
      button.disabled = false;
      return;
    }
    names.delete(unit);
    done += 1;
    progress.textContent = `${done} / ${offices.length}`;
  }
  toast(say(`设立了 ${done} 个单位`, `${done} offices opened`));
  setTimeout(() => location.reload(), 800);
});
