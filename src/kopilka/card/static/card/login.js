// Typing a code: submitted when it is full, however it came; the button for another one waits; nothing is sent twice.
(() => {
  "use strict";
  for (const form of document.querySelectorAll("form[data-once]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "1";
    });
  }
  addEventListener("pageshow", () => document.querySelectorAll("form[data-once]").forEach((form) => delete form.dataset.sent));

  const code = document.querySelector("input[data-digits]");
  if (code) {
    let sent = "";
    code.addEventListener("input", () => {
      const digits = code.value.replace(/\D/g, "");
      if (digits.length !== Number(code.dataset.digits) || digits === sent) return;
      sent = code.value = digits;
      code.form.requestSubmit();
    });
  }

  const again = document.querySelector("button[data-wait]");
  if (again && Number(again.dataset.wait) > 0) {
    const ready = again.textContent, until = Date.now() + Number(again.dataset.wait) * 1000;
    const tick = () => {
      const left = Math.ceil((until - Date.now()) / 1000);
      again.disabled = left > 0;
      again.textContent = left > 0 ? again.dataset.waitText.replace("{n}", left) : ready;
      if (left > 0) setTimeout(tick, 250);
    };
    tick();
  }
})();
