// SPDX-License-Identifier: Apache-2.0
// A line over the last two minutes, with the same in words for those who do not see it.
import {element, fitCanvas, styleColour} from '/page.js';

const SPAN_S = 120;

export class Chart {
  // `format` makes text of a value; `floor` is the least height of the scale.
  constructor(title, format, floor) {
    this.format = format;
    this.floor = floor;
    this.title = title;
    this.points = [];  // {at_s, value}
    this.canvas = element('canvas', {role: 'img'});
    this.now = element('span', {class: 'now'});
    this.most = element('span', {class: 'most'});
    this.figure = element('figure', {class: 'card chart'},
      element('figcaption', {}, element('span', {text: title}), this.now),
      this.canvas, this.most);
  }

  add(at_s, value) {
    if (Number.isFinite(value)) this.points.push({at_s, value});
    while (this.points.length > 0 && this.points[0].at_s < at_s - SPAN_S) this.points.shift();
    this.draw();
  }

  draw() {
    if (this.points.length === 0 || this.canvas.clientWidth === 0) return;
    const values = this.points.map((point) => point.value);
    const most = Math.max(...values), least = Math.min(...values), now = values.at(-1);
    this.now.textContent = this.format(now);
    this.most.textContent = `2 min · up to ${this.format(most)}`;
    this.canvas.setAttribute('aria-label', `${this.title}, the last two minutes: now ` +
      `${this.format(now)}, from ${this.format(least)} to ${this.format(most)}`);
    this.drawLine(Math.max(this.floor, most));
  }

  drawLine(top) {
    const {context, width, height} = fitCanvas(this.canvas);
    const last_s = this.points.at(-1).at_s;
    const x = (point) => width - 3 - (last_s - point.at_s) / SPAN_S * (width - 3);
    const y = (point) => height - 2 - point.value / top * (height - 6);
    context.strokeStyle = styleColour('--line');
    context.beginPath();
    context.moveTo(0, height - 1);
    context.lineTo(width, height - 1);
    context.stroke();
    context.beginPath();
    for (const point of this.points) context.lineTo(x(point), y(point));
    context.strokeStyle = styleColour('--accent');
    context.lineWidth = 1.75;
    context.lineJoin = 'round';
    context.stroke();
    context.fillStyle = styleColour('--accent');
    context.beginPath();
    context.arc(x(this.points.at(-1)), y(this.points.at(-1)), 3, 0, 2 * Math.PI);
    context.fill();
  }
}
