// SPDX-License-Identifier: Apache-2.0
#pragma once

// The two frequency scales of hearing. Each function is defined for 0 Hz and up; none fails.
namespace syrinx::measure {

// Critical-band rate in Bark: H. Traunmueller, "Analytical expressions for the tonotopic sensory
// scale", JASA 88 (1990), with its corrections below 2 and above 20.1 Bark.
double bark_traunmueller(double hz) noexcept;
double hz_of_bark_traunmueller(double bark) noexcept;
// The same by E. Zwicker and E. Terhardt, JASA 68 (1980); within 0.2 Bark of Zwicker's table.
double bark_zwicker(double hz) noexcept;

// B. Glasberg and B. Moore, Hearing Research 47 (1990): the width in Hz of the auditory filter at
// a frequency, and the number of such widths below it (in Cams).
double erb_hz(double hz) noexcept;
double erb_number(double hz) noexcept;
double hz_of_erb_number(double cams) noexcept;

}  // namespace syrinx::measure
