// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/call/call_echo.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <utility>

#include "syrinx/core/dsp/fft.h"

namespace syrinx::measure {
namespace {

constexpr double kPieceS = 8.0;
constexpr std::size_t kMostPieces = 32;
constexpr double kStandsOut = 12.0;  // Times the root mean square of the other lags.
// Of the weight of a frequency: 1 would make all alike, and noise as good as speech.
constexpr float kWhitening = 0.8F;

// A piece of the call: what was heard in it, and what was said in it and before it.
struct Piece {
  std::size_t begin = 0;
  std::vector<double> correlation;  // Per lag.
};

struct Search {
  std::size_t piece = 0;  // Samples of each.
  std::size_t lags = 0;
  std::vector<Piece> pieces;
  std::vector<double> sum;
};

void copy_from(std::span<const float> samples, std::ptrdiff_t begin, std::span<float> out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::ptrdiff_t at = begin + static_cast<std::ptrdiff_t>(i);
    const bool inside = at >= 0 && at < static_cast<std::ptrdiff_t>(samples.size());
    const float sample = inside ? samples[static_cast<std::size_t>(at)] : 0.0F;
    out[i] = std::isfinite(sample) ? sample : 0.0F;
  }
}

// correlation[lag] = sum of heard[t] said[t - lag], whitened.
std::vector<double> correlate(dsp::RealFft& fft, std::span<const float> said,
                              std::span<const float> heard, std::size_t begin,
                              const Search& search) {
  std::vector<float> a(fft.size());
  std::vector<float> b(fft.size());
  const auto at = static_cast<std::ptrdiff_t>(begin);
  copy_from(said, at - static_cast<std::ptrdiff_t>(search.lags),
            std::span(a).first(search.piece + search.lags));
  copy_from(heard, at, std::span(b).first(search.piece));
  std::vector<std::complex<float>> said_bins(fft.bins());
  std::vector<std::complex<float>> heard_bins(fft.bins());
  fft.forward(a, said_bins);
  fft.forward(b, heard_bins);
  for (std::size_t k = 0; k < fft.bins(); ++k) {
    const std::complex<float> cross = heard_bins[k] * std::conj(said_bins[k]);
    heard_bins[k] = cross / (std::pow(std::abs(cross), kWhitening) + 1e-9F);
  }
  fft.inverse(heard_bins, b);
  // a begins `lags` earlier: its match for lag L lies at -(lags - L).
  std::vector<double> correlation(search.lags);
  for (std::size_t lag = 0; lag < search.lags; ++lag) {
    const std::size_t back = search.lags - lag;
    correlation[lag] = static_cast<double>(b[(fft.size() - back) % fft.size()]);
  }
  return correlation;
}

double root_mean_square(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double value : values) sum += value * value;
  return std::sqrt(sum / static_cast<double>(std::max<std::size_t>(1, values.size())));
}

std::size_t largest(const std::vector<double>& values) {
  const auto at = std::max_element(values.begin(), values.end(),
                                   [](double x, double y) { return std::abs(x) < std::abs(y); });
  return static_cast<std::size_t>(at - values.begin());
}

// The least-squares gain of the path of this lag.
double gain_of(std::span<const float> said, std::span<const float> heard, std::size_t lag) {
  double product = 0.0;
  double power = 0.0;
  for (std::size_t i = lag; i < heard.size() && i - lag < said.size(); ++i) {
    const auto before = static_cast<double>(said[i - lag]);
    if (!std::isfinite(before) || !std::isfinite(heard[i])) continue;
    product += before * static_cast<double>(heard[i]);
    power += before * before;
  }
  return power > 0.0 ? std::abs(product) / power : 0.0;
}

std::vector<CallStretch> where_it_stands_out(const Search& search, std::size_t lag, int rate_hz) {
  std::vector<std::pair<double, CallStretch>> found;
  for (const Piece& piece : search.pieces) {
    const double size = std::abs(piece.correlation[lag]);
    if (size < 6.0 * root_mean_square(piece.correlation)) continue;
    const double begin_s = static_cast<double>(piece.begin) / rate_hz;
    found.push_back({size, {begin_s, begin_s + kPieceS}});
  }
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<CallStretch> when;
  for (std::size_t i = 0; i < std::min<std::size_t>(5, found.size()); ++i)
    when.push_back(found[i].second);
  return when;
}

}  // namespace

Result<EchoSearch> find_own_voice(AudioView said, AudioView heard) {
  if (said.sample_rate_hz() != heard.sample_rate_hz() || said.channels() != 1 ||
      heard.channels() != 1)
    return make_error(ErrorCode::kInvalidArgument,
                      "an echo is looked for in one channel of the same rate: ",
                      said.sample_rate_hz(), " and ", heard.sample_rate_hz(), " Hz, ",
                      said.channels(), " and ", heard.channels(), " channels were given");
  const int rate_hz = said.sample_rate_hz();
  Search search;
  search.piece = static_cast<std::size_t>(kPieceS * rate_hz);
  search.lags = static_cast<std::size_t>(kMostEchoDelayMs * rate_hz / 1e3);
  std::size_t size = 2;
  while (size < search.piece + 2 * search.lags) size *= 2;
  SYRINX_ASSIGN(auto fft, dsp::RealFft::create(size));
  const auto heard_samples = heard.channel(0);
  const std::size_t all = std::max<std::size_t>(1, heard.frames() / search.piece);
  const std::size_t count = std::min(all, kMostPieces);
  search.sum.resize(search.lags);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t begin = i * all / count * search.piece;
    search.pieces.push_back({begin, correlate(fft, said.channel(0), heard_samples, begin, search)});
    for (std::size_t lag = 0; lag < search.lags; ++lag)
      search.sum[lag] += search.pieces.back().correlation[lag];
  }
  EchoSearch result;
  const std::size_t lag = largest(search.sum);
  if (!(std::abs(search.sum[lag]) > kStandsOut * root_mean_square(search.sum))) return result;
  const double gain = gain_of(said.channel(0), heard_samples, lag);
  if (!(gain > 0.0)) return result;
  result.echo.found = true;
  result.echo.loss_db = -20.0 * std::log10(gain);
  result.echo.delay_ms = 1e3 * static_cast<double>(lag) / rate_hz;
  result.when = where_it_stands_out(search, lag, rate_hz);
  return result;
}

}  // namespace syrinx::measure
