// The page's side: files, an editor, a terminal and what the database holds. Python is in worker.js.
import { python } from "@codemirror/lang-python"
import { HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language"
import { tags } from "@lezer/highlight"
import { EditorView, basicSetup } from "codemirror"

const here = new URL(".", import.meta.url)
const LINES = ["25.1", "25.2", "25.3", "25.4", "26.1", "26.2", "26.3"]
const WORDS = {
  wasm: "This browser does not run WebAssembly, or its settings forbid it. The example on the page Example runs without a browser.",
}

// The theme's own colors of code, which are there in both schemes.
const COLORS = HighlightStyle.define(
  [
    [[tags.keyword, tags.modifier, tags.bool, tags.null], "keyword"],
    [[tags.string, tags.special(tags.string)], "string"],
    [[tags.number], "number"],
    [[tags.comment], "comment"],
    [[tags.function(tags.variableName), tags.definition(tags.className)], "function"],
    [[tags.operator, tags.punctuation, tags.bracket], "operator"],
  ].map(([tag, name]) => ({ tag, color: `var(--md-code-hl-${name}-color)` })),
)
const LOOK = EditorView.theme({
  "&": { height: "22rem", fontSize: "0.7rem", color: "var(--md-code-fg-color)" },
  "&.cm-editor.cm-focused": { outline: "2px solid var(--md-accent-fg-color)" },
  ".cm-scroller": { overflow: "auto" },
  ".cm-content": { caretColor: "var(--md-code-fg-color)" },
  ".cm-cursor": { borderLeftColor: "var(--md-code-fg-color)" },
  ".cm-gutters": { backgroundColor: "transparent", color: "inherit", border: "0" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
})

const make = (name, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(name), properties)
  element.append(...children)
  return element
}

/** Put the playground into an element, and start it. */
export function open(place) {
  if (typeof WebAssembly !== "object" || typeof DecompressionStream !== "function") {
    place.replaceChildren(make("p", { role: "alert", textContent: WORDS.wasm }))
    return
  }
  document.head.append(make("link", { rel: "stylesheet", href: new URL("style.css", here) }))
  place.replaceChildren()
  new Playground(place)
}

class Playground {
  constructor(place) {
    this.files = {}
    this.name = "models.py"
    this.history = []
    this.past = 0
    this.waiting = new Map()
    this.next = 0
    this.draw(place)
    fromLink()
      .catch(() => undefined)
      .then((given) => this.begin(given?.files, given?.line ?? "26.2"))
  }

  draw(place) {
    this.line = make("select", { id: "playground-line" }, ...LINES.map((line) => make("option", { textContent: line })))
    this.line.addEventListener("change", () => this.begin(this.files, this.line.value))
    const button = (text, action) => {
      const made = make("button", { type: "button", textContent: text })
      made.addEventListener("click", action)
      return made
    }
    this.stopButton = button("Stop", () => this.stop())
    this.stopButton.disabled = true
    this.bar = make("progress", { max: 1, value: 0 })
    this.bar.setAttribute("aria-label", "Loading")
    this.phase = make("span", { className: "playground-phase" })
    this.phase.setAttribute("role", "status")
    const tools = make(
      "div",
      { className: "playground-tools" },
      make("label", { htmlFor: "playground-line", textContent: "YDB " }),
      this.line,
      this.stopButton,
      button("Reset", () => this.begin(undefined, this.line.value)),
      button("Download", () => this.worker.postMessage({ type: "archive" })),
      button("Link", () => this.link()),
      this.bar,
      this.phase,
    )
    this.tree = make("ul", { className: "playground-tree" })
    const tree = make("nav", {}, this.tree)
    tree.setAttribute("aria-label", "Files of the project")
    const frame = make("div", { className: "playground-editor" })
    const shadow = frame.attachShadow({ mode: "open" }) // the editor's styles are adopted there, which the policy allows
    this.editor = new EditorView({
      parent: shadow,
      root: shadow,
      extensions: [
        basicSetup,
        python(),
        indentUnit.of("    "),
        EditorView.contentAttributes.of({ "aria-label": "Text of the file", tabindex: "0" }),
        LOOK,
        syntaxHighlighting(COLORS),
        EditorView.updateListener.of((update) => update.docChanged && this.edited()),
      ],
    })
    this.log = make("pre", { className: "playground-log", tabIndex: 0 })
    this.log.setAttribute("role", "log")
    this.log.setAttribute("aria-label", "What was printed")
    this.input = make("input", { id: "playground-input", autocomplete: "off", spellcheck: false, disabled: true })
    this.input.setAttribute("autocapitalize", "off")
    this.input.setAttribute("aria-label", "Command")
    this.prompt = make("span", { textContent: "$" })
    const form = make("form", { className: "playground-prompt" }, this.prompt, this.input)
    form.addEventListener("submit", (event) => {
      event.preventDefault()
      this.enter(this.input.value.trim())
    })
    this.input.addEventListener("keydown", (event) => this.recall(event))
    this.database = make("pre", { tabIndex: 0 })
    this.sent = make("pre", { tabIndex: 0 })
    const part = (title, content, isOpen) => make("details", { open: isOpen }, make("summary", { textContent: title }), content)
    place.append(
      tools,
      make("div", { className: "playground-files" }, tree, frame),
      make("div", { className: "playground-terminal" }, this.log, form),
      part("What the database holds", this.database, true),
      part("What the last command sent", this.sent, false),
    )
  }

  /** Start anew, with an empty database. */
  begin(files, line) {
    this.worker?.terminate()
    this.waiting.clear()
    this.line.value = line
    this.input.disabled = true
    this.stopButton.disabled = true
    this.began = performance.now()
    this.bar.hidden = false
    this.bar.value = 0
    this.phase.textContent = "Loading"
    this.log.replaceChildren()
    this.worker = new Worker(new URL("worker.js", here), { type: "module" })
    this.worker.onmessage = ({ data }) => this[`on_${data.type}`](data)
    this.worker.onerror = (event) => this.on_failed({ message: event.message ?? "the worker did not load" })
    this.worker.postMessage({ type: "start", files, line })
  }

  stop() {
    const files = this.files
    this.begin(files, this.line.value)
    this.say("Stopped. The files are as they were, the database is empty.\n")
  }

  on_progress({ loaded, total }) {
    this.bar.value = loaded / total
    this.phase.textContent = `${megabytes(loaded)} of ${megabytes(total)} MB`
  }

  on_phase({ text }) {
    this.bar.removeAttribute("value")
    this.phase.textContent = text
  }

  on_ready(state) {
    this.bar.hidden = true
    this.phase.textContent = `Ready after ${((performance.now() - this.began) / 1000).toFixed(1)} s`
    this.log.dataset.memory = state.memory
    this.show(state)
    this.input.disabled = false
    this.input.focus({ preventScroll: true })
  }

  on_output({ text }) {
    this.say(text)
  }

  on_done(state) {
    this.show(state)
    this.input.disabled = false
    this.stopButton.disabled = true
    this.log.dataset.done = state.id
    this.log.dataset.status = state.status
    this.input.focus({ preventScroll: true })
  }

  on_failed({ message }) {
    this.bar.hidden = true
    this.phase.textContent = ""
    const isMemory = /memory|allocat/i.test(message)
    const why = isMemory ? "The browser gives this page too little memory (it needs some 200 MB)" : message
    this.say(`This did not work: ${why}. Reset starts anew.\n`, "alert")
  }

  on_archive({ bytes }) {
    const url = URL.createObjectURL(new Blob([bytes], { type: "application/zip" }))
    make("a", { href: url, download: "example.zip" }).click()
    URL.revokeObjectURL(url)
  }

  enter(text) {
    if (!text || this.input.disabled) return
    const isQuery = this.prompt.textContent !== "$"
    this.history.push(text)
    this.past = this.history.length
    this.input.value = ""
    this.say(`${this.prompt.textContent} ${text}\n`, "typed")
    if (text === "clear") return this.log.replaceChildren()
    if (!isQuery && text === "yql") return (this.prompt.textContent = "yql>")
    if (isQuery && /^(exit|quit)$/.test(text)) return (this.prompt.textContent = "$")
    this.input.disabled = true
    this.stopButton.disabled = false
    this.worker.postMessage({ type: isQuery ? "ask" : "run", id: ++this.next, text })
  }

  recall(event) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key]
    if (!step) return
    event.preventDefault()
    this.past = Math.max(0, Math.min(this.history.length, this.past + step))
    this.input.value = this.history[this.past] ?? ""
  }

  say(text, kind) {
    if (kind) this.log.append(make(kind === "typed" ? "b" : "strong", { textContent: text }))
    else this.log.append(text)
    this.log.scrollTop = this.log.scrollHeight
  }

  show({ files, database, statements }) {
    this.files = files
    this.database.textContent = database || "Nothing yet."
    this.sent.textContent = statements.map(([text, error]) => (error ? `${text}\n-- ${error}` : text)).join(";\n\n")
    if (!(this.name in files)) this.name = Object.keys(files)[0]
    this.tree.replaceChildren(
      ...Object.keys(files).map((name) => {
        const entry = make("button", { type: "button", textContent: name })
        if (name === this.name) entry.setAttribute("aria-current", "true")
        entry.addEventListener("click", () => {
          this.name = name
          this.show({ files: this.files, database, statements })
        })
        return make("li", {}, entry)
      }),
    )
    const shown = this.editor.state.doc.toString()
    if (shown !== files[this.name]) {
      this.isShowing = true
      this.editor.dispatch({ changes: { from: 0, to: shown.length, insert: files[this.name] ?? "" } })
      this.isShowing = false
    }
  }

  edited() {
    if (this.isShowing) return
    const text = this.editor.state.doc.toString()
    this.files[this.name] = text
    this.worker.postMessage({ type: "save", name: this.name, text })
  }

  async link() {
    location.hash = `files=${await packed({ files: this.files, line: this.line.value })}`
    this.phase.textContent = "The address of this page now carries the files"
    await navigator.clipboard?.writeText(location.href).catch(() => {})
  }
}

const megabytes = (bytes) => (bytes / 1e6).toFixed(1)

/** A state as text for an address. */
async function packed(state) {
  const stream = new Blob([JSON.stringify(state)]).stream().pipeThrough(new CompressionStream("gzip"))
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer())
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")).replaceAll("+", "-").replaceAll("/", "_")
}

/** The state in this page's address, undefined where there is none. */
async function fromLink() {
  const found = /^#files=([\w=-]+)$/.exec(decodeURIComponent(location.hash))
  if (!found) return undefined
  const binary = atob(found[1].replaceAll("-", "+").replaceAll("_", "/"))
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0))
  return JSON.parse(await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text())
}
