// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/media_transcode_job.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <random>
#include <vector>

#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/flow/mono.h"
#include "syrinx/stages/codec/comfort_noise.h"
#include "syrinx/stages/codec/negotiation.h"
#include "syrinx/stages/codec/telephone_event.h"
#include "syrinx/stages/enhance/dtmf/dtmf_detector.h"
#include "syrinx/stages/enhance/dtmf/dtmf_tones.h"
#include "syrinx/stages/enhance/plc/packet_loss_concealer.h"
#include "syrinx/stages/enhance/vad/voice_activity.h"

namespace syrinx::cli {
namespace {

using Bytes = std::vector<std::uint8_t>;

// A packet of one block: sound, comfort noise, an event, or nothing where nothing is sent.
struct Sent {
  Bytes payload;
  bool noise = false;          // The payload is comfort noise.
  std::size_t silent_for = 0;  // Frames of the block before the payload begins.
  std::optional<codec::EventPacket> event;
  bool lost = false;
};

Result<AudioBuffer> as_the_codec_hears(AudioView sound, const codec::Encoder& encoder,
                                       std::size_t block) {
  const std::vector<double> mean = mean_of_channels(sound);
  AudioBuffer mono(1, mean.size(), sound.sample_rate_hz());
  std::transform(mean.begin(), mean.end(), mono.channel(0).begin(),
                 [](double sample) { return static_cast<float>(sample); });
  SYRINX_ASSIGN(AudioBuffer audio, dsp::resample(mono, encoder.sample_rate_hz()));
  audio.resize((audio.frames() + block - 1) / block * block);
  if (encoder.channels() == 1) return audio;
  AudioBuffer wide(encoder.channels(), audio.frames(), audio.sample_rate_hz());
  for (std::size_t c = 0; c < wide.channels(); ++c)
    std::ranges::copy(audio.channel(0), wide.channel(c).begin());
  return wide;
}

// Takes the digits out of the sound and says when each was pressed and let go.
Result<std::vector<enhance::DtmfEvent>> take_digits(AudioBuffer& audio) {
  SYRINX_ASSIGN(auto events, enhance::find_digits(audio));
  const auto margin = static_cast<std::size_t>(audio.sample_rate_hz() / 100);  // 10 ms.
  for (const auto& event : events) {
    const std::size_t from = event.begin_frame - std::min<std::size_t>(event.begin_frame, margin);
    const std::size_t to = std::min(audio.frames(), event.end_frame + margin);
    for (std::size_t c = 0; c < audio.channels(); ++c)
      std::ranges::fill(audio.channel(c).subspan(from, to - from), 0.0F);
  }
  return events;
}

class Sender {
 public:
  Sender(codec::Encoder& encoder, std::size_t block, std::vector<enhance::DtmfEvent> digits,
         std::optional<enhance::VoiceActivityDetector> activity)
      : encoder_(encoder),
        block_(block),
        digits_(std::move(digits)),
        activity_(std::move(activity)) {}

  std::vector<Sent> send(const AudioBuffer& audio) {
    std::vector<Sent> sent;
    for (std::size_t at = 0; at + block_ <= audio.frames(); at += block_)
      sent.push_back(send_block(audio, at));
    return sent;
  }

 private:
  // Nobody spoke in any 10 ms of the block.
  bool is_pause(AudioView block) {
    bool speech = false;
    const std::size_t hop = activity_->hop_frames();
    for (std::size_t at = 0; at + hop <= block.frames(); at += hop) {
      activity_->process(block.slice(at, hop));
      speech = speech || activity_->speech();
    }
    return !speech;
  }

  // The background, when a pause begins and every 400 ms of it; nothing in between.
  Sent send_pause(AudioView block) {
    Sent sent;
    if (paused_for_ == 0) background_.reset();  // What an earlier pause was like is long ago.
    background_.add(block);
    const std::size_t every = 2 * static_cast<std::size_t>(block.sample_rate_hz()) / 5;
    if (paused_for_ % every < block.frames()) {
      sent.noise = true;
      sent.payload.resize(1 + codec::kMaxNoiseOrder);
      sent.payload.resize(codec::write_comfort_noise(background_.description(), sent.payload));
    }
    paused_for_ += block.frames();
    return sent;
  }

