// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/spectrogram_image.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "syrinx/core/base/limits.h"
#include "syrinx/stages/measure/bitmap_font.h"
#include "syrinx/stages/measure/colour_map.h"
#include "syrinx/stages/measure/frame_power.h"
#include "syrinx/stages/measure/spectrogram_pixels.h"
#include "syrinx/stages/measure/ticks.h"

namespace syrinx::measure {
namespace {

constexpr Colour kPaper = {255, 255, 255};
constexpr Colour kInk = {40, 40, 48};
constexpr Colour kGrid = {216, 216, 222};
constexpr Colour kWave = {92, 53, 140};
constexpr std::size_t kTextScale = 2;
constexpr std::size_t kTextHeight = kGlyphHeight * kTextScale;
constexpr std::size_t kTickPixels = 6;

struct Box {
  std::size_t left, top, width, height;

  std::size_t right() const { return left + width; }
  std::size_t bottom() const { return top + height; }
};

struct Layout {
  Box wave;
  Box spectrum;
  Box scale;
};

Layout lay_out(const SpectrogramImageOptions& options) {
  constexpr std::size_t kLeft = 64;
  constexpr std::size_t kRight = 110;
  constexpr std::size_t kTop = 12;
  constexpr std::size_t kBottom = 44;
  constexpr std::size_t kGap = 10;
  const std::size_t width = options.width - kLeft - kRight;
  const std::size_t wave_height = options.height / 7;
  const std::size_t spectrum_top = kTop + wave_height + kGap;
  const Box spectrum{kLeft, spectrum_top, width, options.height - spectrum_top - kBottom};
  return {{kLeft, kTop, width, wave_height},
          spectrum,
          {spectrum.right() + 16, spectrum.top, 18, spectrum.height}};
}

void draw_frame(Image& image, const Box& box) {
  for (std::size_t x = box.left - 1; x <= box.right(); ++x) {
    image.set(x, box.top - 1, kInk);
    image.set(x, box.bottom(), kInk);
  }
  for (std::size_t y = box.top - 1; y <= box.bottom(); ++y) {
    image.set(box.left - 1, y, kInk);
    image.set(box.right(), y, kInk);
  }
}

// --- Ticks
// ----------------------------------------------------------------------------------------

std::ptrdiff_t whole(double value) { return static_cast<std::ptrdiff_t>(std::lround(value)); }
std::ptrdiff_t signed_size(std::size_t value) { return static_cast<std::ptrdiff_t>(value); }

void draw_time_axis(Image& image, const Layout& layout, double duration_s) {
  const Box& box = layout.spectrum;
  const double step = tick_step(duration_s, static_cast<double>(box.width) / 90.0);
  const std::ptrdiff_t y = signed_size(box.bottom() + kTickPixels + 6);
  for (int i = 0; i * step <= duration_s * (1.0 + 1e-9); ++i) {
    const double place = i * step / duration_s * static_cast<double>(box.width - 1);
    const std::size_t x = box.left + static_cast<std::size_t>(whole(place));
    for (std::size_t k = 1; k <= kTickPixels; ++k) image.set(x, box.bottom() + k, kInk);
    const std::string label = tick_label(i * step, step);
    draw_text(image, signed_size(x) - signed_size(text_width(label, kTextScale) / 2), y, label,
              kInk, kTextScale);
  }
  draw_text(image, signed_size(box.right() + 40), y, "s", kInk, kTextScale);
}

void draw_frequency_axis(Image& image, const Layout& layout, double max_hz) {
  const Box& box = layout.spectrum;
  const double max_khz = max_hz / 1000.0;
  const double step = tick_step(max_khz, static_cast<double>(box.height) / 36.0);
  for (int i = 0; i * step <= max_khz * (1.0 + 1e-9); ++i) {
    const double place = i * step / max_khz * static_cast<double>(box.height - 1);
    const std::size_t y = box.bottom() - 1 - static_cast<std::size_t>(whole(place));
    for (std::size_t k = 2; k <= kTickPixels + 1; ++k) image.set(box.left - k, y, kInk);
    const std::string label = tick_label(i * step, step);
    const std::size_t width = text_width(label, kTextScale) + kTickPixels + 6;
    draw_text(image, signed_size(box.left) - signed_size(width),
              signed_size(y) - signed_size(kTextHeight / 2), label, kInk, kTextScale);
  }
  draw_text(image, 8, signed_size(box.top) - 26, "kHz", kInk, kTextScale);
}

void draw_scale(Image& image, const Box& box, double top_db, double range_db) {
  const auto& colours = heat_colours();
  for (std::size_t y = 0; y < box.height; ++y) {
    const std::size_t index = 255 * (box.height - 1 - y) / (box.height - 1);
    for (std::size_t x = 0; x < box.width; ++x)
      image.set(box.left + x, box.top + y, colours[index]);
  }
  draw_frame(image, box);
  const double step = tick_step(range_db, static_cast<double>(box.height) / 40.0);
  for (double db = std::ceil((top_db - range_db) / step) * step; db <= top_db; db += step) {
    const double place = (top_db - db) / range_db * static_cast<double>(box.height - 1);
    const std::size_t y = box.top + static_cast<std::size_t>(whole(place));
    for (std::size_t k = 1; k <= kTickPixels; ++k) image.set(box.right() + k, y, kInk);
    draw_text(image, signed_size(box.right() + kTickPixels + 5),
              signed_size(y) - signed_size(kTextHeight / 2), tick_label(db, step), kInk,
              kTextScale);
  }
  draw_text(image, signed_size(box.left), signed_size(box.top) - 26, "dB", kInk, kTextScale);
}

// --- The sound
// ------------------------------------------------------------------------------------

float finite(float sample) { return std::isfinite(sample) ? sample : 0.0f; }

// The waveform's extent in each column over all channels, full scale at the strip's edges.
void draw_wave(Image& image, const Box& box, AudioView audio) {
  const double middle = static_cast<double>(box.height - 1) / 2.0;
  for (std::size_t x = 0; x < box.width; ++x) {
    image.set(box.left + x, box.top + static_cast<std::size_t>(middle), kGrid);
    const ColumnStretch stretch = column_stretch(x, box.width, audio.frames());
    float low = 1.0f;
    float high = -1.0f;
    for (std::size_t c = 0; c < audio.channels(); ++c) {
      for (std::size_t i = stretch.first; i < stretch.last; ++i) {
        low = std::min(low, finite(audio.channel(c)[i]));
        high = std::max(high, finite(audio.channel(c)[i]));
      }
    }
    const auto row = [&](float v) {
      const double clipped = std::clamp(static_cast<double>(v), -1.0, 1.0);
      return static_cast<std::size_t>(whole(middle * (1.0 - clipped)));
    };
    for (std::size_t y = row(high); y <= row(low); ++y) image.set(box.left + x, box.top + y, kWave);
  }
  draw_frame(image, box);
}

// Colours the pixels and returns the level of the brightest, in dB.
double draw_spectrum(Image& image, const Box& box, const std::vector<float>& powers,
                     double range_db) {
  constexpr float kLeast = 1e-20f;
  const float strongest = std::max(kLeast, *std::max_element(powers.begin(), powers.end()));
  const double top_db = 10.0 * std::log10(static_cast<double>(strongest));
  const auto& colours = heat_colours();
  for (std::size_t x = 0; x < box.width; ++x) {
    for (std::size_t y = 0; y < box.height; ++y) {
      const double power = static_cast<double>(std::max(kLeast, powers[x * box.height + y]));
      const double place = 1.0 + (10.0 * std::log10(power) - top_db) / range_db;
      const auto index = static_cast<std::size_t>(std::clamp(place, 0.0, 1.0) * 255.0);
      image.set(box.left + x, box.top + y, colours[index]);
    }
  }
  draw_frame(image, box);
  return top_db;
}

Result<void> check(AudioView audio, const SpectrogramImageOptions& options) {
  const auto refuse = [](const char* option, double given, const char* expected) {
    return make_error(ErrorCode::kInvalidArgument, "spectrogram image: ", option, " is ", given,
                      " but must be ", expected);
  };
  if (options.width < 320 || options.width > limits::kMaxPngSide)
    return refuse("width", static_cast<double>(options.width), "320 to 32768");
  if (options.height < 240 || options.height > limits::kMaxPngSide)
    return refuse("height", static_cast<double>(options.height), "240 to 32768");
  if (!(options.range_db >= 1.0 && options.range_db <= 300.0))
    return refuse("range_db", options.range_db, "1 to 300");
  if (!(options.max_hz >= 0.0 && options.max_hz <= audio.sample_rate_hz() / 2.0))
    return refuse("max_hz", options.max_hz, "0 to half the sample rate");
  return {};
}

}  // namespace

Result<Image> render_spectrogram(AudioView audio, const SpectrogramImageOptions& options) {
  SYRINX_ASSIGN(auto analysis, FramePower::create(audio, options.window_ms));
  SYRINX_TRY(check(audio, options));
  const double max_hz = options.max_hz > 0.0 ? options.max_hz : audio.sample_rate_hz() / 2.0;
  const Layout layout = lay_out(options);
  Image image(options.width, options.height, kPaper);
  draw_wave(image, layout.wave, audio);
  const auto powers =
      pixel_powers(analysis, audio, layout.spectrum.width, layout.spectrum.height, max_hz);
  const double top_db = draw_spectrum(image, layout.spectrum, powers, options.range_db);
  draw_time_axis(image, layout, audio.duration_s());
  draw_frequency_axis(image, layout, max_hz);
  draw_scale(image, layout.scale, top_db, options.range_db);
  return image;
}

}  // namespace syrinx::measure
