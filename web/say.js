// SPDX-License-Identifier: Apache-2.0
// Says what is written, and lets its words light up while they sound.
import {Editor} from '/editor.js';
import {byId, counted, element, indexOfByte, onThemeChange} from '/page.js';
import {Pictures} from '/pictures.js';
import {Player} from '/player.js';
import {ask, jsonLines} from '/server.js';

const RATE_HZ = 24000;
const SEEK_S = 1;

const FIRST_TEXT = 'A syrinx is the voice of a bird: two pipes in one breast, which can sing ' +
  'two tunes at once.\nThis one reads to you. Give it a price of $4.50, 3/4 of a cup, or a date ' +
  'like 1 May 2025, and watch each word light up as it sounds.';

let editor;
let speech = null;  // What is being said, or was last.

// Base64 of 16-bit samples to numbers from -1 to 1; a sample may be split between two calls.
class Samples {
  constructor() { this.odd = null; }

  decode(base64) {
    const text = atob(base64);
    const head = this.odd === null ? 0 : 1;
    const bytes = new Uint8Array(text.length + head);
    if (head) bytes[0] = this.odd;
    for (let i = 0; i < text.length; ++i) bytes[i + head] = text.charCodeAt(i);
    const whole = bytes.length >> 1;
    this.odd = bytes.length % 2 ? bytes.at(-1) : null;
    const view = new DataView(bytes.buffer);
    return Float32Array.from({length: whole}, (_, i) => view.getInt16(2 * i, true) / 32768);
  }
}

// One text on its way from the server to the loudspeaker.
class Speech {
  constructor(request) {
    this.request = request;
    this.cancel = new AbortController();
    this.indexOf = indexOfByte(request.input);
    this.words = [];  // {begin, end} in the text, {begin_s, end_s} in the sound.
    this.sentences = 0;
    this.samples = new Samples();
    this.arriving = true;
    this.player = new Player(RATE_HZ, {onTick: () => showPlace(), onEnd: () => showEnd()});
    this.pictures = new Pictures(byId('waveform'), byId('spectrogram'), RATE_HZ);
  }

  async run() {
    const began = performance.now();
    const response = await ask('/v1/audio/speech/captioned', {
      json: {...this.request, response_format: 'pcm', sample_rate_hz: RATE_HZ},
      signal: this.cancel.signal,
    });
    for await (const line of jsonLines(response)) {
      if (line.error) throw new Error(line.error.message);
      this.take(line, began);
    }
    this.arriving = false;
    this.player.finish();
    this.pictures.finish();
  }

  take(line, began) {
    const samples = this.samples.decode(line.audio || '');
    if (samples.length > 0 && this.player.samples === 0) {
      const wait_ms = Math.round(performance.now() - began);
      byId('first-sound').textContent = `First sound after ${wait_ms} ms`;
      byId('stage').hidden = false;
      this.player.append(samples);
      this.player.play(0);
    } else {
      this.player.append(samples);
    }
    this.pictures.append(samples);
    if (!line.done && !line.continues) this.caption(line);
  }

  caption({words, skipped}) {
    ++this.sentences;
    for (const {source, begin_s, end_s} of words) {
      const [begin, end] = source.map(this.indexOf);
      this.words.push({begin, end, begin_s, end_s});
    }
    this.words.sort((a, b) => a.begin - b.begin);
    if (editor.value === this.request.input) editor.mark(this.words);
    for (const {source, reason} of skipped) {
      const said = this.request.input.slice(this.indexOf(source[0]), this.indexOf(source[1]));
      byId('say-notes').append(element('li', {text: `“${said}” is not said: ${reason}`}));
      byId('say-notes').hidden = false;
    }
  }

  // Which of its words sound at that time. Several may stand for one written word.
  wordsAt(at_s) {
    const found = [];
    this.words.forEach(({begin_s, end_s}, index) => {
      if (begin_s <= at_s && at_s < end_s) found.push(index);
    });
    return found;
  }

  close() {
    this.cancel.abort();
    this.player.close();
  }
}

const say = (sentence) => { byId('say-status').textContent = sentence; };

function showButtons() {
  const busy = speech !== null && (speech.arriving || speech.player.playing);
  byId('say-stop').disabled = !busy;
  byId('play').textContent = speech?.player.playing ? 'Pause' : 'Play';
}

function showPlace() {
  const {player, pictures} = speech;
  const at_s = player.position_s;
  const part = at_s / pictures.view_s;
  byId('playhead').style.transform = `translateX(${part * byId('pictures').clientWidth}px)`;
  byId('time').textContent = `${at_s.toFixed(1)} of ${player.duration_s.toFixed(1)} s`;
  const slider = byId('pictures');
  slider.setAttribute('aria-valuemax', player.duration_s.toFixed(1));
  slider.setAttribute('aria-valuenow', at_s.toFixed(1));
  slider.setAttribute('aria-valuetext', `${at_s.toFixed(1)} seconds`);
  if (editor.value !== speech.request.input) return;
  const lit = speech.wordsAt(at_s);
  editor.light(lit, 'lit');
  if (lit.length > 0) editor.reveal(lit[0]);
}

