// Python in a worker: loads its parts with their progress, then does what the page asks, one thing after the other.
import { forget, opened } from "./keep.js"
import { loadPyodide } from "./pyodide.mjs"

const LIBRARY = "/lib/python3.14"
const FOLDER = "/home/reader/example"
const here = new URL(".", self.location.href)

let python, tab, needed
let saved = 0 // the number of the last file that was saved
let done = Promise.resolve()

const say = (type, content = {}) => self.postMessage({ type, ...content })

self.onmessage = ({ data }) => {
  done = done.then(() => perform(data))
}

const perform = async (data) => {
  try {
    await tasks[data.type](data)
  } catch (error) {
    const { file, kind, message } = error
    say("failed", { id: data.id, file, kind, message: message ?? String(error) })
  }
}

const tasks = {
  async start({ files, line }) {
    python ??= await prepare()
    python.globals.set("given", JSON.stringify({ folder: FOLDER, files: files ?? (await json("example.json")), line }))
    tab?.close()
    tab?.destroy()
    tab = python.runPython("Tab(**json.loads(given), write=write, sources=sources)")
    say("ready", { ...state(), ...about(python), needed })
    tab.warm() // in the first command's time otherwise
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
  step({ step }) {
    const outcome = JSON.parse(asOutcome(tab, JSON.stringify(step)))
    say("stepped", { outcome, ...state() })
  },
  save({ number, name, text }) {
    tab.save(name, text)
    saved = number
  },
  archive() {
    const bytes = tab.archive()
    say("archive", { bytes: bytes.toJs() })
    bytes.destroy()
  },
}

/** Python with all that a tab needs. */
async function prepare() {
  const manifest = await json("parts.json")
  const parts = load(manifest)
  parts.modules.then(() => say("phase", { text: "Starting Python" })).catch(() => {})
  const [python, modules] = await Promise.race([parts.failed, Promise.all([boot(manifest, parts), parts.modules])])
  unpack(python, modules)
  say("phase", { text: "Importing Alembic and the emulator" })
  python.FS.mkdirTree(FOLDER)
  python.globals.set("write", (text) => say("output", { text }))
  python.globals.set("sources", () => sources(python, manifest.sources))
  python.runPython("import json; from playground.tab import Tab")
  tell(python)
  const packed = [...manifest.parts, manifest.sources].map((part) => part.file)
  needed = ["worker.js", "pyodide.mjs", "pyodide.asm.mjs", "parts.json", "example.json", "errors.json", ...packed]
  return python
}

let asJson, asOutcome
const tell = (python) => {
  asOutcome = python.runPython("lambda tab, step: json.dumps(tab.step(json.loads(step)))")
  asJson = python.runPython("lambda tab: json.dumps(tab.state())")
}
const state = () => ({ ...JSON.parse(asJson(tab)), saved })

const about = (python) => ({ memory: python._module.HEAP8.length })

class PartError extends Error {
  /** In: the file, what happened ("missing" or "broken"), and why. */
  constructor(file, kind, why) {
    super(why)
    Object.assign(this, { file, kind })
  }
}

/** Fetch a file of this build. Rejects with a PartError. */
async function file(name) {
  const found = await fetch(new URL(name, here)).catch((error) => Promise.reject(new PartError(name, "missing", error.message)))
  if (!found.ok) throw new PartError(name, "missing", found.status)
  return found
}

async function json(name) {
  const found = await file(name)
  return found.json().catch(() => Promise.reject(new PartError(name, "broken", "not JSON")))
}

/** The parts: WebAssembly and Python's library as responses, the former compiled as it comes; the modules as bytes.
 *
 * They come from what an earlier visit has kept, where it has. `failed` rejects with the PartError of the first that does
 * not come: whoever waits for it says less about it. Says how many bytes have come.
 */
function load({ parts }) {
  const cache = opened(here)
  const total = parts.reduce((sum, part) => sum + part.bytes, 0)
  let loaded = 0
  let fail
  const failed = new Promise((_, reject) => (fail = reject))
  failed.catch((error) => error instanceof PartError && forget(here)) // what was kept may be what is broken
  const fetched = async (part) => {
    const url = new URL(part.file, here)
    const kept = await (await cache)?.match(url)
    const response = kept ?? (await file(part.file))
    if (!kept) (await cache)?.put(url, response.clone()).catch(() => {})
    const counted = new TransformStream({
      transform(chunk, controller) {
        loaded += chunk.length
        say("progress", { loaded, total })
        controller.enqueue(chunk)
      },
    })
    const unpacked = response.body.pipeThrough(counted).pipeThrough(new DecompressionStream("gzip"))
    const [used, watched] = unpacked.tee()
    watched.pipeTo(new WritableStream()).catch((error) => fail(new PartError(part.file, "broken", error.message)))
    return new Response(used, { headers: { "Content-Type": TYPES[part.name] ?? "application/octet-stream" } })
  }
  const named = (name) => {
    const response = fetched(parts.find((part) => part.name === name))
    response.catch(fail)
    return response
  }
  return {
    failed,
    fail,
    wasm: named("pyodide.asm.wasm"),
    library: named("python_stdlib.zip"),
    modules: named("modules").then(async (response) => new Uint8Array(await response.arrayBuffer().catch(() => failed))),
  }
}

const TYPES = { "pyodide.asm.wasm": "application/wasm", "python_stdlib.zip": "application/zip" }

/** Pyodide asks for its files by fetch: it is given those that are on their way. */
async function boot(manifest, { wasm, library, fail }) {
  const given = { "pyodide.asm.wasm": wasm, "python_stdlib.zip": library }
  const elsewhere = self.fetch
  const instantiate = WebAssembly.instantiateStreaming
  WebAssembly.instantiateStreaming = (...given) => {
    const instance = instantiate.apply(WebAssembly, given)
    instance.catch((error) => setTimeout(fail, 0, error)) // Pyodide waits forever then; a broken part is told of first
    return instance
  }
  self.fetch = (resource, ...rest) => {
    const name = String(resource.url ?? resource).split("/").pop()
    return given[name] ?? elsewhere(resource, ...rest)
  }
  try {
    const env = { PYTHONTZPATH: "" } // no time zones are there, and to ask where takes the whole of Python's configuration
    return await loadPyodide({ indexURL: here.href, lockFileContents: manifest.lock, packageBaseUrl: here.href, env })
  } finally {
    self.fetch = elsewhere
    WebAssembly.instantiateStreaming = instantiate
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
    FS.writeFile(path, packed.subarray(at, at + size), { canOwn: true }) // not copied
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
