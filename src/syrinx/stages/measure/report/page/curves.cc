// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/report/page/curves.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "syrinx/stages/measure/colour_map.h"
#include "syrinx/stages/measure/report/page/embed.h"
#include "syrinx/stages/measure/report/page/html.h"
#include "syrinx/stages/measure/spectrogram_pixels.h"

namespace syrinx::measure::html {
namespace {

constexpr std::size_t kWaveColumns = 1'000;
constexpr std::size_t kMostMarks = 400;
constexpr std::size_t kMostCurvePoints = 4'000;
constexpr double kLeastPower = 1e-20;
constexpr int kRowPixels = 24;  // Of each kind of artifact.

std::string coordinate(double value) { return number(std::clamp(value, -kPlane, 2 * kPlane), 1); }

// A point of a path: seconds and value to the plane.
struct Plane {
  double seconds;
  double low;
  double high;

  std::string point(double time_s, double value) const {
    const double x = seconds > 0 ? kPlane * time_s / seconds : 0.0;
    const double share = (std::clamp(value, low, high) - low) / (high - low);
    return coordinate(x) + " " + coordinate(kPlane * (1.0 - share));
  }
};

std::string path(std::string_view css_class, const std::string& d) {
  return "<path class=\"" + std::string(css_class) + "\" d=\"" + d + "\"/>";
}

struct Extent {
  float low = 0.0f;
  float high = 0.0f;
};

Extent extent_of(AudioView audio, std::size_t begin, std::size_t end) {
  Extent extent{std::numeric_limits<float>::max(), std::numeric_limits<float>::lowest()};
  for (std::size_t c = 0; c < audio.channels(); ++c) {
    for (const float sample : audio.channel(c).subspan(begin, end - begin)) {
      const float value = std::isfinite(sample) ? sample : 0.0f;
      extent.low = std::min(extent.low, value);
      extent.high = std::max(extent.high, value);
    }
  }
  return extent;
}

// The extent of all channels as a closed shape around `middle`, one sample of 1 being `reach`.
std::string wave_path(AudioView audio, double middle, double reach) {
  const std::size_t columns = std::min(kWaveColumns, audio.frames());
  std::string upper, lower;
  for (std::size_t x = 0; x < columns; ++x) {
    const ColumnStretch stretch = column_stretch(x, columns, audio.frames());
    const Extent extent = extent_of(audio, stretch.first, stretch.last);
    const double at = kPlane * (static_cast<double>(x) + 0.5) / static_cast<double>(columns);
    const auto y = [&](float v) {
      return coordinate(middle - reach * std::clamp(static_cast<double>(v), -1.0, 1.0));
    };
    upper += (x == 0 ? "M" : "L") + coordinate(at) + " " + y(extent.high);
    lower.insert(0, "L" + coordinate(at) + " " + y(extent.low));
  }
  return path("wave", upper + lower + "Z");
}

std::string wave_words(AudioView audio) {
  const Extent all = extent_of(audio, 0, audio.frames());
  return "Waveform of " + clock(audio.duration_s()) + ", between " +
         figure(static_cast<double>(all.low)) + " and " + figure(static_cast<double>(all.high)) +
         " of full scale.";
}

// A curve with gaps where it is not finite. At most kMostCurvePoints points: of those between, the
// highest is kept.
std::string curve_path(std::span<const double> values, double first_s, double hop_s,
                       const Plane& plane) {
  const std::size_t stride = values.size() / kMostCurvePoints + 1;
  std::string d;
  bool pen_down = false;
  for (std::size_t i = 0; i < values.size(); i += stride) {
    const auto piece = values.subspan(i, std::min(stride, values.size() - i));
    const double value = *std::max_element(piece.begin(), piece.end());
    if (!std::isfinite(value)) {
      pen_down = false;
      continue;
    }
    d += (pen_down ? "L" : "M") + plane.point(first_s + static_cast<double>(i) * hop_s, value);
    pen_down = true;
  }
  return d;
}

std::vector<double> sorted_if(std::span<const double> values, bool (*keep)(double)) {
  std::vector<double> kept;
  std::copy_if(values.begin(), values.end(), std::back_inserter(kept), keep);
  std::sort(kept.begin(), kept.end());
  return kept;
}

bool is_finite(double value) { return std::isfinite(value); }
bool is_voiced(double hz) { return hz > 0.0; }

// Voiced stretches as lines; a frame alone as a dot (a line to where it is, with a round end).
std::string f0_path(const dsp::F0Track& track, const Plane& plane) {
  std::string d;
  const std::size_t stride = track.frames() / (4 * kMostCurvePoints) + 1;
  bool pen_down = false;
  for (std::size_t i = 0; i < track.frames(); i += stride) {
    if (!(track.hz[i] > 0.0)) {
      pen_down = false;
      continue;
    }
    d += (pen_down ? "L" : "M") + plane.point(track.time_s(i), track.hz[i]);
    if (!pen_down) d += "h0.01";
    pen_down = true;
  }
  return d;
}

std::vector<ArtifactKind> kinds_of(std::span<const Artifact> artifacts) {
  std::vector<ArtifactKind> kinds;
  for (const Artifact& artifact : artifacts) {
    if (std::find(kinds.begin(), kinds.end(), artifact.kind) == kinds.end())
      kinds.push_back(artifact.kind);
  }
  std::sort(kinds.begin(), kinds.end());
  return kinds;
}

// The darker, the worse.
std::string mark(const Artifact& artifact, std::size_t row, std::size_t rows, double seconds) {
  const double height = 100.0 / static_cast<double>(rows);
  const std::string place =
      "left:" + percent(artifact.begin_s, seconds) +
      ";width:" + percent(artifact.end_s - artifact.begin_s, seconds) +
      ";top:" + number(height * static_cast<double>(row), 2) + "%;height:" + number(height, 2) +
      "%;opacity:" + number(0.45 + 0.55 * std::clamp(artifact.severity, 0.0, 1.0), 2);
  return "<i class=\"mark\" style=\"" + place + "\" title=\"" +
         escape(artifact_words(artifact.kind) + " at " + clock(artifact.begin_s) + ", severity " +
                figure(artifact.severity) + ". " + artifact.cause) +
         "\"></i>";
}

std::string mark_labels(const std::vector<ArtifactKind>& kinds) {
  std::string out;
  for (std::size_t row = 0; row < kinds.size(); ++row) {
    const double middle = static_cast<double>(row) + 0.5;
    out += "<span class=\"row\" style=\"top:" + number(middle * kRowPixels, 0) + "px\">" +
           escape(artifact_words(kinds[row])) + "</span>";
  }
  return out;
}

std::string marks(std::span<const Artifact> artifacts, const std::vector<ArtifactKind>& kinds,
                  double seconds) {
  std::string out;
  for (const Artifact& artifact : artifacts.first(std::min(artifacts.size(), kMostMarks))) {
    const auto row = static_cast<std::size_t>(std::find(kinds.begin(), kinds.end(), artifact.kind) -
                                              kinds.begin());
    out += mark(artifact, row, kinds.size(), seconds);
  }
  return out;
}

}  // namespace

std::string artifact_words(ArtifactKind kind) {
  for (const ArtifactDetector& detector : artifact_detectors()) {
    if (detector.kind != kind) continue;
    std::string words(detector.name);
    std::replace(words.begin(), words.end(), '_', ' ');
    return words;
  }
  return "artifact";
}

Panel waveform_panel(AudioView audio) {
  Panel panel;
  panel.title = "Waveform";
  panel.description = "The samples, in shares of full scale. At the edges it clips.";
  panel.alternative = wave_words(audio);
  panel.axis = {-1.0, 1.0, "of full scale"};
  panel.seconds = audio.duration_s();
  panel.height_px = 120;
  if (audio.channels() != 2) {
    if (audio.channels() > 2)
      panel.description = "The extent of all " + std::to_string(audio.channels()) +
                          " channels, in shares of full scale. At the edges it clips.";
    panel.content = svg(wave_path(audio, kPlane / 2, kPlane / 2));
    return panel;
  }
  const auto lane = [&](std::size_t c, double middle) {
    return wave_path(AudioView(audio.channel(c), audio.sample_rate_hz()), middle, kPlane / 4);
  };
  panel.labels = "<span style=\"bottom:75%\">left</span><span style=\"bottom:25%\">right</span>";
  panel.description = "Left above, right below. At the edges of its half, a channel clips.";
  panel.content = svg(lane(0, kPlane / 4) + lane(1, 3 * kPlane / 4) +
                      path("divide", "M0 " + coordinate(kPlane / 2) + "H" + coordinate(kPlane)));
  panel.has_axis = false;
  return panel;
}

double strongest_db(std::span<const float> powers) noexcept {
  double most = kLeastPower;
  for (const float power : powers) most = std::max(most, static_cast<double>(power));
  return 10.0 * std::log10(most);
}

Image colour_powers(std::span<const float> powers, std::size_t width, std::size_t height,
                    double top_db, double range_db) {
  const auto& colours = heat_colours();
  Image image(width, height, colours[0]);
  for (std::size_t x = 0; x < width; ++x) {
    for (std::size_t y = 0; y < height; ++y) {
      const double power = std::max(kLeastPower, static_cast<double>(powers[x * height + y]));
      const double share = 1.0 + (10.0 * std::log10(power) - top_db) / range_db;
      image.set(x, y, colours[static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * 255.0)]);
    }
  }
  return image;
}

