// The button of the page "Try it". Nothing else is loaded before somebody presses it.
const place = document.getElementById("playground")
const button = document.createElement("button")
button.type = "button"
button.className = "md-button md-button--primary"
button.textContent = "Start"
place.replaceChildren(button)
button.addEventListener("click", async () => {
  button.disabled = true
  try {
    const { open } = await import("./app.js")
    open(place)
  } catch (error) {
    button.disabled = false
    const said = document.createElement("p")
    said.setAttribute("role", "alert")
    said.textContent = `This did not load: ${error.message}. Try again, or reload the page.`
    place.append(said)
  }
})
if (location.hash.startsWith("#files=")) button.textContent = "Start with the files of this link"
if (location.hash.startsWith("#page=")) {
  button.textContent = "Run the page"
  // Whoever comes from a page of this site has pressed its button.
  if (document.referrer.startsWith(`${location.origin}/`)) button.click()
}
