// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "syrinx/core/flow/spoken.h"
#include "syrinx/stages/text/g2p/language_words.h"
#include "syrinx/stages/text/g2p/misaki_speller.h"
#include "syrinx/stages/text/g2p/pronouncer.h"
#include "syrinx/stages/text/lexicon/lexicon_stack.h"

namespace syrinx::text {

// One sentence on its way through the pronouncer, from its end to its beginning, as how a word is
// said depends on the sound after it.
class SentencePass {
 public:
  // All must outlive it.
  SentencePass(std::vector<SpokenToken>& sentence, const LexiconList& lexicons,
               const LanguageWords& language, const HomographChooser& homographs);
  void run();

 private:
  void say_token(SpokenToken& token);
  void say_word(SpokenToken& token, std::size_t index);
  void settle(SpokenWord& word, SaidWord said, std::string_view ascii);
  void pause_after(const SpokenToken& token);

  std::optional<SaidWord> by_letter(const SpokenToken& token, std::size_t index) const;
  std::optional<SaidWord> by_homograph(const SpokenWord& word, std::string_view ascii) const;
  SaidWord choose(const SpokenToken& token, std::size_t index, std::string_view spelling,
                  std::string_view ascii) const;

  std::vector<SpokenToken>& sentence_;
  const LanguageWords& language_;
  const HomographChooser& homographs_;
  LexiconList others_;  // All lexicons but misaki's.
  std::optional<MisakiSpeller> misaki_;
  std::vector<const SpokenWord*> words_;  // Of the whole sentence, for the chooser.
  std::size_t at_ = 0;                    // Which of words_ is at hand.
  SoundContext context_;
};

}  // namespace syrinx::text
