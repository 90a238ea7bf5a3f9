// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/effects/convolver.h"

#include <algorithm>

namespace syrinx::effects {
namespace {

// sum += a b. By hand: the operator of std::complex looks for infinities each time.
void accumulate(std::complex<float>* sum, const std::complex<float>* a,
                const std::complex<float>* b, std::size_t n) noexcept {
  for (std::size_t k = 0; k < n; ++k) {
    const float re = a[k].real() * b[k].real() - a[k].imag() * b[k].imag();
    const float im = a[k].real() * b[k].imag() + a[k].imag() * b[k].real();
    sum[k] = {sum[k].real() + re, sum[k].imag() + im};
  }
}

}  // namespace

Result<Convolver> Convolver::create(std::span<const float> response, std::size_t channels,
                                    std::size_t partition_samples) {
  if (response.empty())
    return make_error(ErrorCode::kInvalidArgument, "convolution: the response has no samples");
  SYRINX_ASSIGN(auto fft, dsp::RealFft::create(2 * partition_samples));
  return Convolver(std::move(fft), response, channels, partition_samples);
}

Convolver::Convolver(dsp::RealFft fft, std::span<const float> response, std::size_t channels,
                     std::size_t partition)
    : fft_(std::move(fft)),
      partition_(partition),
      partitions_((response.size() + partition - 1) / partition),
      response_(partitions_ * fft_.bins()),
      sum_(fft_.bins()),
      time_(2 * partition),
      channels_(channels) {
  for (std::size_t p = 0; p < partitions_; ++p) {
    const auto piece =
        response.subspan(p * partition_, std::min(partition_, response.size() - p * partition_));
    std::fill(time_.begin(), time_.end(), 0.0f);
    std::copy(piece.begin(), piece.end(), time_.begin());
    fft_.forward(time_, std::span(response_).subspan(p * fft_.bins(), fft_.bins()));
  }
  for (Channel& channel : channels_) {
    channel.input.assign(2 * partition, 0.0f);
    channel.output.assign(partition, 0.0f);
    channel.past.assign(partitions_ * fft_.bins(), {});
  }
}

void Convolver::process(std::span<float> samples, std::size_t index) noexcept {
  Channel& channel = channels_[index];
  for (float& x : samples) {
    channel.input[partition_ + channel.filled] = x;
    x = channel.output[channel.filled];
    if (++channel.filled == partition_) convolve(channel);
  }
}

void Convolver::convolve(Channel& channel) noexcept {
  const std::size_t bins = fft_.bins();
  channel.newest = (channel.newest + partitions_ - 1) % partitions_;
  fft_.forward(channel.input, std::span(channel.past).subspan(channel.newest * bins, bins));
  std::fill(sum_.begin(), sum_.end(), std::complex<float>{});
  for (std::size_t p = 0; p < partitions_; ++p) {
    const std::size_t at = (channel.newest + p) % partitions_;
    accumulate(sum_.data(), channel.past.data() + at * bins, response_.data() + p * bins, bins);
  }
  fft_.inverse(sum_, time_);
  const auto half = static_cast<std::ptrdiff_t>(partition_);
  std::copy(time_.begin() + half, time_.end(), channel.output.begin());
  std::copy(channel.input.begin() + half, channel.input.end(), channel.input.begin());
  channel.filled = 0;
}

void Convolver::reset() noexcept {
  for (Channel& channel : channels_) {
    std::fill(channel.input.begin(), channel.input.end(), 0.0f);
    std::fill(channel.output.begin(), channel.output.end(), 0.0f);
    std::fill(channel.past.begin(), channel.past.end(), std::complex<float>{});
    channel.filled = 0;
    channel.newest = 0;
  }
}

}  // namespace syrinx::effects
