// The rotating code on the first screen: drawn anew every half minute, on a tap over the whole screen, kept awake.
(() => {
  "use strict";
  const live = document.getElementById("live");
  const able = live && window.crypto?.subtle && window.kopilkaLive && window.kopilkaClock && window.kopilkaQr;
  if (!able) return;
  const { number, secret, served } = live.dataset;
  const small = document.getElementById("live-code"), large = document.getElementById("live-code-large");
  const ring = document.getElementById("live-ring"), whole = document.getElementById("whole-screen");
  const now = kopilkaClock(Number(served));
  let shown = -1, awake = null;

  async function tick() {
    const seconds = now(), slot = Math.floor(seconds / kopilkaLive.slotSeconds);
    const gone = (seconds % kopilkaLive.slotSeconds) / kopilkaLive.slotSeconds;
    ring.setAttribute("stroke-dashoffset", String(100 * gone));
    if (slot === shown) return;
    shown = slot;
    const digits = await kopilkaLive(number, secret, seconds);
    for (const canvas of [small, large]) kopilkaQr.draw(canvas, digits);
    live.dataset.digits = digits;
    live.hidden = document.getElementById("live-hint").hidden = false;
    document.getElementById("live-missing").hidden = true;
  }

  async function stayAwake() {
    try {
      awake = await navigator.wakeLock?.request("screen");
    } catch {
      awake = null; // a phone short of power says no
    }
  }

  live.addEventListener("click", () => {
    whole.showModal();
    stayAwake();
  });
  whole.addEventListener("click", (event) => event.target === large && whole.close());
  whole.addEventListener("close", () => {
    awake?.release();
    awake = null;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return;
    tick();
    if (whole.open) stayAwake();
  });
  tick();
  setInterval(tick, 250);
})();
