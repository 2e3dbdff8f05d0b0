// All figures of a large board in one picture: a rectangle each, read with the mouse, a finger or the arrow keys.
// Numbers come after the picture; whoever cannot see it has the table below and the file.
import { make, say } from "./app.js";

const box = document.querySelector("#heat");
const lines = (text) => text.split("\n").filter(Boolean).map((line) => line.split("\t"));
const columns = lines(box.dataset.columns).map(([id, name, points, block]) => ({ id, name, points, block }));
const offices = lines(box.dataset.rows).map(([id, name, place, total, steps]) => ({ id, name: name || id, place: place || "—", total, steps }));
performance.mark("heat-data");
const words = [say("未报", "open"), say("不足 75%", "below 75%"), say("75% 以上", "75% or more"), say("90% 以上", "90% or more"), say("满分", "full"), say("超额", "above full")];

const canvas = box.querySelector("canvas");
const cursor = box.querySelector(".cursor");
const now = document.querySelector("#heat-now");
const HIGH = 14, TOP = 20, LEAST = 5;
const colours = [0, 1, 2, 3, 4, 5].map((step) => getComputedStyle(box.closest(".card").querySelector(`.key.p${step}`)).backgroundColor);
let wide = LEAST, at = null, scores = null;

const names = make("div", { class: "names", "aria-hidden": "true" }, ...offices.map((office) => make("div", {}, make("b", {}, office.place), office.name)));
box.prepend(names);

/** Draws everything; a few thousand rectangles of one colour after another. */
const draw = () => {
  wide = Math.max(LEAST, Math.floor((box.clientWidth - names.offsetWidth) / columns.length));
  const scale = Math.min(2, devicePixelRatio || 1), width = wide * columns.length, height = TOP + HIGH * offices.length;
  canvas.width = width * scale; canvas.height = height * scale;
  canvas.style.setProperty("width", `${width}px`); canvas.style.setProperty("height", `${height}px`);
  const pen = canvas.getContext("2d", { alpha: false });
  pen.scale(scale, scale);
  pen.fillStyle = "#fff"; pen.fillRect(0, 0, width, height);
  for (let step = 0; step < 6; step += 1) {
    pen.fillStyle = colours[step];
    pen.beginPath();
    offices.forEach((office, row) => {
      for (let column = 0; column < columns.length; column += 1) {
        if (office.steps.charCodeAt(column) - 48 === step) pen.rect(column * wide, TOP + row * HIGH, wide - 1, HIGH - 1);
      }
    });
    pen.fill();
  }
  // Colour is never alone: what is far below has a bar in it, what is open stays hollow.
  pen.fillStyle = "#1c2430";
  const bar = Math.max(2, wide - 5), hollow = [];
  offices.forEach((office, row) => {
    for (let column = 0; column < columns.length; column += 1) {
      const step = office.steps.charCodeAt(column) - 48;
      if (step === 1) pen.fillRect(column * wide + (wide - 1 - bar) / 2, TOP + row * HIGH + 6, bar, 2);
      else if (step === 0) hollow.push([column * wide + 1, TOP + row * HIGH + 1]);
    }
  });
  pen.fillStyle = "#fff";
  hollow.forEach(([left, top]) => pen.fillRect(left, top, wide - 3, HIGH - 3));
  pen.font = `12px ${getComputedStyle(document.body).fontFamily}`;
  pen.textBaseline = "middle";
  for (let from = 0; from < columns.length;) {
    let to = from;
    while (to < columns.length && columns[to].block === columns[from].block) to += 1;
    pen.fillStyle = "#dfe4ea"; pen.fillRect(to * wide - 1, 0, 1, height);
    pen.fillStyle = "#55606f";
    pen.save(); pen.beginPath(); pen.rect(from * wide, 0, (to - from) * wide - 4, TOP); pen.clip();
    pen.fillText(columns[from].block, from * wide + 2, TOP / 2);
    pen.restore();
    from = to;
  }
};

