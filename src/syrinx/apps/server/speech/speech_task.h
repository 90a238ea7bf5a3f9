// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "syrinx/apps/server/http/exchange.h"
#include "syrinx/apps/server/metrics/metrics.h"
#include "syrinx/apps/server/speech/encoder.h"
#include "syrinx/apps/server/speech/speech_cache.h"
#include "syrinx/apps/server/speech/speech_request.h"
#include "syrinx/apps/server/work/scheduler.h"
#include "syrinx/engines/tts/speech_stream.h"

namespace syrinx::server {

// What became of a piece of speech, for logs and metrics.
struct SpeechTally {
  double first_audio_s = 0;  // From arrival.
  double work_s = 0;
  double audio_s = 0;
  std::size_t sentences = 0;
  std::size_t words = 0;
  std::size_t phonemes = 0;
};

// How sound and what is known of it go to a client: as bytes, as events, as lines. One thread at a
// time.
class SpeechWriter {
 public:
  virtual ~SpeechWriter() = default;
  // The head, once it is sure that there is something to hear.
  virtual void begin(int sample_rate_hz) = 0;
  // A sentence and its encoded sound, which may be empty; or more sound of the sentence before
  // (`continues`).
  virtual void sentence(const tts::SpokenSentence& spoken, std::string bytes) = 0;
  // The end: the last of the sound.
  virtual void end(std::string bytes, const SpeechTally& tally,
                   const tts::SpeechStream& stream) = 0;
  // After begin(): it cannot be completed.
  virtual void fail(const Error& error) = 0;
};

// What a SpeechTask stands on; all of it outlives the task.
struct SpeechSetup {
  SpeechRequest request;
  std::shared_ptr<http::Exchange> exchange;
  std::unique_ptr<SpeechWriter> writer;
  std::shared_ptr<text::LexiconStack> lexicons;
  work::Scheduler* scheduler = nullptr;
  Metrics* metrics = nullptr;
  std::chrono::steady_clock::time_point arrival;
  double timeout_s = 600;
  // An error before the first sound.
  std::function<void(const Error&)> refuse;
  // It waited too long for its first step.
  std::function<void()> expire;
  // Where answers that were made before are, and this one will be; nullptr for none. `writer` then
  // writes to `recording`, which hands on to `exchange`.
  SpeechCache* cache = nullptr;
  std::string cache_form;  // "audio", "events", "captions".
  std::shared_ptr<RecordingExchange> recording = nullptr;
  // Told once, however it ended: "done", "cancelled", "timeout", "failed", "expired".
  std::function<void(std::string_view outcome, const SpeechTally& tally)> over;
};

// Says one request's text, a sentence a step, or a part of one where the voice makes parts. What
// the client has not yet taken is bounded: a slow one is waited for without a worker.
class SpeechTask final : public work::Task {
 public:
  explicit SpeechTask(SpeechSetup setup);
  ~SpeechTask() override;

  Next step() override;
  void expired() override;

  // So many bytes may wait for a client before it is waited for.
  static constexpr std::size_t kMostPendingBytes = std::size_t{512} << 10;

 private:
  Next next_step();
  // True when an answer that was made before was given.
  Result<bool> answer_from_cache();
  Result<void> open();
  Result<bool> say_next();
  Result<void> close();
  void account();
  Next stop_with(const Error& error);
  Next finished(std::string_view outcome);
  double elapsed_s() const;

  SpeechSetup setup_;
  std::optional<tts::SpeechStream> stream_;
  std::optional<SpeechEncoder> encoder_;
  tts::SpokenSentence sentence_;
  SpeechTally tally_;
  std::string cache_key_;  // Once it was asked for.
  bool begun_ = false;
  bool over_ = false;
};

}  // namespace syrinx::server
