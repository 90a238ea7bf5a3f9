// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/stages/text/normalise/en/reading.h"

// Times of day and durations; see Rule for what the function does.
namespace syrinx::text::en {

// "10:30", "5 p.m. EST", "14:10:30", "2pm-5pm".
bool time_rule(const Reading& reading, std::size_t at, Match& match);
// "EST" after a time.
bool zone_rule(const Reading& reading, std::size_t at, Match& match);
// "ten thirty", "nine o'clock"; minutes "" where none were written.
std::string say_clock(const Reading& reading, int hours, std::string_view minutes, bool half_day);

}  // namespace syrinx::text::en
