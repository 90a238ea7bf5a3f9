// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "syrinx/engines/call/session/media_session_impl.h"

// Two who send under one SSRC, and what comes back to its sender (RFC 3550, 8.2).
namespace syrinx::call {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

// After a change the next one waits so long: whoever sends back all that we send under its own
// hand must not make us change, and say BYE, with every packet.
constexpr nanoseconds kBetweenChanges = seconds(5);
constexpr nanoseconds kLoopIsOver = seconds(10);
// The other side's BYE of the SSRC that we both had.
constexpr nanoseconds kFormerIsRemembered = seconds(30);
constexpr std::size_t kDigestedBytes = 160;

}  // namespace

// FNV-1a, 64 bits, of as many bytes as tell two packets apart.
std::uint64_t SentMarks::digest(packet::Bytes bytes) noexcept {
  std::uint64_t hash = 0xCBF29CE484222325u;
  for (const std::uint8_t byte : bytes.first(std::min(bytes.size(), kDigestedBytes)))
    hash = (hash ^ byte) * 0x100000001B3u;
  return hash;
}

void SentMarks::sent(std::uint16_t sequence, packet::Bytes datagram) noexcept {
  packets_[sequence % packets_.size()] = digest(datagram);
}

bool SentMarks::has(std::uint16_t sequence, packet::Bytes datagram) const noexcept {
  return packets_[sequence % packets_.size()] == digest(datagram);
}

void SentMarks::sent_report(packet::Bytes bytes) noexcept {
  reports_[next_report_++ % reports_.size()] = digest(bytes);
}

bool SentMarks::has_report(packet::Bytes bytes) const noexcept {
  const std::uint64_t wanted = digest(bytes);
  for (const std::uint64_t report : reports_)
    if (report == wanted) return true;
  return false;
}

// Something came under our own SSRC. True: somebody else has it too, and we have another now; what
// came is theirs. False: it is not to be used.
bool MediaSession::Impl::resolve_conflict(bool came_back, packet::Bytes datagram,
                                          nanoseconds now) noexcept {
  if (came_back || (changed_ssrc_ && now - *changed_ssrc_ < kBetweenChanges)) {
    ++counts_.datagrams_looped;
    const bool known = looped_ && now - *looped_ < kLoopIsOver;
    looped_ = now;
    if (!known) tell(SessionEvent::Kind::kLooped, now);
    return false;
  }
  emit_report(now, true);
  take_ssrc(SentMarks::digest(datagram), now);
  return true;
}

// `chance` comes of what the other sent: two of one seed must not take the same again.
void MediaSession::Impl::take_ssrc(std::uint64_t chance, nanoseconds now) noexcept {
  former_ssrc_ = own_ssrc();
  changed_ssrc_ = now;
  std::uint32_t fresh = 0;
  while (fresh == 0 || fresh == former_ssrc_ || (reception_ && fresh == source_))
    fresh = static_cast<std::uint32_t>((random_.next() + chance * 0x9E3779B97F4A7C15u) >> 32);
  ssrc_.store(fresh, std::memory_order_relaxed);
  sequence_ = static_cast<std::uint16_t>(random_.next());
  sent_ = {};
  spurt_ = true;
  // A sender's counts are of its SSRC (RFC 3550, 6.4.1); the session's go on.
  packets_before_ = counts_.packets_sent;
  payload_bytes_before_ = counts_.payload_bytes_sent;
  ++counts_.ssrc_changes;
  tell(SessionEvent::Kind::kOwnSourceChanged, now);
}

bool MediaSession::Impl::was_ours(std::uint32_t ssrc, nanoseconds now) const noexcept {
  return changed_ssrc_ && ssrc == former_ssrc_ && now - *changed_ssrc_ < kFormerIsRemembered;
}

}  // namespace syrinx::call
