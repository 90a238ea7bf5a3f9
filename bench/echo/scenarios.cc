// SPDX-License-Identifier: Apache-2.0
#include "echo/scenarios.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/io/audio_reader.h"
#include "syrinx/stages/enhance/echo/echo_scenes.h"

namespace syrinx::bench {
namespace {

namespace fs = std::filesystem;
using enhance::scenes::Sound;
namespace scenes = enhance::scenes;

constexpr double kReturnLossDb = 6.0;
constexpr double kRoomMs = 128.0;
constexpr double kNoiseDb = -80.0;

Result<Sound> read_folder(const fs::path& folder, int rate_hz, double seconds) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".flac") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  Sound sound;
  for (const fs::path& file : files) {
    SYRINX_ASSIGN(const AudioBuffer read, io::read_audio(file));
    SYRINX_ASSIGN(const AudioBuffer at_rate, dsp::resample(read, rate_hz));
    const auto samples = at_rate.channel(0);
    sound.insert(sound.end(), samples.begin(), samples.end());
    if (static_cast<double>(sound.size()) > seconds * rate_hz) break;
  }
  scenes::scale(sound, -26.0 - scenes::level_db(sound));
  return sound;
}

struct Scene {
  Sound far;
  Sound echo;
  Sound near;  // Empty: silent.
};

struct Heard {
  Sound out;
  std::size_t latency = 0;
};

Heard send(const Contestant& contestant, const Scene& scene, int rate_hz) {
  const auto canceller = contestant.make(rate_hz);
  Sound mic = scene.echo;
  if (!scene.near.empty()) scenes::add(mic, scene.near);
  scenes::add_noise(mic, kNoiseDb, 5);
  Heard heard{Sound(mic.size()), canceller->latency_samples()};
  const auto frame = static_cast<std::size_t>(rate_hz / 100);
  for (std::size_t at = 0; at + frame <= mic.size(); at += frame)
    canceller->process(std::span(mic).subspan(at, frame), std::span(scene.far).subspan(at, frame),
                       std::span(heard.out).subspan(at, frame));
  return heard;
}

Sound cut(const Sound& sound, double from_s, double to_s, int rate_hz) {
  return {sound.begin() + static_cast<std::ptrdiff_t>(from_s * rate_hz),
          sound.begin() + static_cast<std::ptrdiff_t>(to_s * rate_hz)};
}

class Session {
 public:
  Session(const Contestant& contestant, const Voices& voices)
      : contestant_(contestant), voices_(voices), rate_(voices.rate_hz) {}

  std::vector<Figure> run() {
    still_room();
    changed_room();
    bulk_delay(250.0);
    bulk_delay(500.0);
    delay_step();
    double_talk(0.0);
    double_talk(6.0);
    distorted_loudspeaker();
    drifting_clock(200.0);
    drifting_clock(-500.0);
    louder_background();
    near_end_alone();
    time_per_frame();
    return figures_;
  }

 private:
  void add(const std::string& scene, double value) { figures_.push_back({scene, value}); }
  Sound room(std::uint32_t seed) const {
    return scenes::make_room(rate_, kRoomMs, 200.0, kReturnLossDb, seed);
  }
  double erle(const Scene& scene, const Heard& heard, double from_s, double to_s) const {
    return scenes::erle_db(scene.echo, heard.out, heard.latency, rate_, from_s, to_s);
  }

  void still_room() {
    Scene scene{cut(voices_.far, 0, 12, rate_), {}, {}};
    scene.echo = scenes::convolve(scene.far, room(1));
    const Heard heard = send(contestant_, scene, rate_);
    add("ERLE at 1 s", erle(scene, heard, 0.8, 1.8));
    add("ERLE at 3 s", erle(scene, heard, 2.5, 3.5));
    add("ERLE at 5 s", erle(scene, heard, 4.5, 5.5));
    add("ERLE at 8 s", erle(scene, heard, 7.5, 8.5));
  }

  void changed_room() {
    Scene scene{cut(voices_.far, 0, 16, rate_), {}, {}};
    const Sound first = scenes::convolve(scene.far, room(1));
    scene.echo = scenes::convolve(scene.far, room(2));
    std::copy_n(first.begin(), 8 * rate_, scene.echo.begin());
    const Heard heard = send(contestant_, scene, rate_);
    add("ERLE 0.5 s after a new room", erle(scene, heard, 8.3, 8.8));
    add("ERLE 1.5 s after a new room", erle(scene, heard, 9.2, 10.2));
  }

  void bulk_delay(double delay_ms) {
    Scene scene{cut(voices_.far, 0, 16, rate_), {}, {}};
    scene.echo = scenes::delayed(scenes::convolve(scene.far, room(3)),
                                 static_cast<std::size_t>(delay_ms * 1e-3 * rate_));
    const Heard heard = send(contestant_, scene, rate_);
    const std::string name = "delay " + std::to_string(static_cast<int>(delay_ms)) + " ms: ERLE ";
    add(name + "at 2.5 s", erle(scene, heard, 2.0, 3.0));
    add(name + "at 5 s", erle(scene, heard, 4.5, 5.5));
    add(name + "at 12 s", erle(scene, heard, 11.0, 13.0));
  }

