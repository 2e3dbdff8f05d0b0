// What every page has: deeds sent from forms, what is said about them, keys, lines that fail.
// Deeds go to the same interface as those of programs: /api/deeds, with an id made here, so that sending one again
// after a line failed never does it twice.

const zh = document.documentElement.lang !== "en";
export const say = (chinese, english) => (zh ? chinese : english);

export const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
};

/** An id nobody else makes. `randomUUID` is not there on plain addresses of a local network. */
export const newId = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
};

const toasts = document.querySelector(".toasts");
/** Says something for a while; `action` is a word and what it does, until it is `past`. */
export const toast = (text, action = null, lasts = 6000) => {
  const line = make("div", { class: "toast", role: "status" }, make("span", {}, text));
  const end = () => line.remove(), past = () => line.querySelector("button")?.remove();
  if (action) line.append(make("button", { type: "button", onclick: () => { end(); action.act(); } }, action.word));
  toasts.append(line);
  if (lasts) setTimeout(end, lasts);
  return { end, line, past };
};

let waiting = 0;
const busy = make("div", { class: "busy", hidden: true });
document.body.append(busy);
/** Shows that something takes longer than a moment. */
const worked = async (work) => {
  waiting += 1;
  const soon = setTimeout(() => { busy.hidden = false; }, 400);
  try { return await work(); } finally {
    clearTimeout(soon);
    waiting -= 1;
    if (!waiting) busy.hidden = true;
  }
};

/** One request. Answers `{ok, status, json}`; a line that failed is `{ok: false, status: 0}`. */
export const ask = (method, path, body = null, headers = {}, keepalive = false) => worked(async () => {
  const json = body !== null && !(body instanceof Blob);
  try {
    const answer = await fetch(path, {
      method,
      headers: { Accept: "application/json", ...(body === null ? {} : { "Content-Type": json ? "application/json" : "application/octet-stream" }), ...headers },
      body: body === null ? undefined : json ? JSON.stringify(body) : body,
      credentials: "same-origin",
      keepalive,
    });
    const text = await answer.text();
    let read = null;
    try { read = text ? JSON.parse(text) : null; } catch { read = null; }
    return { ok: answer.ok, status: answer.status, json: read, headers: answer.headers };
  } catch {
    return { ok: false, status: 0, json: null, headers: new Headers() };
  }
});

/** Signing in again without leaving the page: nothing that was typed is lost. */
const signInAgain = () => new Promise((done) => {
  const account = make("input", { name: "account", autocomplete: "username", required: true, id: "again-account" });
  const password = make("input", { name: "password", type: "password", autocomplete: "current-password", required: true, id: "again-password" });
  const totp = make("input", { name: "totp", inputmode: "numeric", autocomplete: "one-time-code", id: "again-totp" });
  const wrong = make("p", { class: "small", role: "alert" });
  const field = (label, input) => make("div", { class: "field" }, make("label", { for: input.id }, label), input);
  const form = make("form", { method: "dialog" },
    make("h2", {}, say("登录已过期", "Your session has ended")),
    make("p", { class: "sub" }, say("填写的内容都还在。重新登录后接着办。", "What you typed is still here. Sign in and go on.")),
    field(say("账号", "Account"), account), field(say("密码", "Password"), password),
    field(say("动态码（启用了才填）", "Code (if you use one)"), totp), wrong,
    make("button", { class: "btn main", type: "submit" }, say("登录", "Sign in")));
  const dialog = make("dialog", { "aria-label": say("重新登录", "Sign in again") }, form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const found = await ask("POST", "/api/login", { account: account.value.trim(), password: password.value, ...(totp.value ? { totp: totp.value.trim() } : {}) });
    if (found.ok) { dialog.close(); dialog.remove(); done(true); } else wrong.textContent = told(found)[0].message;
  });
  dialog.addEventListener("cancel", () => { dialog.remove(); done(false); });
  document.body.append(dialog);
  dialog.showModal();
});

/** What an answer says went wrong: findings, never empty. */
export const told = (found) => {
  if (found.status === 0) {
    return [{ name: "line-failed", message: say("连不上服务器", "The server cannot be reached"), why: say("网络断了，或服务器在重启；没有办成的事不会丢", "the line failed or the server restarts; nothing is lost"), next: say("网络恢复后再点一次，不会重复", "press once more when the line is back; nothing is done twice") }];
  }
  return found.json?.findings ?? [{ name: "unknown", message: found.json?.title ?? `HTTP ${found.status}` }];
};

