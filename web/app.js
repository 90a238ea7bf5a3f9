'use strict';
// Says what is typed, by the same addresses that every client uses.
const byId = (id) => document.getElementById(id);

async function listVoices() {
  const answer = await fetch('/v1/audio/voices');
  if (!answer.ok) throw new Error((await answer.json()).error.message);
  for (const voice of (await answer.json()).voices) {
    byId('voice').add(new Option(`${voice.name}: ${voice.description}`, voice.name, voice.default));
  }
}

async function say(event) {
  event.preventDefault();
  byId('status').textContent = 'Speaking…';
  const answer = await fetch('/v1/audio/speech', {
    method: 'POST',
    headers: {'Content-Type': 'application/json'},
    body: JSON.stringify({input: byId('text').value, voice: byId('voice').value}),
  });
  if (!answer.ok) throw new Error((await answer.json()).error.message);
  const sound = byId('sound');
  sound.src = URL.createObjectURL(await answer.blob());
  sound.hidden = false;
  await sound.play();
  byId('status').textContent = '';
}

const show = (error) => { byId('status').textContent = error.message; };
byId('say').addEventListener('submit', (event) => say(event).catch(show));
listVoices().catch(show);
