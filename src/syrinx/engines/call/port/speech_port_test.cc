// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/port/speech_port.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <string>
#include <thread>

#include "support/realtime_guard.h"
#include "support/test_data.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/engines/call/port/port_scenes.h"

namespace syrinx::call {
namespace {

using namespace scenes;

Sound speech(const std::string& file, int rate_hz) {
  const AudioBuffer sound = io::read_audio(support::data_path("speech/" + file)).value();
  const AudioBuffer at_rate = dsp::resample(sound, rate_hz).value();
  Sound out(at_rate.channel(0).begin(), at_rate.channel(0).end());
  double sum = 1e-9;
  for (const float x : out) sum += static_cast<double>(x) * x;
  const auto gain = static_cast<float>(0.05 / std::sqrt(sum / static_cast<double>(out.size())));
  for (float& x : out) x *= gain;  // -26 dBFS.
  return out;
}

// Sentences one after another, for as long as it takes.
Sound monologue(int rate_hz, double seconds, const std::string& voice = "kathleen/arctic_a000") {
  Sound out;
  for (int n = 1; static_cast<double>(out.size()) < seconds * rate_hz; ++n) {
    const Sound next = speech(voice + std::to_string(n % 9 + 1) + ".flac", rate_hz);
    out.insert(out.end(), next.begin(), next.end());
  }
  return out;
}

SpeechPortOptions options_at(int rate_hz) {
  SpeechPortOptions options;
  options.sample_rate_hz = rate_hz;
  return options;
}

std::size_t samples(double seconds, int rate_hz) {
  return static_cast<std::size_t>(seconds * rate_hz);
}

double ms_of(std::uint64_t from, std::uint64_t to, int rate_hz) {
  return 1e3 * (static_cast<double>(to) - static_cast<double>(from)) / rate_hz;
}

struct Way {
  int rate_hz;
  bool echo;
};

class Interruption : public testing::TestWithParam<Way> {};

TEST_P(Interruption, StopsTheSpeechWithin200MsOfItsBeginAnd40MsOfTheTrigger) {
  SYRINX_NEED_DATA("speech/kathleen");
  SYRINX_NEED_DATA("speech/jfk.flac");
  const auto [rate_hz, echo] = GetParam();
  const Sound agent = monologue(rate_hz, 12.0);
  for (const char* file :
       {"jfk.flac", "kerstin/de_rhasspy-0004.flac", "kathleen/arctic_a0015.flac"}) {
    const auto port = SpeechPort::create(options_at(rate_hz)).value();
    const Sound caller = placed(speech(file, rate_hz), rate_hz, 6.0, samples(8.0, rate_hz));
    std::optional<EchoPath> path;
    if (echo) path.emplace(rate_hz, 300.0, 6.0, 3);
    const Heard heard = converse(*port, agent, caller, path, port->max_block_frames());
    const std::uint64_t begin = samples(6.0, rate_hz);
    ASSERT_EQ(heard.count(PortEvent::Kind::kBargeIn), 1u) << file;
    const auto trigger = *heard.first(PortEvent::Kind::kBargeIn);
    const auto stop = heard.first(PortEvent::Kind::kStopped);
    ASSERT_TRUE(stop) << file;
    EXPECT_GT(trigger.at_sample, begin) << file;
    EXPECT_LE(ms_of(begin, trigger.at_sample, rate_hz), 200.0) << file;
    EXPECT_LE(ms_of(trigger.at_sample, stop->at_sample, rate_hz), 40.0) << file;
    // Silent from then on, and known to the sample.
    const std::size_t block = port->max_block_frames();
    for (std::size_t i = stop->at_sample - block; i < heard.said.size(); ++i)
      ASSERT_EQ(heard.said[i], 0.0F) << i;
    EXPECT_EQ(port->said().samples, stop->said_samples);
    EXPECT_EQ(stop->said_samples,
              stop->at_sample - heard.first(PortEvent::Kind::kBegan)->at_sample);
  }
}

// Who begins with a long hissing sound is found when a voice comes to it.
TEST(SpeechPort, NearlyEveryInterruptionIsFoundWithin200MsAndNoneBeforeItBegins) {
  SYRINX_NEED_DATA("speech/kathleen");
  SYRINX_NEED_DATA("speech/ljspeech");
  constexpr int kRate = 16'000;
  std::vector<std::string> files;
  for (const char* folder : {"kathleen", "kerstin", "ljspeech", "matthes"})
    for (const auto& entry : std::filesystem::recursive_directory_iterator(
             support::data_path(std::string("speech/") + folder)))
      if (entry.path().extension() == ".flac" || entry.path().extension() == ".wav")
        files.push_back(std::filesystem::relative(entry.path(), support::data_path("speech")));
  std::sort(files.begin(), files.end());
  const Sound agent = monologue(kRate, 12.0);
  int found = 0;
  int soon = 0;
  for (std::size_t i = 0; i < files.size(); i += 3) {
    const auto port = SpeechPort::create(options_at(kRate)).value();
    const float noise = i % 2 == 0 ? 1e-4F : 3e-3F;
    const Sound caller = placed(speech(files[i], kRate), kRate, 6.0, samples(8.0, kRate), noise);
    const EchoPath echo(kRate, 300.0, 6.0, static_cast<std::uint32_t>(i + 1));
    const Heard heard = converse(*port, agent, caller, echo, port->max_block_frames());
    const auto trigger = heard.first(PortEvent::Kind::kBargeIn);
    ASSERT_TRUE(trigger) << files[i];
    const double ms = ms_of(samples(6.0, kRate), trigger->at_sample, kRate);
    EXPECT_GT(ms, 0.0) << files[i];
    EXPECT_LE(ms, 300.0) << files[i];
    ++found;
    soon += ms <= 200.0 ? 1 : 0;
  }
  EXPECT_GE(found, 10);
  EXPECT_GE(soon, found * 9 / 10);
}

// A loudspeaker's and a microphone's real sound, of which the first was said by the port.
TEST(SpeechPort, ARealEchoIsNoInterruption) {
  SYRINX_NEED_DATA("media/aec");
  constexpr int kRate = 16'000;
  const auto sound = [](const std::string& end) {
    const auto path =
        support::data_path("media/aec/9mkQhVtzTEy2hDk-6u2Sww_farend_singletalk_" + end + ".wav");
    const AudioBuffer at_rate = dsp::resample(io::read_audio(path).value(), kRate).value();
    return Sound(at_rate.channel(0).begin(), at_rate.channel(0).end());
  };
  const auto port = SpeechPort::create(options_at(kRate)).value();
  const Heard heard = converse(*port, sound("lpb"), sound("mic"), {}, 320);
  EXPECT_EQ(heard.count(PortEvent::Kind::kBargeIn), 0u);
  EXPECT_GT(port->statistics().said_samples, 5u * kRate);
}

INSTANTIATE_TEST_SUITE_P(Rates, Interruption,
                         testing::Values(Way{8'000, false}, Way{8'000, true}, Way{16'000, false},
                                         Way{16'000, true}, Way{48'000, false}, Way{48'000, true}),
                         [](const auto& way) {
                           return std::to_string(way.param.rate_hz) +
                                  (way.param.echo ? "Echo" : "");
                         });

TEST(SpeechPort, DoesNotInterruptItselfByItsEcho) {
  SYRINX_NEED_DATA("speech/kathleen");
  for (const int rate_hz : {8'000, 16'000}) {
    for (const double delay_ms : {40.0, 300.0}) {
      const auto port = SpeechPort::create(options_at(rate_hz)).value();
      const Sound quiet = placed({}, rate_hz, 0.0, samples(26.0, rate_hz));
      const Heard heard = converse(*port, monologue(rate_hz, 20.0), quiet,
                                   EchoPath(rate_hz, delay_ms, 6.0, 5), port->max_block_frames());
      EXPECT_EQ(heard.count(PortEvent::Kind::kBargeIn), 0u) << rate_hz << " " << delay_ms;
      EXPECT_EQ(heard.count(PortEvent::Kind::kFinished), 1u);
      EXPECT_GT(port->statistics().echo.erle_db, 20.0);
    }
  }
}

TEST(SpeechPort, IsNotInterruptedByNoiseOrClicks) {
  SYRINX_NEED_DATA("speech/kathleen");
  constexpr int kRate = 16'000;
  const Sound agent = monologue(kRate, 10.0);
  for (const float level : {0.003F, 0.01F, 0.03F}) {
    Sound noise = placed({}, kRate, 0.0, samples(10.0, kRate), level);
    std::fill_n(noise.begin(), samples(3.0, kRate), 0.0F);  // It begins at once.
    const auto port = SpeechPort::create(options_at(kRate)).value();
    const Heard heard = converse(*port, agent, noise, {}, 320);
    EXPECT_EQ(heard.count(PortEvent::Kind::kBargeIn), 0u) << level;
  }
  Sound clicks = placed({}, kRate, 0.0, samples(10.0, kRate));
  for (std::size_t at = 5'000; at + 100 < clicks.size(); at += 7'900)
    for (std::size_t i = 0; i < 80; ++i) clicks[at + i] += i % 2 == 0 ? 0.5F : -0.5F;
  const auto port = SpeechPort::create(options_at(kRate)).value();
  const Heard heard = converse(*port, agent, clicks, {}, 320);
  EXPECT_EQ(heard.count(PortEvent::Kind::kBargeIn), 0u);
  EXPECT_EQ(heard.count(PortEvent::Kind::kFinished), 0u) << "ten seconds are not over yet";
}

TEST(SpeechPort, WhoSpeaksWhileNothingIsSaidIsHeardAndInterruptsNothing) {
  SYRINX_NEED_DATA("speech/jfk.flac");
  constexpr int kRate = 16'000;
  const auto port = SpeechPort::create(options_at(kRate)).value();
  const Sound caller = placed(speech("jfk.flac", kRate), kRate, 1.0, samples(6.0, kRate));
  const Heard heard = converse(*port, {}, caller, {}, 320);
  EXPECT_EQ(heard.count(PortEvent::Kind::kBargeIn), 0u);
  const auto began = heard.first(PortEvent::Kind::kSpeechBegan);
  ASSERT_TRUE(began);
  EXPECT_NEAR(ms_of(0, began->since_sample, kRate), 1'000.0, 130.0);
  // Nothing was said: the sound passes the canceller as it is, and late by what is stated.
  const auto late = static_cast<std::size_t>(port->latency_ms() * kRate / 1e3 + 0.5);
  const std::size_t hop = 160;
  for (std::size_t i = 0; i + late < heard.listened.size(); ++i)
    ASSERT_NEAR(heard.listened[i + late - hop], caller[i], 1e-4F) << i;
}

TEST(SpeechPort, GivesTheSameSoundAndEventsWhateverTheBlock) {
  SYRINX_NEED_DATA("speech/kathleen");
  SYRINX_NEED_DATA("speech/jfk.flac");
  constexpr int kRate = 8'000;
  SpeechPortOptions options = options_at(kRate);
  options.listen_rate_hz = 16'000;
  options.barge_in.stops = false;  // Or what is said would end by blocks.
  const Sound agent = monologue(kRate, 3.0);
  const Sound caller = placed(speech("jfk.flac", kRate), kRate, 2.0, samples(4.0, kRate));
  std::optional<Heard> expected;
  for (const std::size_t block : {160u, 1u, 7u, 64u, 80u}) {
    const auto port = SpeechPort::create(options).value();
    const UtteranceId id = port->begin().value();
    ASSERT_EQ(port->write(id, agent), agent.size());
    // The echo takes longer than the longest block.
    Heard heard = converse(*port, {}, caller, EchoPath(kRate, 100.0, 6.0, 3), block);
    if (!expected) {
      expected = std::move(heard);
      EXPECT_EQ(expected->listened.size(), 2 * caller.size());
      continue;
    }
    EXPECT_EQ(heard.listened, expected->listened) << block;
    EXPECT_EQ(heard.said, expected->said) << block;
    EXPECT_EQ(heard.count(PortEvent::Kind::kBargeIn), expected->count(PortEvent::Kind::kBargeIn));
  }
}

TEST(SpeechPort, AllocatesAndLocksNothingInATick) {
  for (const int rate_hz : {8'000, 16'000, 48'000}) {
    SpeechPortOptions options = options_at(rate_hz);
    options.listen_rate_hz = 24'000;
    options.listen_s = 0.5;
    const auto port = SpeechPort::create(options).value();
    const UtteranceId id = port->begin().value();
    Sound buzz(samples(4.0, rate_hz));
    for (std::size_t i = 0; i < buzz.size(); ++i)
      buzz[i] = 0.3F * static_cast<float>((i * 120) % static_cast<std::size_t>(rate_hz)) /
                static_cast<float>(rate_hz);
    port->write(id, buzz);
    const std::size_t block = port->max_block_frames();
    Sound out(block);
    for (std::size_t at = 0; at + block <= buzz.size(); at += block) {
      const auto heard = std::span<const float>(buzz).subspan(at, block);
      EXPECT_REALTIME_SAFE(port->exchange(heard, out));
      if (at == 50 * block) port->stop();
    }
    EXPECT_GT(port->statistics().unheard_samples, 0u) << "nobody listens";
    EXPECT_GT(port->statistics().dropped_samples, 0u);
  }
}

TEST(SpeechPort, FiveThreadsMayUseItAtOnce) {
  const auto port = SpeechPort::create(options_at(8'000)).value();
  std::atomic<bool> done{false};
  std::thread writer([&] {
    const Sound part(100, 0.2F);
    while (!done) {
      const auto id = port->begin();
      for (int i = 0; id && i < 30; ++i) port->write(*id, part);
      if (id) port->finish(*id);
      std::this_thread::yield();
    }
  });
  std::thread listener([&] {
    Sound out(333);
    while (!done)
      if (port->listen(out) == 0) std::this_thread::yield();
  });
  std::thread stopper([&] {
    while (!done) {
      port->stop();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  std::thread controller([&] {
    PortEvent event;
    while (!done) {
      while (port->next_event(event)) EXPECT_NE(name_of(event.kind), std::string());
      EXPECT_LE(port->statistics().said_samples, port->statistics().samples);
      std::this_thread::yield();
    }
  });
  Sound in(160, 0.01F), out(160);
  for (int i = 0; i < 1'500; ++i) port->exchange(in, out);
  done = true;
  for (std::thread* thread : {&writer, &listener, &stopper, &controller}) thread->join();
  EXPECT_EQ(port->statistics().samples, 1'500u * 160u);
}

TEST(SpeechPort, OptionsThatCannotBeMeantAreNamed) {
  SpeechPortOptions options;
  options.sample_rate_hz = 44'150;
  EXPECT_NE(SpeechPort::create(options).error().message.find("44150"), std::string::npos);
  options = {};
  options.speech_s = 500.0;
  EXPECT_NE(SpeechPort::create(options).error().message.find("500"), std::string::npos);
  options = {};
  options.barge_in.least_speech_ms = 5.0;
  EXPECT_EQ(SpeechPort::create(options).error().code, ErrorCode::kInvalidArgument);
  options = {};
  options.listen_rate_hz = 7'000;
  EXPECT_EQ(SpeechPort::create(options).error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace syrinx::call
