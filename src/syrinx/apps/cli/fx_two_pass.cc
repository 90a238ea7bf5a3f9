// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/fx_two_pass.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "syrinx/apps/cli/fx_spool.h"
#include "syrinx/stages/effects/ramp.h"
#include "syrinx/stages/measure/loudness.h"

namespace syrinx::cli {
namespace {

using nlohmann::json;

constexpr std::size_t kBlockFrames = 16'384;

// Spools the input in the first next(), then gives out frames [begin, end) of it.
class TwoPassStream : public FxStream {
 public:
  Result<bool> next(AudioBuffer& block, const std::stop_token& stop) final {
    if (!heard_) SYRINX_TRY(hear_all(stop));
    block.reshape(channels(), 0, sample_rate_hz());
    if (stop.stop_requested()) return make_error(ErrorCode::kCancelled, "stopped");
    const std::size_t frames =
        static_cast<std::size_t>(std::min<std::uint64_t>(kBlockFrames, range_.end - at_));
    if (frames == 0) return false;
    SYRINX_TRY(give(at_, frames, block));
    at_ += frames;
    listener_->progress(
        static_cast<double>(at_ - range_.begin) / static_cast<double>(range_.end - range_.begin),
        "second pass");
    return true;
  }

 protected:
  TwoPassStream(AudioSource& input, const FxListener& listener, Spool spool)
      : FxStream(input), listener_(&listener), spool_(std::move(spool)) {}
  Spool& spool() noexcept { return spool_; }
  const effects::FrameRange& range() const noexcept { return range_; }

  // Listens to a block of the first pass.
  virtual Result<void> hear(AudioView block) = 0;
  // Decides, when all is heard, which frames to give out.
  virtual Result<effects::FrameRange> decide() {
    return effects::FrameRange{0, static_cast<std::size_t>(spool_.frames())};
  }
  virtual Result<void> give(std::uint64_t offset, std::size_t frames, AudioBuffer& block) {
    return spool_.read(offset, frames, block);
  }

 private:
  Result<void> hear_all(const std::stop_token& stop) {
    AudioBuffer block;
    for (;;) {
      SYRINX_ASSIGN(const bool more, input().next(block, stop));
      if (!more) break;
      SYRINX_TRY(hear(block));
      SYRINX_TRY(spool_.write(block));
    }
    SYRINX_ASSIGN(range_, decide());
    at_ = range_.begin;
    heard_ = true;
    return {};
  }

  const FxListener* listener_;
  Spool spool_;
  effects::FrameRange range_;
  std::uint64_t at_ = 0;
  bool heard_ = false;
};

class TrimStream final : public TwoPassStream {
 public:
  TrimStream(AudioSource& input, const FxListener& listener, Spool spool,
             effects::SoundFinder finder)
      : TwoPassStream(input, listener, std::move(spool)), finder_(std::move(finder)) {}
  json report() const override {
    const double rate = sample_rate_hz();
    return one_step({{"step", "trim"},
                     {"begin_s", static_cast<double>(range().begin) / rate},
                     {"end_s", static_cast<double>(range().end) / rate}});
  }

 private:
  Result<void> hear(AudioView block) override { return finder_.push(block), Result<void>(); }
  Result<effects::FrameRange> decide() override { return finder_.range(); }

  effects::SoundFinder finder_;
};

class NormaliseStream final : public TwoPassStream {
 public:
  NormaliseStream(AudioSource& input, const FxListener& listener, Spool spool,
                  const Normalise& step, std::optional<measure::LoudnessMeter> meter)
      : TwoPassStream(input, listener, std::move(spool)), step_(step), meter_(std::move(meter)) {}
  json report() const override {
    return one_step({{"step", "normalise"}, {"gain_db", gain_db_}, {"target_db", step_.target_db}});
  }

 private:
  Result<void> hear(AudioView block) override {
    if (meter_) return meter_->process(block), Result<void>();
    for (std::size_t c = 0; c < block.channels(); ++c) {
      for (const float x : block.channel(c)) {
        peak_ = std::max(peak_, std::abs(x));
        squares_ += static_cast<double>(x) * x;
      }
    }
    return {};
  }
  double measured_db() noexcept {
    if (meter_) return meter_->loudness().integrated_lufs;
    if (step_.kind == LevelKind::kPeak) return effects::to_db(static_cast<double>(peak_));
    const auto samples = static_cast<double>(spool().frames() * channels());
    return effects::to_db(samples > 0 ? std::sqrt(squares_ / samples) : 0.0);
  }
  Result<effects::FrameRange> decide() override {
    SYRINX_ASSIGN(gain_db_, effects::normalising_gain_db(measured_db(), step_.target_db));
    return TwoPassStream::decide();
  }
  Result<void> give(std::uint64_t offset, std::size_t frames, AudioBuffer& block) override {
    SYRINX_TRY(TwoPassStream::give(offset, frames, block));
    const double factor = gain_db_ == 0.0 ? 1.0 : effects::from_db(gain_db_);
    for (std::size_t c = 0; c < block.channels(); ++c)
      for (float& x : block.channel(c)) x = static_cast<float>(x * factor);
    return {};
  }

