// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/fx_pipeline.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "syrinx/apps/cli/fx_two_pass.h"
#include "syrinx/core/base/realtime.h"
#include "syrinx/stages/effects/chain.h"

namespace syrinx::cli {
namespace {

using nlohmann::json;

constexpr std::size_t kBlockFrames = 16'384;

void make_silent(MutableAudioView audio) {
  for (std::size_t c = 0; c < audio.channels(); ++c)
    std::fill(audio.channel(c).begin(), audio.channel(c).end(), 0.0f);
}

// Takes the first `skip` frames off a stream and asks for as many more of silence at its end: how a
// step that lags behind comes out in time.
class Alignment {
 public:
  explicit Alignment(std::size_t latency) : skip_(latency), owed_(latency) {}

  // The next block to process, or false when all is done.
  Result<bool> next(AudioSource& input, AudioBuffer& block, const std::stop_token& stop) {
    if (!ended_) {
      SYRINX_ASSIGN(const bool more, input.next(block, stop));
      if (more) return true;
      ended_ = true;
    }
    const std::size_t frames = std::min(owed_, kBlockFrames);
    block.reshape(input.channels(), frames, input.sample_rate_hz());
    make_silent(block.view());
    owed_ -= frames;
    return frames > 0;
  }
  // Takes off what is too early; true when something is left.
  bool keep(AudioBuffer& block) {
    const std::size_t off = std::min(skip_, block.frames());
    skip_ -= off;
    if (off > 0) block = AudioBuffer(block.view().slice(off, block.frames() - off));
    return block.frames() > 0;
  }

 private:
  std::size_t skip_;
  std::size_t owed_;
  bool ended_ = false;
};

class ChainStream final : public FxStream {
 public:
  ChainStream(AudioSource& input, effects::Chain chain, const effects::ChainSpec& spec)
      : FxStream(input),
        chain_(std::move(chain)),
        spec_(spec),
        alignment_(chain_.latency_samples()) {}

  Result<bool> next(AudioBuffer& block, const std::stop_token& stop) override {
    do {
      SYRINX_ASSIGN(const bool more, alignment_.next(input(), block, stop));
      if (!more) return false;
      const RealtimeScope no_denormals;
      const std::size_t most = chain_.format().max_block_frames;
      for (std::size_t at = 0; at < block.frames(); at += most)
        chain_.process(block.view().slice(at, std::min(most, block.frames() - at)));
    } while (!alignment_.keep(block));
    return true;
  }
  json report() const override {
    json steps = json::array();
    for (std::size_t i = 0; i < chain_.size(); ++i) {
      const effects::Effect& effect = chain_.effect(i);
      json one = {{"step", effect.name()}, {"latency_samples", effect.latency_samples()}};
      if (spec_.effects[i].bypass) one["bypass"] = true;
      if (spec_.effects[i].mix != 1.0) one["mix"] = spec_.effects[i].mix;
      if (const auto reduction = effect.gain_reduction_db())
        one["gain_reduction_db"] = std::max(0.0, *reduction);
      steps.push_back(one);
    }
    if (chain_.bad_samples() > 0)
      steps.push_back({{"step", "repair"}, {"bad_samples", chain_.bad_samples()}});
    return steps;
  }

 private:
  effects::Chain chain_;
  effects::ChainSpec spec_;
  Alignment alignment_;
};

class StereoStream final : public FxStream {
 public:
  explicit StereoStream(AudioSource& input) : FxStream(input) {}
  std::size_t channels() const noexcept override { return 2; }
  Result<bool> next(AudioBuffer& block, const std::stop_token& stop) override {
    AudioBuffer& given = channels_given() == 2 ? block : mono_;
    SYRINX_ASSIGN(const bool more, input().next(given, stop));
    if (!more) block.reshape(2, 0, sample_rate_hz());
    if (!more || channels_given() == 2) return more;
    block.reshape(2, mono_.frames(), sample_rate_hz());
    for (const std::size_t c : {0u, 1u})
      std::copy(mono_.channel(0).begin(), mono_.channel(0).end(), block.channel(c).begin());
    return true;
  }
  json report() const override { return one_step({{"step", "stereo"}}); }

