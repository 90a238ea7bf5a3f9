// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/report/page/frame.h"

namespace syrinx::measure::html {

std::string_view sound_script() noexcept {
  return R"js(
'use strict';
(() => {
  const sound = document.getElementById('sound');
  if (!sound) return;
  const root = document.documentElement;
  const seconds = Number(document.body.querySelector('main').dataset.seconds);
  root.classList.add('live');

  const draw = () => root.style.setProperty('--at', Math.min(1, sound.currentTime / seconds));
  const follow = () => {
    draw();
    if (!sound.paused) requestAnimationFrame(follow);
  };
  const seek = (at) => { sound.currentTime = Math.max(0, Math.min(seconds, at)); draw(); };

  sound.addEventListener('play', follow);
  for (const name of ['timeupdate', 'seeking', 'seeked', 'pause'])
    sound.addEventListener(name, draw);

  for (const area of document.querySelectorAll('.area')) {
    const seekTo = (event) => {
      const box = area.getBoundingClientRect();
      seek((event.clientX - box.left) / box.width * seconds);
    };
    area.addEventListener('pointerdown', (event) => { if (event.button === 0) seekTo(event); });
    area.addEventListener('pointermove', (event) => {
      if (event.pointerType === 'mouse' && event.buttons === 1) seekTo(event);
    });
  }
  for (const button of document.querySelectorAll('button[data-at]')) {
    button.disabled = false;
    button.addEventListener('click', () => {
      seek(Number(button.dataset.at) - 0.3);  // A little before, to hear it come.
      sound.play();
    });
  }
})();
)js";
}

}  // namespace syrinx::measure::html
