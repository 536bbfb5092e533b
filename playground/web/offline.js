// The service worker of the page Try it: what never changes comes from what was kept, all else only without a network.
const NEVER_CHANGES = /\/playground\/[0-9a-f]{12}\//

self.addEventListener("install", () => self.skipWaiting())
self.addEventListener("fetch", (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== "GET" || url.origin !== location.origin) return
  event.respondWith(NEVER_CHANGES.test(url.pathname) ? keptFirst(request) : networkFirst(request))
})

async function keptFirst(request) {
  return (await kept(request)) ?? fetch(request)
}

async function networkFirst(request) {
  try {
    return await fetch(request)
  } catch (error) {
    const found = await kept(request)
    if (found) return found
    throw error
  }
}

async function kept(request) {
  try {
    return await caches.match(request)
  } catch {
    return undefined // the browser's storage is off
  }
}
