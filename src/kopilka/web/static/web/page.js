// What every page may use: toasts, copying, keys shown on buttons, and a word when the network is gone.
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
    const found = document.querySelector(`[data-key="${CSS.escape(event.key)}"]:not([disabled])`);
    if (!found) return;
    event.preventDefault();
    if (found.matches("input:not([type=radio]):not([type=checkbox]), textarea, select")) found.focus();
    else found.click();
  });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      toast(button.dataset.copied || "✓", "good");
    } catch {
      toast(button.dataset.copy);
    }
  });

  // The server asks for a toast by a header: HX-Trigger: {"toast": {"text": "…", "kind": "good"}}.
  document.addEventListener("toast", (event) => toast(event.detail.text, event.detail.kind));
  window.kopilka = { toast };
})();
