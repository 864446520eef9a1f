// The page one is at stands in sight where the menu is wider than the screen.
(() => {
  "use strict";
  const menu = document.querySelector(".till-menu"), here = menu?.querySelector(".is-here");
  if (here) menu.scrollLeft = here.offsetLeft - (menu.clientWidth - here.offsetWidth) / 2;
})();
