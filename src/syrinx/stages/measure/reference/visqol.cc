// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/reference/visqol.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <utility>

#include "syrinx/stages/measure/reference/cross_correlation.h"
#include "syrinx/stages/measure/reference/gammatone_spectrogram.h"
#include "syrinx/stages/measure/reference/nsim.h"
#include "syrinx/stages/measure/reference/pair_check.h"

namespace syrinx::measure {
namespace {

constexpr double kFloorDb = -45.0;          // Of all, and below the loudest band of a frame.
constexpr std::size_t kSearchPatches = 60;  // Either way.
constexpr double kLeastSimilarity =
    0.15;  // Below it, two signals have nothing to do with each other.
constexpr std::size_t kMaxDelaySamples = std::size_t{1} << 18;

using Signal = std::vector<double>;

struct Mode {
  GammatoneSpec bank;
  std::size_t patch_frames;
};

// Which frames of the reference a patch starts at, and where it was found.
struct Match {
  std::size_t reference_frame = 0;
  std::optional<std::size_t> degraded_frame;  // Nothing where the patch was lost.
  std::vector<double> similarity;             // Per band.
};

Signal mix(AudioView audio) {
  Signal out(audio.frames(), 0.0);
  for (std::size_t c = 0; c < audio.channels(); ++c) {
    const auto channel = audio.channel(c);
    for (std::size_t n = 0; n < out.size(); ++n) out[n] += channel[n];
  }
  for (double& sample : out) sample /= static_cast<double>(audio.channels());
  return out;
}

double energy_of(std::span<const double> signal) {
  return std::inner_product(signal.begin(), signal.end(), signal.begin(), 0.0);
}

// What delays are found by. The distributed ViSQOL means to take the analytic signal's magnitude
// here, but drops its imaginary part: the published scores rest on the rectified signal.
std::vector<float> envelope(std::span<const double> signal) {
  const double mean =
      std::accumulate(signal.begin(), signal.end(), 0.0) / static_cast<double>(signal.size());
  std::vector<float> out(signal.size());
  std::transform(signal.begin(), signal.end(), out.begin(), [mean](double sample) {
    return static_cast<float>(2.0 * std::abs(sample - mean) + mean);
  });
  return out;
}

// By how many samples the degraded signal is later; 0 where that would be over half the reference.
Result<std::ptrdiff_t> find_delay(std::span<const double> reference,
                                  std::span<const double> degraded) {
  const auto ref = envelope(reference);
  const auto deg = envelope(degraded);
  const std::size_t max_lag = std::min(std::max(ref.size(), deg.size()) - 1, kMaxDelaySamples);
  SYRINX_ASSIGN(auto correlation, SegmentedCorrelation::create(ref, deg, max_lag));
  const std::ptrdiff_t lag = correlation.strongest_lag();
  return 2 * std::abs(lag) > std::ssize(reference) ? 0 : lag;
}

// Earlier by `delay`: cut at the front, or silence put there.
Signal moved_earlier(std::span<const double> signal, std::ptrdiff_t delay) {
  const auto cut = std::clamp<std::ptrdiff_t>(delay, 0, std::ssize(signal));
  Signal out(static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, -delay)), 0.0);
  out.insert(out.end(), signal.begin() + cut, signal.end());
  return out;
}

// Both in dB over a common floor: what is 45 dB below the loudest band of a frame is not seen.
void prepare(BandFrames& reference, BandFrames& degraded) {
  for (BandFrames* spectrogram : {&reference, &degraded})
    for (double& value : spectrogram->values()) {
      const double rms = value > 0.0 ? value : std::numeric_limits<double>::epsilon();
      value = std::max(kFloorDb, 10.0 * std::log10(rms));
    }
  const std::size_t frames = std::min(reference.frames(), degraded.frames());
  for (std::size_t i = 0; i < frames; ++i) {
    const auto ref = reference.frame(i);
    const auto deg = degraded.frame(i);
    const double loudest = std::max(*std::max_element(ref.begin(), ref.end()),
                                    *std::max_element(deg.begin(), deg.end()));
    for (double& value : ref) value = std::max(value, loudest + kFloorDb);
    for (double& value : deg) value = std::max(value, loudest + kFloorDb);
  }
  const auto ref = reference.values();
  const auto deg = degraded.values();
  const double floor = std::min(*std::min_element(ref.begin(), ref.end()),
                                *std::min_element(deg.begin(), deg.end()));
  for (double& value : ref) value -= floor;
  for (double& value : deg) value -= floor;
}

