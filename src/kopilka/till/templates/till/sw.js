{% autoescape off %}"use strict";
// Shows the page that notes sales when there is no network; keeps that page and its files, and nothing of customers.
const kept = {{ kept }};
{% endautoescape %}const STORE = `${kept.scope} ${kept.version}`, WAIT = 8000, FRESH = 3600000;
let refreshed = 0;

self.addEventListener("install", (event) => event.waitUntil(keepAll()));

async function keepAll() {
  const store = await caches.open(STORE);
  await Promise.all([...kept.files, kept.page].map((address) => keep(store, address)));
  await self.skipWaiting();
}

async function keep(store, address) {
  const answer = await fetch(address, { cache: "reload" });
  if (answer.ok && !answer.redirected) await store.put(address, answer);
}

self.addEventListener("activate", (event) => event.waitUntil(forgetOld()));

async function forgetOld() {
  for (const name of await caches.keys()) {
    if (name.startsWith(`${kept.scope} `) && name !== STORE) await caches.delete(name);
  }
  await self.clients.claim();
}

// The page's language and look may have changed since it was kept.
self.addEventListener("message", (event) => {
  if (event.data !== "refresh" || Date.now() - refreshed < FRESH) return;
  refreshed = Date.now();
  event.waitUntil(caches.open(STORE).then((store) => keep(store, kept.page)).catch(() => {}));
});

self.addEventListener("fetch", (event) => {
  const asked = event.request, address = new URL(asked.url);
  if (address.origin !== location.origin) return;
  if (asked.mode === "navigate" && address.pathname.startsWith(kept.scope)) event.respondWith(page(asked));
  else if (asked.method === "GET" && kept.files.includes(address.pathname + address.search)) event.respondWith(file(asked));
});

// What is sent is waited for as long as it takes: whether it arrived must not be guessed.
async function page(asked) {
  const tired = new Promise((done, failed) => asked.method === "GET" && setTimeout(failed, WAIT));
  try {
    return await Promise.race([fetch(asked), tired]);
  } catch {
    return (await (await caches.open(STORE)).match(kept.page)) || Response.error();
  }
}

async function file(asked) {
  return (await (await caches.open(STORE)).match(asked)) || fetch(asked);
}
