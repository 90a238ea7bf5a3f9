// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

// The letters that pages are made of.
namespace syrinx::measure::html {

// Text that may stand between tags and in quoted attributes, whoever wrote it: & < > " ' become
// entities; control characters and bytes that are not UTF-8 become U+FFFD.
std::string escape(std::string_view text);

std::string base64(std::span<const std::uint8_t> bytes);

// With `decimals` digits after a point, whatever the locale. Pre: finite.
std::string number(double value, int decimals);

// For a person: as many digits as say something, with a minus sign; an em dash for what does not
// exist (NaN, infinities).
std::string figure(double value);

// "2.5 %" of a length, for style attributes: 0 where the whole is 0.
std::string percent(double part, double whole);

// "1:02.35" or "2.35 s".
std::string clock(double seconds);

}  // namespace syrinx::measure::html
