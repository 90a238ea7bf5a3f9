// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/packet/impairment.h"

#include <algorithm>
#include <cmath>

#include "syrinx/stages/packet/limits.h"

namespace syrinx::packet {
namespace {

constexpr double kMaxDelayMs = 60'000.0;
constexpr double kMaxBandwidthBps = 1e12;
constexpr std::size_t kNetworkBytes = 28;  // IPv4 and UDP.

Result<void> within(std::string_view field, double value, double least, double most) {
  if (value >= least && value <= most) return {};  // NaN is neither.
  return make_error(ErrorCode::kInvalidArgument, "a network's ", field, " of ", value, "; ", least,
                    " to ", most, " can be");
}

Result<void> validate_loss(const LossModel& loss) {
  SYRINX_TRY(within("loss in percent", loss.percent, 0.0, 100.0));
  SYRINX_TRY(within("chance of going bad", loss.to_bad, 0.0, 1.0));
  SYRINX_TRY(within("chance of going good", loss.to_good, 0.0, 1.0));
  SYRINX_TRY(within("chance of a loss while good", loss.lost_in_good, 0.0, 1.0));
  SYRINX_TRY(within("chance of a loss while bad", loss.lost_in_bad, 0.0, 1.0));
  if (loss.kind == LossKind::kTrace && loss.trace.empty())
    return make_error(ErrorCode::kInvalidArgument,
                      "a loss trace without a packet; it has one mark ", "per packet");
  if (loss.trace.size() > limits::kMaxTracePackets)
    return make_error(ErrorCode::kLimitExceeded, "a loss trace of ", loss.trace.size(),
                      " packets; the limit is ", limits::kMaxTracePackets);
  return {};
}

std::chrono::nanoseconds ns_of_ms(double ms) noexcept {
  return std::chrono::nanoseconds(static_cast<std::int64_t>(std::llround(ms * 1e6)));
}

}  // namespace

Result<LossModel> bursty_loss(double percent, double mean_burst_packets) {
  SYRINX_TRY(within("loss in percent", percent, 0.0, 99.0));
  SYRINX_TRY(within("mean burst in packets", mean_burst_packets, 1.0, 1e6));
  LossModel loss;
  loss.kind = LossKind::kGilbertElliott;
  loss.to_good = 1.0 / mean_burst_packets;
  const double share = percent / 100.0;
  loss.to_bad = loss.to_good * share / (1.0 - share);
  if (loss.to_bad > 1.0)
    return make_error(ErrorCode::kInvalidArgument, "a loss of ", percent, " % in bursts of ",
                      mean_burst_packets, "; so much loss comes in longer bursts");
  return loss;
}

Result<void> validate(const Impairment& impairment) {
  SYRINX_TRY(validate_loss(impairment.loss));
  const DelayModel& delay = impairment.delay;
  SYRINX_TRY(within("delay in ms", delay.base_ms, 0.0, kMaxDelayMs));
  SYRINX_TRY(within("jitter in ms", delay.jitter_ms, 0.0, kMaxDelayMs));
  SYRINX_TRY(within("spikes in percent", delay.spike_percent, 0.0, 100.0));
  SYRINX_TRY(within("spike in ms", delay.spike_ms, 0.0, kMaxDelayMs));
  SYRINX_TRY(within("duplicates in percent", impairment.duplicate_percent, 0.0, 100.0));
  SYRINX_TRY(within("reordering in percent", impairment.reorder_percent, 0.0, 100.0));
  SYRINX_TRY(within("reordering in ms", impairment.reorder_ms, 0.0, kMaxDelayMs));
  if (impairment.steps.size() > limits::kMaxDelaySteps)
    return make_error(ErrorCode::kLimitExceeded, impairment.steps.size(),
                      " steps of delay; the limit is ", limits::kMaxDelaySteps);
  double last_s = 0.0;
  for (const DelayStep& step : impairment.steps) {
    SYRINX_TRY(within("time of a step in s", step.at_s, last_s, limits::kMaxScenarioSeconds));
    SYRINX_TRY(within("delay after a step in ms", step.base_ms.value_or(0.0), 0.0, kMaxDelayMs));
    SYRINX_TRY(within("bandwidth after a step in bit/s", step.bandwidth_bps.value_or(0.0), 0.0,
                      kMaxBandwidthBps));
    last_s = step.at_s;
  }
  SYRINX_TRY(
      within("bandwidth in bit/s", impairment.bottleneck.bandwidth_bps, 0.0, kMaxBandwidthBps));
  SYRINX_TRY(within("queue in ms", impairment.bottleneck.queue_ms, 0.0, kMaxDelayMs));
  return {};
}

ImpairedPath::ImpairedPath(Impairment impairment, std::uint64_t seed)
    : impairment_(std::move(impairment)),
      loss_random_(Random(seed).next()),
      delay_random_(Random(seed + 1).next()),
      other_random_(Random(seed + 2).next()) {}

bool ImpairedPath::loses() {
  const LossModel& loss = impairment_.loss;
  switch (loss.kind) {
    case LossKind::kNone:
      return false;
    case LossKind::kUniform:
      return loss_random_.chance(loss.percent / 100.0);
    case LossKind::kGilbertElliott:
      bad_state_ =
          bad_state_ ? !loss_random_.chance(loss.to_good) : loss_random_.chance(loss.to_bad);
      return loss_random_.chance(bad_state_ ? loss.lost_in_bad : loss.lost_in_good);
    case LossKind::kTrace: {
      const bool lost = loss.trace[trace_at_];
      trace_at_ = (trace_at_ + 1) % loss.trace.size();
      return lost;
    }
  }
  return false;
}

void ImpairedPath::take_steps(double now_s) noexcept {
  while (next_step_ < impairment_.steps.size() && impairment_.steps[next_step_].at_s <= now_s) {
    const DelayStep& step = impairment_.steps[next_step_++];
    if (step.base_ms) impairment_.delay.base_ms = *step.base_ms;
    if (step.bandwidth_bps) impairment_.bottleneck.bandwidth_bps = *step.bandwidth_bps;
  }
}

// When the last bit of a packet has left the link; nothing for one that its queue has no room for.
std::optional<std::chrono::nanoseconds> ImpairedPath::through_bottleneck(
    std::chrono::nanoseconds now, std::size_t bytes) noexcept {
  const Bottleneck& link = impairment_.bottleneck;
  if (link.bandwidth_bps <= 0.0) return now;
  const auto begin = std::max(now, link_free_at_);
  if (begin - now > ns_of_ms(link.queue_ms)) return std::nullopt;
  const double bits = 8.0 * static_cast<double>(bytes + kNetworkBytes);
  link_free_at_ = begin + ns_of_ms(1e3 * bits / link.bandwidth_bps);
  return link_free_at_;
}

double ImpairedPath::jitter_ms() {
  const DelayModel& delay = impairment_.delay;
  switch (delay.jitter) {
    case JitterKind::kNone:
      return 0.0;
    case JitterKind::kUniform:
      return delay.jitter_ms * delay_random_.uniform();
    case JitterKind::kNormal:
      return std::max(0.0, delay.jitter_ms * delay_random_.normal());
    case JitterKind::kSpikes:
      return delay.jitter_ms * delay_random_.uniform();
  }
  return 0.0;
}

ImpairedPath::Fate ImpairedPath::send(std::chrono::nanoseconds now, std::size_t bytes) {
  take_steps(static_cast<double>(now.count()) * 1e-9);
  const DelayModel& delay = impairment_.delay;
  const auto left = through_bottleneck(now, bytes);
  auto arrival = left.value_or(now) + ns_of_ms(delay.base_ms + jitter_ms());
  if (delay.jitter == JitterKind::kSpikes && delay_random_.chance(delay.spike_percent / 100.0))
    held_until_ = std::max(held_until_, now + ns_of_ms(delay.base_ms + delay.spike_ms));
  arrival = std::max(arrival, held_until_);
  if (other_random_.chance(impairment_.reorder_percent / 100.0))
    arrival += ns_of_ms(impairment_.reorder_ms);
  if (delay.keeps_order) arrival = std::max(arrival, last_arrival_);
  if (left) last_arrival_ = std::max(last_arrival_, arrival);
  const bool twice = other_random_.chance(impairment_.duplicate_percent / 100.0);
  Fate fate;
  if (!loses() && left) fate.arrival = arrival;
  if (twice && fate.arrival) fate.duplicate = arrival + ns_of_ms(5.0);
  return fate;
}

}  // namespace syrinx::packet