/** Like `ask`, but signs in again where the session ended, and goes on. */
export const asked = async (...request) => {
  const found = await ask(...request);
  const ended = found.status === 401 && found.json?.findings?.[0]?.name === "not-signed-in";
  return ended && (await signInAgain()) ? ask(...request) : found;
};

/** A deed. `envelope` holds why, evidence, office, role. */
export const deed = (id, name, fields, envelope = {}, leaves = false) => (leaves ? ask : asked)("POST", "/api/deeds", { id, act: { [name]: fields }, ...envelope }, { "Idempotency-Key": id }, leaves);

/** Shows findings in a list at the head of a form, and beside the fields they name. */
export const showFindings = (form, findings) => {
  let list = form.querySelector(":scope > .findings");
  if (!list) { list = make("ul", { class: "findings", role: "alert" }); form.prepend(list); }
  form.querySelectorAll("[aria-invalid]").forEach((field) => field.removeAttribute("aria-invalid"));
  list.replaceChildren(...findings.map((finding) => {
    const named = (finding.where?.pointer ?? finding.where?.what ?? "").split("/").pop();
    const field = named && form.elements?.namedItem?.(named);
    if (field instanceof HTMLElement) field.setAttribute("aria-invalid", "true");
    return make("li", { class: finding.level ?? "error" }, make("b", {}, finding.message), finding.why ? make("span", {}, finding.why) : null, finding.next ? make("span", {}, `→ ${finding.next}`) : null,
      finding.name === "report-changed" ? make("button", { type: "button", class: "btn", onclick: () => location.reload() }, say("刷新页面", "Reload the page")) : null);
  }));
  list.scrollIntoView({ block: "nearest" });
};


const DAY = 86400000;

/** Days one by one or from … to …, each once. */
const daysOf = (text) => {
  const days = new Set();
  for (const line of text.split(/[\n,，、;；]+/)) {
    const [from, to] = (line.match(/\d{4}-\d{2}-\d{2}/g) ?? []).map((day) => Date.parse(`${day}T00:00:00Z`));
    if (from === undefined) continue;
    const last = Math.min(to ?? from, from + 366 * DAY);
    for (let day = from; day <= last; day += DAY) days.add(new Date(day).toISOString().slice(0, 10));
  }
  return [...days].sort();
};

/** Fields of a form as an object. `a.b` nests, a name ending in `[]` gathers, `data-type` says what a value is
 * (`absent`: left out where it is empty). */
export const fieldsOf = (form) => {
  const act = {}, envelope = {};
  const put = (into, path, value, many) => {
    const last = path.pop();
    const place = path.reduce((at, key) => (at[key] ??= {}), into);
    if (many) (place[last] ??= []).push(value); else place[last] = value;
  };
  for (const field of form.elements) {
    if (!field.name || field.disabled) continue;
    const off = ["checkbox", "radio"].includes(field.type) && !field.checked && field.dataset.type !== "flag";
    // Where none of many is ticked, none is meant.
    if (off && field.name.endsWith("[]") && !field.name.startsWith("@")) act[field.name.slice(0, -2)] ??= [];
    if (off) continue;
    const raw = field.type === "textarea" ? field.value : field.value.trim();
    const type = field.dataset.type ?? "text";
    if (type === "absent" && raw === "") continue;
    const value = { number: () => (raw === "" ? null : Number(raw)), flag: () => (field.type === "checkbox" ? field.checked : raw === "true"), list: () => raw.split(/[\s,，、;；]+/).filter(Boolean), json: () => JSON.parse(raw), optional: () => (raw === "" ? null : raw), day: () => raw || null, days: () => daysOf(raw), pairs: () => Object.fromEntries(raw.split("\n").filter((line) => line.includes("=")).map((line) => [line.slice(0, line.indexOf("=")).trim(), line.slice(line.indexOf("=") + 1).trim()])) }[type]?.() ?? (["text", "absent"].includes(type) ? raw : null);
    const many = field.name.endsWith("[]");
    const name = many ? field.name.slice(0, -2) : field.name;
    if (name.startsWith("@")) put(envelope, [name.slice(1)], value, many); else put(act, name.split("."), value, many);
  }
  return { act, envelope };
};

