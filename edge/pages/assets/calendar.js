// A notice changes deadlines that are open: which, is said once it is entered.
import { make, say } from "./app.js";

const KEPT = "deadlines-moved";

document.querySelector("#enter-notice")?.addEventListener("done", ({ detail }) => {
  const moved = (detail?.findings ?? []).filter(({ name }) => name === "deadline-moved").map(({ message }) => message);
  sessionStorage.setItem(KEPT, JSON.stringify(moved));
});

const kept = sessionStorage.getItem(KEPT);
if (kept) {
  sessionStorage.removeItem(KEPT);
  const moved = JSON.parse(kept), place = document.querySelector("#moved");
  place.className = "notice";
  place.hidden = false;
  place.append(moved.length ? say(`放假通知已录入，${moved.length} 个没有到期的期限按它重算：`, `The notice is entered; ${moved.length} open deadlines were reckoned by it:`) : say("放假通知已录入，没有期限因此变动。", "The notice is entered; no deadline changed by it."));
  if (moved.length) place.append(make("ul", { class: "plain" }, ...moved.map((line) => make("li", {}, line))));
}
