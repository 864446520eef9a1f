// Sales noted without a network: kept and signed in this browser, sent when it is back, shown as "not sent: 3".
//   kopilkaQueue.add({member, minor})  -> Promise; refused (Error "nobody") while nobody has signed in here;
//     with {key, shown}: the receipt of a sale that was sent and not answered, and what stands for its customer
//   kopilkaQueue.list(), .send(byHand), .drop(key), .cashier()   Promises
//   event "queue" on document: something changed; detail = {unsent, waiting, online}
(() => {
  "use strict";
  const line = document.getElementById("till-line");
  if (!line) return;
  const told = line.dataset, gone = document.getElementById("line-gone"), badge = document.getElementById("not-sent");
  const now = window.kopilkaClock(Number(told.served));
  const AT_ONCE = 20, AGAIN = 15000, PATIENCE = 20000, LOOK_AGAIN = 60000, HMAC = { name: "HMAC", hash: "SHA-256" };
  const others = "BroadcastChannel" in window ? new BroadcastChannel(`kopilka queue ${told.program}`) : null;
  const WAITING = `kopilka waiting ${told.program}`;
  let online = navigator.onLine;

  const base = new Promise((done, failed) => {
    const asked = indexedDB.open(`kopilka till ${told.program}`, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("sales", { keyPath: "key" });
      asked.result.createObjectStore("keys", { keyPath: "id" });
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });

  async function work(name, mode, act) {
    const step = (await base).transaction(name, mode), asked = act(step.objectStore(name));
    return new Promise((done, failed) => {
      step.oncomplete = () => done(asked && asked.result);
      step.onerror = step.onabort = () => failed(step.error);
    });
  }

  const list = async () => (await work("sales", "readonly", (sales) => sales.getAll())).sort((one, other) => one.at - other.at);
  const cashier = () => work("keys", "readonly", (keys) => keys.get("now"));

  async function add({ member, minor, key = newKey(), shown = member }) {
    const signer = await cashier();
    if (!signer) throw new Error("nobody");
    if (signer.training) return;
    const at = now();
    const occurred_at = new Date(at * 1000).toISOString();
    const text = JSON.stringify({ key, session: signer.session, member, amount_minor: minor, occurred_at });
    const signed = new Uint8Array(await crypto.subtle.sign("HMAC", signer.key, new TextEncoder().encode(text)));
    const sale = { key, document: text, signature: btoa(String.fromCharCode(...signed)), member: shown, minor, at, state: "new" };
    await work("sales", "readwrite", (sales) => sales.add(sale));
    await changed(true);
    send();
  }

  function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  async function drop(key) {
    await work("sales", "readwrite", (sales) => sales.delete(key));
    await changed(true);
  }

  // One tab at a time; should two send all the same, the server books once. Whoever asks by hand waits for his turn.
  function send(byHand = false) {
    if (!navigator.locks) return bring();
    return navigator.locks.request(`kopilka queue ${told.program}`, { ifAvailable: !byHand }, (lock) => lock && bring());
  }

  async function bring() {
    const unsent = (await list()).filter((sale) => sale.state === "new");
    try {
      let answer = await ask();
      for (let from = 0; answer && from < unsent.length; from += AT_ONCE) {
        const part = unsent.slice(from, from + AT_ONCE);
        const sales = part.map(({ document, signature }) => ({ document, signature }));
        answer = await ask({ sales }, answer.token);
        if (answer) await note(part, answer.states);
      }
    } catch {
      reach(false);
    }
    await changed(true);
  }

  async function note(part, states) {
    await work("sales", "readwrite", (sales) => {
      part.forEach((sale, place) => {
        if (["booked", "waiting", "dropped"].includes(states[place])) sales.delete(sale.key);
        if (states[place] === "forged") sales.put({ ...sale, state: "forged" });
      });
    });
  }

  // What the server says; nothing where it answers that this browser is no till any more.
  async function ask(body, token) {
    const headers = { Accept: "application/json" };
    if (body) Object.assign(headers, { "Content-Type": "application/json", "X-CSRFToken": token });
    const answer = await fetch(told.queue, {
      method: body ? "POST" : "GET", body: body && JSON.stringify(body), headers, cache: "no-store",
      signal: AbortSignal.timeout ? AbortSignal.timeout(PATIENCE) : undefined,
    });
    if (answer.status >= 500) throw new Error("the server is not well");
    reach(true);
    if (!answer.ok) return null;
    const said = await answer.json();
    sessionStorage.setItem(WAITING, JSON.stringify({ waiting: said.waiting, at: Date.now() }));
    return said;
  }

  function reach(found) {
    online = found;
    if (gone) gone.hidden = found;
  }

  async function changed(tellOthers) {
    const unsent = (await list()).length, waiting = JSON.parse(sessionStorage.getItem(WAITING) || "{}").waiting || 0;
    if (badge) {
      badge.hidden = !unsent && !waiting;
      badge.textContent = unsent ? `${told.notSent}: ${unsent}` : `${told.waits}: ${waiting}`;
      badge.href = unsent ? told.offline : told.waiting;
    }
    document.dispatchEvent(new CustomEvent("queue", { detail: { unsent, waiting, online } }));
    if (tellOthers && others) others.postMessage("changed");
  }

  // The key of whoever works here now: kept so that no script can read it, thrown away when he leaves.
  async function learnKey() {
    if ("forget" in told) return work("keys", "readwrite", (keys) => keys.delete("now"));
    const known = await cashier();
    if (!told.session || (known && known.session === told.session)) return undefined;
    const answer = await fetch(told.keyAddress, { headers: { Accept: "application/json" }, cache: "no-store" });
    if (!answer.ok) return undefined;
    const { session, key, name, training } = await answer.json();
    const bytes = Uint8Array.from(atob(key), (letter) => letter.charCodeAt(0));
    const signing = await crypto.subtle.importKey("raw", bytes, HMAC, false, ["sign"]);
    return work("keys", "readwrite", (keys) => keys.put({ id: "now", session, name, training, key: signing }));
  }

  async function start() {
    reach(online);
    await learnKey().catch(() => {});
    await changed(false);
    const looked = JSON.parse(sessionStorage.getItem(WAITING) || "{}").at || 0;
    if ((await list()).length || Date.now() - looked > LOOK_AGAIN) send();
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
    if (!("serviceWorker" in navigator)) return;
    await navigator.serviceWorker.register(told.worker, { scope: told.scope }).catch(() => {});
    const ready = await navigator.serviceWorker.ready;
    if (online) ready.active.postMessage("refresh");
  }

  addEventListener("online", () => send());
  addEventListener("offline", () => { reach(false); changed(false); });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && !online && send());
  document.addEventListener("htmx:sendError", () => send());
  if (others) others.onmessage = () => changed(false);
  setInterval(async () => (!online || (await list()).some((sale) => sale.state === "new")) && send(), AGAIN);

  window.kopilkaQueue = { add, list, send, drop, cashier, get online() { return online; } };
  start();
})();
