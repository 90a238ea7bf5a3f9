// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/speech/speech_writers.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "syrinx/apps/server/speech/captions.h"

namespace syrinx::server {
namespace {

using nlohmann::json;

http::Response stream_head(std::string content_type) {
  http::Response head;
  head.content_type = std::move(content_type);
  head.fields = {{"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}};
  return head;
}

class AudioBytes final : public SpeechWriter {
 public:
  AudioBytes(std::shared_ptr<http::Exchange> exchange, SpeechFormat format)
      : exchange_(std::move(exchange)), format_(std::move(format)) {}

  void begin(int sample_rate_hz) override {
    http::Response head = stream_head(format_.content_type);
    head.fields.push_back({"X-Sample-Rate-Hz", std::to_string(sample_rate_hz)});
    exchange_->begin(std::move(head));
  }
  void sentence(const tts::SpokenSentence&, std::string bytes) override {
    exchange_->write(std::move(bytes));
  }
  void end(std::string bytes, const SpeechTally&, const tts::SpeechStream&) override {
    exchange_->write(std::move(bytes));
    exchange_->end();
  }
  // Nothing within the sound can say so: the answer ends before its end.
  void fail(const Error&) override { exchange_->abort(); }

 private:
  std::shared_ptr<http::Exchange> exchange_;
  SpeechFormat format_;
};

class Events final : public SpeechWriter {
 public:
  explicit Events(std::shared_ptr<http::Exchange> exchange) : exchange_(std::move(exchange)) {}

  void begin(int) override { exchange_->begin(stream_head("text/event-stream")); }
  void sentence(const tts::SpokenSentence&, std::string bytes) override { delta(bytes); }
  void end(std::string bytes, const SpeechTally& tally, const tts::SpeechStream&) override {
    delta(bytes);
    send({{"type", "speech.audio.done"},
          {"usage",
           {{"input_tokens", tally.words},
            {"output_tokens", tally.phonemes},
            {"total_tokens", tally.words + tally.phonemes}}}});
    exchange_->end();
  }
  void fail(const Error& error) override {
    send({{"type", "error"}, {"error", {{"message", error.message}, {"type", "server_error"}}}});
    exchange_->end();
  }

 private:
  void delta(const std::string& bytes) {
    if (bytes.empty()) return;
    send({{"type", "speech.audio.delta"}, {"audio", http::base64(bytes)}});
  }
  void send(const json& event) { exchange_->write("data: " + json_line(event) + "\n\n"); }

  std::shared_ptr<http::Exchange> exchange_;
};

class Captions final : public SpeechWriter {
 public:
  Captions(std::shared_ptr<http::Exchange> exchange, SpeechFormat format, CaptionParts parts)
      : exchange_(std::move(exchange)), format_(std::move(format)), parts_(parts) {}

  void begin(int sample_rate_hz) override {
    sample_rate_hz_ = sample_rate_hz;
    exchange_->begin(stream_head("application/x-ndjson"));
  }
  void sentence(const tts::SpokenSentence& spoken, std::string bytes) override {
    json line = spoken.continues ? json{{"continues", true}} : caption_json(spoken, parts_);
    line["audio"] = http::base64(bytes);
    send(line);
  }
  void end(std::string bytes, const SpeechTally& tally, const tts::SpeechStream& stream) override {
    send({{"done", true},
          {"audio", http::base64(bytes)},
          {"duration_s", tally.audio_s},
          {"format", format_.name},
          {"sample_rate_hz", sample_rate_hz_},
          {"voice", stream.voice().name},
          {"sentences", tally.sentences}});
    exchange_->end();
  }
  void fail(const Error& error) override {
    send({{"error", {{"message", error.message}, {"type", "server_error"}}}});
    exchange_->end();
  }

 private:
  void send(const json& line) { exchange_->write(json_line(line) + "\n"); }

  std::shared_ptr<http::Exchange> exchange_;
  SpeechFormat format_;
  const CaptionParts parts_;
  int sample_rate_hz_ = 0;
};

}  // namespace

std::unique_ptr<SpeechWriter> audio_writer(std::shared_ptr<http::Exchange> exchange,
                                           const SpeechFormat& format) {
  return std::make_unique<AudioBytes>(std::move(exchange), format);
}

std::unique_ptr<SpeechWriter> event_writer(std::shared_ptr<http::Exchange> exchange) {
  return std::make_unique<Events>(std::move(exchange));
}

std::unique_ptr<SpeechWriter> caption_writer(std::shared_ptr<http::Exchange> exchange,
                                             const SpeechFormat& format,
                                             const CaptionParts& parts) {
  return std::make_unique<Captions>(std::move(exchange), format, parts);
}

std::unique_ptr<SpeechWriter> speech_writer(std::shared_ptr<http::Exchange> exchange,
                                            const SpeechRequest& request, std::string_view form) {
  if (form == "captions") return caption_writer(std::move(exchange), request.format, request.parts);
  if (form == "events") return event_writer(std::move(exchange));
  return audio_writer(std::move(exchange), request.format);
}

}  // namespace syrinx::server
