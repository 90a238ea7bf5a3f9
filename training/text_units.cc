// SPDX-License-Identifier: Apache-2.0
//
// What training sees of text, exactly as the engine sees it.
//
//   syrinx_text_units                 lines of text -> their units and shapes
//   syrinx_text_units --homographs    lines "before TAB word TAB after" -> the features of the word
//
// Features leave as binary, little-endian: per line the numbers of syntactic and topical features,
// then those; two zeros where the word is no unit of its own.

#include <cstdint>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/stages/text/homograph/features.h"
#include "syrinx/stages/text/tagger/tagger.h"

namespace {

using syrinx::text::HomographFeatures;
using syrinx::text::TaggedSentence;
using syrinx::text::Tagger;

void print_units(const TaggedSentence& sentence) {
  for (std::size_t i = 0; i < sentence.size(); ++i) {
    std::cout << (i > 0 ? " " : "") << sentence.text(i) << '\x01'
              << static_cast<int>(sentence[i].shape);
  }
  std::cout << '\n';
}

std::size_t count_of(const TaggedSentence& sentence, std::string_view word) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < sentence.size(); ++i) count += sentence.text(i) == word ? 1 : 0;
  return count;
}

// The unit that is the occurrence of `word` after `before`, or size().
std::size_t find_unit(const TaggedSentence& sentence, std::string_view word, std::size_t before) {
  for (std::size_t i = 0; i < sentence.size(); ++i) {
    if (sentence.text(i) == word && before-- == 0) return i;
  }
  return sentence.size();
}

void write_numbers(const std::vector<std::uint32_t>& numbers) {
  for (const std::uint32_t number : numbers) {
    for (int shift = 0; shift < 32; shift += 8) {
      std::cout.put(static_cast<char>((number >> shift) & 0xFF));
    }
  }
}

std::vector<std::uint32_t> hashes_of(const std::vector<HomographFeatures::Feature>& features) {
  std::vector<std::uint32_t> hashes;
  for (const HomographFeatures::Feature& feature : features) hashes.push_back(feature.hash);
  return hashes;
}

void write_features(const std::string& line) {
  const std::size_t first = line.find('\t');
  const std::size_t second = line.find('\t', first + 1);
  const std::string before = line.substr(0, first);
  const std::string written = line.substr(first + 1, second - first - 1);
  const TaggedSentence word = TaggedSentence::of_text(written);
  TaggedSentence sentence = TaggedSentence::of_text(before + written + line.substr(second + 1));
  const std::string text(word.size() > 0 ? word.text(0) : "");
  const std::size_t unit =
      find_unit(sentence, text, count_of(TaggedSentence::of_text(before), text));
  HomographFeatures features;
  if (unit < sentence.size()) {
    Tagger::english().tag(sentence);
    find_features(Tagger::english(), sentence, unit, features);
  }
  write_numbers({static_cast<std::uint32_t>(features.syntactic.size()),
                 static_cast<std::uint32_t>(features.topical.size())});
  write_numbers(hashes_of(features.syntactic));
  write_numbers(hashes_of(features.topical));
}

}  // namespace

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  const bool homographs = argc > 1 && std::string_view(argv[1]) == "--homographs";
  for (std::string line; std::getline(std::cin, line);) {
    if (homographs) {
      write_features(line);
    } else {
      print_units(TaggedSentence::of_text(line));
    }
  }
  return 0;
}
