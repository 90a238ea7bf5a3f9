// SPDX-License-Identifier: Apache-2.0
// Explains what is said for a text: each part with its class, its words, their phonemes, and what
// decided so; and what became of its markup.
import {Editor} from '/editor.js';
import {startLexicon} from '/lexicon.js';
import {button, byId, counted, element, indexOfByte, indexOfMistake} from '/page.js';
import {sayText} from '/say.js';
import {askJson} from '/server.js';

const WAIT_MS = 400;  // Since the last key, so that a word is explained and not its letters.

const FIRST_TEXT = '<speak>\n  Dr. Reed lives on 12 Elm Dr. and read 3/4 of the 1990s classics' +
  ' for $4.50.\n  <break time="400ms"/>\n  <prosody rate="slow">Call <say-as interpret-as=' +
  '"telephone">555-0142</say-as>.</prosody>\n</speak>';

// What each button puts around what is selected.
const SNIPPETS = [
  ['Document', '<speak>\n', '\n</speak>'],
  ['Pause', '<break time="500ms"/>', ''],
  ['Emphasis', '<emphasis level="strong">', '</emphasis>'],
  ['Slower', '<prosody rate="slow">', '</prosody>'],
  ['Higher', '<prosody pitch="+2st">', '</prosody>'],
  ['Spell out', '<say-as interpret-as="characters">', '</say-as>'],
  ['Date', '<say-as interpret-as="date" format="mdy">', '</say-as>'],
  ['Instead', '<sub alias="instead of it">', '</sub>'],
];

let editor;
let openTab = () => {};
let timer = 0;
let asked = null;      // Stops the question that is under way.
let tokens = [];       // {begin, end, row} of each part, in the text's order.
let problem = null;    // Where the editor stands wrong: an index, or null.

const tell = (sentence) => { byId('text-status').textContent = sentence; };

function showProblem(message) {
  const box = byId('text-problem');
  box.hidden = message === '';
  box.firstElementChild.textContent = message;
  problem = indexOfMistake(editor.value, message);
  byId('text-go').hidden = problem === null;
}

// From a mistake to the end of its tag, its word, or the text.
function problemRange() {
  const rest = editor.value.slice(problem);
  const length = /^<[^>]*>?|^[^\s<]+|^[^]/.exec(rest)?.[0].length ?? 0;
  return length > 0 ? {begin: problem, end: problem + length}
                    : {begin: Math.max(0, problem - 1), end: problem};
}

function light(index) {
  editor.light(index < 0 ? [] : [index], 'lit');
  tokens.forEach(({row}, at) => row.classList.toggle('lit', at === index));
}

// Whether a class says more than that a part is a word or a mark.
const isRuled = (kind) => kind !== 'plain' && kind !== 'punctuation';

const unique = (list) => [...new Set(list.filter(Boolean))];

const phonemesOf = ({words}) =>
  words.map((word) => word.phonemes).filter(Boolean).join(' ');

function rowOf(token, index) {
  const {words} = token;
  const decided = words.length > 0 ? unique(words.map((word) => word.decided_by)).join(', ') : '';
  const why = token.class === 'plain' ? decided : unique([token.rule, decided]).join('; ');
  const said = words.length > 0 ? words.map((word) => word.text).join(' ')
                                : token.skipped || '';
  const written = button(token.written, () => editor.select(tokens[index].begin, tokens[index].end),
                         {class: 'written'});
  const row = element('tr', {class: words.length > 0 ? '' : 'silent'},
    element('th', {scope: 'row'}, written),
    element('td', {}, element('span', {class: isRuled(token.class) ? 'badge' : 'aside',
                                       text: token.class})),
    element('td', {text: said}),
    element('td', {class: 'phonemes', text: phonemesOf(token)}),
    element('td', {class: 'aside', text: why}));
  for (const [event, lit] of [['mouseenter', index], ['mouseleave', -1], ['focusin', index],
                              ['focusout', -1]])
    row.addEventListener(event, () => light(lit));
  return row;
}

function markupItem({element: name, source, status, note}, indexOf) {
  const item = element('li', {class: status},
    button(`<${name}>`, () => editor.select(indexOf(source[0]), indexOf(source[1])),
           {class: 'written'}),
    element('span', {class: status === 'honoured' ? 'aside' : 'badge', text: status}));
  if (note) item.append(' ', note);
  return item;
}