  std::uint32_t ticks_of(std::uint64_t frame) const {
    const auto clock = static_cast<std::uint64_t>(encoder_.info().clock_rate_hz);
    return static_cast<std::uint32_t>(frame * clock /
                                      static_cast<std::uint64_t>(encoder_.sample_rate_hz()));
  }

  void press_keys(std::uint64_t until) {
    if (next_ == digits_.size()) return;
    const enhance::DtmfEvent& digit = digits_[next_];
    if (!pressed_ && digit.begin_frame < until) {
      const int volume = static_cast<int>(std::lround(digit.level_dbov + 6.15));  // 0 dBm0.
      events_.press(*codec::event_of_digit(digit.digit), std::clamp(volume, -63, 0),
                    ticks_of(digit.begin_frame));
      pressed_ = true;
    }
    if (pressed_ && digit.end_frame < until) {
      events_.release(ticks_of(digit.end_frame));
      pressed_ = false;
      ++next_;
    }
  }

  Sent send_block(const AudioBuffer& audio, std::size_t at) {
    Sent sent;
    press_keys(at + block_);
    sent.event = events_.next(ticks_of(at + block_));
    const AudioView block = audio.view().slice(at, block_);
    if (activity_ && is_pause(block) && !sent.event) return send_pause(block);
    paused_for_ = 0;
    sent.payload.resize(codec::kMaxPayloadBytes);
    const auto encoded = encoder_.encode(block, sent.payload);
    sent.payload.resize(sent.event ? 0 : encoded.bytes);
    sent.silent_for = encoded.offset_ticks * static_cast<std::size_t>(encoder_.sample_rate_hz()) /
                      static_cast<std::size_t>(encoder_.info().clock_rate_hz);
    return sent;
  }

  codec::Encoder& encoder_;
  std::size_t block_;
  std::vector<enhance::DtmfEvent> digits_;
  codec::EventSender events_;
  std::size_t next_ = 0;
  bool pressed_ = false;
  std::optional<enhance::VoiceActivityDetector> activity_;
  codec::NoiseAnalyser background_;
  std::size_t paused_for_ = 0;  // Frames.
};

// Gilbert's model: a burst ends with the probability of 1 / its mean length.
void lose(std::vector<Sent>& packets, const TranscodeRequest& request) {
  std::mt19937 random(request.seed);
  const auto chance = [&] { return static_cast<double>(random()) / 4294967296.0; };
  const double share = request.loss_percent / 100.0;
  const double ends = 1.0 / request.burst_packets;
  const double begins = share >= 1.0 ? 1.0 : std::min(1.0, ends * share / (1.0 - share));
  bool bad = false;
  for (Sent& packet : packets) {
    bad = share >= 1.0 || chance() < (bad ? 1.0 - ends : begins);
    packet.lost = bad && (!packet.payload.empty() || packet.event);
  }
}

class Listener {
 public:
  Listener(codec::Decoder& decoder, enhance::PacketLossConcealer concealer, bool conceal,
           Transcoded& result)
      : decoder_(decoder),
        concealer_(std::move(concealer)),
        conceal_(conceal),
        result_(result),
        receiver_(decoder.info().clock_rate_hz),
        tone_(decoder.sample_rate_hz()),
        sounding_(1, 0, decoder.sample_rate_hz()) {}

  void hear(const std::vector<Sent>& packets, std::size_t block) {
    result_.audio.reshape(decoder_.channels(), packets.size() * block, decoder_.sample_rate_hz());
    for (std::size_t i = 0; i < packets.size(); ++i) {
      const auto out = result_.audio.view().slice(i * block, block);
      hear_sound(packets[i], i + 1 < packets.size() ? &packets[i + 1] : nullptr, out);
      for (std::size_t c = 1; c < out.channels(); ++c)  // All say the same.
        std::ranges::copy(out.channel(0), out.channel(c).begin());
      hear_event(packets[i], out, i);
    }
  }

