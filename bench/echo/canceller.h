// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

// Echo cancellers beside each other behind one face.
namespace syrinx::bench {

// Works in frames of 10 ms; what comes out lags behind by latency_samples().
class Canceller {
 public:
  Canceller() = default;
  Canceller(const Canceller&) = delete;
  Canceller& operator=(const Canceller&) = delete;
  virtual ~Canceller() = default;
  virtual std::size_t latency_samples() const = 0;
  virtual void process(std::span<const float> near, std::span<const float> far,
                       std::span<float> out) = 0;
};

struct Contestant {
  std::string name;
  std::function<std::unique_ptr<Canceller>(int rate_hz)> make;
};

Contestant our_filter_alone();
Contestant our_canceller();
Contestant speex_filter_alone();
Contestant speex_with_preprocessor();
Contestant webrtc_moderate();
Contestant webrtc_high();

}  // namespace syrinx::bench
