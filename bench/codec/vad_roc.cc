// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "codec/codec_bench.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/enhance/vad/speech_detector.h"

namespace syrinx::bench {
namespace {

constexpr int kRateHz = 16'000;
constexpr std::size_t kHop = 160;

// Sentences of one level with pauses of 0.3 to 2.3 s between.
Result<std::vector<float>> sentences(const std::filesystem::path& folder, double seconds,
                                     unsigned seed) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".flac" || entry.path().extension() == ".wav")
      files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::mt19937 random(seed);
  std::vector<float> speech;
  for (const auto& file : files) {
    SYRINX_ASSIGN(const auto read, io::read_audio(file));
    SYRINX_ASSIGN(const auto audio, dsp::resample(read, kRateHz));
    double power = 1e-12;
    for (const float sample : audio.channel(0)) power += static_cast<double>(sample) * sample;
    const double gain = 0.05 / std::sqrt(power / static_cast<double>(audio.frames()));
    for (const float sample : audio.channel(0)) speech.push_back(static_cast<float>(gain) * sample);
    speech.insert(speech.end(), kRateHz * (3 + random() % 20) / 10, 0.0F);
    if (static_cast<double>(speech.size()) > seconds * kRateHz) break;
  }
  return speech;
}

// Speech is what is within 30 dB of its mean level, gaps of less than 100 ms closed.
std::vector<bool> truth(const std::vector<float>& clean) {
  std::vector<bool> spoken(clean.size() / kHop);
  for (std::size_t i = 0; i < spoken.size(); ++i) {
    double power = 0.0;
    for (std::size_t k = 0; k < kHop; ++k) power += std::pow(clean[i * kHop + k], 2);
    spoken[i] = 10 * std::log10(power / kHop + 1e-12) > -56.0;
  }
  for (std::size_t i = 1; i < spoken.size(); ++i) {
    if (spoken[i] || !spoken[i - 1]) continue;
    std::size_t end = i;
    while (end < spoken.size() && !spoken[end]) ++end;
    if (end < spoken.size() && end - i < 10)
      std::fill_n(spoken.begin() + static_cast<std::ptrdiff_t>(i), end - i, true);
  }
  return spoken;
}

// Of mean power 1. Babble is six voices at once.
std::vector<float> noise(const std::string& kind, std::size_t samples,
                         const std::vector<float>& voices) {
  std::mt19937 random(77);
  std::normal_distribution<float> white(0.0F, 1.0F);
  std::vector<float> out(samples);
  float past = 0.0F;
  for (std::size_t i = 0; i < samples; ++i) {
    if (kind == "babble") {
      for (std::size_t voice = 0; voice < 6; ++voice)
        out[i] += voices[(i + voice * (voices.size() / 7 + 3'331)) % voices.size()];
    } else {
      past = (kind == "rumble" ? 0.98F : 0.0F) * past + white(random);
      out[i] = past;
    }
  }
  double power = 0.0;
  for (const float sample : out) power += static_cast<double>(sample) * sample;
  for (float& sample : out)
    sample /= static_cast<float>(std::sqrt(power / static_cast<double>(samples)));
  return out;
}

// How often a hop of speech scores above one without.
double area(std::vector<std::pair<float, bool>> scores) {
  std::sort(scores.begin(), scores.end());
  double with = 0.0;
  double without = 0.0;
  double right = 0.0;
  for (const auto& [score, spoken] : scores) {
    if (spoken) {
      right += without;
      with += 1.0;
    } else {
      without += 1.0;
    }
  }
  return right / (with * without);
}

// A detector whose hops are longer says the same of all 10 ms within one.
double area_of(enhance::SpeechDetector& detector, const std::vector<float>& noisy,
               const std::vector<bool>& spoken) {
  detector.reset();
  const std::size_t hop = detector.hop_frames();
  std::vector<float> found;
  for (std::size_t at = 0; at + hop <= noisy.size(); at += hop)
    found.push_back(detector.process({std::span(noisy).subspan(at, hop), kRateHz}));
  std::vector<std::pair<float, bool>> scores;
  for (std::size_t i = 50; i < spoken.size(); ++i) {
    const std::size_t at = (i * kHop + kHop / 2) / hop;
    if (at < found.size()) scores.emplace_back(found[at], spoken[i]);
  }
  return area(std::move(scores));
}

struct Contestant {
  std::string name;
  std::unique_ptr<enhance::SpeechDetector> detector;
};

// Silero's network is left out, and why is said, where it or ONNX Runtime is not there.
Result<std::vector<Contestant>> contestants(const std::filesystem::path& data) {
  std::vector<Contestant> all;
  for (const auto kind : {enhance::DetectorKind::kSpectral, enhance::DetectorKind::kSilero}) {
    auto detector = enhance::make_speech_detector(kind, kRateHz, {}, data / "models");
    if (detector) {
      all.push_back({std::string(enhance::to_string(kind)), std::move(*detector)});
    } else if (kind == enhance::DetectorKind::kSpectral) {
      return detector.error();
    } else {
      std::printf("\nwithout silero: %s\n", detector.error().message.c_str());
    }
  }
  return all;
}

}  // namespace

Result<void> print_vad_roc(const std::filesystem::path& data) {
  SYRINX_ASSIGN(const auto clean, sentences(data / "speech/ljspeech", 90.0, 2));
  SYRINX_ASSIGN(const auto voices, sentences(data / "speech/kerstin", 60.0, 7));
  const auto spoken = truth(clean);
  SYRINX_ASSIGN(auto detectors, contestants(data));
  std::printf("\nVoice activity, area under the ROC      0 dB     5 dB    10 dB    20 dB\n");
  for (const char* kind : {"white", "rumble", "babble"}) {
    const auto background = noise(kind, clean.size(), voices);
    for (Contestant& one : detectors) {
      std::printf("  %-33s", (std::string(kind) + ", " + one.name).c_str());
      for (const double ratio_db : {0.0, 5.0, 10.0, 20.0}) {
        const auto gain = static_cast<float>(0.05 * std::pow(10.0, -ratio_db / 20.0));
        std::vector<float> noisy = clean;
        for (std::size_t i = 0; i < noisy.size(); ++i) noisy[i] += gain * background[i];
        std::printf(" %8.3f", area_of(*one.detector, noisy, spoken));
      }
      std::printf("\n");
    }
  }
  return {};
}

}  // namespace syrinx::bench
