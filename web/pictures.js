// SPDX-License-Identifier: Apache-2.0
// The waveform and the spectrogram of a sound, which grow as it arrives.
import {fitCanvas, styleColour} from '/page.js';

const FFT = 512;
const HOPS_PER_S = 100;     // One column each.
const ROWS = 96;            // Of the spectrogram, evenly spaced in mel.
const TOP_HZ = 10000;
const RANGE_DB = 65;
const LOUDEST_DB = -22;     // A row of speech at full level.
const STRIP = 1024;         // Columns of one off-screen canvas.
const LEAST_VIEW_S = 2;     // A word should not fill the picture.

const mel = (hz) => 2595 * Math.log10(1 + hz / 700);
const hz = (mels) => 700 * (10 ** (mels / 2595) - 1);

const window_ = Float32Array.from({length: FFT},
                                  (_, i) => 0.5 - 0.5 * Math.cos(2 * Math.PI * i / FFT));

// The power spectrum of 512 samples, by a radix-2 transform in place.
function powers(frame) {
  const re = new Float32Array(FFT), im = new Float32Array(FFT);
  for (let i = 0, j = 0; i < FFT; ++i) {
    re[j] = frame[i] * window_[i];
    let bit = FFT >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
  }
  for (let size = 2; size <= FFT; size *= 2) {
    const step = -2 * Math.PI / size;
    for (let k = 0; k < size / 2; ++k) {
      const c = Math.cos(step * k), s = Math.sin(step * k);
      for (let a = k; a < FFT; a += size) {
        const b = a + size / 2;
        const x = re[b] * c - im[b] * s, y = re[b] * s + im[b] * c;
        re[b] = re[a] - x; im[b] = im[a] - y;
        re[a] += x; im[a] += y;
      }
    }
  }
  return Float32Array.from({length: FFT / 2 + 1},
                           (_, i) => (re[i] * re[i] + im[i] * im[i]) / (FFT * FFT / 16));
}

// "rgb(…)" or "#rrggbb" to three numbers.
function rgb(colour) {
  const context = new OffscreenCanvas(1, 1).getContext('2d');
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  return context.getImageData(0, 0, 1, 1).data;
}

export class Pictures {
  constructor(waveform, spectrogram, rate_hz) {
    this.waveform = waveform;
    this.spectrogram = spectrogram;
    this.rate_hz = rate_hz;
    this.hop = Math.round(rate_hz / HOPS_PER_S);
    this.rest = new Float32Array(0);  // Samples that no column has begun with.
    this.peaks = [];                  // Per column: least and greatest sample.
    this.levels = [];                 // Strips of ROWS x STRIP levels, 0 to 255, row by row.
    this.strips = [];                 // The same as pictures.
    this.columns = 0;
    this.samples = 0;
    this.edges = Array.from({length: ROWS + 1}, (_, row) =>
      hz(mel(TOP_HZ) * row / ROWS) * FFT / rate_hz);
  }

  // How many seconds the pictures are wide.
  get view_s() { return Math.max(LEAST_VIEW_S, this.samples / this.rate_hz); }

  append(samples) {
    this.samples += samples.length;
    const all = new Float32Array(this.rest.length + samples.length);
    all.set(this.rest);
    all.set(samples, this.rest.length);
    let at = 0;
    for (; at + FFT <= all.length; at += this.hop) this.addColumn(all.subarray(at, at + FFT));
    this.rest = all.slice(at);
    this.draw();
  }

  // The last columns, which reach beyond the end.
  finish() {
    const missing = Math.ceil(this.samples / this.hop) - this.columns;
    const padded = new Float32Array(this.rest.length + FFT);
    padded.set(this.rest);
    for (let i = 0; i < missing && i * this.hop + FFT <= padded.length; ++i)
      this.addColumn(padded.subarray(i * this.hop, i * this.hop + FFT));
    this.draw();
  }

  addColumn(frame) {
    let least = 0, greatest = 0;
    for (let i = 0; i < this.hop; ++i) {
      least = Math.min(least, frame[i]);
      greatest = Math.max(greatest, frame[i]);
    }
    this.peaks.push([least, greatest]);
    const column = this.columns % STRIP;
    if (column === 0) this.levels.push(new Uint8Array(ROWS * STRIP));
    const levels = this.levels.at(-1);
    const power = powers(frame);
    for (let row = 0; row < ROWS; ++row) levels[row * STRIP + column] = this.level(power, row);
    ++this.columns;
  }

  // The loudest bin of a row, from 0 to 255.
  level(power, row) {
    const from = Math.floor(this.edges[row]);
    const to = Math.max(from + 1, Math.ceil(this.edges[row + 1]));
    let most = 1e-12;
    for (let bin = from; bin < to && bin < power.length; ++bin) most = Math.max(most, power[bin]);
    const db = 10 * Math.log10(most) - LOUDEST_DB;
    return Math.max(0, Math.min(255, Math.round(255 * (1 + db / RANGE_DB))));
  }

  // Draws all anew, also in other colours or another size.
  draw() {
    this.drawWaveform();
    this.drawSpectrogram();
  }

  recolour() {
    this.strips = [];
    this.draw();
  }

  drawWaveform() {
    const {context, width, height} = fitCanvas(this.waveform);
    const columns = this.view_s * HOPS_PER_S;
    const middle = height / 2;
    context.fillStyle = styleColour('--accent');
    const bars = Math.floor(width / 3);
    for (let bar = 0; bar < bars; ++bar) {
      const from = Math.floor(bar * columns / bars);
      const to = Math.max(from + 1, Math.floor((bar + 1) * columns / bars));
      if (from >= this.peaks.length) break;
      let reach = 0;
      for (const [least, greatest] of this.peaks.slice(from, to))
        reach = Math.max(reach, -least, greatest);
      const half = Math.max(0.75, Math.min(1, 1.4 * reach) * (middle - 2));
      context.fillRect(bar * 3, middle - half, 2, 2 * half);
    }
  }

  drawSpectrogram() {
    const {context, width, height} = fitCanvas(this.spectrogram);
    const perColumn = width / (this.view_s * HOPS_PER_S);
    const last = Math.floor((this.columns - 1) / STRIP);
    for (let i = 0; i <= last; ++i) {
      const strip = this.strip(i, i < last);
      context.drawImage(strip, i * STRIP * perColumn, 0, STRIP * perColumn, height);
    }
  }

  strip(index, full) {
    if (this.strips[index]) return this.strips[index];
    const canvas = new OffscreenCanvas(STRIP, ROWS);
    const context = canvas.getContext('2d');
    const image = context.createImageData(STRIP, ROWS);
    const faint = rgb(styleColour('--accent')), strong = rgb(styleColour('--ink'));
    const columns = Math.min(STRIP, this.columns - index * STRIP);
    for (let row = 0; row < ROWS; ++row) {
      for (let column = 0; column < columns; ++column) {
        const level = this.levels[index][row * STRIP + column] / 255;
        const at = 4 * ((ROWS - 1 - row) * STRIP + column);
        const mix = Math.max(0, level - 0.6) * 1.6;
        for (let c = 0; c < 3; ++c)
          image.data[at + c] = faint[c] + mix * (strong[c] - faint[c]);
        image.data[at + 3] = 255 * level ** 1.3;
      }
    }
    context.putImageData(image, 0, 0);
    if (full) this.strips[index] = canvas;
    return canvas;
  }
}
