// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <deque>
#include <functional>
#include <numbers>
#include <vector>

#include "syrinx/engines/call/payload_adapters.h"
#include "syrinx/engines/call/session/media_session.h"

namespace syrinx::call::testing_support {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

// What both sides of a call agree on if both have this codec, and telephone-events.
inline codec::Agreement agreement_on(std::string_view codec, int packet_ms = 20) {
  codec::Agreement agreement;
  agreement.send = payload_format_of(codec).value();
  agreement.receive = agreement.send;
  agreement.send_block_us = packet_ms * 1'000;
  codec::PayloadFormat events;
  events.payload_type = 101;
  events.name = "telephone-event";
  events.clock_rate_hz = agreement.send.clock_rate_hz;
  agreement.events = events;
  codec::PayloadFormat noise;
  noise.payload_type = 13;
  noise.name = "CN";
  agreement.comfort_noise = noise;
  return agreement;
}

inline SessionOptions options_for(std::string_view codec, int sample_rate_hz = 0,
                                  std::uint64_t seed = 1) {
  SessionOptions options;
  options.agreement = agreement_on(codec);
  options.sample_rate_hz = sample_rate_hz;
  options.seed = seed;
  return options;
}

inline std::unique_ptr<MediaSession> started(const SessionOptions& options) {
  auto session = MediaSession::create(options);
  EXPECT_TRUE(session) << (session ? "" : session.error().message);
  EXPECT_TRUE((*session)->start());
  return std::move(*session);
}

// Voiced sound in syllables, of a pitch of its own.
class Voice {
 public:
  Voice(double pitch_hz, int rate_hz, double level = 0.2)
      : pitch_hz_(pitch_hz), rate_hz_(rate_hz), level_(level) {}
  void fill(std::span<float> out) {
    for (float& x : out) {
      const double t = static_cast<double>(at_++) / rate_hz_;
      double sum = 0.0;
      for (int k = 1; k <= 6; ++k) sum += std::sin(2.0 * std::numbers::pi * k * pitch_hz_ * t) / k;
      x = static_cast<float>(level_ * (0.6 + 0.4 * std::sin(18.0 * t)) * sum);
    }
  }

 private:
  double pitch_hz_;
  int rate_hz_;
  double level_;
  std::size_t at_ = 0;
};

inline double level_db(std::span<const float> x) {
  double sum = 1e-12;
  for (const float v : x) sum += static_cast<double>(v) * v;
  return 10.0 * std::log10(sum / static_cast<double>(std::max<std::size_t>(x.size(), 1)));
}

// How much of `x` is at a frequency, as a share of its energy.
inline double share_at(std::span<const float> x, double hz, int rate_hz) {
  double re = 0.0;
  double im = 0.0;
  double all = 1e-12;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double angle = 2.0 * std::numbers::pi * hz * static_cast<double>(i) / rate_hz;
    re += x[i] * std::cos(angle);
    im += x[i] * std::sin(angle);
    all += static_cast<double>(x[i]) * x[i];
  }
  return 2.0 * (re * re + im * im) / static_cast<double>(x.size()) / all;
}

// Carries what one session sends to another after a delay; `lose` says of each RTP packet whether
// it is lost.
class Wire {
 public:
  explicit Wire(nanoseconds delay = milliseconds(30)) : delay_(delay) {}

  void carry(MediaSession& from, MediaSession& to, nanoseconds now) {
    std::vector<std::uint8_t> bytes(MediaSession::kMaxDatagram);
    while (true) {
      const OutgoingDatagram out = from.take(bytes);
      if (out.bytes == 0) break;
      ++(out.rtcp ? reports : packets);
      if (!out.rtcp && lose && lose(packets)) continue;
      under_way_.push_back(
          {now + delay_, {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(out.bytes)}});
    }
    while (!under_way_.empty() && under_way_.front().first <= now) {
      to.receive(under_way_.front().second, under_way_.front().first);
      last = under_way_.front().second;
      under_way_.pop_front();
    }
  }

  std::function<bool(std::uint64_t)> lose;
  std::uint64_t packets = 0;
  std::uint64_t reports = 0;
  std::vector<std::uint8_t> last;

 private:
  nanoseconds delay_;
  std::deque<std::pair<nanoseconds, std::vector<std::uint8_t>>> under_way_;
};

}  // namespace syrinx::call::testing_support
