// What scrolls sideways can be scrolled with the keyboard, too. The theme sees to blocks of code where there is a mouse: not
// on a phone with a keyboard, and not to tables.
const content = document.querySelector(".md-content__inner");
const SCROLLS = ".md-typeset__scrollwrap, table:not([class]), pre > code";

function reach() {
  for (const box of content.querySelectorAll(SCROLLS)) {
    const scrolls = box.scrollWidth > box.clientWidth && getComputedStyle(box).overflowX === "auto";
    if (scrolls === box.hasAttribute("tabindex")) continue;
    if (scrolls) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}

if (content) {
  // A fold that opens, a table that the theme wraps, a screen that turns: each gives the page another size.
  new ResizeObserver(reach).observe(content);
  // A tab may be as high as the one before it.
  content.addEventListener("change", reach);
  // On a phone, the theme takes away what stands here.
  new MutationObserver(reach).observe(content, { subtree: true, attributeFilter: ["tabindex"] });
}
