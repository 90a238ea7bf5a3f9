// SPDX-License-Identifier: Apache-2.0
// How the page asks the server: by the addresses that every client uses, with the key if there is
// one. The key lives in sessionStorage: until the tab is closed, for this origin alone.

const KEY = 'syrinx.key';
const listeners = new Set();

export const key = () => sessionStorage.getItem(KEY) || '';

export function setKey(secret) {
  if (secret) sessionStorage.setItem(KEY, secret);
  else sessionStorage.removeItem(KEY);
  for (const act of listeners) act();
}

// Calls `act` whenever another key is used.
export const onKeyChange = (act) => listeners.add(act);

// What the server refused, in its own words.
export class ServerError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

let keyWanted = () => {};
// Calls `act` with the server's sentence when it asks for a key.
export const onKeyWanted = (act) => { keyWanted = act; };

async function errorOf(response) {
  let message = `the server answered ${response.status} ${response.statusText}`;
  try {
    message = (await response.json()).error.message;
  } catch { /* No JSON: a proxy's words are not ours to show. */ }
  return new ServerError(response.status, message);
}

// The answer to a question; throws ServerError, or AbortError when `signal` says so.
export async function ask(path, {json, body, signal, method} = {}) {
  const headers = {};
  if (key()) headers.Authorization = `Bearer ${key()}`;
  if (json) headers['Content-Type'] = 'application/json';
  let response;
  try {
    response = await fetch(path, {method: method ?? (json || body ? 'POST' : 'GET'), headers, signal,
                                  body: json ? JSON.stringify(json) : body});
  } catch (failed) {
    if (failed.name === 'AbortError') throw failed;
    throw new ServerError(0, 'the server cannot be reached');
  }
  if (response.ok) return response;
  const error = await errorOf(response);
  if (error.status === 401) keyWanted(error.message);
  throw error;
}

export const askJson = async (path, options) => (await ask(path, options)).json();

// The values of an answer that has one JSON a line, as they arrive.
export async function* jsonLines(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const {value, done} = await reader.read();
    if (done) break;
    const lines = (rest + value).split('\n');
    rest = lines.pop();
    for (const line of lines) if (line) yield JSON.parse(line);
  }
  if (rest.trim()) yield JSON.parse(rest);
}

// A WebSocket. Browsers let no one set its headers, so the key goes as a protocol, which the server
// does not send back.
export function openSocket(path) {
  const address = new URL(path, location.href);
  address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
  return new WebSocket(address, key() ? ['syrinx', `syrinx.key.${key()}`] : ['syrinx']);
}

// Those who can speak: {voices, aliases}.
export const listVoices = () => askJson('/v1/audio/voices');
