// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/codec/payload_format.h"

// Offer and answer (RFC 3264, 5 and 6) over formats, without the text of SDP.
namespace syrinx::codec {

struct MediaFormats {
  std::vector<PayloadFormat> formats;  // Best first.
  std::optional<int> ptime_ms = {};    // What this side would like to receive.
  std::optional<int> maxptime_ms = {};
};

// What two sides agree on.
struct Agreement {
  PayloadFormat send;     // What we send: the other side's number and parameters.
  PayloadFormat receive;  // What we receive: our number and parameters.
  std::optional<PayloadFormat> comfort_noise = {};  // Of the same clock.
  std::optional<PayloadFormat> events = {};  // telephone-event, of the same clock (RFC 4733, 2.1).
  int send_block_us = 20'000;  // What the other side asks for, as far as the codec takes it.
  int max_send_block_us = 0;   // The longest that it takes (maxptime) and the codec has; 0: unsaid.
  // The first codec after these that both sides have and that takes less of the network: what a
  // sender may change to, each on its own, as any format of an answer may come (RFC 3264, 8.3.2).
  std::optional<PayloadFormat> send_fallback = {};
  std::optional<PayloadFormat> receive_fallback = {};
  std::optional<PayloadFormat> fallback_events = {};  // telephone-event of its clock.
};

// An offer of these codecs by name ("opus", "PCMU", "CN", "telephone-event", "L16/16000"), in this
// order; dynamic ones are numbered from 96, Opus 111. telephone-event stands once for each clock
// that the others have. Errors: kNotFound for a name that there is not; those of
// check_codec() for one that does not work here; kLimitExceeded beyond kMaxFormats.
Result<MediaFormats> make_offer(const std::vector<std::string>& names);

struct Answer {
  MediaFormats formats;  // What goes back: under the offer's numbers, in our order of preference.
  Agreement agreement;
};
// What we answer to an offer, given what we can. The codec is our first that the offer has too.
// Errors: kUnsupported where no audio codec is common, naming both lists.
Result<Answer> make_answer(const MediaFormats& offer, const MediaFormats& own);
// What our offer and their answer come to: the answer's first format that we offered. Errors:
// kUnsupported where the answer has nothing that was offered.
Result<Agreement> accept_answer(const MediaFormats& offer, const MediaFormats& answer);

}  // namespace syrinx::codec
