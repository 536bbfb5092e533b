// What the page says where a browser, or what it has loaded, does not do.
export const MESSAGES = {
  wasm: "This browser does not run WebAssembly, or its settings forbid it. The page Example shows the same without a browser.",
  worker: "This browser does not run workers, or its settings forbid them. The page Example shows the same without a browser.",
  old: "This browser is too old to unpack what this page loads. The page Example shows the same without a browser.",
  memory: "The browser gives this page too little memory. Close other tabs, then press Reset.",
  damaged: "This link is damaged, so the files of the example are here instead. Ask for the link again.",
  long: "These files are too long for a link. Download makes an archive of them.",
  unkept: "This browser keeps nothing for this page, so each visit loads everything again.",
  missing: (file, why) =>
    String(why) === "404"
      ? `${file} is not there any more (404): this guide has a newer version. Reload the page.`
      : `${file} did not load (${why}). Check the network, then press Reset.`,
  broken: (file) => `${file} arrived damaged. Press Reset to load it again.`,
  failed: (why) => `This did not work: ${why}. Press Reset to start again.`,
}

/** Why the playground cannot run in this browser, undefined where it can. */
export function obstacle() {
  if (typeof WebAssembly !== "object") return MESSAGES.wasm
  if (typeof Worker !== "function") return MESSAGES.worker
  if (typeof DecompressionStream !== "function") return MESSAGES.old
  return undefined
}
