// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <portaudio.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <cstdint>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "syrinx/core/io/callback_driver.h"
#include "syrinx/core/io/device_stream.h"
#include "syrinx/core/io/file_descriptor.h"

namespace syrinx::io {
namespace {

// PortAudio is not safe to call from several threads.
std::mutex& portaudio_mutex() noexcept {
  static std::mutex mutex;
  return mutex;
}

// While one lives, what is written to stderr is lost: ALSA and JACK report there, by themselves,
// every sound system that is configured but absent. Under portaudio_mutex().
class QuietStderr {
 public:
  QuietStderr() : former_(::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0)) {
    const FileDescriptor nowhere(::open("/dev/null", O_WRONLY | O_CLOEXEC));
    if (former_ && nowhere) ::dup2(nowhere.get(), STDERR_FILENO);
  }
  ~QuietStderr() {
    if (former_) ::dup2(former_.get(), STDERR_FILENO);
  }
  QuietStderr(const QuietStderr&) = delete;
  QuietStderr& operator=(const QuietStderr&) = delete;

 private:
  FileDescriptor former_;
};

Error portaudio_error(ErrorCode code, std::string_view what, PaError error) {
  return make_error(code, what, ": ", ::Pa_GetErrorText(error));
}

// PortAudio, started; it counts how many hold it. Made and destroyed under portaudio_mutex().
class Session {
 public:
  static Result<std::unique_ptr<Session>> start() {
    const PaError error = ::Pa_Initialize();
    if (error == paNoError) return std::unique_ptr<Session>(new Session);
    return portaudio_error(ErrorCode::kUnavailable, "the sound system does not start", error);
  }
  ~Session() { ::Pa_Terminate(); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

 private:
  Session() = default;
};

AudioDeviceInfo describe(PaDeviceIndex index) {
  const PaDeviceInfo& info = *::Pa_GetDeviceInfo(index);
  return {info.name,
          ::Pa_GetHostApiInfo(info.hostApi)->name,
          static_cast<std::size_t>(std::max(info.maxOutputChannels, 0)),
          static_cast<std::size_t>(std::max(info.maxInputChannels, 0)),
          static_cast<int>(info.defaultSampleRate),
          index == ::Pa_GetDefaultOutputDevice(),
          index == ::Pa_GetDefaultInputDevice()};
}

std::vector<AudioDeviceInfo> all_devices() {
  std::vector<AudioDeviceInfo> devices;
  for (PaDeviceIndex i = 0; i < ::Pa_GetDeviceCount(); ++i) devices.push_back(describe(i));
  return devices;
}

enum class Direction { kOutput, kInput };

std::size_t channels_of(const AudioDeviceInfo& device, Direction direction) {
  return direction == Direction::kOutput ? device.output_channels : device.input_channels;
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

Error no_such_device(std::string_view name, Direction direction,
                     const std::vector<AudioDeviceInfo>& devices) {
  const std::string_view use = direction == Direction::kOutput ? "playing" : "recording";
  std::string there;
  for (const auto& device : devices) {
    if (channels_of(device, direction) == 0) continue;
    there += (there.empty() ? "'" : ", '") + device.name + "'";
  }
  if (there.empty()) {
    return make_error(ErrorCode::kNotFound, "this machine has no audio device for ", use,
                      "; the device 'null' can be used without one");
  }
  if (name.empty()) {
    return make_error(ErrorCode::kNotFound, "no audio device is the default for ", use,
                      "; name one of ", there);
  }
  return make_error(ErrorCode::kNotFound, "there is no audio device '", name, "' for ", use,
                    "; there are ", there);
}

// The device of that whole name, else the only one that has it as a part of its own.
Result<PaDeviceIndex> find_device(std::string_view name, Direction direction) {
  const auto devices = all_devices();
  const PaDeviceIndex standard = direction == Direction::kOutput ? ::Pa_GetDefaultOutputDevice()
                                                                 : ::Pa_GetDefaultInputDevice();
  if (name.empty() && standard != paNoDevice) return standard;
  std::vector<PaDeviceIndex> partly;
  for (std::size_t i = 0; i < devices.size() && !name.empty(); ++i) {
    if (channels_of(devices[i], direction) == 0) continue;
    const auto index = static_cast<PaDeviceIndex>(i);
    if (devices[i].name == name) return index;
    if (lower(devices[i].name).find(lower(name)) != std::string::npos) partly.push_back(index);
  }
  if (partly.size() == 1) return partly.front();
  if (partly.empty()) return no_such_device(name, direction, devices);
  return make_error(ErrorCode::kInvalidArgument, "'", name, "' is part of the names of ",
                    partly.size(), " audio devices; write one in full");
}

int play(const void*, void* output, unsigned long frames, const PaStreamCallbackTimeInfo*,
         PaStreamCallbackFlags, void* user);
int record(const void* input, void*, unsigned long frames, const PaStreamCallbackTimeInfo*,
           PaStreamCallbackFlags, void* user);

// Whether a stream is to run safely, or to answer soon, in blocks of so many frames.
struct Haste {
  bool soon = false;
  unsigned long block_frames = paFramesPerBufferUnspecified;
};

// An open stream of PortAudio that calls `play` or `record`.
class PortAudioDriver final : public DeviceDriver {
 public:
  PortAudioDriver(std::unique_ptr<Session> session, const DeviceShape& carried)
      : shape(carried), session_(std::move(session)) {}

  ~PortAudioDriver() override {
    const std::lock_guard lock(portaudio_mutex());
    const QuietStderr quiet;
    if (stream_ != nullptr) {
      ::Pa_AbortStream(stream_);
      ::Pa_CloseStream(stream_);
    }
    session_.reset();
  }

  // Under portaudio_mutex().
  Result<void> open(PaDeviceIndex index, Direction direction, const Haste& haste) {
    const bool plays = direction == Direction::kOutput;
    const PaDeviceInfo& device = *::Pa_GetDeviceInfo(index);
    const PaStreamParameters parameters{index, static_cast<int>(shape.channels), paFloat32,
                                        suggested_latency_s(device, direction, haste), nullptr};
    const PaStreamParameters* in = plays ? nullptr : &parameters;
    const PaStreamParameters* out = plays ? &parameters : nullptr;
    const PaError fits = ::Pa_IsFormatSupported(in, out, shape.sample_rate_hz);
    if (fits != paFormatIsSupported) return unsupported(device, fits);
    const PaError error =
        ::Pa_OpenStream(&stream_, in, out, shape.sample_rate_hz, haste.block_frames, paNoFlag,
                        plays ? play : record, this);
    if (error == paNoError) return {};
    stream_ = nullptr;
    return portaudio_error(ErrorCode::kIo, "cannot open the audio device '" + shape.name + "'",
                           error);
  }

  Result<void> start() override { return checked(::Pa_StartStream(stream_), "start"); }
  Result<void> stop() override { return checked(::Pa_StopStream(stream_), "stop"); }

  // What PortAudio says of the open stream, in seconds.
  double latency_s(Direction direction) const {
    const PaStreamInfo* info = ::Pa_GetStreamInfo(stream_);
    if (info == nullptr) return 0.0;
    return direction == Direction::kOutput ? info->outputLatency : info->inputLatency;
  }

  void count(PaStreamCallbackFlags flags) noexcept {
    if ((flags & (paInputOverflow | paOutputUnderflow)) != 0) gaps.fetch_add(1);
  }

  // What the callbacks use.
  DeviceShape shape;
  OnRender render;
  OnCapture capture;
  std::atomic<std::uint64_t> gaps{0};  // That PortAudio told of.

 private:
  // ALSA is given twice the block: less is refused or stutters.
  double suggested_latency_s(const PaDeviceInfo& device, Direction direction,
                             const Haste& haste) const {
    const bool plays = direction == Direction::kOutput;
    if (haste.soon) return 2.0 * static_cast<double>(haste.block_frames) / shape.sample_rate_hz;
    return plays ? device.defaultHighOutputLatency : device.defaultHighInputLatency;
  }

  Error unsupported(const PaDeviceInfo& device, PaError error) const {
    return make_error(ErrorCode::kUnsupported, "the audio device '", shape.name, "' does not take ",
                      shape.channels, " channels at ", shape.sample_rate_hz, " Hz (",
                      ::Pa_GetErrorText(error), "); its own rate is ",
                      static_cast<int>(device.defaultSampleRate), " Hz");
  }
  Result<void> checked(PaError error, std::string_view verb) const {
    if (error == paNoError) return {};
    return portaudio_error(ErrorCode::kIo,
                           "cannot " + std::string(verb) + " the audio device '" + shape.name + "'",
                           error);
  }

  std::unique_ptr<Session> session_;
  PaStream* stream_ = nullptr;
};

int play(const void*, void* output, unsigned long frames, const PaStreamCallbackTimeInfo*,
         PaStreamCallbackFlags flags, void* user) {
  const RealtimeScope scope;
  auto& driver = *static_cast<PortAudioDriver*>(user);
  driver.count(flags);
  driver.render({static_cast<float*>(output), frames * driver.shape.channels});
  return paContinue;
}

int record(const void* input, void*, unsigned long frames, const PaStreamCallbackTimeInfo*,
           PaStreamCallbackFlags flags, void* user) {
  const RealtimeScope scope;
  auto& driver = *static_cast<PortAudioDriver*>(user);
  driver.count(flags);
  if (input == nullptr) return paContinue;
  driver.capture({static_cast<const float*>(input), frames * driver.shape.channels});
  return paContinue;
}

Result<std::unique_ptr<PortAudioDriver>> open_driver(const DeviceShape& shape, Direction direction,
                                                     const Haste& haste = {}) {
  std::unique_ptr<PortAudioDriver> driver;  // Outside the lock, which its destructor takes.
  const std::lock_guard lock(portaudio_mutex());
  const QuietStderr quiet;
  SYRINX_ASSIGN(auto session, Session::start());
  SYRINX_ASSIGN(const PaDeviceIndex index, find_device(shape.name, direction));
  DeviceShape found = shape;
  found.name = ::Pa_GetDeviceInfo(index)->name;
  driver = std::make_unique<PortAudioDriver>(std::move(session), found);
  SYRINX_TRY(driver->open(index, direction, haste));
  return driver;
}

// A stream that calls whoever opened it.
class PortAudioCallbacks final : public CallbackDevice {
 public:
  PortAudioCallbacks(std::unique_ptr<PortAudioDriver> driver, Direction direction)
      : driver_(std::move(driver)), latency_ms_(1e3 * driver_->latency_s(direction)) {}

  const std::string& name() const noexcept override { return driver_->shape.name; }
  double latency_ms() const noexcept override { return latency_ms_; }
  std::uint64_t gaps() const noexcept override { return driver_->gaps.load(); }
  Result<void> start() override { return driver_->start(); }
  Result<void> stop() override { return driver_->stop(); }

 private:
  std::unique_ptr<PortAudioDriver> driver_;
  double latency_ms_;
};

Result<std::unique_ptr<PortAudioDriver>> open_soon(const std::string& name,
                                                   const CallbackFormat& format,
                                                   Direction direction) {
  const DeviceShape shape{name == "default" ? "" : name, format.sample_rate_hz, format.channels};
  return open_driver(shape, direction, {true, static_cast<unsigned long>(format.block_frames)});
}

}  // namespace

Result<std::unique_ptr<CallbackDevice>> open_portaudio_capture(const std::string& name,
                                                               const CallbackFormat& format,
                                                               OnCapture on_capture) {
  SYRINX_ASSIGN(auto driver, open_soon(name, format, Direction::kInput));
  driver->capture = std::move(on_capture);
  return std::unique_ptr<CallbackDevice>(
      std::make_unique<PortAudioCallbacks>(std::move(driver), Direction::kInput));
}

Result<std::unique_ptr<CallbackDevice>> open_portaudio_playback(const std::string& name,
                                                                const CallbackFormat& format,
                                                                OnRender on_render) {
  SYRINX_ASSIGN(auto driver, open_soon(name, format, Direction::kOutput));
  driver->render = std::move(on_render);
  return std::unique_ptr<CallbackDevice>(
      std::make_unique<PortAudioCallbacks>(std::move(driver), Direction::kOutput));
}

Result<std::vector<AudioDeviceInfo>> list_portaudio_devices() {
  const std::lock_guard lock(portaudio_mutex());
  const QuietStderr quiet;
  SYRINX_ASSIGN(const auto session, Session::start());
  return all_devices();
}

Result<std::unique_ptr<AudioOutput>> open_portaudio_output(DeviceShape shape) {
  SYRINX_ASSIGN(auto driver, open_driver(shape, Direction::kOutput));
  shape.name = driver->shape.name;
  return make_queued_output(shape, [&driver](const DeviceShape&, OutputQueue& queue) {
    driver->render = [&queue](std::span<float> block) { queue.render(block); };
    return Result<std::unique_ptr<DeviceDriver>>(std::move(driver));
  });
}

Result<std::unique_ptr<AudioInput>> open_portaudio_input(DeviceShape shape) {
  SYRINX_ASSIGN(auto driver, open_driver(shape, Direction::kInput));
  shape.name = driver->shape.name;
  return make_queued_input(shape, [&driver](const DeviceShape&, InputQueue& queue) {
    driver->capture = [&queue](std::span<const float> block) { queue.capture(block); };
    return Result<std::unique_ptr<DeviceDriver>>(std::move(driver));
  });
}

std::string audio_device_library_version() { return Pa_GetVersionInfo()->versionText; }

}  // namespace syrinx::io