// Finds the patches of the reference again, in their order, so that their similarity is largest in
// sum; a patch may be lost on the way.
class PatchMatcher {
 public:
  PatchMatcher(const BandFrames& reference, const BandFrames& degraded, std::size_t patch_frames,
               std::vector<std::size_t> starts)
      : reference_(reference),
        frames_(patch_frames),
        starts_(std::move(starts)),
        reach_(kSearchPatches * patch_frames) {
    while (!starts_.empty() && starts_.back() > degraded.frames() + frames_ / 2) starts_.pop_back();
    for (std::size_t i = 0; i < degraded.frames(); ++i)
      candidates_.emplace_back(degraded, i, frames_);
  }

  // Nothing where no patch has a place in the degraded signal.
  std::vector<Match> match() {
    if (starts_.empty() || candidates_.empty()) return {};
    for (std::size_t p = 0; p < starts_.size(); ++p) extend(p);
    return trace_back();
  }

 private:
  // The best sum up to a patch that is found at a frame, and where the patch before it was found:
  // at the same frame if this one is lost.
  struct Step {
    double sum = 0.0;
    std::size_t before = 0;
  };

  std::size_t first_frame(std::size_t patch) const {
    return starts_[patch] - std::min(starts_[patch], reach_);
  }
  std::size_t end_frame(std::size_t patch) const {
    return std::min(starts_[patch] + reach_ + 1, candidates_.size());
  }

  void extend(std::size_t patch) {
    const NsimPatch wanted(reference_, starts_[patch], frames_);
    std::vector<Step> steps(candidates_.size());
    std::optional<std::size_t> best_before;
    std::size_t seen = patch > 0 ? first_frame(patch - 1) : 0;
    for (std::size_t i = first_frame(patch); i < end_frame(patch); ++i) {
      steps[i] = {mean_of(nsim(wanted, candidates_[i])), i + 1};
      if (patch == 0) continue;
      const auto& last = steps_.back();
      for (; seen < i; ++seen)
        if (!best_before || last[seen].sum >= last[*best_before].sum) best_before = seen;
      if (best_before) steps[i] = {steps[i].sum + last[*best_before].sum, *best_before};
      if (!best_before || last[i].sum > steps[i].sum) steps[i] = {last[i].sum, i};
    }
    steps_.push_back(std::move(steps));
  }

  std::vector<Match> trace_back() const {
    const std::size_t last = starts_.size() - 1;
    std::size_t at = first_frame(last);
    for (std::size_t i = at; i < end_frame(last); ++i)
      if (steps_[last][i].sum > steps_[last][at].sum) at = i;
    std::vector<Match> matches(starts_.size());
    for (std::size_t p = starts_.size(); p-- > 0;) {
      matches[p].reference_frame = starts_[p];
      if (steps_[p][at].before == at) {
        matches[p].similarity.assign(reference_.bands(), 0.0);
      } else {
        matches[p].degraded_frame = at;
        matches[p].similarity = nsim(NsimPatch(reference_, starts_[p], frames_), candidates_[at]);
      }
      at = std::min(steps_[p][at].before, candidates_.size() - 1);
    }
    return matches;
  }

  const BandFrames& reference_;
  std::size_t frames_;
  std::vector<std::size_t> starts_;
  std::size_t reach_;
  std::vector<NsimPatch> candidates_;
  std::vector<std::vector<Step>> steps_;
};

// The samples of a patch; what lies past the end is left out. Its ends are taken from seconds, cut
// to whole samples: a patch that is a sample shorter has a frame less, and the published scores
// rest on it.
std::span<const double> patch_samples(const Signal& signal, std::size_t frame, const Mode& mode) {
  const double rate = mode.bank.sample_rate_hz;
  const double hop_s = static_cast<double>(mode.bank.hop_samples()) / rate;
  const double begin_s = static_cast<double>(frame) * hop_s;
  const double end_s = begin_s + static_cast<double>(mode.patch_frames) * hop_s;
  const auto begin = std::min(static_cast<std::size_t>(begin_s * rate), signal.size() - 1);
  const auto end = std::min(static_cast<std::size_t>(end_s * rate), signal.size() - 1);
  return std::span(signal).subspan(begin, end - begin);
}

