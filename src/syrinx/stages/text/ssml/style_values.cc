// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/ssml/style_values.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <span>

#include "syrinx/core/base/limits.h"

namespace syrinx::text {
namespace {

struct Label {
  std::string_view name;
  double value;
};

// The recommendation fixes their order, not their values. Rate and range are factors, pitch
// semitones, volume decibels.
constexpr Label kRates[] = {{"x-slow", 0.5}, {"slow", 0.75},  {"medium", 1.0},
                            {"fast", 1.25},  {"x-fast", 1.6}, {"default", 1.0}};
constexpr Label kPitches[] = {{"x-low", -6.0}, {"low", -3.0},   {"medium", 0.0},
                              {"high", 3.0},   {"x-high", 6.0}, {"default", 0.0}};
constexpr Label kRanges[] = {{"x-low", 0.3}, {"low", 0.65},   {"medium", 1.0},
                             {"high", 1.4},  {"x-high", 2.0}, {"default", 1.0}};
constexpr Label kVolumes[] = {{"silent", kSilentDb}, {"x-soft", -12.0}, {"soft", -6.0},
                              {"medium", 0.0},       {"loud", 4.0},     {"x-loud", 8.0},
                              {"default", 0.0}};

std::optional<double> find_label(std::span<const Label> labels, std::string_view name) {
  for (const Label& label : labels) {
    if (label.name == name) return label.value;
  }
  return std::nullopt;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Takes a unit, in any case, off the end.
bool take_unit(std::string_view& text, std::string_view unit) {
  if (text.size() < unit.size()) return false;
  const std::string_view end = text.substr(text.size() - unit.size());
  if (!std::equal(end.begin(), end.end(), unit.begin(),
                  [](char a, char b) { return to_lower(a) == b; }))
    return false;
  text = trimmed(text.substr(0, text.size() - unit.size()));
  return true;
}

bool has_sign(std::string_view text) {
  return !text.empty() && (text.front() == '+' || text.front() == '-');
}

StyleValue within(double value, double low, double high) {
  const double kept = std::clamp(value, low, high);
  return {kept, kept == value ? "" : "beyond what is possible; the nearest possible value is used"};
}

double semitones_of(double ratio) {
  return ratio <= 0 ? -kMaxStyleSemitones : 12.0 * std::log2(ratio);
}

double db_of(double amplitude) {
  return amplitude <= 0 ? kSilentDb : std::max(kSilentDb, 20.0 * std::log10(amplitude));
}

}  // namespace

std::optional<double> read_number(std::string_view text) noexcept {
  const bool plus = !text.empty() && text.front() == '+';
  if (plus) text.remove_prefix(1);
  const std::size_t digit = !plus && !text.empty() && text.front() == '-' ? 1 : 0;
  if (digit >= text.size()) return std::nullopt;
  const char first = text[digit];
  if (!(first >= '0' && first <= '9') && first != '.') return std::nullopt;
  double value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::optional<double> read_time_s(std::string_view text) noexcept {
  text = trimmed(text);
  const double unit_s = take_unit(text, "ms") ? 0.001 : take_unit(text, "s") ? 1.0 : 0.0;
  const auto value = read_number(text);
  if (unit_s == 0.0 || !value || *value < 0) return std::nullopt;
  return *value * unit_s;
}

std::optional<StyleValue> read_rate(std::string_view text, double rate_before) {
  text = trimmed(text);
  if (const auto label = find_label(kRates, text)) return StyleValue{*label, ""};
  const bool percent = take_unit(text, "%");
  const bool is_relative = has_sign(text);
  const auto number = read_number(text);
  if (!number) return std::nullopt;
  const double amount = percent ? *number / 100.0 : *number;
  const double rate = is_relative ? rate_before * (1.0 + amount) : amount;
  return within(rate, kMinStyleRate, kMaxStyleRate);
}

std::optional<StyleValue> read_pitch(std::string_view text, double semitones_before,
                                     std::optional<double> voice_f0_hz) {
  text = trimmed(text);
  if (const auto label = find_label(kPitches, text)) return StyleValue{*label, ""};
  const bool is_relative = has_sign(text);
  const bool percent = take_unit(text, "%");
  const bool semitones = !percent && take_unit(text, "st");
  const bool hz = !percent && !semitones && take_unit(text, "hz");
  const auto number = read_number(text);
  if (!number || (!percent && !semitones && !hz) || (!is_relative && !hz)) return std::nullopt;
  const auto limited = [](double value) {
    return within(value, -kMaxStyleSemitones, kMaxStyleSemitones);
  };
  if (semitones) return limited(semitones_before + *number);
  if (percent) return limited(semitones_before + semitones_of(1.0 + *number / 100.0));
  const double f0_hz = voice_f0_hz.value_or(kAssumedF0Hz);
  const double before_hz = is_relative ? f0_hz * std::exp2(semitones_before / 12.0) : 0.0;
  StyleValue value = limited(semitones_of((before_hz + *number) / f0_hz));
  if (!voice_f0_hz && value.note.empty())
    value.note = "the voice's own pitch is not known and taken to be 165 Hz";
  return value;
}

std::optional<StyleValue> read_range(std::string_view text, double factor_before) {
  text = trimmed(text);
  if (const auto label = find_label(kRanges, text)) return StyleValue{*label, ""};
  if (!has_sign(text)) {
    if (!take_unit(text, "hz") || !read_number(text)) return std::nullopt;
    return StyleValue{factor_before, "a range in Hz; the range stays as it was"};
  }
  const bool percent = take_unit(text, "%");
  const bool semitones = !percent && take_unit(text, "st");
  const bool hz = !percent && !semitones && take_unit(text, "hz");
  const auto number = read_number(text);
  if (!number) return std::nullopt;
  if (hz) return StyleValue{factor_before, "a range in Hz; the range stays as it was"};
  if (!percent && !semitones) return std::nullopt;
  const double factor = percent ? 1.0 + *number / 100.0 : std::exp2(*number / 12.0);
  return within(factor_before * factor, 0.0, kMaxStyleRange);
}

std::optional<StyleValue> read_volume(std::string_view text, double db_before) {
  text = trimmed(text);
  if (const auto label = find_label(kVolumes, text)) return StyleValue{*label, ""};
  const bool is_relative = has_sign(text);
  const bool decibels = take_unit(text, "db");
  const bool percent = !decibels && take_unit(text, "%");
  const auto number = read_number(text);
  if (!number) return std::nullopt;
  double db = db_before + *number;
  if (!decibels && is_relative) db = db_before + db_of(1.0 + *number / 100.0);
  if (!decibels && !is_relative) db = db_of(*number / 100.0);
  StyleValue value = within(db, kSilentDb, kMaxStyleDb);
  if (percent && value.note.empty()) value.note = "a percentage is taken as an amplitude";
  return value;
}

std::optional<std::vector<ContourPoint>> read_contour(std::string_view text,
                                                      double semitones_before,
                                                      std::optional<double> voice_f0_hz) {
  std::vector<ContourPoint> points;
  for (text = trimmed(text); !text.empty(); text = trimmed(text)) {
    const std::size_t comma = text.find(',');
    const std::size_t close = text.find(')');
    if (text.front() != '(' || close == std::string_view::npos || comma > close)
      return std::nullopt;
    std::string_view position = trimmed(text.substr(1, comma - 1));
    const bool percent = take_unit(position, "%");
    const auto place = read_number(position);
    const auto pitch =
        read_pitch(text.substr(comma + 1, close - comma - 1), semitones_before, voice_f0_hz);
    if (!percent || !place || !pitch || points.size() == limits::kMaxContourPoints)
      return std::nullopt;
    if (*place >= 0 && *place <= 100) points.push_back({*place / 100.0, pitch->value});
    text.remove_prefix(close + 1);
  }
  std::stable_sort(points.begin(), points.end(), [](const ContourPoint& a, const ContourPoint& b) {
    return a.position < b.position;
  });
  return points;
}

}  // namespace syrinx::text
