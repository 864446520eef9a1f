// A sale that was sent and not answered: it stands on every page until it is known what became of it, and is asked for
// with the same key, so it is booked once however often it is sent.
//   kopilkaSent.now()     what was sent: {receipt, minor, what, named}, or nothing
//   kopilkaSent.forget()  it is known, or noted without a network under its key
(() => {
  "use strict";
  const line = document.getElementById("line-sent"), form = document.getElementById("till-form");
  if (!line) return;
  const { address, place, notBooked } = line.dataset, NOBODY = "00000000-0000-0000-0000-000000000000";
  const PATIENCE = 20000; // no answer for so long counts as none
  let asking = false;

  const now = () => JSON.parse(localStorage.getItem(place) || "null");
  const mine = (event) => event.detail.elt === form;

  function forget() {
    localStorage.removeItem(place);
    show();
  }

  function show() {
    const sent = now();
    line.hidden = !sent || asking;
    if (!sent) return;
    line.querySelector("[data-what]").textContent = sent.what;
    line.querySelector("a").href = address.replace(NOBODY, sent.receipt);
  }

  // Kept before it is sent: whatever breaks off then, the browser knows of it.
  function keep({ parameters }) {
    const sale = document.getElementById("sale"), { what, minor, named } = sale.dataset;
    const isProof = sale.dataset.looking === "proof" && parameters.text.trim() !== "";
    if (!what || parameters.do || (parameters.text.trim() !== "" && !isProof)) return;
    asking = true;
    const sent = { receipt: parameters.receipt, minor: Number(minor), what, named: Boolean(named) };
    localStorage.setItem(place, JSON.stringify(sent));
    show();
  }

  if (form) {
    form.addEventListener("htmx:configRequest", (event) => { if (mine(event)) event.detail.timeout = PATIENCE; });
    form.addEventListener("htmx:beforeSend", (event) => mine(event) && keep(event.detail.requestConfig));
    form.addEventListener("htmx:afterRequest", (event) => {
      if (!mine(event) || !asking) return;
      asking = false;
      const { status } = event.detail.xhr;
      if (status > 0 && status < 500) forget();
      else show();
    });
  }

  // Where the very receipt stands on the page, it is sent once more; else the server says what became of it.
  line.querySelector("a").addEventListener("click", (event) => {
    const receipt = form && form.elements.receipt, isHere = receipt && receipt.value === now().receipt;
    if (!isHere || !form.elements.seen_paid || form.elements.text.value.trim() !== "") return;
    event.preventDefault();
    form.requestSubmit();
  });

  window.kopilkaSent = { now, forget };
  addEventListener("storage", (event) => event.key === place && show());
  if (now() && location.pathname.endsWith(`/receipt/${now().receipt}/`)) forget();
  show();
  if (location.hash === "#not-booked") {
    forget();
    line.querySelector("[data-told]").textContent = notBooked;
    line.querySelector("a").hidden = true;
    line.hidden = false;
    history.replaceState(null, "", location.pathname);
  }
})();
