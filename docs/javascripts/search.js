// The search's worker and its index weigh more than a page. They are fetched when a reader turns to the search.
const turned = new Promise((begin) => {
  const look = () => document.activeElement?.closest(".md-search") && begin();
  document.addEventListener("focusin", look);
  look();
});

window.XMLHttpRequest = class extends XMLHttpRequest {
  open(method, url, ...more) {
    this.isIndex = new URL(url, location).pathname.endsWith("/search/search_index.json");
    super.open(method, url, ...more);
  }

  async send(body) {
    if (this.isIndex) await turned;
    super.send(body);
  }
};

// What the worker makes of a query is meant for a word or two that somebody types: a quotation mark demands that each word
// is there, a colon ends the name of a field, and each word may be the start of a longer one. The name of a function is
// wanted before longer names, and of an error that is pasted each word as it is.
const QUERY = 2;
const PASTED = 7;
function asked(query) {
  const text = query.replace(/["':]/g, " ").trim();
  const name = text.match(/^(?:alembic\.)?(?:op\.)?(\w+_\w+)(?:\(\))?$/)?.[1];
  if (name) return `${name}^3 ${name}`;
  const words = new Set(text.split(/[\s\-.,;()[\]{}<>=/+^~*|\\!?]+/).filter(Boolean));
  return words.size < PASTED ? text : [...words].map((word) => `${word}^1`).join(" ");
}

// The theme lists a page before its sections, even where one of these fits better, as an error of the page of errors does.
// Such a section becomes a result of its own, in front of what is left of its page.
const RESULT = 3;
function parted(group) {
  const [best, ...others] = group;
  const page = group.find((found) => !found.location.includes("#"));
  if (best === page || best.score <= page.score) return [group];
  return others.some((found) => found.score) ? [[best], others] : [[best]];
}

class LateWorker extends EventTarget {
  constructor(start) {
    super();
    this.worker = turned.then(() => {
      const worker = start();
      worker.addEventListener("message", ({ data }) => {
        if (data.type === RESULT) data.data.items = data.data.items.flatMap(parted);
        this.dispatchEvent(new MessageEvent("message", { data }));
      });
      return worker;
    });
  }

  postMessage(message) {
    if (message.type === QUERY) message = { ...message, data: asked(message.data) };
    this.worker.then((worker) => worker.postMessage(message));
  }
}

// Zensical's search has no form, and waits by itself.
const BrowserWorker = Worker;
window.Worker = function (url, ...options) {
  const start = () => new BrowserWorker(url, ...options);
  const isSearch = new URL(url, location).pathname.includes("/javascripts/workers/search");
  return isSearch && document.querySelector(".md-search__form") ? new LateWorker(start) : start();
};
