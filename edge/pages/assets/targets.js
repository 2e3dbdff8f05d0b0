// Handing down: a block of a spreadsheet is pasted into cells, parts are summed exactly, each row is a deed of its own; all of them
// or none.
import { asked, deed, heldBack, newId, say, showFindings, toast, told } from "./app.js";

const form = document.querySelector("#hand");
const rows = [...form.querySelectorAll("tbody tr")];

/** A figure as a whole number of its smallest places: exact, however long. */
const read = (text) => {
  const plain = text.normalize("NFKC").trim().replaceAll(",", "");
  const found = /^([+-]?)(\d*)(?:\.(\d*))?\s*(\D*)$/u.exec(plain);
  if (!found || !(found[2] || found[3])) return null;
  const places = found[3]?.length ?? 0;
  return { value: BigInt(`${found[1] === "-" ? "-" : ""}${found[2] || "0"}${found[3] ?? ""}`), places, unit: found[4] };
};
const scaled = (figure, places) => figure.value * 10n ** BigInt(places - figure.places);
const plain = (value, places) => {
  const digits = String(value < 0n ? -value : value).padStart(places + 1, "0");
  const rest = places ? digits.slice(-places).replace(/0+$/, "") : "";
  return `${value < 0n ? "-" : ""}${places ? digits.slice(0, -places) : digits}${rest ? `.${rest}` : ""}`;
};

/** What the cells of a row make together; null where they do not add up. */
const together = (texts) => {
  const figures = texts.filter((text) => text.trim()).map(read);
  if (!figures.length || figures.some((figure) => !figure || figure.unit !== figures[0].unit || ["%", "‰"].includes(figure.unit))) return null;
  const places = Math.max(...figures.map((figure) => figure.places));
  return { value: figures.reduce((sum, figure) => sum + scaled(figure, places), 0n), places };
};

const count = form.querySelector("[data-count]");
const inputs = (row) => [...row.querySelectorAll("input[data-office]")];
const filled = (row) => inputs(row).filter((input) => input.value.trim());

const look = (row) => {
  const kept = [...row.querySelectorAll("[data-kept]")].map((cell) => cell.dataset.kept);
  const sum = together([...kept, ...inputs(row).map((input) => input.value)]);
  inputs(row).forEach((input) => { input.setAttribute("aria-invalid", String(Boolean(input.value.trim()) && !read(input.value))); });
  row.querySelector("[data-sum]").textContent = sum ? plain(sum.value, sum.places) : "";
  const whole = read(row.dataset.whole), tag = row.querySelector("[data-gap]");
  if (!sum || !whole) { tag.textContent = ""; tag.className = "tag bare"; } else {
    const places = Math.max(sum.places, whole.places);
    const gap = scaled(sum, places) - scaled(whole, places);
    tag.className = `tag ${gap === 0n ? "ok" : gap < 0n ? "late" : "near"}`;
    const by = plain(gap < 0n ? -gap : gap, places);
    tag.textContent = gap === 0n ? say("相符", "made up") : gap < 0n ? say(`缺 ${by}`, `lacks ${by}`) : say(`多 ${by}`, `over by ${by}`);
  }
  const ready = rows.filter((each) => filled(each).length).length;
  count.textContent = ready ? say(`${ready} 项待下达`, `${ready} to hand down`) : "";
};

form.addEventListener("input", (event) => { const row = event.target.closest("tr"); if (row) look(row); });
form.addEventListener("paste", (event) => {
  const start = event.target;
  const text = event.clipboardData.getData("text/plain");
  if (!start.dataset?.office || !/[\t\n]/.test(text)) return;
  event.preventDefault();
  const row = start.closest("tr"), at = [...row.cells].indexOf(start.closest("td"));
  text.replace(/\r/g, "").replace(/\n$/, "").split("\n").forEach((line, down) => {
    const into = rows[rows.indexOf(row) + down];
    line.split("\t").forEach((value, right) => {
      const input = into?.cells[at + right]?.querySelector("input[data-office]");
      if (input) input.value = value.trim();
    });
    if (into) look(into);
  });
});
// Arrows go from cell to cell, as in a spreadsheet.
form.addEventListener("keydown", (event) => {
  if (!event.target.dataset?.office) return;
  const down = { ArrowUp: -1, ArrowDown: 1, Enter: 1 }[event.key];
  if (!down) return;
  event.preventDefault();
  const row = event.target.closest("tr"), at = [...row.cells].indexOf(event.target.closest("td"));
  for (let place = rows.indexOf(row) + down; rows[place]; place += down) {
    const input = rows[place].cells[at].querySelector("input[data-office]");
    if (input) { input.focus(); input.select(); return; }
  }
});