/** Where somebody went while something was to be done first. */
let goOn = null;

/** What waits for its seconds: `now` sends it at once; `left` sends it while the page goes, and the next page tells. */
let held = null;

/** Waits some seconds before what cannot be taken back is sent: pressing 撤销 stops it, and only that. Whoever goes elsewhere
 * meant it. */
export const heldBack = (word, seconds, requests) => new Promise((done) => {
  let left = seconds;
  const end = (goes) => { clearInterval(timer); held = null; shown.end(); done(goes); };
  const text = () => say(`${left} 秒后${word}`, `${word} in ${left} s`);
  const shown = toast(text(), { word: say("撤销", "Undo"), act: () => end(false) }, 0);
  shown.line.append(make("button", { type: "button", onclick: () => end(true) }, say("立即办", "Now")));
  const timer = setInterval(() => {
    left -= 1;
    shown.line.firstChild.textContent = text();
    if (left <= 0) end(true);
  }, 1000);
  held = {
    now: () => end(true),
    left: () => {
      sessionStorage.setItem("left", JSON.stringify({ word, requests }));
      requests.forEach(({ id, name, act, envelope }) => deed(id, name, act, envelope, true));
      end(false);
    },
  };
});
addEventListener("pagehide", () => held?.left());

// What was sent while a page went is asked for again under its id: it is done once, and what came of it is told.
const tellLeft = async ({ word, requests }) => {
  let last = null;
  for (const { id, name, act, envelope } of requests) {
    const found = await deed(id, name, act, envelope);
    if (!found.ok) { toast(say(`没有办成：${word}。${told(found)[0].message}`, `Not done: ${word}. ${told(found)[0].message}`), null, 12000); return; }
    last = found.json?.number;
  }
  passOn(say(`已办：${word}（台账第 ${last} 条）`, `Done: ${word} (entry ${last})`));
  location.reload();
};
const leftBehind = sessionStorage.getItem("left");
if (leftBehind) { sessionStorage.removeItem("left"); tellLeft(JSON.parse(leftBehind)); }

export const passOn = (text) => sessionStorage.setItem("said", text);
const said = sessionStorage.getItem("said");
if (said) { sessionStorage.removeItem("said"); toast(said); }

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !(form.dataset.deed || form.dataset.post)) return;
  event.preventDefault();
  const button = event.submitter ?? form.querySelector("[type=submit]");
  const { act, envelope } = fieldsOf(form);
  if (button?.name?.startsWith?.("@")) envelope[button.name.slice(1)] = button.value;
  const word = button?.textContent.trim() ?? "";
  if (button) button.disabled = true;
  try {
    // The same id for the same content: a second press after a failed line is the same deed.
    const content = JSON.stringify([act, envelope]);
    if (form.dataset.sent !== content) { form.dataset.sent = content; form.dataset.id = newId(); }
    const [id, name] = [form.dataset.id, button?.dataset.deed ?? form.dataset.deed];
    if (form.dataset.undo !== undefined && !(await heldBack(word, 5, [{ id, name, act, envelope }]))) return;
    const found = form.dataset.deed
      ? await deed(id, name, act, envelope)
      : await asked("POST", form.dataset.post, { ...act, ...envelope, ...(form.dataset.withId !== undefined ? { id: form.dataset.id } : {}) });
    if (!found.ok) { showFindings(form, told(found)); return; }
    form.dispatchEvent(new CustomEvent("done", { bubbles: true, detail: found.json }));
    const number = found.json?.number;
    // What is odd about it was done all the same, and is told.
    const odd = form.dataset.deed ? (found.json?.findings ?? []).filter((one) => one.level === "warning").map((one) => one.message) : [];
    const done = form.dataset.said ?? say(`已办：${word}${number === undefined ? "" : `（台账第 ${number} 条）`}`, `Done: ${word}${number === undefined ? "" : ` (entry ${number})`}`);
    passOn([done, ...odd].join(say("。注意：", ". Note: ")));
    const next = goOn ?? form.dataset.next;
    if (next === "") return;
    if (next) location.assign(next); else location.reload();
  } finally {
    goOn = null;
    if (button) button.disabled = false;
  }
});

