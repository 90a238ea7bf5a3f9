// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/denoise/any_rate_network.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace syrinx::enhance {
namespace {

constexpr int kNetworkRateHz = 16'000;
constexpr float kQuiet = 1e-10f;  // The energy of a hop below which there is nothing to compare.

float difference_energy(std::span<const float> x) noexcept {
  float sum = 0.0f;  // Twice differenced: what lies below 4 kHz hardly counts.
  for (std::size_t i = 2; i < x.size(); ++i) {
    const float second = x[i] - 2.0f * x[i - 1] + x[i - 2];
    sum += second * second;
  }
  return sum;
}

std::size_t following(std::size_t at, std::size_t size) noexcept {
  return at + 1 == size ? 0 : at + 1;
}
void put(std::vector<float>& ring, std::size_t& end, float x) noexcept {
  ring[end] = x;
  end = following(end, ring.size());
}

}  // namespace

void AnyRateNetwork::UpperGain::measure(std::span<const float> before,
                                        std::span<const float> after) noexcept {
  const float in = difference_energy(before);
  target_ = in < kQuiet ? 1.0f : std::min(1.0f, std::sqrt(difference_energy(after) / in));
}

Result<AnyRateNetwork> AnyRateNetwork::create(std::unique_ptr<FrameNetwork> network,
                                              int sample_rate_hz) {
  AnyRateNetwork made;
  made.line_ = HopLine(network->hop_samples());
  made.network_delay_ = SampleDelay(network->latency_samples());
  made.late_hop_.resize(network->hop_samples());
  const std::size_t low_delay = network->latency_samples() + made.line_.latency_samples();
  made.low_delay_ = SampleDelay(low_delay);
  made.network_ = std::move(network);
  made.latency_samples_ = low_delay;
  if (sample_rate_hz == kNetworkRateHz) return made;
  // All in input samples: a whole delay down, and up what makes the sum whole.
  const double step = static_cast<double>(sample_rate_hz) / kNetworkRateHz;
  const double down = std::ceil(DelayedResampler::least_delay(sample_rate_hz, kNetworkRateHz));
  const double least_up = DelayedResampler::least_delay(kNetworkRateHz, sample_rate_hz);
  const auto inside = static_cast<double>(low_delay);
  const double all = std::ceil(down + (inside + least_up) * step + 1e-6);
  const double up = (all - down) / step - inside;
  SYRINX_ASSIGN(made.down_, DelayedResampler::create(sample_rate_hz, kNetworkRateHz, down));
  SYRINX_ASSIGN(made.up_clean_, DelayedResampler::create(kNetworkRateHz, sample_rate_hz, up));
  SYRINX_ASSIGN(made.up_noisy_, DelayedResampler::create(kNetworkRateHz, sample_rate_hz, up));
  made.latency_samples_ = static_cast<std::size_t>(all);
  made.input_delay_ = SampleDelay(made.latency_samples_);
  // What one sample of either rate can bring, with room to spare.
  const auto most = static_cast<std::size_t>(std::ceil(step)) + 4;
  made.clean_.resize(4 * most);
  made.noisy_.resize(4 * most);
  return made;
}

void AnyRateNetwork::process(std::span<float> samples) noexcept {
  for (float& x : samples) x = next(x);
}

float AnyRateNetwork::next(float x) noexcept {
  const auto work = [this](std::span<const float> in, std::span<float> out) { denoise(in, out); };
  if (!down_) return line_.next(x, work);
  down_->push(x, [this, &work](float y) {
    up_clean_.push(line_.next(y, work), [this](float z) { put(clean_, clean_end_, z); });
    up_noisy_.push(low_delay_.next(y), [this](float z) { put(noisy_, noisy_end_, z); });
  });
  const float clean = clean_[read_];
  const float noisy = noisy_[read_];
  read_ = following(read_, clean_.size());
  return clean + upper_.next() * (input_delay_.next(x) - noisy);
}

void AnyRateNetwork::denoise(std::span<const float> in, std::span<float> out) noexcept {
  for (std::size_t i = 0; i < in.size(); ++i) late_hop_[i] = network_delay_.next(in[i]);
  if (!network_->process(in, out)) {
    ++failed_frames_;
    std::copy(late_hop_.begin(), late_hop_.end(), out.begin());
  }
  upper_.measure(late_hop_, out);
}

void AnyRateNetwork::reset() noexcept {
  network_->reset();
  line_.reset();
  network_delay_.reset();
  low_delay_.reset();
  input_delay_.reset();
  upper_.reset();
  if (!down_) return;
  down_->reset();
  up_clean_.reset();
  up_noisy_.reset();
  read_ = clean_end_ = noisy_end_ = 0;
}

}  // namespace syrinx::enhance
