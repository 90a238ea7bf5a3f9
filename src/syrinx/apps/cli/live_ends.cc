// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/live_ends.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace syrinx::cli {
namespace {

constexpr double kFileBlockS = 0.01;
constexpr double kLeastDeviceBlockS = 0.0025;
constexpr std::size_t kMostProbedFrames = 65'536;

void interleave(AudioView from, std::span<float> to) {
  for (std::size_t c = 0; c < from.channels(); ++c) {
    const auto row = from.channel(c);
    for (std::size_t i = 0; i < row.size(); ++i) to[i * from.channels() + c] = row[i];
  }
}

void deinterleave(std::span<const float> from, MutableAudioView to) {
  for (std::size_t c = 0; c < to.channels(); ++c) {
    const auto row = to.channel(c);
    for (std::size_t i = 0; i < row.size(); ++i) row[i] = from[i * to.channels() + c];
  }
}

// Sound systems stutter when asked for less than 2.5 ms at once; a loop does not.
io::CallbackFormat device_format(const LiveRequest& request, const conversion::LiveConversion& live,
                                 int sample_rate_hz, std::size_t channels) {
  const auto least = request.input_device == "loopback"
                         ? std::size_t{1}
                         : static_cast<std::size_t>(kLeastDeviceBlockS * sample_rate_hz);
  return {sample_rate_hz, channels, std::max(live.block_frames(), least)};
}

}  // namespace

PacedFiles::PacedFiles(conversion::LiveConversion& live, int sample_rate_hz, std::size_t channels,
                       std::unique_ptr<AudioSource> source, std::unique_ptr<io::AudioWriter> writer)
    : live_(live),
      sample_rate_hz_(sample_rate_hz),
      channels_(channels),
      source_(std::move(source)),
      writer_(std::move(writer)) {
  const auto frames = static_cast<std::size_t>(kFileBlockS * sample_rate_hz);
  planar_ = AudioBuffer(channels, frames, sample_rate_hz);
  block_.resize(frames * channels);
}

void PacedFiles::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

Result<void> PacedFiles::finish() {
  thread_ = std::jthread();  // Asks to stop and joins.
  SYRINX_TRY(outcome_);
  return writer_ ? writer_->finish() : Result<void>{};
}

void PacedFiles::run(const std::stop_token& stop) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  for (double blocks = 1.0; !stop.stop_requested() && !ended(); ++blocks) {
    outcome_ = one_block(stop);
    if (!outcome_ || (source_ended_ && tail_frames_ == 0)) ended_.store(true);
    const std::chrono::duration<double> due(blocks * kFileBlockS);
    std::this_thread::sleep_until(start + std::chrono::duration_cast<Clock::duration>(due));
  }
}

Result<void> PacedFiles::one_block(const std::stop_token& stop) {
  if (source_) {
    SYRINX_TRY(fill(stop));
    interleave(planar_, block_);
    live_.capture(block_);
  }
  if (!writer_) return {};
  live_.render(block_);
  deinterleave(block_, planar_.view());
  return writer_->write(planar_);
}

// The next block of the source; silence after its end, until all that it was has come out.
Result<void> PacedFiles::fill(const std::stop_token& stop) {
  const std::size_t wanted = planar_.frames();
  while (!source_ended_ && pending_.frames() < wanted) {
    AudioBuffer more;
    auto read = source_->next(more, stop);
    if (!read && read.error().code == ErrorCode::kCancelled) read = false;
    SYRINX_TRY(read);
    source_ended_ = !*read;
    if (*read) pending_.append(more);
    const double delay_s = 1e-3 * live_.snapshot().latency_ms;
    if (source_ended_) tail_frames_ = static_cast<std::size_t>(delay_s * sample_rate_hz_) + wanted;
  }
  const std::size_t here = std::min(wanted, pending_.frames());
  if (source_ended_ && here == 0) tail_frames_ -= std::min(tail_frames_, wanted);
  for (std::size_t c = 0; c < channels_; ++c) {
    const auto row = planar_.channel(c);
    std::fill(row.begin(), row.end(), 0.0f);
    if (here > 0) std::copy_n(pending_.channel(c).begin(), here, row.begin());
  }
  if (here > 0) pending_ = AudioBuffer(pending_.view().slice(here, pending_.frames() - here));
  return {};
}

Result<io::AudioWriteOptions> live_write_options(const std::string& path, int sample_rate_hz,
                                                 std::size_t channels) {
  io::AudioWriteOptions options;
  SYRINX_ASSIGN(options.format, io::audio_format_for(path));
  options.sample_rate_hz = sample_rate_hz;
  options.channels = channels;
  io::fit_sample_rate(options);
  return options;
}

