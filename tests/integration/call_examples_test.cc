// SPDX-License-Identifier: Apache-2.0
// The examples of docs/media.md, as a program gets them that includes <syrinx/syrinx.h> alone.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "support/test_data.h"
#include "syrinx/core/flow/buffer_source.h"
#include "syrinx/syrinx.h"

namespace syrinx {
namespace {

// What goes out of one session comes into another: a call without a network.
Result<double> listening_quality_of_a_minute() {
  call::SessionOptions options;
  SYRINX_ASSIGN(options.agreement.send, call::payload_format_of("pcmu"));
  options.agreement.receive = options.agreement.send;
  SYRINX_ASSIGN(const auto alice, call::MediaSession::create(options));
  SYRINX_ASSIGN(const auto bob, call::MediaSession::create(options));
  SYRINX_TRY(alice->start());
  SYRINX_TRY(bob->start());
  std::vector<float> said(alice->block_frames(), 0.1f), heard(bob->block_frames());
  std::vector<std::uint8_t> bytes(call::MediaSession::kMaxDatagram);
  const std::chrono::milliseconds block(10);
  for (auto now = block; now < std::chrono::minutes(1); now += block) {
    alice->service(now);
    alice->push(now, said);
    while (const std::size_t size = alice->take(bytes).bytes)
      bob->receive(std::span(bytes).first(size), now);
    bob->pull(now, heard);
  }
  return bob->current_statistics().quality.listening_mos.value_or(0.0);
}

// Everybody in a room; on two threads until `stop`.
Result<void> run_a_room(std::span<const std::unique_ptr<call::MediaSession>> sessions,
                        const std::atomic<bool>& stop) {
  SYRINX_ASSIGN(const auto room, call::Conference::create({}));
  SYRINX_ASSIGN(const auto engine, call::MediaEngine::create({2, 20}));
  for (const auto& session : sessions) {  // Made with sample_rate_hz = 16000, as the room's.
    SYRINX_TRY(session->start());
    SYRINX_ASSIGN(const call::LegId leg, room->join(*session));
    std::printf("leg %u\n", leg);
  }
  SYRINX_TRY(engine->add(*room));
  SYRINX_TRY(engine->start());
  while (!stop) {  // Elsewhere, sockets call receive() and take().
    call::ConferenceEvent event;
    while (room->next_event(event)) std::printf("%s %u\n", name_of(event.kind), event.leg);
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  engine->stop();
  return {};
}

// Records a room, ticked by an engine, into a folder until `stop`.
Result<void> record_a_room(call::MediaEngine& engine, call::Conference& room,
                           const std::filesystem::path& folder, const std::atomic<bool>& stop) {
  call::RecorderOptions options;
  options.folder = folder;
  SYRINX_ASSIGN(const auto recorder, call::ConferenceRecorder::create(room.options(), options));
  SYRINX_TRY(recorder->start());
  SYRINX_TRY(room.set_tap(recorder.get()));
  SYRINX_TRY(engine.start());
  while (!stop) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  engine.stop();                      // Nothing ticks any more,
  SYRINX_TRY(room.set_tap(nullptr));  // and the next tick knows no recorder.
  return recorder->finish();
}

// Says something to a caller until it is said or they interrupt; how many seconds were said. An
// engine ticks the leg meanwhile, and sockets serve the session.
Result<double> say_to_caller(call::MediaEngine& engine, call::MediaSession& session,
                             AudioSource& speech) {
  call::SpeechPortOptions options;
  options.sample_rate_hz = session.sample_rate_hz();
  SYRINX_ASSIGN(const auto port, call::SpeechPort::create(options));
  SYRINX_ASSIGN(const auto leg, call::SpeechLeg::create(session, *port, engine.options().tick_ms));
  SYRINX_TRY(engine.add(*leg));
  const auto fed = call::SpeechFeeder(*port).say(speech);
  for (bool over = !fed; !over; std::this_thread::sleep_for(std::chrono::milliseconds(10))) {
    call::PortEvent event;
    while (port->next_event(event))
      over = over || event.kind == call::PortEvent::Kind::kFinished ||
             event.kind == call::PortEvent::Kind::kStopped;
  }
  SYRINX_TRY(engine.remove(*leg));
  SYRINX_TRY(fed);
  return port->said().samples / static_cast<double>(port->sample_rate_hz());
}

TEST(CallExamples, ACallWithoutANetworkIsHeardWell) {
  const auto quality = listening_quality_of_a_minute();
  ASSERT_TRUE(quality) << quality.error().message;
  EXPECT_NEAR(*quality, 4.4, 0.1);
}

TEST(CallExamples, ARoomRunsUntilItIsStoppedAndAnswersItsLegs) {
  std::vector<std::unique_ptr<call::MediaSession>> sessions;
  call::SessionOptions options;
  options.agreement.send = call::payload_format_of("pcmu").value();
  options.agreement.receive = options.agreement.send;
  options.sample_rate_hz = 16'000;
  for (std::uint64_t i = 1; i <= 3; ++i) {
    options.seed = i;
    sessions.push_back(call::MediaSession::create(options).value());
  }
  std::atomic<bool> stop{false};
  std::thread user([&] {
    std::vector<std::uint8_t> bytes(call::MediaSession::kMaxDatagram);
    std::size_t packets = 0;
    while (packets < 10) {
      if (sessions[2]->take(bytes).bytes > 0) ++packets;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    stop = true;
  });
  EXPECT_TRUE(run_a_room(sessions, stop));
  user.join();
}

TEST(CallExamples, ARoomIsRecordedLegByLegWhileItRuns) {
  const auto folder = support::scratch_dir() / "recorded";
  std::vector<std::unique_ptr<call::MediaSession>> sessions;
  call::SessionOptions options;
  options.agreement.send = call::payload_format_of("pcmu").value();
  options.agreement.receive = options.agreement.send;
  options.sample_rate_hz = 16'000;
  const auto room = call::Conference::create({}).value();
  for (std::uint64_t i = 1; i <= 2; ++i) {
    options.seed = i;
    sessions.push_back(call::MediaSession::create(options).value());
    ASSERT_TRUE(sessions.back()->start());
    ASSERT_TRUE(room->join(*sessions.back()));
  }
  const auto engine = call::MediaEngine::create({1, 20}).value();
  ASSERT_TRUE(engine->add(*room));
  std::atomic<bool> stop{false};
  std::thread user([&] {
    while (room->statistics().ticks < 10) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    stop = true;
  });
  const auto recorded = record_a_room(*engine, *room, folder, stop);
  user.join();
  ASSERT_TRUE(recorded) << recorded.error().message;
  const AudioBuffer one = io::read_audio(folder / "leg-1.wav").value();
  EXPECT_GT(one.frames(), 0u);
  EXPECT_EQ(io::read_audio(folder / "leg-2.wav").value().frames(), one.frames());
}

TEST(CallExamples, AProgramSpeaksToACallerUntilItHasSaidAll) {
  call::SessionOptions options;
  options.agreement.send = call::payload_format_of("pcmu").value();
  options.agreement.receive = options.agreement.send;
  const auto session = call::MediaSession::create(options).value();
  ASSERT_TRUE(session->start());
  const auto engine = call::MediaEngine::create({1, 20}).value();
  ASSERT_TRUE(engine->start());
  AudioBuffer sound(1, 12'000, 24'000);
  std::fill(sound.channel(0).begin(), sound.channel(0).end(), 0.1f);
  BufferSource speech(std::move(sound));
  const auto said = say_to_caller(*engine, *session, speech);
  engine->stop();
  ASSERT_TRUE(said) << said.error().message;
  EXPECT_NEAR(*said, 0.5, 1e-3);
}

}  // namespace
}  // namespace syrinx