const why = ({ row, column }) => `/schemes/${box.dataset.scheme}/why/${encodeURIComponent(offices[row].id)}/${encodeURIComponent(columns[column].id)}?round=${box.dataset.round}`;

/** Says which figure one is at. */
const show = (place) => {
  at = place;
  const office = offices[place.row], column = columns[place.column], step = Number(office.steps[place.column]);
  const score = scores?.[place.row]?.[place.column];
  const figure = score ? `${score}${column.points ? ` / ${column.points}` : ""}` : "";
  now.replaceChildren(make("b", {}, `${office.place} ${office.name}`), ` · ${column.block ? `${column.block} · ` : ""}${column.name} `,
    make("b", {}, figure), ` ${words[step]} `, make("a", { href: why(place) }, say("看为什么", "why")));
  cursor.hidden = false;
  for (const [name, value] of Object.entries({ left: canvas.offsetLeft + place.column * wide - 1, top: canvas.offsetTop + TOP + place.row * HIGH - 1, width: wide + 1, height: HIGH + 1 })) cursor.style.setProperty(name, `${value}px`);
};

const placeOf = (event) => {
  const frame = canvas.getBoundingClientRect();
  const column = Math.floor((event.clientX - frame.left) / wide), row = Math.floor((event.clientY - frame.top - TOP) / HIGH);
  return offices[row] && columns[column] ? { row, column } : null;
};
const same = (one, other) => one?.row === other?.row && one?.column === other?.column;

canvas.addEventListener("pointermove", (event) => {
  const place = placeOf(event);
  if (event.pointerType === "mouse" && place && !same(place, at)) show(place);
});
// A mouse has shown the figure before it presses; a finger shows it first, and goes with the second touch.
let touched = null;
canvas.addEventListener("click", (event) => {
  const place = placeOf(event);
  if (!place) return;
  if (event.pointerType === "touch" && !same(place, touched)) { touched = place; show(place); } else location.assign(why(place));
});
const steps = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0], PageDown: [10, 0], PageUp: [-10, 0] };
canvas.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Enter" && at) { location.assign(why(at)); return; }
  const within = (value, count) => Math.max(0, Math.min(count - 1, value));
  const from = at ?? { row: 0, column: 0 };
  const step = at ? steps[event.key] : steps[event.key] && [0, 0];
  let place = step && { row: within(from.row + step[0], offices.length), column: within(from.column + step[1], columns.length) };
  if (event.key === "Home") place = { row: from.row, column: 0 };
  if (event.key === "End") place = { row: from.row, column: columns.length - 1 };
  if (!place) return;
  event.preventDefault();
  show(place);
  cursor.scrollIntoView({ block: "nearest", inline: "nearest" });
});

// A picture wider than the sheet it is printed on becomes smaller: a sheet on its side is 1000 of its pixels wide.
addEventListener("beforeprint", () => box.style.setProperty("zoom", String(Math.min(1, 1000 / (names.offsetWidth + canvas.offsetWidth)))));
addEventListener("afterprint", () => box.style.removeProperty("zoom"));

box.hidden = false;
draw();
requestAnimationFrame(() => performance.mark("heat-drawn"));
let drawnFor = box.clientWidth;
new ResizeObserver(() => { if (box.clientWidth !== drawnFor) { drawnFor = box.clientWidth; draw(); if (at) show(at); } }).observe(box);

/** Numbers, once the picture stands: the file everybody may keep. */
const fetchScores = async () => {
  const answer = await fetch(box.dataset.file, { credentials: "same-origin" }).catch(() => null);
  if (!answer?.ok) return;
  const { parse } = await import(box.dataset.csv);
  const rows = parse((await answer.text()).replace(/^\ufeff/, "")).records.map(({ cells }) => cells);
  const first = rows[0].length - columns.length, known = new Map(rows.slice(1).map((cells) => [cells[1], cells.slice(first)]));
  scores = offices.map((office) => known.get(office.id));
  if (at) show(at);
};
(window.requestIdleCallback ?? ((later) => setTimeout(later, 300)))(fetchScores);
