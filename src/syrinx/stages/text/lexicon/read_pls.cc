// SPDX-License-Identifier: Apache-2.0
#include <expat.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "syrinx/core/base/limits.h"
#include "syrinx/stages/text/alphabet/alphabet.h"
#include "syrinx/stages/text/lexicon/lexicon_entry.h"
#include "syrinx/stages/text/lexicon/lexicon_lines.h"

// W3C "Pronunciation Lexicon Specification (PLS) Version 1.0", section 4.
namespace syrinx::text {
namespace {

struct Said {
  EntryKind kind = EntryKind::kPhonemes;
  std::string symbols;
  PhonemeSet set = PhonemeSet::kIpa;
  std::size_t line = 0;
};

// A name without its namespace's prefix.
std::string_view local(std::string_view name) {
  const std::size_t colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

std::optional<std::string> attribute(const XML_Char** attributes, std::string_view name) {
  for (; attributes != nullptr && *attributes != nullptr; attributes += 2) {
    if (attributes[0] == name) return std::string(attributes[1]);
  }
  return std::nullopt;
}

// The families of lexicons' tags in roles such as "ssml:verb" or "claws:NN".
std::string tag_of(std::string_view role) {
  std::string tag(local(role.substr(0, role.find(' '))));
  for (char& c : tag) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  if (tag == "ADJECTIVE") return "ADJ";
  return tag == "ADVERB" ? "ADV" : tag;
}

class PlsReader {
 public:
  explicit PlsReader(LexiconBuilder& builder)
      : builder_(builder), parser_(XML_ParserCreate(nullptr), &XML_ParserFree) {
    XML_SetUserData(parser_.get(), this);
    XML_SetElementHandler(parser_.get(), &on_start, &on_end);
    XML_SetCharacterDataHandler(parser_.get(), &on_text);
    XML_SetStartDoctypeDeclHandler(parser_.get(), &on_doctype);
  }

  Result<void> read(std::string_view contents) {
    const auto status =
        XML_Parse(parser_.get(), contents.data(), static_cast<int>(contents.size()), XML_TRUE);
    if (error_) return *error_;
    if (status == XML_STATUS_OK) return {};
    return lexicon_error(line(), std::string("not well-formed XML: ") +
                                     XML_ErrorString(XML_GetErrorCode(parser_.get())));
  }

 private:
  static PlsReader& self(void* data) { return *static_cast<PlsReader*>(data); }
  static void on_start(void* data, const XML_Char* name, const XML_Char** attributes) {
    self(data).start(local(name), attributes);
  }
  static void on_end(void* data, const XML_Char* name) { self(data).end(local(name)); }
  static void on_text(void* data, const XML_Char* text, int bytes) {
    self(data).text_.append(text, static_cast<std::size_t>(bytes));
  }
  static void on_doctype(void* data, const XML_Char*, const XML_Char*, const XML_Char*, int) {
    self(data).fail("document type declarations are refused; leave <!DOCTYPE> out");
  }

  void start(std::string_view name, const XML_Char** attributes);
  void start_phoneme(const XML_Char** attributes);
  void end(std::string_view name);
  void end_lexeme();
  std::size_t line() const { return XML_GetCurrentLineNumber(parser_.get()); }
  void fail(const std::string& what) {
    if (!error_) error_ = lexicon_error(line(), what);
    XML_StopParser(parser_.get(), XML_FALSE);
  }
  std::optional<PhonemeSet> set_named(const std::string& name) {
    const auto set = phoneme_set_named(name);
    if (!set) fail("the alphabet '" + name + "' is none of ipa, x-sampa, arpabet, kokoro");
    return set;
  }

  LexiconBuilder& builder_;
  std::unique_ptr<XML_ParserStruct, void (*)(XML_Parser)> parser_;
  std::optional<Error> error_;
  std::size_t depth_ = 0;
  PhonemeSet lexicon_set_ = PhonemeSet::kIpa, phoneme_set_ = PhonemeSet::kIpa;
  std::string text_;
  // Of the lexeme at hand.
  std::vector<std::string> spellings_;
  std::vector<Said> said_;
  std::string tag_;
};

void PlsReader::start(std::string_view name, const XML_Char** attributes) {
  if (++depth_ > limits::kMaxLexiconXmlDepth) return fail("elements lie more than 10 deep");
  if (depth_ == 1) {
    if (name != "lexicon") return fail("expected <lexicon>, found <" + std::string(name) + ">");
    if (const auto alphabet = attribute(attributes, "alphabet")) {
      lexicon_set_ = set_named(*alphabet).value_or(PhonemeSet::kIpa);
    }
  } else if (name == "lexeme") {
    spellings_.clear();
    said_.clear();
    tag_ = tag_of(attribute(attributes, "role").value_or(""));
  } else if (name == "phoneme") {
    start_phoneme(attributes);
  }
  text_.clear();
}

void PlsReader::start_phoneme(const XML_Char** attributes) {
  phoneme_set_ = lexicon_set_;
  if (const auto alphabet = attribute(attributes, "alphabet")) {
    phoneme_set_ = set_named(*alphabet).value_or(PhonemeSet::kIpa);
  }
}

void PlsReader::end(std::string_view name) {
  --depth_;
  const std::string text(trimmed(text_));
  if (name == "grapheme") spellings_.push_back(text);
  if (name == "alias") said_.push_back({EntryKind::kAlias, text, PhonemeSet::kIpa, line()});
  if (name == "phoneme") {
    const auto phonemes = parse_phonemes({phoneme_set_, text});
    if (!phonemes) return fail("'" + text.substr(0, 80) + "': " + phonemes.error().message);
    said_.push_back({EntryKind::kPhonemes, write_phonemes(phoneme_set_, *phonemes).symbols,
                     phoneme_set_, line()});
  }
  if (name == "lexeme") end_lexeme();
}

// Every spelling of the lexeme is said in each of its ways, the first of them preferred.
void PlsReader::end_lexeme() {
  if (spellings_.empty()) return fail("expected a <grapheme> in this <lexeme>");
  if (said_.empty()) {
    return fail("expected a <phoneme> or an <alias> for '" + spellings_[0] + "'");
  }
  for (const std::string& spelling : spellings_) {
    for (const Said& said : said_) {
      const auto added =
          builder_.add({spelling, said.kind, said.symbols, said.set, tag_, said.line});
      if (added) continue;
      error_ = added.error();
      return fail("");
    }
  }
}

}  // namespace

Result<void> read_pls(std::string_view contents, LexiconBuilder& builder) {
  return PlsReader(builder).read(contents);
}

}  // namespace syrinx::text
