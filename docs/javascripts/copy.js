// What the copy button copies is what one wants to paste. Of a session its commands: no prompt, no output, no exit
// status. Of YQL its requests, parted by an empty line: no answers. Of a difference the lines that are new. Of a folded
// revision the whole file.
// Material copies `data-clipboard-text` where a button has it, so it is set just before the click arrives there.
function commands(text) {
  const found = [];
  let isCommand = false;
  for (const line of text.split("\n")) {
    isCommand = line.startsWith("$ ") || (isCommand && line.startsWith("> "));
    if (isCommand) found.push(line.slice(2));
  }
  return found.join("\n");
}

function requests(text) {
  const parts = text.split(/^-->.*\n?|^\s*\n/m);
  return parts.map((part) => part.trim()).filter(Boolean).join("\n\n");
}

function added(text) {
  const lines = text.split("\n").filter((line) => line.startsWith("+"));
  return lines.map((line) => line.slice(1)).join("\n");
}

function wanted(code) {
  const text = code.textContent;
  if (code.querySelector(".gp")) return commands(text);
  if (code.querySelector(".gi")) return added(text);
  if (code.closest(".language-sql") && text.includes("-->")) return requests(text);
  if (code.querySelector(".folded")) return text;
}

document.addEventListener(
  "click",
  (event) => {
    const button = event.target.closest("[data-clipboard-target]");
    const code = button && document.querySelector(button.dataset.clipboardTarget);
    const text = code && wanted(code);
    if (text) button.dataset.clipboardText = text;
  },
  { capture: true },
);

// The page itself, as Markdown. Where it cannot be copied, the link leads to it.
document.addEventListener("click", async (event) => {
  const link = event.target.closest(".copy-page");
  if (!link || !navigator.clipboard) return;
  event.preventDefault();
  try {
    const answer = await fetch(link.href);
    await navigator.clipboard.writeText(await answer.text());
    link.title = "Copied";
    link.classList.add("copied");
  } catch {
    location.assign(link.href);
  }
});
