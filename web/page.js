// SPDX-License-Identifier: Apache-2.0
// Small things that every part of the page uses.

export const byId = (id) => document.getElementById(id);

// An element with properties (class, text, title, or an attribute's name) and children.
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === 'class') made.className = value;
    else if (key === 'text') made.textContent = value;
    else if (value !== false && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

// A button that calls `act`.
export function button(text, act, properties = {}) {
  const made = element('button', {type: 'button', text, ...properties});
  made.addEventListener('click', act);
  return made;
}

// The value of a variable of the style sheet, which differs between light and dark.
export const styleColour = (name) =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const dark = matchMedia('(prefers-color-scheme: dark)');
export const onThemeChange = (act) => dark.addEventListener('change', act);

// Makes a canvas as fine as the screen, and gives its context, in units of the style sheet.
export function fitCanvas(canvas) {
  const {clientWidth: width, clientHeight: height} = canvas;
  const scale = window.devicePixelRatio || 1;
  const wanted = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== wanted[0]) canvas.width = wanted[0];
  if (canvas.height !== wanted[1]) canvas.height = wanted[1];
  const context = canvas.getContext('2d');
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  return {context, width, height};
}

// From the server's places in a text, in bytes of UTF-8, to places in a JavaScript string.
export function indexOfByte(text) {
  const indices = [];
  let index = 0;
  for (const character of text) {
    const code = character.codePointAt(0);
    const bytes = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (let i = 0; i < bytes; ++i) indices.push(index);
    index += character.length;
  }
  return (byte) => byte < indices.length ? indices[byte] : text.length;
}

// The index of a line and column, both counted from 1, the column in characters.
function indexOfPlace(text, line, column) {
  const lines = text.split('\n');
  let index = 0;
  for (let i = 0; i < line - 1 && i < lines.length; ++i) index += lines[i].length + 1;
  const characters = [...(lines[line - 1] ?? '')].slice(0, column - 1);
  return Math.min(text.length, index + characters.join('').length);
}

// Where in a text the mistake is that a message names by line and column; null when it names none.
export function indexOfMistake(text, message) {
  const place = /line (\d+), column (\d+)/.exec(message);
  return place ? indexOfPlace(text, Number(place[1]), Number(place[2])) : null;
}

// "950", "9876", "12.3 k", "4.56 M", "0.132".
export function shortNumber(value) {
  const short = (number) => String(Number(number.toPrecision(3)));
  for (const [size, name] of [[1e9, ' G'], [1e6, ' M'], [1e3, ' k']]) {
    if (value >= size && value >= 1e4) return short(value / size) + name;
  }
  return value >= 100 ? String(Math.round(value)) : short(value);
}

export const bytesText = (bytes) => bytes < 1e6
  ? `${Math.round(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(bytes < 1e8 ? 1 : 0)} MB`;

// "3 s", "2 min", "5 h 12 min".
export function durationText(seconds) {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export const counted = (count, thing) => `${count} ${thing}${count === 1 ? '' : 's'}`;
