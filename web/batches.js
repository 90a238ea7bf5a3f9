// SPDX-License-Identifier: Apache-2.0
// Batches: texts that are said while nobody waits. Handed in, watched, taken, ended.
import {button, byId, bytesText, counted, durationText, element} from '/page.js';
import {ask, askJson, listVoices, onKeyChange} from '/server.js';

const POLL_MS = 1000;
const SHOWN = 20;

const FORMATS = {
  lines: [['mp3', 'MP3'], ['opus', 'Opus'], ['aac', 'AAC'], ['flac', 'FLAC'], ['wav', 'WAV']],
  reading: [['m4b', 'M4B, with chapters'], ['mp3', 'MP3'], ['opus', 'Opus'], ['flac', 'FLAC'],
            ['wav', 'WAV']],
};

// What a state is called, and whether it may still change.
const STATES = {
  queued: ['waits', true], in_progress: ['under way', true], cancelling: ['is ended', true],
  completed: ['done', false], failed: ['failed', false], cancelled: ['ended', false],
};

let timer = 0;
let isOpen = false;
let lines = null;     // The text of a file that has a request a line; null without one.
const shown = new Map();  // The rows by the id of their batch.

const tell = (sentence) => { byId('batch-status').textContent = sentence; };

function complain(message) {
  byId('batch-problem').hidden = message === '';
  byId('batch-problem').textContent = message;
}

const isUnderWay = (batch) => STATES[batch.status]?.[1] ?? false;

function factsOf(batch) {
  const {total, completed, failed} = batch.request_counts;
  const facts = [batch.kind === 'reading' ? `${batch.characters} characters`
                                          : `${completed} of ${counted(total, 'text')}`];
  if (failed > 0) facts.push(`${failed} failed`);
  if (batch.audio_s > 0) facts.push(`${durationText(batch.audio_s)} of sound`);
  if (batch.bytes > 0) facts.push(bytesText(batch.bytes));
  if (batch.status === 'in_progress' && batch.eta_s !== null)
    facts.push(`about ${durationText(batch.eta_s)} left`);
  return facts.join(', ');
}

// The browser saves what the server sends; with a key it cannot simply follow a link.
async function download(path, name) {
  complain('');
  try {
    const blob = await (await ask(path)).blob();
    const link = element('a', {href: URL.createObjectURL(blob), download: name});
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  } catch (failed) {
    complain(`It could not be fetched: ${failed.message}.`);
  }
}

async function take(batch) {
  const place = `/v1/batches/${batch.id}`;
  if (batch.kind !== 'reading') return download(`${place}/output`, `${batch.id}.tar`);
  const item = (await askJson(`${place}/items`)).data[0];
  const ending = item.result.file.replace(/.*\./, '.');
  return download(`${place}/items/0`, `${batch.metadata.title || 'text'}${ending}`);
}

async function act(path, method, done) {
  complain('');
  try {
    await ask(path, {method});
    await refresh();
    tell(done);
  } catch (failed) {
    complain(failed.message);
  }
}

async function showProblems(batch, list) {
  const items = (await askJson(`/v1/batches/${batch.id}/items`)).data;
  list.replaceChildren(...items.filter((item) => item.error).slice(0, SHOWN).map((item) =>
    element('li', {text: `${item.custom_id}: ${item.error.message}`})));
}

function makeRow(batch) {
  const row = {
    title: element('h3', {}), state: element('span', {class: 'badge'}),
    bar: element('progress', {max: 1}), facts: element('span', {class: 'aside'}),
    buttons: element('div', {class: 'bar'}), problems: element('ul', {class: 'notes'}),
  };
  row.element = element('li', {class: 'card batch', 'data-batch': batch.id},
    element('div', {class: 'title'}, row.title, row.state), row.bar, row.problems,
    row.buttons);
  return row;
}

function buttonsOf(batch, row) {
  const place = `/v1/batches/${batch.id}`;
  const made = [row.facts, element('span', {class: 'spring'})];
  if (isUnderWay(batch))
    made.push(button('End it', () => act(`${place}/cancel`, 'POST', 'It was ended.')));
  else made.push(button('Forget it', () => act(place, 'DELETE', 'It is forgotten.')));
  if (batch.request_counts.completed > 0)
    made.push(button('Take it', () => take(batch), {class: 'main'}));
  return made;
}

