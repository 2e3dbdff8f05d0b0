// The table of places by keys: one stop for all of it, arrows from figure to figure. Without this script every figure is
// a link of its own.

const table = document.querySelector("table.heat");

const begin = () => {
  const rows = [...table.tBodies[0].rows];
  // The links of a row with their columns.
  const links = rows.map((row) => [...row.cells].flatMap((cell, column) => [...cell.querySelectorAll("a")].map((link) => ({ link, column }))));
  const all = links.flat().map(({ link }) => link);
  if (!all.length) return;
  const place = new Map(links.flatMap((row, at) => row.map(({ link }, on) => [link, { row: at, on }])));
  let now = all[0];
  all.forEach((link) => { link.tabIndex = link === now ? 0 : -1; });
  table.setAttribute("role", "grid");
  const region = table.closest(".scroll");
  region.removeAttribute("tabindex");
  // What stays at the side and on top does not cover the figure one is at.
  const clear = () => {
    const pin = table.querySelector("tbody .pin");
    region.style.setProperty("scroll-padding", `${table.tHead.offsetHeight}px 8px 8px ${pin.offsetWidth + 8}px`);
  };
  const stop = (link) => { now.tabIndex = -1; now = link; now.tabIndex = 0; };
  const go = (link) => {
    if (!link) return;
    stop(link);
    clear();
    link.focus({ preventScroll: true });
    link.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  /** The link of a row in that column, or the nearest one. */
  const nearest = (row, column) => row.reduce((best, one) => (best === null || Math.abs(one.column - column) < Math.abs(best.column - column) ? one : best), null)?.link;
  const down = (row, column, by) => go(nearest(links[Math.max(0, Math.min(links.length - 1, row + by))], column));
  table.addEventListener("focusin", (event) => { const link = event.target.closest("a"); if (place.has(link)) stop(link); });
  table.addEventListener("keydown", (event) => {
    const at = place.get(event.target);
    if (!at || event.altKey || event.metaKey || event.shiftKey) return;
    const { row, on } = at, { column } = links[row][on];
    const most = links[row].length - 1;
    const act = {
      ArrowRight: () => go(links[row][Math.min(most, on + 1)].link),
      ArrowLeft: () => go(links[row][Math.max(0, on - 1)].link),
      ArrowDown: () => down(row, column, 1),
      ArrowUp: () => down(row, column, -1),
      PageDown: () => down(row, column, 10),
      PageUp: () => down(row, column, -10),
      Home: () => go((event.ctrlKey ? links[0] : links[row])[0].link),
      End: () => go((event.ctrlKey ? links.at(-1) : links[row]).at(-1).link),
    }[event.key];
    if (!act || (event.ctrlKey && !["Home", "End"].includes(event.key))) return;
    event.preventDefault();
    act();
  });
};
if (table) begin();
