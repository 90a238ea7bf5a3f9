// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "syrinx/apps/server/api/core.h"
#include "syrinx/apps/server/http/exchange.h"
#include "syrinx/apps/server/speech/encoder.h"
#include "syrinx/apps/server/speech/speech_request.h"
#include "syrinx/engines/tts/speech_stream.h"

namespace syrinx::server {

// How far an interrupted speech was heard.
struct StopPoint {
  std::size_t source_offset = 0;  // The end of the last word that had begun, in the client's bytes.
  double played_s = 0;
};

// What comes of text that is fed piece by piece. Called one at a time; must return at once.
class LiveSpeechEvents {
 public:
  virtual ~LiveSpeechEvents() = default;
  // Before the first sound, and again after an end.
  virtual void began(int sample_rate_hz) = 0;
  // Times and sources count from the beginning of all that was fed. Also for more sound of the
  // sentence before (`continues`).
  virtual void sentence(const tts::SpokenSentence& spoken, std::string bytes) = 0;
  // Everything up to a flush has been given. `at_end`: nothing more will come.
  virtual void flushed(std::string bytes, bool at_end) = 0;
  virtual void failed(int status, const std::string& sentence) = 0;
};

struct LiveSpeechSetup {
  Core* core = nullptr;
  std::shared_ptr<http::Outlet> outlet;
  work::Owner owner;
  SpeechRequest request;  // All but its input.
};

// Text in as it is written, sound out sentence by sentence: a sentence is said once the next one
// has begun, or at a flush. Takes a worker only while there is something to say. Any thread; the
// events outlive it or are let go by detach().
class LiveSpeech : public std::enable_shared_from_this<LiveSpeech> {
 public:
  LiveSpeech(LiveSpeechSetup setup, LiveSpeechEvents& events);
  ~LiveSpeech();

  // Errors: kLimitExceeded when more text waits than one request may have.
  Result<void> add(std::string_view text);
  // Whatever waits is said though its sentence may not be over.
  void flush(bool at_end);
  // Says no more of what was fed. `played_s`: how much the listener has heard; guessed without.
  StopPoint stop(std::optional<double> played_s);
  // No more events.
  void detach();

 private:
  class Turn;
  struct Heard {
    double begin_s = 0;
    std::size_t source_end = 0;
  };

  work::Task::Next step(const work::Task* turn);
  bool open_segment(std::uint64_t& epoch, std::stop_token& stop);
  std::string cut_segment();
  Result<bool> say(std::uint64_t epoch, const std::stop_token& stop);
  Result<void> prepare();
  void account(double work_s);
  void deliver(std::string bytes);
  Result<void> finish_flush();
  void shift();
  void ask_for_turn();
  void fail(int status, const std::string& sentence);
  StopPoint point_at(std::optional<double> played_s) const;

  const LiveSpeechSetup setup_;
  std::mutex mutex_;
  LiveSpeechEvents* events_;
  std::string pending_;           // Fed and not yet given to a voice.
  std::size_t pending_base_ = 0;  // Where it begins in all that was fed.
  bool flush_ = false;
  bool end_ = false;
  bool active_ = false;      // A turn is with the workers.
  std::uint64_t epoch_ = 0;  // Rises by each stop.
  std::stop_source stopping_;
  std::deque<Heard> heard_;
  double sent_s_ = 0;
  std::optional<std::chrono::steady_clock::time_point> first_sent_;

  // The turn's alone.
  std::optional<tts::SpeechStream> stream_;
  std::optional<SpeechEncoder> encoder_;
  std::uint64_t stream_epoch_ = 0;
  std::size_t segment_base_ = 0;
  double segment_begin_s_ = 0;
  tts::SpokenSentence sentence_;
  double sentence_work_s_ = 0;
  double sentence_audio_s_ = 0;
  bool flush_after_ = false;
  bool end_after_ = false;

  std::optional<std::stop_callback<std::function<void()>>> gone_;
};

}  // namespace syrinx::server
