// Keeps what the page needs, so that a later visit loads little and needs no network (offline.js).

/** The cache of this build. Its name begins with the page's address: other sites may share the browser's storage. */
const names = (here) => {
  const page = new URL("../../", here).pathname
  return { prefix: `playground ${page} `, own: `playground ${page} ${new URL(here).pathname.split("/").at(-2)}` }
}

/** The cache of this build. Undefined where the browser keeps nothing. */
export async function opened(here) {
  try {
    return await caches.open(names(here).own)
  } catch {
    return undefined
  }
}

/** Forget what was kept of this build: it may be broken. */
export async function forget(here) {
  try {
    await caches.delete(names(here).own)
  } catch {
    // nothing was kept
  }
}

/** Keep the page, what it has loaded, and files of this build; forget other builds. Out: whether that is done. */
export async function keep(here, files) {
  const cache = await opened(here)
  if (!cache || !navigator.serviceWorker) return false
  const page = new URL("../../", here)
  try {
    const loaded = performance.getEntriesByType("resource").map((entry) => entry.name.split("#")[0])
    const own = files.map((file) => new URL(file, here).href)
    const urls = new Set([page.href, ...loaded.filter((url) => url.startsWith(location.origin)), ...own])
    await Promise.all([...urls].map((url) => add(cache, url, url.startsWith(here.href))))
    await navigator.serviceWorker.register(new URL("offline.js", page))
    const { prefix, own: current } = names(here)
    const others = (await caches.keys()).filter((name) => name.startsWith(prefix) && name !== current)
    await Promise.all(others.map((name) => caches.delete(name)))
    return true
  } catch {
    return false
  }
}

/** Put what an address leads to into the cache, from the browser's own where it has it. */
async function add(cache, url, neverChanges) {
  if (neverChanges && (await cache.match(url))) return
  const response = await fetch(url, { cache: "force-cache" })
  if (response.ok && !response.redirected) await cache.put(url, response)
}
