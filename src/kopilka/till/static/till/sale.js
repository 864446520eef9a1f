// The sale by keyboard: the field is always ready, keys act from anywhere, results are heard.
(() => {
  "use strict";
  const form = document.getElementById("till-form"), field = document.getElementById("till-text");
  const shelf = document.getElementById("catalogue"), search = document.getElementById("catalogue-text");
  const PAUSE = 700; // so long after a sale an empty Enter means nothing: it was pressed twice
  const SCANNER = 40; // a scanner's second key comes sooner than a person's: until then a digit picks nobody
  let soldAt = 0, pause = 0, picking = 0;

  const inField = () => document.activeElement === field;
  const typing = () => document.activeElement.matches("input, textarea, select") && !inField();
  const press = (selector) => {
    const found = document.querySelector(`${selector}:not([disabled])`);
    if (found) found.click();
    return Boolean(found);
  };

  document.body.addEventListener("till", (event) => {
    const { sound } = event.detail;
    if (sound === "done") soldAt = Date.now();
    window.kopilkaSound(sound);
    if (!typing()) field.focus();
  });

  form.addEventListener("submit", () => clearTimeout(pause));
  form.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt !== form) return;
    const { parameters, triggeringEvent } = event.detail.requestConfig;
    if (parameters.text.trim() === "" && !triggeringEvent?.submitter?.name && Date.now() - soldAt < PAUSE) event.preventDefault();
  });

  // What the amount would come to, once the cashier has paused for a moment.
  field.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(() => {
      const sale = document.querySelector('#sale[data-looking="amount"]');
      if (sale && sale.querySelector("#quote")) htmx.trigger(field, "till:typed");
    }, 200);
  });

  // A letter pressed outside any field goes into the field; Escape first empties it.
  document.addEventListener("keydown", (event) => {
    clearTimeout(picking);
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") return escape(event);
    if (event.key === "F2" && press("[data-enrol]")) return stop(event);
    if (typing()) return event.key === "F7" && shelve(event);
    if (event.key === "F7") return shelve(event);
    if (shelf.open && document.activeElement.closest("#catalogue") && /^[1-9]$/.test(event.key) && press(`[data-article="${event.key}"]`)) return stop(event);
    if (field.value === "" && event.key === "+" && press("[data-plus]")) return stop(event);
    if (field.value === "" && event.key === "-" && press("[data-minus]")) return stop(event);
    if (field.value === "" && event.key === "*" && press("[data-nobody]")) return stop(event);
    if (field.value === "" && /^[1-5]$/.test(event.key)) pickSoon(event.key);
    if (event.key.length === 1 && !inField() && !document.activeElement.closest("summary, button, a")) field.focus();
  }, true);

  // In the search of the catalogue a digit picks while nothing is typed, and Enter takes the first found.
  search.addEventListener("keydown", (event) => {
    if (search.value === "" && /^[1-9]$/.test(event.key) && press(`[data-article="${event.key}"]`)) stop(event);
    if (event.key === "Enter") {
      stop(event);
      press('[data-article="1"]');
    }
  });

  shelf.addEventListener("toggle", () => {
    if (!shelf.open) return;
    htmx.trigger(document.body, "till:articles");
    search.focus();
  });

  function shelve(event) {
    stop(event);
    shelf.open = !shelf.open;
    if (!shelf.open) field.focus();
  }

  // The digit is typed meanwhile: alone it picks, of a scan it is the beginning.
  function pickSoon(digit) {
    const listed = document.querySelector(`[data-nth="${digit}"]:not([disabled])`);
    if (!listed) return;
    picking = setTimeout(() => {
      field.value = "";
      listed.click();
    }, SCANNER);
  }

  function escape(event) {
    if (shelf.open && document.activeElement.closest("#catalogue")) return shelve(event);
    if (field.value === "") return undefined;
    field.value = "";
    field.focus();
    return stop(event);
  }

  function stop(event) {
    event.preventDefault();
    event.stopPropagation();
  }

  window.addEventListener("pageshow", () => field.focus());
})();
