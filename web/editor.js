// SPDX-License-Identifier: Apache-2.0
// A text area whose own words can be marked. Behind it lies the same text, unseen but for the
// marks; it also gives the text area its height, so that both always scroll and wrap together.
import {element} from '/page.js';

export class Editor {
  constructor(textarea) {
    this.textarea = textarea;
    this.mirror = element('div', {class: 'mirror', 'aria-hidden': 'true'});
    const frame = element('div', {class: `editor ${textarea.className}`});
    textarea.replaceWith(frame);
    frame.append(this.mirror, textarea);
    this.frame = frame;
    this.spans = [];
    this.onHover = () => {};
    this.onPick = () => {};
    textarea.addEventListener('input', () => this.mark([]));
    textarea.addEventListener('mousemove', (event) => this.onHover(this.indexUnder(event)));
    textarea.addEventListener('mouseleave', () => this.onHover(-1));
    textarea.addEventListener('click', (event) => this.onPick(this.indexUnder(event)));
    this.mark([]);
  }

  get value() { return this.textarea.value; }

  set value(text) {
    this.textarea.value = text;
    this.textarea.dispatchEvent(new Event('input'));
  }

  // Makes each range {begin, end, class} of the text an element, in order; those that begin before
  // the one before them ended are left out, and so have no element.
  mark(ranges) {
    const text = this.textarea.value;
    const parts = [];
    let at = 0;
    this.spans = ranges.map(({begin, end, class: name}, index) => {
      if (begin < at || end <= begin || end > text.length) return null;
      parts.push(text.slice(at, begin));
      const span = element('span', {class: name || '', text: text.slice(begin, end)});
      span.dataset.index = index;
      parts.push(span);
      at = end;
      return span;
    });
    // A line that is still empty has no height of its own.
    this.mirror.replaceChildren(...parts, text.slice(at) + '\u200b');
  }

  // Gives these marks a class, and takes it from all others.
  light(indices, name) {
    const lit = new Set(indices);
    this.spans.forEach((span, index) => span?.classList.toggle(name, lit.has(index)));
  }

  // Scrolls a mark into the frame, and no farther than that.
  reveal(index) {
    const span = this.spans[index];
    if (!span) return;
    const top = span.offsetTop - this.frame.offsetTop;
    const {scrollTop, clientHeight} = this.frame;
    if (top < scrollTop || top + span.offsetHeight > scrollTop + clientHeight)
      this.frame.scrollTop = top - clientHeight / 3;
  }

  // Which mark a mouse points at, or -1.
  indexUnder(event) {
    const under = document.elementsFromPoint(event.clientX, event.clientY)
        .find((found) => found.parentElement === this.mirror);
    return under ? Number(under.dataset.index) : -1;
  }

  // Puts text around what is selected.
  wrap(before, after) {
    const {selectionStart: begin, selectionEnd: end} = this.textarea;
    const inside = this.value.slice(begin, end);
    this.textarea.focus();
    this.textarea.setRangeText(before + inside + after, begin, end);
    const at = begin + before.length;
    this.textarea.setSelectionRange(at, at + inside.length);
    this.textarea.dispatchEvent(new Event('input'));
  }

  select(begin, end) {
    this.textarea.focus();
    this.textarea.setSelectionRange(begin, end);
  }
}