Result<std::unique_ptr<io::AudioWriter>> open_live_writer(const std::string& path,
                                                          int sample_rate_hz,
                                                          std::size_t channels) {
  SYRINX_ASSIGN(const auto options, live_write_options(path, sample_rate_hz, channels));
  SYRINX_ASSIGN(auto writer, io::AudioWriter::create(path, options));
  return std::make_unique<io::AudioWriter>(std::move(writer));
}

Result<std::unique_ptr<LiveEnds>> LiveEnds::open(const LiveRequest& request,
                                                 conversion::LiveConversion& live,
                                                 int sample_rate_hz, std::size_t channels,
                                                 std::unique_ptr<AudioSource> source,
                                                 conversion::LatencyProbe* probe) {
  std::unique_ptr<LiveEnds> ends(new LiveEnds);
  const io::CallbackFormat format = device_format(request, live, sample_rate_hz, channels);
  ends->probed_.resize(probe == nullptr ? 0 : kMostProbedFrames * channels);
  const auto probed = std::span(ends->probed_);
  io::OnCapture on_capture = [&live](std::span<const float> block) { live.capture(block); };
  if (probe != nullptr)
    on_capture = [&live, probe, probed](std::span<const float> block) {
      const std::size_t samples = std::min(block.size(), probed.size());
      std::copy_n(block.begin(), samples, probed.begin());
      probe->exchange(probed.first(samples));
      live.capture(probed.first(samples));
    };
  const io::OnRender on_render = [&live](std::span<float> block) { live.render(block); };
  const bool captures = source == nullptr;
  const bool renders = request.output_file.empty();
  SYRINX_TRY(ends->open_devices(request, format, on_capture, on_render, captures, renders));
  if (request.monitor_device) {
    SYRINX_ASSIGN(ends->monitor_,
                  io::open_playback(*request.monitor_device, format,
                                    [&live](std::span<float> out) { live.render_monitor(out); }));
  }
  if (captures && renders) return ends;
  std::unique_ptr<io::AudioWriter> writer;
  if (!renders) {
    SYRINX_ASSIGN(writer, open_live_writer(request.output_file, sample_rate_hz, channels));
  }
  ends->files_ = std::make_unique<PacedFiles>(live, sample_rate_hz, channels, std::move(source),
                                              std::move(writer));
  return ends;
}

Result<void> LiveEnds::open_devices(const LiveRequest& request, const io::CallbackFormat& format,
                                    io::OnCapture on_capture, io::OnRender on_render, bool captures,
                                    bool renders) {
  if (captures && request.input_device == "loopback") {
    SYRINX_ASSIGN(input_, io::open_loopback(format, std::move(on_capture), std::move(on_render)));
    return {};
  }
  if (captures) {
    SYRINX_ASSIGN(input_, io::open_capture(request.input_device, format, std::move(on_capture)));
  }
  if (!renders) return {};
  if (!request.virtual_microphone) {
    SYRINX_ASSIGN(output_, io::open_playback(request.output_device, format, std::move(on_render)));
    return {};
  }
  SYRINX_ASSIGN(virtual_microphone_, VirtualMicrophone::create());
  const PulseSink sink(VirtualMicrophone::sink());
  SYRINX_ASSIGN(output_,
                io::open_playback(VirtualMicrophone::device(), format, std::move(on_render)));
  return {};
}

Result<void> LiveEnds::start() {
  for (const auto& device : {input_.get(), output_.get(), monitor_.get()})
    if (device != nullptr) SYRINX_TRY(device->start());
  if (files_) files_->start();
  return {};
}

Result<void> LiveEnds::finish() {
  const auto files = files_ ? files_->finish() : Result<void>{};
  described_ = describe();
  input_.reset();
  output_.reset();
  monitor_.reset();
  virtual_microphone_.reset();
  return files;
}

nlohmann::json LiveEnds::describe() const {
  if (!described_.is_null()) return described_;
  nlohmann::json ends = nlohmann::json::object();
  const auto add = [&ends](const char* which, const std::unique_ptr<io::CallbackDevice>& device) {
    if (device)
      ends[which] = {{"device", device->name()},
                     {"latency_ms", device->latency_ms()},
                     {"gaps", device->gaps()}};
  };
  add("input", input_);
  add("output", output_);
  add("monitor", monitor_);
  if (virtual_microphone_) ends["virtual_microphone"] = VirtualMicrophone::shown_as();
  return ends;
}

}  // namespace syrinx::cli
