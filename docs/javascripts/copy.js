// The copy button of a console block copies its commands alone: no prompt, no output, no exit status.
// Material copies `data-clipboard-text` where a button has it, so it is set just before the click arrives there.
document.addEventListener(
  "click",
  (event) => {
    const button = event.target.closest("[data-clipboard-target]");
    const code = button && document.querySelector(button.dataset.clipboardTarget);
    if (!code || !code.querySelector(".gp")) return;
    const commands = [];
    let isCommand = false;
    for (const line of code.textContent.split("\n")) {
      if (line.startsWith("$ ")) {
        commands.push(line.slice(2));
        isCommand = true;
      } else if (isCommand && line.startsWith("> ")) {
        commands.push(line.slice(2));
      } else {
        isCommand = false;
      }
    }
    button.dataset.clipboardText = commands.join("\n");
  },
  { capture: true },
);
