// The page's side: files, an editor, a terminal and what the database holds. Python is in worker.js.
import { python } from "@codemirror/lang-python"
import { HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language"
import { EditorState } from "@codemirror/state"
import { tags } from "@lezer/highlight"
import { EditorView, basicSetup } from "codemirror"
import { explaining, load as loadErrors } from "./errors.js"
import { keep } from "./keep.js"
import { MESSAGES, obstacle } from "./messages.js"
import { Steps, wanted } from "./steps.js"

const here = new URL(".", import.meta.url)
const LINES = ["25.1", "25.2", "25.3", "25.4", "26.1", "26.2", "26.3"]
const NEWEST_LINE = "26.2"
const LONGEST_LINK = 30_000 // characters; messengers and older browsers cut what is much longer
const EXPLAINED = /(?:^|&&|[;|])\s*(\w+=\S+\s+)*(timeout\s+\S+\s+)?(alembic|python|yql)\b/ // what can bring a refusal of YDB

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
  "&": { height: "16rem", fontSize: "0.7rem", color: "var(--md-code-fg-color)" },
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
  const why = obstacle()
  if (why) {
    place.replaceChildren(make("p", { role: "alert", textContent: why }))
    return
  }
  document.head.append(make("link", { rel: "stylesheet", href: new URL("style.css", here) }))
  place.replaceChildren()
  const playground = new Playground(place)
  addEventListener("hashchange", () => (wanted() ? playground.follow(wanted()) : playground.open()))
}

class Playground {
  constructor(place) {
    this.place = place
    this.files = {}
    this.name = "models.py"
    this.history = []
    this.past = 0
    this.next = 0
    this.saves = new Map() // the number of the last change of each file that Python may not have yet
    this.edits = 0
    this.changed = new Set() // the files that the reader has changed, by hand or by a command
    this.draw(place)
    if (wanted()) this.follow(wanted())
    else this.open()
  }

  /** Begin with the files in the address, or with the example. Once begun, another address without files changes nothing. */
  async open() {
    if (this.worker && !location.hash.startsWith("#files=")) return
    this.steps?.remove()
    this.steps = undefined
    const given = await fromLink().catch(() => ({ said: MESSAGES.damaged }))
    this.begin(given?.files, given?.line, given?.said)
  }

  /** Follow a page of the guide, if there is one to follow. */
  follow(page) {
    if (!page) return
    this.steps?.remove()
    this.steps = new Steps(this, page)
  }

