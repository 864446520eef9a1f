// Draws up to 48 digits as a QR code without a network: version 2 (25 by 25), numeric, correction level Q.
//   kopilkaQr(digits, mask)  -> 25 rows of 25 booleans (true is black); without `mask` the most readable of the eight
//   kopilkaQr.draw(canvas, digits)  -> the same with a quiet zone of four, one pixel for a module
(() => {
  "use strict";
  const SIZE = 25, DATA = 22, CORRECTION = 22, QUIET = 4, LEVEL_Q = 3;
  const power = new Uint8Array(512), log = new Uint8Array(256);
  for (let place = 0, value = 1; place < 255; place++) {
    power[place] = power[place + 255] = value;
    log[value] = place;
    value = (value << 1) ^ ((value >> 7) * 0x11d);
  }

  function dataWords(digits) {
    const bits = [];
    const push = (value, count) => { for (let place = count - 1; place >= 0; place--) bits.push((value >> place) & 1); };
    push(1, 4);
    push(digits.length, 10);
    for (let at = 0; at < digits.length; at += 3) {
      const group = digits.slice(at, at + 3);
      push(Number(group), [0, 4, 7, 10][group.length]);
    }
    if (bits.length > DATA * 8) throw new RangeError("too many digits");
    push(0, Math.min(4, DATA * 8 - bits.length));
    while (bits.length % 8) bits.push(0);
    for (let filler = 0xec; bits.length < DATA * 8; filler ^= 0xec ^ 0x11) push(filler, 8);
    return Array.from({ length: DATA }, (_, word) => parseInt(bits.slice(word * 8, word * 8 + 8).join(""), 2));
  }

  const divisor = (() => {
    const made = new Uint8Array(CORRECTION);
    made[CORRECTION - 1] = 1;
    for (let step = 0; step < CORRECTION; step++) {
      for (let place = 0; place < CORRECTION; place++) {
        made[place] = times(made[place], power[step]) ^ (place + 1 < CORRECTION ? made[place + 1] : 0);
      }
    }
    return made;
  })();

  function times(one, other) {
    return one && other ? power[log[one] + log[other]] : 0;
  }

  function correctionWords(words) {
    const rest = new Uint8Array(CORRECTION);
    for (const word of words) {
      const factor = word ^ rest[0];
      rest.copyWithin(0, 1);
      rest[CORRECTION - 1] = 0;
      divisor.forEach((value, place) => { rest[place] ^= times(value, factor); });
    }
    return rest;
  }

  // What every code of this size has; null where data goes.
  function frame(mask) {
    const rows = Array.from({ length: SIZE }, () => new Array(SIZE).fill(null));
    for (let at = 0; at < SIZE; at++) rows[6][at] = rows[at][6] = at % 2 === 0;
    const rings = (x, y, reach, dark) => {
      for (let dy = -reach; dy <= reach; dy++) {
        for (let dx = -reach; dx <= reach; dx++) {
          if (rows[y + dy]?.[x + dx] !== undefined) rows[y + dy][x + dx] = dark(Math.max(Math.abs(dx), Math.abs(dy)));
        }
      }
    };
    for (const [x, y] of [[3, 3], [SIZE - 4, 3], [3, SIZE - 4]]) rings(x, y, 4, (ring) => ring !== 2 && ring !== 4);
    rings(SIZE - 7, SIZE - 7, 2, (ring) => ring !== 1);
    const said = (LEVEL_Q << 3) | mask;
    let rest = said;
    for (let step = 0; step < 10; step++) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
    const format = ((said << 10) | rest) ^ 0x5412, bit = (place) => ((format >> place) & 1) === 1;
    for (let place = 0; place < 15; place++) {
      rows[place < 6 ? place : place < 8 ? place + 1 : SIZE - 15 + place][8] = bit(place);
      rows[8][place < 8 ? SIZE - 1 - place : place < 9 ? 7 : 14 - place] = bit(place);
    }
    rows[SIZE - 8][8] = true;
    return rows;
  }

  const masks = [
    (x, y) => (x + y) % 2 === 0, (x, y) => y % 2 === 0, (x) => x % 3 === 0, (x, y) => (x + y) % 3 === 0,
    (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0, (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
    (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0, (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
  ];

  function filled(words, mask) {
    const rows = frame(mask);
    let at = 0;
    for (let right = SIZE - 1; right >= 1; right -= 2) {
      if (right === 6) right = 5;
      const upward = ((right + 1) & 2) === 0;
      for (let step = 0; step < SIZE; step++) {
        const y = upward ? SIZE - 1 - step : step;
        for (const x of [right, right - 1]) {
          if (rows[y][x] !== null) continue;
          const dark = at < words.length * 8 && ((words[at >> 3] >> (7 - (at & 7))) & 1) === 1;
          rows[y][x] = dark !== masks[mask](x, y);
          at++;
        }
      }
    }
    return rows;
  }

  // Long runs and blocks of one colour are what readers stumble over.
  function penalty(rows) {
    let found = 0;
    for (let turn = 0; turn < 2; turn++) {
      for (let y = 0; y < SIZE; y++) {
        for (let x = 1, run = 1; x <= SIZE; x++) {
          const same = x < SIZE && (turn ? rows[x][y] === rows[x - 1][y] : rows[y][x] === rows[y][x - 1]);
          if (same) run++;
          else {
            if (run >= 5) found += run - 2;
            run = 1;
          }
        }
      }
    }
    for (let y = 1; y < SIZE; y++) {
      for (let x = 1; x < SIZE; x++) {
        if (rows[y][x] === rows[y - 1][x] && rows[y][x] === rows[y][x - 1] && rows[y][x] === rows[y - 1][x - 1]) found += 3;
      }
    }
    return found;
  }

  function kopilkaQr(digits, mask) {
    const data = dataWords(digits), words = [...data, ...correctionWords(data)];
    if (mask !== undefined) return filled(words, mask);
    const all = masks.map((_, one) => filled(words, one)), found = all.map(penalty);
    return all[found.indexOf(Math.min(...found))];
  }

  kopilkaQr.draw = (canvas, digits) => {
    const rows = kopilkaQr(digits), whole = SIZE + 2 * QUIET;
    canvas.width = canvas.height = whole;
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, whole, whole);
    pen.fillStyle = "#000";
    rows.forEach((row, y) => row.forEach((dark, x) => dark && pen.fillRect(x + QUIET, y + QUIET, 1, 1)));
  };
  window.kopilkaQr = kopilkaQr;
})();
