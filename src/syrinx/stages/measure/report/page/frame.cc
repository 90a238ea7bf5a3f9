// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/report/page/frame.h"

#include "syrinx/stages/measure/report/page/html.h"

namespace syrinx::measure::html {
namespace {

// Nothing may be fetched; what is inline and in data URIs may be used.
constexpr std::string_view kPolicy =
    "default-src 'none'; img-src data:; media-src data: blob:; style-src 'unsafe-inline'; "
    "script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

constexpr std::string_view kColours = R"css(
:root { color-scheme: light dark;
  --paper: #fcfbf9; --card: #ffffff; --ink: #1d1b24; --soft: #5d5967; --rule: #dedae3;
  --accent: #5c358c; --accent-ink: #ffffff; --wave: #5c358c; --curve: #b0420a; --curve2: #0b6f85;
  --good: #0d6b3c; --bad: #ac1f2d; --hint: #f2eef7; --cursor: #d6006c; }
@media (prefers-color-scheme: dark) { :root {
  --paper: #131218; --card: #1c1a23; --ink: #ece9f2; --soft: #a8a3b5; --rule: #37333f;
  --accent: #c3a6f5; --accent-ink: #1d1130; --wave: #b391ee; --curve: #ff9a5c; --curve2: #5cc8e0;
  --good: #63d69a; --bad: #ff8d93; --hint: #26222f; --cursor: #ff5fae; } }
)css";

constexpr std::string_view kLayout = R"css(
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0 auto; max-width: 1320px; padding: 1.2rem clamp(.7rem, 3vw, 2.2rem) 4rem;
  background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif;
  overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: .2rem 0; }
h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; }
h3 { font-size: 1rem; margin: 0; }
p { margin: .3rem 0; }
a { color: var(--accent); }
.soft, figcaption p { color: var(--soft); font-size: .88rem; margin: 0; max-width: 110ch; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--card); padding: .4rem .8rem; z-index: 9; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap; }
.tiles { display: flex; flex-wrap: wrap; gap: .6rem; margin: 1rem 0; padding: 0; list-style: none; }
.tiles li { background: var(--card); border: 1px solid var(--rule); border-radius: .6rem;
  padding: .5rem .9rem; min-width: 8rem; }
.tiles b { display: block; font-size: 1.35rem; font-variant-numeric: tabular-nums; }
.tiles small { color: var(--soft); font-size: .8rem; }
.tiles b small { font-weight: 400; }
.player { position: sticky; top: 0; z-index: 5; background: var(--paper); padding: .5rem 0;
  border-bottom: 1px solid var(--rule); }
.player audio { display: block; width: 100%; height: 42px; }
button, select, input[type=number] { font: inherit; color: var(--ink); background: var(--card);
  border: 1px solid var(--soft); border-radius: .45rem; padding: .25rem .7rem; }
select { max-width: min(100%, 22rem); text-overflow: ellipsis; }
button { cursor: pointer; }
button:hover { border-color: var(--accent); }
button[aria-pressed=true] { box-shadow: inset 0 -3px var(--accent); font-weight: 650; }
button.main { background: var(--accent); color: var(--accent-ink); border-color: var(--accent); }
button:disabled { opacity: .45; cursor: default; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }

.panel { margin: 1.1rem 0; }
figcaption { margin: 0 0 .35rem 5.4rem; display: flex; flex-wrap: wrap; gap: 0 1rem;
  align-items: baseline; }
figcaption p { flex-basis: 100%; }
.legend { display: flex; flex-wrap: wrap; gap: 0 1rem; font-size: .84rem; color: var(--soft); }
.key svg { width: 24px; height: 8px; margin-right: .35rem; vertical-align: middle; }
.key .swatch { display: inline-block; width: .9rem; height: .9rem; border-radius: .2rem;
  margin-right: .35rem; vertical-align: -.12rem; }
.plot { display: grid; grid-template-columns: 5.4rem 1fr; margin-right: 1rem; }
.values, .times { position: relative; font-size: .75rem; color: var(--soft);
  font-variant-numeric: tabular-nums; }
.values span { position: absolute; right: .45rem; transform: translateY(50%); line-height: 1; }
.values .low { transform: none; }
.values .high { transform: translateY(100%); }
.values b { position: absolute; left: 1.2rem; top: 50%; font-weight: 400; line-height: 1;
  transform: translate(-50%, -50%) rotate(-90deg); margin-left: .5rem; white-space: nowrap; }
.times { grid-column: 2; height: 1.3rem; }
.times span { position: absolute; transform: translateX(-50%); top: .25rem; line-height: 1;
  white-space: nowrap; }
.times b { position: absolute; right: -1rem; top: .25rem; font-weight: 400; line-height: 1; }
.area { position: relative; overflow: hidden; background: var(--card); border-radius: .25rem;
  border: 1px solid var(--rule); }
.live .area { cursor: crosshair; touch-action: pan-y; }
.area > svg, .area > img { position: absolute; inset: 0; width: 100%; height: 100%; }
.line { position: absolute; left: 0; right: 0; border-top: 1px solid var(--ink); opacity: .1; }
.area > img ~ .line { display: none; }
.cursor { position: absolute; top: 0; bottom: 0; width: 2px; margin-left: -1px; display: none;
  left: calc(var(--at, 0) * 100%); background: var(--cursor); pointer-events: none; }
.live .cursor { display: block; }
path { fill: none; vector-effect: non-scaling-stroke; stroke-linejoin: round; }
path.wave { fill: var(--wave); stroke: var(--wave); stroke-width: 1; }
path.divide { stroke: var(--rule); stroke-width: 1; }
path.momentary { stroke: var(--curve2); stroke-width: 1.2; opacity: .85; }
path.short { stroke: var(--curve); stroke-width: 2.4; }
path.integrated { stroke: var(--ink); stroke-width: 1.4; stroke-dasharray: 6 5; }
path.f0 { stroke: var(--curve2); stroke-width: 2.6; stroke-linecap: round; }
.values .row { bottom: auto; left: 0; text-align: right; transform: translateY(-50%);
  line-height: .95; }
.mark { position: absolute; min-width: 3px; background: var(--bad); border-radius: 2px; }

.scroll { overflow-x: auto; position: relative; }
table { border-collapse: collapse; font-size: .92rem; width: 100%; }
caption { text-align: left; color: var(--soft); font-size: .88rem; padding-bottom: .3rem; }
th, td { text-align: left; padding: .28rem .7rem; border-bottom: 1px solid var(--rule);
  vertical-align: top; }
.scroll { overflow-wrap: normal; }
td.cause { min-width: 15rem; }
thead th { border-bottom: 2px solid var(--soft); white-space: nowrap; vertical-align: bottom; }
tbody th { font-weight: 500; }
tbody th[colspan] { background: var(--hint); font-weight: 650; text-transform: capitalize; }
td.value, th.value { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.unit { color: var(--soft); white-space: nowrap; }
td.says { color: var(--soft); font-size: .86rem; max-width: 60ch; }
td.better { color: var(--good); font-weight: 650; }
td.odd { color: var(--bad); font-weight: 650; }
code { font-size: .82rem; color: var(--soft); }
.files th:first-child, .files td:first-child { position: sticky; left: 0; background: var(--paper);
  max-width: 22rem; overflow-wrap: anywhere; }
.files img { display: block; width: 240px; max-width: none; height: 72px; border-radius: .2rem; }
.files thead button { border: 0; background: none; padding: 0; font-weight: 650; color: inherit; }
.files thead small { display: block; font-weight: 400; color: var(--soft); }
th[aria-sort=ascending] button::after { content: " \25B2"; }
th[aria-sort=descending] button::after { content: " \25BC"; }
fieldset { border: 1px solid var(--rule); border-radius: .6rem; padding: .3rem .9rem .6rem;
  margin: .6rem 0; }
legend { font-weight: 600; padding: 0 .3rem; }
label { margin-right: 1rem; white-space: nowrap; }
.controls { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; }
.controls fieldset { margin: 0; padding: 0 .8rem .3rem; }
input[type=range] { width: calc(100% - 6.4rem); margin: .4rem 1rem .2rem 5.4rem;
  accent-color: var(--accent); display: block; }
.answer { font-size: 1.05rem; margin: .6rem 0; min-height: 1.6rem; }
@media (max-width: 640px) {
  .times .odd, td.says { display: none; }
  .plot { grid-template-columns: 4.2rem 1fr; }
  figcaption { margin-left: 0; }
  .values b { display: none; }
  .values .row { font-size: .66rem; }
  th, td { padding: .28rem .4rem; }
  label { white-space: normal; }
  input[type=range] { width: calc(100% - 5.2rem); margin-left: 4.2rem; }
}
@media print { .player { position: static; } .cursor { display: none !important; } }
@media (prefers-reduced-motion: no-preference) { .skip:focus { transition: left .1s; } }
)css";

}  // namespace

std::string render(const Page& page) {
  std::string out = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
  out += "<meta http-equiv=\"Content-Security-Policy\" content=\"" + std::string(kPolicy) + "\">\n";
  out += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  out += "<link rel=\"icon\" href=\"data:,\">\n";
  out += "<title>" + escape(page.title) + "</title>\n<style>";
  out += kColours;
  out += kLayout;
  out += "</style>\n</head>\n<body>\n";
  out += page.body;
  if (!page.script.empty()) {
    out += "<script>";
    out += page.script;
    out += "</script>\n";
  }
  return out + "</body>\n</html>\n";
}

}  // namespace syrinx::measure::html