// Writes down how what is selected is said now, to be changed by hand: as SSML in a document of it,
// else as the mark of plain text.
function writePhonemes() {
  const {selectionStart: begin, selectionEnd: end} = byId('text-input');
  const token = tokens.find((one) => one.begin <= begin && end <= one.end && begin < end);
  const phonemes = token?.phonemes || 'həlˈoʊ';
  if (/^\s*</.test(editor.value))
    editor.wrap(`<phoneme alphabet="ipa" ph="${phonemes}">`, '</phoneme>');
  else editor.wrap('[', `](/${phonemes}/)`);
}

// The title of a sentence's rows, where there are several sentences.
const sentenceRow = (text) =>
  element('tr', {class: 'sentence'}, element('th', {colspan: 5, scope: 'rowgroup', text}));

function show(input, document) {
  const indexOf = indexOfByte(input);
  const body = byId('text-tokens').tBodies[0];
  body.replaceChildren();
  tokens = [];
  let skipped = 0;
  for (const sentence of document.sentences) {
    if (document.sentences.length > 1) body.append(sentenceRow(sentence.text));
    for (const token of sentence.tokens) {
      const row = rowOf(token, tokens.length);
      const [begin, end] = token.source.map(indexOf);
      const phonemes = byId('text-phonemes').value === 'ipa' ? phonemesOf(token) : '';
      tokens.push({begin, end, row, class: token.class, phonemes});
      body.append(row);
    }
    skipped += sentence.skipped.length;
  }
  byId('text-tokens').hidden = tokens.length === 0;
  editor.mark(tokens.map(({begin, end, class: kind}) =>
    ({begin, end, class: isRuled(kind) ? 'token ruled' : 'token'})));
  byId('text-markup').hidden = document.markup.length === 0;
  byId('text-markup-list').replaceChildren(
    ...document.markup.map((entry) => markupItem(entry, indexOf)));
  tell(`Read as ${document.input}: ${counted(document.sentences.length, 'sentence')}, ` +
       `${counted(tokens.length, 'part')}` + (skipped ? `, ${skipped} of them not said.` : '.'));
}

function showNothing() {
  tokens = [];
  byId('text-tokens').hidden = true;
  byId('text-markup').hidden = true;
  editor.mark([]);
}

async function explain() {
  asked?.abort();
  const input = editor.value;
  showProblem('');
  if (!input.trim()) {
    showNothing();
    return tell('');
  }
  const mine = new AbortController();
  asked = mine;
  try {
    const document = await askJson('/v1/text', {
      json: {input, input_type: byId('text-kind').value, phonemes: byId('text-phonemes').value},
      signal: mine.signal,
    });
    if (asked === mine) show(input, document);
  } catch (failed) {
    if (failed.name === 'AbortError' || asked !== mine) return;
    showNothing();
    tell('');
    showProblem(failed.message);
    if (problem !== null) editor.mark([{...problemRange(), class: 'wrong'}]);
  }
}

function explainSoon() {
  clearTimeout(timer);
  timer = setTimeout(explain, WAIT_MS);
}

// Asks when the part is first opened, and not before.
export function openText() {
  if (asked === null) explain();
}

export function startText(open) {
  openTab = open;
  editor = new Editor(byId('text-input'));
  editor.value = FIRST_TEXT;
  editor.onHover = light;
  editor.onPick = (index) => tokens[index]?.row.scrollIntoView({block: 'nearest'});
  byId('text-input').addEventListener('input', explainSoon);
  for (const id of ['text-kind', 'text-phonemes']) byId(id).addEventListener('change', explain);
  startLexicon({
    selected: () => {
      const {selectionStart, selectionEnd} = byId('text-input');
      const word = editor.value.slice(selectionStart, selectionEnd).trim();
      const token = tokens.find(({begin, end}) => begin <= selectionStart && selectionEnd <= end);
      return {word, phonemes: token?.phonemes || ''};
    },
    changed: explain,
  });
  byId('text-go').addEventListener('click', () => {
    const {begin, end} = problemRange();
    editor.select(begin, end);
  });
  byId('text-say').addEventListener('click', () => {
    openTab('say');
    sayText(editor.value, byId('text-kind').value);
  });
  byId('snippets').append(...SNIPPETS.map(([name, before, after]) =>
    button(name, () => editor.wrap(before, after), {class: 'quiet'})),
    button('Phonemes', writePhonemes, {class: 'quiet'}));
}
