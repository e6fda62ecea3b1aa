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

// Deeds: a form opened in place gets the focus and can be closed; a refusal stands beside the field it names.
document.addEventListener("htmx:afterSwap", (event) => {
  const slot = event.detail.target;
  if (slot.classList.contains("doing")) { slot.querySelector("input:not([type=hidden]), select, textarea")?.focus(); }
  const said = slot.querySelector("[data-where]");
  const field = said?.dataset.where && said.closest("form[data-deed]")?.querySelector(`[name="${CSS.escape(said.dataset.where)}"]`);
  if (field && !said.querySelector("button")) { field.setAttribute("aria-invalid", "true"); field.closest(".field")?.append(said); field.focus(); }
});
document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.target.closest("form[data-deed]");
  if (!form) { return; }
  for (const field of form.querySelectorAll("[aria-invalid]")) { field.removeAttribute("aria-invalid"); }
  for (const said of form.querySelectorAll("[data-where]")) { said.remove(); }
});
document.addEventListener("click", (event) => {
  const close = event.target.closest("[data-close-deed]");
  const slot = close?.closest(".doing");
  if (slot) { event.preventDefault(); slot.replaceChildren(); }
  if (event.target.closest("details.pop .sheet a[hx-get]")) { event.target.closest("details.pop").open = false; }
});
// A form that answers with a file leaves the page as it is, and may be sent again.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-download]")) { return; }
  event.target.closest("details.pop")?.removeAttribute("open");
  window.setTimeout(() => { delete event.target.dataset.sent; }, 2000);
});
