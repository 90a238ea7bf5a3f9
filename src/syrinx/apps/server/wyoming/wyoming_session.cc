// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/wyoming/wyoming_session.h"

#include <atomic>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "syrinx/apps/server/api/live_speech.h"
#include "syrinx/apps/server/speech/captions.h"
#include "syrinx/apps/server/speech/voice_names.h"
#include "syrinx/apps/server/wyoming/wyoming_message.h"
#include "syrinx/engines/tts/voices.h"

namespace syrinx::server::wyoming {
namespace {

using nlohmann::json;

constexpr std::size_t kChunkBytes = 8'192;
constexpr int kSilentRateHz = 24'000;

json attribution() { return {{"name", "Syrinx"}, {"url", ""}}; }

json voice_json(const acoustic::VoiceInfo& voice) {
  return {{"name", voice.name},
          {"description", voice.description},
          {"languages", {voice.language}},
          {"attribution", attribution()},
          {"installed", true},
          {"version", nullptr},
          {"speakers", nullptr}};
}

json info_json() {
  json voices = json::array();
  for (const auto& voice : tts::available_voices()) voices.push_back(voice_json(voice));
  return {{"tts",
           {{{"name", "syrinx"},
             {"description", "Syrinx, a speech engine"},
             {"attribution", attribution()},
             {"installed", true},
             {"version", nullptr},
             {"supports_synthesize_streaming", true},
             {"voices", std::move(voices)}}}},
          {"asr", json::array()},
          {"handle", json::array()},
          {"intent", json::array()},
          {"wake", json::array()},
          {"mic", json::array()},
          {"snd", json::array()}};
}

std::string text_member(const JsonValue& data, const char* name) {
  const JsonValue* value = data.find(name);
  return value != nullptr && value->text() != nullptr ? *value->text() : "";
}

// One text after the other: a client asks for the next when the last has ended.
class Session final : public http::ByteHandler, public LiveSpeechEvents {
 public:
  explicit Session(Core& core) : core_(core) {}
  ~Session() override {
    if (speech_) speech_->detach();
  }

  // ByteHandler.
  void opened(std::shared_ptr<http::ByteStream> stream, std::string peer) override {
    stream_ = std::move(stream);
    client_ = "address:" + peer;
    ++core_.metrics.sockets;
  }
  void received(std::string_view bytes) override {
    reader_.add(bytes);
    while (stream_ != nullptr) {
      auto message = reader_.next();
      if (!message) return refuse(message.error().message);
      if (!*message) return;
      take(**message);
    }
  }
  void draining() override {
    draining_ = true;
    if (!is_speaking_) stream_->close();
  }
  void closed() override {
    if (stream_ == nullptr) return;
    --core_.metrics.sockets;
    if (speech_) speech_->detach();
    speech_.reset();
    stream_.reset();
  }

  // LiveSpeechEvents.
  void began(int sample_rate_hz) override {
    format_ = {{"rate", sample_rate_hz}, {"width", 2}, {"channels", 1}};
    send("audio-start", format_);
  }
  void sentence(const tts::SpokenSentence&, std::string bytes) override { chunks(bytes); }
  void flushed(std::string bytes, bool) override {
    if (format_.is_null()) began(kSilentRateHz);  // Nothing could be said: whoever waits is told.
    chunks(bytes);
    if (streaming_) send("audio-stop");
    format_ = nullptr;
    // Whoever hears the last of it may send the next text at once.
    const char* last = streaming_ ? "synthesize-stopped" : "audio-stop";
    is_speaking_ = streaming_ = false;
    send(last);
    if (draining_) stream_->close();
  }
  void failed(int status, const std::string& sentence) override {
    send("error", {{"text", sentence}, {"code", "tts-error"}});
    if (status == 429) stream_->close();  // There will be no end of this text.
  }

 private:
  void take(const Message& message) {
    if (message.type == "describe") return send("info", info_json());
    if (message.type == "ping") return send("pong", {{"text", text_member(message.data, "text")}});
    if (message.type == "synthesize-start") return begin(message.data, true);
    if (message.type == "synthesize-chunk") return feed(text_member(message.data, "text"));
    if (message.type == "synthesize-stop") return finish();
    if (message.type == "synthesize") return say(message.data);
    // Others are of services that this is none of.
  }

  // Of a streamed text, the whole follows for those who do not stream.
  void say(const JsonValue& data) {
    if (streaming_) return;
    begin(data, false);
    feed(text_member(data, "text"));
    finish();
  }

  void begin(const JsonValue& data, bool streaming) {
    if (is_speaking_) return refuse("a text came before the one before was said");
    is_speaking_ = true;
    streaming_ = streaming;
    SpeechRequest request;
    std::string voice;
    if (const JsonValue* chosen = data.find("voice")) voice = text_member(*chosen, "name");
    if (!voice.empty() && !is_voice_name(voice)) voice.clear();
    request.voice = resolved_voice(voice.empty() ? core_.policy.get()->options.voice : voice);
    auto format = speech_format("pcm", std::nullopt);
    if (!format) return refuse(format.error().message);
    request.format = std::move(*format);
    core_.metrics.voice_requests.add(request.voice);
    if (speech_) speech_->detach();
    speech_ = std::make_shared<LiveSpeech>(
        LiveSpeechSetup{&core_, stream_, {client_, 1.0}, std::move(request)}, *this);
  }

  void feed(const std::string& text) {
    if (!is_speaking_ || !speech_) return;
    core_.metrics.characters += characters_of(text);
    if (const auto added = speech_->add(text); !added) failed(413, added.error().message);
  }

  void finish() {
    if (is_speaking_ && speech_) speech_->flush(true);
  }

  void chunks(const std::string& bytes) {
    for (std::size_t at = 0; at < bytes.size(); at += kChunkBytes)
      stream_->write(message_text("audio-chunk", json_line(format_),
                                  std::string_view(bytes).substr(at, kChunkBytes)));
  }

  void send(std::string_view type, const json& data = json::object()) {
    stream_->write(message_text(type, json_line(data)));
  }

  void refuse(const std::string& sentence) {
    failed(400, sentence);
    stream_->close();
  }

  Core& core_;
  std::shared_ptr<http::ByteStream> stream_;
  std::string client_;
  MessageReader reader_;
  std::shared_ptr<LiveSpeech> speech_;
  json format_;
  std::atomic<bool> is_speaking_{false};
  std::atomic<bool> streaming_{false};
  std::atomic<bool> draining_{false};
};

}  // namespace

std::unique_ptr<http::ByteHandler> make_session(Core& core) {
  return std::make_unique<Session>(core);
}

}  // namespace syrinx::server::wyoming
