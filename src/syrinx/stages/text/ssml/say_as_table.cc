// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/ssml/say_as_table.h"

#include <algorithm>

namespace syrinx::text {
namespace {

constexpr SayAsName kNames[] = {
    {"cardinal", "cardinal", ""},
    {"number", "number", ""},
    {"number:cardinal", "cardinal", ""},
    {"number:decimal", "number", ""},
    {"vxml:number", "number", ""},
    {"decimal", "number", ""},
    {"ordinal", "ordinal", ""},
    {"number:ordinal", "ordinal", ""},
    {"digits", "digits", ""},
    {"digit", "digits", ""},
    {"number_digit", "digits", ""},
    {"number:digits", "digits", ""},
    {"vxml:digits", "digits", ""},
    {"fraction", "fraction", ""},
    {"number:fraction", "fraction", ""},
    {"unit", "unit", ""},
    {"measure", "measure", ""},
    {"date", "date", ""},
    {"vxml:date", "date", ""},
    {"date:mdy", "date", "mdy"},
    {"date:dmy", "date", "dmy"},
    {"date:ymd", "date", "ymd"},
    {"date:ym", "date", "ym"},
    {"date:my", "date", "my"},
    {"date:md", "date", "md"},
    {"date:dm", "date", "dm"},
    {"date:y", "date", "y"},
    {"date:m", "date", "m"},
    {"date:d", "date", "d"},
    {"date_mdy", "date", "mdy"},
    {"date_dmy", "date", "dmy"},
    {"date_ymd", "date", "ymd"},
    {"date_ym", "date", "ym"},
    {"date_my", "date", "my"},
    {"date_md", "date", "md"},
    {"date_dm", "date", "dm"},
    {"date_year", "date", "y"},
    {"year", "date", "y"},
    {"time", "time", ""},
    {"vxml:time", "time", ""},
    {"time:hms12", "time", "hms12"},
    {"time:hms24", "time", "hms24"},
    {"hms12", "time", "hms12"},
    {"hms24", "time", "hms24"},
    {"telephone", "telephone", ""},
    {"phone", "telephone", ""},
    {"telephone_number", "telephone", ""},
    {"vxml:phone", "telephone", ""},
    {"characters", "characters", ""},
    {"letters", "characters", ""},
    {"spell-out", "spell-out", ""},
    {"spell", "spell-out", ""},
    {"verbatim", "verbatim", ""},
    {"expletive", "expletive", ""},
    {"bleep", "bleep", ""},
    {"address", "address", ""},
    {"currency", "currency", ""},
    {"vxml:currency", "currency", ""},
    {"money", "money", ""},
    {"name", "name", ""},
};

char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

const SayAsName* find_say_as(std::string_view interpret_as) noexcept {
  for (const SayAsName& name : kNames) {
    if (std::equal(name.written.begin(), name.written.end(), interpret_as.begin(),
                   interpret_as.end(), [](char a, char b) { return a == to_lower(b); }))
      return &name;
  }
  return nullptr;
}

}  // namespace syrinx::text
