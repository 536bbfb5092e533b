// A link that asks for the words of an error opens the search. Without scripts it leads to the page of errors.
document.addEventListener("click", (event) => {
  const query = event.target.closest(".ask") && document.querySelector("[data-md-component=search-query]");
  if (!query) return;
  event.preventDefault();
  document.querySelector("[data-md-toggle=search]").checked || document.querySelector("[data-md-toggle=search]").click();
  query.focus();
});
