// What if: gathers what was changed, asks the interface, and shows how places move.
import { asked, make, say, told, toast } from "./app.js";
import { rows } from "./places.js";

const page = document.querySelector("#what-if");
const { scheme, round, version } = page.dataset;
const figures = [];
const levers = [...page.querySelectorAll("[data-what]")];
const field = (id) => document.querySelector(id);
const nameOf = (lever) => lever.closest("tr").dataset;

const changes = () => levers.filter((lever) => lever.value.trim() !== lever.dataset.now && lever.value.trim() !== "")
  .map((lever) => ({ indicator: nameOf(lever).item, what: lever.dataset.what, value: lever.value.trim(), lever }));

const showChanges = () => {
  const all = changes();
  const line = (text, undo) => make("li", {}, text, " ", make("button", { class: "btn plain", type: "button", onclick: undo }, say("还原", "undo")));
  const list = all.map(({ lever, what, value }) => line(`${nameOf(lever).name} ${what || say("分值", "points")}：${lever.dataset.now} → ${value}`, () => { lever.value = lever.dataset.now; soon(); }));
  list.push(...figures.map((figure, at) => line(`${figure.unit || say("全部单位", "every office")} ${figure.title} ${figure.field} = ${figure.value}`, () => { figures.splice(at, 1); soon(); })));
  levers.forEach((lever) => lever.classList.toggle("other", lever.value.trim() !== lever.dataset.now));
  field("#changed").replaceChildren(...(list.length ? list : [make("li", { class: "sub" }, say("还没有改动。", "None yet."))]));
  field("#reset").disabled = !list.length;
  const keep = field("#keep");
  if (keep) keep.disabled = !all.length;
  return list.length;
};

const findings = (all, role = false) => make("ul", { class: "findings", role },
  ...all.map((one) => make("li", { class: one.level }, make("b", {}, one.message), make("span", {}, one.why ?? ""), make("span", {}, one.next ? `→ ${one.next}` : ""))));

const NS = "http://www.w3.org/2000/svg";
const draw = (tag, attributes, text) => {
  const element = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text !== undefined) element.textContent = text;
  return element;
};

/** Lines from the place before to that after; of many offices those that moved. */
const slope = (units) => {
  let shown = units.filter((unit) => unit.place[0] !== null && unit.place[1] !== null);
  if (shown.length > 30) shown = shown.filter((unit) => unit.place[0] !== unit.place[1]).slice(0, 40);
  const side = (at) => {
    const order = [...shown].sort((a, b) => a.place[at] - b.place[at]);
    return new Map(order.map((unit, index) => [unit.unit, index * 22 + 16]));
  };
  const [left, right] = [side(0), side(1)];
  const svg = field("#slope");
  svg.setAttribute("viewBox", `0 0 460 ${shown.length * 22 + 6}`);
  svg.replaceChildren(...shown.flatMap((unit) => {
    const [a, b] = [left.get(unit.unit), right.get(unit.unit)];
    const kind = unit.place[1] < unit.place[0] ? "up" : unit.place[1] > unit.place[0] ? "down" : "same";
    return [draw("line", { x1: 130, y1: a - 4, x2: 330, y2: b - 4, class: kind }),
      draw("text", { x: 122, y: a, "text-anchor": "end", class: kind }, `${unit.name} ${unit.place[0]}`),
      draw("text", { x: 338, y: b, class: kind }, `${unit.place[1]} ${unit.name}`)];
  }));
  field("#slope-card").hidden = !shown.length;
};