/** What is handed down of a row. The same id for the same content: sent again after a failed line, it is the same deed. */
const requestOf = (row, envelope) => {
  const parts = filled(row).map((input) => ({ office: input.dataset.office, value: input.value.trim() }));
  const act = { scheme: form.dataset.scheme, indicator: row.dataset.indicator, field: row.dataset.field, adds_up: row.querySelector("[data-adds]").checked, parts };
  const content = JSON.stringify([act, envelope]);
  if (row.dataset.sent !== content) { row.dataset.sent = content; row.dataset.id = newId(); }
  return { row, id: row.dataset.id, name: "hand-down", act, envelope };
};
const ofRow = (row) => (finding) => ({ ...finding, message: `${row.dataset.name}${say("：", ": ")}${finding.message}` });
const mark = (row, findings) => {
  const cells = filled(row);
  for (const finding of findings.filter((one) => (one.level ?? "error") === "error")) cells[/\/parts\/(\d+)/.exec(finding.where?.pointer ?? "")?.[1]]?.setAttribute("aria-invalid", "true");
};
const show = (findings) => { if (findings.length) showFindings(form, findings); else form.querySelector(":scope > .findings")?.remove(); };

/** Whether nothing speaks against any of them: all are handed down, or none. */
const mayAll = async (requests) => {
  const checked = [];
  for (const { row, name, act, envelope } of requests) {
    const found = await asked("POST", "/api/deeds/check", { act: { [name]: act }, ...envelope });
    checked.push({ row, findings: found.ok ? found.json.findings : told(found) });
  }
  const errors = checked.flatMap(({ row, findings }) => findings.filter((one) => (one.level ?? "error") === "error").map(ofRow(row)));
  const odd = new Map(checked.flatMap(({ findings }) => findings).filter((one) => one.level === "warning").map((one) => [one.message, one]));
  show(errors.length ? errors : [...odd.values()]);
  checked.forEach(({ row, findings }) => mark(row, findings));
  if (errors.length) toast(say("有一格不对就都不下达，改好再下达", "Nothing is handed down while a cell is wrong"));
  return !errors.length;
};

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = event.submitter, envelope = { why: form.querySelector("#hand-why").value };
  form.querySelectorAll("input[type=hidden]").forEach((input) => { envelope[input.name.slice(1)] = input.value; });
  const requests = rows.filter((row) => filled(row).length).map((row) => requestOf(row, envelope));
  if (!requests.length) { toast(say("先填一格", "Fill in a cell first")); return; }
  button.disabled = true;
  try {
    if (!(await mayAll(requests)) || !(await heldBack(button.textContent.trim(), 5, requests.map(({ row, ...request }) => request)))) return;
    const findings = [];
    let done = 0;
    for (const { row, id, name, act } of requests) {
      const found = await deed(id, name, act, envelope);
      if (!found.ok) { const all = told(found); findings.push(...all.map(ofRow(row))); mark(row, all); continue; }
      done += 1;
      filled(row).forEach((input) => {
        const kept = document.createElement("span");
        kept.dataset.kept = kept.textContent = input.value.trim();
        input.replaceWith(kept);
      });
      look(row);
    }
    if (done) toast(say(`已下达 ${done} 项`, `${done} handed down`));
    show(findings);
  } finally { button.disabled = false; }
});
rows.forEach(look);
