// SPDX-License-Identifier: Apache-2.0
// node bench/say_sherpa.js LIBRARY MODEL TOKENS ESPEAK_DATA   Reads text on stdin and writes WAV
// (16 bits, of unknown length) to stdout as sherpa-onnx makes it, sentence by sentence: what
// bench/say.py runs beside `syrinx say`.
const fs = require('fs');
const path = require('path');

const [library, model, tokens, dataDir] = process.argv.slice(2);
const sherpa = require(path.join(library, 'node_modules', 'sherpa-onnx-node', 'sherpa-onnx.js'));

function wavHeader(rateHz) {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(0xffffffff, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rateHz, 24);
  header.writeUInt32LE(2 * rateHz, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(0xffffffff, 40);
  return header;
}

function writeAll(bytes) {
  for (let at = 0; at < bytes.length;) {
    try {
      at += fs.writeSync(1, bytes, at);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}

function int16(samples) {
  const bytes = Buffer.alloc(2 * samples.length);
  for (let i = 0; i < samples.length; ++i) {
    bytes.writeInt16LE(Math.round(Math.max(-1, Math.min(1, samples[i])) * 32767), 2 * i);
  }
  return bytes;
}

const tts = new sherpa.OfflineTts({
  model: {vits: {model, tokens, dataDir}, numThreads: 1, provider: 'cpu'},
  maxNumSentences: 1,
});
const text = fs.readFileSync(0, 'utf8');
writeAll(wavHeader(tts.sampleRate));
for (const sentence of text.match(/[^.!?]+[.!?]*/g) || []) {
  if (!sentence.trim()) continue;
  const {samples} = tts.generate({text: sentence.trim(), sid: 0, speed: 1,
                                  enableExternalBuffer: false});
  writeAll(int16(samples));
}
