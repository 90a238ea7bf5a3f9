// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/tts/voice_names.h"

#include <gtest/gtest.h>

#include <set>

#include "syrinx/stages/acoustic/flite/flite_voice.h"

namespace syrinx::tts {
namespace {

Result<std::vector<NamedVoice>> read(const std::string& json) {
  return read_named_voices(parse_json(json).value(), "voices.json");
}

TEST(NamedVoices, AreOtherNamesAndSettings) {
  const auto voices = read(R"({"voices": {
      "narrator": {"voice": "af_heart(2)+am_adam", "rate": 0.95, "volume_db": -2},
      "slt": {"pitch_semitones": 1}}})");
  ASSERT_TRUE(voices.has_value()) << voices.error().message;
  ASSERT_EQ(voices->size(), 2u);
  EXPECT_EQ(voices.value()[0].voice, "af_heart(2)+am_adam");
  EXPECT_EQ(voices.value()[0].prosody.rate, 0.95);
  EXPECT_EQ(voices.value()[0].prosody.volume_db, -2);
  EXPECT_EQ(voices.value()[1].voice, "slt");
  EXPECT_EQ(voices.value()[1].prosody.pitch_semitones, 1);
}

TEST(NamedVoices, SayWhatIsWrongAndWhere) {
  const std::pair<const char*, const char*> cases[] = {
      {"[]", "member voices"},
      {R"({"voices": 1})", "member voices"},
      {R"({"voices": {"a": 1}})", "'a' must be a name with an object"},
      {R"({"voices": {"": {}}})", "must be a name with an object"},
      {R"({"voices": {"a": {"voice": ""}}})", "'a': voice must be the name"},
      {R"({"voices": {"a": {"rate": 9}}})", "'a': rate must be a number from 0.25 to 4"},
      {R"({"voices": {"a": {"volume_db": "loud"}}})", "volume_db must be a number from -60 to 24"},
      {R"({"voices": {"a": {"speed": 1}}})", "the member 'speed'"},
  };
  for (const auto& [json, words] : cases) {
    const auto voices = read(json);
    ASSERT_FALSE(voices.has_value()) << json;
    EXPECT_NE(voices.error().message.find(words), std::string::npos) << voices.error().message;
    EXPECT_NE(voices.error().message.find("voices.json"), std::string::npos);
  }
}

TEST(FamousVoices, AreOpenAisThirteenAndEndInABuiltInVoice) {
  const std::set<std::string_view> expected = {"alloy", "ash",   "ballad", "coral", "echo",
                                               "fable", "onyx",  "nova",   "sage",  "shimmer",
                                               "verse", "marin", "cedar"};
  std::set<std::string_view> names;
  for (const FamousVoice& voice : famous_voices()) {
    names.insert(voice.name);
    EXPECT_TRUE(acoustic::load_flite_voice(voice.voices.back()).has_value()) << voice.name;
  }
  EXPECT_EQ(names, expected);
}

}  // namespace
}  // namespace syrinx::tts
