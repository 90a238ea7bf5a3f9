// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/dsp/aligned.h"
#include "syrinx/stages/enhance/echo/split_spectrum.h"

namespace syrinx::enhance {

// The spectra of the far end's last blocks: each of the block and the one before it, two blocks
// long.
class FarHistory {
 public:
  struct Entry {
    explicit Entry(std::size_t bins) : spectrum(bins), power(bins) {}
    SplitSpectrum spectrum;
    dsp::AlignedFloats power;
  };

  FarHistory(std::size_t bins, std::size_t blocks) : entries_(blocks, Entry(bins)) {}

  std::size_t blocks() const noexcept { return entries_.size(); }
  // The block that came `age` blocks before the last. Pre: age < blocks().
  const Entry& at(std::size_t age) const noexcept {
    return entries_[(last_ + entries_.size() - age) % entries_.size()];
  }
  void push(std::span<const std::complex<float>> bins) noexcept SYRINX_REALTIME {
    last_ = (last_ + 1) % entries_.size();
    Entry& entry = entries_[last_];
    entry.spectrum.assign(bins);
    for (std::size_t k = 0; k < entry.power.size(); ++k)
      entry.power[k] =
          entry.spectrum.re[k] * entry.spectrum.re[k] + entry.spectrum.im[k] * entry.spectrum.im[k];
  }
  void reset() noexcept SYRINX_REALTIME;

 private:
  std::vector<Entry> entries_;
  std::size_t last_ = 0;
};

}  // namespace syrinx::enhance
