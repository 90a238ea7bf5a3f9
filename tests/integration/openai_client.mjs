// SPDX-License-Identifier: Apache-2.0
// node openai_client.mjs URL KEY: lets OpenAI's own client ask our server for everything that it
// can ask for about speech, and checks what comes. Ends with 1 and a line on what was wrong.
import assert from 'node:assert/strict';
import {createRequire} from 'node:module';
import path from 'node:path';
import process from 'node:process';

const [url, key, modules] = process.argv.slice(2);
const require = createRequire(path.join(modules, 'x.js'));
const OpenAI = require('openai');
const client = new OpenAI.OpenAI({baseURL: `${url}/v1`, apiKey: key, maxRetries: 0});
const voices = ['alloy', 'ash', 'ballad', 'coral', 'echo', 'fable', 'onyx', 'nova', 'sage', 'shimmer',
  'verse', 'marin', 'cedar'];

async function bytesOf(request) {
  const answer = await client.audio.speech.create({model: 'gpt-4o-mini-tts', voice: 'alloy',
    input: 'Hello there. This is the second sentence.', ...request});
  return Buffer.from(await answer.arrayBuffer());
}

async function formats() {
  assert.equal((await bytesOf({response_format: 'wav'})).toString('latin1', 0, 4), 'RIFF');
  assert.equal((await bytesOf({response_format: 'flac'})).toString('latin1', 0, 4), 'fLaC');
  assert.equal((await bytesOf({response_format: 'opus'})).toString('latin1', 0, 4), 'OggS');
  assert.equal((await bytesOf({}))[0], 0xff);
  const usual = (await bytesOf({response_format: 'pcm'})).length;
  assert.ok(usual > 2 * 24_000 * 2, `${usual} bytes of sound`);
  const fast = (await bytesOf({response_format: 'pcm', speed: 2, instructions: 'Be glad.'})).length;
  assert.ok(fast < 0.7 * usual, `${fast} bytes at twice the speed, ${usual} at once`);
}

async function everyVoice() {
  for (const voice of voices) assert.ok((await bytesOf({voice, input: 'Hi.'})).length > 1000, voice);
}

async function streams() {
  const answer = await client.audio.speech.create({model: 'tts-1', voice: 'alloy',
    input: 'One sentence here. And another one there. And a third to end it.',
    response_format: 'pcm'});
  let pieces = 0;
  for await (const piece of answer.body) pieces += piece.length > 0 ? 1 : 0;
  assert.ok(pieces > 1, `${pieces} pieces`);
}

async function events() {
  const answer = await client.audio.speech.create({model: 'gpt-4o-mini-tts', voice: 'alloy',
    input: 'One. Two.', response_format: 'pcm', stream_format: 'sse'});
  const types = (await answer.text()).split('\n\n').filter(Boolean)
    .map((event) => JSON.parse(event.slice('data: '.length)).type);
  assert.equal(types[0], 'speech.audio.delta');
  assert.equal(types.at(-1), 'speech.audio.done');
}

async function mistakes() {
  await assert.rejects(bytesOf({input: ''}), OpenAI.BadRequestError);
  await assert.rejects(bytesOf({speed: 9}), (error) => error.status === 400 && error.param === 'speed');
  await assert.rejects(bytesOf({model: 'whisper-1'}), (error) => error.code === 'model_not_found');
  await assert.rejects(bytesOf({voice: 'nobody'}), OpenAI.NotFoundError);
  const stranger = new OpenAI.OpenAI({baseURL: `${url}/v1`, apiKey: 'wrong', maxRetries: 0});
  await assert.rejects(stranger.models.list(), OpenAI.AuthenticationError);
}

async function models() {
  const names = [];
  for await (const model of client.models.list()) names.push(model.id);
  assert.ok(names.includes('tts-1'), names.join());
}

// A batch is handed in by our own body, and is then one of OpenAI's.
async function batches() {
  const made = await client.post('/batches', {body: {
    requests: [{custom_id: 'a', body: {input: 'One.'}}, {custom_id: 'b', body: {input: 'Two.'}}],
    metadata: {for: 'a test'}}});
  let batch = made;
  for (let i = 0; i < 600 && batch.status !== 'completed'; ++i) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    batch = await client.batches.retrieve(made.id);
  }
  assert.deepEqual(batch.request_counts, {total: 2, completed: 2, failed: 0});
  assert.equal(batch.metadata.for, 'a test');
  const ids = [];
  for await (const one of client.batches.list({limit: 1})) ids.push(one.id);
  assert.deepEqual(ids, [made.id]);
  assert.equal((await client.batches.cancel(made.id)).status, 'completed');
}

async function hangUp() {
  const stop = new AbortController();
  const asked = client.audio.speech.create({model: 'tts-1', voice: 'alloy', response_format: 'pcm',
    input: 'This goes on. '.repeat(250)}, {signal: stop.signal});
  const answer = await asked;
  await answer.body.getReader().read();
  stop.abort();
}

for (const check of [models, formats, everyVoice, streams, events, mistakes, batches, hangUp]) {
  try {
    await check();
  } catch (error) {
    console.error(`${check.name}: ${error.message}`);
    process.exit(1);
  }
}
console.log('OpenAI\'s client is content');
