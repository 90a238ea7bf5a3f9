// SPDX-License-Identifier: Apache-2.0
// The server's own lexicon: shown, changed, and refused with the place of a mistake.
import {Editor} from '/editor.js';
import {byId, counted, indexOfMistake} from '/page.js';
import {ask, askJson} from '/server.js';

let editor;
let saved = null;    // The text as the server has it; null until it was asked.
let mistake = null;  // Where the text is wrong: an index, or null.

const tell = (sentence) => { byId('lexicon-status').textContent = sentence; };

function showProblem(message) {
  const box = byId('lexicon-problem');
  box.hidden = message === '';
  box.firstElementChild.textContent = message;
  mistake = indexOfMistake(editor.value, message);
  byId('lexicon-go').hidden = mistake === null;
  editor.mark(mistake === null ? [] : [{...lineRange(), class: 'wrong'}]);
}

// From the mistake to the end of its line, or of the line before it where nothing is left of that.
function lineRange() {
  const end = editor.value.indexOf('\n', mistake);
  const until = end < 0 ? editor.value.length : end;
  return until > mistake ? {begin: mistake, end: until}
                         : {begin: Math.max(0, mistake - 1), end: mistake};
}

function take(document) {
  saved = document.text;
  editor.value = document.text;
  tell(`${counted(document.entries.length, 'word')}.`);
}

function edited() {
  byId('lexicon-save').disabled = saved === null || editor.value === saved;
  if (!byId('lexicon-problem').hidden) showProblem('');
}

async function load() {
  try {
    take(await askJson('/v1/lexicon'));
  } catch (failed) {
    editor.textarea.disabled = failed.status === 404 || failed.status === 403;
    tell(`It cannot be shown: ${failed.message}.`);
  }
}

async function save(changed) {
  byId('lexicon-save').disabled = true;
  const text = editor.value;
  try {
    const answer = await ask('/v1/lexicon', text
      ? {method: 'PUT', body: text} : {method: 'DELETE'});
    take(await answer.json());
    tell(`Saved: ${byId('lexicon-status').textContent}`);
    changed();
  } catch (failed) {
    byId('lexicon-save').disabled = false;
    showProblem(failed.message);
  }
}

// Begins a line for a word, with how it is said now, to be changed by hand.
function addWord({word, phonemes}) {
  const text = editor.value;
  const lines = text + (text && !text.endsWith('\n') ? '\n' : '');
  const said = phonemes ? `/${phonemes}/` : '';
  editor.value = `${lines}${word}\t${said}\n`;
  const begin = lines.length + word.length + 1;
  editor.select(begin, begin + said.length);
}

// `selected` gives the word that is chosen in the text and how it is said; `changed` is called when
// words are said otherwise from now on.
export function startLexicon({selected, changed}) {
  editor = new Editor(byId('lexicon-input'));
  byId('lexicon').addEventListener('toggle', () => {
    if (byId('lexicon').open && saved === null) load();
  });
  byId('lexicon-input').addEventListener('input', edited);
  byId('lexicon-save').addEventListener('click', () => save(changed));
  byId('lexicon-word').addEventListener('click', () => {
    const word = selected();
    if (word.word) addWord(word);
    else tell('Select a word in the text above first.');
  });
  byId('lexicon-go').addEventListener('click', () => {
    const {begin, end} = lineRange();
    editor.select(begin, end);
  });
}
