const FILES = `${kept.scope} files ${kept.version}`, PAGES = `${kept.scope} pages`;
const WAIT = 4000, PAGES_MAX = 40;

self.addEventListener("install", (event) => event.waitUntil(keepFiles()));

async function keepFiles() {
  const files = await caches.open(FILES);
  await Promise.all([...kept.files, kept.spare, kept.rules].map(async (address) => {
    const answer = await fetch(address, { cache: "reload" });
    if (answer.ok) await files.put(address, answer);
  }));
}

self.addEventListener("activate", (event) => event.waitUntil(forgetOldFiles()));

async function forgetOldFiles() {
  for (const name of await caches.keys()) {
    if (name.startsWith(`${kept.scope} files `) && name !== FILES) await caches.delete(name);
  }
  await self.clients.claim();
}

self.addEventListener("message", (event) => {
  if (event.data === "update") self.skipWaiting();
  if (event.data === "forget") event.waitUntil(caches.delete(PAGES));
});

self.addEventListener("fetch", (event) => {
  const asked = event.request, address = new URL(asked.url);
  if (address.origin !== location.origin) return;
  if (asked.method !== "GET") {
    if (address.pathname === kept.logout) event.waitUntil(caches.delete(PAGES));
    if (asked.mode === "navigate") event.respondWith(fetch(asked).catch(spare));
    return;
  }
  if (asked.mode === "navigate" && address.pathname.startsWith(kept.scope)) event.respondWith(page(event, address));
  else if (kept.files.includes(address.pathname + address.search)) event.respondWith(file(asked));
});

async function file(asked) {
  return (await (await caches.open(FILES)).match(asked)) || fetch(asked);
}

// The network first; what was kept when it is gone or takes too long.
async function page(event, address) {
  const coming = fetch(event.request);
  event.waitUntil(coming.then((answer) => keep(address, answer.clone()), () => {}));
  const pages = await caches.open(PAGES);
  const known = (await pages.match(address.pathname + address.search)) || (await rules(address));
  if (!known) return coming.catch(() => spare());
  const tired = new Promise((done) => setTimeout(done, WAIT, null));
  const answer = await Promise.race([coming.catch(() => null), tired]);
  return answer && answer.status < 500 ? answer : known;
}

// Whoever is asked to log in has no card open here any more: what was kept of it goes.
async function keep(address, answer) {
  if (address.pathname === kept.login && answer.ok) await caches.delete(PAGES);
  const pages = await caches.open(PAGES);
  if (!answer.ok || answer.headers.get("X-Kopilka-Keep") !== "1") return;
  await pages.put(address.pathname + address.search, answer);
  const all = await pages.keys();
  await Promise.all(all.slice(0, Math.max(0, all.length - PAGES_MAX)).map((one) => pages.delete(one)));
}

async function rules(address) {
  return address.pathname === kept.rules ? (await caches.open(FILES)).match(kept.rules) : undefined;
}

async function spare() {
  return (await (await caches.open(FILES)).match(kept.spare)) || Response.error();
}
