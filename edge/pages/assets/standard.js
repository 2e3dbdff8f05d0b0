// An indicator or clause that a link leads to is opened and brought into view.
const open = () => {
  const id = decodeURIComponent(location.hash.slice(1));
  const found = id && document.getElementById(id);
  if (found instanceof HTMLDetailsElement) { found.open = true; found.querySelector("summary").focus(); found.scrollIntoView({ block: "center" }); }
  found?.querySelector?.("details.bare")?.setAttribute("open", "");
};
addEventListener("hashchange", open);
open();
// All of it is printed.
addEventListener("beforeprint", () => document.querySelectorAll("details.ind, details.bare").forEach((one) => { one.open = true; }));