 private:
  void hear_sound(const Sent& packet, const Sent* next, MutableAudioView out) {
    if (!packet.lost && packet.noise) {
      background_.describe(*codec::parse_comfort_noise(packet.payload));
      pausing_ = true;
    }
    if (pausing_ && (packet.noise || packet.payload.empty())) {
      background_.process(out);
      return concealer_.receive(out);
    }
    pausing_ = pausing_ && packet.lost;
    if (!packet.lost && !packet.payload.empty() && decode(packet, out))
      return concealer_.receive(out);
    if (packet.lost && conceal_ && next != nullptr && !next->lost &&
        decoder_.recover(next->payload, out)) {
      ++result_.recovered;
      return concealer_.receive(out);
    }
    const bool own = decoder_.info().has_own_concealment;
    if (own && (conceal_ || !packet.lost)) {
      decoder_.conceal(out);
    } else if (packet.lost && conceal_) {
      concealer_.conceal(out);
    } else {
      for (std::size_t c = 0; c < out.channels(); ++c) std::ranges::fill(out.channel(c), 0.0F);
    }
  }

  // What of a block has no payload goes on as the decoder's silence.
  bool decode(const Sent& packet, MutableAudioView out) {
    const std::size_t begin = std::min(packet.silent_for, out.frames());
    if (begin > 0) decoder_.conceal(out.slice(0, begin));
    const auto rest = out.slice(begin, out.frames() - begin);
    const std::size_t made = decoder_.decode(packet.payload, rest);
    if (made == 0) return false;
    if (made < rest.frames()) decoder_.conceal(rest.slice(made, rest.frames() - made));
    return true;
  }

  void take(const codec::EventReport& report) {
    const char digit = codec::digit_of_event(report.event);
    if (report.kind == codec::EventReport::Kind::kEnded) return tone_.stop();
    if (digit == '\0') return;
    result_.digits += digit;
    tone_.start(digit, report.volume_dbm0 - 6.15);
    sounding_for_ = 1 + static_cast<std::size_t>(decoder_.sample_rate_hz() / 10);
  }

  // Events become tones again, over whatever sounds.
  void hear_event(const Sent& packet, MutableAudioView out, std::size_t index) {
    if (packet.event && !packet.lost) {
      const auto event = codec::parse_telephone_event(packet.event->payload);
      const auto reports = receiver_.receive(*event, packet.event->timestamp);
      for (std::size_t i = 0; i < reports.count; ++i) take(reports.list[i]);
    }
    const auto now = static_cast<std::uint64_t>(index + 1) * out.frames() *
                     static_cast<std::uint64_t>(decoder_.info().clock_rate_hz) /
                     static_cast<std::uint64_t>(decoder_.sample_rate_hz());
    if (const auto report = receiver_.expire(static_cast<std::uint32_t>(now))) take(*report);
    if (sounding_for_ == 0 && !receiver_.active()) return;
    sounding_.reshape(1, out.frames(), out.sample_rate_hz());
    tone_.process(sounding_.view());
    for (std::size_t c = 0; c < out.channels(); ++c) {
      for (std::size_t i = 0; i < out.frames(); ++i) out.channel(c)[i] += sounding_.channel(0)[i];
    }
    sounding_for_ -= std::min(sounding_for_, out.frames());
  }

