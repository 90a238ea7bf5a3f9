// SPDX-License-Identifier: Apache-2.0
#include <cstddef>

int frames_of(std::size_t samples) {
#if defined(SYRINX_CORRECTED)
  return static_cast<int>(samples);
#else
  return samples;  // Half of the number may go missing.
#endif
}
