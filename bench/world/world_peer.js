// SPDX-License-Identifier: Apache-2.0
// node bench/world/world_peer.js LIBRARY RATE_HZ IN OUT   Takes the sound in IN (32-bit floats, as
// the machine writes them) apart and puts it together again as World does (DIO, CheapTrick, D4C and
// its synthesis; what tools/fetch_peer world put into LIBRARY), and writes it to OUT. Prints the
// seconds that it took. F0 is looked for every 2 ms, the rest is analysed at each pulse.
const fs = require('fs');
const path = require('path');

const [library, rate, input, output] = process.argv.slice(2);
const folder = path.join(library, 'node_modules', 'uzumejs');
const loadWasm = require(path.join(folder, 'resources', 'uzumewasm.js'));
const {CreateUzumeJs} = require(path.join(folder, 'dist', 'uzumejs.js'));

loadWasm().then((wasm) => {
  const uzume = CreateUzumeJs(wasm);
  const bytes = fs.readFileSync(input);
  const samples = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const start = process.hrtime.bigint();
  const source = uzume.CreateWaveformFrom(samples, Number(rate));
  const result = new uzume.Waveform(source.length, source.samplingFrequency);
  const analysis = new uzume.WaveformSpectrogram(source);
  if (!new uzume.SynthesizeWaveformWithWORLD().synthesize(result, analysis)) {
    throw new Error('World does not speak this');
  }
  const made = uzume.ArrayFromWaveform(result);
  const seconds = Number(process.hrtime.bigint() - start) * 1e-9;
  fs.writeFileSync(output, Buffer.from(made.buffer, made.byteOffset, made.byteLength));
  process.stdout.write(`${seconds}\n`);
}).catch((error) => {
  process.stderr.write(`${error}\n`);
  process.exit(1);
});
