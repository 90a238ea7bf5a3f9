// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <stop_token>
#include <string>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

namespace syrinx::server {

// The longest sound that is taken from a client to be worked on in one go.
inline constexpr double kMostUploadS = 600;
// Of all channels together: silence of many channels is small until it is decoded.
inline constexpr std::size_t kMostUploadSamples = 64'000'000;

// A sound that came over the network, of any format that core/io reads; how long it is, is checked
// while it is read. Errors: those of AudioReader; kInvalidArgument for no sound; kLimitExceeded
// above kMostUploadS or kMostUploadSamples; kCancelled.
Result<AudioBuffer> read_upload(const std::string& body, const std::stop_token& gone);

}  // namespace syrinx::server
