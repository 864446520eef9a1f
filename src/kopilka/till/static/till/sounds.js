// The till's own sounds, made on the spot: a short one for "taken", a low one for "no", a bright one for "sold".
//   kopilkaSound("ok" | "wrong" | "done"); a button data-mute switches them, and this browser remembers.
(() => {
  "use strict";
  const PLACE = "kopilka silent";
  const NOTES = {
    ok: [[880, 0, 0.06]],
    wrong: [[196, 0, 0.14], [165, 0.16, 0.2]],
    done: [[659, 0, 0.09], [784, 0.09, 0.09], [1047, 0.18, 0.16]],
  };
  let sounding = null;

  function isSilent() {
    try {
      return localStorage.getItem(PLACE) === "1";
    } catch {
      return false;
    }
  }

  function play(name) {
    const notes = NOTES[name];
    if (!notes || isSilent() || !window.AudioContext) return;
    sounding ||= new AudioContext();
    if (sounding.state === "suspended") sounding.resume().catch(() => {});
    for (const [pitch, after, length] of notes) {
      const tone = sounding.createOscillator(), loud = sounding.createGain(), begin = sounding.currentTime + after;
      tone.type = name === "wrong" ? "square" : "sine";
      tone.frequency.value = pitch;
      loud.gain.setValueAtTime(name === "wrong" ? 0.05 : 0.15, begin);
      loud.gain.exponentialRampToValueAtTime(0.001, begin + length);
      tone.connect(loud).connect(sounding.destination);
      tone.start(begin);
      tone.stop(begin + length);
    }
  }

  function show(button) {
    const silent = isSilent();
    button.textContent = silent ? button.dataset.off : button.dataset.on;
    button.setAttribute("aria-pressed", String(!silent));
    button.hidden = false;
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-mute]");
    if (!button) return;
    localStorage.setItem(PLACE, isSilent() ? "0" : "1");
    show(button);
    play("ok");
  });
  document.querySelectorAll("[data-mute]").forEach(show);
  window.kopilkaSound = play;
})();