  Normalise step_;
  std::optional<measure::LoudnessMeter> meter_;
  float peak_ = 0.0f;
  double squares_ = 0.0;
  double gain_db_ = 0.0;
};

class DeclipStream final : public TwoPassStream {
 public:
  DeclipStream(AudioSource& input, const FxListener& listener, Spool spool, const Declip& step)
      : TwoPassStream(input, listener, std::move(spool)),
        step_(step),
        frame_(effects::declip_frame_samples(step.options, input.sample_rate_hz())),
        finders_(input.channels()) {}
  json report() const override {
    return one_step({{"step", "declip"}, {"restored_samples", restored_}});
  }

 private:
  Result<void> hear(AudioView block) override {
    for (std::size_t c = 0; c < block.channels(); ++c) finders_[c].push(block.channel(c));
    return {};
  }
  // With a frame on either side, so that pieces come out as the whole would. Blocks begin at
  // multiples of kBlockFrames, and thus of a quarter of a frame: both are powers of two.
  Result<void> give(std::uint64_t offset, std::size_t frames, AudioBuffer& block) override {
    const auto before = static_cast<std::size_t>(std::min<std::uint64_t>(frame_, offset));
    const auto after = static_cast<std::size_t>(
        std::min<std::uint64_t>(frame_, spool().frames() - offset - frames));
    SYRINX_TRY(spool().read(offset - before, before + frames + after, wide_));
    for (std::size_t c = 0; c < wide_.channels(); ++c) SYRINX_TRY(restore(c, before, frames));
    block = AudioBuffer(wide_.view().slice(before, frames));
    return {};
  }
  Result<void> restore(std::size_t c, std::size_t before, std::size_t frames) {
    effects::DeclipOptions options = step_.options;
    options.threshold = static_cast<double>(finders_[c].threshold());
    if (options.threshold == 0.0) return {};
    const auto row = wide_.channel(c);
    restored_ += static_cast<std::size_t>(std::count_if(
        row.begin() + static_cast<std::ptrdiff_t>(before),
        row.begin() + static_cast<std::ptrdiff_t>(before + frames),
        [&](float x) { return std::abs(x) >= static_cast<float>(options.threshold); }));
    const MutableAudioView channel(row, sample_rate_hz());
    SYRINX_TRY(effects::declip(channel, options));
    return {};
  }

  Declip step_;
  std::size_t frame_;
  std::vector<effects::ClipFinder> finders_;
  AudioBuffer wide_;
  std::size_t restored_ = 0;
};

}  // namespace

Result<std::unique_ptr<FxStream>> make_trim(const Trim& step, AudioSource& input,
                                            const FxListener& listener) {
  SYRINX_ASSIGN(auto spool, Spool::create(input.sample_rate_hz(), input.channels()));
  SYRINX_ASSIGN(auto finder, effects::SoundFinder::create(step.options, input.sample_rate_hz(),
                                                          input.channels()));
  return std::unique_ptr<FxStream>(
      std::make_unique<TrimStream>(input, listener, std::move(spool), std::move(finder)));
}

Result<std::unique_ptr<FxStream>> make_declip(const Declip& step, AudioSource& input,
                                              const FxListener& listener) {
  SYRINX_ASSIGN(auto spool, Spool::create(input.sample_rate_hz(), input.channels()));
  return std::unique_ptr<FxStream>(
      std::make_unique<DeclipStream>(input, listener, std::move(spool), step));
}

Result<std::unique_ptr<FxStream>> make_normalise(const Normalise& step, AudioSource& input,
                                                 const FxListener& listener) {
  SYRINX_ASSIGN(auto spool, Spool::create(input.sample_rate_hz(), input.channels()));
  std::optional<measure::LoudnessMeter> meter;
  if (step.kind == LevelKind::kLoudness) {
    SYRINX_ASSIGN(meter, measure::LoudnessMeter::create(input.sample_rate_hz(), input.channels()));
  }
  return std::unique_ptr<FxStream>(
      std::make_unique<NormaliseStream>(input, listener, std::move(spool), step, std::move(meter)));
}

}  // namespace syrinx::cli
