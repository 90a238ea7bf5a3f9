// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/dsp/resample.h"

#include <soxr.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "syrinx/core/base/check.h"
#include "syrinx/core/base/limits.h"

namespace syrinx::dsp {
namespace {

struct FreeSoxr {
  void operator()(soxr* handle) const noexcept { soxr_delete(handle); }
};
using SoxrHandle = std::unique_ptr<soxr, FreeSoxr>;

constexpr std::size_t kProbeFrames = 64;

unsigned long recipe_of(ResampleQuality quality) {
  switch (quality) {
    case ResampleQuality::kQuick:
      return SOXR_LQ;
    case ResampleQuality::kHigh:
      return SOXR_HQ;
    case ResampleQuality::kVeryHigh:
      return SOXR_VHQ;
  }
  return SOXR_VHQ;
}

Result<SoxrHandle> make_soxr(int in_hz, int out_hz, std::size_t channels, ResampleQuality quality) {
  soxr_error_t error = nullptr;
  const soxr_io_spec_t planar = soxr_io_spec(SOXR_FLOAT32_S, SOXR_FLOAT32_S);
  const soxr_quality_spec_t recipe = soxr_quality_spec(recipe_of(quality), 0);
  const soxr_runtime_spec_t one_thread = soxr_runtime_spec(1);
  SoxrHandle handle(soxr_create(in_hz, out_hz, static_cast<unsigned>(channels), &error, &planar,
                                &recipe, &one_thread));
  if (error != nullptr || handle == nullptr)
    return make_error(ErrorCode::kInternal, "soxr refused ", in_hz, " Hz to ", out_hz,
                      " Hz: ", error != nullptr ? error : "no reason given");
  return handle;
}

Result<void> check_rate(const char* which, int hz) {
  if (hz >= limits::kMinSampleRateHz && hz <= limits::kMaxSampleRateHz) return {};
  return make_error(ErrorCode::kInvalidArgument, "resampler: the ", which, " rate is ", hz,
                    " Hz but must be ", limits::kMinSampleRateHz, " to ", limits::kMaxSampleRateHz);
}

// frames * out_hz / in_hz, to nearest.
std::uint64_t converted_frames(std::uint64_t frames, int in_hz, int out_hz) {
  const auto in = static_cast<std::uint64_t>(in_hz);
  const auto out = static_cast<std::uint64_t>(out_hz);
  return frames / in * out + (frames % in * out + in / 2) / in;
}

}  // namespace

struct Resampler::State {
  int in_hz = 0;
  int out_hz = 0;
  std::size_t channels = 0;
  ResampleQuality quality = ResampleQuality::kVeryHigh;
  SoxrHandle handle;
  std::size_t latency_frames = 0;
  bool failed = false;
  std::vector<const float*> in_rows;
  std::vector<float*> out_rows;