function update(row, batch) {
  const when = new Date(batch.created_at * 1000);
  const name = batch.metadata.title || (batch.kind === 'reading' ? 'A text' : 'Texts');
  row.title.textContent = `${name}, ${when.toLocaleString()}`;
  row.state.textContent = STATES[batch.status]?.[0] ?? batch.status;
  row.bar.value = batch.progress;
  row.bar.hidden = !isUnderWay(batch);
  row.bar.setAttribute('aria-label', `How much of ${name} is said`);
  row.facts.textContent = factsOf(batch);
  const key = `${batch.status} ${batch.request_counts.completed > 0}`;
  if (row.key === key) return;  // So that buttons are not lost under somebody's finger.
  row.key = key;
  row.buttons.replaceChildren(...buttonsOf(batch, row));
  if (!isUnderWay(batch) && batch.request_counts.failed > 0) showProblems(batch, row.problems);
}

function show(batches) {
  const list = byId('batch-list');
  const ids = new Set(batches.map((batch) => batch.id));
  for (const [id, row] of shown) {
    if (ids.has(id)) continue;
    row.element.remove();
    shown.delete(id);
  }
  batches.forEach((batch, index) => {
    if (!shown.has(batch.id)) shown.set(batch.id, makeRow(batch));
    const row = shown.get(batch.id);
    update(row, batch);
    if (list.children[index] !== row.element)
      list.insertBefore(row.element, list.children[index] ?? null);
  });
}

async function refresh() {
  clearTimeout(timer);
  let again = true;
  try {
    const {data} = await askJson(`/v1/batches?limit=${SHOWN}`);
    if (data.length === 0 && shown.size > 0) tell('');
    show(data);
    byId('batch-send').disabled = false;
  } catch (failed) {
    again = failed.status !== 404 && failed.status !== 401 && failed.status !== 403;
    byId('batch-send').disabled = !again;
    tell(failed.status === 404 ? `${failed.message[0].toUpperCase()}${failed.message.slice(1)}.`
                               : `They cannot be shown: ${failed.message}.`);
  }
  if (isOpen && again) timer = setTimeout(refresh, POLL_MS);
}

// The body of what is handed in.
function wanted() {
  const voice = byId('batch-voice').value || undefined;
  const response_format = byId('batch-format').value;
  const text = byId('batch-text').value;
  if (lines !== null) return {body: lines};
  if (byId('batch-kind').value === 'reading') {
    const title = byId('batch-title').value.trim();
    return {json: {input: text, voice, response_format, ...(title ? {title, metadata: {title}} : {})}};
  }
  const requests = text.split('\n').map((line) => line.trim()).filter(Boolean)
      .map((input) => ({input, voice, response_format}));
  return {json: {requests}};
}

async function handIn(event) {
  event.preventDefault();
  complain('');
  if (lines === null && !byId('batch-text').value.trim()) return tell('There is no text yet.');
  try {
    await ask('/v1/batches', wanted());
    byId('batch-text').value = '';
    lines = null;
    await refresh();
    tell('Handed in. It goes on without this page.');
  } catch (failed) {
    complain(failed.message);
  }
}

async function readFile() {
  const file = byId('batch-file').files[0];
  if (!file) return;
  const text = await file.text();
  byId('batch-file').value = '';
  const isLines = /\.jsonl$/i.test(file.name);
  lines = isLines ? text : null;
  byId('batch-text').value = text;
  if (!isLines) {
    byId('batch-kind').value = 'reading';
    byId('batch-title').value = file.name.replace(/\.[^.]*$/, '');
    showKind();
  }
  tell(isLines ? 'A request a line, as the file has them.' : `${file.name} was read.`);
}

function showKind() {
  const kind = byId('batch-kind').value;
  byId('batch-title-label').hidden = kind !== 'reading';
  byId('batch-format').replaceChildren(...FORMATS[kind].map(([value, text]) =>
    element('option', {value, text})));
  byId('batch-text').placeholder = kind === 'reading'
    ? 'A chapter or a whole book, plain or as Markdown, HTML or SSML.' : 'A line for each sound.';
}

async function showVoices() {
  const chosen = byId('batch-voice').value;
  try {
    const {voices} = await listVoices();
    byId('batch-voice').replaceChildren(...voices.map((voice) =>
      element('option', {value: voice.name, text: voice.name, selected: voice.default})));
    if (chosen) byId('batch-voice').value = chosen;
  } catch { /* The part that shows voices says why. */ }
}

export function openBatches() {
  isOpen = true;
  if (byId('batch-voice').options.length === 0) showVoices();
  refresh();
}

export function leaveBatches() {
  isOpen = false;
  clearTimeout(timer);
}

export function startBatches() {
  byId('batch-form').addEventListener('submit', handIn);
  byId('batch-kind').addEventListener('change', showKind);
  byId('batch-file').addEventListener('change', readFile);
  byId('batch-text').addEventListener('input', () => { lines = null; });
  onKeyChange(() => { if (isOpen) openBatches(); });
  showKind();
}
