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

// The counter: days written short, a list of codes to choose from, opened laws that stay open, one key to settle.
function fullDay(text, today) {
  const digits = text.replace(/[-/.年月日\s]/g, "");
  const pad = (number) => String(number).padStart(2, "0");
  if (/^\d{8}$/.test(digits)) { return `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`; }
  if (!/^\d{4}$/.test(digits)) { return text; }
  const now = `${pad(today.getMonth() + 1)}${pad(today.getDate())}`;
  return `${today.getFullYear() - (digits > now ? 1 : 0)}-${digits.slice(0, 2)}-${digits.slice(2)}`;
}
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-day]")) { event.target.value = fullDay(event.target.value, new Date()); }
  if (event.target.matches("[data-money]") && fenOf(event.target.value)) { event.target.value = shownFen(fenOf(event.target.value)); }
  if (event.target.matches("[data-seen]")) { window.htmx.trigger("#bill", "try"); }
});
document.addEventListener("input", (event) => {
  const form = event.target.closest("[data-bill]");
  if (!form) { return; }
  form.dataset.dirty = "1";
  showRest(form);
});
// Amounts in fen, whole numbers: what is in scope where only the total is typed stands in its field in grey.
function fenOf(text) {
  const found = /^(\d+)(?:\.(\d{1,2}))?$/.exec(text.replace(/[,，\s]/g, ""));
  return found ? Number(found[1]) * 100 + Number((found[2] || "").padEnd(2, "0")) : null;
}
function shownFen(fen) {
  return `${String(Math.floor(fen / 100)).replace(/\B(?=(\d{3})+$)/g, ",")}.${String(fen % 100).padStart(2, "0")}`;
}
function showRest(form) {
  const fen = (name) => fenOf(form.elements[name].value) ?? 0;
  const rest = fen("total") - fen("first_pay") - fen("over_limit") - fen("own_pay");
  form.elements.in_scope.placeholder = fen("total") && rest >= 0 ? shownFen(rest) : "";
}
document.addEventListener("htmx:beforeRequest", (event) => { if (event.target.matches("[data-bill]")) { delete event.target.dataset.dirty; } });

// What stands open in the result stays open when the result is renewed; what is missing of the costs is told in the field.
const opened = new Set();
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id !== "result") { return; }
  opened.clear();
  for (const one of document.querySelectorAll("#result details[open][data-keep]")) { opened.add(one.dataset.keep); }
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "diagnosis-list") { showChoices(event.detail.target); }
  if (event.detail.target.id !== "result") { return; }
  for (const one of event.detail.target.querySelectorAll("details[data-keep]")) { one.open = opened.has(one.dataset.keep); }
});

// Settling: not before the trial has caught up with what was typed, not before notices are looked at.
document.addEventListener("click", (event) => {
  const settle = event.target.closest("[data-settle]");
  if (!settle) { return; }
  const form = document.getElementById("bill");
  const unseen = document.querySelector("#result [data-seen]:not(:checked)");
  if (form.dataset.dirty || form.classList.contains("htmx-request")) {
    event.preventDefault(); event.stopImmediatePropagation(); window.htmx.trigger(form, "try");
  } else if (unseen) {
    event.preventDefault(); event.stopImmediatePropagation(); unseen.focus();
  }
}, true);
document.addEventListener("click", (event) => { if (event.target.closest("[data-print]")) { window.print(); } });

// A list of codes under a field: arrows choose, Enter takes, Escape leaves; the last word of the field is replaced.
function showChoices(list) {
  const field = document.querySelector(`[aria-controls="${list.id}"]`);
  const any = list.querySelector("[data-code]") !== null && document.activeElement === field;
  const word = field.value.split(/[\s,，]+/).pop().toUpperCase();
  const done = list.children.length === 1 && list.firstElementChild.dataset.code === word;
  list.hidden = !(any || list.querySelector(".none")) || done || document.activeElement !== field;
  field.setAttribute("aria-expanded", String(!list.hidden));
  field.removeAttribute("aria-activedescendant");
}
function hideChoices(field) {
  document.getElementById(field.getAttribute("aria-controls")).hidden = true;
  field.setAttribute("aria-expanded", "false"); field.removeAttribute("aria-activedescendant");
}
function takeChoice(field, choice) {
  const words = field.value.split(/[\s,，]+/); words.pop();
  field.value = `${[...words, choice.dataset.code].join(" ")} `;
  hideChoices(field); field.focus();
  field.closest("[data-bill]").dataset.dirty = "1"; window.htmx.trigger("#bill", "try");
}
document.addEventListener("keydown", (event) => {
  const field = event.target.closest("[data-codes]");
  const list = field && document.getElementById(field.getAttribute("aria-controls"));
  if (!field || list.hidden) { return; }
  const all = [...list.querySelectorAll("[data-code]")];
  const at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
  if (all.length && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    const next = (at + (event.key === "ArrowDown" ? 1 : at < 0 ? 0 : -1) + all.length) % all.length;
    all.forEach((one, place) => one.setAttribute("aria-selected", String(place === next)));
    field.setAttribute("aria-activedescendant", all[next].id); all[next].scrollIntoView({ block: "nearest" });
  } else if (event.key === "Enter" && all.length) {
    event.preventDefault(); takeChoice(field, all[Math.max(0, at)]);
  } else if (event.key === "Escape" || event.key === "Tab") { hideChoices(field); }
});
document.addEventListener("mousedown", (event) => {
  const choice = event.target.closest("[data-code]");
  if (choice) { event.preventDefault(); takeChoice(document.querySelector(`[aria-controls="${choice.parentElement.id}"]`), choice); }
});
document.addEventListener("focusout", (event) => { if (event.target.matches("[data-codes]")) { hideChoices(event.target); } });
