// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/report/page/compare_page.h"

#include <algorithm>
#include <cmath>

#include "syrinx/stages/measure/report/page/compare_table.h"
#include "syrinx/stages/measure/report/page/curves.h"
#include "syrinx/stages/measure/report/page/difference.h"
#include "syrinx/stages/measure/report/page/embed.h"
#include "syrinx/stages/measure/report/page/figure_table.h"
#include "syrinx/stages/measure/report/page/frame.h"
#include "syrinx/stages/measure/report/page/html.h"
#include "syrinx/stages/measure/report/page/timeline.h"

namespace syrinx::measure {
namespace {

using html::escape;

constexpr const char* kReference = "Reference";
constexpr std::size_t kWidth = 1'200;
constexpr std::size_t kHeight = 240;

// A sound with its letter and all that is drawn of it. The reference, if any, is the first.
struct Part {
  std::string letter;
  const ComparedSound* sound;
  html::PlacedSound placed;
  std::vector<float> powers;
  html::EmbeddedSound embedded;

  std::string in_words() const { return letter == kReference ? "the reference" : letter; }
  std::string label() const { return letter + ": " + sound->name; }
};

Result<std::vector<Part>> make_parts(const std::vector<ComparedSound>& sounds,
                                     const std::optional<ComparedSound>& reference,
                                     const PageOptions& options) {
  std::vector<Part> parts;
  if (reference) parts.push_back({kReference, &*reference, {}, {}, {}});
  for (std::size_t i = 0; i < sounds.size(); ++i)
    parts.push_back({std::string(1, static_cast<char>('A' + i)), &sounds[i], {}, {}, {}});
  std::vector<AudioView> views;
  for (const Part& part : parts) views.push_back(part.sound->audio);
  SYRINX_ASSIGN(auto placed, html::place_on_timeline(views));
  for (std::size_t i = 0; i < parts.size(); ++i) {
    Part& part = parts[i];
    part.placed = std::move(placed[i]);
    SYRINX_ASSIGN(part.powers, html::spectrogram_powers(part.placed.audio, kWidth, kHeight));
    if (!options.embed_sounds) continue;
    SYRINX_ASSIGN(part.embedded, html::embed_sound(part.placed.audio, options.max_sound_bytes));
  }
  return parts;
}

std::string place_in_words(const Part& part, const Part& first) {
  if (&part == &first) return {};
  if (!part.placed.aligned)
    return " It has nothing in common with " + first.in_words() + " (correlation " +
           html::figure(part.placed.correlation) +
           "), so the two are not aligned: both begin at 0.";
  const double ms = 1000.0 * part.placed.delay_s;
  const std::string when = ms == 0 ? "in step with " + first.in_words()
                                   : html::figure(std::abs(ms)) + " ms " +
                                         (ms > 0 ? "later" : "earlier") + " than " +
                                         first.in_words() + ", moved to match";
  return " It is " + when + " (correlation " + html::figure(part.placed.correlation) + ").";
}

std::string head(const std::string& title, const std::vector<Part>& parts) {
  std::string out = "<header><h1>" + escape(title) + "</h1>\n<ul>";
  for (const Part& part : parts) {
    out += "<li><b>" + escape(part.label()) + "</b>: " +
           escape(html::facts_of(part.sound->report) + "." + place_in_words(part, parts.front()));
    for (const std::string& sentence : part.sound->notes) out += " " + escape(sentence);
    if (!part.embedded.sentence.empty()) out += " " + escape(part.embedded.sentence);
    out += "</li>\n";
  }
  return out + "</ul></header>\n";
}

bool playable(const std::vector<Part>& parts) {
  return std::all_of(parts.begin(), parts.end(),
                     [](const Part& part) { return !part.embedded.uri.empty(); });
}

std::string choices(const std::vector<Part>& parts, std::size_t chosen) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    out += "<option value=\"" + std::to_string(i) + "\"" + (i == chosen ? " selected" : "") + ">" +
           escape(parts[i].label()) + "</option>";
  }
  return out;
}

// The players that the script takes over; without it they play one by one.
std::string plain_players(const std::vector<Part>& parts) {
  std::string out = "<div id=\"plain\">";
  for (std::size_t i = 0; i < parts.size(); ++i) {
    out += "<p>" + escape(parts[i].label()) +
           "</p><audio controls preload=\"none\" data-gain-db=\"" +
           html::number(parts[i].placed.gain_db, 3) + "\" aria-label=\"" +
           escape(parts[i].label()) + "\" src=\"" + parts[i].embedded.uri + "\"></audio>\n";
  }
  return out + "</div>\n";
}

