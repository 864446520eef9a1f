// Reads a code with the camera of a phone or a tablet: a button data-camera opens the dialog #camera.
// The browser's own reader where it has one, else jsQR, fetched when the camera is opened for the first time.
(() => {
  "use strict";
  const dialog = document.getElementById("camera");
  if (!dialog) return;
  const film = dialog.querySelector("video"), torch = dialog.querySelector("[data-torch]");
  const told = dialog.querySelector("[data-told]"), words = dialog.dataset;
  const EVERY = 120, SIDE_MAX = 800;
  const KINDS = ["qr_code", "ean_13", "ean_8", "upc_a", "code_128", "code_39", "data_matrix", "itf"];
  let stream = null, reading = 0;

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-camera]")) open();
  });
  dialog.addEventListener("close", stop);
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  torch.addEventListener("click", async () => {
    const on = torch.getAttribute("aria-pressed") !== "true";
    await stream.getVideoTracks()[0].applyConstraints({ advanced: [{ torch: on }] });
    torch.setAttribute("aria-pressed", String(on));
  });

  async function open() {
    tell(words.opening);
    torch.hidden = true;
    dialog.showModal();
    const turn = ++reading;
    try {
      if (!navigator.mediaDevices) throw new DOMException("", "NotFoundError");
      const found = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: "environment", width: { ideal: 1280 } }, audio: false,
      });
      if (turn !== reading) return found.getTracks().forEach((track) => track.stop());
      stream = found;
      film.srcObject = stream;
      await film.play();
      const [track] = stream.getVideoTracks();
      torch.hidden = !(track.getCapabilities && track.getCapabilities().torch);
      const read = await reader();
      tell(words.aim);
      look(read, turn);
    } catch (error) {
      if (turn !== reading) return;
      stop();
      tell({ NotAllowedError: words.refused, NotReadableError: words.busy, NoReader: words.unreadable }[error.name] || words.missing);
    }
  }

  async function look(read, turn) {
    if (turn !== reading) return;
    const found = film.readyState >= 2 ? await read().catch(() => "") : "";
    if (turn !== reading) return;
    if (!found) return void setTimeout(look, EVERY, read, turn);
    dialog.close();
    window.kopilkaScan.take(found, "camera");
  }

  async function reader() {
    if ("BarcodeDetector" in window) {
      const known = await BarcodeDetector.getSupportedFormats();
      const kinds = KINDS.filter((kind) => known.includes(kind));
      if (kinds.includes("qr_code")) {
        const detector = new BarcodeDetector({ formats: kinds });
        return async () => (await detector.detect(film))[0]?.rawValue || "";
      }
    }
    await fetched(words.jsqr);
    const canvas = document.createElement("canvas");
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    return async () => {
      const smaller = Math.min(1, SIDE_MAX / Math.max(film.videoWidth, film.videoHeight));
      canvas.width = Math.round(film.videoWidth * smaller);
      canvas.height = Math.round(film.videoHeight * smaller);
      pen.drawImage(film, 0, 0, canvas.width, canvas.height);
      const seen = pen.getImageData(0, 0, canvas.width, canvas.height);
      return window.jsQR(seen.data, seen.width, seen.height)?.data || "";
    };
  }

  function fetched(address) {
    if (window.jsQR) return Promise.resolve();
    return new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = done;
      script.onerror = () => {
        script.remove();
        failed(new DOMException("", "NoReader"));
      };
      document.head.append(script);
    });
  }

  function stop() {
    reading++;
    if (stream) stream.getTracks().forEach((track) => track.stop());
    stream = null;
    film.srcObject = null;
    torch.setAttribute("aria-pressed", "false");
  }

  function tell(text) {
    told.textContent = text;
  }
})();
