// SPDX-License-Identifier: Apache-2.0
// Who can speak: a sample of each, and mixes of those that can be mixed.
import {button, byId, counted, element} from '/page.js';
import {offerEmotions, offerVoices, useVoice} from '/say.js';
import {ask, listVoices} from '/server.js';

// What a voice of another language says, as long as nobody asked for anything else.
const SAMPLES = {
  de: 'Der Regen hat aufgehört, und die Vögel sind wieder da.',
  es: 'Ha dejado de llover, y los pájaros han vuelto.',
  fr: 'La pluie a cessé, et les oiseaux sont revenus.',
  hi: 'बारिश रुक गई है, और पक्षी लौट आए हैं।',
  it: 'Ha smesso di piovere, e gli uccelli sono tornati.',
  ja: '雨がやんで、鳥たちが戻ってきました。',
  nl: 'De regen is opgehouden, en de vogels zijn terug.',
  pt: 'A chuva parou, e os pássaros voltaram.',
  zh: '雨停了，鸟儿回来了。',
};
const LEAST_WEIGHT = -2, MOST_WEIGHT = 4;

let voices = [];
let openTab = () => {};
let sample = null;  // {context, source, cancel, button} of what is heard.
const shares = new Map();  // Of the mix: weights by name.

const tell = (sentence) => { byId('voices-status').textContent = sentence; };

function stopSample() {
  if (sample === null) return;
  sample.cancel.abort();
  sample.context.close();
  sample.button.textContent = sample.text;
  sample = null;
}

function sampleFor(name) {
  const field = byId('voices-sample');
  const language = voices.find((voice) => voice.name === name)?.language ?? '';
  const own = SAMPLES[language.split('-')[0]];
  return own && field.value === field.defaultValue ? own : field.value;
}

// Lets a voice say the sample, or stops it if it is the one that speaks.
async function hear(name, pressed) {
  const again = sample?.button === pressed;
  stopSample();
  if (again) return tell('');
  const mine = {context: new AudioContext(), cancel: new AbortController(), button: pressed,
                text: pressed.textContent};
  sample = mine;
  pressed.textContent = 'Stop';
  tell('');
  try {
    const response = await ask('/v1/audio/speech', {
      json: {input: sampleFor(name), voice: name, response_format: 'wav'},
      signal: mine.cancel.signal,
    });
    const buffer = await mine.context.decodeAudioData(await response.arrayBuffer());
    const source = new AudioBufferSourceNode(mine.context, {buffer});
    source.connect(mine.context.destination);
    source.addEventListener('ended', () => { if (sample === mine) stopSample(); });
    if (sample !== mine) return;
    source.start();
    tell(`${name} speaks: ${buffer.duration.toFixed(1)} s.`);
  } catch (failed) {
    if (failed.name === 'AbortError' || sample !== mine) return;
    stopSample();
    tell(`${name} could not be heard: ${failed.message}`);
  }
}

function use(name) {
  useVoice(name);
  openTab('say');
  byId('say-text').focus();
}

// "en-US" as the reader's own language calls it.
function languageName(tag) {
  try {
    return new Intl.DisplayNames(undefined, {type: 'language'}).of(tag);
  } catch {
    return tag;  // Not a tag that the browser knows.
  }
}

function card(voice) {
  const rate = `${Number((voice.sample_rate_hz / 1000).toFixed(2))} kHz`;
  const facts = [languageName(voice.language), voice.engine, rate];
  return element('li', {class: 'card voice'},
    element('div', {class: 'title'}, element('h2', {text: voice.name}),
            ...(voice.default ? [element('span', {class: 'badge', text: 'default'})] : [])),
    element('p', {text: voice.description}),
    element('p', {class: 'aside', text: facts.filter(Boolean).join(' · ')}),
    element('p', {class: 'aside', text: `Licence: ${voice.licence || 'not told'}`}),
    element('div', {class: 'bar'},
      button('Hear', (event) => hear(voice.name, event.currentTarget),
             {'aria-label': `Hear ${voice.name}`, 'data-hear': voice.name}),
      button('Use', () => use(voice.name), {'aria-label': `Use ${voice.name}`})));
}

function showList() {
  const words = byId('voices-find').value.toLowerCase().split(/\s+/).filter(Boolean);
  const fitting = voices.filter((voice) => {
    const all = [voice.name, voice.description, voice.language, languageName(voice.language),
                 voice.licence, voice.engine, voice.gender].join(' ').toLowerCase();
    return words.every((word) => all.includes(word));
  });
  stopSample();
  byId('voices-list').replaceChildren(...fitting.map(card));
  tell(words.length > 0 ? `${fitting.length} of ${counted(voices.length, 'voice')}.` : '');
}

// "af_heart(2)+am_adam(1)": as the server takes mixes.
function mixName() {
  let name = '';
  for (const [voice, weight] of shares) {
    if (weight === 0) continue;
    const sign = weight < 0 ? '-' : name ? '+' : '';
    name += `${sign}${voice}(${Math.abs(weight)})`;
  }
  return name;
}

// A mix begins with a voice that counts: one that is taken away has nothing to be taken from.
function mixIsWhole() {
  const counting = [...shares.values()].filter((weight) => weight !== 0);
  return counting.length > 0 && counting[0] > 0;
}

function showMix() {
  byId('mix-name').textContent = mixName();
  for (const id of ['mix-hear', 'mix-use']) byId(id).disabled = !mixIsWhole();
}

function addShare(name) {
  if (!name || shares.has(name)) return;
  shares.set(name, 1);
  const shown = element('output', {text: '1'});
  const slider = element('input', {type: 'range', min: LEAST_WEIGHT, max: MOST_WEIGHT, step: 0.1,
                                   value: 1, 'aria-label': `Weight of ${name}`});
  slider.addEventListener('input', () => {
    shares.set(name, Number(slider.value));
    shown.textContent = slider.value;
    showMix();
  });
  const row = element('li', {}, element('span', {text: name}), slider, shown);
  row.append(button('Remove', () => {
    shares.delete(name);
    row.remove();
    showMix();
    byId('mix-add').focus();
  }, {class: 'quiet', 'aria-label': `Remove ${name}`}));
  byId('mix-shares').append(row);
  showMix();
}

function offerMix() {
  const mixable = voices.filter((voice) => voice.engine === 'kokoro');
  byId('mix').hidden = mixable.length < 2;
  byId('mix-voice').replaceChildren(
    ...mixable.map(({name}) => element('option', {value: name, text: name})));
}

// Asks anew who there is.
export async function refreshVoices() {
  try {
    let emotions;
    ({voices, emotions = []} = await listVoices());
    offerVoices(voices);
    offerEmotions(emotions);
    showList();
    offerMix();
  } catch (failed) {
    tell(`The voices could not be listed: ${failed.message}`);
  }
}

export function startVoices(open) {
  openTab = open;
  byId('voices-find').addEventListener('input', showList);
  byId('mix-add').addEventListener('click', () => addShare(byId('mix-voice').value));
  byId('mix-hear').addEventListener('click', (event) => hear(mixName(), event.currentTarget));
  byId('mix-use').addEventListener('click', () => use(mixName()));
  return refreshVoices();
}

export const leaveVoices = stopSample;
