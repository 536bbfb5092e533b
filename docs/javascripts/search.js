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

class LateWorker extends EventTarget {
  constructor(start) {
    super();
    this.worker = turned.then(() => {
      const worker = start();
      worker.addEventListener("message", ({ data }) => this.dispatchEvent(new MessageEvent("message", { data })));
      return worker;
    });
  }

  postMessage(message) {
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
