// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/ssml/ssml.h"

#include <gtest/gtest.h>

#include <random>

#include "syrinx/core/base/limits.h"

namespace syrinx::text {
namespace {

std::string in_speak(std::string_view content) {
  return "<speak>" + std::string(content) + "</speak>";
}

// Parses or fails the test.
Script parsed(const std::string& source, const SsmlOptions& options = {}) {
  auto script = parse_ssml(source, options);
  EXPECT_TRUE(script) << source << ": " << script.error().message;
  return script ? *std::move(script) : Script{};
}

std::string error_of(const std::string& source, ErrorCode code) {
  const auto script = parse_ssml(source);
  EXPECT_FALSE(script) << source;
  if (script) return {};
  EXPECT_EQ(script.error().code, code) << script.error().message;
  return script.error().message;
}

// A script for the eye: [text], p and s for what ends, (0.4) for a pause, {mark}, <audio>,
// -skipped-.
std::string drawn(const Script& script) {
  std::string out;
  for (const ScriptItem& item : script.items) {
    switch (item.kind) {
      case ScriptItemKind::kText:
        out += "[" + item.text.text() + "]";
        break;
      case ScriptItemKind::kPause:
        out += "(" + std::to_string(item.pause_s).substr(0, 4) + ")";
        break;
      case ScriptItemKind::kMark:
        out += "{" + item.name + "}";
        break;
      case ScriptItemKind::kAudio:
        out += "<" + item.name + ">";
        break;
      case ScriptItemKind::kSentenceEnd:
        out += "s";
        break;
      case ScriptItemKind::kParagraphEnd:
        out += "p";
        break;
      case ScriptItemKind::kSkipped:
        out += "-" + item.name + "-";
        break;
    }
  }
  return out;
}

const ElementReport& report_of(const Script& script, std::string_view element) {
  static const ElementReport none{"no such entry", {}, Honoured::kIgnored, ""};
  for (const ElementReport& entry : script.report) {
    if (entry.element == element) return entry;
  }
  ADD_FAILURE() << "no report of " << element;
  return none;
}

TEST(Ssml, TextKeepsEveryBytesPlaceThroughEntitiesAndCdata) {
  const std::string source = in_speak("a &amp; b&#233;<![CDATA[<c>]]>");
  const Script script = parsed(source);
  ASSERT_EQ(script.items.size(), 1u);
  const MappedText& text = script.items[0].text;
  EXPECT_EQ(text.text(), "a & bé<c>");
  EXPECT_EQ(text.source_of(2, 3), (SourceSpan{9, 14}));
  EXPECT_EQ(text.source_of(5, 7), (SourceSpan{16, 22})) << "both bytes are of the reference";
  EXPECT_EQ(source.substr(text.source_of(8, 9).begin, 1), "c");
}

TEST(Ssml, ACommentDoesNotCutAWordAndALineEndIsOneCharacter) {
  const Script script = parsed(in_speak("Hel<!-- x -->lo\r\nyou<?php y ?>."));
  EXPECT_EQ(drawn(script), "[Hello\nyou.]");
  const MappedText& text = script.items[0].text;
  EXPECT_EQ(text.source_of(5, 6).size(), 2u);
}

TEST(Ssml, SpansCountFromWhereTheSourceBegins) {
  const Script script = parsed(in_speak("a<break/>b"), {.source_begin = 1'000});
  EXPECT_EQ(script.items[0].source, (SourceSpan{1'007, 1'008}));
  EXPECT_EQ(script.items[1].source, (SourceSpan{1'008, 1'016}));
  EXPECT_EQ(script.report[0].source, (SourceSpan{1'000, 1'007}));
}

TEST(Ssml, ParagraphsAndSentencesEndOnceAndLoseTheWhiteSpaceAround) {
  EXPECT_EQ(drawn(parsed(in_speak("\n <p>\n <s>One.</s>\n <s>Two.</s>\n </p>\n <p>Three.</p>"))),
            "[One.]s[Two.]p[Three.]p");
  EXPECT_EQ(drawn(parsed(in_speak("A <p>B</p> C"))), "[A ]p[B]p[ C]");
}

TEST(Ssml, SubSaysItsAliasForWhatIsWritten) {
  const std::string source = in_speak("the <sub alias=\"World Wide Web\">W<b>W</b>W</sub>.");
  const Script script = parsed(source);
  EXPECT_EQ(drawn(script), "[the ][World Wide Web][.]");
  const SourceSpan span = script.items[1].text.source_of(6, 10);
  EXPECT_EQ(source.substr(span.begin, span.size()), "W<b>W</b>W");
  EXPECT_EQ(drawn(parsed(in_speak("<sub alias=\"x\"/>"))), "[x]");
  EXPECT_EQ(drawn(parsed(in_speak("<sub alias=\"\">lost</sub>"))), "-replaced by nothing-");
}

TEST(Ssml, SayAsKnowsTheCommonNames) {
  const Script script =
      parsed(in_speak("<say-as interpret-as=\"date\" format=\"mdy\">3/4/2025</say-as>"
                      "<say-as interpret-as=\"date:dmy\">3/4/2025</say-as>"
                      "<say-as interpret-as=\"Spell-Out\">abc</say-as>"
                      "<say-as interpret-as=\"mood\">x</say-as>"));
  ASSERT_EQ(script.items.size(), 4u);
  EXPECT_EQ(script.items[0].say_as->interpret_as, "date");
  EXPECT_EQ(script.items[0].say_as->format, "mdy");
  EXPECT_EQ(script.items[1].say_as->format, "dmy");
  EXPECT_EQ(script.items[2].say_as->interpret_as, "spell-out");
  EXPECT_FALSE(script.items[3].say_as);
  EXPECT_EQ(report_of(script, "say-as interpret-as=\"mood\"").honoured, Honoured::kIgnored);
}

TEST(Ssml, PhonemesComeInAnyAlphabetAndAreCheckedWhenRead) {
  const Script script =
      parsed(in_speak("<phoneme ph=\"təˈmeɪtoʊ\">tomato</phoneme>"
                      "<phoneme alphabet=\"x-sampa\" ph=\"t@&quot;meItoU\">tomato</phoneme>"
                      "<phoneme alphabet=\"arpabet\" ph=\"T AH0 M EY1 T OW0\">tomato</phoneme>"
                      "<phoneme alphabet=\"x-amazon-pinyin\" ph=\"bao2\">tomato</phoneme>"
                      "<phoneme ph=\"t7\">tomato</phoneme><phoneme ph=\"\">tomato</phoneme>"
                      "<phoneme ph=\"a\"/>"));
  ASSERT_EQ(script.items.size(), 7u);
  EXPECT_EQ(script.items[0].pronunciation->set, PhonemeSet::kIpa);
  EXPECT_EQ(script.items[1].pronunciation->symbols, "t@\"meItoU");
  EXPECT_EQ(script.items[2].pronunciation->set, PhonemeSet::kArpabet);
  for (const std::size_t i : {3u, 4u, 5u}) {
    EXPECT_FALSE(script.items[i].pronunciation);
    EXPECT_EQ(script.items[i].text.text(), "tomato");
  }
  EXPECT_EQ(script.items[6].text.text(), "a") << "with nothing written, the phonemes are the text";
  EXPECT_TRUE(script.items[6].pronunciation);
  const ElementReport& bad = report_of(script, "phoneme ph=\"t7\"");
  EXPECT_EQ(bad.honoured, Honoured::kIgnored);
  EXPECT_NE(bad.note.find("character 2"), std::string::npos) << bad.note;
}

TEST(Ssml, BreaksHaveAStrengthOrATime) {
  EXPECT_EQ(drawn(parsed(in_speak("a<break/>b<break strength=\"x-strong\"/>c"
                                  "<break time=\"250ms\" strength=\"weak\"/>"
                                  "<break strength=\"none\"/>d"))),
            "[a](0.40)[b](1.20)[c](0.25)[d]");
}

TEST(Ssml, StylesNestAndTheInnermostDecides) {
  const Script script =
      parsed(in_speak("<prosody rate=\"50%\" pitch=\"+2st\" volume=\"-6dB\">a"
                      "<prosody rate=\"+100%\" pitch=\"+2st\" range=\"+100%\">b</prosody></prosody>"
                      "<emphasis>c<emphasis level=\"strong\">d</emphasis></emphasis>e"));
  ASSERT_EQ(script.items.size(), 5u);
  const SpeechStyle& outer = script.items[0].style;
  const SpeechStyle& inner = script.items[1].style;
  EXPECT_DOUBLE_EQ(outer.prosody.rate, 0.5);
  EXPECT_DOUBLE_EQ(inner.prosody.rate, 1.0);
  EXPECT_DOUBLE_EQ(inner.prosody.pitch_semitones, 4.0);
  EXPECT_DOUBLE_EQ(inner.prosody.volume_db, -6.0);
  EXPECT_DOUBLE_EQ(inner.pitch_range, 2.0);
  EXPECT_EQ(script.items[2].style.emphasis, Emphasis::kModerate);
  EXPECT_EQ(script.items[3].style.emphasis, Emphasis::kStrong);
  EXPECT_EQ(script.items[4].style.emphasis, Emphasis::kNone);
  EXPECT_DOUBLE_EQ(script.items[4].style.prosody.rate, 1.0);
}

TEST(Ssml, AContourIsSpreadOverTheTextsThatItCovers) {
  const Script script =
      parsed(in_speak("<prosody contour=\"(0%,+0st)(100%,+4st)\">aa<break/>bb</prosody>c"));
  ASSERT_EQ(script.items.size(), 4u);
  EXPECT_DOUBLE_EQ(script.items[0].style.contour.back().semitones, 2.0);
  EXPECT_DOUBLE_EQ(script.items[2].style.contour.front().semitones, 2.0);
  EXPECT_TRUE(script.items[3].style.contour.empty());
}

TEST(Ssml, AVoiceIsTheOneNamedOrTheOneChosen) {
  const std::string source =
      in_speak("<voice name=\"af_heart bf_emma\" gender=\"female\" age=\"30\">a</voice>");
  const Script unseen = parsed(source);
  EXPECT_EQ(unseen.items[0].style.voice, "af_heart");
  EXPECT_EQ(report_of(unseen, "voice gender=\"female\"").honoured, Honoured::kIgnored);

  VoiceRequest asked;
  SsmlOptions options;
  options.choose_voice = [&](const VoiceRequest& request) {
    asked = request;
    return std::optional<std::string>("bf_emma");
  };
  const Script chosen = parsed(source, options);
  EXPECT_EQ(chosen.items[0].style.voice, "bf_emma");
  EXPECT_EQ(asked.names, (std::vector<std::string>{"af_heart", "bf_emma"}));
  EXPECT_EQ(asked.gender, "female");
  EXPECT_EQ(asked.age, 30);
  EXPECT_EQ(report_of(chosen, "voice age=\"30\"").honoured, Honoured::kHonoured);

  options.choose_voice = [](const VoiceRequest&) { return std::nullopt; };
  const Script none = parsed(source, options);
  EXPECT_EQ(none.items[0].style.voice, "");
  EXPECT_EQ(report_of(none, "voice name=\"af_heart bf_emma\"").honoured, Honoured::kIgnored);
}

TEST(Ssml, LanguagesComeFromLangAndFromAnyElementThatMayHaveThem) {
  const Script script = parsed(
      "<speak xml:lang=\"en-US\">a<lang xml:lang=\"de-DE\">b</lang>"
      "<s xml:lang=\"fr\">c</s></speak>");
  ASSERT_EQ(drawn(script), "[a][b]s[c]s");
  EXPECT_EQ(script.items[0].style.language, "en-US");
  EXPECT_EQ(script.items[1].style.language, "de-DE");
  EXPECT_EQ(script.items[3].style.language, "fr");
}

TEST(Ssml, MarksAudioLexiconsAndDescriptions) {
  const std::string source = in_speak(
      "<lexicon uri=\"names.pls\" xml:id=\"n\"/><meta name=\"a\" content=\"b\"/>"
      "<metadata><x>never said</x></metadata><lookup ref=\"n\">"
      "<mark name=\"here\"/><audio src=\"b.wav\"><desc>a bell</desc>ding</audio></lookup>");
  const Script script = parsed(source);
  EXPECT_EQ(drawn(script), "-metadata-{here}<b.wav>-description of a recording-[ding]");
  EXPECT_EQ(script.lexicons, (std::vector<std::string>{"names.pls"}));
  const SourceSpan audio = script.items[2].source;
  EXPECT_EQ(source.substr(audio.begin, 6), "<audio");
  EXPECT_EQ(source.substr(audio.end - 8, 8), "</audio>") << "the alternative is within";
}

TEST(Ssml, EmotionsHaveANameAndAnIntensity) {
  const Script script =
      parsed(in_speak("<syrinx:emotion name=\"happy\" intensity=\"0.7\">a</syrinx:emotion>"
                      "<syrinx:emotion name=\"sad\">b</syrinx:emotion>"
                      "<syrinx:emotion name=\"sad\" intensity=\"900%\">c</syrinx:emotion>"));
  EXPECT_EQ(script.items[0].style.emotion, "happy");
  EXPECT_DOUBLE_EQ(script.items[0].style.emotion_intensity, 0.7);
  EXPECT_DOUBLE_EQ(script.items[1].style.emotion_intensity, 1.0);
  EXPECT_DOUBLE_EQ(script.items[2].style.emotion_intensity, 1.0);
  EXPECT_EQ(report_of(script, "syrinx:emotion intensity=\"900%\"").honoured,
            Honoured::kApproximated);
}

TEST(Ssml, AWordsRoleIsItsPartOfSpeech) {
  const Script script = parsed(in_speak("<w role=\"amazon:VBD\">read</w> <token>x</token>"));
  EXPECT_EQ(script.items[0].part_of_speech, "VBD");
  EXPECT_EQ(script.items.back().part_of_speech, "");
}

TEST(Ssml, OtherVocabulariesAreReportedAndTheirTextIsSaid) {
  const Script script =
      parsed(in_speak("<amazon:effect name=\"whispered\">a</amazon:effect>"
                      "<mstts:express-as style=\"sad\">b</mstts:express-as><blink>c</blink>"));
  EXPECT_EQ(drawn(script), "[a][b][c]");
  EXPECT_EQ(report_of(script, "amazon:effect").honoured, Honoured::kIgnored);
  EXPECT_EQ(report_of(script, "mstts:express-as").honoured, Honoured::kIgnored);
  EXPECT_EQ(report_of(script, "blink").note, "not an element of SSML 1.1; its text is said");
}

TEST(Ssml, TheReportHasAnEntryForEveryAttributeThatAsksForSomething) {
  const Script script = parsed(
      "<speak version=\"1.1\" xmlns=\"http://www.w3.org/2001/10/synthesis\" "
      "xml:lang=\"en\"><p><prosody rate=\"fast\" pitch=\"120Hz\" duration=\"2s\" "
      "colour=\"red\">a</prosody></p></speak>");
  ASSERT_EQ(script.report.size(), 6u);
  EXPECT_EQ(report_of(script, "speak xml:lang=\"en\"").honoured, Honoured::kHonoured);
  EXPECT_EQ(report_of(script, "p").honoured, Honoured::kHonoured);
  EXPECT_EQ(report_of(script, "prosody rate=\"fast\"").honoured, Honoured::kHonoured);
  EXPECT_EQ(report_of(script, "prosody pitch=\"120Hz\"").honoured, Honoured::kApproximated);
  EXPECT_EQ(report_of(script, "prosody duration=\"2s\"").honoured, Honoured::kIgnored);
  EXPECT_EQ(report_of(script, "prosody colour=\"red\"").honoured, Honoured::kIgnored);
}

TEST(Ssml, APrefixOfSsmlsNamespaceChangesNothing) {
  EXPECT_EQ(drawn(parsed("<v:speak xmlns:v=\"http://www.w3.org/2001/10/synthesis\">a<v:break/>"
                         "</v:speak>")),
            "[a](0.40)");
}

TEST(Ssml, AVoiceThatCanDoLessDowngradesTheReport) {
  Script script = parsed(in_speak("<prosody range=\"+10%\" rate=\"fast\"><s>a</s></prosody>"));
  EXPECT_EQ(downgrade(script, "prosody", "range", Honoured::kIgnored, "no such control"), 1u);
  EXPECT_EQ(downgrade(script, "prosody", "range", Honoured::kHonoured, "better"), 0u)
      << "nothing is upgraded";
  EXPECT_EQ(downgrade(script, "s", "", Honoured::kApproximated, "x"), 1u);
  EXPECT_EQ(report_of(script, "prosody range=\"+10%\"").note, "no such control");
  EXPECT_EQ(report_of(script, "prosody rate=\"fast\"").honoured, Honoured::kHonoured);
}

TEST(Ssml, ErrorsSayLineColumnAndWhatWasExpected) {
  const auto corrupt = [](const std::string& source) {
    return error_of(source, ErrorCode::kCorruptData);
  };
  EXPECT_EQ(corrupt(in_speak("\n ü<break time=\"2\"/>")),
            "line 2, column 3: <break time=\"2\">; expected a time such as 300ms or 1.5s");
  EXPECT_EQ(corrupt("<p>a</p>"),
            "line 1, column 1: <p> is the outermost element; expected <speak>");
  EXPECT_EQ(corrupt(in_speak("<sub>a</sub>")),
            "line 1, column 8: <sub> without alias; expected <sub alias=\"...\">");
  EXPECT_NE(corrupt(in_speak("AT&T rules")).find("line 1, column "), std::string::npos);
  EXPECT_NE(corrupt(in_speak("a & b")).find("&amp;"), std::string::npos);
  EXPECT_NE(corrupt(in_speak("&nbsp;")).find("line 1, column 8"), std::string::npos);
  EXPECT_NE(corrupt(in_speak("<p>a")).find("closes another element"), std::string::npos);
  EXPECT_NE(corrupt("<speak>a").find("line 1, column 9"), std::string::npos);
  EXPECT_NE(corrupt("").find("expected <speak>"), std::string::npos);
  EXPECT_NE(corrupt("plain text").find("line 1, column 1"), std::string::npos);
  EXPECT_NE(corrupt(in_speak("a") + "b").find("follows the end"), std::string::npos);
  EXPECT_NE(corrupt(in_speak("<p a='1' a='2'/>")).find("twice"), std::string::npos);
  EXPECT_NE(corrupt(in_speak("\xC3(")).find("UTF-8"), std::string::npos);
  EXPECT_NE(corrupt(in_speak("a") + std::string(1, '\0')).find("line 1"), std::string::npos);
}

TEST(Ssml, AttributesThatAreNoValuesAreErrors) {
  for (const char* element : {"<break strength=\"huge\"/>",
                              "<emphasis level=\"much\"/>",
                              "<prosody rate=\"quick\"/>",
                              "<prosody pitch=\"2\"/>",
                              "<prosody volume=\"loudly\"/>",
                              "<prosody range=\"x\"/>",
                              "<prosody contour=\"up\"/>",
                              "<prosody duration=\"3\"/>",
                              "<voice gender=\"none\"/>",
                              "<voice age=\"old\"/>",
                              "<voice variant=\"0\"/>",
                              "<say-as>a</say-as>",
                              "<phoneme/>",
                              "<mark/>",
                              "<lang/>",
                              "<lang xml:lang=\"en_US!\"/>",
                              "<lexicon/>",
                              "<lookup ref=\"x\"/>",
                              "<syrinx:emotion/>",
                              "<syrinx:emotion name=\"a\" intensity=\"very\"/>",
                              "<speak/>"}) {
    const std::string message = error_of(in_speak(element), ErrorCode::kCorruptData);
    EXPECT_TRUE(message.starts_with("line 1, column 8: <")) << message;
    EXPECT_NE(message.find("expected "), std::string::npos) << message;
  }
}

TEST(Ssml, DocumentTypesAndWithThemEntitiesAreRefused) {
  EXPECT_EQ(error_of("<?xml version=\"1.0\"?>\n<!DOCTYPE speak SYSTEM \"file:///etc/passwd\">"
                     "<speak/>",
                     ErrorCode::kUnsupported),
            "line 2, column 1: a document type declaration; leave out <!DOCTYPE>, it is not read");
  error_of("<!DOCTYPE s [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><speak>&b;</speak>",
           ErrorCode::kUnsupported);
}

TEST(Ssml, LimitsAreKept) {
  const auto limited = [](const std::string& source) {
    return error_of(source, ErrorCode::kLimitExceeded);
  };
  const auto nested = [](std::size_t levels) {
    std::string content = "x";
    for (std::size_t i = 1; i < levels; ++i) content = "<p>" + content + "</p>";
    return in_speak(content);
  };
  EXPECT_EQ(drawn(parsed(nested(limits::kMaxSsmlDepth))), "[x]p");
  EXPECT_NE(limited(nested(limits::kMaxSsmlDepth + 1)).find("line 1, column 35"),
            std::string::npos);
  EXPECT_TRUE(parse_ssml(in_speak("<break time=\"60s\"/>")));
  EXPECT_NE(limited(in_speak("<break time=\"61s\"/>")).find("at most 60 s"), std::string::npos);
  limited(in_speak(std::string(limits::kMaxSsmlBytes, 'a')));
  std::string many;
  for (std::size_t i = 0; i < limits::kMaxSsmlElements; ++i) many += "<w/>";
  limited(in_speak(many));
  const std::string name(limits::kMaxSsmlNameBytes + 1, 'v');
  limited(in_speak("<voice name=\"" + name + "\"/>"));
  limited(in_speak("<syrinx:emotion name=\"" + name + "\"/>"));
}

TEST(Ssml, SsmlIsToldFromOtherWriting) {
  for (const char* source :
       {"<speak>", "<speak/>", "<speak version=\"1.0\">", "\xEF\xBB\xBF <speak>",
        "<?xml version=\"1.0\"?>\n<!-- a > b --><speak\n>", "<ssml:speak>",
        "<!DOCTYPE speak [<!ENTITY a \"b\">]><speak>"}) {
    EXPECT_TRUE(looks_like_ssml(source)) << source;
  }
  for (const char* source : {"", "speak", "<speaker>", "<p>a</p>", "<html>", "<", "<!--", "<?",
                             "a <speak>", "<speak", "<!DOCTYPE ["}) {
    EXPECT_FALSE(looks_like_ssml(source)) << source;
  }
}

// A random document and the text that it says, elements within elements.
class RandomDocument {
 public:
  explicit RandomDocument(unsigned seed) : random_(seed) {}

  std::string source() { return "<speak>" + content(1) + "</speak>"; }
  const std::string& said() const { return said_; }

 private:
  std::string content(std::size_t depth) {
    std::string out;
    for (std::size_t i = 0; i < random_() % 5; ++i) {
      out += depth + 1 < limits::kMaxSsmlDepth && random_() % 3 == 0 ? element(depth) : word();
    }
    return out;
  }

  std::string element(std::size_t depth) {
    static constexpr std::pair<const char*, const char*> kElements[] = {
        {"emphasis", ""},
        {"prosody", " rate='fast' contour='(10%,+2st)'"},
        {"p", ""},
        {"s", ""},
        {"voice", " name='x'"},
        {"lang", " xml:lang='de'"},
        {"w", ""},
        {"say-as", " interpret-as='date'"},
        {"vendor:thing", " a='b'"},
        {"phoneme", " ph='a'"},
        {"audio", " src='x.wav'"}};
    const auto& [name, attributes] = kElements[random_() % std::size(kElements)];
    return "<" + std::string(name) + attributes + ">" + content(depth + 1) + "</" + name + ">";
  }

  std::string word() {
    static constexpr std::pair<const char*, const char*> kWords[] = {
        {"word", "word"},       {"ü€😀", "ü€😀"},          {"&amp;", "&"}, {"&#x41;", "A"},
        {"<![CDATA[<]]>", "<"}, {"<!-- no -->", ""},     {"\r\n", "\n"}, {"&lt;", "<"},
        {"<break/>", ""},       {"<mark name='m'/>", ""}};
    const auto& [written, said] = kWords[random_() % std::size(kWords)];
    said_ += said;
    return written;
  }

  std::mt19937 random_;
  std::string said_;
};

std::string without_space(std::string text) {
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n' || c == '\r'; });
  return text;
}

TEST(Ssml, RandomDocumentsSayAllTheirTextInOrderWithGrowingSpans) {
  for (unsigned seed = 0; seed < 3'000; ++seed) {
    RandomDocument document(seed);
    const std::string source = document.source();
    const Script script = parsed(source);
    std::string said;
    std::size_t at = 0;
    for (const ScriptItem& item : script.items) {
      if (item.kind != ScriptItemKind::kText) continue;
      // An empty <phoneme> says its phonemes, which nobody wrote as text.
      if (item.text.source().size() > 0 && source[item.text.source().begin] == '<' &&
          source.compare(item.text.source().begin, 9, "<phoneme ") == 0)
        continue;
      said += item.text.text();
      EXPECT_GE(item.source.begin, at) << source;
      at = item.source.end;
      for (std::size_t i = 0; i < item.text.size(); ++i) {
        const SourceSpan from = item.text.source_of(i, i + 1);
        const bool verbatim = from.size() == 1;
        EXPECT_TRUE(!verbatim || source[from.begin] == item.text.text()[i]) << source;
      }
    }
    EXPECT_EQ(without_space(said), without_space(document.said())) << source;
  }
}

}  // namespace
}  // namespace syrinx::text
