// On a phone, a long name goes on in the next line where one of its words ends (stylesheets/text.css). What is copied is
// the same.
const LONG_NAME = /\S{25,}/;
// Between a_word and the next, after a folder/, and before the Class of a module.
const ENDS = /(?<=[^\W_]_)(?=[^\W_])|(?<=\/)(?=\w)|(?<=\w\.)(?=[A-Z])/g;

for (const name of document.querySelectorAll(".md-typeset :is(.filename, :not(pre) > code)")) {
  if (!LONG_NAME.test(name.textContent)) continue;
  const texts = document.createTreeWalker(name, NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) found.push(texts.currentNode);
  for (const text of found) {
    // From the back, so that what comes before keeps its place.
    for (const { index } of [...text.data.matchAll(ENDS)].reverse()) {
      text.splitText(index).before(document.createElement("wbr"));
    }
  }
}
