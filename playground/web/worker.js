// Python in a worker: loads its parts with their progress, then does what the page asks, one thing after the other.
import { loadPyodide } from "./pyodide.mjs"

const LIBRARY = "/lib/python3.14/site-packages"
const FOLDER = "/home/reader/example"
const here = new URL(".", self.location.href)

let tab

const say = (type, content = {}) => self.postMessage({ type, ...content })

self.onmessage = async ({ data }) => {
  try {
    await tasks[data.type](data)
  } catch (error) {
    say("failed", { id: data.id, message: error.message ?? String(error) })
  }
}

const tasks = {
  async start({ files, line }) {
    const manifest = await json("parts.json")
    const given = { folder: FOLDER, files: files ?? (await json("example.json")), line }
    const parts = await load(manifest)
    say("phase", { text: "Starting Python" })
    const python = await boot(manifest, parts)
    unpack(python, parts.modules)
    say("phase", { text: "Importing Alembic and the emulator" })
    python.FS.mkdirTree(FOLDER)
    const write = (text) => say("output", { text })
    python.globals.set("write", write)
    python.globals.set("sources", () => sources(python, manifest.sources))
    python.globals.set("given", JSON.stringify(given))
    tab = python.runPython("import json; from playground.tab import Tab; Tab(**json.loads(given), write=write, sources=sources)")
    tell(python)
    say("ready", { ...state(), ...about(python) })
  },
  run({ id, text }) {
    const status = tab.run(text)
    say("done", { id, status, ...state() })
  },
  ask({ id, text }) {
    const answer = tab.ask(text)
    say("output", { text: answer.toJs().join("\n") + "\n" })
    answer.destroy()
    say("done", { id, status: 0, ...state() })
  },
  save({ name, text }) {
    tab.save(name, text)
  },
  archive() {
    const bytes = tab.archive()
    say("archive", { bytes: bytes.toJs() })
    bytes.destroy()
  },
}

let asJson
const tell = (python) => {
  asJson = python.runPython("lambda tab: json.dumps(tab.state())")
}
const state = () => JSON.parse(asJson(tab))

const about = (python) => ({ memory: python._module.HEAP8.length })

const json = async (name) => (await fetch(new URL(name, here))).json()

/** The parts by name, from the cache of an earlier visit where they are in it. Says how many bytes have come. */
async function load({ parts, version }) {
  const cache = await open(version)
  const total = parts.reduce((sum, part) => sum + part.bytes, 0)
  let loaded = 0
  const found = await Promise.all(
    parts.map(async ({ name, file }) => {
      const url = new URL(file, here)
      const kept = await cache?.match(url)
      const response = kept ?? (await fetch(url))
      if (!response.ok) throw new Error(`${file}: ${response.status}`)
      if (!kept) await cache?.put(url, response.clone()).catch(() => {})
      const counted = new TransformStream({
        transform(chunk, controller) {
          loaded += chunk.length
          say("progress", { loaded, total })
          controller.enqueue(chunk)
        },
      })
      const stream = response.body.pipeThrough(counted).pipeThrough(new DecompressionStream("gzip"))
      return [name, new Uint8Array(await new Response(stream).arrayBuffer())]
    }),
  )
  return Object.fromEntries(found)
}

/** The cache of this version; those of others go. Undefined where the browser keeps nothing. */
async function open(version) {
  try {
    const own = `playground-${version}`
    const names = await caches.keys()
    await Promise.all(names.filter((name) => name.startsWith("playground-") && name !== own).map((name) => caches.delete(name)))
    return await caches.open(own)
  } catch {
    return undefined
  }
}

/** Pyodide asks for its files by fetch: it is given those that are here. */
async function boot(manifest, parts) {
  const types = { "pyodide.asm.wasm": "application/wasm", "python_stdlib.zip": "application/zip" }
  const elsewhere = self.fetch
  self.fetch = (resource, ...rest) => {
    const name = String(resource.url ?? resource).split("/").pop()
    return name in types
      ? Promise.resolve(new Response(parts[name], { headers: { "Content-Type": types[name] } }))
      : elsewhere(resource, ...rest)
  }
  try {
    return await loadPyodide({ indexURL: here.href, lockFileContents: manifest.lock, packageBaseUrl: here.href })
  } finally {
    self.fetch = elsewhere
  }
}

/** Write files: a length, that many bytes of an index of names and sizes, and the files one after the other. */
function unpack({ FS }, packed) {
  const length = new DataView(packed.buffer, packed.byteOffset).getUint32(0, true)
  const index = JSON.parse(new TextDecoder().decode(packed.subarray(4, 4 + length)))
  const folders = new Set()
  let at = 4 + length
  for (const [name, size] of index) {
    const path = `${LIBRARY}/${name}`
    const folder = path.slice(0, path.lastIndexOf("/"))
    if (!folders.has(folder)) {
      FS.mkdirTree(folder)
      folders.add(folder)
    }
    FS.writeFile(path, packed.subarray(at, at + size))
    at += size
  }
}

let hasSources = false

/** The sources of the modules, for a traceback, which is written at once: so they are waited for, unlike all else. */
function sources(python, { file }) {
  if (hasSources) return
  hasSources = true
  const request = new XMLHttpRequest()
  request.open("GET", new URL(file, here), false)
  request.responseType = "arraybuffer"
  request.send()
  if (request.status !== 200) return // the traceback has line numbers alone
  const decompress = python.runPython("import gzip; lambda packed: gzip.decompress(packed.to_bytes())")
  unpack(python, decompress(new Uint8Array(request.response)).toJs())
}
