#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Opens the page of `syrinx serve` in Chromium and uses it, as a reader, a hand and a screen do.

    browser_page_test.py PROGRAM [--pictures FOLDER] [--address http://...]

Speaks and sees the words light up, stops, seeks, hears a sample, mixes voices, explains text and
finds a mistake in markup, writes a lexicon, hands in batches, watches the figures, shows a key; in
light and dark and on a phone.
Nothing may be logged as an error or asked of anyone but the server. Ends with 77 where there is no
Chromium. --pictures keeps screenshots; --address uses a server that runs already.
"""
import argparse
import base64
import json
import math
import os
import subprocess
import sys
import tempfile
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from browser_test import Browser, check, find_browser, fits_narrow_screens

PARTS = ("say", "voices", "text", "batches", "live")
SECRET = "a-key-for-this-test"
WORDS = ["The", "naïve", "bird", "sang", "at", "7:30", "Then", "it", "flew", "away", "over", "12",
         "hills"]
TEXT = "The naïve bird sang at 7:30. Then it flew away over 12 hills."
VOICES = {"aliases": {}, "voices": [
    {"name": name, "engine": engine, "language": language, "gender": "female", "default": i == 0,
     "description": f"The voice {name}", "licence": "Apache-2.0", "sample_rate_hz": 24000}
    for i, (name, engine, language) in enumerate(
        [("slt", "flite", "en-US"), ("af_heart", "kokoro", "en-US"),
         ("am_adam", "kokoro", "en-US"), ("ef_dora", "kokoro", "es-ES")])]}


class Visitor(Browser):
    """A browser that may ask one server and nobody else."""

    def __init__(self, program, home, address):
        self.address = address
        self.expected = []  # Parts of messages that belong to what is tried.
        self.pretended = {}  # Answers by path, in place of the server's.
        self.asked = []
        super().__init__(program, home)

    def notice(self, event):
        method, said = event.get("method"), event.get("params", {})
        if method == "Fetch.requestPaused":
            return self.pretend(said)
        if method == "Network.requestWillBeSent":
            url = said["request"]["url"]
            self.asked.append((url.removeprefix(self.address), said["request"].get("postData", "")))
            if not url.startswith((self.address + "/", "blob:" + self.address)):
                self.problems.append("asked for " + url)
            return None
        before = len(self.problems)
        super().notice(event)
        self.problems[before:] = [problem for problem in self.problems[before:]
                                  if not any(part in problem for part in self.expected)]
        return None

    def pretend(self, said):
        path = said["request"]["url"].removeprefix(self.address)
        order = {"requestId": said["requestId"]}
        if path in self.pretended:
            status, body = self.pretended[path]
            order |= {"responseCode": status, "body": base64.b64encode(body).decode(),
                      "responseHeaders": [{"name": "Content-Type", "value": "application/json"}]}
        self.post("Fetch.fulfillRequest" if path in self.pretended else "Fetch.continueRequest",
                  order)

    def post(self, method, parameters):
        """An order whose answer nobody waits for."""
        order = {"id": 1_000_000 + self.next_id, "method": method, "params": parameters,
                 "sessionId": self.session}
        os.write(self.commands, json.dumps(order).encode() + b"\0")

    def go(self, part=""):
        self.call("Page.navigate", url="about:blank")
        self.call("Page.navigate", url=f"{self.address}/{part}")
        self.until("document.readyState === 'complete' && document.querySelector('#say-voice') "
                   "&& document.querySelector('[role=tab][aria-selected=true]') !== null")

    def press(self, name, code, **more):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=name, code=name,
                      windowsVirtualKeyCode=code, **more)

    def write(self, element, text):
        self.ask(f"document.getElementById('{element}').select()")
        self.call("Input.insertText", text=text)

    def click(self, element):
        self.ask(f"document.getElementById('{element}').click()")

    def text(self, element):
        return self.ask(f"document.getElementById('{element}').textContent")

    def scheme(self, name):
        self.call("Emulation.setEmulatedMedia",
                  features=[{"name": "prefers-color-scheme", "value": name}])

    def picture(self, folder, name):
        if folder is None:
            return
        shot = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        (Path(folder) / f"{name}.png").write_bytes(base64.b64decode(shot["data"]))


def voices_are_there(visitor):
    visitor.until("document.getElementById('say-voice').options.length > 0")


def try_saying(visitor, pictures):
    """Words light up in their order, where the author wrote them, and then it is over."""
    visitor.go()
    voices_are_there(visitor)
    check(visitor.ask("document.getElementById('stage').hidden"), "a sound is shown before any")
    visitor.write("say-text", TEXT)
    visitor.ask("""window.lit = []; new MutationObserver(() => {
        const word = document.querySelector('#say .mirror .lit')?.textContent;
        if (word && word !== lit.at(-1)) lit.push(word);
    }).observe(document.querySelector('#say .mirror'),
               {subtree: true, childList: true, attributes: true})""")
    visitor.press("Enter", 13, modifiers=2)
    visitor.until("!document.getElementById('stage').hidden")
    check(visitor.ask("!document.getElementById('say-stop').disabled"), "it cannot be stopped")
    visitor.until("lit.includes('hills')")
    visitor.until("document.getElementById('say-status').textContent.startsWith('Done')")
    lit = visitor.ask("lit")
    check(len(lit) >= 4, f"only {lit} lit up")  # A busy machine draws few frames.
    in_order(lit)
    check(visitor.text("first-sound").startswith("First sound after "), "no time to first sound")
    check(visitor.ask("document.querySelectorAll('#say .mirror .lit').length") == 0,
          "a word stays lit after the end")
    check(visitor.ask("document.getElementById('say-stop').disabled"), "it says that it speaks on")
    captioned = [body for path, body in visitor.asked if path.endswith("/captioned")]
    check(json.loads(captioned[-1])["input"] == TEXT, "another text was said")
    pictures_show_the_sound(visitor)

def in_order(lit):
    order = [WORDS.index(word) for word in lit]
    check(order == sorted(order), f"words light up out of their order: {lit}")


def try_every_place(visitor, pictures):
    """Wherever the sound is entered, the word that sounds there is lit."""
    lit = visitor.ask("""(() => {
        const pictures = document.getElementById('pictures');
        const box = pictures.getBoundingClientRect();
        const lit = [];
        for (let x = 0.5; x < box.width; x += 2) {
            pictures.dispatchEvent(new PointerEvent('pointerdown', {clientX: box.left + x}));
            const words = [...document.querySelectorAll('#say .mirror .lit')];
            for (const {textContent: word} of words) if (word !== lit.at(-1)) lit.push(word);
        }
        return lit;
    })()""")
    check(lit == WORDS, f"these words light up: {lit}")
    visitor.ask("""(() => {
        const pictures = document.getElementById('pictures');
        const box = pictures.getBoundingClientRect();
        pictures.dispatchEvent(new PointerEvent('pointerdown',
                                                {clientX: box.left + 0.41 * box.width}));
    })()""")
    visitor.picture(pictures, "say")


def pictures_show_the_sound(visitor):
    for canvas in ("waveform", "spectrogram"):
        inked = visitor.ask(f"""(() => {{
            const canvas = document.getElementById('{canvas}');
            const data = canvas.getContext('2d')
                .getImageData(0, 0, canvas.width, canvas.height).data;
            let inked = 0;
            for (let i = 3; i < data.length; i += 4) inked += data[i] > 40;
            return inked / (data.length / 4);
        }})()""")
        check(0.02 < inked < 0.9, f"{inked:.1%} of the {canvas} is drawn")


def try_seeking(visitor):
    """Arrows and clicks move the place of a sound that has been heard."""
    place = "Number(document.getElementById('pictures').getAttribute('aria-valuenow'))"
    end_s = float(visitor.ask("document.getElementById('pictures').ariaValueMax"))
    visitor.ask("document.getElementById('pictures').focus()")
    visitor.press("End", 35)
    visitor.press("Home", 36)
    check(visitor.ask(place) == 0, "Home does not go to the beginning")
    visitor.press("ArrowRight", 39)
    check(visitor.ask(place) == 1, "an arrow does not go a second on")
    visitor.ask("""(() => {
        const pictures = document.getElementById('pictures');
        const box = pictures.getBoundingClientRect();
        pictures.dispatchEvent(new PointerEvent('pointerdown',
            {clientX: box.left + box.width / 2, clientY: box.top + 20}));
    })()""")
    check(abs(visitor.ask(place) - end_s / 2) < 0.2, "a click does not go where it points")
    visitor.click("play")
    visitor.until(f"{place} > {end_s / 2 + 0.3}")
    visitor.click("play")
    check(visitor.text("say-status").startswith("Paused"), "it does not pause")


def try_stopping(visitor):
    """A stop ends the sound and the work: the rest is not asked for."""
    visitor.write("say-text", "One more sentence is said here, and then another. " * 40)
    visitor.click("say-speak")
    visitor.until("Number(document.getElementById('pictures').getAttribute('aria-valuenow')) > 0.3")
    visitor.ask("document.getElementById('say-text').focus()")
    visitor.press("Escape", 27)
    check(visitor.text("say-status").startswith("Stopped after"), visitor.text("say-status"))
    place = visitor.text("time")
    check(visitor.text("play") == "Play", "it plays on")
    check(visitor.text("time") == place, "the place moves after a stop")
    visitor.write("say-text", "   ")
    visitor.click("say-speak")
    check(visitor.text("say-status") == "Write something first.", "an empty text is said")


def try_a_file(visitor):
    """The same words in the chosen manner, as a file in the chosen format."""
    visitor.write("say-text", "A file.")
    check(visitor.ask("document.getElementById('say-emotion').options.length") > 10, "no manners")
    visitor.ask("document.getElementById('say-emotion').value = 'sad'")
    visitor.click("say-speak")
    visitor.until("document.getElementById('say-status').textContent.startsWith('Done')")
    captioned = [body for path, body in visitor.asked if path.endswith("/captioned")]
    check(json.loads(captioned[-1])["emotion"] == "sad", "the manner is not asked for")
    check("emotion" not in json.loads(captioned[0]), "a plain text was said in a manner")
    visitor.ask("document.getElementById('say-emotion').value = ''")
    visitor.ask("""document.getElementById('format').value = 'flac';
        window.saved = new Promise((found) => {
            const make = URL.createObjectURL;
            URL.createObjectURL = (blob) => { found(blob); return make.call(URL, blob); };
        }); HTMLAnchorElement.prototype.click = function() { window.fileName = this.download; };
        document.getElementById('download').click()""")
    head = visitor.ask("saved.then((blob) => blob.slice(0, 4).text())")
    check(head == "fLaC", f"the file begins with {head!r}")
    visitor.until("window.fileName === 'speech.flac'")


def try_modules(visitor):
    """Offsets in bytes find their place among characters of all lengths; a tone is drawn at its
    frequency."""
    found = visitor.ask("""import('/page.js').then(({indexOfByte}) => {
        const text = 'aé€😀z', indexOf = indexOfByte(text);
        return [0, 1, 3, 6, 10, 11].map((byte) => text.slice(indexOf(byte)));
    })""")
    check(found == ["aé€😀z", "é€😀z", "€😀z", "😀z", "z", ""], found)
    numbers = visitor.ask("""import('/page.js').then(({shortNumber}) =>
        [0, 0.1319, 226.7, 9876, 12345, 4.56e6].map(shortNumber))""")
    check(numbers == ["0", "0.132", "227", "9876", "12.3 k", "4.56 M"], numbers)
    row = visitor.ask("""import('/pictures.js').then(({Pictures}) => {
        const canvas = () => document.createElement('canvas');
        const pictures = new Pictures(canvas(), canvas(), 24000);
        for (let part = 0; part < 7; ++part) {  // In pieces that no column begins with.
            pictures.append(Float32Array.from({length: 1111}, (_, i) =>
                0.5 * Math.sin(2 * Math.PI * 2000 * (1111 * part + i) / 24000)));
        }
        pictures.finish();
        const strip = pictures.levels[0], rows = strip.length / 1024, column = 15;
        const levels = Array.from({length: rows}, (_, row) => strip[row * 1024 + column]);
        return [pictures.columns, levels.indexOf(Math.max(...levels)) / rows];
    })""")
    mel = math.log10(1 + 2000 / 700) / math.log10(1 + 10000 / 700)
    check(row[0] == 33, f"{row[0]} columns of 10 ms for 0.324 s")
    check(abs(row[1] - mel) < 0.03, f"2 kHz is drawn at {row[1]} of the height and not at {mel}")


def try_tabs(visitor):
    """The keyboard alone goes everywhere."""
    visitor.go()
    visitor.ask("document.getElementById('tab-say').focus()")
    for name in PARTS[1:]:
        visitor.press("ArrowRight", 39)
        check(visitor.ask("document.activeElement.id") == f"tab-{name}", f"no way to {name}")
        check(not visitor.ask(f"document.getElementById('{name}').hidden"), f"{name} stays shut")
        check(visitor.ask("[...document.querySelectorAll('[role=tabpanel]')]"
                          ".filter((part) => !part.hidden).length") == 1, "two parts are open")
    visitor.press("ArrowRight", 39)
    check(visitor.ask("location.hash") == "#say", "the tabs do not go round")
    visitor.go("#text")
    check(visitor.ask("!document.getElementById('text').hidden"), "a part has no address")
    for part in PARTS:
        visitor.click(f"tab-{part}")
        named = visitor.ask("""[...document.querySelectorAll(
            'button, select, input, textarea, [role=slider]')].filter((control) =>
            control.checkVisibility() && !(control.textContent.trim() || control.labels?.length ||
            control.getAttribute('aria-label'))).map((control) => control.outerHTML)""")
        check(named == [], f"controls without a name: {named}")


def try_voices(visitor, pictures):
    """A sample is heard, a voice is found and chosen."""
    visitor.go("#voices")
    visitor.until("document.querySelectorAll('#voices-list li').length > 1")
    check("Licence: " in visitor.text("voices-list"), "no licence")
    visitor.picture(pictures, "voices")
    visitor.ask("document.querySelector('[data-hear=rms]').click()")
    visitor.until("document.getElementById('voices-status').textContent.startsWith('rms speaks')")
    visitor.ask("document.querySelector('[data-hear=rms]').click()")
    visitor.write("voices-find", "scottish")
    check(visitor.ask("document.querySelectorAll('#voices-list li').length") == 1,
          "the search finds all")
    visitor.ask("document.querySelector('#voices-list li .bar button:last-child').click()")
    check(visitor.ask("location.hash") == "#say", "the voice is not taken along")
    check(visitor.ask("document.getElementById('say-voice').value") == "awb", "another voice")


def try_mixing(visitor, pictures):
    """With voices of Kokoro in the list, sliders make the name of a mix; its model need not be
    here, so the list is pretended, and what the page asks for is looked at."""
    visitor.pretended = {"/v1/audio/voices": (200, json.dumps(VOICES).encode())}
    visitor.call("Fetch.enable", patterns=[{"urlPattern": "*/v1/audio/voices"}])
    visitor.go("#voices")
    visitor.until("!document.getElementById('mix').hidden")
    check(visitor.ask("document.getElementById('mix-voice').options.length") == 3,
          "voices that cannot be mixed are offered")
    visitor.expected.append("404")  # The model is not here; the page says so and goes on.
    visitor.ask("document.querySelector('[data-hear=ef_dora]').click()")
    visitor.until("document.getElementById('voices-status').textContent.includes('not be heard')")
    spoken = [body for path, body in visitor.asked if path == "/v1/audio/speech"][-1]
    check("pájaros" in json.loads(spoken)["input"], f"a Spanish voice is asked for {spoken}")
    for name in ("af_heart", "am_adam"):
        visitor.ask(f"document.getElementById('mix-voice').value = '{name}'")
        visitor.click("mix-add")
    visitor.ask("""(() => {
        const slider = document.querySelector('#mix-shares input');
        slider.value = 2;
        slider.dispatchEvent(new Event('input'));
    })()""")
    check(visitor.text("mix-name") == "af_heart(2)+am_adam(1)", visitor.text("mix-name"))
    visitor.picture(pictures, "mix")
    visitor.click("mix-use")
    check(visitor.ask("document.getElementById('say-voice').value") == "af_heart(2)+am_adam(1)",
          "the mix is not used")
    visitor.click("say-speak")
    visitor.until("document.getElementById('say-status').textContent.startsWith('It could not')")
    visitor.call("Fetch.disable")
    visitor.pretended = {}


def try_text(visitor, pictures):
    """Parts are explained, linked with the text, and a mistake is shown where it is."""
    visitor.go("#text")
    visitor.until("document.querySelectorAll('#text-tokens tbody tr').length > 10")
    visitor.picture(pictures, "text")
    visitor.write("text-input", "Dr. Wu paid $5.")
    visitor.until("document.getElementById('text-tokens').textContent.includes('five dollars')")
    row = visitor.ask("[...document.querySelectorAll('#text-tokens tbody tr')].find((row) => "
                      "row.textContent.includes('five')).innerText")
    for part in ("$5", "money", "five dollars", "fˈaɪv", "sign before the amount"):
        check(part in row, f"no {part!r} in {row!r}")
    box = visitor.ask("""(() => {
        const word = [...document.querySelectorAll('#text .mirror .token')]
            .find((span) => span.textContent === '$5').getBoundingClientRect();
        return [word.left + word.width / 2, word.top + word.height / 2];
    })()""")
    visitor.call("Input.dispatchMouseEvent", type="mouseMoved", x=box[0], y=box[1])
    visitor.until("document.querySelector('#text-tokens tr.lit')?.textContent.includes('five')")
    visitor.ask("""[...document.querySelectorAll('#text-tokens .written')]
        .find((button) => button.textContent === 'Dr.').focus()""")
    check(visitor.ask("document.querySelector('#text .mirror .lit').textContent") == "Dr.",
          "a row does not light up its text")
    visitor.ask("document.activeElement.click()")
    check(visitor.ask("(() => { const text = document.getElementById('text-input');"
                      "return text.value.slice(text.selectionStart, text.selectionEnd); })()")
          == "Dr.", "a row does not select its text")
    try_markup(visitor, pictures)


def try_markup(visitor, pictures):
    visitor.expected.append("400")  # A mistake is an answer here.
    visitor.write("text-input", "<speak>\nIt’s <break time=\"x\"/> late.</speak>")
    visitor.until("!document.getElementById('text-problem').hidden")
    check("line 2, column 6" in visitor.text("text-problem"), visitor.text("text-problem"))
    check(visitor.ask("document.querySelector('#text .mirror .wrong').textContent")
          == "<break time=\"x\"/>", "the mistake is marked elsewhere")
    visitor.picture(pictures, "mistake")
    visitor.write("text-input", "Reading")
    visitor.until("document.getElementById('text-tokens').textContent.includes('ɹˈidɪŋ')")
    visitor.ask("document.getElementById('text-input').select()")
    visitor.ask("document.querySelector('#snippets button:last-child').click()")
    check(visitor.ask("document.getElementById('text-input').value") == "[Reading](/ɹˈidɪŋ/)",
          "the phonemes are not written down")
    visitor.until("document.getElementById('text-tokens').textContent.includes('markup')")
    visitor.write("text-input", "late")
    visitor.ask("document.getElementById('text-input').select()")
    visitor.ask("[...document.querySelectorAll('#snippets button')]"
                ".find((button) => button.textContent === 'Slower').click()")
    visitor.ask("document.getElementById('text-input').select()")
    visitor.ask("document.querySelector('#snippets button').click()")
    visitor.until("document.getElementById('text-markup-list').textContent.includes('prosody')")
    check(visitor.ask("document.getElementById('text-problem').hidden"), "the mistake stays")
    visitor.click("text-say")
    visitor.until("document.getElementById('say-status').textContent.startsWith('Done')")


def try_lexicon(visitor, pictures):
    """A word is written down, refused where it is wrong, and said otherwise once it is right."""
    visitor.go("#text")
    visitor.write("text-input", "Kakuro")
    visitor.until("document.getElementById('text-tokens').textContent.includes('Kakuro')")
    visitor.ask("document.getElementById('lexicon').open = true")
    visitor.until("document.getElementById('lexicon-status').textContent === '0 words.'")
    visitor.ask("document.getElementById('text-input').select()")
    visitor.click("lexicon-word")
    check(visitor.ask("document.getElementById('lexicon-input').value").startswith("Kakuro\t/"),
          "the word is not written down")
    visitor.expected.append("400")
    visitor.write("lexicon-input", "# ours\nKakuro\t/5/")
    visitor.click("lexicon-save")
    visitor.until("!document.getElementById('lexicon-problem').hidden")
    check("line 2, column 8" in visitor.text("lexicon-problem"), visitor.text("lexicon-problem"))
    check(visitor.ask("document.querySelector('#lexicon .mirror .wrong').textContent") == "/5/",
          "the mistake is marked elsewhere")
    visitor.picture(pictures, "lexicon_mistake")
    visitor.write("lexicon-input", "# ours\nKakuro\tZAH-zoo-zay")
    check(visitor.ask("document.getElementById('lexicon-problem').hidden"), "the mistake stays")
    visitor.click("lexicon-save")
    visitor.until("document.getElementById('text-tokens').textContent.includes('lexicon')")
    check("zˈɑ" in visitor.text("text-tokens"), visitor.text("text-tokens"))
    visitor.until("document.getElementById('lexicon-status').textContent === 'Saved: 1 word.'")
    check(visitor.ask("document.getElementById('lexicon-save').disabled"), "nothing to save")
    visitor.picture(pictures, "lexicon")
    visitor.expected.remove("400")


def batch_text(visitor, part="#batch-list"):
    return visitor.ask(f"document.querySelector('{part}').textContent")


def try_batches(visitor, pictures):
    """Texts are handed in, are said without the page, and can be taken and forgotten."""
    visitor.go("#batches")
    visitor.until("document.getElementById('batch-voice').options.length > 0")
    visitor.click("batch-send")
    check("no text" in visitor.text("batch-status"), visitor.text("batch-status"))
    visitor.write("batch-text", "The first line.\n\nThe second one.\n***")
    visitor.click("batch-send")
    visitor.until("document.querySelector('#batch-list .badge')?.textContent === 'done'")
    check("2 of 3 texts, 1 failed" in batch_text(visitor), batch_text(visitor))
    visitor.until("document.querySelector('#batch-list .notes')?.textContent.includes('2:')")
    visitor.ask("document.getElementById('batch-kind').value = 'reading';"
                "document.getElementById('batch-kind').dispatchEvent(new Event('change'))")
    visitor.write("batch-title", "A walk")
    visitor.write("batch-text", "# One\n\n" + "It goes on and on, and then some more. " * 400)
    visitor.click("batch-send")
    visitor.until("document.querySelector('#batch-list .badge')?.textContent === 'under way'")
    visitor.until("document.querySelector('#batch-list progress').value > 0")
    check("left" in batch_text(visitor) or "of sound" in batch_text(visitor), "no time is said")
    visitor.picture(pictures, "batches")
    visitor.ask("document.querySelector('#batch-list .bar button').click()")
    visitor.until("document.querySelector('#batch-list .badge')?.textContent === 'ended'")
    visitor.ask("document.querySelector('#batch-list .bar button').click()")
    visitor.until("document.querySelectorAll('#batch-list li.batch').length === 1")
    visitor.ask("""(() => {
        window.made = [];
        const create = URL.createObjectURL;
        URL.createObjectURL = (blob) => { window.taken = blob.size; return create(blob); };
        const click = HTMLAnchorElement.prototype.click;
        HTMLAnchorElement.prototype.click = function() { made.push([this.download, this.href]); };
        document.querySelector('#batch-list button.main').click();
    })()""")
    visitor.until("made.length === 1")
    name = visitor.ask("made[0][0]")
    check(name.startswith("batch_") and name.endswith(".tar"), name)
    check(visitor.ask("window.taken") > 4096, "the archive is empty")


def try_figures(visitor, pictures):
    """The figures change by themselves, and are asked for where there is no WebSocket."""
    visitor.go("#live")
    visitor.until("document.getElementById('live-status').textContent.startsWith('Told')")
    tile = ("[...document.querySelectorAll('#live-tiles div')].find((tile) => "
            "tile.firstChild.textContent === 'Requests').lastChild.textContent")
    before = int(visitor.ask(tile))
    urllib.request.urlopen(urllib.request.Request(
        visitor.address + "/v1/audio/speech", data=b'{"input": "Three more words."}')).read()
    visitor.until(f"Number({tile}) > {before}")
    visitor.until("document.querySelectorAll('#live-charts canvas[aria-label]').length === 4")
    label = visitor.ask("document.querySelector('#live-charts canvas').getAttribute('aria-label')")
    check("the last two minutes: now" in label, label)
    check("slt" in visitor.text("live-tables"), "no voices")
    visitor.picture(pictures, "live")
    visitor.call("Page.addScriptToEvaluateOnNewDocument", source="""
        window.WebSocket = class extends EventTarget {
            constructor() { super(); setTimeout(() => this.dispatchEvent(new Event('close'))); }
            close() {}
        };""")
    visitor.go("#live")
    visitor.until("document.getElementById('live-status').textContent.startsWith('Asked')")
    before = visitor.ask("document.querySelector('#live-tiles').textContent")
    visitor.until(f"document.querySelector('#live-tiles').textContent !== {json.dumps(before)}")


def try_screens(visitor, pictures):
    """Light and dark differ, and all of it fits a phone."""
    grounds = []
    for scheme in ("light", "dark"):
        visitor.scheme(scheme)
        grounds.append(visitor.ask("getComputedStyle(document.body).backgroundColor"))
        for part in PARTS:
            visitor.click(f"tab-{part}")
            fits_narrow_screens(visitor)
            visitor.picture(pictures, f"{part}_{scheme}")
    check(grounds[0] != grounds[1], "dark is as light")
    for part in PARTS:
        visitor.click(f"tab-{part}")
        visitor.call("Emulation.setDeviceMetricsOverride", width=390, height=844,
                     deviceScaleFactor=1, mobile=True)
        visitor.picture(pictures, f"{part}_phone")
        visitor.call("Emulation.clearDeviceMetricsOverride")
    visitor.scheme("light")


def try_key(browser_program, program, folder):
    """A server with a key asks for it, and it is sent wherever it has to be."""
    with served(program, SYRINX_API_KEY=SECRET) as address:
        visitor = Visitor(browser_program, Path(folder) / "home2", address)
        try:
            visitor.expected.append("401")
            visitor.go()
            visitor.until("document.getElementById('key-dialog').open")
            visitor.write("key", SECRET)
            visitor.press("Enter", 13, text="\r")
            voices_are_there(visitor)
            visitor.expected.clear()
            check(visitor.ask("sessionStorage.length === 1 && localStorage.length === 0 && "
                              "document.cookie === ''"), "the key is kept elsewhere")
            visitor.click("say-speak")
            visitor.until("!document.getElementById('stage').hidden")
            visitor.click("say-stop")
            visitor.click("tab-live")
            visitor.until("document.getElementById('live-status').textContent.startsWith('Told')")
            check(not any(SECRET in url for url, _ in visitor.asked), "the key is in an address")
            visitor.click("key-open")
            visitor.expected += ["401", "HTTP Authentication failed"]  # Of a request, a WebSocket.
            visitor.click("key-forget")
            visitor.until("sessionStorage.length === 0")
            visitor.until("document.getElementById('key-dialog').open")  # The figures need it.
            check(not visitor.problems, "\n".join(visitor.problems))
        finally:
            visitor.close()


@contextmanager
def served(program, *options, **environment):
    server = subprocess.Popen([program, "serve", "--port", "0", "--no-log", *options], text=True,
                              stdout=subprocess.PIPE, env=os.environ | environment)
    try:
        yield server.stdout.readline().removeprefix("Listening on ").strip()
    finally:
        server.terminate()
        check(server.wait() == 0, f"the server ended with {server.returncode}")


def use_page(browser_program, address, folder, pictures):
    visitor = Visitor(browser_program, Path(folder) / "home", address)
    try:
        try_saying(visitor, pictures)
        try_every_place(visitor, pictures)
        try_seeking(visitor)
        try_stopping(visitor)
        try_a_file(visitor)
        try_modules(visitor)
        try_tabs(visitor)
        try_voices(visitor, pictures)
        try_mixing(visitor, pictures)
        try_text(visitor, pictures)
        try_lexicon(visitor, pictures)
        try_batches(visitor, pictures)
        try_screens(visitor, pictures)
        try_figures(visitor, pictures)
        check(not visitor.problems, "\n".join(visitor.problems))
    finally:
        visitor.close()


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("program")
    arguments.add_argument("--pictures")
    arguments.add_argument("--address")
    options = arguments.parse_args()
    browser_program = find_browser()
    if browser_program is None:
        print("browser_page_test: there is no Chromium; `tools/setup browser` installs it.")
        return 77
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        if options.address:
            use_page(browser_program, options.address, folder, options.pictures)
        else:
            with served(options.program, "--jobs", f"{folder}/jobs", "--user-lexicon",
                        f"{folder}/own.tsv") as address:
                use_page(browser_program, address, folder, options.pictures)
            try_key(browser_program, options.program, folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
