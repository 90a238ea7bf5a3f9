// SPDX-License-Identifier: Apache-2.0
#include "intelligibility/recogniser.h"

#include <pocketsphinx.h>
#include <sphinxbase/err.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "syrinx/core/dsp/resample.h"

namespace syrinx::bench {
namespace {

constexpr int kModelRateHz = 16'000;
constexpr std::size_t kPaddingFrames = kModelRateHz / 5;

struct FreeDecoder {
  void operator()(ps_decoder_t* decoder) const noexcept { ::ps_free(decoder); }
};
struct FreeConfig {
  void operator()(cmd_ln_t* config) const noexcept { ::cmd_ln_free_r(config); }
};

AudioBuffer mix_to_mono(AudioView audio) {
  AudioBuffer mono(1, audio.frames(), audio.sample_rate_hz());
  const float weight = 1.0f / static_cast<float>(std::max<std::size_t>(audio.channels(), 1));
  for (std::size_t c = 0; c < audio.channels(); ++c) {
    const auto from = audio.channel(c);
    for (std::size_t i = 0; i < from.size(); ++i) mono.channel(0)[i] += weight * from[i];
  }
  return mono;
}

std::vector<std::int16_t> padded_int16(std::span<const float> samples) {
  std::vector<std::int16_t> out(samples.size() + 2 * kPaddingFrames);
  std::transform(samples.begin(), samples.end(), out.begin() + kPaddingFrames, [](float sample) {
    return static_cast<std::int16_t>(std::lround(std::clamp(sample, -1.0f, 1.0f) * 32'767.0f));
  });
  return out;
}

Error failed(const char* step) {
  return make_error(ErrorCode::kInternal, "pocketsphinx failed to ", step, " an utterance");
}

}  // namespace

struct Recogniser::Impl {
  std::unique_ptr<ps_decoder_t, FreeDecoder> decoder;
};

Recogniser::Recogniser(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
Recogniser::Recogniser(Recogniser&&) noexcept = default;
Recogniser& Recogniser::operator=(Recogniser&&) noexcept = default;
Recogniser::~Recogniser() = default;

Result<Recogniser> Recogniser::load(const std::filesystem::path& model) {
  ::err_set_logfp(nullptr);
  for (const char* part : {"en-us", "en-us.lm.bin", "cmudict-en-us.dict"}) {
    if (std::filesystem::exists(model / part)) continue;
    return make_error(ErrorCode::kNotFound, "'", (model / part).string(),
                      "' is missing; install pocketsphinx-en-us, or name its folder");
  }
  const std::unique_ptr<cmd_ln_t, FreeConfig> config(
      ::cmd_ln_init(nullptr, ::ps_args(), TRUE, "-hmm", (model / "en-us").c_str(), "-lm",
                    (model / "en-us.lm.bin").c_str(), "-dict",
                    (model / "cmudict-en-us.dict").c_str(), "-logfn", "/dev/null", nullptr));
  auto impl = std::make_unique<Impl>();
  if (config) impl->decoder.reset(::ps_init(config.get()));
  if (impl->decoder) return Recogniser(std::move(impl));
  return make_error(ErrorCode::kUnavailable, "pocketsphinx does not load the model in '",
                    model.string(), "'");
}

Result<std::string> Recogniser::recognise(AudioView speech) {
  const AudioBuffer mono = mix_to_mono(speech);
  SYRINX_ASSIGN(const AudioBuffer resampled, dsp::resample(mono, kModelRateHz));
  const auto samples = padded_int16(resampled.channel(0));
  ps_decoder_t* decoder = impl_->decoder.get();
  if (::ps_start_stream(decoder) < 0 || ::ps_start_utt(decoder) < 0) return failed("start");
  constexpr int kSearchToo = FALSE;
  constexpr int kWholeUtterance = TRUE;  // Its mean is then taken from itself alone.
  if (::ps_process_raw(decoder, samples.data(), samples.size(), kSearchToo, kWholeUtterance) < 0) {
    return failed("decode");
  }
  if (::ps_end_utt(decoder) < 0) return failed("end");
  const char* heard = ::ps_get_hyp(decoder, nullptr);
  return std::string(heard == nullptr ? "" : heard);
}

}  // namespace syrinx::bench
