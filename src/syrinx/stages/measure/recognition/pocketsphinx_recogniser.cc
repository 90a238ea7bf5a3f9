// SPDX-License-Identifier: Apache-2.0
#include <pocketsphinx.h>
#include <sphinxbase/err.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include "syrinx/stages/measure/recognition/recogniser.h"

namespace syrinx::measure {
namespace {

constexpr int kModelRateHz = 16'000;
constexpr double kFramesPerS = 100.0;
// Silence before and after, a fifth of a second: the decoder expects some.
constexpr std::size_t kPaddingFrames = kModelRateHz / 5;
constexpr const char* kParts[] = {"en-us", "en-us.lm.bin", "cmudict-en-us.dict"};
constexpr const char* kPlaces[] = {"/usr/share/pocketsphinx/model/en-us",
                                   "/usr/local/share/pocketsphinx/model/en-us"};

struct FreeDecoder {
  void operator()(ps_decoder_t* decoder) const noexcept { ::ps_free(decoder); }
};
struct FreeConfig {
  void operator()(cmd_ln_t* config) const noexcept { ::cmd_ln_free_r(config); }
};
using Decoder = std::unique_ptr<ps_decoder_t, FreeDecoder>;

// A sample that is not finite is silence.
std::int16_t to_int16(float sample) {
  if (!std::isfinite(sample)) return 0;
  return static_cast<std::int16_t>(std::lround(std::clamp(sample, -1.0f, 1.0f) * 32'767.0f));
}

std::vector<std::int16_t> padded_int16(std::span<const float> samples) {
  std::vector<std::int16_t> out(samples.size() + 2 * kPaddingFrames);
  std::transform(samples.begin(), samples.end(), out.begin() + kPaddingFrames, to_int16);
  return out;
}

// A library never prints. Where messages go is one for the whole process, and a file that is named
// for them (-logfn) is closed by the next decoder's, under whoever is writing.
void never_print() {
  static std::once_flag once;
  std::call_once(once, [] { ::err_set_logfp(nullptr); });
}

Error failed(const char* step) {
  return make_error(ErrorCode::kInternal, "pocketsphinx failed to ", step, " an utterance");
}

Result<void> check_speech(AudioView speech, int rate_hz) {
  if (speech.channels() == 1 && speech.frames() > 0 && speech.sample_rate_hz() == rate_hz)
    return {};
  return make_error(ErrorCode::kInvalidArgument, "the recogniser takes mono sound at ", rate_hz,
                    " Hz, not ", speech.frames(), " frames of ", speech.channels(), " channels at ",
                    speech.sample_rate_hz(), " Hz");
}

Result<void> check(const RecogniserTuning& tuning) {
  if (tuning.pace >= 0.25 && tuning.pace <= 4.0 && tuning.formant_ratio >= 0.7 &&
      tuning.formant_ratio <= 1.4)
    return {};
  return make_error(ErrorCode::kInvalidArgument, "the recogniser is tuned to a pace of ",
                    tuning.pace, " and formants times ", tuning.formant_ratio,
                    "; give 0.25 to 4 and 0.7 to 1.4");
}

class PocketSphinx final : public Recogniser {
 public:
  PocketSphinx(Decoder decoder, int rate_hz) : decoder_(std::move(decoder)), rate_hz_(rate_hz) {}

  std::string_view name() const noexcept override { return "pocketsphinx en-us"; }
  int sample_rate_hz() const noexcept override { return rate_hz_; }

  Result<std::string> recognise(AudioView speech) override {
    SYRINX_TRY(check_speech(speech, rate_hz_));
    const auto samples = padded_int16(speech.channel(0));
    ps_decoder_t* decoder = decoder_.get();
    if (::ps_start_stream(decoder) < 0 || ::ps_start_utt(decoder) < 0) return failed("start");
    constexpr int kSearchToo = FALSE;
    constexpr int kWholeUtterance = TRUE;  // Its mean is then taken from itself alone.
    const int taken =
        ::ps_process_raw(decoder, samples.data(), samples.size(), kSearchToo, kWholeUtterance);
    const int ended = ::ps_end_utt(decoder);
    if (taken < 0) return failed("decode");
    if (ended < 0) return failed("end");
    const char* heard = ::ps_get_hyp(decoder, nullptr);
    return std::string(heard == nullptr ? "" : heard);
  }

 private:
  Decoder decoder_;
  int rate_hz_;
};

bool is_complete(const std::filesystem::path& model) {
  std::error_code ignored;
  return std::all_of(std::begin(kParts), std::end(kParts), [&](const char* part) {
    return std::filesystem::exists(model / part, ignored);
  });
}

Result<std::filesystem::path> find_model(const std::filesystem::path& given) {
  for (const char* part : kParts) {
    std::error_code ignored;
    if (given.empty() || std::filesystem::exists(given / part, ignored)) continue;
    return make_error(ErrorCode::kNotFound, "'", (given / part).string(),
                      "' is missing; name the folder of pocketsphinx's US English model, which "
                      "the package pocketsphinx-en-us brings");
  }
  if (!given.empty()) return given;
  for (const char* place : kPlaces) {
    if (is_complete(place)) return std::filesystem::path(place);
  }
  return make_error(ErrorCode::kNotFound, "pocketsphinx's US English model is neither in ",
                    kPlaces[0], " nor in ", kPlaces[1],
                    "; install pocketsphinx-en-us, or name its folder");
}

}  // namespace

bool has_recogniser() noexcept { return true; }

Result<std::unique_ptr<Recogniser>> load_recogniser(const std::filesystem::path& model,
                                                    const RecogniserTuning& tuning) {
  SYRINX_TRY(check(tuning));
  SYRINX_ASSIGN(const auto folder, find_model(model));
  // Formants that stand higher are taken down by more samples a second, of which the decoder is not
  // told, and frames as much further apart.
  const auto rate_hz = static_cast<int>(std::lround(kModelRateHz * tuning.formant_ratio));
  const std::string frames_per_s =
      std::to_string(std::lround(kFramesPerS * tuning.pace / tuning.formant_ratio));
  never_print();
  const std::unique_ptr<cmd_ln_t, FreeConfig> config(
      ::cmd_ln_init(nullptr, ::ps_args(), TRUE, "-hmm", (folder / kParts[0]).c_str(), "-lm",
                    (folder / kParts[1]).c_str(), "-dict", (folder / kParts[2]).c_str(), "-frate",
                    frames_per_s.c_str(), nullptr));
  Decoder decoder(config ? ::ps_init(config.get()) : nullptr);
  if (!decoder)
    return make_error(ErrorCode::kUnavailable, "pocketsphinx does not load the model in '",
                      folder.string(), "'");
  return std::unique_ptr<Recogniser>(std::make_unique<PocketSphinx>(std::move(decoder), rate_hz));
}

}  // namespace syrinx::measure
