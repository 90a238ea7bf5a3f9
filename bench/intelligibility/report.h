// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "syrinx/stages/measure/recognition/word_error_rate.h"

namespace syrinx::bench {

// One sentence: what was said and what was heard.
struct Hearing {
  std::string said;
  std::string heard;
  measure::WordErrors errors;
};

struct SpeakerScore {
  std::string name;
  bool is_human = false;
  std::vector<Hearing> hearings;

  measure::WordErrors total() const;
  measure::Interval interval() const;  // Of total().rate(), 95 %.
};

// Name, sentences, words, word error rate and its interval, a line each.
void print_table(std::ostream& out, const std::vector<SpeakerScore>& scores);
// All of it, with every sentence.
std::string to_json(const std::vector<SpeakerScore>& scores);

}  // namespace syrinx::bench
