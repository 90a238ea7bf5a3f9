// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/report/page/frame.h"

namespace syrinx::measure::html {
namespace {

// All sounds run at once from one clock; what is heard is a matter of their gains, which cross over
// in a few milliseconds. So a switch has no gap and no click, and the position is always the same.
constexpr std::string_view kPlayer = R"js(
'use strict';
(() => {
  const byId = (id) => document.getElementById(id);
  const plain = byId('plain');
  if (!plain || !window.AudioContext) return;
  const root = document.documentElement;
  const seconds = Number(document.querySelector('main').dataset.seconds);
  const elements = [...plain.querySelectorAll('audio')];
  const state = byId('state'), seek = byId('seek'), play = byId('play'), time = byId('time');
  const FADE_S = 0.006;

  const context = new AudioContext();
  let buffers = [], gains = [], sources = [], current = 0;
  let playing = false, offset = 0, startedAt = 0;

  const bytesOf = (uri) => {
    const text = atob(uri.slice(uri.indexOf(',') + 1));
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; ++i) bytes[i] = text.charCodeAt(i);
    return bytes.buffer;
  };
  const position = () => {
    if (!playing) return offset;
    const at = offset + context.currentTime - startedAt;
    return byId('loop').checked ? at % seconds : Math.min(at, seconds);
  };
  const level = (i) => i !== current ? 0
    : byId('match').checked ? 10 ** (Number(elements[i].dataset.gainDb) / 20) : 1;
  const setGains = () => gains.forEach((gain, i) => {
    const now = context.currentTime;
    gain.gain.cancelScheduledValues(now);
    gain.gain.setValueAtTime(gain.gain.value, now);
    gain.gain.linearRampToValueAtTime(level(i), now + FADE_S);
  });
  const stopSources = () => {
    for (const source of sources) { source.onended = null; source.stop(); source.disconnect(); }
    sources = [];
  };
  const draw = () => {
    const at = position();
    root.style.setProperty('--at', at / seconds);
    seek.value = at;
    seek.setAttribute('aria-valuetext', `${at.toFixed(1)} of ${seconds.toFixed(1)} seconds`);
    time.textContent = `${at.toFixed(2)} s`;
    if (playing) requestAnimationFrame(draw);
  };
  const start = (at) => {
    stopSources();
    offset = at >= seconds - 0.01 ? 0 : at;
    startedAt = context.currentTime + 0.02;
    sources = buffers.map((buffer, i) => {
      const source = context.createBufferSource();
      source.buffer = buffer;
      source.loop = byId('loop').checked;
      source.connect(gains[i]);
      source.start(startedAt, offset);
      return source;
    });
    sources[0].onended = () => { if (!byId('loop').checked) halt(seconds); };
    playing = true;
    play.textContent = 'Stop';
    setGains();
    draw();
  };
  const halt = (at) => {
    offset = Math.max(0, Math.min(seconds, at));
    stopSources();
    playing = false;
    play.textContent = 'Play';
    draw();
  };
  const begin = (at) => context.resume().then(() => start(at));
  const toggle = () => playing ? halt(position()) : begin(offset);
  const goTo = (at) => {
    const to = Math.max(0, Math.min(seconds, at));
    if (playing) start(to); else { offset = to; draw(); }
  };
  const hear = (i) => { current = i; setGains(); };

  const ready = () => {
    plain.hidden = true;
    byId('player').hidden = byId('blind').hidden = false;
    root.classList.add('live');
    play.addEventListener('click', toggle);
    seek.addEventListener('input', () => goTo(Number(seek.value)));
    byId('match').addEventListener('change', setGains);
    byId('loop').addEventListener('change', () => { if (playing) start(position()); });
    for (const radio of document.querySelectorAll('input[name=hear]'))
      radio.addEventListener('change', () => hear(Number(radio.value)));
    for (const area of document.querySelectorAll('.area')) {
      area.addEventListener('pointerdown', (event) => {
        if (event.button !== 0) return;
        const box = area.getBoundingClientRect();
        goTo((event.clientX - box.left) / box.width * seconds);
      });
    }
    document.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const typing = event.target.matches('input[type=number], select');
      if (event.key === ' ' && !event.target.matches('button, input, select')) {
        event.preventDefault();
        toggle();
      } else if (/^[1-9]$/.test(event.key) && !typing) {
        const button = byId('listen').querySelectorAll('button')[event.key - 1];
        const radio = document.querySelectorAll('input[name=hear]')[event.key - 1];
        if (!byId('trial').hidden) button?.click(); else radio?.click();
      }
    });
    draw();
    blindTest({hear, begin, isPlaying: () => playing, position, setGains});
  };

  Promise.all(elements.map((element) => context.decodeAudioData(bytesOf(element.src))))
    .then((decoded) => {
      buffers = decoded;
      gains = buffers.map(() => {
        const gain = context.createGain();
        gain.gain.value = 0;
        gain.connect(context.destination);
        return gain;
      });
      ready();
    })
    .catch((error) => {
      const says = document.createElement('p');
      says.textContent = `This browser cannot play them in step (${error.message}); one by one:`;
      plain.prepend(says);
    });
)js";

