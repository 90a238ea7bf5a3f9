// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace syrinx::dsp {

struct Least {
  double at = 0.0;     // The middle of what is left between the bounds.
  double value = 0.0;  // The least that was seen beside it.
};

// Where value(x) is least between two bounds, if it has one trough there, by golden sections
// (Kiefer 1953) until the bounds are as near as `tolerance`, which is above 0. As real-time safe as
// `value` is.
template <class Value>
Least golden_section(double low, double high, double tolerance, Value&& value) {
  constexpr double kGolden = 0.6180339887498949;
  double a = high - kGolden * (high - low);
  double b = low + kGolden * (high - low);
  double at_a = value(a);
  double at_b = value(b);
  while (high - low > tolerance) {
    if (at_a < at_b) {
      high = b;
      b = a;
      at_b = at_a;
      a = high - kGolden * (high - low);
      at_a = value(a);
    } else {
      low = a;
      a = b;
      at_a = at_b;
      b = low + kGolden * (high - low);
      at_b = value(b);
    }
  }
  return {0.5 * (low + high), at_a < at_b ? at_a : at_b};
}

}  // namespace syrinx::dsp
