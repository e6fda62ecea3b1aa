// What the pages do beyond htmx: keys, rows one can select, closing of sheets. No framework, nothing inline.
"use strict";

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea");
  for (const element of document.querySelectorAll("[data-key]")) {
    if (event.key === element.dataset.key && (element.dataset.key.length > 1 || !typing) && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      if (element.matches("input, select, textarea")) { element.focus(); element.select?.(); } else { element.click(); }
      return;
    }
  }
  if (event.key === "Escape") {
    for (const sheet of document.querySelectorAll("details.pop[open]")) { sheet.open = false; sheet.querySelector("summary").focus(); }
  }
});

document.addEventListener("click", (event) => {
  for (const sheet of document.querySelectorAll("details.pop[open]")) {
    if (!sheet.contains(event.target)) { sheet.open = false; }
  }
  const all = event.target.closest("[data-select-all]");
  if (all) {
    for (const box of document.querySelectorAll(`input[name="${all.dataset.selectAll}"]`)) { box.checked = all.checked; }
  }
});

document.addEventListener("change", (event) => {
  if (event.target.closest("[data-submit-on-change]")) { event.target.form.requestSubmit(); }
});

// A form sent twice by a double click is sent once.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("hx-post")) { return; }
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  window.addEventListener("pageshow", () => { delete form.dataset.sent; }, { once: true });
});
