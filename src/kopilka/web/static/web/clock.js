// The server's clock, kept by a browser whose own clock may be wrong by minutes, also while there is no network.
//   kopilkaClock(served)  -> function that tells the server's time now, in seconds
// `served` is the server's time in seconds as it stands in the page; a page from the browser's store brings an old one.
(() => {
  "use strict";
  const PLACE = "kopilka clock";

  function known() {
    try {
      return JSON.parse(localStorage.getItem(PLACE)) || null;
    } catch {
      return null;
    }
  }

  function keep(clock) {
    try {
      localStorage.setItem(PLACE, JSON.stringify(clock));
    } catch {
      // A browser that keeps nothing still knows the difference until the page is closed.
    }
  }

  // The newest word of the server decides how far this device is ahead; anything older comes from a store.
  window.kopilkaClock = (served) => {
    let clock = known();
    if (!clock || served > clock.served) {
      clock = { served, ahead: Math.round((Date.now() - performance.now()) / 1000) + arrival() - served };
      keep(clock);
    }
    return () => Date.now() / 1000 - clock.ahead;
  };

  // Seconds from the start of this page until the server's first byte: the moment it told its time.
  function arrival() {
    const [page] = performance.getEntriesByType("navigation");
    return page ? page.responseStart / 1000 : 0;
  }
})();
