// Shows what a scanner sends, and keeps what to leave out of it.
(() => {
  "use strict";
  const trying = document.getElementById("scanner-try"), settings = document.getElementById("scanner-settings");
  const raw = document.querySelector("[data-raw]"), text = document.querySelector("[data-text]"), slow = document.querySelector("[data-slow]");
  const visible = { "\u001d": "␝", "\r": "␍", "\n": "␊", "\t": "␉" };

  function show(came, understood, isSlow) {
    raw.textContent = came.replace(/[\u001d\r\n\t]/g, (sign) => visible[sign]);
    text.textContent = understood;
    slow.hidden = !isSlow;
    trying.reset();
  }

  trying.addEventListener("scan", (event) => {
    event.preventDefault();
    show(event.detail.raw, event.detail.text, false);
  });
  trying.addEventListener("submit", (event) => {
    event.preventDefault();
    const typed = document.getElementById("scanner-field").value;
    show(typed, window.kopilkaScan.clean(typed), true);
  });

  const known = window.kopilkaScan.settings;
  for (const name of ["prefix", "suffix"]) settings.elements[name].value = known[name] || "";
  settings.addEventListener("submit", (event) => {
    event.preventDefault();
    window.kopilkaScan.save({ prefix: settings.elements.prefix.value, suffix: settings.elements.suffix.value });
    window.kopilka.toast(event.submitter.dataset.saved, "good");
  });
})();
