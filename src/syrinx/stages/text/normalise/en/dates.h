// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/stages/text/normalise/en/reading.h"

// Dates, years, decades and eras; see Rule for what each function does.
namespace syrinx::text::en {

// 1 to 12 for the name of a month ("january", "sept"), 0 for anything else.
int month_number(std::string_view lower);
std::string_view month_name(int month);
// The name of a day of the week for "mon", "tues", "sunday"; "" for anything else.
std::string_view weekday_name(std::string_view lower);

bool date_month_first(const Reading& reading, std::size_t at, Match& match);  // "July 25, 2012".
bool date_day_first(const Reading& reading, std::size_t at, Match& match);    // "25th of July".
bool date_in_numbers(const Reading& reading, std::size_t at, Match& match);   // "3/4/2025".
bool date_after_word(const Reading& reading, std::size_t at, Match& match);   // "on 12/25".
bool weekday(const Reading& reading, std::size_t at, Match& match);           // "Mon., Aug. 4".
bool era(const Reading& reading, std::size_t at, Match& match);               // "340 A.D", "AD 79".
bool decade_rule(const Reading& reading, std::size_t at, Match& match);       // "1980s", "'80s".
bool year_range(const Reading& reading, std::size_t at, Match& match);        // "1980-86".
bool year_rule(const Reading& reading, std::size_t at, Match& match);         // "1984".

// "the fifth of july twenty twelve" or "july fifth twenty twelve"; day or year may be "".
std::string say_date(const Reading& reading, bool day_first, int month, std::string_view day,
                     std::string_view year_digits);
std::string say_year(const Reading& reading, std::string_view digits);

}  // namespace syrinx::text::en
