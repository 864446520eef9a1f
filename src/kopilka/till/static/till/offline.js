// The page that notes sales without a network: a customer, an amount, and what has not been sent yet.
(() => {
  "use strict";
  const page = document.getElementById("offline"), words = page.dataset;
  const form = document.getElementById("note-form"), list = document.getElementById("unsent"), none = document.getElementById("none-unsent");
  const row = document.getElementById("unsent-row"), said = document.getElementById("note-said"), problem = document.getElementById("note-problem");
  const money = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: words.currency, currencyDisplay: "narrowSymbol" });
  const time = new Intl.DateTimeFormat(document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang, { day: "2-digit", month: "2-digit", hour: "2-digit", minute: "2-digit" });
  const noteSent = document.getElementById("note-sent");
  const queue = window.kopilkaQueue, digits = Number(words.digits), scale = 10 ** digits;

  document.getElementById("offline-doubt").hidden = !location.pathname.endsWith("/confirm/");

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const typed = [form.elements.member.value, form.elements.amount.value];
    const member = typed[0].trim(), minor = minorOf(typed[1]);
    said.textContent = "";
    if (!member) return tell(words.noMember, form.elements.member);
    if (!form.elements.amount.value && document.activeElement === form.elements.member) return form.elements.amount.focus();
    if (!minor) return tell(words.noAmount, form.elements.amount);
    const lost = window.kopilkaSent.now();
    const key = lost && lost.minor === minor && confirm(`${words.same}\n${lost.what}`) ? lost.receipt : undefined;
    form.reset(); // before anything is waited for: what is typed meanwhile is the next purchase
    form.elements.member.focus();
    problem.hidden = true;
    try {
      await keep({ member, minor, key });
    } catch (error) {
      [form.elements.member.value, form.elements.amount.value] = typed;
      tell(error.message === "nobody" ? words.nobody : words.full, form.elements.member);
    }
  });

  // What is noted under the key of a sale that was sent has been taken care of.
  async function keep(sale) {
    await queue.add(sale);
    if (sale.key) window.kopilkaSent.forget();
    noteSent.hidden = !window.kopilkaSent.now()?.named;
    said.textContent = (await queue.cashier()).training ? words.training : words.kept;
  }

  // The very sale that was not answered: as it stood, for the customer it was for, without points.
  noteSent.hidden = !window.kopilkaSent.now()?.named;
  noteSent.addEventListener("click", () => {
    const lost = window.kopilkaSent.now();
    if (!lost) return;
    keep({ member: "", minor: lost.minor, key: lost.receipt, shown: lost.what.split(",")[0] }).catch((error) =>
      tell(error.message === "nobody" ? words.nobody : words.full, form.elements.member));
  });

  // A scan in the customer's field leads on to the amount.
  form.elements.member.addEventListener("scan", (event) => {
    event.preventDefault();
    form.elements.amount.focus();
  });

  document.getElementById("send-now").addEventListener("click", () => queue.send(true));
  document.addEventListener("queue", show);
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-drop]");
    if (button && confirm(words.sure)) queue.drop(button.dataset.drop);
  });

  function minorOf(text) {
    const found = /^(\d{1,13})(?:[.,](\d*))?$/.exec(text.trim().replace(/[\s\u00a0\u202f]/g, ""));
    if (!found || (found[2] || "").length > digits) return 0;
    return Number(found[1]) * scale + Number((found[2] || "").padEnd(digits, "0") || 0);
  }

  function tell(text, field) {
    problem.querySelector("span").textContent = text;
    problem.hidden = false;
    said.textContent = "";
    field.focus();
  }

  async function show() {
    const sales = await queue.list(), signer = await queue.cashier();
    document.getElementById("offline-who").textContent = signer ? signer.name : words.nobody;
    none.hidden = sales.length > 0;
    document.getElementById("send-now").hidden = !sales.some((sale) => sale.state === "new");
    document.getElementById("back-online").hidden = !queue.online;
    list.replaceChildren(...sales.map((sale) => {
      const made = row.content.cloneNode(true);
      made.querySelector("[data-when]").textContent = time.format(new Date(sale.at * 1000));
      made.querySelector("[data-member]").textContent = sale.member;
      made.querySelector("[data-amount]").textContent = money.format(sale.minor / scale);
      const isBad = sale.state === "forged", button = made.querySelector("button");
      made.querySelector("[data-forged]").hidden = button.hidden = !isBad;
      button.dataset.drop = sale.key;
      return made;
    }));
  }

  show();
})();