 private:
  std::size_t channels_given() noexcept { return input().channels(); }
  AudioBuffer mono_;
};

class EncodeStream final : public FxStream {
 public:
  EncodeStream(AudioSource& input, effects::AmbisonicEncoder encoder)
      : FxStream(input), encoder_(std::move(encoder)) {}
  std::size_t channels() const noexcept override { return encoder_.channels(); }
  Result<bool> next(AudioBuffer& block, const std::stop_token& stop) override {
    SYRINX_ASSIGN(const bool more, input().next(mono_, stop));
    block.reshape(channels(), mono_.frames(), sample_rate_hz());
    if (more) encoder_.process(mono_.channel(0), block.view());
    return more;
  }
  json report() const override {
    return one_step(
        {{"step", "ambisonics encode"}, {"channels", channels()}, {"convention", "ACN, SN3D"}});
  }

 private:
  effects::AmbisonicEncoder encoder_;
  AudioBuffer mono_;
};

class RotateStream final : public FxStream {
 public:
  RotateStream(AudioSource& input, effects::AmbisonicRotator rotator)
      : FxStream(input), rotator_(std::move(rotator)) {}
  Result<bool> next(AudioBuffer& block, const std::stop_token& stop) override {
    SYRINX_ASSIGN(const bool more, input().next(block, stop));
    if (more) rotator_.process(block.view());
    return more;
  }
  json report() const override { return one_step({{"step", "ambisonics rotate"}}); }

 private:
  effects::AmbisonicRotator rotator_;
};

class DecodeStream final : public FxStream {
 public:
  DecodeStream(AudioSource& input, effects::AmbisonicDecoder decoder)
      : FxStream(input), decoder_(std::move(decoder)), alignment_(decoder_.latency_samples()) {}
  std::size_t channels() const noexcept override { return 2; }
  Result<bool> next(AudioBuffer& block, const std::stop_token& stop) override {
    do {
      SYRINX_ASSIGN(const bool more, alignment_.next(input(), field_, stop));
      block.reshape(2, more ? field_.frames() : 0, sample_rate_hz());
      if (!more) return false;
      decoder_.process(field_, block.view());
    } while (!alignment_.keep(block));
    return true;
  }
  json report() const override {
    return one_step(
        {{"step", "ambisonics decode"}, {"latency_samples", decoder_.latency_samples()}});
  }

 private:
  effects::AmbisonicDecoder decoder_;
  Alignment alignment_;
  AudioBuffer field_;
};

std::size_t frames_of(double seconds, int sample_rate_hz) {
  return static_cast<std::size_t>(std::llround(seconds * sample_rate_hz));
}

// Holds the first seconds back until they are all there, or the sound ends.
class FadeInStream final : public FxStream {
 public:
  FadeInStream(AudioSource& input, double seconds) : FxStream(input), seconds_(seconds) {}
  Result<bool> next(AudioBuffer& block, const std::stop_token& stop) override {
    if (faded_) return input().next(block, stop);
    faded_ = true;
    AudioBuffer start(channels(), 0, sample_rate_hz());
    const std::size_t frames = frames_of(seconds_, sample_rate_hz());
    while (start.frames() < std::max<std::size_t>(1, frames)) {
      SYRINX_ASSIGN(const bool more, input().next(block, stop));
      if (!more) break;
      start.append(block);
    }
    SYRINX_TRY(effects::fade_in(start.view(), seconds_));
    block = std::move(start);
    return block.frames() > 0;
  }
  json report() const override { return one_step({{"step", "fade in"}, {"seconds", seconds_}}); }

 private:
  double seconds_;
  bool faded_ = false;
};

// Holds the newest seconds back, which may be the last ones.
class FadeOutStream final : public FxStream {
 public:
  FadeOutStream(AudioSource& input, double seconds)
      : FxStream(input),
        seconds_(seconds),
        held_frames_(frames_of(seconds, input.sample_rate_hz())),
        held_(input.channels(), 0, input.sample_rate_hz()) {}
  Result<bool> next(AudioBuffer& block, const std::stop_token& stop) override {
    // Twice as much, so that the rest is moved down only once in a while.
    while (!ended_ && held_.frames() < 2 * held_frames_ + kBlockFrames) {
      SYRINX_ASSIGN(const bool more, input().next(block, stop));
      if (more) held_.append(block);
      ended_ = !more;
    }
    if (ended_) return finish(block);
    const std::size_t out = held_.frames() - held_frames_;
    block = AudioBuffer(held_.view().slice(0, out));
    held_ = AudioBuffer(held_.view().slice(out, held_frames_));
    return true;
  }
  json report() const override { return one_step({{"step", "fade out"}, {"seconds", seconds_}}); }

