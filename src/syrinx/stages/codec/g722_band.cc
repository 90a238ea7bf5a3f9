// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/codec/g722_band.h"

namespace syrinx::codec {
namespace {

constexpr std::array<int, 32> kInverseLog = {
    2048, 2093, 2139, 2186, 2233, 2282, 2332, 2383, 2435, 2489, 2543, 2599, 2656, 2714, 2774, 2834,
    2896, 2960, 3025, 3091, 3158, 3228, 3298, 3371, 3444, 3520, 3597, 3676, 3756, 3838, 3922, 4008};

bool same_sign(int a, int b) noexcept { return (a < 0) == (b < 0); }

}  // namespace

void G722Band::scale(int change, int most, int shift) noexcept {
  nb = std::clamp(((nb * 127) >> 7) + change, 0, most);
  const int mantissa = kInverseLog[static_cast<std::size_t>((nb >> 6) & 31)];
  const int down = shift - (nb >> 11);
  det = (down < 0 ? mantissa << -down : mantissa >> down) << 2;
}

// UPPOL2 and UPPOL1.
void G722Band::adapt_poles() noexcept {
  const int steep = saturate16(a[1] * 4);
  const int turned = std::min(same_sign(p[0], p[1]) ? -steep : steep, 32'767);
  const int second = (same_sign(p[0], p[2]) ? 128 : -128) + (turned >> 7) + ((a[2] * 32'512) >> 15);
  const int kept = std::clamp(second, -12'288, 12'288);
  const int first = saturate16((same_sign(p[0], p[1]) ? 192 : -192) + ((a[1] * 32'640) >> 15));
  const int bound = saturate16(15'360 - kept);
  a[1] = std::clamp(first, -bound, bound);
  a[2] = kept;
}

// UPZERO.
void G722Band::adapt_zeros() noexcept {
  const int step = d[0] == 0 ? 0 : 128;
  for (std::size_t i = 1; i < b.size(); ++i)
    b[i] = saturate16((same_sign(d[i], d[0]) ? step : -step) + ((b[i] * 32'640) >> 15));
}

void G722Band::predict(int difference) noexcept {
  d[0] = difference;
  r[0] = saturate16(s + difference);
  p[0] = saturate16(sz + difference);
  adapt_poles();
  adapt_zeros();
  std::copy_backward(d.begin(), d.end() - 1, d.end());
  std::copy_backward(r.begin(), r.end() - 1, r.end());
  std::copy_backward(p.begin(), p.end() - 1, p.end());
  const int poles =
      saturate16(((a[1] * saturate16(2 * r[1])) >> 15) + ((a[2] * saturate16(2 * r[2])) >> 15));
  sz = 0;
  for (std::size_t i = 1; i < b.size(); ++i) sz += (b[i] * saturate16(2 * d[i])) >> 15;
  sz = saturate16(sz);
  s = saturate16(poles + sz);
}

}  // namespace syrinx::codec
