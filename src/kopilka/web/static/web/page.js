// What every page may use: toasts, copying, keys shown on buttons, digits to press, and dialogs.
(() => {
  "use strict";
  const toasts = document.getElementById("toasts");

  function toast(text, kind = "info") {
    const shown = document.createElement("p");
    shown.className = `toast toast-${kind}`;
    shown.textContent = text;
    toasts.append(shown);
    setTimeout(() => shown.remove(), 6000);
  }

  // A key named by data-key presses its button or link, unless a field needs the key itself.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const typing = event.target.matches("input, textarea, select");
    if (typing && event.key.length === 1) return;
    const within = document.querySelector("dialog[open]") || document;
    const found = within.querySelector(`[data-key="${CSS.escape(event.key)}"]:not([disabled])`);
    if (!found) return;
    event.preventDefault();
    if (found.matches("input:not([type=radio]):not([type=checkbox]), textarea, select")) found.focus();
    else found.click();
  });

  async function copy(button) {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      toast(button.dataset.copied || "✓", "good");
    } catch {
      toast(button.dataset.copy);
    }
  }

  // A digit of the pad goes where it would have gone from a keyboard.
  function press(button) {
    const pad = button.closest("[data-pad]");
    const field = document.getElementById(pad.dataset.pad);
    const digit = button.dataset.digit;
    if (digit === "back") field.value = field.value.slice(0, -1);
    else if (digit === "") field.value = "";
    else if (field.maxLength < 0 || field.value.length < field.maxLength) field.value += digit;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // As many digits as a PIN has: the form goes by itself, whether they were pressed or typed.
  function filled(field) {
    const pad = document.querySelector(`[data-pad="${CSS.escape(field.id)}"][data-pad-digits]`);
    if (pad && field.value.length === Number(pad.dataset.padDigits)) field.form.requestSubmit();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy], [data-digit], [data-open], [data-close], [data-print]");
    if (!button) return;
    if (button.dataset.copy !== undefined) copy(button);
    else if (button.dataset.digit !== undefined) press(button);
    else if (button.dataset.open !== undefined) document.getElementById(button.dataset.open).showModal();
    else if (button.dataset.print !== undefined) window.print();
    else button.closest("dialog").close();
  });
  document.addEventListener("input", (event) => { if (event.target.id) filled(event.target); });

  // Pads and other things that need this script are hidden until it runs, also where htmx has put them later.
  function wake(part) {
    part.querySelectorAll("[data-pad][hidden], [data-wakes][hidden]").forEach((one) => { one.hidden = false; });
  }
  wake(document);
  document.addEventListener("htmx:load", (event) => wake(event.target));

  // The server asks for a toast by a header: HX-Trigger: {"toast": {"text": "…", "kind": "good"}}.
  document.addEventListener("toast", (event) => toast(event.detail.text, event.detail.kind));
  window.kopilka = { toast };
})();
