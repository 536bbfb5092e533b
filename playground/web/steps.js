// "Run this page": the blocks of a page of the guide, one after the other. Python does and compares them (steps.py).
const here = new URL(".", import.meta.url)
const RECORDED = "26.2" // the release line that pages are recorded on
const MARKS = { done: "done", same: "as on the page", differs: "differs", failed: "not done" }

const make = (name, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(name), properties)
  element.append(...children)
  return element
}

/** The page that the address of this one asks for, and how many of its steps to do at once; undefined for none. */
export function wanted() {
  const found = /^#page=([^&]*)(?:&block=(\d{1,3}))?/.exec(location.hash)
  return found && { name: found[1], block: Number(found[2] ?? 1) - 1 }
}

/** The steps of a page. Throws an Error, in words for the reader, where there are none. */
async function load(name) {
  const none = `This guide has no page ${name} that runs here. You get the example project instead.`
  if (!/^[\w-]+(\/[\w-]+)*$/.test(name)) throw new Error(none)
  const response = await fetch(new URL(`steps/${name}.json`, here)).catch(() => {
    throw new Error("The steps of the page did not load. You get the example project; reload to try again.")
  })
  if (!response.ok) throw new Error(none)
  return response.json().catch(() => {
    throw new Error(none)
  })
}

export class Steps {
  /** Draws itself into the playground's place once the page is there, and starts the playground. */
  constructor(playground, { name, block }) {
    this.playground = playground
    this.name = name
    this.outcomes = []
    this.isReady = this.isBusy = false
    playground.line.value = RECORDED
    load(name).then(
      (page) => {
        if (playground.steps !== this) return // another page has been asked for meanwhile
        this.page = page
        this.draw(playground.place)
        this.restart({ until: block })
      },
      (error) => {
        if (playground.steps !== this) return
        playground.steps = undefined
        playground.begin(undefined, RECORDED, error.message)
      },
    )
  }

  draw(place) {
    const button = (text, action) => {
      const made = make("button", { type: "button", textContent: text })
      made.addEventListener("click", () => made.getAttribute("aria-disabled") !== "true" && action())
      return made
    }
    this.nextButton = button("Next", () => this.run(this.at + 1))
    this.allButton = button("Run all", () => (this.isBusy ? this.pause() : this.run(this.page.steps.length)))
    this.hereButton = button("Run to here", () => this.to(this.shown))
    this.status = make("p", { className: "playground-status" })
    this.status.setAttribute("role", "status")
    this.list = make("ol", {}, ...this.page.steps.map((step, number) => this.entry(step, number)))
    this.label = make("p", { className: "playground-label" })
    this.text = make("pre", { tabIndex: 0, role: "group" })
    this.text.setAttribute("aria-label", "The block on the page")
    this.difference = make("pre", { tabIndex: 0, role: "group", className: "playground-difference", hidden: true })
    this.difference.setAttribute("aria-label", "The difference: - is the page's, + is what happened")
    const link = make("a", { href: new URL(`../../../${this.name === "index" ? "" : `${this.name}/`}`, here), textContent: this.page.title })
    this.section = make(
      "section",
      { className: "playground-steps" },
      make("p", {}, "The page ", link, ", step by step. Between two steps, change a file or type a command."),
      make("div", { className: "playground-tools" }, this.nextButton, this.allButton, button("Restart", () => this.again()), this.hereButton),
      this.status,
      make("div", { className: "playground-block" }, this.list, make("div", {}, this.label, this.text, this.difference)),
    )
    this.section.setAttribute("aria-label", `Steps of the page ${this.page.title}`)
    place.querySelector(".playground-tools").after(this.section, place.querySelector(".playground-terminal"))
  }

  entry(step, number) {
    const button = make("button", { type: "button" }, make("span", { textContent: `${number + 1}. ${title(step)}` }), make("em"))
    button.addEventListener("click", () => this.show(number))
    return make("li", {}, button)
  }

  get at() {
    return this.outcomes.length
  }

  /** Begin the page again with an empty database, in a new Python if it has to be, and do so many steps of it. */
  restart({ until = 0, isNew = false } = {}) {
    if (!this.page) return // it comes
    this.outcomes = []
    this.isReady = this.isBusy = this.isStopped = false
    this.until = until
    this.show(0)
    this.tell("Loading.")
    this.playground.begin({ ...this.page.files }, this.playground.line.value, undefined, !isNew)
  }

  /** Another page is followed from here on. */
  remove() {
    this.section?.remove()
  }

