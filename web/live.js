// SPDX-License-Identifier: Apache-2.0
// The server's figures as they change: told once a second by a WebSocket, or asked for every two
// seconds where there is none.
import {Chart} from '/chart.js';
import {byId, bytesText, durationText, element, onThemeChange, shortNumber} from '/page.js';
import {askJson, onKeyChange, openSocket} from '/server.js';

const POLL_MS = 2000;
const RETRY_MS = 15000;  // Until the WebSocket is tried again.

const ms = (value) => `${shortNumber(value)} ms`;

const charts = {
  rate: new Chart('Requests a second', shortNumber, 1),
  first: new Chart('First sound, 95 of 100 within', ms, 10),
  rtf: new Chart('Real-time factor, median', shortNumber, 0.01),
  queue: new Chart('Requests under way', (value) => String(value), 2),
};

let watching = false;
let socket = null;
let timer = 0;
let before = null;  // {at_s, requests} of the figures before these.

const tell = (sentence) => {
  if (byId('live-status').textContent !== sentence) byId('live-status').textContent = sentence;
};

const total = (counts) => Object.values(counts).reduce((sum, count) => sum + count, 0);

// All that was asked for, but for these figures and the page's own files.
const asked = (stats) => total(Object.fromEntries(Object.entries(stats.requests)
    .filter(([route]) => route.includes(' /v1/') && !/\/v1\/(stats|live)$/.test(route))));

const wrong = (stats) => total(Object.fromEntries(Object.entries(stats.responses)
    .filter(([status]) => Number(status) >= 500)));

function tiles(stats) {
  const made = [
    ['State', stats.memory?.leaking ? `${stats.status}, memory leaks` : stats.status],
    ['Up for', durationText(stats.uptime_s)],
    ['Requests', shortNumber(asked(stats))],
    ['First sound', stats.first_audio_ms.count ? ms(stats.first_audio_ms.p50) : '–'],
    ['Real-time factor', stats.rtf.count ? shortNumber(stats.rtf.p50) : '–'],
    ['Under way', String(stats.queue.tasks)],
    ['Waiting', String(stats.queue.waiting)],
    ['Turned away', shortNumber(total(stats.rejected))],
    ['Errors', shortNumber(wrong(stats))],
    ['Memory', bytesText(stats.memory_bytes)],
  ];
  const rate = hitRate(stats.cache);
  if (rate !== null) made.push(['From the cache', `${Math.round(100 * rate)} %`]);
  return made;
}

// How many of a hundred questions the cache could answer; null where there is none.
function hitRate(cache) {
  if (!cache || !Number.isFinite(cache.hits)) return null;
  const all = cache.hits + (cache.misses ?? 0);
  return all > 0 ? cache.hits / all : 0;
}

function showTiles(stats) {
  const list = byId('live-tiles');
  const made = tiles(stats);
  if (list.children.length !== made.length)
    list.replaceChildren(...made.map(() => element('div', {class: 'card'}, element('dt'),
                                                   element('dd'))));
  made.forEach(([name, value], i) => {
    const [title, text] = list.children[i].children;
    title.textContent = name;
    text.textContent = value;
  });
}

function table(title, heads, rows) {
  const head = element('tr', {}, ...heads.map((text) => element('th', {scope: 'col', text})));
  const lines = rows.map(([name, ...values]) => element('tr', {},
    element('th', {scope: 'row', text: name}), ...values.map((text) => element('td', {text}))));
  return element('div', {class: 'card scroll'},
    element('table', {}, element('caption', {text: title}), element('thead', {}, head),
            element('tbody', {}, ...lines)));
}

const byCount = (counts) => Object.entries(counts).sort((a, b) => b[1] - a[1])
    .map(([name, count]) => [name, shortNumber(count)]);

