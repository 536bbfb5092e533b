// The search index weighs more than a page. It is fetched when a reader turns to the search, not before.
window.XMLHttpRequest = class extends XMLHttpRequest {
  open(method, url, ...more) {
    this.isIndex = new URL(url, location).pathname.endsWith("/search/search_index.json");
    super.open(method, url, ...more);
  }

  send(body) {
    if (!this.isIndex || document.activeElement?.closest(".md-search")) return super.send(body);
    const begin = (event) => {
      if (!event.target.closest(".md-search")) return;
      document.removeEventListener("focusin", begin);
      super.send(body);
    };
    document.addEventListener("focusin", begin);
  }
};
