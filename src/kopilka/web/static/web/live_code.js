// Rotating codes of a card, written without a network: the same digits as engine/live_codes.py.
//   kopilkaLive(number, secret, seconds)  -> Promise of 48 digits; `secret` in base64, `seconds` of the server's clock
//   kopilkaLive.slotSeconds               -> how long one code is shown
(() => {
  "use strict";
  const SLOT_SECONDS = 30;
  const keys = new Map();

  function bytesOf(base64) {
    return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  }

  function keyOf(secret) {
    if (!keys.has(secret)) {
      const hmac = { name: "HMAC", hash: "SHA-256" };
      keys.set(secret, crypto.subtle.importKey("raw", bytesOf(secret), hmac, false, ["sign"]));
    }
    return keys.get(secret);
  }

  async function kopilkaLive(number, secret, seconds) {
    const slot = String(Math.floor(seconds / SLOT_SECONDS)).padStart(8, "0");
    const head = `77${String(number).padStart(19, "0")}${slot}`;
    const signed = await crypto.subtle.sign("HMAC", await keyOf(secret), new TextEncoder().encode(head));
    const mark = new DataView(signed).getBigUint64(0) >> 1n;
    return head + mark.toString().padStart(19, "0");
  }

  kopilkaLive.slotSeconds = SLOT_SECONDS;
  window.kopilkaLive = kopilkaLive;
})();
