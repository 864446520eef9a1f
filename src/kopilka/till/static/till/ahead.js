// A cashier faster than the answers: what he types and presses meanwhile waits, and is done in order.
// An answer that asks back (a refusal, several customers) halts it: what was typed stays in sight till that is mended,
// and keys pressed without a text are forgotten, so that nothing is sold unseen.
(() => {
  "use strict";
  const form = document.getElementById("till-form"), field = document.getElementById("till-text");
  const line = document.getElementById("till-ahead"), words = line.querySelector("[data-words]");
  const SLOW = 400; // so long an answer takes before it is worth saying what waits
  const SIGNS = { "+": "[data-plus]", "-": "[data-minus]", "*": "[data-nobody]" };
  const TAKES_TEXT = new Set(["F4", "F6"]);
  let busy = false, halted = false, begunBefore = false, sending = null, sent = "", waiting = [], slow = 0, beside = null;

  const mine = (event) => event.detail.elt === form;
  const isBlank = (one) => one.text.trim() === "";
  const selectorOf = (button) => {
    if (!button) return "";
    return button.hasAttribute("formaction") ? "#sale [formaction]" : button.name && `[name="do"][value="${CSS.escape(button.value)}"]`;
  };

  form.addEventListener("submit", (event) => {
    if (sending) return;
    const one = { text: field.value, press: selectorOf(event.submitter) };
    if (!busy && !begunBefore) return;
    if (!busy && one.press) return isBlank(one) ? undefined : keep(); // it answers; what was typed before waits
    stop(event);
    keep(one.press);
    if (!busy) bringBack();
  }, true);

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.repeat) return stop(event);
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape" && waiting.length) return forget(event);
    if (event.key === "Delete" && field.value !== "") return event.stopPropagation(); // of the text, not of the sale
    if (!busy) return;
    if (event.key.length === 1 ? !isSign(event.key) : event.key === "F7" || !/^(F\d+|Delete)$/.test(event.key)) return;
    stop(event);
    keep(SIGNS[event.key] || `[data-enrol][data-key="${event.key}"], [data-key="${event.key}"]`, !TAKES_TEXT.has(event.key));
  }, true);

  line.querySelector("button").addEventListener("click", forget);
  field.addEventListener("input", () => { begunBefore &&= field.value !== ""; });

  form.addEventListener("htmx:configRequest", (event) => {
    if (!mine(event)) return;
    const { parameters, triggeringEvent } = event.detail, pressed = triggeringEvent?.submitter;
    event.detail.path = pressed?.getAttribute("formaction") || form.getAttribute("action");
    if (sending) parameters.text = sending.text;
    if (pressed?.name) parameters[pressed.name] = pressed.value;
    else delete parameters.do; // htmx would press the last button again
  });

  // What was typed goes at once, so that the next customer's digits are not lost; a refusal brings it back.
  form.addEventListener("htmx:beforeSend", (event) => {
    if (!mine(event)) return;
    [busy, halted, begunBefore] = [true, false, false];
    sent = sending ? sending.text : field.value;
    if (!sending) field.value = "";
    beside = sideFields();
    clearTimeout(slow);
    slow = setTimeout(show, SLOW);
  });

  document.body.addEventListener("till", (event) => {
    const { clear, halt, sound } = event.detail;
    if (clear) sent = "";
    if (halt) stand();
    else if (sound === "done") waiting = waiting.filter((one) => one.press || !isBlank(one));
  });
  for (const trouble of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    form.addEventListener(trouble, (event) => mine(event) && stand());
  }
  form.addEventListener("htmx:afterRequest", (event) => {
    if (!mine(event)) return;
    busy = false;
    beside = null;
    clearTimeout(slow);
    setTimeout(next);
  });

  // Figures typed beside the field after an answer was asked for stay as they were typed.
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const at = document.activeElement, known = beside || {};
    if (event.detail.target.id !== "sale" || !at.name || !at.closest("#sale")) return;
    const typed = at.value;
    if (typed === (known[at.name] ?? at.defaultValue)) return;
    document.body.addEventListener("htmx:afterSwap", () => {
      const found = document.querySelector(`#sale input[name="${CSS.escape(at.name)}"]`);
      if (!found) return;
      found.value = typed;
      found.focus();
    }, { once: true });
  });

  function next() {
    while (waiting.length && !busy && !halted) {
      const one = waiting.shift(), button = one.press ? document.querySelector(one.press) : null;
      if (one.press && !button && isBlank(one)) continue;
      if (button && button.form !== form) {
        waiting = [];
        button.click();
      } else {
        sending = one;
        form.requestSubmit(button || undefined);
        sending = null;
      }
    }
    if (!busy && field.value !== "") field.dispatchEvent(new Event("input", { bubbles: true }));
    if (!line.hidden) show();
  }

  function keep(press = "", isKeyAlone = false) {
    waiting.push({ text: isKeyAlone ? "" : field.value, press });
    if (!isKeyAlone) field.value = "";
    begunBefore = false;
    if (halted) show();
  }

  function stand() {
    halted = true;
    waiting = waiting.filter((one) => !isBlank(one)).map(({ text }) => ({ text, press: "" }));
    if (field.value === "") bringBack();
    else begunBefore = true;
    show();
  }

  function bringBack() {
    field.value = sent;
    field.select();
    show();
  }

  function forget(event) {
    stop(event);
    waiting = [];
    halted = begunBefore = false;
    field.value = "";
    field.focus();
    show();
  }

  function show() {
    const texts = waiting.filter((one) => !isBlank(one)).map((one) => one.text.trim());
    words.textContent = texts.join(" · ");
    line.hidden = texts.length === 0;
  }

  function isSign(key) {
    const at = document.activeElement, isElsewhere = at !== field && at.matches("input, textarea, select");
    return key in SIGNS && !isElsewhere && field.value === "";
  }

  function sideFields() {
    return Object.fromEntries([...document.querySelectorAll("#sale input[name]")].map((one) => [one.name, one.value]));
  }

  function stop(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
})();
