// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/call/call_page.h"

#include <algorithm>
#include <cmath>

#include "syrinx/stages/measure/report/page/curves.h"
#include "syrinx/stages/measure/report/page/embed.h"
#include "syrinx/stages/measure/report/page/frame.h"
#include "syrinx/stages/measure/report/page/html.h"
#include "syrinx/stages/measure/report/page/panel.h"

namespace syrinx::measure {
namespace {

constexpr double kClipS = 5.0;
constexpr std::size_t kMostClips = 4;  // Of each ear.
constexpr double kLeastClipMos = 0.05;
constexpr std::size_t kMostClipBytes = std::size_t{2} << 20;
// Longer sounds than this are drawn in part: a picture of an hour says nothing.
constexpr double kMostSpectrogramS = 300.0;

struct Curve {
  const char* css_class;
  const char* name;
  const std::vector<double>& values;
};

std::string coordinate(double value) { return html::number(value, 1); }

// One value a second, as steps would be too coarse to follow: a line through the middles.
std::string line_of(const Curve& curve, const html::ValueAxis& axis) {
  std::string d;
  bool pen_down = false;
  const auto count = static_cast<double>(curve.values.size());
  for (std::size_t i = 0; i < curve.values.size(); ++i) {
    const double value = curve.values[i];
    if (!std::isfinite(value)) {
      pen_down = false;
      continue;
    }
    const double share =
        (std::clamp(value, axis.low, axis.high) - axis.low) / (axis.high - axis.low);
    d += (pen_down ? "L" : "M") +
         coordinate(html::kPlane * (static_cast<double>(i) + 0.5) / count) + " " +
         coordinate(html::kPlane * (1.0 - share));
    pen_down = true;
  }
  return "<path class=\"" + std::string(curve.css_class) + "\" d=\"" + d + "\"/>";
}

double largest(std::span<const Curve> curves) {
  double most = 0.0;
  for (const Curve& curve : curves) {
    for (const double value : curve.values)
      most = std::isfinite(value) ? std::max(most, value) : most;
  }
  return most;
}

// What a reader who cannot see it is told.
std::string words_of(std::span<const Curve> curves, const std::string& unit) {
  std::string words;
  for (const Curve& curve : curves) {
    double sum = 0.0;
    double count = 0.0;
    double most = -1e9;
    std::size_t at = 0;
    for (std::size_t i = 0; i < curve.values.size(); ++i) {
      if (!std::isfinite(curve.values[i])) continue;
      sum += curve.values[i];
      count += 1.0;
      if (curve.values[i] > most) at = i;
      most = std::max(most, curve.values[i]);
    }
    if (count == 0.0) continue;
    words += std::string(curve.name) + ": " + html::figure(sum / count) + " " + unit +
             " on the mean, at most " + html::figure(most) + " at " +
             html::clock(static_cast<double>(at)) + ". ";
  }
  return words;
}

std::string curves_panel(const std::string& title, const std::string& description,
                         std::span<const Curve> curves, html::ValueAxis axis, double seconds) {
  html::Panel panel;
  panel.title = title;
  panel.description = description;
  panel.alternative = words_of(curves, axis.unit);
  if (panel.alternative.empty()) return {};
  for (const Curve& curve : curves) panel.legend += html::legend_entry(curve.css_class, curve.name);
  std::string body;
  for (const Curve& curve : curves) body += line_of(curve, axis);
  panel.content = html::svg(body);
  panel.axis = std::move(axis);
  panel.seconds = seconds;
  panel.height_px = 130;
  return html::render(panel);
}

std::string time_lines(const CallEar& ear) {
  const CallCurves& c = ear.curves;
  const double seconds = ear.facts.duration_s;
  const Curve delays[] = {{"momentary", "network", c.network_ms},
                          {"short", "jitter buffer", c.buffer_ms}};
  const Curve losses[] = {{"short", "lost", c.lost_percent},
                          {"momentary", "late", c.late_percent},
                          {"integrated", "concealed sound", c.concealed_percent}};
  const Curve levels[] = {{"momentary", "level", c.level_dbov}};
  const double most_delay = std::max(100.0, 1.1 * largest(delays));
  const double most_loss = std::min(100.0, std::max(5.0, 1.1 * largest(losses)));
  return curves_panel("Delay", "How long packets took, and how long they waited to be played.",
                      delays, {0.0, most_delay, "ms"}, seconds) +
         curves_panel("Loss and concealment",
                      "The share of packets lost and come too late, and of sound made up for them.",
                      losses, {0.0, most_loss, "%"}, seconds) +
         curves_panel("Level", "How loud each second was; speech is planned for -26 dBov.", levels,
                      {-80.0, 0.0, "dBov"}, seconds);
}

std::string mos_of(const std::optional<double>& lost) {
  return lost ? html::number(*lost, 2) : "unknown";
}

std::string stretch_of(const CallStretch& stretch) {
  if (stretch.end_s >= 60.0)
    return html::clock(stretch.begin_s) + " to " + html::clock(stretch.end_s);
  const auto short_of = [](double s) { return html::number(s, std::floor(s) == s ? 0 : 1); };
  return short_of(stretch.begin_s) + " to " + short_of(stretch.end_s) + " s";
}

std::string times_of(const CauseShare& cause, double duration_s) {
  if (cause.when.empty()) return "";
  if (cause.when.front() == CallStretch{0.0, duration_s}) return "all the time";
  std::string out;
  for (const CallStretch& stretch : cause.when)
    out += (out.empty() ? "" : ", ") + stretch_of(stretch);
  return out;
}

// The clip's beginning: where the cause is worst; of what is there all the time, the first loud
// place.
double clip_begin(const CallEar& ear, const CauseShare& cause) {
  const CallStretch& worst = cause.when.front();
  const double last = std::max(0.0, ear.heard.duration_s() - kClipS);
  if (worst.end_s - worst.begin_s < ear.facts.duration_s)
    return std::clamp(0.5 * (worst.begin_s + worst.end_s) - 0.5 * kClipS, 0.0, last);
  const auto loudest = std::max_element(ear.curves.level_dbov.begin(), ear.curves.level_dbov.end());
  return std::clamp(static_cast<double>(loudest - ear.curves.level_dbov.begin()) - 1.0, 0.0, last);
}

Result<std::string> clip_of(const CallEar& ear, const CauseShare& cause, std::size_t& clips,
                            const CallPageOptions& options) {
  if (!options.embed_sounds || ear.heard.empty() || cause.when.empty() || clips >= kMostClips ||
      cause.mos_lost.value_or(0.0) < kLeastClipMos)
    return std::string();
  const double begin_s = clip_begin(ear, cause);
  const auto begin = static_cast<std::size_t>(begin_s * ear.heard.sample_rate_hz());
  const auto length = std::min(ear.heard.frames() - begin,
                               static_cast<std::size_t>(kClipS * ear.heard.sample_rate_hz()));
  SYRINX_ASSIGN(const auto sound,
                html::embed_sound(ear.heard.view().slice(begin, length), kMostClipBytes));
  if (sound.uri.empty()) return html::escape(sound.sentence);
  ++clips;
  return "<audio controls preload=\"none\" src=\"" + sound.uri + "\" aria-label=\"" +
         html::escape(std::string(to_string(cause.cause)) + ", what " + ear.facts.listener +
                      " heard from " + html::clock(begin_s) + " on") +
         "\"></audio><br><small>from " + html::clock(begin_s) + "</small>";
}

Result<std::string> cause_table(const CallEar& ear, const CallPageOptions& options) {
  std::string out =
      "<div class=\"scroll\"><table><caption>What each cause took from the score. The amounts add "
      "up to what was lost.</caption><thead><tr><th scope=\"col\">Cause</th><th scope=\"col\" "
      "class=\"value\">MOS lost</th><th scope=\"col\">Evidence</th><th scope=\"col\">When</th>"
      "<th scope=\"col\">Hear it</th></tr></thead><tbody>\n";
  std::size_t clips = 0;
  for (const CauseShare& cause : ear.verdict.causes) {
    SYRINX_ASSIGN(const std::string clip, clip_of(ear, cause, clips, options));
    const bool odd = cause.mos_lost.value_or(0.0) >= kLeastClipMos;
    out += "<tr><th scope=\"row\">" + std::string(to_string(cause.cause)) +
           "</th><td class=\"value" + (odd ? " odd" : "") + "\">" + mos_of(cause.mos_lost) +
           "</td><td class=\"cause\">" + html::escape(cause.evidence) +
           "<br><small class=\"soft\">" + html::escape(meaning_of(cause.cause)) +
           "</small></td><td>" + html::escape(times_of(cause, ear.facts.duration_s)) + "</td><td>" +
           clip + "</td></tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

std::string tile(const std::string& name, const std::string& value) {
  return "<li><small>" + html::escape(name) + "</small><b>" + html::escape(value) + "</b></li>";
}

std::string tiles(const CallEar& ear) {
  const CallVerdict& verdict = ear.verdict;
  const CauseShare& worst = verdict.causes.front();
  const bool lost = worst.mos_lost.value_or(0.0) >= kLeastClipMos;
  return "<ul class=\"tiles\">" + tile("MOS (E-model)", html::number(verdict.mos, 2)) +
         tile("Lost", html::number(verdict.mos_lost(), 2)) +
         tile("R", html::number(verdict.rating, 1)) +
         tile("Main cause", lost ? std::string(to_string(worst.cause)) : "none") +
         tile("Codec", ear.facts.codec_name) + "</ul>\n";
}

Result<std::string> ear_section(const CallEar& ear, const CallPageOptions& options) {
  std::string out = "<section><h2>What " + html::escape(ear.facts.listener) + " heard of " +
                    html::escape(ear.facts.speaker) + "</h2>\n" + tiles(ear);
  SYRINX_ASSIGN(const std::string table, cause_table(ear, options));
  out += table + time_lines(ear);
  if (!ear.heard.empty()) {
    const auto most = static_cast<std::size_t>(kMostSpectrogramS * ear.heard.sample_rate_hz());
    const AudioView shown = ear.heard.view().slice(0, std::min(most, ear.heard.frames()));
    SYRINX_ASSIGN(const auto panel, html::spectrogram_panel(shown));
    out += html::render(panel);
  }
  return out + "</section>\n";
}

}  // namespace

Result<std::string> call_page(const std::string& title, std::span<const CallEar> ears,
                              const CallPageOptions& options) {
  if (ears.empty())
    return make_error(ErrorCode::kInvalidArgument, "a page of a call without anyone in it");
  html::Page page;
  page.title = title;
  page.body = "<header><h1>" + html::escape(title) +
              "</h1><p>Why this call sounded as it did, by "
              "the E-model (ITU-T G.107, narrow band: 4.4 is best) and by what was measured of the "
              "sound. What is not known is said to be.</p></header>\n<main>\n";
  for (const CallEar& ear : ears) {
    SYRINX_ASSIGN(const std::string section, ear_section(ear, options));
    page.body += section;
  }
  page.body += "</main>\n";
  return html::render(page);
}

}  // namespace syrinx::measure
