// SPDX-License-Identifier: Apache-2.0
// Whether the words of a call survive bursts of loss: Opus with its redundancy, heard by a
// recogniser.
#include <gtest/gtest.h>

#include "support/need_recogniser.h"
#include "support/test_data.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/engines/call/simulate_call.h"
#include "syrinx/stages/measure/recognition/word_error_rate.h"

namespace syrinx::call {
namespace {

// What Bob hears of Alice's sentence through 5 % of loss in bursts of 60 ms, or none.
AudioBuffer heard(const std::string& file, double loss_percent, bool fec, int rate_hz) {
  Scenario scenario;
  scenario.seed = 11;
  Party alice;
  alice.name = "alice";
  alice.sound = support::data_path(file);
  alice.codec = "opus";
  alice.encoder.bitrate_bps = 32'000;
  alice.encoder.fec = fec;
  alice.encoder.expected_loss_percent = fec ? 15 : 0;
  Party bob;
  bob.name = "bob";
  bob.sound = alice.sound;
  scenario.parties = {alice, bob};
  if (loss_percent > 0.0) scenario.to_second.loss = packet::bursty_loss(loss_percent, 3.0).value();
  return dsp::resample(simulate_call(scenario).value()[0].link.heard, rate_hz).value();
}

TEST(CallWords, FivePercentOfLossInBurstsOf60MsKeepsTheWordsOfOpus) {
  SYRINX_NEED_DATA("speech/ljspeech");
  SYRINX_NEED_RECOGNISER();
  const auto recogniser = measure::load_recogniser().value();
  std::size_t words = 0;
  std::size_t wrong = 0;
  for (const char* number : {"01", "03", "05", "07", "08", "10", "14"}) {
    const std::string file = std::string("speech/ljspeech/LJ001-00") + number + ".flac";
    const int rate_hz = recogniser->sample_rate_hz();
    const auto clean = recogniser->recognise(heard(file, 0.0, true, rate_hz)).value();
    const auto lossy = recogniser->recognise(heard(file, 5.0, true, rate_hz)).value();
    const auto errors = measure::compare_words(measure::words_of(clean), measure::words_of(lossy));
    words += errors.words;
    wrong += errors.errors();
  }
  ASSERT_GT(words, 60u);
  // What is heard without loss is the measure: the recogniser's own mistakes do not count.
  EXPECT_LE(static_cast<double>(wrong), 0.15 * static_cast<double>(words))
      << wrong << " of " << words;
}

}  // namespace
}  // namespace syrinx::call