std::string player(const std::vector<Part>& parts, double seconds) {
  std::string hear;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    hear += "<label><input type=\"radio\" name=\"hear\" value=\"" + std::to_string(i) + "\"" +
            (i == 0 ? " checked" : "") + "> " + escape(parts[i].letter) + "</label>";
  }
  return "<div class=\"player\" id=\"player\" hidden><div class=\"controls\">"
         "<button class=\"main\" id=\"play\">Play</button>"
         "<fieldset id=\"hear\"><legend>Hear</legend>" +
         hear +
         "</fieldset><label><input type=\"checkbox\" id=\"match\" checked> Equal loudness</label>"
         "<label><input type=\"checkbox\" id=\"loop\"> Again and again</label>"
         "<output id=\"time\">0.00 s</output></div>"
         "<input type=\"range\" id=\"seek\" aria-label=\"Position\" min=\"0\" step=\"0.01\" "
         "value=\"0\" max=\"" +
         html::number(seconds, 3) +
         "\"><p class=\"soft\">Space plays and stops, the numbers 1, 2, ... switch, a click into a "
         "picture goes there. <span id=\"state\" role=\"status\"></span></p></div>\n";
}

std::string blind_test(const std::vector<Part>& parts) {
  const std::size_t second = parts.size() - 1;
  return "<section id=\"blind\" hidden aria-labelledby=\"blind-title\"><h2 "
         "id=\"blind-title\">Blind "
         "test</h2><p class=\"soft\">ABX asks whether the two can be told apart: X is one of them, "
         "drawn anew in each trial. A/B asks which is better, in an order drawn anew each time. "
         "Nothing is revealed before the end. The number of trials is settled beforehand, because "
         "stopping when it looks good would make any result look good.</p>"
         "<div class=\"controls\" id=\"setup\"><label>Test <select id=\"kind\">"
         "<option value=\"abx\">ABX: which one is X?</option>"
         "<option value=\"ab\">A/B: which is better?</option></select></label>"
         "<label>of <select id=\"first\" aria-label=\"The first sound\">" +
         choices(parts, second - 1) +
         "</select></label><label>and <select id=\"second\" aria-label=\"The second sound\">" +
         choices(parts, second) +
         "</select></label><label>Trials <input type=\"number\" id=\"trials\" min=\"1\" "
         "max=\"200\" "
         "value=\"16\"></label><button class=\"main\" id=\"begin\">Begin</button></div>"
         "<div id=\"trial\" hidden><p class=\"answer\" id=\"question\" aria-live=\"polite\"></p>"
         "<div class=\"controls\" id=\"listen\"></div><p></p>"
         "<div class=\"controls\" id=\"answers\"></div><p></p>"
         "<button id=\"stop\">Stop and reveal</button></div>"
         "<div id=\"verdict\" role=\"status\"></div></section>\n";
}

html::Panel base_panel(const std::vector<Part>& parts) {
  const AudioView audio = parts.front().placed.audio;
  html::Panel panel;
  panel.axis = {0.0, audio.sample_rate_hz() / 2.0, "kHz", 0.001};
  panel.seconds = audio.duration_s();
  panel.height_px = static_cast<int>(kHeight);
  return panel;
}

Result<std::string> spectrogram(const Part& part, double top_db, html::Panel panel) {
  SYRINX_ASSIGN(const auto uri,
                html::picture_uri(html::colour_powers(part.powers, kWidth, kHeight, top_db,
                                                      html::kSpectrogramRangeDb)));
  panel.title = part.label();
  panel.description = "The same colours in all: the brightest is " +
                      html::figure(std::round(top_db)) + " dB (a full-scale sine is 0 dB), black " +
                      html::figure(html::kSpectrogramRangeDb) + " dB below it and less.";
  panel.alternative = "Spectrogram of " + part.label();
  panel.content = html::picture(uri);
  return html::render(panel);
}

std::string swatch(const std::string& colour, const std::string& says) {
  return "<span class=\"key\"><span class=\"swatch\" style=\"background:" + colour + "\"></span>" +
         escape(says) + "</span>";
}

