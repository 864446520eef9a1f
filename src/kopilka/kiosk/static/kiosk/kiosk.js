// A kiosk forgets: half a minute untouched and everything is wiped. It has no way out, and no history to go back in.
(() => {
  "use strict";
  const WARN = 10, SECOND = 1000, RETRY = 5000;
  let touched = Date.now(), wiping = false;
  const kiosk = () => document.getElementById("kiosk");
  const dialog = () => document.getElementById("still-there");

  function stay() {
    touched = Date.now();
    if (dialog()?.open) dialog().close();
  }

  // Gone from the screen at once, whatever the network does; then from the server.
  function wipe() {
    if (wiping) return;
    wiping = true;
    kiosk().classList.add("is-wiped");
    document.querySelectorAll("#kiosk form").forEach((form) => form.reset());
    if (dialog()?.open) dialog().close();
    window.htmx.ajax("POST", kiosk().dataset.wipe, { target: "#kiosk", select: "#kiosk", swap: "outerHTML" });
  }

  function again() {
    if (!wiping) return;
    wiping = false;
    setTimeout(wipe, RETRY);
  }

  setInterval(() => {
    const limit = Number(kiosk()?.dataset.idle || 0);
    if (!limit || wiping) return;
    const left = Math.ceil(limit - (Date.now() - touched) / SECOND);
    if (left <= 0) { wipe(); return; }
    if (left > WARN) return;
    document.querySelector("[data-left]").textContent = String(left);
    if (!dialog().open) dialog().showModal();
  }, 250);

  ["pointerdown", "keydown", "input", "wheel", "touchmove"].forEach((kind) => document.addEventListener(kind, (event) => {
    if (event.isTrusted === false) return;
    touched = Date.now();
    if (kind !== "keydown" && dialog()?.open && !event.target.closest("[data-leave]")) stay();
  }, { passive: true, capture: true }));

  document.addEventListener("click", (event) => {
    const on = (what) => event.target.closest(what);
    if (on("[data-digit]")) event.preventDefault(); // the script of all pages types it
    if (on("[data-stay]")) stay();
    if (on("[data-leave]")) wipe();
    if (on("[data-full-screen]")) document.documentElement.requestFullscreen({ navigationUI: "hide" }).then(settle, settle);
    const link = on("a[href]");
    if (link && !new URL(link.href).pathname.startsWith(kiosk().dataset.home)) event.preventDefault();
  }, true);

  // As far as a page can: no menus, no shortcuts of the browser, nothing to be dragged out, no zooming.
  ["contextmenu", "dragstart", "drop", "auxclick", "gesturestart"].forEach((kind) =>
    document.addEventListener(kind, (event) => event.preventDefault()));
  document.addEventListener("wheel", (event) => { if (event.ctrlKey) event.preventDefault(); }, { passive: false });
  document.addEventListener("keydown", (event) => {
    const isShortcut = event.ctrlKey || event.metaKey || (event.altKey && event.key !== "AltGraph");
    if (isShortcut || /^(F\d+|Browser.*|ContextMenu|Print.*|Launch.*)$/.test(event.key)) {
      event.preventDefault();
      event.stopPropagation();
    }
  }, true);
  history.pushState(null, "", location.href);
  window.addEventListener("popstate", () => history.pushState(null, "", location.href));
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  // Days grow their dots.
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.matches?.("[data-day]") || event.inputType?.startsWith("delete")) return;
    const digits = field.value.replace(/\D/g, "").slice(0, 8);
    if (/[^\d.]/.test(field.value) || digits.length < 2) return;
    field.value = [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4)].filter((part) => part).join(".");
  });

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.serverResponse.includes('id="kiosk"')) return;
    event.detail.shouldSwap = false;
    location.replace(kiosk().dataset.home);
  });
  document.addEventListener("htmx:afterSettle", () => { wiping = false; touched = Date.now(); settle(); });
  ["htmx:sendError", "htmx:responseError", "htmx:timeout"].forEach((kind) => document.addEventListener(kind, again));

  // What a page needs after it has come: its language, the keys of the pad instead of the tablet's, full screen.
  function settle() {
    const page = kiosk();
    if (!page) return;
    document.documentElement.lang = page.lang;
    const full = page.querySelector("[data-full-screen]");
    if (full) full.hidden = !document.fullscreenEnabled || Boolean(document.fullscreenElement);
    const typed = document.getElementById("id_typed");
    if (typed) { typed.inputMode = "none"; typed.focus(); typed.setSelectionRange(typed.value.length, typed.value.length); }
    page.querySelector(".has-mistake :is(input, select)")?.focus();
  }
  document.addEventListener("fullscreenchange", settle);
  settle();
})();
