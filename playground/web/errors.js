// Finds the entries of the page Errors for what a command printed.
let entries

/** The entries: words, an anchor, a pattern. None where they do not load: then there are no links. */
export function load(here) {
  return (entries ??= fetched(here).catch(() => {
    entries = undefined // to be asked for again
    return []
  }))
}

async function fetched(here) {
  const found = await (await fetch(new URL("errors.json", here))).json()
  return found.map(([words, anchor, pattern]) => ({ words, anchor, pattern: new RegExp(pattern) }))
}

/** The entries that explain a text, without those whose words are part of another one's. */
export function explaining(text, entries) {
  const plain = text.replaceAll("\\'", "'") // as the client shows YDB's words
  const found = entries.filter(({ pattern }) => pattern.test(plain))
  return found.filter((entry) => !found.some((other) => other !== entry && other.words.includes(entry.words)))
}
