// SPDX-License-Identifier: Apache-2.0
// Any bytes, as a sentence of English, plain and by say-as: nothing may be read past its end.
#include <cstddef>
#include <cstdint>
#include <string>

#include "syrinx/stages/text/normalise/normaliser.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using syrinx::text::Normaliser;
  static const auto kAmerican = Normaliser::create({"en-US"}).value();
  static const auto kBritish = Normaliser::create({"en-GB"}).value();
  const syrinx::MappedText text(std::string(reinterpret_cast<const char*>(data), size), 0);
  (void)syrinx::text::spoken_line(kAmerican.normalise(text));
  (void)syrinx::text::spoken_line(kBritish.normalise(text));
  for (const char* kind : {"cardinal", "date", "time", "telephone", "characters", "unit"}) {
    (void)kAmerican.say_as(text, {kind, "", ""});
  }
  return 0;
}
