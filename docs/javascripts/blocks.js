// Blocks of code that say the same with less: the header of a revision is folded, log lines stand back, and the words
// of YQL that the highlighter does not know are words of the language.

// What Alembic writes above the functions of a revision, the same in each: line by line.
const HEADER = new RegExp(
  "^(" +
    [
      "",
      '"""',
      "Revision ID: .*",
      "Revises:.*",
      "Create Date: .*",
      "from typing import Sequence, Union",
      "from alembic import op",
      "import sqlalchemy as sa",
      "# revision identifiers, used by Alembic\\.",
      "(revision|down_revision|branch_labels|depends_on)\\b.*=.*",
    ].join("|") +
    ")$",
);
const KEYWORDS = new Set(
  (
    "ASYNC BATCH CHANGEFEED CONSUMER COVER DISCARD ERASE FAMILY FLATTEN GLOBAL POOL PRAGMA RENAME RESET RESOURCE " +
    "RETURNING SHOW STORE SYNC TOPIC TRUNCATE TTL UPSERT VIEW"
  ).split(" "),
);
const TYPES =
  /^(Bool|Date(time)?(32|64)?|Decimal|Double|DyNumber|Float|U?int(8|16|32|64)|Interval(64)?|Json(Document)?|List|Optional|(Big|Small)?Serial[248]?|String|Struct|Text|Timestamp(64)?|Tz\w+|Utf8|Uuid|Yson)$/i;

// The node of a text, and the place in it, that a place in the whole text is at.
function place(root, offset) {
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    if (offset <= node.length) return [node, offset];
    offset -= node.length;
  }
  return [root, root.childNodes.length];
}

function hide(code, start, end) {
  const range = document.createRange();
  range.setStart(...place(code, start));
  range.setEnd(...place(code, end));
  const folded = document.createElement("span");
  folded.className = "folded";
  folded.append(range.extractContents());
  range.insertNode(folded);
}

function fold(code) {
  const lines = code.textContent.split("\n");
  const end = lines.findLastIndex((line) => /^(revision|down_revision|branch_labels|depends_on)\b/.test(line)) + 1;
  if (!end || !lines[0].startsWith('"""')) return;
  // Offsets count from the end of the first line on, which stays: each line is hidden with the break before it.
  let offset = lines[0].length;
  const runs = [];
  for (let number = 1; number < end; number++) {
    const next = offset + 1 + lines[number].length;
    if (HEADER.test(lines[number])) {
      if (runs.at(-1)?.[1] === offset) runs.at(-1)[1] = next;
      else runs.push([offset, next]);
    }
    offset = next;
  }
  // Alembic leaves two lines free above a function. One is enough.
  if (runs.at(-1)?.[1] === offset && lines[end] === "" && lines[end + 1] === "") runs.at(-1)[1] += 1;
  for (const [from, to] of runs.reverse()) hide(code, from, to);
  const button = document.createElement("button");
  button.className = "fold";
  button.type = "button";
  button.ariaLabel = button.title = "The rest of the header";
  button.ariaExpanded = "false";
  button.addEventListener("click", () => {
    button.ariaExpanded = String(code.classList.toggle("unfolded"));
  });
  code.querySelector(".folded")?.before(button);
}

for (const title of document.querySelectorAll(".highlight > .filename")) {
  if (/(^|\/)versions\/[^/]+\.py$/.test(title.textContent)) fold(title.parentElement.querySelector("code"));
}
for (const line of document.querySelectorAll(".language-console .go")) {
  if (line.textContent.startsWith("INFO ")) line.classList.add("quiet");
}
// A line of output in parentheses is taken for the name of an environment before a prompt.
for (const line of document.querySelectorAll(".language-console .gp")) {
  if (!/^[$>] /.test(line.textContent)) line.className = "go";
}
for (const name of document.querySelectorAll(".language-sql :is(.n, .nb)")) {
  if (KEYWORDS.has(name.textContent)) name.className = "k";
  else if (/^[A-Z]/.test(name.textContent) && TYPES.test(name.textContent)) name.className = "kt";
}