  void delay_step() {
    Scene scene{cut(voices_.far, 0, 16, rate_), {}, {}};
    const Sound at_room = scenes::convolve(scene.far, room(4));
    const Sound first = scenes::delayed(at_room, static_cast<std::size_t>(0.04 * rate_));
    scene.echo = scenes::delayed(at_room, static_cast<std::size_t>(0.34 * rate_));
    std::copy_n(first.begin(), 8 * rate_, scene.echo.begin());
    const Heard heard = send(contestant_, scene, rate_);
    add("delay 40 to 340 ms: ERLE 3 s after", erle(scene, heard, 10.5, 12.0));
  }

  // The near end speaks from 8 s on, `louder_db` over the echo.
  void double_talk(double louder_db) {
    Scene scene{cut(voices_.far, 0, 20, rate_), {}, {}};
    scene.echo = scenes::convolve(scene.far, room(1));
    scene.near = Sound(scene.echo.size());
    const Sound near = cut(voices_.near, 0, 12, rate_);
    std::copy(near.begin(), near.end(), scene.near.begin() + 8 * rate_);
    scenes::scale(scene.near, -26.0 - kReturnLossDb + louder_db - scenes::level_db(near));
    const Heard heard = send(contestant_, scene, rate_);
    const auto part = [&](const Sound& sound) {
      return std::span(sound).subspan(static_cast<std::size_t>(8 * rate_),
                                      static_cast<std::size_t>(11.9 * rate_));
    };
    const std::string name =
        "both talk, near +" + std::to_string(static_cast<int>(louder_db)) + " dB: ";
    add(name + "level", scenes::level_db(part(heard.out)) - scenes::level_db(part(scene.near)));
    add(name + "correlation", best_correlation(part(scene.near), part(heard.out)));
  }

  void distorted_loudspeaker() {
    Scene scene{cut(voices_.far, 0, 12, rate_), {}, {}};
    scene.echo = scenes::convolve(scenes::distorted(scene.far, 6.0F), room(1));
    const Heard heard = send(contestant_, scene, rate_);
    add("tanh loudspeaker: ERLE at 3 s", erle(scene, heard, 2.5, 3.5));
    add("tanh loudspeaker: ERLE at 8 s", erle(scene, heard, 7.0, 10.0));
  }

  void drifting_clock(double ppm) {
    Scene scene{cut(voices_.far, 0, 30, rate_), {}, {}};
    scene.echo = scenes::drifted(scenes::delayed(scenes::convolve(scene.far, room(1)),
                                                 static_cast<std::size_t>(0.06 * rate_)),
                                 ppm);
    const Heard heard = send(contestant_, scene, rate_);
    const std::string name = "clock " + std::to_string(static_cast<int>(ppm)) + " ppm: ERLE at ";
    add(name + "8 s", erle(scene, heard, 6.0, 10.0));
    add(name + "27 s", erle(scene, heard, 24.0, 29.0));
  }

  // How far the background's level moves while the echo is taken out of it.
  void louder_background() {
    Scene scene{cut(voices_.far, 0, 16, rate_), {}, {}};
    scene.echo = scenes::convolve(scene.far, room(1));
    scene.near = Sound(scene.echo.size());
    scenes::add_noise(scene.near, -55.0, 9);
    const auto silent = static_cast<std::ptrdiff_t>(3 * rate_);
    std::fill_n(scene.far.begin(), silent, 0.0F);
    scene.echo = scenes::convolve(scene.far, room(1));
    const Heard heard = send(contestant_, scene, rate_);
    const auto from = static_cast<std::size_t>(8 * rate_);
    const auto count = static_cast<std::size_t>(7 * rate_);
    add("background -55 dBFS: level under echo",
        scenes::level_db(std::span(heard.out).subspan(from, count)) -
            scenes::level_db(std::span(scene.near).subspan(from, count)));
  }

  void near_end_alone() {
    Scene scene{Sound(static_cast<std::size_t>(8 * rate_)), {}, cut(voices_.near, 0, 8, rate_)};
    scene.echo = Sound(scene.far.size());
    const Heard heard = send(contestant_, scene, rate_);
    add("near end alone: correlation", best_correlation(scene.near, heard.out));
  }

  void time_per_frame() {
    Scene scene{cut(voices_.far, 0, 20, rate_), {}, {}};
    scene.echo = scenes::convolve(scene.far, room(1));
    double best = 1e9;
    for (int i = 0; i < 3; ++i) {
      const auto begin = std::chrono::steady_clock::now();
      send(contestant_, scene, rate_);
      const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
      best = std::min(best, took.count());
    }
    add("microseconds per 10 ms", best * 1e6 / 2000.0);
  }

  // At the lag that suits the canceller best: not all say theirs.
  double best_correlation(std::span<const float> near, std::span<const float> out) const {
    double best = -1.0;
    for (std::size_t lag = 0; lag < static_cast<std::size_t>(rate_ / 25); ++lag)
      best = std::max(best, scenes::correlation(near, out, lag));
    return best;
  }

  const Contestant& contestant_;
  const Voices& voices_;
  int rate_;
  std::vector<Figure> figures_;
};

}  // namespace

Result<Voices> read_voices(const fs::path& data, int rate_hz) {
  Voices voices;
  voices.rate_hz = rate_hz;
  SYRINX_ASSIGN(voices.far, read_folder(data / "speech" / "kathleen", rate_hz, 32.0));
  SYRINX_ASSIGN(voices.near, read_folder(data / "speech" / "matthes", rate_hz, 14.0));
  return voices;
}

std::vector<Figure> run_scenes(const Contestant& contestant, const Voices& voices) {
  return Session(contestant, voices).run();
}

}  // namespace syrinx::bench
