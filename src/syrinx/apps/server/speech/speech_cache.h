// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/apps/server/cache/result_cache.h"
#include "syrinx/apps/server/http/exchange.h"
#include "syrinx/apps/server/speech/speech_request.h"
#include "syrinx/core/base/result.h"
#include "syrinx/stages/text/lexicon/lexicon_stack.h"

namespace syrinx::server {

// Answers that were made before. A key is the digest of all that the answer comes of: the text and
// how each of its words is pronounced (so that a changed rule or lexicon touches only what it
// changes), the voice and the files of its model, the prosody, and the form of the answer.
class SpeechCache {
 public:
  explicit SpeechCache(ResultCache results) : results_(std::move(results)) {}

  // The key of a request; `form` tells kinds of answers apart. Takes as long as reading the text.
  // Errors: those of the text; kCancelled.
  static Result<std::string> key_of(const SpeechRequest& request, std::string_view form,
                                    const std::shared_ptr<text::LexiconStack>& lexicons,
                                    const std::stop_token& stop);
  // The answer as it was given. Pre: `key` is of key_of().
  std::optional<http::Response> find(std::string_view key);
  // Keeps an answer; a disk that refuses is logged and forgiven.
  void put(std::string_view key, const http::Response& answer);

  ResultCache& results() noexcept { return results_; }

 private:
  ResultCache results_;
};

// Hands everything on, and keeps a copy of the answer that is not larger than `most_bytes`.
class RecordingExchange final : public http::Exchange {
 public:
  RecordingExchange(std::shared_ptr<http::Exchange> to, std::size_t most_bytes)
      : to_(std::move(to)), most_bytes_(most_bytes) {}

  // The answer, once end() came in order; nothing when it was cut short or too large.
  std::optional<http::Response> answer() const;

  void write(std::string bytes) override;
  std::size_t pending_bytes() const override { return to_->pending_bytes(); }
  void when_drained(std::function<void()> ready) override { to_->when_drained(std::move(ready)); }
  std::stop_token gone() const override { return to_->gone(); }
  const http::Request& request() const override { return to_->request(); }
  void add_field(http::Field field) override { to_->add_field(std::move(field)); }
  void respond(http::Response response) override { to_->respond(std::move(response)); }
  void begin(http::Response head) override;
  void end() override;
  void abort() override;
  bool is_upgrade() const override { return to_->is_upgrade(); }
  void upgrade(std::unique_ptr<http::SocketHandler> handler) override {
    to_->upgrade(std::move(handler));
  }

 private:
  const std::shared_ptr<http::Exchange> to_;
  const std::size_t most_bytes_;
  http::Response copy_;
  bool whole_ = false;
  bool usable_ = true;
};

}  // namespace syrinx::server
