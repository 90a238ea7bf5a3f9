// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/port/speech_feeder.h"

#include <chrono>
#include <thread>
#include <vector>

#include "syrinx/core/flow/mono.h"

namespace syrinx::call {
namespace {

constexpr std::chrono::milliseconds kWait(5);  // Where there is no room: the port does not call.
constexpr std::size_t kPieceFrames = 4'096;

Error cancelled() { return make_error(ErrorCode::kCancelled, "the speech was cancelled"); }

}  // namespace

Result<void> SpeechFeeder::write(std::span<const float> samples, Fed& fed,
                                 const std::stop_token& stop) {
  while (!samples.empty()) {
    if (stop.stop_requested()) return cancelled();
    if (port_.stopped(fed.utterance)) {
      fed.stopped = true;
      return {};
    }
    const std::size_t taken = port_.write(fed.utterance, samples);
    fed.samples += taken;
    samples = samples.subspan(taken);
    if (!samples.empty()) std::this_thread::sleep_for(kWait);
  }
  return {};
}

Result<void> SpeechFeeder::convert(AudioView block, dsp::Resampler& resampler, Fed& fed,
                                   const std::stop_token& stop) {
  const std::vector<double> mean = mean_of_channels(block);
  const std::vector<float> mono(mean.begin(), mean.end());
  std::vector<float> out(kPieceFrames);
  std::size_t at = 0;
  while (!fed.stopped) {
    const auto progress =
        resampler.process(AudioView(std::span<const float>(mono).subspan(at), resampler.in_hz()),
                          MutableAudioView(out, resampler.out_hz()));
    at += progress.consumed;
    if (progress.consumed == 0 && progress.produced == 0) return {};
    SYRINX_TRY(write(std::span<const float>(out).first(progress.produced), fed, stop));
  }
  return {};
}

Result<void> SpeechFeeder::pump(AudioSource& source, dsp::Resampler& resampler, Fed& fed,
                                const std::stop_token& stop) {
  AudioBuffer block;
  while (!fed.stopped) {
    SYRINX_ASSIGN(const bool more, source.next(block, stop));
    if (!more) break;
    SYRINX_TRY(convert(block, resampler, fed, stop));
  }
  std::vector<float> out(kPieceFrames);
  while (!fed.stopped) {
    const std::size_t produced = resampler.flush(MutableAudioView(out, resampler.out_hz()));
    if (produced == 0) break;
    SYRINX_TRY(write(std::span<const float>(out).first(produced), fed, stop));
  }
  return {};
}

Result<Fed> SpeechFeeder::say(AudioSource& source, const std::stop_token& stop) {
  SYRINX_ASSIGN(auto resampler,
                dsp::Resampler::create(source.sample_rate_hz(), port_.sample_rate_hz(), 1));
  Fed fed;
  SYRINX_ASSIGN(fed.utterance, port_.begin());
  const auto pumped = pump(source, resampler, fed, stop);
  while (!port_.finish(fed.utterance)) std::this_thread::sleep_for(kWait);
  if (!pumped) return pumped.error();
  fed.stopped = fed.stopped || port_.stopped(fed.utterance);
  return fed;
}

}  // namespace syrinx::call