Result<std::vector<float>> spectrogram_powers(AudioView audio, std::size_t width,
                                              std::size_t height) {
  SYRINX_ASSIGN(auto analysis, FramePower::create(audio, kSpectrogramWindowMs));
  return pixel_powers(analysis, audio, width, height, audio.sample_rate_hz() / 2.0);
}

Result<Panel> spectrogram_panel(AudioView audio) {
  constexpr std::size_t kWidth = 1'200;
  constexpr std::size_t kHeight = 300;
  SYRINX_ASSIGN(const auto powers, spectrogram_powers(audio, kWidth, kHeight));
  const double top_db = strongest_db(powers);
  SYRINX_ASSIGN(const auto uri,
                picture_uri(colour_powers(powers, kWidth, kHeight, top_db, kSpectrogramRangeDb)));
  Panel panel;
  panel.title = "Spectrogram";
  panel.description = "How strong each frequency is over time. The brightest is " +
                      figure(std::round(top_db)) + " dB (a full-scale sine is 0 dB), black is " +
                      figure(kSpectrogramRangeDb) + " dB below it and less.";
  panel.alternative = "Spectrogram of " + clock(audio.duration_s()) + ", from 0 to " +
                      figure(audio.sample_rate_hz() / 2000.0) + " kHz.";
  panel.content = picture(uri);
  panel.axis = {0.0, audio.sample_rate_hz() / 2.0, "kHz", 0.001};
  panel.seconds = audio.duration_s();
  panel.height_px = 300;
  return panel;
}

