// A notice changes deadlines that are open: which, is said once it is entered.
import { ask, make, say } from "./app.js";

const KEPT = "deadlines-before";

/** Every deadline of a collection one sees: id, title, day. */
const deadlines = async () => {
  const all = new Map();
  for (let path = "/api/collections?limit=1000"; path; ) {
    const found = await ask("GET", path);
    if (!found.ok) return all;
    for (const row of found.json.items) all.set(row.collection, { title: row.title, due: row.due });
    path = found.json.next;
  }
  return all;
};

const form = document.querySelector("#enter-notice");
let before = null;
form?.addEventListener("focusin", async () => { before ??= await deadlines(); });
form?.addEventListener("done", () => { if (before) sessionStorage.setItem(KEPT, JSON.stringify([...before])); });

const kept = sessionStorage.getItem(KEPT);
if (kept) {
  sessionStorage.removeItem(KEPT);
  const then = new Map(JSON.parse(kept)), place = document.querySelector("#moved");
  const moved = [...await deadlines()].filter(([id, { due }]) => then.has(id) && then.get(id).due !== due);
  place.className = "notice";
  place.hidden = false;
  place.append(moved.length ? say(`放假通知已录入，${moved.length} 个没有到期的期限按它重算：`, `The notice is entered; ${moved.length} open deadlines were reckoned by it:`) : say("放假通知已录入，没有期限因此变动。", "The notice is entered; no deadline changed by it."));
  if (moved.length) place.append(make("ul", { class: "plain" }, ...moved.map(([id, { title, due }]) => make("li", {}, `${title} ${then.get(id).due} → ${due}`))));
}
