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

const RealWorker = Worker;
window.Worker = class extends EventTarget {
  constructor(url) {
    super();
    this.real = turned.then(() => {
      const real = new RealWorker(url);
      real.addEventListener("message", ({ data }) => this.dispatchEvent(new MessageEvent("message", { data })));
      return real;
    });
  }

  postMessage(message) {
    this.real.then((real) => real.postMessage(message));
  }
};
