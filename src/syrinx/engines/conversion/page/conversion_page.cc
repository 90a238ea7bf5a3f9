// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/page/conversion_page.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "syrinx/core/dsp/pitch/autocorrelation_f0.h"
#include "syrinx/stages/measure/report/page/curves.h"
#include "syrinx/stages/measure/report/page/embed.h"
#include "syrinx/stages/measure/report/page/figure_table.h"
#include "syrinx/stages/measure/report/page/frame.h"
#include "syrinx/stages/measure/report/page/html.h"

namespace syrinx::conversion {
namespace {

namespace html = measure::html;
using html::escape;

constexpr std::size_t kMostPoints = 6'000;
constexpr double kF0MostHz = 900.0;

// Colours of the page's own style, which knows light and dark; each with its dashes, for those who
// do not see colours apart. The first is the source's.
struct Line {
  const char* colour;
  const char* dashes;
};
constexpr std::array<Line, kMostPageResults + 1> kLines = {{{"--soft", "none"},
                                                            {"--accent", "none"},
                                                            {"--curve", "7 4"},
                                                            {"--curve2", "2 3"},
                                                            {"--good", "10 3 2 3"},
                                                            {"--bad", "5 2"},
                                                            {"--cursor", "1 4"},
                                                            {"--ink", "12 5"}}};

// What follows the players: one sounds at a time, its cursor moves, a click goes there.
constexpr std::string_view kScript = R"js(
'use strict';
(() => {
  const sounds = [...document.querySelectorAll('audio')];
  const together = document.getElementById('contours');
  for (const sound of sounds) {
    const section = sound.closest('section');
    const seconds = Number(section.dataset.seconds), speed = Number(section.dataset.speed);
    const draw = () => {
      section.style.setProperty('--at', sound.currentTime / seconds);
      if (!together) return;
      const all = Number(together.dataset.seconds);
      together.style.setProperty('--at', Math.min(1, sound.currentTime * speed / all));
      if (!sound.paused) requestAnimationFrame(draw);
    };
    sound.addEventListener('play', () => {
      for (const other of sounds) if (other !== sound) other.pause();
      section.classList.add('live');
      if (together) together.classList.add('live');
      draw();
    });
    sound.addEventListener('seeked', draw);
    for (const area of section.querySelectorAll('.area'))
      area.addEventListener('pointerdown', (event) => {
        if (event.button !== 0) return;
        const box = area.getBoundingClientRect();
        section.classList.add('live');
        sound.currentTime = (event.clientX - box.left) / box.width * seconds;
      });
  }
})();
)js";

struct Contour {
  std::string name;
  dsp::F0Track track;
  double speed = 1.0;
};

Result<Contour> contour_of(const std::string& name, AudioView audio, double speed) {
  dsp::F0Options options;
  options.max_hz = std::min(kF0MostHz, 0.25 * audio.sample_rate_hz());
  SYRINX_ASSIGN(auto track, dsp::autocorrelation_f0(
                                AudioView(audio.channel(0), audio.sample_rate_hz()), options));
  return Contour{name, std::move(track), speed};
}

std::string style_of(std::size_t line) {
  return "stroke:var(" + std::string(kLines[line].colour) +
         ");stroke-width:2.2;stroke-dasharray:" + kLines[line].dashes + ";stroke-linecap:round";
}

std::string contour_path(const Contour& contour, std::size_t line, double seconds, double low_hz,
                         double high_hz) {
  std::string d;
  bool pen_down = false;
  const std::size_t stride = contour.track.frames() / kMostPoints + 1;
  for (std::size_t i = 0; i < contour.track.frames(); i += stride) {
    const double hz = contour.track.hz[i];
    if (!(hz > 0.0)) {
      pen_down = false;
      continue;
    }
    const double x = html::kPlane * contour.track.time_s(i) * contour.speed / seconds;
    const double share = (hz - low_hz) / (high_hz - low_hz);
    d += (pen_down ? "L" : "M") + html::number(x, 1) + " " +
         html::number(html::kPlane * (1.0 - share), 1);
    if (!pen_down) d += "h0.01";
    pen_down = true;
  }
  return "<path style=\"" + style_of(line) + "\" d=\"" + d + "\"/>";
}

std::string legend(const Contour& contour, std::size_t line) {
  return "<span class=\"key\"><svg viewBox=\"0 0 24 8\" aria-hidden=\"true\"><path style=\"" +
         style_of(line) + "\" d=\"M0 4H24\"/></svg>" + escape(contour.name) + "</span>";
}

double median_hz(const dsp::F0Track& track) {
  std::vector<double> voiced;
  for (const double hz : track.hz)
    if (hz > 0.0) voiced.push_back(hz);
  if (voiced.empty()) return 0.0;
  const auto middle = voiced.begin() + static_cast<std::ptrdiff_t>(voiced.size() / 2);
  std::nth_element(voiced.begin(), middle, voiced.end());
  return *middle;
}

std::string in_words(const Contour& contour) {
  const double hz = median_hz(contour.track);
  return contour.name + (hz > 0.0 ? ": median " + html::figure(hz) + " Hz. " : ": no pitch. ");
}

// The pitch of all sounds over each other, on the source's time.
std::string contours_panel(const std::vector<Contour>& contours, double seconds) {
  double low = 1e9;
  double high = 0.0;
  for (const Contour& contour : contours)
    for (const double hz : contour.track.hz)
      if (hz > 0.0) low = std::min(low, hz), high = std::max(high, hz);
  if (!(high > 0.0)) return "<p>No sound here has a pitch.</p>\n";
  low = std::floor(low * 0.9 / 10.0) * 10.0;
  high = std::ceil(high * 1.05 / 10.0) * 10.0;
  html::Panel panel;
  panel.title = "F0, the pitch of each";
  panel.description = "Results lie on the time of the source, whatever their pace.";
  panel.axis = {low, high, "Hz"};
  panel.seconds = seconds;
  panel.height_px = 260;
  std::string body;
  for (std::size_t i = 0; i < contours.size(); ++i) {
    body += contour_path(contours[i], i, seconds, low, high);
    panel.legend += legend(contours[i], i);
    panel.alternative += in_words(contours[i]);
  }
  panel.content = html::svg(body);
  return "<section id=\"contours\" aria-label=\"Pitch\" data-seconds=\"" +
         html::number(seconds, 6) + "\">\n<h2>Pitch</h2>\n" + html::render(panel) + "</section>\n";
}

std::string grade_cell(const Grade& grade) {
  if (!grade.value) return "<td class=\"value\">not measured</td>";
  const bool met = *grade.met();
  return std::string("<td class=\"value ") + (met ? "better" : "odd") + "\">" +
         html::figure(*grade.value) + (met ? " (met)" : " (missed)") + "</td>";
}

std::string grade_rows(std::span<const PageResult> results) {
  constexpr std::array<const char*, kGrades> kWords = {
      "Similarity to what was asked", "What was said and how, preserved",
      "Predicted MOS (DNSMOS, overall)", "Share of time with artifacts"};
  std::string out = "<tr><th colspan=\"" + std::to_string(results.size() + 2) +
                    "\" scope=\"rowgroup\">Quality</th></tr>\n";
  for (std::size_t i = 0; i < kGrades; ++i) {
    const Grade& first = *all_of(results.front().grades)[i];
    out += "<tr><th scope=\"row\">" + std::string(kWords[i]) + "</th><td class=\"value\">" +
           (first.low_is_good ? "below " : "at least ") + html::figure(first.target) + "</td>";
    for (const PageResult& result : results) out += grade_cell(*all_of(result.grades)[i]);
    out += "</tr>\n";
  }
  return out;
}

// The rows that any of the results has, in the order in which they first come.
std::string fact_rows(std::span<const PageResult> results, std::vector<PageFact> PageResult::*facts,
                      const char* title) {
  std::vector<std::string> names;
  for (const PageResult& result : results)
    for (const PageFact& fact : result.*facts)
      if (std::find(names.begin(), names.end(), fact.name) == names.end())
        names.push_back(fact.name);
  if (names.empty()) return {};
  std::string out = "<tr><th colspan=\"" + std::to_string(results.size() + 2) +
                    "\" scope=\"rowgroup\">" + title + "</th></tr>\n";
  for (const std::string& name : names) {
    out += "<tr><th scope=\"row\">" + escape(name) + "</th><td></td>";
    for (const PageResult& result : results) {
      const auto& all = result.*facts;
      const auto found = std::find_if(all.begin(), all.end(),
                                      [&](const PageFact& fact) { return fact.name == name; });
      out +=
          "<td class=\"value\">" + escape(found == all.end() ? "\u2014" : found->value) + "</td>";
    }
    out += "</tr>\n";
  }
  return out;
}

std::string figures(std::span<const PageResult> results) {
  std::string out =
      "<section aria-labelledby=\"figures\"><h2 id=\"figures\">What was asked, and what was "
      "measured</h2>\n<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Figures\">"
      "<table><thead><tr><th scope=\"col\"><span class=\"unseen\">Figure</span></th>"
      "<th scope=\"col\" class=\"value\">Target</th>";
  for (const PageResult& result : results)
    out += "<th scope=\"col\" class=\"value\">" + escape(result.name) + "</th>";
  return out + "</tr></thead><tbody>\n" + grade_rows(results) +
         fact_rows(results, &PageResult::asked, "Asked") +
         fact_rows(results, &PageResult::measured, "Measured") +
         "</tbody></table></div></section>\n";
}

std::string tries_table(std::span<const Try> tries) {
  if (tries.size() < 2) return {};
  std::string out =
      "<div class=\"scroll\" tabindex=\"0\" role=\"group\" "
      "aria-label=\"Tries\"><table><caption>What "
      "was tried to make it better, and kept only where it measured better</caption><thead><tr>"
      "<th scope=\"col\">Tried</th><th scope=\"col\" class=\"value\">Missing</th>"
      "<th scope=\"col\">Kept</th><th scope=\"col\">Why</th></tr></thead><tbody>\n";
  for (const Try& one : tries)
    out += "<tr><th scope=\"row\">" + escape(one.name) + "</th><td class=\"value\">" +
           html::number(one.shortfall, 3) + "</td><td>" + (one.kept ? "yes" : "no") +
           "</td><td class=\"cause\">" + escape(one.reason) + "</td></tr>\n";
  return out + "</tbody></table></div>\n";
}

std::string player(const html::EmbeddedSound& sound, const std::string& name) {
  std::string out;
  if (!sound.uri.empty())
    out = "<audio controls preload=\"metadata\" style=\"width:100%\" aria-label=\"" + escape(name) +
          "\" src=\"" + sound.uri + "\"></audio>\n";
  const std::string sentences[] = {sound.sentence};
  return out + html::paragraphs(sentences);
}

Result<std::string> sound_section(const std::string& name, AudioView audio, double speed,
                                  const std::string& more, const measure::PageOptions& options) {
  html::EmbeddedSound sound;
  if (options.embed_sounds) {
    SYRINX_ASSIGN(sound, html::embed_sound(audio, options.max_sound_bytes));
  }
  SYRINX_ASSIGN(const auto spectrogram, html::spectrogram_panel(audio));
  return "<section aria-label=\"" + escape(name) + "\" data-seconds=\"" +
         html::number(audio.duration_s(), 6) + "\" data-speed=\"" + html::number(speed, 6) +
         "\">\n<h2>" + escape(name) + "</h2>\n" + player(sound, name) +
         html::render(html::waveform_panel(audio)) + html::render(spectrogram) + more +
         "</section>\n";
}

Result<void> check(AudioView source, std::span<const PageResult> results) {
  if (results.empty() || results.size() > kMostPageResults)
    return make_error(ErrorCode::kInvalidArgument, "a page shows 1 to ", kMostPageResults,
                      " results of a source; given were ", results.size());
  const bool empty = source.empty() || std::any_of(results.begin(), results.end(),
                                                   [](const auto& r) { return r.audio.empty(); });
  if (!empty) return {};
  return make_error(ErrorCode::kInvalidArgument,
                    "a sound without frames cannot be shown; give sounds that hold some");
}

std::string facts_of(AudioView audio) {
  return html::clock(audio.duration_s()) + ", " + html::figure(audio.sample_rate_hz() / 1000.0) +
         " kHz, " + std::to_string(audio.channels()) +
         (audio.channels() == 1 ? " channel" : " channels");
}

}  // namespace

