// Changing places without a mouse: arrows choose the person while the PIN is being typed.
(() => {
  "use strict";
  const pin = document.getElementById("id_pin");
  const people = [...document.querySelectorAll(".person input")];
  if (!pin || !people.length) return;

  pin.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const now = people.findIndex((one) => one.checked);
    const next = people[(now + step + people.length) % people.length];
    next.checked = true;
    next.closest(".person").scrollIntoView({ block: "nearest" });
    pin.value = "";
  });

  // A tap on a person leads on to the PIN.
  people.forEach((one) => one.addEventListener("click", (event) => {
    if (event.detail === 0) return;
    pin.value = "";
    pin.focus();
  }));
  pin.focus();
})();
