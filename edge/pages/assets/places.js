// Places before and after, with the cause of every point.
import { make, say } from "./app.js";

const behind = (text) => (text?.split(".")[1] ?? "").length;
/** What was added or taken, with as many digits behind the point as the longest of its column. */
const by = (before, after, digits) => {
  if (before === null || after === null) return "";
  const [was, is] = [before, after].map((text) => BigInt(text.replace(".", "") + "0".repeat(digits - behind(text))));
  const size = String(is > was ? is - was : was - is).padStart(digits + 1, "0");
  return is === was ? "" : `${is > was ? "+" : "−"}${size.slice(0, size.length - digits)}${digits ? `.${size.slice(-digits)}` : ""}`;
};

const signed = (text) => `${text.startsWith("-") ? "−" : "+"}${text.replace("-", "")}`;
const causes = (items) => items.map((item) => make("li", {},
  make("b", {}, item.name), ` ${item.score[0] ?? "—"} → ${item.score[1] ?? "—"}`,
  make("ul", {}, ...item.causes.map((cause) => make("li", { class: "sub small" }, cause.text, cause.adds ? ` (${signed(cause.adds)})` : "")),
    ...(item.below.length ? [make("ul", {}, ...causes(item.below))] : []))));

const arrow = ([before, after]) => {
  if (before === null || after === null || before === after) return make("span", {}, after ?? "—");
  const up = after < before;
  return make("span", { class: up ? "up" : "down" }, `${before} → ${after} `, make("b", {}, `${up ? "↑" : "↓"}${Math.abs(before - after)}`));
};

/** Numbers of one column with as many digits behind the point, so that points stand below each other. */
const aligned = (units) => {
  const most = Math.max(0, ...units.map((unit) => behind(unit.total[1])));
  return (text) => (text === null ? "—" : most ? `${text}${text.includes(".") ? "" : "."}${"0".repeat(most - behind(text))}` : text);
};

/** One office; where something changed, it opens to show why. */
const row = (unit, total, digits) => {
  const moved = unit.items?.length || unit.passed?.length || unit.others.length;
  const difference = by(...unit.total, digits);
  const more = moved ? make("tr", { class: "more", hidden: true }, make("td", {}), make("td", { colspan: 3 },
    make("ul", { class: "plain" }, ...causes(unit.items ?? []),
      ...(unit.causes ?? []).map((cause) => make("li", {}, cause.text)),
      ...(unit.passed ?? []).map((text) => make("li", { class: "sub" }, text)),
      ...unit.others.map((other) => make("li", { class: "sub" }, `${other.name} ${other.before} → ${other.after}`))))) : null;
  const open = (event) => { more.hidden = !more.hidden; event.currentTarget.setAttribute("aria-expanded", String(!more.hidden)); };
  const name = moved ? make("button", { class: "btn plain", type: "button", "aria-expanded": "false", onclick: open }, `${unit.name} ▾`) : unit.name;
  const line = make("tr", { "data-unit": unit.unit, class: moved ? "moved" : false },
    make("td", { class: "num" }, arrow(unit.place)), make("th", { scope: "row" }, name),
    make("td", { class: "num" }, total(unit.total[1])), make("td", { class: `num ${difference.startsWith("+") ? "up" : difference ? "down" : ""}` }, difference));
  return more ? [line, more] : [line];
};

/** The rows of offices. */
export const rows = (units) => {
  const total = aligned(units), digits = Math.max(0, ...units.flatMap((one) => one.total.map(behind)));
  return units.flatMap((unit) => row(unit, total, digits));
};

/** The same as a table, by the place after. */
export const places = (units) => make("table", { class: "places" },
  make("thead", {}, make("tr", {}, ...[[say("名次", "Place"), "num"], [say("单位", "Office"), ""], [say("总分", "Total"), "num"], [say("增减", "Change"), "num"]].map(([word, kind]) => make("th", { scope: "col", class: kind }, word)))),
  make("tbody", {}, ...rows([...units].sort((a, b) => (a.place[1] ?? 1e9) - (b.place[1] ?? 1e9)))));