  /** Python is there. */
  ready() {
    if (this.isStopped || !this.page) return
    this.isReady = true
    this.playground.focus(this.nextButton)
    this.tell(`${this.page.steps.length} steps. Next does the first one.`)
    this.run(this.until)
  }

  /** The worker has ended, and the database with it. */
  stopped(text) {
    if (!this.page) return
    this.isStopped = true
    this.isReady = this.isBusy = false
    this.tell(text)
  }

  to(number) {
    if (number < this.at) this.again({ until: number })
    else this.run(number)
  }

  /** Begin the page again, if what the reader has changed may go. */
  async again(how) {
    if (await this.playground.mayDrop("Restart")) this.restart(how)
  }

  pause() {
    this.until = this.at
  }

  /** Do the steps before this one. */
  run(until) {
    if (!this.isReady || this.playground.input.readOnly || this.at >= Math.min(until, this.page.steps.length)) return
    this.until = Math.min(until, this.page.steps.length)
    this.isBusy = true
    this.playground.input.readOnly = true
    this.playground.admit(false)
    this.playground.stopButton.disabled = false
    this.send()
  }

  send() {
    const step = this.page.steps[this.at]
    this.playground.expect(step.kind === "session" || step.kind === "yql")
    this.show(this.at)
    this.tell(`Step ${this.at + 1} of ${this.page.steps.length} …`)
    this.playground.worker.postMessage({ type: "step", step })
  }

  /** A step has been done. */
  stepped(outcome) {
    if (!this.isBusy) return // it was one of another page
    const step = this.page.steps[this.at]
    this.outcomes.push(outcome)
    if (step.name in this.playground.files && outcome.ended !== "failed") this.playground.look(step.name)
    this.show(this.at - 1)
    if (outcome.ended === "failed") this.until = this.at
    if (this.at < this.until) return this.send()
    this.isBusy = false
    this.playground.input.readOnly = false
    this.playground.admit(true)
    this.playground.stopButton.disabled = true
    this.tell(this.said(step, outcome))
  }

  said(step, outcome) {
    const went = {
      same: step.kind === "generated" ? `${step.name} is as on the page.` : "The output is the page's.",
      differs: step.kind === "generated" ? `${step.name} differs from the page.` : "The output differs from the page's.",
    }[outcome.ended]
    const compared = this.outcomes.filter(({ ended }) => ended === "same" || ended === "differs")
    const same = compared.filter(({ ended }) => ended === "same")
    const isEnd = this.at === this.page.steps.length
    const end = isEnd ? ` That was the last step: ${same.length} of ${compared.length} outputs are the page's.` : ""
    const line = this.playground.line.value
    const other = line === RECORDED || same.length === compared.length ? "" : ` The page shows YDB ${RECORDED}, this is ${line}.`
    return `Step ${this.at} of ${this.page.steps.length}: ${went ?? outcome.said}${end}${other}`
  }

  tell(text) {
    this.status.textContent = text
    this.allButton.textContent = this.isBusy ? "Pause" : "Run all"
    const isOver = !this.isReady || this.at === this.page.steps.length
    this.nextButton.setAttribute("aria-disabled", String(isOver || this.isBusy))
    this.allButton.setAttribute("aria-disabled", String(isOver))
  }

  /** Show a block of the page, and how it went. */
  show(number) {
    this.shown = number
    const step = this.page.steps[number]
    const outcome = this.outcomes[number]
    this.label.textContent = `${number + 1}. ${title(step)}`
    this.text.textContent = step.text
    this.difference.textContent = outcome?.difference ?? ""
    this.difference.hidden = !outcome?.difference
    this.hereButton.hidden = number === this.at
    this.list.querySelectorAll("button").forEach((entry, index) => {
      if (index === number) entry.setAttribute("aria-current", "step")
      else entry.removeAttribute("aria-current")
      const ended = this.outcomes[index]?.ended
      entry.lastChild.textContent = ended ? MARKS[ended] : ""
      entry.dataset.ended = ended ?? ""
    })
    const shown = this.list.children[number]
    this.list.scrollTop = shown.offsetTop - this.list.offsetTop - this.list.clientHeight / 3
  }
}

/** What a step is called. */
function title({ kind, name, text }) {
  const first = text.split("\n", 1)[0]
  if (kind === "session") return first
  if (kind === "yql") return `YQL: ${first}`
  return `${{ file: "Write", diff: "Change", section: "Look at", generated: "Look at" }[kind]} ${name}`
}
