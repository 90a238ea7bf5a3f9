// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/alphabet/characters.h"

namespace syrinx::text {

Error symbol_error(std::string_view set_name, std::string_view symbols, SourceSpan symbol,
                   std::string_view expected) {
  const std::size_t place = characters_of(symbols.substr(0, symbol.begin)).size() + 1;
  const std::string_view given = symbols.substr(symbol.begin, symbol.size());
  return make_error(ErrorCode::kInvalidArgument, "character ", place, " of the pronunciation: '",
                    given, "' is not ", set_name, "; expected ", expected);
}

}  // namespace syrinx::text
