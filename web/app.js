// SPDX-License-Identifier: Apache-2.0
// The page's parts, one open at a time, and the key.
import {leaveBatches, openBatches, startBatches} from '/batches.js';
import {leaveLive, openLive, startLive} from '/live.js';
import {byId} from '/page.js';
import {startSay} from '/say.js';
import {key, onKeyChange, onKeyWanted, setKey} from '/server.js';
import {openText, startText} from '/text.js';
import {leaveVoices, refreshVoices, startVoices} from '/voices.js';

const PARTS = ['say', 'voices', 'text', 'batches', 'live'];
const OPEN = {text: openText, batches: openBatches, live: openLive};
const LEAVE = {voices: leaveVoices, batches: leaveBatches, live: leaveLive};

let current = '';

function open(name) {
  if (name === current) return;
  LEAVE[current]?.();
  current = name;
  for (const part of PARTS) {
    const chosen = part === name;
    const tab = byId(`tab-${part}`);
    tab.setAttribute('aria-selected', String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    byId(part).hidden = !chosen;
  }
  if (location.hash.slice(1) !== name) history.replaceState(null, '', `#${name}`);
  OPEN[name]?.();
}

// Arrows go from tab to tab, as tabs do everywhere.
function moveByKey(event) {
  const last = PARTS.length - 1;
  const at = PARTS.indexOf(current);
  const to = {ArrowLeft: at === 0 ? last : at - 1, ArrowRight: at === last ? 0 : at + 1,
              Home: 0, End: last}[event.key];
  if (to === undefined) return;
  event.preventDefault();
  open(PARTS[to]);
  byId(`tab-${PARTS[to]}`).focus();
}

function startTabs() {
  for (const part of PARTS) {
    byId(`tab-${part}`).addEventListener('click', () => open(part));
    byId(`tab-${part}`).addEventListener('keydown', moveByKey);
  }
  const asked = () => PARTS.includes(location.hash.slice(1)) ? location.hash.slice(1) : 'say';
  window.addEventListener('hashchange', () => open(asked()));
  open(asked());
}

const KEY_WHY = byId('key-why').textContent;

function askForKey(why) {
  if (byId('key-dialog').open) return;
  byId('key-why').textContent = why || KEY_WHY;
  byId('key').value = key();
  byId('key-dialog').showModal();
  byId('key').focus();
}

function startKey() {
  const show = () => byId('key-open').classList.toggle('set', key() !== '');
  const close = () => byId('key-dialog').close();
  byId('key-open').addEventListener('click', () => askForKey(''));
  byId('key-cancel').addEventListener('click', close);
  byId('key-forget').addEventListener('click', () => { setKey(''); close(); });
  byId('key-form').addEventListener('submit', () => setKey(byId('key').value.trim()));
  onKeyChange(show);
  onKeyChange(refreshVoices);
  onKeyWanted((message) => askForKey(`${message[0].toUpperCase()}${message.slice(1)}.`));
  show();
}

startKey();
startSay();
startVoices(open);
startText(open);
startBatches();
startLive();
startTabs();