/** Papers: dropped or chosen, kept under their hash, named in a hidden field of the form. */
document.addEventListener("change", async (event) => {
  const input = event.target;
  if (!(input instanceof HTMLInputElement) || input.type !== "file" || !input.dataset.evidence) return;
  const list = input.closest("form").querySelector("[data-papers]");
  for (const file of input.files) {
    const found = await asked("POST", "/api/contents", file);
    if (!found.ok) { showFindings(input.closest("form"), told(found)); continue; }
    list?.append(make("li", {}, make("input", { type: "hidden", name: input.dataset.evidence, value: found.json.hash }), file.name, " ", make("code", {}, found.json.hash.slice(0, 19))));
  }
  input.value = "";
});

// Lines that fail are said at once.
const offline = document.querySelector(".offline");
const line = () => { if (offline) offline.hidden = navigator.onLine; };
addEventListener("online", line);
addEventListener("offline", line);
line();

// Keys: ? shows them, g and a letter goes somewhere, / looks for something.
const help = document.querySelector("#keys");
let after = 0;
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input,textarea,select,[contenteditable]")) return;
  if (event.key === "?") { help?.showModal(); event.preventDefault(); return; }
  if (event.key === "/") {
    const fields = [...document.querySelectorAll("main [type=search], main .filters :is(input, select), main select[data-go]")];
    const search = fields.filter((field) => field.offsetParent).sort((one, other) => (other.type === "search") - (one.type === "search"))[0];
    if (search) { search.focus(); event.preventDefault(); }
    return;
  }
  if (Date.now() - after < 1200) {
    const link = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    after = 0;
    if (link) { event.preventDefault(); location.assign(link.href); }
    return;
  }
  if (event.key === "g") after = Date.now();
});
document.querySelectorAll("[data-close]").forEach((button) => button.addEventListener("click", () => button.closest("dialog").close()));

// Whoever follows a link while something waits has it done first, and then goes.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!held || !link || link.target || event.ctrlKey || event.metaKey || link.getAttribute("href").startsWith("#")) return;
  event.preventDefault();
  goOn = link.href;
  held.now();
});

// A page that a browser shows again from its memory is not shown to whoever has gone, nor to somebody else.
const shownAgain = () => {
  const of = document.querySelector(".who [data-account]")?.dataset.account;
  const now = /(?:^|; )kaoping-account=([^;]*)/.exec(document.cookie)?.[1];
  if (of === undefined || now === undefined || decodeURIComponent(now) === of) return;
  document.body.hidden = true;
  if (now === "-") location.replace("/login"); else location.reload();
};
addEventListener("pageshow", (event) => {
  if (event.persisted || performance.getEntriesByType("navigation")[0]?.type === "back_forward") shownAgain();
});

// On a narrow screen the menu shows where one is.
document.querySelector(".nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// Menus close when something else is pressed.
document.addEventListener("click", (event) => {
  document.querySelectorAll(".nav details[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
});

// Rows that do not hold the words typed in a search field are left out.
document.querySelectorAll("input[type=search][data-filter]").forEach((search) => {
  const rows = () => document.querySelectorAll(`${search.dataset.filter} tbody tr`);
  search.addEventListener("input", () => {
    const words = search.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    rows().forEach((row) => { row.hidden = !words.every((word) => row.textContent.toLowerCase().includes(word)); });
  });
});

// All of several boxes, or none.
document.querySelectorAll("[data-tick]").forEach((button) => button.addEventListener("click", () => {
  const boxes = [...button.closest("form").querySelectorAll(`[name="${CSS.escape(button.dataset.tick)}"]`)];
  const all = boxes.every((box) => box.checked);
  boxes.forEach((box) => { box.checked = !all; });
}));

// What takes longer comes after the page.
document.querySelectorAll("[data-fill]").forEach(async (place) => {
  const answer = await fetch(place.dataset.fill, { credentials: "same-origin" }).catch(() => null);
  if (answer?.ok) place.innerHTML = await answer.text();
});

// Whoever chooses from a list goes there.
document.querySelectorAll("select[data-go]").forEach((select) => select.addEventListener("change", () => location.assign(select.value)));
document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => print()));
document.querySelectorAll("[data-sign-out]").forEach((button) => button.addEventListener("click", async () => { await ask("POST", "/api/logout", {}); location.assign("/login"); }));