 private:
  Result<bool> finish(AudioBuffer& block) {
    SYRINX_TRY(effects::fade_out(held_.view(), seconds_));
    std::swap(block, held_);
    held_.reshape(channels(), 0, sample_rate_hz());
    return block.frames() > 0;
  }

  double seconds_;
  std::size_t held_frames_;
  AudioBuffer held_;
  bool ended_ = false;
};

class TailStream final : public AudioSource {
 public:
  TailStream(AudioSource& input, double seconds)
      : input_(input), alignment_(frames_of(seconds, input.sample_rate_hz())) {}
  int sample_rate_hz() const noexcept override { return input_.sample_rate_hz(); }
  std::size_t channels() const noexcept override { return input_.channels(); }
  Result<bool> next(AudioBuffer& block, const std::stop_token& stop) override {
    return alignment_.next(input_, block, stop);
  }

 private:
  AudioSource& input_;
  Alignment alignment_;
};

using Made = Result<std::unique_ptr<FxStream>>;

template <class Stream, class... Arguments>
Made stream(Arguments&&... arguments) {
  return std::unique_ptr<FxStream>(std::make_unique<Stream>(std::forward<Arguments>(arguments)...));
}

// The order of a sound field of so many channels.
Result<int> order_of(std::size_t channels) {
  for (const int order : {1, 2, 3})
    if (effects::ambisonic_channels(order) == channels) return order;
  return make_error(ErrorCode::kUnsupported, "an ambisonic sound field has 4, 9 or 16 channels, ",
                    "not ", channels, "; make one with --ambisonics encode:AZ,EL");
}

// One maker for each kind of step.
struct Maker {
  AudioSource& input;
  const FxListener& listener;

  Made operator()(const effects::ChainSpec& spec) const {
    SYRINX_ASSIGN(auto chain, effects::Chain::create(
                                  spec, {input.sample_rate_hz(), input.channels(), kBlockFrames}));
    return stream<ChainStream>(input, std::move(chain), spec);
  }
  Made operator()(const ToStereo&) const {
    if (input.channels() > 2)
      return make_error(ErrorCode::kUnsupported,
                        "stereo is made of 1 channel (or left as it is), not of ",
                        input.channels());
    return stream<StereoStream>(input);
  }
  Made operator()(const Encode& step) const {
    if (input.channels() != 1)
      return make_error(ErrorCode::kUnsupported, "--ambisonics encode places 1 channel, not ",
                        input.channels());
    SYRINX_ASSIGN(auto encoder, effects::AmbisonicEncoder::create(step.order, step.direction));
    return stream<EncodeStream>(input, std::move(encoder));
  }
  Made operator()(const Rotate& step) const {
    SYRINX_ASSIGN(const int order, order_of(input.channels()));
    SYRINX_ASSIGN(auto rotator, effects::AmbisonicRotator::create(order, step.turn));
    return stream<RotateStream>(input, std::move(rotator));
  }
  Made operator()(const Decode& step) const {
    SYRINX_ASSIGN(const int order, order_of(input.channels()));
    SYRINX_ASSIGN(auto decoder, effects::AmbisonicDecoder::create(
                                    order, step.output, input.sample_rate_hz(), step.sofa));
    return stream<DecodeStream>(input, std::move(decoder));
  }
  Made operator()(const FadeIn& step) const { return stream<FadeInStream>(input, step.seconds); }
  Made operator()(const FadeOut& step) const { return stream<FadeOutStream>(input, step.seconds); }
  Made operator()(const Trim& step) const { return make_trim(step, input, listener); }
  Made operator()(const Declip& step) const { return make_declip(step, input, listener); }
  Made operator()(const Normalise& step) const { return make_normalise(step, input, listener); }
};

}  // namespace

Made make_stream(const FxStep& step, AudioSource& input, const FxListener& listener) {
  return std::visit(Maker{input, listener}, step);
}

std::unique_ptr<AudioSource> make_tail(AudioSource& input, double seconds) {
  return std::make_unique<TailStream>(input, seconds);
}

}  // namespace syrinx::cli
