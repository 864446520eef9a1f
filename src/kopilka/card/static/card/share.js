// The phone's own sheet for sharing; where there is none, the text is copied.
(() => {
  "use strict";
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-share]");
    if (!button) return;
    const { share, shareTitle, shareLink } = button.dataset;
    const sent = { title: shareTitle, text: share };
    try {
      if (navigator.share) await navigator.share(sent);
      else document.querySelector(`[data-copy="${CSS.escape(shareLink)}"]`).click();
    } catch (refused) {
      if (refused.name !== "AbortError") document.querySelector(`[data-copy="${CSS.escape(shareLink)}"]`).click();
    }
  });
})();