const show = (found) => {
  const units = [...found.units].sort((a, b) => (a.place[1] ?? 1e9) - (b.place[1] ?? 1e9));
  field("#places tbody").replaceChildren(...rows(units));
  slope(units);
  const words = { listed: say("列入", "listed"), "to-decide": say("并列待定", "to be decided"), left: say("不再列入", "no longer") };
  field("#awards").replaceChildren(...found.awards.map((change) => make("li", {}, make("span", { class: `tag ${change.listed === "left" ? "late" : "award"}` }, `${words[change.listed]} ${change.award}`), ` ${change.unit} `, make("span", { class: "sub small" }, change.cause))));
  field("#awards-card").hidden = !found.awards.length;
  const moved = found.units.filter((unit) => unit.place[0] !== unit.place[1]).length;
  field("#took").textContent = say(`${moved} 个单位名次变动 · 用时 ${(found.took_us / 1000).toFixed(0)} 毫秒`, `${moved} places move · ${(found.took_us / 1000).toFixed(0)} ms`);
};

/** What the checker would say of the standard so changed, and does not say of it now. */
const check = async (mine, asking) => {
  const found = asking.length ? await asked("POST", `/api/what-if/${scheme}/check`, { round, changes: asking }) : { ok: true, json: { findings: [] } };
  if (mine !== turn) return;
  const all = found.ok ? found.json.findings : [];
  field("#checks").replaceChildren(...(all.length ? [make("p", { class: "small sub" }, say(`这样改，查错会多说 ${all.length} 处：`, `So changed, the checker says ${all.length} more:`)), findings(all)] : []));
};

let timer = 0, turn = 0;
const run = async () => {
  showChanges();
  const mine = (turn += 1);
  const asking = changes().map(({ indicator, what, value }) => ({ indicator, what, value }));
  const found = await asked("POST", `/api/what-if/${scheme}`, {
    round, changes: asking,
    figures: figures.map(({ unit, indicator, field: name, value }) => ({ unit, indicator, field: name, value })),
  });
  if (mine !== turn) return;
  const list = field("#told");
  if (!found.ok) {
    list.replaceChildren(findings(told(found), "alert"));
    field("#checks").replaceChildren();
    field("#took").textContent = "";
    return;
  }
  list.replaceChildren();
  show(found.json);
  check(mine, asking);
};
const soon = () => { clearTimeout(timer); showChanges(); timer = setTimeout(run, 120); };

levers.forEach((lever) => lever.addEventListener("input", soon));
field("#reset").addEventListener("click", () => { levers.forEach((lever) => { lever.value = lever.dataset.now; }); figures.length = 0; soon(); });
const fields = () => {
  const item = field("#f-item").selectedOptions[0];
  field("#f-field").replaceChildren(...(item?.dataset.fields ?? "").split("|").map((name) => make("option", {}, name)));
  const unit = field("#f-unit").value;
  field("#f-why").hidden = !unit;
  field("#f-why").href = `/schemes/${scheme}/why/${encodeURIComponent(unit)}/${encodeURIComponent(item?.value ?? "-")}?round=${encodeURIComponent(round)}`;
};
field("#f-item").addEventListener("change", fields);
field("#f-unit").addEventListener("change", fields);
fields();
field("#figure").addEventListener("submit", (event) => {
  event.preventDefault();
  const [unit, item, name, value] = ["#f-unit", "#f-item", "#f-field", "#f-value"].map((id) => field(id).value.trim());
  const same = figures.findIndex((figure) => figure.unit === unit && figure.indicator === item && figure.field === name);
  if (same >= 0) figures.splice(same, 1);
  figures.push({ unit, indicator: item, field: name, value, title: field("#f-item").selectedOptions[0].textContent });
  soon();
});
field("#keep")?.addEventListener("click", async () => {
  const found = await asked("POST", `/api/policy-drafts/${scheme}`, { base: Number(version), changes: changes().map(({ indicator, what, value }) => ({ indicator, what, value })) });
  if (!found.ok) { toast(told(found)[0].message); return; }
  if (figures.length) toast(say("草稿里只有分值和参数；改的数不属于标准。", "The draft holds points and parameters; figures are no part of a standard."));
  localStorage.removeItem(`policy-draft:${scheme}`);
  location.assign(`/schemes/${scheme}/edit`);
});
