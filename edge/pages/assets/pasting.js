// A block from a spreadsheet put into a table of indicators: what it covers it replaces, whole rows with what does not
// show of them.

const blank = (cells) => cells.every((cell) => !cell.trim());

/** Where the columns of a block go: by its own heads where it brings them, else from the cell it is put into. */
const targets = (rows, head, shown, column) => {
  const first = rows[0].map((cell) => cell.trim());
  const named = first.length > 1 && first.every((cell) => head.includes(cell)) && new Set(first).size === first.length;
  const from = shown.indexOf(column);
  return { named, columns: named ? first.map((cell) => head.indexOf(cell)) : rows[0].map((_, right) => shown[from + right]) };
};

/** Puts a block into `records`. `table` has `head`, `shown` (the columns that can be seen), `id`, `name`, `rule` (columns,
 * or -1), `isExample(record)` and `forget(record, before, now)`, which clears what another rule was told. Gives the rows
 * that were filled and how many columns found no place. */
export const put = (rows, records, table, row, column) => {
  const { named, columns } = targets(rows, table.head, table.shown, column);
  const wide = Math.max(...rows.map((cells) => cells.length));
  while (columns.length < wide) columns.push(named ? undefined : table.shown[table.shown.indexOf(column) + columns.length]);
  const whose = [table.id, table.name].some((at) => at >= 0 && columns.includes(at));
  // Where rows say which indicator they are, one that says nothing is none; else a gap stays a gap.
  const body = named ? rows.slice(1) : [...rows];
  const filled = whose ? body.filter((cells) => !blank(cells)) : body;
  while (filled.length && blank(filled.at(-1))) filled.pop();
  const idOf = (record) => (record.cells[table.id] || record.cells[table.name] || "");
  const before = new Map(records.slice(1).filter((record) => !table.isExample(record)).map((record) => [idOf(record), [...record.cells]]));
  const hidden = table.head.map((_, at) => at).filter((at) => !table.shown.includes(at) && !columns.includes(at));
  filled.forEach((cells, down) => {
    const at = row + down;
    records[at] ??= { cells: [], raw: null };
    const record = records[at], was = idOf(record), rule = record.cells[table.rule] ?? "";
    if (whose && table.isExample(record)) record.cells = [];
    while (record.cells.length < table.head.length) record.cells.push("");
    columns.forEach((to, right) => { if (to !== undefined) record.cells[to] = (cells[right] ?? "").trim(); });
    record.raw = null;
    // Another indicator brings what was told of it before, and nothing of the one that stood here.
    if (idOf(record) !== was) for (const to of hidden) record.cells[to] = was === "" ? record.cells[to] : before.get(idOf(record))?.[to] ?? "";
    else if (table.rule >= 0 && columns.includes(table.rule)) table.forget(record, rule, record.cells[table.rule]);
  });
  return { rows: filled.length, beyond: columns.filter((to) => to === undefined).length };
};
