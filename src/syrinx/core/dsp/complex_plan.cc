// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/dsp/complex_plan.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace syrinx::dsp {
namespace {

// 2^a 3^b 5^c as radices, the large powers of two first, so that strides soon fill a vector; empty
// for 1 and for sizes with other factors.
std::vector<std::size_t> radices_of(std::size_t size) {
  std::vector<std::size_t> radices;
  std::size_t twos = static_cast<std::size_t>(std::countr_zero(size));
  size >>= twos;
  if (twos == 1) radices.push_back(2);
  for (; twos >= 3 && twos != 4; twos -= 3) radices.push_back(8);
  for (; twos >= 2; twos -= 2) radices.push_back(4);
  for (; size % 5 == 0; size /= 5) radices.push_back(5);
  for (; size % 3 == 0; size /= 3) radices.push_back(3);
  if (size != 1) radices.clear();
  return radices;
}

struct Angle {
  double cosine;
  double sine;
};

// exp(-2 pi i k / n), of an argument reduced while it is whole.
Angle root_of_unity(std::size_t k, std::size_t n) {
  const double angle =
      -2.0 * std::numbers::pi * static_cast<double>(k % n) / static_cast<double>(n);
  return {std::cos(angle), std::sin(angle)};
}

AlignedFloats first_twiddles(std::size_t radix, std::size_t groups) {
  AlignedFloats table(2 * (radix - 1) * groups);
  for (std::size_t k = 1; k < radix; ++k) {
    for (std::size_t p = 0; p < groups; ++p) {
      const Angle w = root_of_unity(p * k, radix * groups);
      table[2 * (k - 1) * groups + p] = static_cast<float>(w.cosine);
      table[(2 * (k - 1) + 1) * groups + p] = static_cast<float>(w.sine);
    }
  }
  return table;
}

AlignedFloats later_twiddles(std::size_t radix, std::size_t groups) {
  AlignedFloats table(2 * (radix - 1) * groups);
  for (std::size_t p = 0; p < groups; ++p) {
    for (std::size_t k = 1; k < radix; ++k) {
      const Angle w = root_of_unity(p * k, radix * groups);
      table[2 * ((radix - 1) * p + k - 1)] = static_cast<float>(w.cosine);
      table[2 * ((radix - 1) * p + k - 1) + 1] = static_cast<float>(w.sine);
    }
  }
  return table;
}

// One number of any layout, for the places where speed does not matter.
struct Number {
  float re;
  float im;
};

Number number_at(FftLayout layout, const float* re, const float* im, std::size_t n) {
  if (layout == FftLayout::kPlanar) return {re[n], im[n]};
  if (layout == FftLayout::kInterleaved) return {re[2 * n], re[2 * n + 1]};
  return {re[2 * n + 1], re[2 * n]};
}

void write_pairs(Planar from, std::size_t size, FftLayout out, float* pairs) {
  const float* first = out == FftLayout::kSwapped ? from.im : from.re;
  const float* second = out == FftLayout::kSwapped ? from.re : from.im;
  for (std::size_t n = 0; n < size; ++n) {
    pairs[2 * n] = first[n];
    pairs[2 * n + 1] = second[n];
  }
}

// (y_re, y_im)[n] *= (re, im)[n]
void multiply_rows(float* y_re, float* y_im, const float* re, const float* im, std::size_t size) {
  for (std::size_t n = 0; n < size; ++n) {
    const float product_re = y_re[n] * re[n] - y_im[n] * im[n];
    y_im[n] = y_re[n] * im[n] + y_im[n] * re[n];
    y_re[n] = product_re;
  }
}

}  // namespace

ComplexPlan::ComplexPlan(std::size_t size, const FftKernels& kernels)
    : size_(size), kernels_(kernels), row_((size + 15) / 16 * 16) {
  buffers_.resize(4 * row_);
  plan_passes();
  if (passes_.empty() && size_ > 1) plan_chirp();
}

void ComplexPlan::plan_passes() {
  std::size_t stride = 1;
  for (const std::size_t radix : radices_of(size_)) {
    const std::size_t groups = size_ / stride / radix;
    passes_.push_back(
        {radix, groups, stride,
         stride == 1 ? first_twiddles(radix, groups) : later_twiddles(radix, groups)});
    stride *= radix;
  }
}

