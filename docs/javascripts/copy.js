// The copy button of a console block copies the commands alone: no prompt, no output, no exit status.
// Material copies from the block itself, so the text to copy is put beside it, where its button looks first.
document.addEventListener(
  "click",
  (event) => {
    const button = event.target.closest(".language-console .md-clipboard, .language-console .md-code__button");
    if (!button || button.dataset.clipboardText) return;
    const block = button.closest(".language-console").querySelector("code");
    const commands = [];
    let isCommand = false;
    for (const line of block.textContent.split("\n")) {
      if (line.startsWith("$ ")) isCommand = commands.push(line.slice(2)) > 0;
      else if (isCommand && line.startsWith("> ")) commands.push(line.slice(2));
      else isCommand = false;
    }
    button.dataset.clipboardText = commands.join("\n");
  },
  { capture: true },
);