// Aligns a matched patch to the sample, and keeps the better of both similarities.
Result<void> refine(Match& match, const Signal& reference, const Signal& degraded,
                    const Mode& mode) {
  const auto ref = patch_samples(reference, match.reference_frame, mode);
  const auto deg = patch_samples(degraded, *match.degraded_frame, mode);
  const std::size_t window = mode.bank.window_samples();
  if (ref.size() <= window || deg.size() <= window) return {};
  SYRINX_ASSIGN(const std::ptrdiff_t delay, find_delay(ref, deg));
  const auto late_ref = ref.subspan(static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, -delay)));
  const auto late_deg = deg.subspan(
      std::min(deg.size(), static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, delay))));
  const std::size_t size = std::min(late_ref.size(), late_deg.size());
  if (size <= window) return {};
  SYRINX_ASSIGN(auto ref_bands, gammatone_spectrogram(late_ref.first(size), mode.bank));
  SYRINX_ASSIGN(auto deg_bands, gammatone_spectrogram(late_deg.first(size), mode.bank));
  prepare(ref_bands, deg_bands);
  auto similarity = nsim(NsimPatch(ref_bands, 0, ref_bands.frames()),
                         NsimPatch(deg_bands, 0, ref_bands.frames()));
  if (mean_of(similarity) >= mean_of(match.similarity)) match.similarity = std::move(similarity);
  return {};
}

// Music is compared from end to end.
std::vector<std::size_t> all_patches(std::size_t frames, std::size_t patch_frames) {
  std::vector<std::size_t> starts;
  const std::size_t first = patch_frames / 2;
  if (frames < patch_frames + first) return starts;
  const std::size_t end = std::max(frames - patch_frames, first + 1);
  for (std::size_t i = first; i < end; i += patch_frames) starts.push_back(i - 1);
  return starts;
}

// Which hops hold speech: louder than an RMS of 5000 of 32768 after scaling to the largest sample,
// or within two hops after such.
std::vector<bool> active_hops(const Signal& signal, std::size_t first_sample, std::size_t hop,
                              std::size_t count) {
  constexpr double kThreshold = 5'000.0 / 32'768.0;
  const double peak = *std::max_element(signal.begin(), signal.end());
  std::vector<bool> loud(count, false);
  std::vector<bool> active(count, true);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t begin = std::min(first_sample + i * hop, signal.size());
    const auto samples = std::span(signal).subspan(begin, std::min(hop, signal.size() - begin));
    const double rms = std::sqrt(energy_of(samples) / static_cast<double>(hop));
    loud[i] = peak > 0.0 && rms >= kThreshold * peak;
    if (i >= 2) active[i] = loud[i] || loud[i - 1] || loud[i - 2];
  }
  return active;
}

// Of speech, only the patches that hold some count.
std::vector<std::size_t> active_patches(const Signal& reference, std::size_t frames,
                                        const Mode& mode) {
  std::vector<std::size_t> starts;
  const std::size_t first = mode.patch_frames / 2 - 1;
  if (frames < first + mode.patch_frames) return starts;
  const std::size_t patches = (frames - first) / mode.patch_frames;
  const auto active =
      active_hops(reference, first, mode.bank.hop_samples(), patches * mode.patch_frames);
  for (std::size_t p = 0; p < patches; ++p) {
    const auto begin = active.begin() + static_cast<std::ptrdiff_t>(p * mode.patch_frames);
    const auto end = begin + static_cast<std::ptrdiff_t>(mode.patch_frames);
    if (std::find(begin, end, true) != end) starts.push_back(first + p * mode.patch_frames);
  }
  return starts;
}

std::vector<double> mean_similarity(std::span<const Match> matches) {
  std::vector<double> mean(matches.front().similarity.size(), 0.0);
  for (const Match& match : matches)
    for (std::size_t b = 0; b < mean.size(); ++b) mean[b] += match.similarity[b];
  for (double& value : mean) value /= static_cast<double>(matches.size());
  return mean;
}