void ComplexPlan::plan_chirp() {
  chirp_ = std::make_unique<Chirp>();
  const std::size_t longer = std::bit_ceil(2 * size_ - 1);
  chirp_->plan = std::make_unique<ComplexPlan>(longer, kernels_);
  chirp_->re.resize(size_);
  chirp_->im.resize(size_);
  AlignedFloats filter_re(longer);
  AlignedFloats filter_im(longer);
  const double scale = 1.0 / static_cast<double>(longer);
  for (std::size_t n = 0; n < size_; ++n) {
    const Angle w = root_of_unity(n * n, 2 * size_);
    chirp_->re[n] = static_cast<float>(w.cosine);
    chirp_->im[n] = static_cast<float>(w.sine);
    const std::size_t mirror = (longer - n) % longer;
    filter_re[n] = filter_re[mirror] = static_cast<float>(w.cosine * scale);
    filter_im[n] = filter_im[mirror] = static_cast<float>(-w.sine * scale);
  }
  const Planar done = chirp_->plan->run(FftLayout::kPlanar, filter_re.data(), filter_im.data());
  chirp_->filter_re.assign(done.re, done.re + longer);
  chirp_->filter_im.assign(done.im, done.im + longer);
  chirp_->work_re.resize(longer);
  chirp_->work_im.resize(longer);
}

Planar ComplexPlan::buffer(std::size_t index) noexcept {
  float* start = buffers_.data() + 2 * (index % 2) * row_;
  return {start, start + row_};
}

Planar ComplexPlan::run(FftLayout layout, const float* re, const float* im) noexcept {
  if (chirp_ != nullptr) return run_chirp(layout, re, im);
  return run_passes(layout, re, im, FftLayout::kPlanar, nullptr);
}

void ComplexPlan::run_to_pairs(FftLayout layout, const float* re, const float* im, FftLayout out,
                               float* pairs) noexcept {
  if (passes_.size() >= 2) {
    run_passes(layout, re, im, out, pairs);
  } else {
    write_pairs(run(layout, re, im), size_, out, pairs);
  }
}

Planar ComplexPlan::run_passes(FftLayout layout, const float* re, const float* im, FftLayout out,
                               float* pairs) noexcept {
  Planar to = buffer(0);
  if (passes_.empty()) {  // One number is its own transform.
    const Number only = number_at(layout, re, im, 0);
    *to.re = only.re;
    *to.im = only.im;
    return to;
  }
  const Pass& first = passes_.front();
  kernels_.first(first.radix, first.groups,
                 layout)({re, im, to.re, to.im, first.twiddles.data(), first.groups, 1});
  for (std::size_t i = 1; i < passes_.size(); ++i) {
    const Pass& pass = passes_[i];
    const Planar from = to;
    const bool last = i + 1 == passes_.size();
    to = last && out != FftLayout::kPlanar ? Planar{pairs, nullptr} : buffer(i);
    kernels_.later(pass.radix, pass.stride, last ? out : FftLayout::kPlanar)(
        {from.re, from.im, to.re, to.im, pass.twiddles.data(), pass.groups, pass.stride});
  }
  return to;
}

Planar ComplexPlan::run_chirp(FftLayout layout, const float* re, const float* im) noexcept {
  Chirp& c = *chirp_;
  for (std::size_t n = 0; n < size_; ++n) {
    const Number x = number_at(layout, re, im, n);
    c.work_re[n] = x.re;
    c.work_im[n] = x.im;
  }
  multiply_rows(c.work_re.data(), c.work_im.data(), c.re.data(), c.im.data(), size_);
  std::fill(c.work_re.begin() + static_cast<std::ptrdiff_t>(size_), c.work_re.end(), 0.0f);
  std::fill(c.work_im.begin() + static_cast<std::ptrdiff_t>(size_), c.work_im.end(), 0.0f);

  const Planar spectrum = c.plan->run(FftLayout::kPlanar, c.work_re.data(), c.work_im.data());
  const std::size_t longer = c.plan->size();
  multiply_rows(spectrum.re, spectrum.im, c.filter_re.data(), c.filter_im.data(), longer);
  std::copy_n(spectrum.re, longer, c.work_re.data());
  std::copy_n(spectrum.im, longer, c.work_im.data());
  // Parts exchanged going in and coming out: the inverse transform.
  const Planar swapped = c.plan->run(FftLayout::kPlanar, c.work_im.data(), c.work_re.data());
  const Planar to = buffer(0);
  std::copy_n(swapped.im, size_, to.re);
  std::copy_n(swapped.re, size_, to.im);
  multiply_rows(to.re, to.im, c.re.data(), c.im.data(), size_);
  return to;
}

}  // namespace syrinx::dsp