  codec::Decoder& decoder_;
  enhance::PacketLossConcealer concealer_;
  bool conceal_;
  Transcoded& result_;
  codec::EventReceiver receiver_;
  enhance::DtmfGenerator tone_;
  AudioBuffer sounding_;
  std::size_t sounding_for_ = 0;
  codec::NoiseGenerator background_;
  bool pausing_ = false;  // The other side said that it says nothing.
};

Result<void> check(const TranscodeRequest& request) {
  if (!(request.loss_percent >= 0.0 && request.loss_percent <= 100.0))
    return make_error(ErrorCode::kInvalidArgument, "the loss is ", request.loss_percent,
                      " % but must be 0 to 100 %");
  if (!(request.burst_packets >= 1.0 && request.burst_packets <= 1'000.0))
    return make_error(ErrorCode::kInvalidArgument, "a mean burst of ", request.burst_packets,
                      " packets; it must be 1 to 1000");
  return {};
}

Result<std::size_t> block_frames(const codec::Encoder& encoder, double block_ms) {
  const double frames = encoder.sample_rate_hz() * block_ms / 1'000.0;
  const auto whole = static_cast<std::size_t>(std::clamp(std::round(frames), 0.0, 1e6));
  if (std::abs(frames - static_cast<double>(whole)) < 1e-6 && encoder.takes_block(whole))
    return whole;
  return make_error(ErrorCode::kInvalidArgument, encoder.info().name, " takes no packets of ",
                    block_ms, " ms; it has ", encoder.info().min_block_us / 1'000.0, " to ",
                    encoder.info().max_block_us / 1'000.0, " ms, usually 20");
}

// Whoever has no DTX of its own pauses by voice activity and comfort noise (RFC 3389).
Result<std::optional<enhance::VoiceActivityDetector>> pauses_for(const codec::Encoder& encoder,
                                                                 const TranscodeRequest& request,
                                                                 std::size_t block) {
  std::optional<enhance::VoiceActivityDetector> none;
  if (!request.encoder.dtx || encoder.info().has_own_concealment) return none;
  enhance::VoiceActivityOptions options;
  options.threshold = 0.3;  // A word that is cut costs more than a pause that is sent.
  options.hang_over_ms = 200.0;
  SYRINX_ASSIGN(auto activity,
                enhance::VoiceActivityDetector::create(encoder.sample_rate_hz(), options));
  if (block % activity.hop_frames() != 0)
    return make_error(ErrorCode::kInvalidArgument, "silence is looked for every 10 ms: packets of ",
                      request.block_ms, " ms do not hold whole ones");
  return std::optional<enhance::VoiceActivityDetector>(std::move(activity));
}

void count(const std::vector<Sent>& packets, Transcoded& result) {
  for (const Sent& packet : packets) {
    const bool nothing = packet.payload.empty() && !packet.event;
    result.unsent += nothing ? 1 : 0;
    result.packets += nothing ? 0 : 1;
    result.lost += packet.lost ? 1 : 0;
    result.payload_bytes += packet.event ? codec::kEventBytes : packet.payload.size();
  }
}

}  // namespace

Result<Transcoded> transcode(AudioView sound, const TranscodeRequest& request) {
  SYRINX_TRY(check(request));
  Transcoded result;
  SYRINX_ASSIGN(auto offer, codec::make_offer({request.codec}));
  if (offer.formats.empty())
    return make_error(ErrorCode::kUnsupported, "'", request.codec, "' carries no audio by itself");
  result.format = offer.formats.front();
  SYRINX_ASSIGN(auto encoder, codec::make_encoder(result.format, request.encoder));
  SYRINX_ASSIGN(auto decoder, codec::make_decoder(result.format, request.encoder.sample_rate_hz));
  SYRINX_ASSIGN(auto concealer, enhance::PacketLossConcealer::create(decoder->sample_rate_hz()));
  SYRINX_ASSIGN(const std::size_t block, block_frames(*encoder, request.block_ms));
  SYRINX_ASSIGN(result.reference, as_the_codec_hears(sound, *encoder, block));
  AudioBuffer audio = result.reference;
  std::vector<enhance::DtmfEvent> digits;
  if (request.events) {
    SYRINX_ASSIGN(digits, take_digits(audio));
  }
  SYRINX_ASSIGN(auto pauses, pauses_for(*encoder, request, block));
  Sender sender(*encoder, block, std::move(digits), std::move(pauses));
  std::vector<Sent> packets = sender.send(audio);
  lose(packets, request);
  count(packets, result);
  Listener(*decoder, std::move(concealer), request.conceal, result).hear(packets, block);
  result.delay_ms = request.block_ms + 1'000.0 * static_cast<double>(encoder->latency_frames()) /
                                           encoder->sample_rate_hz();
  return result;
}

}  // namespace syrinx::cli
