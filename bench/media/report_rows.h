// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

// What `make media-report` prints: each part adds rows by a function of its own.
namespace syrinx::bench {

struct MediaRow {
  std::string test;
  std::string figure;
  std::string bar;
  bool passes = false;
};

// Jitter buffer and network on the virtual clock. `sound`: mono speech, sample after sample.
std::vector<MediaRow> packet_rows(const std::vector<float>& sound, int sample_rate_hz);

// Interruptions of a speech port whose own sound comes back, of such speech.
std::vector<MediaRow> barge_in_rows(const std::vector<float>& sound, int sample_rate_hz);

// Rooms, and senders that adapt, on the virtual clock.
std::vector<MediaRow> room_rows();

}  // namespace syrinx::bench