  void point_at(AudioView in) noexcept {
    for (std::size_t c = 0; c < channels; ++c) in_rows[c] = in.channel(c).data();
  }
  void point_at(MutableAudioView out) noexcept {
    for (std::size_t c = 0; c < channels; ++c) out_rows[c] = out.channel(c).data();
  }
  Progress run(const float* const* in, std::size_t in_frames, std::size_t out_frames) noexcept;
  Result<void> measure_latency();
};

Resampler::Progress Resampler::State::run(const float* const* in, std::size_t in_frames,
                                          std::size_t out_frames) noexcept {
  Progress progress;
  if (soxr_process(handle.get(), in, in_frames, &progress.consumed, out_rows.data(), out_frames,
                   &progress.produced) == nullptr) {
    return progress;
  }
  failed = true;
  for (float* row : out_rows) std::fill_n(row, out_frames, 0.0f);
  return {in_frames, in == nullptr ? 0 : out_frames};
}

// Feeds silence to a twin until it answers: the lag is largest just before the first output.
Result<void> Resampler::State::measure_latency() {
  SYRINX_ASSIGN(const auto twin, make_soxr(in_hz, out_hz, 1, quality));
  const std::vector<float> silence(kProbeFrames);
  std::vector<float> out(converted_frames(kProbeFrames, in_hz, out_hz) * 64 + 64);
  const float* in_row = silence.data();
  float* out_row = out.data();
  std::size_t fed = 0;
  for (std::size_t produced = 0; produced == 0 && fed < static_cast<std::size_t>(in_hz);) {
    std::size_t consumed = 0;
    if (soxr_process(twin.get(), &in_row, kProbeFrames, &consumed, &out_row, out.size(),
                     &produced) != nullptr)
      return make_error(ErrorCode::kInternal, "soxr failed on its first block");
    fed += consumed;
  }
  latency_frames = static_cast<std::size_t>(converted_frames(fed, in_hz, out_hz)) + 1;
  return {};
}

Result<Resampler> Resampler::create(int in_hz, int out_hz, std::size_t channels,
                                    ResampleQuality quality) {
  SYRINX_TRY(check_rate("input", in_hz));
  SYRINX_TRY(check_rate("output", out_hz));
  if (channels == 0 || channels > limits::kMaxChannels)
    return make_error(ErrorCode::kInvalidArgument, "resampler: ", channels,
                      " channels were asked for; give 1 to ", limits::kMaxChannels);
  auto state = std::make_unique<State>();
  state->in_hz = in_hz;
  state->out_hz = out_hz;
  state->channels = channels;
  state->quality = quality;
  SYRINX_ASSIGN(state->handle, make_soxr(in_hz, out_hz, channels, quality));
  state->in_rows.resize(channels);
  state->out_rows.resize(channels);
  SYRINX_TRY(state->measure_latency());
  return Resampler(std::move(state));
}

Resampler::Resampler(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
Resampler::Resampler(Resampler&&) noexcept = default;
Resampler& Resampler::operator=(Resampler&&) noexcept = default;
Resampler::~Resampler() = default;

int Resampler::in_hz() const noexcept { return state_->in_hz; }
int Resampler::out_hz() const noexcept { return state_->out_hz; }
std::size_t Resampler::channels() const noexcept { return state_->channels; }
std::size_t Resampler::latency_frames() const noexcept { return state_->latency_frames; }
bool Resampler::failed() const noexcept { return state_->failed; }

std::size_t Resampler::most_output_frames(std::size_t in_frames) const noexcept {
  const auto frames = converted_frames(in_frames, state_->in_hz, state_->out_hz);
  return static_cast<std::size_t>(frames) + state_->latency_frames + 1;
}

Resampler::Progress Resampler::process(AudioView in, MutableAudioView out) noexcept {
  SYRINX_CHECK(in.channels() == channels() && out.channels() == channels(),
               "resampler given another number of channels");
  SYRINX_CHECK(in.sample_rate_hz() == in_hz() && out.sample_rate_hz() == out_hz(),
               "resampler given another sample rate");
  if (in.frames() == 0) return {};  // To soxr, an empty block would be the end.
  state_->point_at(in);
  state_->point_at(out);
  return state_->run(state_->in_rows.data(), in.frames(), out.frames());
}

std::size_t Resampler::flush(MutableAudioView out) noexcept {
  SYRINX_CHECK(out.channels() == channels(), "resampler given another number of channels");
  if (out.frames() == 0) return 0;
  state_->point_at(out);
  return state_->run(nullptr, 0, out.frames()).produced;
}

Result<void> Resampler::reset() {
  SYRINX_ASSIGN(state_->handle,
                make_soxr(state_->in_hz, state_->out_hz, state_->channels, state_->quality));
  state_->failed = false;
  return {};
}

Result<AudioBuffer> resample(AudioView audio, int out_hz, ResampleQuality quality) {
  SYRINX_ASSIGN(auto resampler,
                Resampler::create(audio.sample_rate_hz(), out_hz, audio.channels(), quality));
  const std::uint64_t frames = converted_frames(audio.frames(), audio.sample_rate_hz(), out_hz);
  if (frames > limits::kMaxBufferSamples / audio.channels())
    return make_error(ErrorCode::kLimitExceeded, "resampling to ", out_hz, " Hz would make ",
                      frames, " frames of ", audio.channels(), " channels; at most ",
                      limits::kMaxBufferSamples, " samples fit");
  if (out_hz == audio.sample_rate_hz()) return AudioBuffer(audio);
  AudioBuffer out(audio.channels(), static_cast<std::size_t>(frames), out_hz);
  std::size_t read = 0;
  std::size_t written = 0;
  while (read < audio.frames() && written < out.frames()) {
    const auto moved = resampler.process(audio.slice(read, audio.frames() - read),
                                         out.view().slice(written, out.frames() - written));
    read += moved.consumed;
    written += moved.produced;
    if (moved.consumed == 0 && moved.produced == 0) break;
  }
  while (written < out.frames()) {
    const std::size_t got = resampler.flush(out.view().slice(written, out.frames() - written));
    if (got == 0) break;
    written += got;
  }
  if (resampler.failed()) return make_error(ErrorCode::kInternal, "soxr failed while resampling");
  return out;
}

Result<std::unique_ptr<AudioSource>> ResamplingSource::create(std::unique_ptr<AudioSource> inner,
                                                              int out_hz, ResampleQuality quality) {
  SYRINX_ASSIGN(auto resampler,
                Resampler::create(inner->sample_rate_hz(), out_hz, inner->channels(), quality));
  return std::unique_ptr<AudioSource>(new ResamplingSource(std::move(inner), std::move(resampler)));
}

ResamplingSource::ResamplingSource(std::unique_ptr<AudioSource> inner, Resampler resampler)
    : inner_(std::move(inner)), resampler_(std::move(resampler)) {}

// All that given_ brings, into `block`.
std::size_t ResamplingSource::convert(AudioBuffer& block) {
  block.reshape(channels(), resampler_.most_output_frames(given_.frames()), sample_rate_hz());
  std::size_t read = 0;
  std::size_t written = 0;
  while (read < given_.frames()) {
    const auto moved = resampler_.process(given_.view().slice(read, given_.frames() - read),
                                          block.view().slice(written, block.frames() - written));
    read += moved.consumed;
    written += moved.produced;
    if (moved.consumed == 0 && moved.produced == 0) block.resize(2 * block.frames());
  }
  return written;
}

std::size_t ResamplingSource::drain(AudioBuffer& block) {
  block.reshape(channels(), resampler_.most_output_frames(0), sample_rate_hz());
  return resampler_.flush(block.view());
}

Result<bool> ResamplingSource::next(AudioBuffer& block, const std::stop_token& stop) {
  while (true) {
    if (!ended_) {
      SYRINX_ASSIGN(const bool more, inner_->next(given_, stop));
      ended_ = !more;
    }
    const std::size_t frames = ended_ ? drain(block) : convert(block);
    if (resampler_.failed())
      return make_error(ErrorCode::kInternal, "soxr failed while resampling");
    block.resize(frames);
    if (frames > 0) return true;
    if (ended_) return false;
  }
}

std::string resampler_library_version() { return soxr_version(); }

}  // namespace syrinx::dsp
