// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "syrinx/apps/server/api/errors.h"
#include "syrinx/apps/server/api/handlers.h"
#include "syrinx/apps/server/api/one_step.h"
#include "syrinx/apps/server/api/upload.h"
#include "syrinx/apps/server/speech/encoder.h"
#include "syrinx/core/flow/mono.h"
#include "syrinx/engines/conversion/conversion_stream.h"
#include "syrinx/stages/voice/voice_targets.h"

namespace syrinx::server {
namespace {

// How the voice of a request is to be changed.
struct ConvertRequest {
  std::string target;
  std::optional<double> age;
  double pitch_semitones = 0;
  double formant_ratio = 1;
  double speed = 1;
  SpeechFormat format;
};

Result<std::optional<double>> number_of(const http::Request& request, const char* name) {
  const auto text = request.parameter(name);
  if (!text) return std::optional<double>();
  double value = 0;
  const auto [end, failed] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (failed != std::errc() || end != text->data() + text->size())
    return make_error(ErrorCode::kInvalidArgument, name, " is '", *text, "' but must be a number");
  return std::optional<double>(value);
}

Result<ConvertRequest> read_request(const http::Request& request) {
  ConvertRequest wish;
  wish.target = request.parameter("to").value_or("");
  SYRINX_ASSIGN(wish.age, number_of(request, "age"));
  if (!wish.target.empty() && wish.age)
    return make_error(ErrorCode::kInvalidArgument, "to and age both name a target; give one");
  SYRINX_ASSIGN(const auto pitch, number_of(request, "pitch"));
  SYRINX_ASSIGN(const auto formant, number_of(request, "formant"));
  SYRINX_ASSIGN(const auto speed, number_of(request, "speed"));
  wish.pitch_semitones = pitch.value_or(0);
  wish.formant_ratio = formant.value_or(1);
  wish.speed = speed.value_or(1);
  SYRINX_ASSIGN(wish.format,
                speech_format(request.parameter("response_format").value_or("wav"), std::nullopt));
  return wish;
}

// The mean of the channels, block by block.
class MonoSource final : public AudioSource {
 public:
  // `sound` outlives this.
  explicit MonoSource(const AudioBuffer& sound) : sound_(sound) {}
  int sample_rate_hz() const noexcept override { return sound_.sample_rate_hz(); }
  std::size_t channels() const noexcept override { return 1; }
  Result<bool> next(AudioBuffer& block, const std::stop_token& stop) override {
    constexpr std::size_t kBlockFrames = 4'096;
    if (stop.stop_requested()) return make_error(ErrorCode::kCancelled, "nobody waits any more");
    const std::size_t frames = std::min(kBlockFrames, sound_.frames() - at_);
    if (frames == 0) return false;
    const auto mean = mean_of_channels(sound_.view().slice(at_, frames));
    at_ += frames;
    block = AudioBuffer(1, frames, sample_rate_hz());
    std::transform(mean.begin(), mean.end(), block.channel(0).begin(),
                   [](double sample) { return static_cast<float>(sample); });
    return true;
  }

 private:
  const AudioBuffer& sound_;
  std::size_t at_ = 0;
};

Result<voice::VoiceSettings> settings_of(const ConvertRequest& wish, const AudioBuffer& sound,
                                         const std::stop_token& gone) {
  voice::VoiceSettings settings;
  if (!wish.target.empty() || wish.age) {
    MonoSource source(sound);
    SYRINX_ASSIGN(const auto f0, conversion::summarise_f0(source, gone));
    if (f0.median_hz <= 0)
      return make_error(ErrorCode::kInvalidArgument,
                        "no voice was found in the sound, so it cannot be taken to a target; "
                        "give pitch and formant instead");
    if (wish.age) {
      SYRINX_ASSIGN(settings, voice::settings_to_age(*wish.age, f0.median_hz));
    } else {
      SYRINX_ASSIGN(settings, voice::settings_to(wish.target, f0.median_hz));
    }
  }
  settings.pitch_ratio *= voice::ratio_of_semitones(wish.pitch_semitones);
  settings.formant_ratio *= wish.formant_ratio;
  return settings;
}

Result<http::Response> convert(const ConvertRequest& wish, const std::string& body,
                               const std::stop_token& gone) {
  SYRINX_ASSIGN(const auto sound, read_upload(body, gone));
  conversion::ConversionOptions options;
  options.transform.mode = conversion::Mode::kHigh;
  options.speed = wish.speed;
  SYRINX_ASSIGN(options.transform.settings, settings_of(wish, sound, gone));
  SYRINX_ASSIGN(const auto changed,
                conversion::make_conversion(std::make_unique<MonoSource>(sound), options));
  SYRINX_ASSIGN(auto encoder, SpeechEncoder::create(wish.format, sound.sample_rate_hz()));
  http::Response response;
  response.content_type = wish.format.content_type;
  for (AudioBuffer block;;) {
    SYRINX_ASSIGN(const bool more, changed->next(block, gone));
    if (!more) break;
    SYRINX_ASSIGN(const std::string bytes, encoder.encode(block.view()));
    response.body += bytes;
  }
  SYRINX_ASSIGN(const std::string rest, encoder.finish());
  response.body += rest;
  return response;
}

}  // namespace

void post_convert(Core& core, const std::shared_ptr<Call>& call) {
  auto wish = read_request(call->request());
  if (!wish) return call->respond(error_response(wish.error()));
  answer_later(core, call, [call, wish = std::move(*wish)](const std::stop_token& gone) {
    auto response = convert(wish, call->request().body, gone);
    return response ? std::move(*response) : error_response(response.error());
  });
}

}  // namespace syrinx::server
