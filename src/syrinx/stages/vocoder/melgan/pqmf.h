// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace syrinx::vocoder {

// The pseudo-quadrature-mirror filters that multi-band vocoders make sound of sub-bands with
// (Nguyen 1994, "Near-perfect-reconstruction pseudo-QMF banks"): a low-pass designed with a Kaiser
// window (Lin & Vaidyanathan 1998), moved to each band by a cosine.
struct PqmfDesign {
  std::size_t sub_bands = 4;
  std::size_t taps = 62;        // The filters have one more. Even.
  double cutoff_ratio = 0.142;  // Of half the rate; best for four bands and 62 taps.
  double kaiser_beta = 9.0;
};

// [sub_bands][taps + 1], of the bank that takes sound apart or of the one that makes it.
std::vector<double> pqmf_filters(const PqmfDesign& design, bool synthesis);

// Synthesis as it runs: sample q * sub_bands + p is the sum over `length` numbers, `weights` of p
// times the sub-bands' rows from q - behind on, side by side.
struct PqmfSynthesis {
  std::size_t sub_bands = 0;
  std::int64_t behind = 0;
  std::int64_t ahead = 0;
  std::size_t length = 0;      // A multiple of 16, padded with zeros.
  std::vector<float> weights;  // [sub_bands][length]
};

// From filters [sub_bands][taps + 1], centred on their middle, for sub-bands of one sample in
// sub_bands.
PqmfSynthesis make_pqmf_synthesis(std::span<const float> filters, std::size_t sub_bands);

}  // namespace syrinx::vocoder
