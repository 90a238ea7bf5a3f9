// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "syrinx/core/flow/phonemes.h"
#include "syrinx/core/flow/spoken.h"
#include "syrinx/core/flow/text.h"

// What is to be read, whatever it was written in: SSML, Markdown, HTML, e-mail, chat and plain text
// all become a Script, and nothing after it knows about markup.
namespace syrinx::text {

enum class Emphasis { kNone, kReduced, kModerate, kStrong };

// F0 moved by `semitones` at `position` (0 to 1) of the text that the contour covers.
struct ContourPoint {
  double position = 0;
  double semitones = 0;
};

// How a stretch of text is to be said; the innermost element's choice.
struct SpeechStyle {
  Prosody prosody;
  double pitch_range = 1.0;  // Factor on how far F0 moves around its mean.
  std::vector<ContourPoint> contour;
  Emphasis emphasis = Emphasis::kNone;
  std::string voice;     // "" is the one that was chosen outside.
  std::string language;  // BCP 47, or "".
  std::string emotion;   // "", "happy", ...
  double emotion_intensity = 0;
};

// `interpret-as` and its companions (W3C note "SSML 1.0 say-as attribute values").
struct SayAs {
  std::string interpret_as;
  std::string format;
  std::string detail;
};

enum class ScriptItemKind {
  kText,          // To be said.
  kPause,         // Silence of pause_s.
  kMark,          // An event named `name`.
  kAudio,         // A recording at `name`; the items up to its alternative's end follow as text.
  kSentenceEnd,   // What follows begins a sentence.
  kParagraphEnd,  // What follows begins a paragraph.
  kSkipped,       // Written, but not to be said; `name` says why ("code block", "URL of a link").
};

struct ScriptItem {
  ScriptItemKind kind = ScriptItemKind::kText;
  SourceSpan source;  // In the whole source, markup included.
  MappedText text;    // Of kText: entities decoded, markup gone.
  SpeechStyle style;
  std::optional<SayAs> say_as;
  std::optional<Pronunciation> pronunciation;  // Of kText: how all of it is said.
  std::string part_of_speech;  // Of kText: Penn Treebank tag that the author states, or "".
  double pause_s = 0;
  std::string name;
};

enum class Honoured { kHonoured, kApproximated, kIgnored };

// What became of one element or attribute of the source.
struct ElementReport {
  std::string element;  // "prosody pitch=\"+10%\"".
  SourceSpan source;
  Honoured honoured = Honoured::kHonoured;
  std::string note;  // What was done instead, or why not.
};

struct Script {
  std::vector<ScriptItem> items;
  std::vector<ElementReport> report;
  std::vector<std::string> lexicons;  // URIs that the source asks for, in order.
};

}  // namespace syrinx::text