Result<std::string> conversion_page(const std::string& source_name, AudioView source,
                                    std::span<const PageResult> results,
                                    const measure::PageOptions& options) {
  SYRINX_TRY(check(source, results));
  std::vector<Contour> contours;
  SYRINX_ASSIGN(contours.emplace_back(), contour_of("source", source, 1.0));
  SYRINX_ASSIGN(std::string sections,
                sound_section("Source: " + source_name, source, 1.0, "", options));
  for (const PageResult& result : results) {
    SYRINX_ASSIGN(contours.emplace_back(), contour_of(result.name, result.audio, result.speed));
    SYRINX_ASSIGN(
        const std::string one,
        sound_section(result.name, result.audio, result.speed,
                      html::paragraphs(result.notes) + tries_table(result.tries), options));
    sections += one;
  }
  html::Page page;
  page.title = source_name + " converted";
  page.script = kScript;
  page.body = "<a class=\"skip\" href=\"#figures\">To the figures</a>\n<header><h1>" +
              escape(page.title) + "</h1><p>" + escape(facts_of(source)) +
              ". Click into a picture to go there.</p></header>\n<main>\n" + figures(results) +
              contours_panel(contours, source.duration_s()) + sections + "</main>\n";
  return html::render(page);
}

}  // namespace syrinx::conversion