constexpr std::string_view kBlindTest = R"js(
  // Of n fair coins, the probability of k heads or more.
  const atLeast = (k, n) => {
    let term = 0.5 ** n, sum = 0;
    for (let i = 0; i <= n; ++i) {
      if (i >= k) sum += term;
      term *= (n - i) / (i + 1);
    }
    return Math.min(1, sum);
  };
  const chance = () => crypto.getRandomValues(new Uint8Array(1))[0] & 1;
  const percent = (p) => p < 0.0001 ? 'less than 0.0001' : p.toFixed(4);

  function blindTest(playback) {
    const setup = byId('setup'), trial = byId('trial'), verdict = byId('verdict');
    const nameOf = (select) => select.options[select.selectedIndex].textContent;
    let test = null;

    const button = (text, action) => {
      const made = document.createElement('button');
      made.textContent = text;
      made.addEventListener('click', action);
      return made;
    };
    const listenTo = (index, made) => {
      playback.hear(index);
      for (const other of byId('listen').children) other.setAttribute('aria-pressed', 'false');
      made.setAttribute('aria-pressed', 'true');
      if (!playback.isPlaying()) playback.begin(playback.position());
    };
    const listener = (text, index) => {
      const made = button(text, () => listenTo(index, made));
      return made;
    };
    const ask = () => {
      const abx = test.kind === 'abx', [a, b] = test.sounds;
      const drawn = chance();
      test.drawn.push(drawn);
      byId('question').textContent = `Trial ${test.drawn.length} of ${test.planned}: ` +
        (abx ? 'which one is X?' : 'which one is better?');
      const listeners = abx
        ? [listener('Hear A', a), listener('Hear B', b), listener('Hear X', drawn ? b : a)]
        : [listener('Hear the first', drawn ? b : a), listener('Hear the second', drawn ? a : b)];
      const answers = abx
        ? [button('X is A', () => answer(0)), button('X is B', () => answer(1))]
        : [button('The first is better', () => answer(drawn)),
           button('The second is better', () => answer(1 - drawn))];
      byId('listen').replaceChildren(...listeners);
      byId('answers').replaceChildren(...answers);
      listenTo(abx || !drawn ? a : b, listeners[0]);
    };
    const answer = (which) => {
      test.answers.push(which);
      if (test.answers.length < test.planned) ask(); else reveal();
    };
    const line = (text) => {
      const p = document.createElement('p');
      p.textContent = text;
      return p;
    };
    const abxVerdict = (n) => {
      const right = test.answers.filter((which, i) => which === test.drawn[i]).length;
      const p = atLeast(right, n);
      return [line(`${right} of ${n} right. By guessing alone, as many or more come with ` +
                   `probability p = ${percent(p)}.`),
              line(p < 0.05 ? 'You can tell them apart (p below 0.05).'
                            : 'This does not show that you can tell them apart.'),
              line(`X was: ${test.drawn.slice(0, n).map((x) => 'AB'[x]).join(' ')}`),
              line(`You said: ${test.answers.map((x) => 'AB'[x]).join(' ')}`)];
    };
    const abVerdict = (n) => {
      const second = test.answers.filter((which) => which === 1).length;
      const p = Math.min(1, 2 * atLeast(Math.max(second, n - second), n));
      return [line(`${test.names[0]} was better ${n - second} times, ${test.names[1]} ${second} ` +
                   `times, of ${n}. Without a preference, a split as uneven or more comes with ` +
                   `probability p = ${percent(p)} (two-sided).`),
              line(p < 0.05 ? 'You prefer one (p below 0.05).'
                            : 'This does not show that you prefer one.')];
    };
    const reveal = () => {
      const n = test.answers.length;
      const lines = n === 0 ? [line('No trial was answered.')]
        : test.kind === 'abx' ? abxVerdict(n) : abVerdict(n);
      if (n > 0 && test.kind === 'abx')
        lines.push(line(`A is ${test.names[0]}; B is ${test.names[1]}.`));
      if (n > 0 && n < test.planned)
        lines.push(line(`Stopped after ${n} of ${test.planned} trials: p holds only if the ` +
                        'results had no part in stopping.'));
      verdict.replaceChildren(...lines);
      trial.hidden = true;
      setup.hidden = byId('hear').disabled = false;
      const chosen = document.querySelector('input[name=hear]:checked');
      playback.hear(Number(chosen.value));
      byId('begin').focus();
    };
    byId('stop').addEventListener('click', reveal);
    byId('begin').addEventListener('click', () => {
      const first = byId('first'), second = byId('second');
      if (first.value === second.value) {
        verdict.replaceChildren(line('Choose two different sounds.'));
        return;
      }
      test = {kind: byId('kind').value, sounds: [Number(first.value), Number(second.value)],
              names: [nameOf(first), nameOf(second)], drawn: [], answers: [],
              planned: Math.max(1, Math.min(200, Math.floor(Number(byId('trials').value)) || 1))};
      byId('match').checked = true;  // Louder is taken for better; it may be unticked again.
      byId('loop').checked = true;
      verdict.replaceChildren();
      setup.hidden = byId('hear').disabled = true;
      trial.hidden = false;
      ask();
    });
  }
})();
)js";

}  // namespace

std::string_view compare_script() noexcept {
  static const std::string script = std::string(kPlayer) + std::string(kBlindTest);
  return script;
}

}  // namespace syrinx::measure::html
