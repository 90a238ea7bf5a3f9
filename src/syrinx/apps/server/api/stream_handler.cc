// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "syrinx/apps/server/api/errors.h"
#include "syrinx/apps/server/api/handlers.h"
#include "syrinx/apps/server/api/live_speech.h"
#include "syrinx/apps/server/api/stream_message.h"
#include "syrinx/apps/server/speech/captions.h"

namespace syrinx::server {
namespace {

using nlohmann::json;

// Text comes in, sound goes out, by one WebSocket.
class StreamSession final : public http::SocketHandler, public LiveSpeechEvents {
 public:
  StreamSession(Core& core, work::Owner owner) : core_(core), owner_(std::move(owner)) {}
  ~StreamSession() override {
    if (speech_) speech_->detach();
  }

  // SocketHandler.
  void opened(std::shared_ptr<http::Socket> socket) override {
    socket_ = std::move(socket);
    ++core_.metrics.sockets;
    request_ = {};
    (void)read_stream_start(R"({"type":"start"})", limits(), request_);
  }
  void text(std::string message) override {
    auto read = read_stream_message(message, limits(), request_);
    if (!read) return failed(http_status(read.error().code), read.error().message);
    take(*read);
  }
  void binary(std::string) override { failed(400, "messages to this address are JSON text"); }
  void draining() override {
    if (!speech_) return socket_->close(1001, "the server is going down");
    closing_code_ = 1001;
    speech_->flush(true);
  }
  void closed() override {
    if (socket_ == nullptr) return;
    --core_.metrics.sockets;
    if (speech_) speech_->detach();
    speech_.reset();
    socket_.reset();
  }

  // LiveSpeechEvents.
  void began(int sample_rate_hz) override {
    send({{"type", "begin"}, {"format", format_}, {"sample_rate_hz", sample_rate_hz}});
  }
  void sentence(const tts::SpokenSentence& spoken, std::string bytes) override {
    if (!spoken.continues) {
      json caption = caption_json(spoken, parts_);
      caption["type"] = "sentence";
      send(caption);
    }
    if (!bytes.empty()) socket_->write(std::move(bytes));
  }
  void flushed(std::string bytes, bool at_end) override {
    if (!bytes.empty()) socket_->write(std::move(bytes));
    send({{"type", at_end ? "done" : "flushed"}});
    if (at_end) socket_->close(closing_code_, "");
  }
  void failed(int status, const std::string& sentence) override {
    send({{"type", "error"}, {"status", status}, {"message", sentence}});
  }

 private:
  RequestLimits limits() const {
    const auto policy = core_.policy.get();
    return {policy->options.max_input_characters, policy->options.voice};
  }
  void take(const StreamMessage& message) {
    switch (message.kind) {
      case StreamMessage::Kind::kStart:
        if (speech_) failed(400, "'start' comes before the first text");
        return;
      case StreamMessage::Kind::kText:
        return feed(message.text);
      case StreamMessage::Kind::kFlush:
        return speech().flush(false);
      case StreamMessage::Kind::kEnd:
        return speech().flush(true);
      case StreamMessage::Kind::kStop:
        return stop(message.played_s);
    }
  }
  void feed(const std::string& text) {
    core_.metrics.characters += characters_of(text);
    if (const auto added = speech().add(text); !added)
      failed(http_status(added.error().code), added.error().message);
  }
  void stop(std::optional<double> played_s) {
    const StopPoint point = speech().stop(played_s);
    ++core_.metrics.cancelled;
    send({{"type", "stopped"},
          {"source_offset", point.source_offset},
          {"played_s", point.played_s}});
  }
  LiveSpeech& speech() {
    if (!speech_) {
      format_ = request_.format.name;
      parts_ = request_.parts;
      core_.metrics.voice_requests.add(request_.voice);
      speech_ =
          std::make_shared<LiveSpeech>(LiveSpeechSetup{&core_, socket_, owner_, request_}, *this);
    }
    return *speech_;
  }
  void send(const json& message) { socket_->send_text(json_line(message)); }

  Core& core_;
  const work::Owner owner_;
  std::shared_ptr<http::Socket> socket_;
  SpeechRequest request_;
  std::string format_;
  CaptionParts parts_;
  std::shared_ptr<LiveSpeech> speech_;
  std::atomic<int> closing_code_{1000};
};

}  // namespace

void get_stream(Core& core, const std::shared_ptr<Call>& call) {
  if (!call->exchange->is_upgrade()) {
    auto response = error_response(426,
                                   "this address is a WebSocket; POST /v1/audio/speech says a "
                                   "text that is whole");
    response.fields = {{"Upgrade", "websocket"}};
    return call->respond(std::move(response));
  }
  call->exchange->upgrade(
      std::make_unique<StreamSession>(core, owner_of(*call, highest_priority(*call))));
  call->done(101, "done", nullptr);
}

}  // namespace syrinx::server
