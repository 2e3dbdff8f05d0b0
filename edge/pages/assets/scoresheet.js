// Score sheets and awards: what is sent of a value, or of a winner, is put together from its fields.

import { say } from "./app.js";

/** The hidden field of a value, from the fields beside it. A row without a value is not sent. */
const together = (hidden, parts) => {
  const part = (name) => parts.find((field) => field.dataset.part === name)?.value.trim() ?? "";
  const { indicator, field, award } = hidden.dataset;
  const value = award === undefined
    ? { indicator, field, value: part("value"), kind: part("kind") }
    : { award, office: part("office"), place: null, reason: part("reason") };
  hidden.value = JSON.stringify(value);
  hidden.disabled = award === undefined ? value.value === "" : value.office === "";
};

document.querySelectorAll("[data-row]").forEach((row) => {
  const hidden = row.querySelector("[data-judgement]");
  const parts = [...row.querySelectorAll("[data-part]")];
  const changed = () => {
    together(hidden, parts);
    const reason = parts.find((field) => field.dataset.part === "reason");
    if (reason) reason.required = !hidden.disabled;
  };
  for (const event of ["input", "change"]) row.addEventListener(event, changed);
  // A browser keeps what was typed when a page is loaded again.
  changed();
});

const same = (one, other) => {
  const number = (text) => (/^-?[\d,]*\.?\d+$/.test(text) ? Number(text.replaceAll(",", "")) : null);
  const [a, b] = [number(one.trim()), number(other.trim())];
  return a !== null && b !== null ? a === b : one.trim() === other.trim();
};

const dialog = document.querySelector("#assess");
if (dialog) {
  const form = dialog.querySelector("form");
  const hidden = form.querySelector("[data-judgement]");
  const parts = [...form.querySelectorAll("[data-part]")];
  const [value, kind] = ["value", "kind"].map((name) => parts.find((field) => field.dataset.part === name));
  const why = form.querySelector("[name='@why']");
  let [before, isJudged] = ["", false];
  const changed = () => {
    // Where nothing stood before, nothing differs from it.
    const differs = !isJudged && before !== "" && !same(value.value, before);
    form.querySelector("[data-differs]").hidden = !differs;
    kind.required = differs;
    kind.disabled = !differs;
    if (!differs) kind.value = "";
    why.required = differs || isJudged;
    together(hidden, parts);
  };
  for (const event of ["input", "change", "submit"]) form.addEventListener(event, changed);
  document.querySelectorAll("[data-assess]").forEach((button) => button.addEventListener("click", () => {
    const { assess, field, title } = button.dataset;
    form.reset();
    form.querySelector(".findings")?.remove();
    form.querySelector("[data-papers]").replaceChildren();
    [hidden.dataset.indicator, hidden.dataset.field, before, isJudged] = [assess, field, button.dataset.before, button.dataset.judged === "true"];
    dialog.querySelector("h2").textContent = title;
    form.querySelector("[data-was]").textContent = before || say("没有人报过或评过（办法可能自己给出）", "nobody reported or judged it (the standard may give it)");
    value.value = button.dataset.value;
    changed();
    dialog.showModal();
    value.select();
  }));
}

// A button fills a form with what it stands beside, and opens it.
document.querySelectorAll("[data-fill]").forEach((button) => button.addEventListener("click", (event) => {
  event.preventDefault();
  const opened = document.getElementById(button.dataset.fill);
  opened.querySelectorAll("[data-from]").forEach((field) => { field.value = button.dataset[field.dataset.from]; });
  opened.querySelector("h2").textContent = `${button.firstChild.textContent.trim()}${say("：", ": ")}${button.dataset.title}`;
  opened.showModal();
}));
