// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/packet/jitter_buffer.h"

#include <algorithm>

#include "syrinx/stages/packet/jitter_buffer_impl.h"

namespace syrinx::packet {
namespace {

Result<void> within(std::string_view option, std::int64_t value, std::int64_t least,
                    std::int64_t most) {
  if (value >= least && value <= most) return {};
  return make_error(ErrorCode::kInvalidArgument, "a jitter buffer's ", option, " of ", value, "; ",
                    least, " to ", most, " can be");
}

Result<void> validate(const JitterBufferOptions& options) {
  const int rate = options.sample_rate_hz;
  static constexpr int kRates[] = {8'000, 12'000, 16'000, 24'000, 32'000, 44'100, 48'000};
  if (std::find(std::begin(kRates), std::end(kRates), rate) == std::end(kRates))
    return make_error(ErrorCode::kInvalidArgument, "a jitter buffer at ", rate,
                      " Hz; it runs at 8000, 12000, 16000, 24000, 32000, 44100 or 48000");
  SYRINX_TRY(within("max_delay_ms", options.max_delay_ms, 20, 10'000));
  SYRINX_TRY(within("min_delay_ms", options.min_delay_ms, 0, options.max_delay_ms));
  SYRINX_TRY(
      within("start_delay_ms", options.start_delay_ms, options.min_delay_ms, options.max_delay_ms));
  SYRINX_TRY(within("max_packets", static_cast<std::int64_t>(options.max_packets), 4, 4'096));
  return within("max_payload_bytes", static_cast<std::int64_t>(options.max_payload_bytes), 1,
                65'535);
}

Result<void> check_payload_type(std::uint8_t payload_type) {
  if (payload_type <= 127) return {};
  return make_error(ErrorCode::kInvalidArgument, "a payload type of ", int{payload_type},
                    "; 0 to 127 are there");
}

}  // namespace

std::string_view name_of(DelayStrategy strategy) noexcept {
  switch (strategy) {
    case DelayStrategy::kFixed:
      return "fixed";
    case DelayStrategy::kAdaptive:
      return "adaptive";
    case DelayStrategy::kLowLatency:
      return "low-latency";
  }
  return "";
}

Result<DelayStrategy> delay_strategy_named(std::string_view name) {
  for (const DelayStrategy strategy :
       {DelayStrategy::kFixed, DelayStrategy::kAdaptive, DelayStrategy::kLowLatency}) {
    if (name_of(strategy) == name) return strategy;
  }
  return make_error(ErrorCode::kInvalidArgument, "there is no delay strategy '", name,
                    "'; there are fixed, adaptive and low-latency");
}

Result<JitterBuffer> JitterBuffer::create(const JitterBufferOptions& options) {
  SYRINX_TRY(validate(options));
  return JitterBuffer(std::make_unique<Impl>(options));
}

JitterBuffer::JitterBuffer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
JitterBuffer::JitterBuffer(JitterBuffer&&) noexcept = default;
JitterBuffer& JitterBuffer::operator=(JitterBuffer&&) noexcept = default;
JitterBuffer::~JitterBuffer() = default;

const JitterBufferOptions& JitterBuffer::options() const noexcept { return impl_->options_; }
std::size_t JitterBuffer::block_frames() const noexcept { return impl_->block_frames_; }
const JitterBufferStatistics& JitterBuffer::statistics() const noexcept {
  return impl_->statistics_;
}

Result<void> JitterBuffer::add_decoder(std::uint8_t payload_type, PacketDecoder& decoder) {
  SYRINX_TRY(check_payload_type(payload_type));
  if (decoder.sample_rate_hz() != impl_->options_.sample_rate_hz || decoder.clock_rate_hz() <= 0)
    return make_error(ErrorCode::kInvalidArgument, "a decoder to ", decoder.sample_rate_hz(),
                      " Hz with an RTP clock of ", decoder.clock_rate_hz(),
                      " Hz for a jitter buffer at ", impl_->options_.sample_rate_hz,
                      " Hz; resample in the decoder");
  impl_->handlers_[payload_type] = {Impl::Role::kSpeech, &decoder};
  return {};
}

Result<void> JitterBuffer::add_comfort_noise(std::uint8_t payload_type) {
  SYRINX_TRY(check_payload_type(payload_type));
  impl_->handlers_[payload_type] = {Impl::Role::kComfortNoise, nullptr};
  return {};
}

Result<void> JitterBuffer::add_ignored(std::uint8_t payload_type) {
  SYRINX_TRY(check_payload_type(payload_type));
  impl_->handlers_[payload_type] = {Impl::Role::kIgnored, nullptr};
  return {};
}

void JitterBuffer::put(const RtpView& packet, std::chrono::nanoseconds arrival) noexcept {
  impl_->put(packet, arrival);
}

void JitterBuffer::put(const Packet& packet) noexcept {
  RtpView view;
  view.payload_type = packet.payload_type;
  view.marker = packet.marker;
  view.sequence = packet.sequence;
  view.timestamp = packet.timestamp;
  view.ssrc = packet.ssrc;
  view.payload = packet.payload;
  impl_->put(view, packet.arrival);
}

PlayKind JitterBuffer::get(std::chrono::nanoseconds now, std::span<float> out) noexcept {
  return impl_->get(now, out);
}

void JitterBuffer::reset() noexcept { impl_->reset(); }

JitterBuffer::Impl::Impl(const JitterBufferOptions& options)
    : options_(options),
      block_frames_(static_cast<std::size_t>(options.sample_rate_hz) / 100),
      store_(options.max_packets, options.max_payload_bytes),
      queue_(options.sample_rate_hz, static_cast<std::size_t>(options.sample_rate_hz) / 2),
      decoded_(static_cast<std::size_t>(options.sample_rate_hz) * kMaxPacketMs / 1'000),
      line_(options.sample_rate_hz),
      estimator_(options) {
  statistics_.target_delay_ms = estimator_.target_ms();
}

void JitterBuffer::Impl::reset() noexcept {
  store_.clear();
  queue_.clear();
  line_.reset();
  estimator_ = DelayEstimator(options_);
  seen_any_ = false;
  has_former_ssrc_ = false;
  playing_ = false;
  silence_ = false;
  waiting_frames_ = 0;
  unsettled_frames_ = 0;
  decoded_orders_ = 0;
  packet_frames_ = 0;
  last_payload_type_ = -1;
  if (decoder_ != nullptr) decoder_->reset();
  decoder_ = nullptr;
  end_conceal_run();
}

}  // namespace syrinx::packet