function showTables(stats) {
  const spread = (name, {count, p50, p95, p99}, format) =>
    count ? [[name, format(p50), format(p95), format(p99)]] : [];
  const made = [];
  const times = [...spread('First sound', stats.first_audio_ms, ms),
                 ...spread('Wait for a turn', stats.queue_wait_ms, ms),
                 ...spread('Gap in the sound', stats.gap_ms, ms),
                 ...spread('Real-time factor', stats.rtf, shortNumber)];
  if (times.length > 0)
    made.push(table('Since the start', ['', '50 %', '95 %', '99 %'], times));
  const voices = Object.entries(stats.voices).map(([name, {requests = 0, audio_s = 0}]) =>
    [name, shortNumber(requests), durationText(audio_s)]);
  if (voices.length > 0) made.push(table('Voices', ['', 'Requests', 'Sound'], voices));
  made.push(table('Requests', ['', 'Count'], byCount(stats.requests)));
  made.push(table('Answers', ['', 'Count'], byCount(stats.responses)));
  const away = byCount({...stats.rejected, 'client went away': stats.cancelled,
                        'took too long': stats.timed_out}).filter(([, count]) => count !== '0');
  if (away.length > 0) made.push(table('Not answered to the end', ['', 'Count'], away));
  if (stats.memory) made.push(memoryTable(stats.memory));
  if (stats.cache) made.push(figuresTable('Cache', stats.cache));
  if (stats.batches) made.push(figuresTable('Batches', stats.batches));
  byId('live-tables').replaceChildren(...made);
}

const memoryTable = ({bytes, bytes_per_hour, leaking, leaks}) => table('Memory', ['', ''], [
  ['Now', bytesText(bytes)],
  ['Growth an hour', growthText(bytes_per_hour)],
  ['Looks like a leak', leaking ? 'yes' : 'no'],
  ['Leaks since the start', String(leaks)],
]);

const growthText = (bytes) => bytes === null ? 'not known yet'
  : `${bytes < 0 ? '−' : ''}${bytesText(Math.abs(bytes))}`;

const figuresTable = (title, figures) => table(title, ['', ''], Object.entries(figures)
  .filter(([, value]) => ['number', 'string', 'boolean'].includes(typeof value))
  .map(([name, value]) => [name.replaceAll('_', ' '),
                           name.endsWith('bytes') ? bytesText(value)
                             : typeof value === 'number' ? shortNumber(value) : String(value)]));

function take(stats) {
  const at_s = performance.now() / 1000;
  const requests = asked(stats);
  if (before !== null && at_s > before.at_s && requests >= before.requests)
    charts.rate.add(at_s, (requests - before.requests) / (at_s - before.at_s));
  before = {at_s, requests};
  if (stats.first_audio_ms.count) charts.first.add(at_s, stats.first_audio_ms.p95);
  if (stats.rtf.count) charts.rtf.add(at_s, stats.rtf.p50);
  charts.queue.add(at_s, stats.queue.tasks);
  showTiles(stats);
  showTables(stats);
}

function connect() {
  if (!watching) return;
  const mine = openSocket('/v1/live');
  socket = mine;
  mine.addEventListener('message', ({data}) => {
    if (socket !== mine) return;
    clearTimeout(timer);
    tell('Told by the server once a second.');
    take(JSON.parse(data));
  });
  mine.addEventListener('close', () => {
    if (socket !== mine) return;
    socket = null;
    if (watching) poll(performance.now() + RETRY_MS);
  });
}

async function poll(until_ms) {
  if (!watching || socket !== null) return;
  try {
    take(await askJson('/v1/stats'));
    tell('Asked for every two seconds: there is no live connection.');
  } catch (failed) {
    tell(`There are no figures: ${failed.message}`);
  }
  if (!watching || socket !== null) return;
  clearTimeout(timer);
  timer = setTimeout(() => performance.now() < until_ms ? poll(until_ms) : connect(), POLL_MS);
}

export function openLive() {
  if (watching) return;
  watching = true;
  tell('Connecting…');
  connect();
}

// A socket that is still connecting ends when it is open: ended before, the console has a warning.
function end(ended) {
  if (ended === null) return;
  if (ended.readyState === WebSocket.CONNECTING)
    ended.addEventListener('open', () => ended.close());
  else
    ended.close();
}

export function leaveLive() {
  watching = false;
  clearTimeout(timer);
  end(socket);
  socket = null;
}

export function startLive() {
  byId('live-charts').append(...Object.values(charts).map((chart) => chart.figure));
  const draw = () => Object.values(charts).forEach((chart) => chart.draw());
  onThemeChange(draw);
  window.addEventListener('resize', draw);
  onKeyChange(() => {
    if (!watching) return;
    leaveLive();
    openLive();
  });
}
