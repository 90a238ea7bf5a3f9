// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "syrinx/apps/cli/live_request.h"
#include "syrinx/apps/cli/virtual_microphone.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/core/io/callback_device.h"
#include "syrinx/engines/conversion/live/latency_probe.h"

namespace syrinx::cli {

// Files in the place of devices, at the pace of their sound: what is read is captured, and what is
// rendered is written, on a thread that may wait for disks.
class PacedFiles {
 public:
  // Either may be null. `live` outlives this.
  PacedFiles(conversion::LiveConversion& live, int sample_rate_hz, std::size_t channels,
             std::unique_ptr<AudioSource> source, std::unique_ptr<io::AudioWriter> writer);

  void start();
  // Waits for the thread, and gives the file its name. Errors: the source's and the writer's.
  Result<void> finish();
  // Whether the source is at its end, and all of it has come through.
  bool ended() const noexcept { return ended_.load(); }

 private:
  void run(const std::stop_token& stop);
  Result<void> one_block(const std::stop_token& stop);
  Result<void> fill(const std::stop_token& stop);

  conversion::LiveConversion& live_;
  int sample_rate_hz_;
  std::size_t channels_;
  std::unique_ptr<AudioSource> source_;
  std::unique_ptr<io::AudioWriter> writer_;
  AudioBuffer pending_;  // Of the source, not yet captured.
  AudioBuffer planar_;
  std::vector<float> block_;
  std::size_t tail_frames_ = 0;  // Of silence still to be captured after the source.
  bool source_ended_ = false;
  Result<void> outcome_;
  std::atomic<bool> ended_{false};
  std::jthread thread_;
};

// The devices and files that a live conversion stands between.
class LiveEnds {
 public:
  // Opens all of them. `live` and `probe` (which may be null) outlive this. Errors: those of the
  // devices and the writer.
  static Result<std::unique_ptr<LiveEnds>> open(const LiveRequest& request,
                                                conversion::LiveConversion& live,
                                                int sample_rate_hz, std::size_t channels,
                                                std::unique_ptr<AudioSource> source,
                                                conversion::LatencyProbe* probe);
  Result<void> start();
  // Errors: those of the files; a device that does not stop in order is no error.
  Result<void> finish();
  bool ended() const noexcept { return files_ != nullptr && files_->ended(); }
  // {"input": {...}, "output": {...}, ...}: names, what the devices say of their delay, and how
  // often they themselves ran dry or over; after finish(), as they were then.
  nlohmann::json describe() const;

 private:
  LiveEnds() = default;
  Result<void> open_devices(const LiveRequest& request, const io::CallbackFormat& format,
                            io::OnCapture on_capture, io::OnRender on_render, bool captures,
                            bool renders);

  std::unique_ptr<VirtualMicrophone> virtual_microphone_;  // Goes last.
  std::vector<float> probed_;
  std::unique_ptr<PacedFiles> files_;
  std::unique_ptr<io::CallbackDevice> input_;
  std::unique_ptr<io::CallbackDevice> output_;
  std::unique_ptr<io::CallbackDevice> monitor_;
  nlohmann::json described_;
};

// How a converted sound is written: in its name's format, at the nearest rate that this can have.
Result<io::AudioWriteOptions> live_write_options(const std::string& path, int sample_rate_hz,
                                                 std::size_t channels);
Result<std::unique_ptr<io::AudioWriter>> open_live_writer(const std::string& path,
                                                          int sample_rate_hz, std::size_t channels);

}  // namespace syrinx::cli
