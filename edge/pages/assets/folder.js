// A folder that is chosen or dropped: its name, and its files by their paths in it.

/** A chosen folder names its files with its own name before them. */
const chosen = (files) => ({
  folder: files[0]?.webkitRelativePath.split("/")[0] ?? "",
  files: [...files].map((file) => ({ name: file.webkitRelativePath.split("/").slice(1).join("/") || file.name, file })),
});

const inside = async (entry, path, most) => {
  if (entry.isFile) return [{ name: path, file: await new Promise((done, failed) => entry.file(done, failed)) }];
  const reader = entry.createReader();
  const entries = [];
  for (;;) {
    const more = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (!more.length) break;
    entries.push(...more);
    if (entries.length > most) break;
  }
  return (await Promise.all(entries.map((each) => inside(each, path ? `${path}/${each.name}` : each.name, most)))).flat();
};

/** Takes folders at a field that is pressed and at a place something is dropped on; `take` is given each. */
export const folders = (field, place, most, take) => {
  field.addEventListener("change", () => { if (field.files.length) take(chosen(field.files)); });
  place.addEventListener("dragover", (event) => { if (event.dataTransfer.types.includes("Files")) event.preventDefault(); });
  place.addEventListener("drop", async (event) => {
    const entry = event.dataTransfer.items[0]?.webkitGetAsEntry?.();
    if (!entry) return;
    event.preventDefault();
    if (entry.isDirectory) take({ folder: entry.name, files: await inside(entry, "", most) });
  });
};
