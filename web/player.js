// SPDX-License-Identifier: Apache-2.0
// Plays sound that is still arriving, and can go back to any part of it that has arrived.

const LEAD_S = 0.03;  // From asking for a sound to hearing it, so that its beginning is not lost.

export class Player {
  // `onTick(position_s)` is called while it plays, `onEnd()` when all has been heard.
  constructor(rate_hz, {onTick, onEnd}) {
    this.rate_hz = rate_hz;
    this.onTick = onTick;
    this.onEnd = onEnd;
    // The sound's own rate: parts that follow each other then join without a seam.
    this.context = new AudioContext({sampleRate: rate_hz});
    this.parts = [];      // Of what has arrived: {samples, begin}.
    this.samples = 0;     // In all.
    this.scheduled = [];  // Of what is being played: {begin, samples, when_s, source}.
    this.playing = false;
    this.complete = false;
    this.position = 0;    // Where it stands while it does not play, in samples.
  }

  get duration_s() { return this.samples / this.rate_hz; }
  get position_s() { return this.place() / this.rate_hz; }

  append(samples) {
    if (samples.length === 0) return;
    const part = {samples, begin: this.samples};
    this.parts.push(part);
    this.samples += samples.length;
    if (this.playing) this.schedule(part, 0);
  }

  // Nothing more will arrive.
  finish() { this.complete = true; }

  play(from_s = this.position_s) {
    this.pause();
    this.context.resume();
    this.playing = true;
    this.position = Math.min(Math.max(0, Math.round(from_s * this.rate_hz)), this.samples);
    for (const part of this.parts) {
      const end = part.begin + part.samples.length;
      if (end > this.position) this.schedule(part, Math.max(0, this.position - part.begin));
    }
    this.tick();
  }

  pause() {
    this.position = this.place();
    this.playing = false;
    for (const {source} of this.scheduled) source.stop();
    this.scheduled = [];
  }

  // Lets go of the loudspeaker; it cannot play again.
  close() {
    this.pause();
    if (this.context.state !== 'closed') this.context.close();
  }

  schedule({samples, begin}, skip) {
    const now = this.context.currentTime + LEAD_S;
    const last = this.scheduled.at(-1);
    const after = last ? last.when_s + last.samples / this.rate_hz : 0;
    const when_s = Math.max(now, after);
    const heard = skip ? samples.subarray(skip) : samples;
    const buffer = this.context.createBuffer(1, heard.length, this.rate_hz);
    buffer.copyToChannel(heard, 0);
    const source = new AudioBufferSourceNode(this.context, {buffer});
    source.connect(this.context.destination);
    source.start(when_s);
    this.scheduled.push({begin: begin + skip, samples: heard.length, when_s, source});
  }

  // The sample that is heard now.
  place() {
    if (!this.playing) return this.position;
    const now = this.context.currentTime - (this.context.outputLatency || 0);
    let place = this.position;
    for (const {begin, samples, when_s} of this.scheduled) {
      if (when_s > now) break;
      place = begin + Math.min(samples, Math.round((now - when_s) * this.rate_hz));
    }
    return place;
  }

  tick() {
    if (!this.playing) return;
    this.onTick(this.position_s);
    if (this.complete && this.place() >= this.samples) {
      this.pause();
      this.onEnd();
    } else {
      requestAnimationFrame(() => this.tick());
    }
  }
}
