// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/report/page/sound_page.h"

#include <limits>

#include "syrinx/stages/measure/quality/quality_targets.h"
#include "syrinx/stages/measure/report/page/curves.h"
#include "syrinx/stages/measure/report/page/embed.h"
#include "syrinx/stages/measure/report/page/figure_table.h"
#include "syrinx/stages/measure/report/page/frame.h"
#include "syrinx/stages/measure/report/page/html.h"

namespace syrinx::measure {
namespace {

double value_of(const SoundReport& report, std::string_view name) {
  for (const Figure& figure : report.figures) {
    if (figure.name == name) return figure.value;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

// The verdict on what was measured, by the thresholds that there are for quality; none on nothing.
std::string verdict(const SoundReport& report) {
  auto targets = QualityTargets::create();
  if (!targets) return {};
  targets->add(report.quality);
  const QualityState state = targets->state();
  if (state.verdict == QualityVerdict::kUnknown) return {};
  return "<p>" + html::escape(describe(state)) + "</p>\n";
}

std::string head(const SoundPageInput& input) {
  std::string out = "<header><h1>" + html::escape(input.name) + "</h1><p>" +
                    html::escape(html::facts_of(input.report));
  if (!input.reference_name.empty())
    out += "; beside the reference <b>" + html::escape(input.reference_name) + "</b>";
  return out + ".</p>\n" + html::paragraphs(input.notes) +
         html::headline_tiles(input.report.figures) + verdict(input.report) + "</header>\n";
}

std::string player(const html::EmbeddedSound& sound) {
  std::string out;
  if (!sound.uri.empty()) {
    out += "<div class=\"player\"><audio id=\"sound\" controls preload=\"auto\" src=\"" +
           sound.uri + "\" aria-label=\"The sound\"></audio></div>\n" +
           "<p class=\"soft\">Click into a picture to go there.</p>";
  }
  const std::string sentences[] = {sound.sentence};
  return out + html::paragraphs(sentences);
}

Result<std::string> pictures(const SoundPageInput& input) {
  const double seconds = input.audio.duration_s();
  std::string out = html::render(html::waveform_panel(input.audio));
  if (const auto panel = html::artifact_panel(input.report.artifacts, seconds))
    out += html::render(*panel);
  SYRINX_ASSIGN(const auto spectrogram, html::spectrogram_panel(input.audio));
  out += html::render(spectrogram);
  const double integrated = value_of(input.report, "integrated");
  if (const auto panel = html::loudness_panel(input.report.loudness, integrated, seconds))
    out += html::render(*panel);
  if (const auto panel = html::f0_panel(input.report.f0, seconds)) out += html::render(*panel);
  return out;
}

}  // namespace

Result<std::string> sound_page(const SoundPageInput& input, const PageOptions& options) {
  if (input.audio.empty())
    return make_error(ErrorCode::kInvalidArgument, input.name, " holds no sound to make a page of");
  html::EmbeddedSound sound;
  if (options.embed_sounds) {
    SYRINX_ASSIGN(sound, html::embed_sound(input.audio, options.max_sound_bytes));
  }
  SYRINX_ASSIGN(const std::string drawn, pictures(input));
  html::Page page;
  page.title = input.name + " measured";
  page.script = html::sound_script();
  page.body = "<a class=\"skip\" href=\"#figures\">To the figures</a>\n" + head(input) +
              "<main data-seconds=\"" + html::number(input.audio.duration_s(), 6) + "\">\n" +
              player(sound) + "<section aria-label=\"Pictures\">\n" + drawn + "</section>\n" +
              html::artifact_table(input.report.artifacts, !sound.uri.empty()) +
              "<h2 id=\"figures\">Figures</h2>\n" + html::figure_table(input.report.figures) +
              html::missing_table(input.report.missing) + "</main>\n";
  return html::render(page);
}

}  // namespace syrinx::measure
