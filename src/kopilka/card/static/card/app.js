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

  function offer(waiting) {
    if (!update) return;
    update.hidden = false;
    document.getElementById("update-now").addEventListener("click", () => {
      asked = true;
      waiting.postMessage("update");
    }, { once: true });
  }
})();