std::optional<Panel> loudness_panel(const LoudnessCurve& curve, double integrated_lufs,
                                    double seconds) {
  constexpr double kMostDeepLu = 48.0;
  const auto levels = sorted_if(curve.momentary_lufs, is_finite);
  if (levels.empty()) return std::nullopt;
  const double high = std::ceil((levels.back() + 2.0) / 6.0) * 6.0;
  const double low = std::max(high - kMostDeepLu, std::floor((levels.front() - 2.0) / 6.0) * 6.0);
  const Plane plane{seconds, low, high};
  Panel panel;
  panel.title = "Loudness";
  panel.description =
      "By ITU-R BS.1770, each point for the time before it: momentary 400 ms, short-term 3 s.";
  panel.alternative = "Loudness over time: loudest momentary " + figure(levels.back()) +
                      " LUFS, half of the time above " + figure(levels[levels.size() / 2]) +
                      " LUFS.";
  panel.legend = legend_entry("momentary", "momentary") + legend_entry("short", "short-term");
  std::string body =
      path("momentary", curve_path(curve.momentary_lufs, curve.hop_s, curve.hop_s, plane)) +
      path("short", curve_path(curve.short_term_lufs, curve.hop_s, curve.hop_s, plane));
  if (std::isfinite(integrated_lufs) && integrated_lufs > low) {
    body += path("integrated", "M" + plane.point(0, integrated_lufs) + "H" + coordinate(kPlane));
    panel.legend += legend_entry("integrated", "integrated");
    panel.alternative += " Integrated " + figure(integrated_lufs) + " LUFS.";
  }
  panel.content = svg(body);
  panel.axis = {low, high, "LUFS"};
  panel.seconds = seconds;
  return panel;
}