Result<void> check(AudioView reference, AudioView degraded) {
  SYRINX_TRY(check_comparable(reference, degraded, "ViSQOL"));
  const auto longest = std::max(reference.frames(), degraded.frames());
  if (longest > kMaxVisqolSamples)
    return make_error(ErrorCode::kLimitExceeded, "ViSQOL: ", longest,
                      " samples were given, the limit is ", kMaxVisqolSamples,
                      "; cut the signals into parts of 5 to 10 s");
  return {};
}

// Everything but the mapping to a MOS.
template <class FindPatches>
Result<VisqolScore> compare(AudioView reference, AudioView degraded, const Mode& mode,
                            FindPatches find_patches) {
  const Signal ref = mix(reference);
  const Signal late = mix(degraded);
  SYRINX_ASSIGN(const std::ptrdiff_t delay, find_delay(ref, late));
  Signal deg = moved_earlier(late, delay);
  const double ref_energy = energy_of(ref);
  const double deg_energy = energy_of(deg);
  if (ref_energy <= 0.0 || deg_energy <= 0.0)
    return make_error(ErrorCode::kInvalidArgument, "ViSQOL: one of the signals is silent");
  const double gain = std::sqrt(ref_energy / static_cast<double>(ref.size()) *
                                static_cast<double>(deg.size()) / deg_energy);
  for (double& sample : deg) sample *= gain;
  SYRINX_ASSIGN(auto ref_bands, gammatone_spectrogram(ref, mode.bank));
  SYRINX_ASSIGN(auto deg_bands, gammatone_spectrogram(deg, mode.bank));
  prepare(ref_bands, deg_bands);
  auto matches =
      PatchMatcher(ref_bands, deg_bands, mode.patch_frames, find_patches(ref, ref_bands.frames()))
          .match();
  if (matches.empty())
    return make_error(ErrorCode::kInvalidArgument,
                      "ViSQOL: the signals are too short, or hold nothing to compare; 5 to 10 s "
                      "of each are expected");
  for (Match& match : matches)
    if (match.degraded_frame) SYRINX_TRY(refine(match, ref, deg, mode));
  VisqolScore score;
  score.band_similarity = mean_similarity(matches);
  score.similarity = mean_of(score.band_similarity);
  score.delay_s = static_cast<double>(delay) / reference.sample_rate_hz();
  return score;
}

double keep_in_range(double mos, double similarity) {
  return similarity < kLeastSimilarity ? 1.0 : std::clamp(mos, 1.0, 5.0);
}

}  // namespace

Result<VisqolScore> visqol_audio(AudioView reference, AudioView degraded,
                                 const VisqolAudioModel& model) {
  SYRINX_TRY(check(reference, degraded));
  if (reference.sample_rate_hz() != 48'000)
    return make_error(ErrorCode::kUnsupported, "ViSQOL for audio takes 48000 Hz, ",
                      reference.sample_rate_hz(), " Hz were given; resample both signals first");
  const Mode mode{{48'000, 32, 50.0, 24'000.0}, 30};
  SYRINX_ASSIGN(auto score,
                compare(reference, degraded, mode, [&](const Signal&, std::size_t frames) {
                  return all_patches(frames, mode.patch_frames);
                }));
  score.mos_lqo = keep_in_range(model.predict(score.band_similarity), score.similarity);
  return score;
}

Result<VisqolScore> visqol_speech(AudioView reference, AudioView degraded) {
  SYRINX_TRY(check(reference, degraded));
  const int rate = reference.sample_rate_hz();
  if (rate < 16'000 || rate > 48'000)
    return make_error(ErrorCode::kUnsupported, "ViSQOL for speech takes 16000 to 48000 Hz, ", rate,
                      " Hz were given; resample both signals first");
  const Mode mode{{rate, 21, 50.0, 8'000.0}, 20};
  SYRINX_ASSIGN(auto score,
                compare(reference, degraded, mode, [&](const Signal& signal, std::size_t frames) {
                  return active_patches(signal, frames, mode);
                }));
  // Fitted to the TCD-VoIP data set, and scaled so that equal signals reach 5.
  const double mos =
      1.245063 * (-262.847869 + std::exp(0.0154302525 * (score.similarity + 361.063949)));
  score.mos_lqo = keep_in_range(mos, score.similarity);
  return score;
}

}  // namespace syrinx::measure
