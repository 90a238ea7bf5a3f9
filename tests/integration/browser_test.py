#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Opens the pages of `syrinx measure` and `syrinx compare` in Chromium and uses them.

    browser_test.py PROGRAM

Nothing may be logged as an error or fetched from anywhere, the players must load, a click must
seek, and the blind test must run to its verdict. Ends with 77 where there is no Chromium.
"""
import array
import json
import math
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import wave
from pathlib import Path

RATE_HZ = 16_000
WAIT_S = 40


def find_browser():
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    return None


def write_voice(path, noise, delay_s=0.0, seconds=2.5, seed=1):
    """Something like a voice: harmonics that glide, in syllables, and noise."""
    dice = random.Random(seed)
    samples = array.array("h", [0] * int(delay_s * RATE_HZ))
    phase = 0.0
    for i in range(int(seconds * RATE_HZ)):
        at = i / RATE_HZ
        phase += 2 * math.pi * (120 + 40 * math.sin(2 * math.pi * 0.7 * at)) / RATE_HZ
        envelope = max(0.0, math.sin(2 * math.pi * 2.3 * at))
        voice = sum(math.sin(k * phase) / k for k in range(1, 12))
        value = 0.25 * envelope * voice + noise * dice.gauss(0, 1)
        samples.append(int(max(-1, min(1, value)) * 32767))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(samples.tobytes())


class Browser:
    """Chromium without a window, spoken to by the DevTools protocol over a pair of pipes."""

    def __init__(self, program, home):
        commands_out, self.commands = os.pipe()
        self.answers, answers_in = os.pipe()
        os.dup2(commands_out, 93)  # Away from 3 and 4, where they are wanted in the child.
        os.dup2(answers_in, 94)

        def place_pipes():
            os.dup2(93, 3)
            os.dup2(94, 4)

        self.process = subprocess.Popen(
            [program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--autoplay-policy=no-user-gesture-required", "--remote-debugging-pipe",
             "--no-first-run", f"--user-data-dir={home}", "--window-size=1280,900", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            pass_fds=(3, 4, 93, 94), preexec_fn=place_pipes)
        for fd in (commands_out, answers_in, 93, 94):
            os.close(fd)
        self.buffer = b""
        self.next_id = 0
        self.problems = []
        targets = self.call("Target.getTargets")["targetInfos"]
        page = next(target for target in targets if target["type"] == "page")
        self.session = None
        self.session = self.call("Target.attachToTarget", targetId=page["targetId"],
                                 flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def message(self):
        while b"\0" not in self.buffer:
            part = os.read(self.answers, 1 << 20)
            if not part:
                raise RuntimeError("the browser went away")
            self.buffer += part
        text, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, **parameters):
        self.next_id += 1
        order = {"id": self.next_id, "method": method, "params": parameters}
        if getattr(self, "session", None):
            order["sessionId"] = self.session
        os.write(self.commands, json.dumps(order).encode() + b"\0")
        while True:
            answer = self.message()
            if answer.get("id") == self.next_id:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.notice(answer)

    def notice(self, event):
        """Keeps what a page must not do."""
        method, said = event.get("method"), event.get("params", {})
        if method == "Runtime.exceptionThrown":
            details = said["exceptionDetails"]
            self.problems.append(details.get("exception", {}).get("description", details["text"]))
        elif method == "Log.entryAdded" and said["entry"]["level"] in ("error", "warning"):
            self.problems.append(said["entry"]["text"])
        elif method == "Runtime.consoleAPICalled" and said["type"] in ("error", "warning"):
            self.problems.append(str(said["args"]))
        elif method == "Network.requestWillBeSent":
            if not said["request"]["url"].startswith(("file:", "data:", "blob:", "about:")):
                self.problems.append("asked for " + said["request"]["url"])

    def open(self, page):
        self.call("Page.navigate", url=Path(page).as_uri())
        self.until("document.readyState === 'complete'")

    def ask(self, script):
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True,
                           awaitPromise=True, userGesture=True)
        if "exceptionDetails" in answer:
            raise AssertionError(answer["exceptionDetails"]["exception"]["description"])
        return answer["result"].get("value")

    def until(self, script):
        end = time.monotonic() + WAIT_S
        while not self.ask(script):
            if time.monotonic() > end:
                raise AssertionError(f"never came true: {script}; problems: {self.problems}")
            time.sleep(0.05)

    def close(self):
        self.process.terminate()
        self.process.wait()


def check(truth, says):
    if not truth:
        raise AssertionError(says)


def pictures_load(browser):
    browser.until("[...document.images].every((i) => i.complete || i.loading === 'lazy')")
    check(browser.ask("[...document.querySelectorAll('img:not([loading])')]"
                      ".every((image) => image.naturalWidth > 0)"), "a picture did not load")


def fits_narrow_screens(browser):
    browser.call("Emulation.setDeviceMetricsOverride", width=390, height=800, deviceScaleFactor=1,
                 mobile=False)
    wide = browser.ask("document.documentElement.scrollWidth")
    browser.call("Emulation.clearDeviceMetricsOverride")
    check(wide <= 390, f"the page is {wide} pixels wide on a screen of 390")


def try_sound_page(browser, page):
    browser.open(page)
    pictures_load(browser)
    browser.until("document.getElementById('sound').readyState >= 2")
    seconds = browser.ask("document.getElementById('sound').duration")
    check(abs(seconds - 2.5) < 0.01, f"the player says {seconds} s")
    browser.ask("""(() => {
        const area = document.querySelector('.area'), box = area.getBoundingClientRect();
        area.dispatchEvent(new PointerEvent('pointerdown',
            {button: 0, clientX: box.left + box.width / 2, clientY: box.top + 5}));
    })()""")
    browser.until("Math.abs(document.getElementById('sound').currentTime - 1.25) < 0.02")
    browser.until("Math.abs(Number(document.documentElement.style.getPropertyValue('--at')) - 0.5)"
                  " < 0.01")
    browser.ask("document.getElementById('sound').play()")
    browser.until("document.getElementById('sound').currentTime > 1.4")
    fits_narrow_screens(browser)


def try_files_page(browser, page):
    browser.open(page)
    names = "[...document.querySelectorAll('#files tbody tr')].map((r) => r.cells[0].dataset.sort)"
    first = browser.ask(names)
    check(len(first) == 6, f"{len(first)} rows")
    press = "document.querySelector('#files thead button').click()"
    browser.ask(press)
    check(browser.ask(names) == sorted(first), "not sorted by name")
    browser.ask(press)
    check(browser.ask(names) == sorted(first, reverse=True), "not sorted backwards")
    box = "document.querySelector('input[data-group=loudness]')"
    column = "[...document.querySelectorAll('th[data-group=loudness]')].every((h) => h.hidden)"
    check(not browser.ask(column), "loudness is hidden at first")
    browser.ask(f"{box}.click()")
    check(browser.ask(column), "loudness stays visible")
    fits_narrow_screens(browser)


def answer_all(browser, kind, trials):
    browser.ask(f"document.getElementById('kind').value = '{kind}';"
                f"document.getElementById('trials').value = {trials};"
                "document.getElementById('begin').click()")
    for trial in range(1, trials + 1):
        browser.until(f"document.getElementById('question').textContent.includes('{trial} of')")
        check(browser.ask("document.getElementById('verdict').textContent") == "",
              "something is revealed before the end")
        browser.ask("for (const b of document.querySelectorAll('#listen button')) b.click()")
        browser.ask("document.querySelector('#answers button').click()")
    browser.until("document.getElementById('trial').hidden")
    return browser.ask("document.getElementById('verdict').textContent")


def tail(hits, trials):
    return sum(math.comb(trials, k) for k in range(hits, trials + 1)) / 2 ** trials


def p_in(verdict):
    text = verdict.split("p = ")[1]
    return 0.0 if text.startswith("less") else float(text[:6])


def try_compare_page(browser, page):
    browser.open(page)
    pictures_load(browser)
    browser.until("!document.getElementById('player').hidden")
    check(browser.ask("document.getElementById('plain').hidden"), "the plain players stay")
    browser.ask("document.getElementById('play').click()")
    browser.until("Number(document.getElementById('seek').value) > 0.2")
    before = browser.ask("Number(document.getElementById('seek').value)")
    browser.ask("document.querySelectorAll('input[name=hear]')[1].click()")
    browser.until(f"Number(document.getElementById('seek').value) > {before}")  # It plays on.
    browser.ask("document.getElementById('play').click()")
    check(browser.ask("document.getElementById('play').textContent") == "Play", "does not stop")

    verdict = answer_all(browser, "abx", 9)
    right = int(verdict.split(" of 9 right")[0])
    check(abs(p_in(verdict) - tail(right, 9)) < 1e-4, verdict)
    verdict = answer_all(browser, "ab", 6)
    second = int(verdict.split(" times, of 6")[0].split()[-1])
    check(abs(p_in(verdict) - min(1, 2 * tail(max(second, 6 - second), 6))) < 1e-4, verdict)
    fits_narrow_screens(browser)


def make_pages(program, folder):
    """Three pages, of sounds whose names try to be more than names."""
    sounds = folder / "sounds"
    sounds.mkdir()
    first, second = sounds / "<img src=x onerror=alert(1)>.wav", sounds / "b & 'c' \"d\".wav"
    write_voice(first, 0.001)
    write_voice(second, 0.02, delay_s=0.1, seconds=2.4)
    for i in range(4):
        write_voice(sounds / f"take {i}.wav", 0.002, seconds=1.0, seed=i)
    pages = {"one": [program, "measure", str(first), "--ref", str(second), "--report"],
             "many": [program, "measure", str(sounds), "--report"],
             "two": [program, "compare", str(first), str(second), "-o"]}
    for name, command in pages.items():
        page = folder / f"{name}.html"
        subprocess.run(command + [str(page)], check=True, stdout=subprocess.DEVNULL)
        yield page


def main(program):
    browser_program = find_browser()
    if browser_program is None:
        print("browser_test: there is no Chromium; `tools/setup browser` installs it.")
        return 77
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        one, many, two = make_pages(program, Path(folder))
        browser = Browser(browser_program, Path(folder) / "home")
        try:
            try_sound_page(browser, one)
            try_files_page(browser, many)
            try_compare_page(browser, two)
            check(not browser.problems, "\n".join(browser.problems))
        finally:
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
