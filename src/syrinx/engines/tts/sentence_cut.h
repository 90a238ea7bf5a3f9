// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "syrinx/engines/tts/read_sentence.h"

// Where a sentence that is too long for a voice, or for a listener who waits, may be cut.
namespace syrinx::tts {

// The end of the longest beginning of tokens [begin, end) that has at most `max_words` words and
// ends after a mark (, ; : and dashes); `end` without one. Pre: begin < end.
std::size_t natural_cut(const std::vector<SpokenToken>& tokens, std::size_t begin, std::size_t end,
                        std::size_t max_words);

// How many words the tokens [begin, end) have.
std::size_t count_words(const std::vector<SpokenToken>& tokens, std::size_t begin, std::size_t end);

// Takes everything from token `at` on out of the sentence and returns it as one of its own, with
// what happens in it; a paragraph then ends after the second. Pre: 0 < at < tokens.size().
ReadSentence split_off(ReadSentence& sentence, std::size_t at);

}  // namespace syrinx::tts