std::optional<Panel> f0_panel(const dsp::F0Track& track, double seconds) {
  const auto voiced = sorted_if(track.hz, is_voiced);
  if (voiced.empty()) return std::nullopt;
  const double low = std::floor(voiced.front() * 0.9 / 10.0) * 10.0;
  const double high = std::ceil(voiced.back() * 1.1 / 10.0) * 10.0;
  const double share =
      100.0 * static_cast<double>(voiced.size()) / static_cast<double>(track.frames());
  Panel panel;
  panel.title = "F0, the pitch of the voice";
  panel.description =
      "How often the vocal folds open in a second. Gaps are pauses and unvoiced sounds.";
  panel.alternative = "F0 over time: median " + figure(voiced[voiced.size() / 2]) + " Hz, from " +
                      figure(voiced.front()) + " to " + figure(voiced.back()) + " Hz, voiced " +
                      figure(std::round(share)) + " percent of the time.";
  panel.content = svg(path("f0", f0_path(track, {seconds, low, high})));
  panel.axis = {low, high, "Hz"};
  panel.seconds = seconds;
  return panel;
}

std::optional<Panel> artifact_panel(std::span<const Artifact> artifacts, double seconds) {
  const auto kinds = kinds_of(artifacts);
  if (kinds.empty()) return std::nullopt;
  Panel panel;
  panel.title = "Artifacts";
  panel.description = "What the detectors found and where; the stronger the mark, the worse.";
  if (artifacts.size() > kMostMarks)
    panel.description += " The first " + std::to_string(kMostMarks) + " are marked.";
  panel.alternative =
      std::to_string(artifacts.size()) + " artifacts; the table of artifacts below names each.";
  panel.content = marks(artifacts, kinds, seconds);
  panel.labels = mark_labels(kinds);
  panel.has_axis = false;
  panel.seconds = seconds;
  panel.height_px = kRowPixels * static_cast<int>(kinds.size());
  return panel;
}

Result<Image> thumbnail(AudioView audio) {
  constexpr std::size_t kWidth = 240;
  constexpr std::size_t kWaveHeight = 24;
  constexpr std::size_t kHeight = 48;
  SYRINX_ASSIGN(const auto powers, spectrogram_powers(audio, kWidth, kHeight));
  const Image spectrum =
      colour_powers(powers, kWidth, kHeight, strongest_db(powers), kSpectrogramRangeDb);
  Image image(kWidth, kWaveHeight + kHeight, heat_colours()[0]);
  const Colour wave = oklch(0.78, 0.12, 200.0);
  for (std::size_t x = 0; x < kWidth; ++x) {
    const ColumnStretch stretch = column_stretch(x, kWidth, audio.frames());
    const Extent extent = extent_of(audio, stretch.first, stretch.last);
    const auto row = [](float v) {
      const double share = (1.0 - std::clamp(static_cast<double>(v), -1.0, 1.0)) / 2.0;
      return static_cast<std::size_t>(std::lround(share * (kWaveHeight - 1)));
    };
    for (std::size_t y = row(extent.high); y <= row(extent.low); ++y) image.set(x, y, wave);
    for (std::size_t y = 0; y < kHeight; ++y) image.set(x, kWaveHeight + y, spectrum.pixel(x, y));
  }
  return image;
}

}  // namespace syrinx::measure::html
