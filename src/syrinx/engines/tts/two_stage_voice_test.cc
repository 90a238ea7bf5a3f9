// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/tts/two_stage_voice.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "support/two_stage.h"
#include "syrinx/engines/tts/speech_stream.h"
#include "syrinx/engines/tts/text_source.h"
#include "syrinx/engines/tts/voices.h"
#include "syrinx/stages/acoustic/fastspeech/fastspeech_model.h"
#include "syrinx/stages/vocoder/hifigan/hifigan_model.h"

namespace syrinx::tts {
namespace {

namespace fs = std::filesystem;
using support::golden_voice;

// A machine with one two-stage voice, "kate", for as long as this lives.
class Machine {
 public:
  Machine() : root_(support::scratch_dir()) {
    setenv("SYRINX_MODELS", root_.c_str(), 1);
    setenv("SYRINX_VOICES", (root_ / "voices.json").c_str(), 1);
    support::copy_golden_voice(kate());
  }
  ~Machine() {
    unsetenv("SYRINX_MODELS");
    unsetenv("SYRINX_VOICES");
  }
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  fs::path kate() const { return root_ / "kate"; }
  void write(const char* file, const std::string& text) const {
    std::ofstream(kate() / file, std::ios::binary) << text;
  }

 private:
  fs::path root_;
};

Error refusal(std::string_view name, const VoiceOptions& options = {}) {
  const auto voice = load_voice(name, options);
  EXPECT_FALSE(voice.has_value()) << name;
  return voice ? Error{ErrorCode::kInternal, "it was loaded"} : voice.error();
}

void expect_error(const Error& error, ErrorCode code, const char* words) {
  EXPECT_EQ(error.code, code) << error.message;
  EXPECT_NE(error.message.find(words), std::string::npos) << error.message;
}

TEST(TwoStageVoice, SoundsAsPyTorchsNetworksDo) {
  const auto voice = load_two_stage_voice(open_two_stage_model(golden_voice()).value()).value();
  const auto utterance = voice->speak({support::golden_tokens(), {}}).value();
  const auto file = nn::WeightFile::open(golden_voice() / "golden.safetensors").value();
  const auto expected = file.floats("plain.sound").value();
  const auto given = utterance.audio.channel(0);
  ASSERT_EQ(given.size(), expected.size());
  double signal = 0, error = 0, peak = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    signal += double{expected[i]} * expected[i];
    error += std::pow(double{expected[i]} - given[i], 2);
    peak = std::max(peak, std::abs(double{expected[i]}));
  }
  EXPECT_GT(peak, 0.4) << "a golden that is silent tests nothing";
  EXPECT_GE(10 * std::log10(signal / error), 60);
}

TEST(TwoStageVoice, StreamedIsWhole) {
  // The voice streams 64 frames at a time; here all at once, and one at a time.
  const auto config =
      acoustic::FastSpeechModel::read_config(golden_voice() / kTwoStageSettings).value();
  const auto mel = acoustic::FastSpeechModel::load(config, golden_voice() / kTwoStageAcoustic)
                       .value()
                       .speak({support::golden_tokens(), {0.5, 0, 0}})
                       .value()
                       .mel;
  const auto file = nn::WeightFile::open(golden_voice() / kTwoStageVocoder).value();
  vocoder::VocoderOptions options;
  options.config = golden_voice() / kTwoStageVocoderConfig;
  const auto kind = vocoder::identify_model(file, options.config).value();
  const auto model = vocoder::HifiganModel::load(file, kind, options).value();
  const auto voice = load_two_stage_voice(open_two_stage_model(golden_voice()).value()).value();
  const auto spoken = voice->speak({support::golden_tokens(), {0.5, 0, 0}}).value();
  ASSERT_GT(mel.frames(), 64u) << "one block tests nothing";
  for (const std::size_t block : {mel.frames(), std::size_t{1}}) {
    const auto stream = model->open_stream(block).value();
    std::vector<float> all(mel.frames() * 256 + stream->tail_samples());
    for (std::size_t at = 0; at < mel.frames(); at += block)
      stream->process({mel.frame(at).data(), block, mel.spec()},
                      {std::span(all).subspan(at * 256, block * 256), 22'050});
    stream->finish({std::span(all).subspan(mel.frames() * 256), 22'050});
    const auto* const first = all.data() + stream->latency_samples();
    EXPECT_EQ(std::vector<float>(first, first + mel.frames() * 256),
              std::vector<float>(spoken.audio.channel(0).begin(), spoken.audio.channel(0).end()));
  }
}

TEST(TwoStageVoice, SaysEachPlanTheSameWithTimesToTheEnd) {
  const auto voice = load_two_stage_voice(open_two_stage_model(golden_voice()).value()).value();
  const auto first = voice->speak({support::golden_tokens(), {}}).value();
  const auto other = voice->speak({support::golden_tokens(), {1.5, -3, 0}}).value();
  EXPECT_LT(other.audio.frames(), first.audio.frames());
  const auto again = voice->speak({support::golden_tokens(), {}}).value();
  EXPECT_TRUE(std::equal(first.audio.channel(0).begin(), first.audio.channel(0).end(),
                         again.audio.channel(0).begin(), again.audio.channel(0).end()));
  EXPECT_EQ(first.phonemes.back().end_s, first.audio.duration_s());
  EXPECT_EQ(first.words.size(), 4u);
  for (const float sample : first.audio.channel(0)) ASSERT_LE(std::abs(sample), 1.0F);
  const auto nothing = voice->speak({{support::mark(".", 0)}, {}}).value();
  EXPECT_TRUE(nothing.words.empty());
  EXPECT_GT(nothing.audio.frames(), 0u);
}

TEST(TwoStageVoice, BegunSoundIsThatOfTheWhole) {
  const auto voice = load_two_stage_voice(open_two_stage_model(golden_voice()).value()).value();
  const UtterancePlan plan{support::golden_tokens(), {0.5, 0, 0}};
  const auto whole = voice->speak(plan).value();
  auto begun = voice->begin(plan).value();
  ASSERT_NE(begun.sound, nullptr);
  EXPECT_TRUE(begun.utterance.audio.empty());
  EXPECT_EQ(begun.frames, whole.audio.frames());
  ASSERT_EQ(begun.utterance.words.size(), whole.words.size());
  EXPECT_EQ(begun.utterance.words.back().end_s, whole.words.back().end_s);
  EXPECT_EQ(begun.utterance.phonemes.back().end_s, whole.phonemes.back().end_s);
  std::vector<float> all;
  AudioBuffer block;
  std::size_t blocks = 0;
  for (; begun.sound->next(block, {}).value(); ++blocks)
    all.insert(all.end(), block.channel(0).begin(), block.channel(0).end());
  EXPECT_GE(blocks, 3u);
  EXPECT_TRUE(std::equal(all.begin(), all.end(), whole.audio.channel(0).begin(),
                         whole.audio.channel(0).end()));
}

// All that a stream gives, sentence by sentence or part by part.
std::vector<SpokenSentence> heard(const std::string& text, const SpeakOptions& options,
                                  bool in_parts) {
  auto stream = SpeechStream::create(text_from_string(text), options).value();
  std::vector<SpokenSentence> all;
  SpokenSentence said;
  const auto next = [&] {
    return in_parts ? stream.next_part(said, {}).value() : stream.next_sentence(said, {}).value();
  };
  while (next()) all.push_back(said);
  return all;
}

TEST(TwoStageVoice, PartsOfSentencesAreTheSentences) {
  const Machine machine;
  SpeakOptions options;
  options.voice = "kate";
  options.prosody = {0.6, 0, -3};
  const std::string text =
      "<speak>One two three <mark name=\"a\"/><prosody rate=\"fast\">four five six</prosody> seven "
      "eight nine.<p>Ten eleven twelve thirteen.</p>Fourteen <mark name=\"b\"/></speak>";
  const auto whole = heard(text, options, false);
  const auto parts = heard(text, options, true);
  ASSERT_GT(parts.size(), whole.size() + 1);
  std::size_t at = 0;
  for (const SpokenSentence& sentence : whole) {
    std::vector<float> sound;
    ASSERT_LT(at, parts.size());
    const SpokenSentence& first = parts[at];
    EXPECT_FALSE(first.continues);
    EXPECT_EQ(first.piece.text, sentence.piece.text);
    EXPECT_EQ(first.begin_s, sentence.begin_s);
    EXPECT_EQ(first.end_s, sentence.end_s);
    ASSERT_EQ(first.words.size(), sentence.words.size());
    for (std::size_t i = 0; i < first.words.size(); ++i)
      EXPECT_EQ(first.words[i].end_s, sentence.words[i].end_s);
    ASSERT_EQ(first.marks.size(), sentence.marks.size());
    for (std::size_t i = 0; i < first.marks.size(); ++i)
      EXPECT_EQ(first.marks[i].at_s, sentence.marks[i].at_s);
    do {
      const auto part = parts[at].audio.channel(0);
      sound.insert(sound.end(), part.begin(), part.end());
      EXPECT_TRUE(parts[at].continues || &parts[at] == &first);
    } while (parts[at++].more);
    EXPECT_TRUE(std::equal(sound.begin(), sound.end(), sentence.audio.channel(0).begin(),
                           sentence.audio.channel(0).end()));
  }
  EXPECT_EQ(at, parts.size());
}

TEST(TwoStageVoice, ASentenceThatWasBegunInPartsMayEndAsAWhole) {
  const Machine machine;
  SpeakOptions options;
  options.voice = "kate";
  const std::string text = "One two three four five six seven. Eight.";
  const auto whole = heard(text, options, false);
  auto stream = SpeechStream::create(text_from_string(text), options).value();
  SpokenSentence first, rest;
  ASSERT_TRUE(stream.next_part(first, {}).value());
  ASSERT_TRUE(first.more);
  ASSERT_TRUE(stream.next_sentence(rest, {}).value());
  EXPECT_TRUE(rest.continues);
  EXPECT_FALSE(rest.more);
  EXPECT_EQ(first.audio.frames() + rest.audio.frames(), whole.at(0).audio.frames());
  EXPECT_EQ(rest.end_s, whole.at(0).end_s);
  ASSERT_TRUE(stream.next_sentence(rest, {}).value());
  EXPECT_EQ(rest.piece.text, "Eight.");
}

TEST(TwoStageVoice, AStopIsHeardBetweenTwoPartsOfASentence) {
  const Machine machine;
  SpeakOptions options;
  options.voice = "kate";
  auto stream = SpeechStream::create(text_from_string("One two three four five six."), options);
  SpokenSentence part;
  std::stop_source stop;
  ASSERT_TRUE(stream.value().next_part(part, stop.get_token()).value());
  ASSERT_TRUE(part.more);
  stop.request_stop();
  EXPECT_EQ(stream.value().next_part(part, stop.get_token()).error().code, ErrorCode::kCancelled);
}

TEST(TwoStageVoice, HearsAStopAndSpeaksOnAfterwards) {
  const auto voice = load_two_stage_voice(open_two_stage_model(golden_voice()).value()).value();
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(voice->speak({support::golden_tokens(), {}}, stop.get_token()).error().code,
            ErrorCode::kCancelled);
  EXPECT_TRUE(voice->speak({support::golden_tokens(), {}}).has_value());
}

TEST(TwoStageVoice, IsFoundByItsNameAndByItsPath) {
  const Machine machine;
  const auto voices = available_voices();
  const auto found = std::find_if(voices.begin(), voices.end(),
                                  [](const auto& info) { return info.name == "kate"; });
  ASSERT_NE(found, voices.end());
  EXPECT_EQ(found->engine, "two-stage");
  EXPECT_EQ(found->licence, "Apache-2.0");
  EXPECT_EQ(load_voice("kate").value()->info().name, "kate");
  VoiceOptions paths;
  paths.allow_paths = true;
  EXPECT_EQ(load_voice(machine.kate().string(), paths).value()->info().name, "kate");
  EXPECT_EQ(load_voice(machine.kate().string() + "/", paths).value()->info().name, "kate");
  expect_error(refusal(machine.kate().string()), ErrorCode::kNotFound, "no voice");
  expect_error(refusal("kate:bob"), ErrorCode::kNotFound, "one speaker");
}

TEST(OwnVoice, IsInTheLibraryAndSpeaksWithoutAnyFile) {
  const Machine machine;
  const auto voices = available_voices();
  const auto found = std::find_if(voices.begin(), voices.end(),
                                  [](const auto& info) { return info.name == "kathleen"; });
  ASSERT_NE(found, voices.end());
  EXPECT_EQ(found->engine, "two-stage");
  EXPECT_EQ(found->licence, "CC0-1.0");
  EXPECT_EQ(found->sample_rate_hz, 22'050);
  const auto voice = load_voice("kathleen").value();
  const auto spoken = voice->speak({support::golden_tokens(), {}}).value();
  double power = 0;
  for (const float v : spoken.audio.channel(0)) power += double{v} * double{v};
  EXPECT_GT(std::sqrt(power / static_cast<double>(spoken.audio.frames())), 0.01)
      << "there is sound";
  EXPECT_FALSE(spoken.words.empty());
  EXPECT_GT(spoken.audio.duration_s(), 0.3);
  const auto again = voice->speak({support::golden_tokens(), {}}).value();
  EXPECT_TRUE(std::equal(spoken.audio.channel(0).begin(), spoken.audio.channel(0).end(),
                         again.audio.channel(0).begin(), again.audio.channel(0).end()));
}

TEST(OwnVoice, GivesWayToAFolderOfItsName) {
  const Machine machine;
  support::copy_golden_voice(machine.kate().parent_path() / "kathleen");
  EXPECT_EQ(load_voice("kathleen").value()->info().licence, "Apache-2.0");
  const auto voices = available_voices();
  EXPECT_EQ(std::count_if(voices.begin(), voices.end(),
                          [](const auto& info) { return info.name == "kathleen"; }),
            1);
}

TEST(TwoStageVoice, SpeaksTextWithMarkupAndTimes) {
  const Machine machine;
  SpeakOptions options;
  options.voice = "kate";
  auto stream =
      SpeechStream::create(text_from_string("<speak>One <mark name=\"here\"/>two "
                                            "<prosody rate=\"slow\" pitch=\"+3st\">three</prosody>"
                                            ".</speak>"),
                           options)
          .value();
  SpokenSentence sentence;
  ASSERT_TRUE(stream.next_sentence(sentence, {}).value());
  ASSERT_EQ(sentence.words.size(), 3u);
  EXPECT_EQ(sentence.words[2].text, "three");
  ASSERT_EQ(sentence.marks.size(), 1u);
  EXPECT_GE(sentence.marks[0].at_s, sentence.words[0].end_s);
  EXPECT_LE(sentence.marks[0].at_s, sentence.words[1].begin_s + 1e-9);
  double at_s = sentence.begin_s;
  for (const TimedPhoneme& timed : sentence.phonemes) {
    EXPECT_NEAR(timed.begin_s, at_s, 1e-6);
    at_s = timed.end_s;
  }
  EXPECT_NEAR(at_s, sentence.end_s, 1e-3);
  for (const auto& report : stream.markup())
    EXPECT_NE(report.honoured, text::Honoured::kIgnored) << report.element;
}

TEST(TwoStageVoice, TellsWhatIsMissingOrBroken) {
  const Machine machine;
  fs::remove(machine.kate() / kTwoStageVocoder);
  expect_error(refusal("kate"), ErrorCode::kNotFound, kTwoStageVocoder);
  support::copy_golden_voice(machine.kate());
  machine.write(kTwoStageSettings, "{");
  expect_error(refusal("kate"), ErrorCode::kCorruptData, kTwoStageSettings);
  machine.write(kTwoStageSettings, support::golden_settings("\"arpabet\"", "\"ipa\""));
  expect_error(refusal("kate"), ErrorCode::kUnsupported, "'ipa'");
  machine.write(kTwoStageSettings, support::golden_settings("\"hidden\": 32", "\"hidden\": 64"));
  expect_error(refusal("kate"), ErrorCode::kCorruptData, "embedding.weight");
  machine.write(kTwoStageSettings,
                support::golden_settings("\"hifigan\"", "\"hifigan\", \"fmax\": 7000"));
  expect_error(refusal("kate"), ErrorCode::kUnsupported, "takes those of");
  support::copy_golden_voice(machine.kate());
  fs::copy_file(machine.kate() / kTwoStageAcoustic, machine.kate() / kTwoStageVocoder,
                fs::copy_options::overwrite_existing);
  fs::remove(machine.kate() / kTwoStageVocoderConfig);
  expect_error(refusal("kate"), ErrorCode::kUnsupported, "HiFi-GAN, BigVGAN, Vocos or");
  support::copy_golden_voice(machine.kate());
  machine.write(kTwoStageAcoustic, support::text_of(machine.kate() / kTwoStageAcoustic).substr(99));
  EXPECT_NE(refusal("kate").message.find(kTwoStageAcoustic), std::string::npos);
}

}  // namespace
}  // namespace syrinx::tts
