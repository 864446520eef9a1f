// Keeps the card offline: starts its worker, tells when there is no network or a newer version.
(() => {
  "use strict";
  const { worker, scope, alive } = document.getElementById("card-app").dataset;
  const offline = document.getElementById("offline-banner"), update = document.getElementById("update-banner");

  async function ask() {
    try {
      const answer = await fetch(alive, { cache: "no-store" });
      tell(answer.ok);
    } catch {
      tell(false);
    }
  }

  function tell(online) {
    if (offline) offline.hidden = online;
    document.documentElement.toggleAttribute("data-offline", !online);
  }

  addEventListener("online", ask);
  addEventListener("offline", () => tell(false));
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && ask());
  ask();

  hintToInstall();
  if (!("serviceWorker" in navigator)) return;
  let asked = false;
  navigator.serviceWorker.register(worker, { scope }).then((found) => {
    if (found.waiting) offer(found.waiting);
    found.addEventListener("updatefound", () => {
      const coming = found.installing;
      coming.addEventListener("statechange", () => {
        if (coming.state === "installed" && navigator.serviceWorker.controller) offer(coming);
      });
    });
  }, () => {});
  navigator.serviceWorker.addEventListener("controllerchange", () => asked && location.reload());

  // From the second visit on, until it was declined: a visit is counted once in half an hour.
  function hintToInstall() {
    const hint = document.getElementById("install-hint");
    if (!hint || matchMedia("(display-mode: standalone)").matches || navigator.standalone) return;
    const place = `kopilka visits ${scope}`, seen = read(place);
    if (seen.declined) return;
    if (Date.now() - seen.last > 30 * 60 * 1000) seen.count += 1;
    seen.last = Date.now();
    write(place, seen);
    if (seen.count < 2) return;
    const now = document.getElementById("install-now"), how = document.getElementById("install-how");
    document.getElementById("install-never").addEventListener("click", () => {
      hint.hidden = true;
      write(place, { ...seen, declined: true });
    });
    if (/iPhone|iPad|iPod/.test(navigator.userAgent)) hint.hidden = how.hidden = false;
    addEventListener("beforeinstallprompt", (event) => {
      event.preventDefault();
      hint.hidden = now.hidden = false;
      now.addEventListener("click", async () => {
        event.prompt();
        await event.userChoice;
        hint.hidden = true;
      }, { once: true });
    });
  }

  function read(place) {
    try {
      return JSON.parse(localStorage.getItem(place)) || { count: 0, last: 0 };
    } catch {
      return { count: 0, last: 0 };
    }
  }

  function write(place, value) {
    try {
      localStorage.setItem(place, JSON.stringify(value));
    } catch {
      // a browser that keeps nothing is hinted at nothing
    }
  }

  function offer(waiting) {
    if (!update) return;
    update.hidden = false;
    document.getElementById("update-now").addEventListener("click", () => {
      asked = true;
      waiting.postMessage("update");
    }, { once: true });
  }
})();
