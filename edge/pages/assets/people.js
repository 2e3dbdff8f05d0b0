// Passwords that are shown once, and codes: what is told after a form was sent.
import { make, say } from "./app.js";

document.addEventListener("done", (event) => {
  const form = event.target;
  const found = event.detail ?? {};
  if (form.dataset.secret !== undefined) {
    const dialog = make("dialog", { "aria-labelledby": "first-password" },
      make("h2", { id: "first-password" }, say("初始密码", "First password")),
      make("p", {}, say(`账号 ${found.account}，只显示这一次；本人首次登录后必须改。`, `Account ${found.account}. It is shown once, and has to be changed after signing in.`)),
      make("pre", { class: "note", tabindex: "0" }, found.password),
      make("button", { class: "btn main", type: "button", onclick: () => dialog.close() }, say("记下了", "Noted")));
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  }
  if (form.dataset.look !== undefined) {
    // Each look is one of its own.
    delete form.dataset.sent;
    const word = (name) => form.querySelector(`[value="${CSS.escape(name)}"]`)?.closest("label").textContent.trim() ?? name;
    const lines = Object.entries(found.data ?? {}).flatMap(([name, value]) => [make("dt", {}, word(name)), make("dd", {}, value)]);
    const dialog = make("dialog", { "aria-labelledby": "looked-up" },
      make("h2", { id: "looked-up" }, found.person),
      lines.length ? make("dl", { class: "pairs" }, ...lines) : make("p", {}, say("这次查看已经显示过了，再看请重新提交。", "This look was shown already; look up once more.")),
      make("p", { class: "sub small" }, say(`已记台账第 ${found.number} 条；关上就不再显示。`, `Entry ${found.number}; gone when this is closed.`)),
      make("button", { class: "btn main", type: "button", onclick: () => dialog.close() }, say("看完了", "Done")));
    dialog.addEventListener("close", () => { dialog.remove(); location.reload(); });
    document.body.append(dialog);
    dialog.showModal();
  }
  if (form.id === "totp") {
    if (found.in_force) { location.reload(); return; }
    form.querySelector("[data-secret-shown]").hidden = false;
    form.querySelector("[data-secret-text]").textContent = found.secret;
    form.elements.secret.value = found.secret;
    form.querySelector("[data-secret-link]").href = found.address;
    // Four squares of white around it, as readers want it.
    const picture = form.querySelector("[data-secret-picture]"), { width, path } = found.picture;
    picture.setAttribute("viewBox", `-4 -4 ${width + 8} ${width + 8}`);
    picture.querySelector("path").setAttribute("d", path);
    form.elements.code.required = true;
    form.elements.code.focus();
    form.querySelector("[type=submit]").textContent = say("启用", "Use it");
  }
  if (form.dataset.reset !== undefined) form.reset();
});
