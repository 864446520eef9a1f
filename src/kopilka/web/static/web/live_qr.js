// Draws the 48 digits of a rotating code as a QR code, without a network and without a library.
//   kopilkaQr(digits)  -> the `d` of an SVG path, for viewBox="0 0 33 33" with its quiet zone
//   kopilkaQr.draw(canvas, digits)  -> the same on a canvas, one pixel for a module
// 48 digits fit exactly into version 2 (25 × 25) at level Q, where a quarter may be unreadable: no other size is needed.
(() => {
  "use strict";
  const SIZE = 25, QUIET = 4, DATA = 22, CHECK = 22, DIGITS = 48;
  const LEVEL_Q = 3, MASK = 0;

  const powers = new Uint8Array(255), logs = new Uint8Array(256);
  for (let place = 0, value = 1; place < 255; place++) {
    powers[place] = value;
    logs[value] = place;
    value = (value << 1) ^ (value & 0x80 ? 0x11d : 0);
  }
  const times = (one, other) => (one && other ? powers[(logs[one] + logs[other]) % 255] : 0);

  // Coefficients of (x - 1)(x - 2)(x - 4)… without the leading one.
  const divisor = (() => {
    let made = [1];
    for (let place = 0; place < CHECK; place++) {
      made = [...made, 0].map((value, at) => value ^ times(at ? made[at - 1] : 0, powers[place]));
    }
    return made.slice(1);
  })();

  function dataOf(digits) {
    let bits = "0001" + DIGITS.toString(2).padStart(10, "0");
    for (let at = 0; at < DIGITS; at += 3) bits += Number(digits.slice(at, at + 3)).toString(2).padStart(10, "0");
    bits = bits.padEnd(DATA * 8, "0");
    return Array.from({ length: DATA }, (_, at) => parseInt(bits.slice(at * 8, at * 8 + 8), 2));
  }

  function checkOf(data) {
    let rest = new Array(CHECK).fill(0);
    for (const byte of data) {
      const factor = byte ^ rest[0];
      rest = [...rest.slice(1), 0].map((value, at) => value ^ times(divisor[at], factor));
    }
    return rest;
  }

  function formatBits() {
    const said = (LEVEL_Q << 3) | MASK;
    let rest = said << 10;
    for (let bit = 14; bit >= 10; bit--) if (rest & (1 << bit)) rest ^= 0x537 << (bit - 10);
    return ((said << 10) | rest) ^ 0x5412;
  }

  function frame() {
    const rows = Array.from({ length: SIZE }, () => new Array(SIZE).fill(null));
    const square = (row, column, around, isDark) => {
      for (let down = -around; down <= around; down++) for (let right = -around; right <= around; right++) {
        const cells = rows[row + down];
        if (cells && column + right >= 0 && column + right < SIZE) {
          cells[column + right] = isDark(Math.max(Math.abs(down), Math.abs(right)));
        }
      }
    };
    for (let at = 0; at < SIZE; at++) rows[6][at] = rows[at][6] = at % 2 === 0;
    for (const [row, column] of [[3, 3], [3, SIZE - 4], [SIZE - 4, 3]]) square(row, column, 4, (far) => far < 2 || far === 3);
    square(18, 18, 2, (far) => far !== 1);
    const format = formatBits(), bit = (at) => Boolean((format >> at) & 1);
    for (let at = 0; at < 8; at++) {
      rows[8][SIZE - 1 - at] = bit(at);
      rows[at < 6 ? at : at + 1][8] = bit(at);
    }
    for (let at = 8; at < 15; at++) {
      rows[SIZE - 15 + at][8] = bit(at);
      rows[8][at === 8 ? 7 : 14 - at] = bit(at);
    }
    rows[SIZE - 8][8] = true;
    return rows;
  }

  function fill(rows, bytes) {
    let place = 0;
    for (let right = SIZE - 1; right > 0; right -= 2) {
      if (right === 6) right = 5;
      const upwards = ((right + 1) & 2) === 0;
      for (let step = 0; step < SIZE; step++) for (const column of [right, right - 1]) {
        const row = upwards ? SIZE - 1 - step : step;
        if (rows[row][column] !== null) continue;
        const isDark = ((bytes[place >> 3] || 0) >> (7 - (place & 7))) & 1;
        rows[row][column] = Boolean(isDark) !== ((row + column) % 2 === 0);
        place++;
      }
    }
  }

  window.kopilkaQr = (digits) => {
    if (!/^\d{48}$/.test(digits)) throw new TypeError("48 digits are needed");
    const data = dataOf(digits), rows = frame();
    fill(rows, [...data, ...checkOf(data)]);
    let drawn = "";
    rows.forEach((cells, row) => cells.forEach((isDark, column) => {
      if (isDark) drawn += `M${column + QUIET} ${row + QUIET}h1v1h-1z`;
    }));
    return drawn;
  };

  window.kopilkaQr.draw = (canvas, digits) => {
    canvas.width = canvas.height = SIZE + 2 * QUIET;
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.fillStyle = "#000";
    pen.fill(new Path2D(window.kopilkaQr(digits)));
  };
})();
