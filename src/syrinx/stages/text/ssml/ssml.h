// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/text/script/script.h"

// Speech Synthesis Markup Language 1.1 (W3C Recommendation, 7 September 2010).
namespace syrinx::text {

// What a <voice> element asks for; what it does not say is empty.
struct VoiceRequest {
  std::vector<std::string> names;      // In order of preference.
  std::string gender;                  // "male", "female", "neutral".
  std::optional<int> age;              // In years.
  std::optional<int> variant;          // The which of those that fit, from 1.
  std::vector<std::string> languages;  // BCP 47.
};

struct SsmlOptions {
  // Chooses among the voices that there are; nothing if none fits, whereupon the voice stays as it
  // was and the element is reported as ignored. Where there is no chooser, the first name is taken
  // unseen and the other attributes are reported as ignored.
  std::function<std::optional<std::string>(const VoiceRequest&)> choose_voice = nullptr;
  // The mean F0 of the voice, by which a pitch in Hz is turned into semitones.
  std::optional<double> voice_f0_hz = std::nullopt;
  // Where the source begins in what the user gave: added to every span, not to lines and columns.
  std::size_t source_begin = 0;
};

// Reads a document whose outermost element is <speak>. The script says every text of it but the
// content of <metadata> and <desc>, and text replaced by <sub>, which are kSkipped or the source of
// what is said. `report` has an entry for each attribute that asks for something, or for the
// element where it has none. Elements of other vocabularies (amazon:, mstts:, google:) and unknown
// ones are reported as ignored and their text is said. White space around paragraphs and sentences
// is dropped; everything else keeps its bytes and where they came from.
//
// An item of kAudio has the whole element as its source, so that the alternative is what follows
// within that span. A <phoneme> with no content is an item whose text is its `ph`.
//
// Errors, all beginning "line L, column C: " (both from 1, columns in characters): kCorruptData for
// what is not well-formed XML in UTF-8 or not SSML (a missing attribute, a value that is none);
// kUnsupported for a document type declaration, and with it every entity but amp, lt, gt, quot,
// apos and numbers; kLimitExceeded beyond limits::kMaxSsmlBytes, kMaxSsmlDepth, kMaxSsmlElements,
// kMaxSsmlNameBytes, kMaxContourPoints, or a break of more than kMaxPauseS.
// Linear in the source; any thread.
Result<Script> parse_ssml(std::string_view source, const SsmlOptions& options = {});

// Whether the first thing in `source` that is not white space, a byte order mark, an XML
// declaration, a comment or a document type is an element called speak.
bool looks_like_ssml(std::string_view source) noexcept;

// For what comes after the front end and can do less: entries of the report for `attribute` of
// `element` ("" is the element itself) that stand better than `to` become `to`, with this note.
// Returns how many.
std::size_t downgrade(Script& script, std::string_view element, std::string_view attribute,
                      Honoured to, std::string_view note);

}  // namespace syrinx::text
