// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <map>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "syrinx/core/flow/mel.h"
#include "syrinx/stages/vocoder/weight_source.h"

// Random weights by name for tests and benchmarks, and what they are compared by.
namespace syrinx::vocoder::testing {

class RandomWeights {
 public:
  explicit RandomWeights(unsigned seed = 7) : random_(seed) {}

  // Weights of a spread that keeps the signal's, biases of 0.05.
  WeightSource source(double gain = 1.0) {
    return {[this, gain](const std::string& name, std::span<const std::size_t> shape) {
              std::size_t count = 1, fan_in = 1;
              for (const std::size_t n : shape) count *= n;
              for (const std::size_t n : shape.subspan(1)) fan_in *= n;
              return make(name, count, gain / std::sqrt(static_cast<double>(fan_in)));
            },
            [this](const std::string& name, std::size_t length) {
              return make(name + ".bias", length, 0.05);
            }};
  }
  const std::vector<float>& at(const std::string& name) const { return values.at(name); }

  std::map<std::string, std::vector<float>> values;

 private:
  Result<std::vector<float>> make(const std::string& name, std::size_t n, double spread) {
    std::normal_distribution<float> normal(0.0F, static_cast<float>(spread));
    std::vector<float>& made = values[name];
    if (made.empty()) {
      made.resize(n);
      for (float& value : made) value = normal(random_);
    }
    return made;
  }
  std::mt19937 random_;
};

inline std::vector<float> random_values(std::size_t n, unsigned seed, float mean = 0,
                                        float spread = 1) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal(mean, spread);
  std::vector<float> values(n);
  for (float& value : values) value = normal(random);
  return values;
}

inline Mel random_mel(const MelSpec& spec, std::size_t frames, float mean = 0, float spread = 1) {
  const auto values = random_values(frames * spec.bands, 3, mean, spread);
  Mel mel(spec, frames);
  for (std::size_t i = 0; i < frames; ++i)
    std::copy_n(values.data() + i * spec.bands, spec.bands, mel.frame(i).data());
  return mel;
}

template <class Expected, class Given>
double snr_db(const Expected& expected, const Given& given) {
  double signal = 0, error = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const auto e = static_cast<double>(expected[i]), g = static_cast<double>(given[i]);
    signal += e * e;
    error += (e - g) * (e - g);
  }
  return 10 * std::log10(signal / error);
}

}  // namespace syrinx::vocoder::testing
