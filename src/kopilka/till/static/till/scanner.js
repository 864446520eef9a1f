// What a scanner types goes to the field marked data-scan-field, wherever the focus is.
// A scanner is told from a person by its speed. What it typed elsewhere by the way is taken back.
//   event "scan" on the field, cancelable: detail = {text, raw, by: "wedge" | "camera" | "paste"}; else its form is sent
//   kopilkaScan.take(raw, by)  hands over what was read in some other way
//   kopilkaScan.settings       {prefix, suffix} to cut off, kept in this browser; kopilkaScan.save(settings)
(() => {
  "use strict";
  const GAP = 35, END_GAP = 120, SHORTEST = 6, SHORTEST_WITHOUT_END = 8;
  const PLACE = "kopilka scanner", GS = "\u001d";
  const RUSSIAN = "йцукенгшщзхъфывапролджэячсмитьбю.ёЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,Ё\"№;:?";
  const LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,./`QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>?~@#$^&";
  const latin = new Map([...RUSSIAN].map((letter, place) => [letter, LATIN[place]]));

  let burst = null, timer = 0, endedAt = -Infinity;

  document.addEventListener("keydown", (event) => {
    const isGs = event.ctrlKey && event.code === "BracketRight";
    if (burst && event.timeStamp - burst.last > END_GAP) burst = null;
    const isEnd = event.key === "Enter" || event.key === "Tab";
    if (isEnd && event.timeStamp - endedAt < GAP) return swallow(event); // the other half of its line end
    if (burst && isEnd) return end(event);
    if ((event.ctrlKey || event.altKey || event.metaKey) && !isGs) return;
    if (event.key.length !== 1) return;
    if (!burst || event.timeStamp - burst.last > GAP) burst = begin(event);
    burst.text += isGs ? GS : event.key;
    burst.last = event.timeStamp;
    if (burst.text.length > 1) event.stopPropagation();
    if (isGs) event.preventDefault();
    clearTimeout(timer);
    timer = setTimeout(() => burst && burst.text.length >= SHORTEST_WITHOUT_END && deliver(burst), END_GAP);
  }, true);

  document.addEventListener("paste", (event) => {
    if (event.target.closest("input, textarea, [contenteditable]")) return;
    const pasted = event.clipboardData.getData("text");
    if (take(pasted, "paste")) event.preventDefault();
  });

  function begin(event) {
    const typedInto = event.target.matches("input, textarea") ? event.target : null;
    return { text: "", last: event.timeStamp, typedInto, before: typedInto ? typedInto.value : "" };
  }

  function end(event) {
    const found = burst;
    burst = null;
    clearTimeout(timer);
    if (found.text.length < SHORTEST || !field()) return;
    endedAt = event.timeStamp;
    swallow(event);
    deliver(found);
  }

  function swallow(event) {
    event.preventDefault();
    event.stopPropagation();
  }

  function deliver(found) {
    burst = null;
    const place = field();
    if (!place) return;
    if (found.typedInto && found.typedInto !== place) found.typedInto.value = found.before;
    take(found.text, "wedge");
  }

  function field() {
    return document.querySelector("dialog[open] [data-scan-field]") || document.querySelector("[data-scan-field]:not([disabled])");
  }

  function take(raw, by) {
    const place = field(), text = clean(raw, by === "wedge");
    if (!place || !text) return false;
    place.value = text;
    place.focus();
    const said = new CustomEvent("scan", { bubbles: true, cancelable: true, detail: { text, raw, by } });
    if (place.dispatchEvent(said) && place.form) place.form.requestSubmit();
    return true;
  }

  // What was meant: Latin letters in a Russian layout, without the scanner's own marks; of a marked article its barcode.
  function clean(raw, byKeys = true) {
    const { prefix, suffix } = settings();
    let text = byKeys && /[а-яё]/i.test(raw) ? inLatin(raw) : raw;
    text = text.replace(/[\r\n\t]+/g, "").trim();
    if (prefix && text.startsWith(prefix)) text = text.slice(prefix.length);
    if (suffix && text.endsWith(suffix)) text = text.slice(0, -suffix.length);
    text = text.replace(/^\][A-Za-z][0-9A-Za-z]/, "").replace(/^[\u001d\u00e8]/, "");
    const marked = /^01(\d{14})21/.exec(text);
    return marked ? marked[1].replace(/^0/, "") : text.replaceAll(GS, "");
  }

  function inLatin(text) {
    return [...text].map((letter) => latin.get(letter) ?? letter).join("");
  }

  function settings() {
    try {
      return JSON.parse(localStorage.getItem(PLACE)) || {};
    } catch {
      return {};
    }
  }

  function save(changed) {
    localStorage.setItem(PLACE, JSON.stringify(changed));
  }

  window.kopilkaScan = { take, clean, save, get settings() { return settings(); } };
})();