Result<std::string> difference(const Part& base, const Part& other, html::Panel panel) {
  const double gain_db = other.placed.gain_db - base.placed.gain_db;
  const Image image = html::difference_image(base.powers, other.powers, kWidth, kHeight, gain_db,
                                             html::kSpectrogramRangeDb);
  SYRINX_ASSIGN(const auto uri, html::picture_uri(image));
  const double rms_db =
      html::rms_difference_db(base.powers, other.powers, gain_db, html::kSpectrogramRangeDb);
  const auto colours = html::difference_colours();
  panel.title = "Difference: " + other.letter + " against " + base.letter;
  panel.description = "At equal loudness (" + other.letter + " moved by " + html::figure(gain_db) +
                      " dB); full colour from " + html::figure(html::kDifferenceReachDb) +
                      " dB on. Over the picture they differ by " + html::figure(rms_db) +
                      " dB (root mean square).";
  panel.legend = swatch(colours.base, base.letter + " is stronger") +
                 swatch(colours.equal, "equal") +
                 swatch(colours.other, other.letter + " is stronger");
  panel.alternative = panel.title + ", " + html::figure(rms_db) + " dB root mean square.";
  panel.content = html::picture(uri);
  return html::render(panel);
}

Result<std::string> pictures(const std::vector<Part>& parts) {
  double top_db = -300.0;
  for (const Part& part : parts) top_db = std::max(top_db, html::strongest_db(part.powers));
  std::string out = "<h2>Spectrograms</h2>\n";
  for (const Part& part : parts) {
    SYRINX_ASSIGN(const auto panel, spectrogram(part, top_db, base_panel(parts)));
    out += panel;
  }
  out += "<h2>What differs</h2>\n";
  for (std::size_t i = 1; i < parts.size(); ++i) {
    SYRINX_ASSIGN(const auto panel, difference(parts.front(), parts[i], base_panel(parts)));
    out += panel;
  }
  return out;
}

// Each reason once, with the letters of the sounds that it holds for: "A, B: ...".
std::vector<MissingFigure> missing_of(const std::vector<ComparedSound>& sounds) {
  std::vector<std::pair<MissingFigure, std::string>> found;
  for (std::size_t i = 0; i < sounds.size(); ++i) {
    const std::string letter(1, static_cast<char>('A' + i));
    for (const MissingFigure& one : sounds[i].report.missing) {
      const auto same = std::find_if(found.begin(), found.end(), [&](const auto& known) {
        return known.first.name == one.name && known.first.reason == one.reason;
      });
      if (same == found.end()) {
        found.emplace_back(one, letter);
      } else {
        same->second += ", " + letter;
      }
    }
  }
  std::vector<MissingFigure> reasons;
  for (const auto& [one, letters] : found)
    reasons.push_back({one.name, letters + ": " + one.reason});
  return reasons;
}

std::string table(const std::vector<ComparedSound>& sounds) {
  std::vector<const SoundReport*> reports;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < sounds.size(); ++i) {
    reports.push_back(&sounds[i].report);
    names.push_back(std::string(1, static_cast<char>('A' + i)) + ": " + sounds[i].name);
  }
  return "<h2 id=\"figures\">Figures</h2>\n" + compare_table(compare_figures(reports), names) +
         html::missing_table(missing_of(sounds));
}

Result<void> check(const std::vector<ComparedSound>& sounds) {
  if (sounds.size() >= 2 && sounds.size() <= kMostComparedSounds) return {};
  return make_error(ErrorCode::kInvalidArgument, sounds.size(),
                    " sounds were given to compare, but it takes 2 to ", kMostComparedSounds);
}

}  // namespace

Result<std::string> compare_page(const std::vector<ComparedSound>& sounds,
                                 const std::optional<ComparedSound>& reference,
                                 const PageOptions& options) {
  SYRINX_TRY(check(sounds));
  SYRINX_ASSIGN(const auto parts, make_parts(sounds, reference, options));
  SYRINX_ASSIGN(const std::string drawn, pictures(parts));
  const double seconds = parts.front().placed.audio.duration_s();
  const bool plays = playable(parts);
  html::Page page;
  std::string title = sounds.front().name;
  for (std::size_t i = 1; i < sounds.size(); ++i)
    title += (i + 1 == sounds.size() ? " and " : ", ") + sounds[i].name;
  page.title = title + " compared";
  page.script = html::compare_script();
  page.body = "<a class=\"skip\" href=\"#figures\">To the figures</a>\n" + head(title, parts) +
              "<main data-seconds=\"" + html::number(seconds, 6) + "\">\n" +
              (plays ? player(parts, seconds) + plain_players(parts) : std::string()) +
              "<section aria-label=\"Pictures\">\n" + drawn + "</section>\n" + table(sounds) +
              (plays ? blind_test(parts) : std::string()) + "</main>\n";
  return html::render(page);
}

}  // namespace syrinx::measure