function showEnd() {
  showPlace();
  const sentences = counted(speech.sentences, 'sentence');
  say(`Done: ${speech.player.duration_s.toFixed(1)} s in ${sentences}.`);
  showButtons();
}

function stop() {
  if (speech === null) return;
  const wasArriving = speech.arriving;
  speech.cancel.abort();
  speech.arriving = false;
  speech.player.pause();
  speech.player.finish();
  showPlace();
  say(`Stopped after ${speech.player.position_s.toFixed(1)} s` +
      (wasArriving ? '; what had not been said yet was cancelled.' : '.'));
  showButtons();
}

async function speak(kind = 'auto') {
  const input = editor.value;
  if (!input.trim()) {
    say('Write something first.');
    editor.textarea.focus();
    return;
  }
  speech?.close();
  byId('say-notes').replaceChildren();
  byId('say-notes').hidden = true;
  editor.mark([]);
  const mine = new Speech({input, voice: byId('say-voice').value || undefined,
                           emotion: byId('say-emotion').value || undefined,
                           speed: Number(byId('say-speed').value), input_type: kind});
  speech = mine;
  say('Speaking…');
  showButtons();
  try {
    await mine.run();
  } catch (failed) {
    mine.arriving = false;
    mine.player.finish();
    if (failed.name !== 'AbortError' && mine === speech)
      say(`It could not be said: ${failed.message}`);
  }
  if (mine === speech) showButtons();
}

function toggle() {
  const {player} = speech;
  if (player.playing) {
    player.pause();
    say(`Paused at ${player.position_s.toFixed(1)} s.`);
  } else {
    player.play(player.position_s >= player.duration_s ? 0 : player.position_s);
    say('Speaking…');
  }
  showPlace();
  showButtons();
}

function seek(to_s) {
  const {player} = speech;
  const place = Math.min(Math.max(0, to_s), player.duration_s);
  if (player.playing) player.play(place);
  else player.position = Math.round(place * RATE_HZ);
  showPlace();
}

function seekByKey(event) {
  const steps = {ArrowLeft: -SEEK_S, ArrowDown: -SEEK_S, ArrowRight: SEEK_S, ArrowUp: SEEK_S};
  const {player} = speech;
  if (event.key in steps) seek(player.position_s + steps[event.key]);
  else if (event.key === 'Home') seek(0);
  else if (event.key === 'End') seek(player.duration_s);
  else if (event.key === ' ') toggle();
  else return;
  event.preventDefault();
}

// The same words in the chosen format, as a file.
async function download() {
  const format = byId('format').value;
  byId('download').disabled = true;
  say('Making the file…');
  try {
    const response = await ask('/v1/audio/speech',
                               {json: {...speech.request, response_format: format}});
    const address = URL.createObjectURL(await response.blob());
    element('a', {href: address, download: `speech.${format}`}).click();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
    say(`speech.${format} is made.`);
  } catch (failed) {
    say(`The file could not be made: ${failed.message}`);
  }
  byId('download').disabled = false;
}

const showSpeed = () => {
  byId('say-speed-shown').textContent = `${Number(byId('say-speed').value).toFixed(2)}×`;
};

// Puts a text here and says it; `kind` is what it is written as.
export function sayText(text, kind) {
  editor.value = text;
  return speak(kind);
}

export function offerVoices(voices) {
  const chosen = byId('say-voice').value;
  byId('say-voice').replaceChildren(...voices.map(
    ({name, description}) => element('option', {value: name, text: name, title: description})));
  const usual = voices.find((voice) => voice.default);
  useVoice(chosen || usual?.name || voices[0]?.name || '');
}

// Beside the plain manner, which sends none.
export function offerEmotions(names) {
  const chosen = byId('say-emotion').value;
  const [plain] = byId('say-emotion').options;
  byId('say-emotion').replaceChildren(plain, ...names.map(
    (name) => element('option', {value: name, text: name})));
  byId('say-emotion').value = names.includes(chosen) ? chosen : '';
}

// Chooses who speaks; a mix is no voice of the list until it is chosen.
export function useVoice(name) {
  const select = byId('say-voice');
  if (![...select.options].some((option) => option.value === name))
    select.append(element('option', {value: name, text: name}));
  select.value = name;
}

export function startSay() {
  editor = new Editor(byId('say-text'));
  editor.value = FIRST_TEXT;
  byId('say-form').addEventListener('submit', (event) => {
    event.preventDefault();
    speak();
  });
  byId('say').addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) speak();
    else if (event.key === 'Escape' && !byId('say-stop').disabled) stop();
  });
  byId('say-stop').addEventListener('click', stop);
  byId('play').addEventListener('click', toggle);
  byId('download').addEventListener('click', download);
  byId('say-speed').addEventListener('input', showSpeed);
  byId('pictures').addEventListener('keydown', seekByKey);
  byId('pictures').addEventListener('pointerdown', (event) => {
    const box = byId('pictures').getBoundingClientRect();
    seek((event.clientX - box.left) / box.width * speech.pictures.view_s);
  });
  onThemeChange(() => speech?.pictures.recolour());
  new ResizeObserver(() => {
    if (speech === null || byId('stage').hidden) return;
    speech.pictures.draw();
    showPlace();
  }).observe(byId('pictures'));
}
