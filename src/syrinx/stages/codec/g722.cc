// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/codec/g722.h"

namespace syrinx::codec {
namespace {

constexpr std::array<int, 8> kLowStep = {-60, -30, 58, 172, 334, 538, 1198, 3042};
constexpr std::array<std::uint8_t, 16> kLowStepOf = {0, 7, 6, 5, 4, 3, 2, 1,
                                                     7, 6, 5, 4, 3, 2, 1, 0};
constexpr std::array<int, 4> kHighStep = {798, -214, 798, -214};
constexpr std::array<int, 4> kHighLevel = {-7408, -1616, 7408, 1616};
constexpr std::array<int, 16> kLevel4 = {0,     -20456, -12896, -8968, -6288, -4240, -2584, -1200,
                                         20456, 12896,  8968,   6288,  4240,  2584,  1200,  0};
constexpr std::array<int, 32> kLevel5 = {-280,  -280,  -23352, -17560, -14120, -11664, -9752, -8184,
                                         -6864, -5712, -4696,  -3784,  -2960,  -2208,  -1520, -880,
                                         23352, 17560, 14120,  11664,  9752,   8184,   6864,  5712,
                                         4696,  3784,  2960,   2208,   1520,   880,    280,   -280};
constexpr std::array<int, 64> kLevel6 = {
    -136,   -136,   -136,  -136,  -24808, -21904, -19008, -16704, -14984, -13512, -12280,
    -11192, -10232, -9360, -8576, -7856,  -7192,  -6576,  -6000,  -5456,  -4944,  -4464,
    -4008,  -3576,  -3168, -2776, -2400,  -2032,  -1688,  -1360,  -1040,  -728,   24808,
    21904,  19008,  16704, 14984, 13512,  12280,  11192,  10232,  9360,   8576,   7856,
    7192,   6576,   6000,  5456,  4944,   4464,   4008,   3576,   3168,   2776,   2400,
    2032,   1688,   1360,  1040,  728,    432,    136,    -432,   -136};
constexpr std::array<int, 12> kQmf = {3, -11, 12, 32, -210, 951, 3876, -805, 362, -156, 53, -11};
// The quantiser's decision levels, and the codes of what lies between, below and above zero.
constexpr std::array<int, 30> kDecision = {
    0,   35,  72,  110, 150,  190,  233,  276,  323,  370,  422,  473,  530,  587,  650,
    714, 786, 858, 940, 1023, 1121, 1219, 1339, 1458, 1612, 1765, 1980, 2195, 2557, 2919};
constexpr std::array<std::uint8_t, 31> kBelow = {0,  63, 62, 31, 30, 29, 28, 27, 26, 25, 24,
                                                 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13,
                                                 12, 11, 10, 9,  8,  7,  6,  5,  4};
constexpr std::array<std::uint8_t, 31> kAbove = {0,  61, 60, 59, 58, 57, 56, 55, 54, 53, 52,
                                                 51, 50, 49, 48, 47, 46, 45, 44, 43, 42, 41,
                                                 40, 39, 38, 37, 36, 35, 34, 33, 32};

constexpr int kMostLow = 18'432;
constexpr int kMostHigh = 22'528;

int limit15(int value) noexcept { return std::clamp(value, -16'384, 16'383); }

void learn_low(G722Band& band, unsigned four_bits) noexcept {
  const int difference = (band.det * kLevel4[four_bits]) >> 15;
  band.scale(kLowStep[kLowStepOf[four_bits]], kMostLow, 8);
  band.predict(difference);
}

void learn_high(G722Band& band, unsigned code) noexcept {
  const int difference = (band.det * kHighLevel[code]) >> 15;
  band.scale(kHighStep[code], kMostHigh, 10);
  band.predict(difference);
}

// Half of the quadrature mirror filter each.
struct Halves {
  int odd;
  int even;
};
Halves filter(const std::array<int, 24>& past) noexcept {
  Halves sums{0, 0};
  for (std::size_t i = 0; i < kQmf.size(); ++i) {
    sums.odd += past[2 * i] * kQmf[i];
    sums.even += past[2 * i + 1] * kQmf[kQmf.size() - 1 - i];
  }
  return sums;
}

void push(std::array<int, 24>& past, int first, int second) noexcept {
  std::copy(past.begin() + 2, past.end(), past.begin());
  past[22] = first;
  past[23] = second;
}

}  // namespace

unsigned G722Encoder::encode_low(int sample) noexcept {
  const int error = saturate16(sample - low_.s);
  const int magnitude = error >= 0 ? error : -(error + 1);
  std::size_t i = 1;
  while (i < kDecision.size() && magnitude >= (kDecision[i] * low_.det) >> 12) ++i;
  const unsigned code = error < 0 ? kBelow[i] : kAbove[i];
  learn_low(low_, code >> 2);
  return code;
}

unsigned G722Encoder::encode_high(int sample) noexcept {
  const int error = saturate16(sample - high_.s);
  const int magnitude = error >= 0 ? error : -(error + 1);
  const bool outer = magnitude >= (564 * high_.det) >> 12;
  const unsigned code = (outer ? 0U : 1U) | (error < 0 ? 0U : 2U);
  learn_high(high_, code);
  return code;
}

std::uint8_t G722Encoder::encode_pair(std::int16_t first, std::int16_t second) noexcept {
  push(past_, first, second);
  const Halves sums = filter(past_);
  const unsigned low = encode_low((sums.even + sums.odd) >> 14);
  const unsigned high = encode_high((sums.even - sums.odd) >> 14);
  return static_cast<std::uint8_t>(((high << 6) | low) >> (8 - bits_));
}

void G722Encoder::encode(std::span<const std::int16_t> samples,
                         std::span<std::uint8_t> codes) noexcept {
  for (std::size_t i = 0; i < codes.size(); ++i)
    codes[i] = encode_pair(samples[2 * i], samples[2 * i + 1]);
}

int G722Decoder::decode_low(unsigned code) noexcept {
  const int level = bits_ == 8 ? kLevel6[code] : bits_ == 7 ? kLevel5[code] : kLevel4[code];
  const int sample = limit15(low_.s + ((low_.det * level) >> 15));
  learn_low(low_, code >> (bits_ - 6));
  return sample;
}

int G722Decoder::decode_high(unsigned code) noexcept {
  const int sample = limit15(high_.s + ((high_.det * kHighLevel[code]) >> 15));
  learn_high(high_, code);
  return sample;
}

void G722Decoder::decode(std::span<const std::uint8_t> codes,
                         std::span<std::int16_t> samples) noexcept {
  const unsigned low_mask = (1U << (bits_ - 2)) - 1U;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const int low = decode_low(codes[i] & low_mask);
    const int high = decode_high((unsigned{codes[i]} >> (bits_ - 2)) & 3U);
    push(past_, low + high, low - high);
    const Halves sums = filter(past_);
    samples[2 * i] = static_cast<std::int16_t>(saturate16(sums.even >> 11));
    samples[2 * i + 1] = static_cast<std::int16_t>(saturate16(sums.odd >> 11));
  }
}

}  // namespace syrinx::codec
