// Long tables: a field above that leaves the rows with all of its words, and a head that stays in sight. On a phone, the
// rows of a table with many columns, or with long names, are cards: each cell says what its column is (stylesheets/tables.css).
const LONG = 15;
// A name of more letters than these leaves a phone no room for another column.
const WIDE = 24;

for (const table of document.querySelectorAll(".md-typeset table:not([class])")) {
  const names = [...(table.tHead?.rows[0]?.cells ?? [])].map((cell) => cell.textContent.trim());
  const wide = [...table.querySelectorAll("td code")].some((code) => code.textContent.length > WIDE);
  if (names.length < (wide ? 2 : 3) || !names.slice(1).every(Boolean)) continue;
  table.dataset.cards = "";
  // A table that is shown as blocks would be none to a screen reader.
  table.role = "table";
  for (const row of table.rows) {
    row.role = "row";
    for (const cell of row.cells) {
      cell.role = cell.tagName === "TH" ? "columnheader" : "cell";
      if (cell.tagName === "TD") cell.dataset.label = names[cell.cellIndex];
    }
  }
}

const long = [];
for (const table of document.querySelectorAll(".md-typeset table:not([class])")) {
  const rows = [...table.tBodies[0].rows];
  if (rows.length < LONG) continue;
  long.push(table);
  const field = document.createElement("input");
  field.type = "search";
  field.className = "table-filter";
  field.placeholder = `Filter ${rows.length} rows`;
  field.setAttribute("aria-label", `Filter the ${rows.length} rows of this table`);
  const count = document.createElement("span");
  count.className = "table-count";
  count.setAttribute("role", "status");
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
    }
    count.textContent = words.length ? `${rows.filter((row) => !row.hidden).length} of ${rows.length}` : "";
  });
  table.before(field, count);
}

// What scrolls sideways keeps its head with it: it stays in sight only where the table is no wider than the page.
const article = document.querySelector(".md-content__inner");
if (article && long.length) {
  new ResizeObserver(() => {
    for (const table of long) table.toggleAttribute("data-fits", table.offsetWidth <= article.clientWidth);
  }).observe(article);
}