  draw(place) {
    this.line = make("select", { id: "playground-line" }, ...LINES.map((line) => make("option", { textContent: line })))
    this.line.addEventListener("change", () => this.choose())
    const button = (text, action) => {
      const made = make("button", { type: "button", textContent: text })
      made.addEventListener("click", action)
      return made
    }
    this.stopButton = button("Stop", () => this.stop())
    this.stopButton.disabled = true
    this.downloadButton = button("Download", () => this.worker.postMessage({ type: "archive" }))
    this.linkButton = button("Link", () => this.link())
    this.bytes = make("span") // not a part of the status: it changes too often to be read aloud
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
      button("Reset", () => this.reset()),
      this.downloadButton,
      this.linkButton,
      this.bar,
      this.bytes,
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
        EditorState.changeFilter.of(() => this.isShowing || (this.isOpen && this.name in this.files)),
        LOOK,
        syntaxHighlighting(COLORS),
        EditorView.updateListener.of((update) => update.docChanged && this.edited()),
      ],
    })
    this.log = make("pre", { className: "playground-log", tabIndex: 0 })
    this.log.setAttribute("role", "log")
    this.log.setAttribute("aria-label", "What was printed")
    this.input = make("input", { id: "playground-input", autocomplete: "off", spellcheck: false, readOnly: true })
    this.input.setAttribute("autocapitalize", "off")
    this.input.setAttribute("aria-label", "Command")
    this.prompt = make("span", { textContent: "$" })
    const form = make("form", { className: "playground-prompt" }, this.prompt, this.input)
    form.addEventListener("submit", (event) => {
      event.preventDefault()
      this.enter(this.input.value.trim())
    })
    this.input.addEventListener("keydown", (event) => this.recall(event))
    const terminal = make("div", { className: "playground-terminal" }, this.log, form)
    terminal.addEventListener("keydown", (event) => this.interrupt(event))
    this.log.addEventListener("click", () => getSelection().isCollapsed && this.input.focus({ preventScroll: true }))
    place.addEventListener("keydown", (event) => event.stopPropagation()) // n would lead to the next page of the guide
    this.database = make("pre", { tabIndex: 0 })
    this.sent = make("pre", { tabIndex: 0 })
    const part = (title, content, isOpen) => make("details", { open: isOpen }, make("summary", { textContent: title }), content)
    place.append(
      tools,
      make("div", { className: "playground-files" }, tree, frame),
      terminal,
      part("What the database holds", this.database, true),
      part("What the last command sent", this.sent, false),
    )
  }

  /** Start anew, with an empty database, in a Python that is kept if it can be and `keeps` says so. */
  begin(files, line, said, keeps = false) {
    const isKept = keeps && !this.input.readOnly
    if (!isKept && this.worker) this.worker.onmessage = this.worker.onerror = null // what it has said already may still be on its way
    if (!isKept) this.worker?.terminate()
    this.saves.clear()
    if (files !== this.files) this.changed.clear()
    this.admit(false)
    this.chosen = this.line.value = LINES.includes(line) ? line : NEWEST_LINE
    this.prompt.textContent = "$"
    this.input.readOnly = true
    this.stopButton.disabled = true
    this.began = performance.now()
    this.bar.hidden = false
    this.bar.value = 0
    this.phase.textContent = "Loading"
    this.log.replaceChildren()
    if (said) this.say(`${said}\n`, "alert")
    if (!isKept) {
      try {
        this.worker = new Worker(new URL("worker.js", here), { type: "module" })
      } catch {
        return this.failed(MESSAGES.worker)
      }
      this.worker.onmessage = ({ data }) => this[`on_${data.type}`](data)
      this.worker.onerror = ({ message }) => this.on_failed(message ? { message } : { file: "worker.js", message: "not found" })
    }
    this.worker.postMessage({ type: "start", files, line: this.line.value })
  }

  /** Whether files can be changed and carried away: not before Python is there to take them, nor while a step changes them. */
  admit(is) {
    this.isOpen = is
    this.downloadButton.disabled = this.linkButton.disabled = !is
  }

  async reset() {
    if (!(await this.mayDrop("Reset"))) return
    if (this.steps) this.steps.restart({ isNew: true })
    else this.begin(undefined, this.line.value)
  }

  /** Another release line. A page that is followed begins again, the files are kept otherwise. */
  async choose() {
    if (!this.steps) this.begin(this.files, this.line.value)
    else if (await this.mayDrop("Restart")) this.steps.restart()
    else this.line.value = this.chosen
  }

  /** Whether what the reader has changed may go. Asks, where there is something. In: what it goes with, as its button says. */
  mayDrop(what) {
    if (!this.changed.size) return Promise.resolve(true)
    const button = (textContent, value) => {
      const made = make("button", { type: "button", textContent })
      made.addEventListener("click", () => dialog.close(value))
      return made
    }
    const said = make("p", { id: "playground-question", textContent: `${what} drops what you changed: ${[...this.changed].join(", ")}.` })
    const keep = button("Keep my changes", "")
    const buttons = make("div", { className: "playground-tools" }, keep, button(what, "drop"))
    const dialog = make("dialog", { className: "playground-dialog" }, said, buttons)
    dialog.setAttribute("aria-labelledby", said.id)
    this.place.append(dialog)
    dialog.showModal()
    keep.focus()
    return new Promise((answer) =>
      dialog.addEventListener("close", () => {
        dialog.remove()
        answer(dialog.returnValue === "drop")
      }),
    )
  }

  /** Ctrl+C in the terminal stops what runs; where text is selected, it copies, as everywhere. */
  interrupt(event) {
    const { key, ctrlKey, altKey, metaKey, shiftKey } = event
    const isKey = key.toLowerCase() === "c" && ctrlKey && !altKey && !metaKey && !shiftKey
    const isSelected = !getSelection().isCollapsed || this.input.selectionStart !== this.input.selectionEnd
    if (!isKey || isSelected || this.stopButton.disabled) return
    event.preventDefault()
    this.stop()
  }

  stop() {
    this.begin(this.files, this.line.value)
    this.say("Stopped. The files are as they were, the database is empty.\n")
    this.steps?.stopped("Stopped. The database is empty now: Restart begins the page again.")
  }

  on_progress({ loaded, total }) {
    this.bar.value = loaded / total
    this.bytes.textContent = `${megabytes(loaded)} of ${megabytes(total)} MB`
  }

  on_phase({ text }) {
    this.bar.removeAttribute("value")
    this.bytes.textContent = ""
    this.phase.textContent = text
  }

  on_ready(state) {
    this.bar.hidden = true
    this.bytes.textContent = ""
    this.phase.textContent = `Ready after ${((performance.now() - this.began) / 1000).toFixed(1)} s`
    this.log.dataset.memory = state.memory
    this.admit(true)
    this.show(state)
    this.keep(state.needed)
    this.input.readOnly = false
    if (!this.steps && !this.log.textContent) this.say("Type alembic upgrade head and press Enter. help lists the commands.\n")
    if (this.steps) this.steps.ready()
    else this.focus(this.input)
  }

  /** Give the focus to an element, but do not take it from somebody who types elsewhere. */
  focus(element) {
    const typedIn = document.activeElement?.closest("input, select, textarea, .playground-editor")
    if (!typedIn || typedIn === this.input) element.focus({ preventScroll: true })
  }

  on_stepped(state) {
    this.explain()
    this.show(state)
    this.steps?.stepped(state.outcome)
  }

  on_output({ text }) {
    this.printed += text
    this.say(text)
  }

  /** Keep what was loaded, and fetch what a refusal needs: all of it after the first command can be typed. */
  async keep(needed) {
    loadErrors(here)
    const isKept = await keep(here, needed)
    this.log.dataset.kept = isKept
    if (!isKept && !this.hasSaid) this.say(`${MESSAGES.unkept}\n`)
    this.hasSaid = true
  }

  /** Links to what explains the refusals of the last command. */
  explain() {
    if (!this.isExplained) return
    const [printed, links] = [this.printed, make("span")]
    this.log.append(links) // where they belong, should the entries still be on their way
    loadErrors(here).then((entries) => {
      for (const { words, anchor } of explaining(printed, entries)) {
        const href = new URL(`../../../reference/errors/#${anchor}`, here).href
        links.append("See Errors: ", make("a", { href, target: "_blank", textContent: words }), "\n")
      }
      this.log.scrollTop = this.log.scrollHeight
    })
  }

  on_done(state) {
    this.explain()
    for (const name of new Set([...Object.keys(this.files), ...Object.keys(state.files)])) {
      if (this.files[name] !== state.files[name]) this.changed.add(name)
    }
    this.show(state)
    this.input.readOnly = false
    this.stopButton.disabled = true
    this.log.dataset.done = state.id
    this.log.dataset.status = state.status
    this.focus(this.input)
  }

  on_failed({ kind, file, message }) {
    const isMemory = kind === "memory" || /memory|allocat/i.test(message)
    if (kind === "broken") this.failed(MESSAGES.broken(file))
    else if (file) this.failed(MESSAGES.missing(file, message))
    else this.failed(isMemory ? MESSAGES.memory : MESSAGES.failed(message))
  }

  failed(words) {
    this.bar.hidden = true
    this.bytes.textContent = ""
    this.phase.textContent = ""
    this.stopButton.disabled = true
    this.say(`${words}\n`, "alert")
    this.steps?.stopped("Restart begins the page again.")
  }

  on_archive({ bytes }) {
    const url = URL.createObjectURL(new Blob([bytes], { type: "application/zip" }))
    make("a", { href: url, download: "example.zip" }).click()
    URL.revokeObjectURL(url)
  }

  enter(text) {
    if (!text || this.input.readOnly) return
    const isQuery = this.prompt.textContent !== "$"
    this.history.push(text)
    this.past = this.history.length
    this.input.value = ""
    this.say(`${this.prompt.textContent} ${text}\n`, "typed")
    this.expect(isQuery || EXPLAINED.test(text))
    if (text === "clear") return this.log.replaceChildren()
    if (!isQuery && text === "yql") return (this.prompt.textContent = "yql>")
    if (isQuery && /^(exit|quit)$/.test(text)) return (this.prompt.textContent = "$")
    this.input.readOnly = true
    this.stopButton.disabled = false
    this.worker.postMessage({ type: isQuery ? "ask" : "run", id: ++this.next, text })
  }

  /** What is printed from here on is of a new command, which can bring a refusal of YDB or not. */
  expect(isExplained) {
    this.printed = ""
    this.isExplained = isExplained
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

  /** Show a file in the editor. */
  look(name) {
    this.name = name
    this.show(this.state)
  }

  show(state) {
    this.state = state
    const { files, database, statements, saved } = state
    for (const [name, number] of this.saves) {
      if (number > saved) files[name] = this.files[name] // changed since Python has looked
      else this.saves.delete(name)
    }
    this.files = files
    this.database.textContent = database || "Nothing yet."
    this.sent.textContent = statements.map(([text, error]) => (error ? `${text}\n-- ${error}` : text)).join(";\n\n")
    if (!(this.name in files)) this.name = Object.keys(files)[0]
    this.tree.replaceChildren(
      ...Object.keys(files).map((name) => {
        const entry = make("button", { type: "button", textContent: name })
        if (name === this.name) entry.setAttribute("aria-current", "true")
        entry.addEventListener("click", () => this.look(name))
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
    this.changed.add(this.name)
    this.saves.set(this.name, ++this.edits)
    this.worker.postMessage({ type: "save", number: this.edits, name: this.name, text })
  }

  async link() {
    const carried = await packed({ files: this.files, line: this.line.value })
    if (carried.length > LONGEST_LINK) return (this.phase.textContent = MESSAGES.long)
    history.pushState(undefined, "", `#files=${carried}`) // without the event of an address that somebody enters
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

/** The state in this page's address, undefined where there is none. Rejects where it is damaged. */
async function fromLink() {
  if (!location.hash.startsWith("#files=")) return undefined
  const binary = atob(decodeURIComponent(location.hash.slice(7)).replaceAll("-", "+").replaceAll("_", "/"))
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0))
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))
  const { files, line } = JSON.parse(await new Response(stream).text())
  if (!Object.values(files).every((text) => typeof text === "string")) throw new TypeError("files are texts")
  return { files, line }
}
