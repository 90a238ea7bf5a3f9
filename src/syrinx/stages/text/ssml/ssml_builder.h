// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/text/script/script.h"
#include "syrinx/stages/text/ssml/attributes.h"
#include "syrinx/stages/text/ssml/item_writer.h"
#include "syrinx/stages/text/ssml/ssml.h"
#include "syrinx/stages/text/ssml/xml_reader.h"

namespace syrinx::text {

// Makes the script of a document while its XML is read. What each element does is in
// ssml_elements.cc.
class SsmlBuilder {
 public:
  SsmlBuilder(std::string_view source, const SsmlOptions& options)
      : source_(source), options_(options), writer_(options.source_begin) {}

  Result<void> start(const XmlElement& element);
  Result<void> end(SourceSpan tag);
  void text(std::string_view text, SourceSpan from);
  Script take();

 private:
  // What becomes of the text of an element that does not simply say it.
  enum class Taking { kNothing, kReplacement, kPronunciation, kSkip };

  // An element that is open.
  struct Frame {
    TextManner manner;
    SourceSpan tag;
    std::size_t first_item = 0;
    Taking taking = Taking::kNothing;
    std::string taken_for;  // The alias; the reason for skipping.
    std::optional<Pronunciation> pronunciation;
    std::optional<ScriptItemKind> boundary;  // That ends it.
    std::optional<std::size_t> audio_item;
    std::vector<ContourPoint> contour;
  };

  struct Rule;
  static const Rule* find_rule(std::string_view name);

  Result<void> open_speak(Frame& frame, Attributes& attributes);
  Result<void> open_paragraph(Frame& frame, Attributes& attributes);
  Result<void> open_sentence(Frame& frame, Attributes& attributes);
  Result<void> open_sub(Frame& frame, Attributes& attributes);
  Result<void> open_say_as(Frame& frame, Attributes& attributes);
  Result<void> open_phoneme(Frame& frame, Attributes& attributes);
  Result<void> open_break(Frame& frame, Attributes& attributes);
  Result<void> open_emphasis(Frame& frame, Attributes& attributes);
  Result<void> open_prosody(Frame& frame, Attributes& attributes);
  Result<void> open_voice(Frame& frame, Attributes& attributes);
  Result<void> open_mark(Frame& frame, Attributes& attributes);
  Result<void> open_audio(Frame& frame, Attributes& attributes);
  Result<void> open_lang(Frame& frame, Attributes& attributes);
  Result<void> open_lexicon(Frame& frame, Attributes& attributes);
  Result<void> open_lookup(Frame& frame, Attributes& attributes);
  Result<void> open_meta(Frame& frame, Attributes& attributes);
  Result<void> open_metadata(Frame& frame, Attributes& attributes);
  Result<void> open_desc(Frame& frame, Attributes& attributes);
  Result<void> open_word(Frame& frame, Attributes& attributes);
  Result<void> open_emotion(Frame& frame, Attributes& attributes);

  Result<void> take_language(Frame& frame, Attributes& attributes);
  Result<void> take_pause_time(const std::string& time, double& pause_s);
  Result<void> take_pitch(Frame& frame, Attributes& attributes);
  Result<void> take_intensity(Frame& frame, const std::string& intensity);
  Result<VoiceRequest> read_voice_request(Attributes& attributes);
  void choose_voice(Frame& frame, const VoiceRequest& request);

  // An attribute that must be there.
  Result<const std::string*> need(Attributes& attributes, std::string_view name);
  // Refuses a name that is too long to be one.
  Result<void> check_name(std::string_view attribute, std::string_view value) const;
  Error bad_value(std::string_view attribute, std::string_view value,
                  std::string_view expected) const;
  Error fail(std::size_t byte, ErrorCode code, const std::string& message) const;

  std::string canonical_name(std::string_view name) const;
  void note_namespaces(const XmlElement& element);
  void report(std::string_view attribute, std::string_view value, Honoured honoured,
              std::string_view note = "");
  // Honoured, or approximated where there is a note.
  void report_done(std::string_view attribute, std::string_view value, std::string_view note);
  void finish_taking(Frame& frame, SourceSpan tag);
  bool is_taking() const { return !frames_.empty() && frames_.back().taking != Taking::kNothing; }

  std::string_view source_;
  const SsmlOptions& options_;
  ItemWriter writer_;
  Script script_;
  std::vector<Frame> frames_;
  MappedText taken_;                     // The text within the element that is taking it.
  std::size_t taking_depth_ = 0;         // Elements within that.
  const XmlElement* element_ = nullptr;  // The one that is being opened.
  std::set<std::string> prefixes_;       // Of SSML's namespace, as the outermost element declares.
  std::set<std::string> lexicon_ids_;
};

}  // namespace syrinx::text
