// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "support/page_check.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/measure/report/page/compare_page.h"
#include "syrinx/stages/measure/report/page/compare_table.h"
#include "syrinx/stages/measure/report/page/embed.h"
#include "syrinx/stages/measure/report/page/files_page.h"
#include "syrinx/stages/measure/report/page/sound_page.h"

// Pages of whatever sound comes: whole, alone, and with every figure.
namespace syrinx::measure {
namespace {

using support::page_data;
using support::page_faults;

constexpr const char* kEvilName = "<script>alert('1')</script>\x1B[2J\xFF & \"x\".wav";

AudioBuffer voice(std::size_t channels = 1, int rate_hz = 16'000, double seconds = 2.0) {
  AudioBuffer audio(channels, static_cast<std::size_t>(seconds * rate_hz), rate_hz);
  std::mt19937 dice(1);
  std::normal_distribution<float> normal(0.0f, 0.003f);
  for (std::size_t c = 0; c < channels; ++c) {
    for (std::size_t i = 0; i < audio.frames(); ++i) {
      const double at = static_cast<double>(i) / rate_hz;
      double sum = 0.0;
      for (int k = 1; k < 9; ++k) sum += std::sin(2.0 * M_PI * 140.0 * k * at) / k;
      const double gate = std::max(0.0, std::sin(2.0 * M_PI * 1.5 * at));
      audio.channel(c)[i] = static_cast<float>(0.2 * gate * sum) + normal(dice);
    }
  }
  return audio;
}

std::string page_of(AudioView audio, const PageOptions& options = {}) {
  const auto report = report_sound(audio);
  EXPECT_TRUE(report);
  const auto page = sound_page({kEvilName, "", audio, *report, {}}, options);
  EXPECT_TRUE(page) << page.error().message;
  return *page;
}

void expect_whole(const std::string& page) {
  const auto faults = page_faults(page);
  for (const std::string& fault : faults) ADD_FAILURE() << fault;
  EXPECT_EQ(page.find(kEvilName), std::string::npos);
  EXPECT_EQ(page.find("<script>alert"), std::string::npos);
  EXPECT_NE(page.find("&lt;script&gt;alert(&#39;1&#39;)"), std::string::npos);
}

bool has(const std::string& page, std::string_view text) {
  return page.find(text) != std::string::npos;
}

TEST(PageCheck, FindsWhatIsWrongWithAPage) {
  EXPECT_TRUE(page_faults("<!DOCTYPE html><p id=\"a\">x<br><b>y</b></p>").empty());
  for (const char* wrong :
       {"<p>", "</p>", "<p><b></p></b>", "<p id=\"a\"></p><p id=\"a\"></p>", "<p class=x></p>",
        "<img alt=\"\" src=\"picture.png\">", "<img src=\"data:,\">", "<a href=\"//x\"></a>",
        "<p onclick=\"x()\"></p>", "<p>https://x</p>",
        "<img alt=\"\" src=\"data:image/png;base64,AAAA\">",
        "<audio src=\"data:audio/flac;base64,AAAA\"></audio>"})
    EXPECT_FALSE(page_faults(wrong).empty()) << wrong;
}

TEST(SoundPage, ShowsEveryFigureWithItsUnitAndWhatIsMissing) {
  const AudioBuffer audio = voice();
  SoundReport report = report_sound(audio).value();
  report.figures.push_back({"new group", "nobody_knows_me", 42.0, "furlongs"});
  report.missing.push_back({"lost", "it <was> never there"});
  const auto page =
      sound_page({kEvilName, "clean & \"pure\".wav", audio, report, {"A <note>."}}).value();
  expect_whole(page);
  for (const Figure& figure : report.figures) EXPECT_TRUE(has(page, figure.name)) << figure.name;
  EXPECT_TRUE(has(page, "Nobody knows me"));
  EXPECT_TRUE(has(page, "furlongs"));
  EXPECT_TRUE(has(page, "it &lt;was&gt; never there"));
  EXPECT_TRUE(has(page, "A &lt;note&gt;."));
  EXPECT_TRUE(has(page, "clean &amp; &quot;pure&quot;.wav"));
}

TEST(SoundPage, DrawsWhatThereIsAndPlaysIt) {
  const AudioBuffer audio = voice();
  const std::string page = page_of(audio);
  for (const char* title : {"Waveform", "Spectrogram", "Loudness", "F0, the pitch of the voice"})
    EXPECT_TRUE(has(page, std::string("<h3>") + title + "</h3>")) << title;
  EXPECT_EQ(page_data(page, "image/png").size(), 1u);
  const auto sounds = page_data(page, "audio/flac");
  ASSERT_EQ(sounds.size(), 1u);
  auto reader = io::AudioReader::from_memory(std::as_bytes(std::span(sounds[0]))).value();
  const AudioBuffer played = io::read_all(reader).value();
  ASSERT_EQ(played.frames(), audio.frames());
  // 16 bits with triangular dither of two steps' width: one and a half steps at most.
  for (std::size_t i = 0; i < audio.frames(); i += 31)
    ASSERT_NEAR(played.channel(0)[i], audio.channel(0)[i], 1.5 / 32'768);
}

TEST(SoundPage, MarksArtifactsWhereTheyAre) {
  AudioBuffer audio = voice();
  SoundReport report = report_sound(audio).value();
  report.artifacts = {{ArtifactKind::kClick, 0.5, 0.51, 0.8, "A <click>."}};
  const auto page = sound_page({kEvilName, "", audio, report, {}}).value();
  expect_whole(page);
  EXPECT_TRUE(has(page, "left:25.000%;width:0.500%"));
  EXPECT_TRUE(has(page, "data-at=\"0.500\""));
  EXPECT_TRUE(has(page, "A &lt;click&gt;."));
}

TEST(SoundPage, OddSoundsHavePagesToo) {
  expect_whole(page_of(AudioBuffer(1, 16'000, 16'000)));  // Silence.
  expect_whole(page_of(AudioBuffer(1, 1, 16'000)));
  expect_whole(page_of(voice(2)));
  expect_whole(page_of(voice(64, 8'000, 0.5)));
  expect_whole(page_of(voice(1, 1'000, 0.5)));
  expect_whole(page_of(voice(1, 192'000, 0.3)));
  AudioBuffer broken = voice();
  broken.channel(0)[77] = std::numeric_limits<float>::quiet_NaN();
  broken.channel(0)[78] = std::numeric_limits<float>::infinity();
  expect_whole(page_of(broken));
}

TEST(SoundPage, SaysWhyASoundIsLeftOut) {
  const AudioBuffer audio = voice();
  const std::string large = page_of(audio, {true, 1'000});
  EXPECT_TRUE(has(large, "The sound is not inside this page"));
  EXPECT_TRUE(page_data(large, "audio/flac").empty());
  EXPECT_TRUE(page_data(page_of(audio, {false}), "audio/flac").empty());
  EXPECT_TRUE(has(page_of(voice(64, 8'000, 0.5)), "plays the mean of all 64 channels"));
  EXPECT_TRUE(has(page_of(voice(1, 1'000, 0.5)), "plays it at 8000 Hz"));
}

TEST(SoundPage, OfNoSoundIsAnError) {
  const SoundReport report;
  const AudioBuffer none(1, 0, 16'000);
  EXPECT_EQ(sound_page({"none", "", none, report, {}}).error().code, ErrorCode::kInvalidArgument);
}

TEST(FilesPage, HasARowForEachSoundAndNamesWhatStandsOut) {
  const AudioBuffer audio = voice();
  std::vector<SoundReport> reports(7);
  std::vector<std::vector<Figure>> figures;
  std::vector<FilesPageRow> rows;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    const double rms = i == 3 ? -60.0 : -20.0 - static_cast<double>(i);
    reports[i].sample_rate_hz = 16'000;
    reports[i].figures = {{"level", "rms", rms, "dBFS"},
                          {"level", "gone", std::numeric_limits<double>::quiet_NaN(), ""}};
    figures.push_back(reports[i].figures);
    rows.push_back({kEvilName, reports[i], small_picture(audio).value(), {}});
  }
  const std::string failures[] = {"<broken> could not be read"};
  const std::string page = files_page(rows, summarise(figures), failures);
  expect_whole(page);
  EXPECT_EQ(page_data(page, "image/png").size(), 7u);
  EXPECT_TRUE(has(page, "class=\"value odd\">\u221260 dBFS"));
  EXPECT_TRUE(has(page, "spreads below"));
  EXPECT_TRUE(has(page, "&lt;broken&gt; could not be read"));
  EXPECT_TRUE(has(page, "exists for none"));
}

TEST(FilesPage, OfNoSoundsIsWhole) { EXPECT_TRUE(page_faults(files_page({}, {}, {})).empty()); }

TEST(ComparePage, ShowsPicturesDifferencesPlayersAndTheBetterOne) {
  const AudioBuffer clean = voice();
  AudioBuffer noisy(clean);
  std::mt19937 dice(2);
  std::normal_distribution<float> normal(0.0f, 0.05f);
  for (float& sample : noisy.channel(0)) sample += normal(dice);
  const SoundReport a = report_sound(noisy, clean).value(), b = report_sound(clean, clean).value();
  const ComparedSound first{kEvilName, noisy, a, {}}, second{"b.wav", clean, b, {}};
  const std::string two = compare_page({first, second}, std::nullopt).value();
  expect_whole(two);
  EXPECT_EQ(page_data(two, "image/png").size(), 3u);
  EXPECT_EQ(page_data(two, "audio/flac").size(), 2u);
  EXPECT_TRUE(has(two, "Difference: B against A"));
  EXPECT_TRUE(has(two, "better</span>"));
  const ComparedSound reference{"clean.wav", clean, b, {}};
  const std::string three = compare_page({first, second}, reference).value();
  expect_whole(three);
  EXPECT_EQ(page_data(three, "image/png").size(), 5u);
  EXPECT_TRUE(has(three, "Difference: A against Reference"));
}

TEST(ComparePage, TakesSoundsThatHaveNothingInCommon) {
  const AudioBuffer first = voice(2, 44'100, 1.0), silence(1, 1, 8'000);
  const SoundReport a = report_sound(first).value(), b = report_sound(silence).value();
  const std::string page =
      compare_page({{kEvilName, first, a, {}}, {"silence.wav", silence, b, {}}}, std::nullopt)
          .value();
  expect_whole(page);
  EXPECT_TRUE(has(page, "nothing in common with A"));
}

TEST(ComparePage, TakesTwoToEight) {
  const AudioBuffer audio = voice(1, 8'000, 0.2);
  const SoundReport report = report_sound(audio).value();
  const std::vector one{ComparedSound{"a", audio, report, {}}};
  EXPECT_EQ(compare_page(one, std::nullopt).error().code, ErrorCode::kInvalidArgument);
  std::vector<ComparedSound> nine;
  for (int i = 0; i < 9; ++i) nine.push_back(one.front());
  EXPECT_EQ(compare_page(nine, std::nullopt).error().code, ErrorCode::kInvalidArgument);
}

TEST(CompareTable, MarksThoseThatNoOtherBeats) {
  SoundReport a, b, c;
  a.figures = {{"reference", "stoi", 0.9, ""}, {"speech", "f0_median", 100, "Hz"}};
  b.figures = {{"reference", "stoi", 0.7, ""}};
  c.figures = {{"reference", "stoi", 0.9, ""}};
  const SoundReport* all[] = {&a, &b, &c};
  const auto figures = compare_figures(all);
  ASSERT_EQ(figures.size(), 2u);
  EXPECT_EQ(figures[0].best, (std::vector{true, false, true}));
  EXPECT_EQ(figures[1].best, (std::vector{false, false, false}));
  EXPECT_TRUE(std::isnan(figures[1].values[1]));
}

}  // namespace
}  // namespace syrinx::measure
