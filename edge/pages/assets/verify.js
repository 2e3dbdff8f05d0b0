// A folder that is brought to be verified: chosen or dropped, sent as one body, and what came of each check.
import { ask, make, say, showFindings, told } from "./app.js";
import { folders } from "./folder.js";

const form = document.querySelector("#bundle-form");
const [most, mostBytes] = [Number(form.dataset.most), Number(form.dataset.mostBytes)];
const chosen = document.querySelector("#bundle-chosen"), result = document.querySelector("#bundle-checks");
let folder = "", files = [];

folders(document.querySelector("#bundle"), form, most, (taken) => {
  ({ folder, files } = taken);
  const bytes = files.reduce((sum, { file }) => sum + file.size, 0);
  const size = bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
  const much = files.length > most || bytes > mostBytes;
  chosen.textContent = say(`“${folder}”：${files.length} 个文件，${size}`, `${folder}: ${files.length} files, ${size}`) + (much ? say("，太大，请在自己的电脑上核", ", too much: verify it on your own machine") : "");
  form.querySelector("[type=submit]").disabled = much;
});

const tag = (holds) => (holds === null ? make("span", { class: "tag" }, say("– 没有核", "– not looked at"))
  : holds ? make("span", { class: "tag ok" }, say("✓ 通过", "✓ passed")) : make("span", { class: "tag late" }, say("✗ 不通过", "✗ failed")));
const faults = ({ findings, faults: all }) => [...findings.map((finding) => make("span", { class: "fault" }, finding.message)),
  all > findings.length ? make("span", { class: "fault" }, say(`还有 ${all - findings.length} 处`, `${all - findings.length} more`)) : null];
const row = (check) => make("tr", {}, make("th", { scope: "row", class: "lead" }, check.word),
  make("td", { "data-label": say("结论", "Answer") }, tag(check.holds)),
  make("td", { class: "sub", "data-label": say("依据", "On") }, make("span", { class: "any" }, check.about, ...faults(check))));
const heads = [say("核验什么", "Check"), say("结论", "Answer"), say("依据", "On")];

/** The same on one's own machine. */
const command = () => ["kaoping verify", /^[\p{L}\p{N}._-]+$/u.test(folder) && !folder.startsWith("-") ? folder : say("文件夹", "FOLDER"),
  ...(form.elements.key.value.trim() ? ["--key", say("公钥.txt", "key.txt")] : []),
  ...(form.elements.checkpoint.value.trim() ? ["--checkpoint", say("检查点.txt", "checkpoint.txt")] : [])].join(" ");

const show = (found) => result.replaceChildren(make("div", { class: "card" },
  make("table", { class: "stack" },
    make("caption", {}, make("span", { class: `tag ${found.whole ? "ok" : "late"}` }, found.whole ? say("通过", "passed") : say("不通过", "failed")), ` ${found.origin} · `, say(`核对了 ${found.entries} 条`, `${found.entries} entries gone through`)),
    make("thead", {}, make("tr", {}, ...heads.map((word) => make("th", { scope: "col" }, word)))),
    make("tbody", {}, ...found.checks.map(row))),
  make("div", { class: "pad" },
    ...(found.findings.length ? [make("ul", { class: "findings" }, ...found.findings.map((finding) => make("li", { class: finding.level }, make("b", {}, finding.message), make("span", {}, finding.why))))] : []),
    make("p", { class: "sub" }, say("在自己的电脑上核，一条命令做同样的核验：", "On your own machine one command makes the same checks:")),
    make("pre", { class: "note", tabindex: "0" }, command()))));

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  result.replaceChildren();
  form.querySelector(":scope > .findings")?.remove();
  if (!files.length) { showFindings(form, [{ name: "nothing-chosen", message: say("还没有选文件夹", "No folder is chosen"), next: say("选 kaoping export 导出的文件夹", "choose one that kaoping export made") }]); return; }
  const head = { key: form.elements.key.value, checkpoint: form.elements.checkpoint.value, files: files.map(({ name, file }) => ({ name, size: file.size })) };
  const button = form.querySelector("[type=submit]");
  button.disabled = true;
  const found = await ask("POST", "/api/verify", new Blob([`${JSON.stringify(head)}\n`, ...files.map(({ file }) => file)]));
  button.disabled = false;
  if (!found.ok) { showFindings(form, told(found)); return; }
  show(found.json);
  result.scrollIntoView({ block: "nearest" });
});
