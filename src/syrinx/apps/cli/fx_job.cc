// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/fx_job.h"

#include <chrono>
#include <cmath>
#include <limits>

#include "syrinx/stages/measure/loudness.h"

namespace syrinx::cli {
namespace {

using nlohmann::json;

constexpr std::size_t kBlockFrames = 16'384;

// Measures what flows through it.
class Ear final : public AudioSource {
 public:
  Ear(AudioSource& input, std::optional<measure::LoudnessMeter> meter)
      : input_(input), meter_(std::move(meter)) {}
  int sample_rate_hz() const noexcept override { return input_.sample_rate_hz(); }
  std::size_t channels() const noexcept override { return input_.channels(); }
  Result<bool> next(AudioBuffer& block, const std::stop_token& stop) override {
    SYRINX_ASSIGN(const bool more, input_.next(block, stop));
    if (more) frames_ += block.frames();
    if (more && meter_) meter_->process(block);
    for (std::size_t c = 0; more && meter_ && c < block.channels(); ++c)
      for (const float x : block.channel(c)) squares_ += static_cast<double>(x) * x;
    return more;
  }
  std::uint64_t frames() const noexcept { return frames_; }
  json levels() const {
    if (!meter_) return nullptr;
    const auto finite = [](double value) { return std::isfinite(value) ? json(value) : json(); };
    const measure::Loudness loudness = meter_->loudness();
    const double samples = static_cast<double>(frames_) * static_cast<double>(channels());
    return {{"peak_dbfs", finite(loudness.sample_peak_dbfs)},
            {"true_peak_dbtp", finite(loudness.true_peak_dbtp)},
            {"rms_dbfs", finite(10.0 * std::log10(squares_ / std::max(1.0, samples)))},
            {"integrated_lufs", finite(loudness.integrated_lufs)}};
  }

 private:
  AudioSource& input_;
  std::optional<measure::LoudnessMeter> meter_;
  double squares_ = 0.0;
  std::uint64_t frames_ = 0;
};

Result<std::optional<measure::LoudnessMeter>> meter_for(const AudioSource& sound, bool wanted) {
  if (!wanted) return std::optional<measure::LoudnessMeter>();
  SYRINX_ASSIGN(auto meter,
                measure::LoudnessMeter::create(sound.sample_rate_hz(), sound.channels()));
  return std::optional(std::move(meter));
}

// The reader, telling how far it is.
class Reading final : public AudioSource {
 public:
  Reading(io::AudioReader& reader, const FxListener& listener, std::string name)
      : reader_(reader), listener_(listener), name_(std::move(name)) {}
  int sample_rate_hz() const noexcept override { return reader_.sample_rate_hz(); }
  std::size_t channels() const noexcept override { return reader_.channels(); }
  Result<bool> next(AudioBuffer& block, const std::stop_token& stop) override {
    const auto all = reader_.info().frames.value_or(0);
    if (all > 0)
      listener_.progress(static_cast<double>(reader_.frames_read()) / static_cast<double>(all),
                         name_);
    return reader_.next(block, stop);
  }

 private:
  io::AudioReader& reader_;
  const FxListener& listener_;
  std::string name_;
};

using Streams = std::vector<std::unique_ptr<FxStream>>;

Result<Streams> make_streams(const std::vector<FxStep>& steps, AudioSource& first,
                             const FxListener& listener) {
  Streams streams;
  for (const FxStep& step : steps) {
    AudioSource& input = streams.empty() ? first : *streams.back();
    SYRINX_ASSIGN(auto made, make_stream(step, input, listener));
    streams.push_back(std::move(made));
  }
  return streams;
}

json steps_json(const Streams& streams) {
  json all = json::array();
  for (const auto& stream : streams)
    for (const json& one : stream->report()) all.push_back(one);
  return all;
}

}  // namespace

Result<FxDone> run_job(const FxJob& job, const std::vector<FxStep>& steps,
                       const FxListener& listener, const std::stop_token& stop) {
  const auto start = std::chrono::steady_clock::now();
  SYRINX_ASSIGN(io::AudioReader reader, open_input(job.input, {.block_frames = kBlockFrames}));
  Reading reading(reader, listener, job.input);
  SYRINX_ASSIGN(auto meter_before, meter_for(reading, job.measure));
  Ear before(reading, std::move(meter_before));
  const auto tail = make_tail(before, job.tail_s);
  SYRINX_ASSIGN(const Streams streams, make_streams(steps, *tail, listener));
  AudioSource& last = streams.empty() ? *tail : *streams.back();
  SYRINX_ASSIGN(auto meter_after, meter_for(last, job.measure));
  Ear after(last, std::move(meter_after));
  FxDone done;
  SYRINX_ASSIGN(done.written,
                write_options(job, reader.info(), after.sample_rate_hz(), after.channels()));
  SYRINX_ASSIGN(io::AudioWriter writer, open_output(job.output, done.written));
  SYRINX_ASSIGN(done.clipped_samples, write_all(after, writer, stop));
  done.repaired_samples = reader.non_finite_samples();
  done.truncated = reader.truncated();
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  const double sound_s = static_cast<double>(before.frames()) / reader.sample_rate_hz();
  done.report = {{"input", job.input},
                 {"output", job.output},
                 {"written", written_json(done.written)},
                 {"frames_in", before.frames()},
                 {"frames_out", after.frames()},
                 {"before", before.levels()},
                 {"after", after.levels()},
                 {"steps", steps_json(streams)},
                 {"clipped_samples", done.clipped_samples},
                 {"bad_samples", done.repaired_samples},
                 {"seconds", elapsed.count()},
                 {"real_time_factor", sound_s > 0 ? json(elapsed.count() / sound_s) : json()}};
  return done;
}

}  // namespace syrinx::cli
