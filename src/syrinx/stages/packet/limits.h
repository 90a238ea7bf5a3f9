// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

// The largest of what a network, a capture or a scenario may ask for in this folder.
namespace syrinx::packet::limits {

inline constexpr std::size_t kMaxDatagramBytes = 65'535;  // Of UDP.
inline constexpr std::size_t kMaxHeaderExtensions = 64;   // Elements of one RTP packet.
inline constexpr std::size_t kMaxRtcpPackets = 64;        // Of one compound.
inline constexpr std::size_t kMaxReportBlocks = 31;       // Five bits count them.
inline constexpr std::size_t kMaxSourceChunks = 31;       // Of one SDES or BYE, likewise.
inline constexpr std::size_t kMaxSourceItems = 16;        // Of one SDES chunk.
inline constexpr std::size_t kMaxExtendedBlocks = 64;     // Of one XR packet.
inline constexpr std::size_t kMaxCaptureBytes = std::size_t{2} << 30;
inline constexpr std::size_t kMaxCapturePackets = std::size_t{1} << 24;
inline constexpr std::size_t kMaxCaptureStreams = 1'024;
inline constexpr std::size_t kMaxTracePackets = std::size_t{1} << 22;  // Of a loss trace.
inline constexpr std::size_t kMaxDelaySteps = 1'024;
inline constexpr std::size_t kMaxScenarioBytes = std::size_t{1} << 20;
inline constexpr std::size_t kMaxSaidBytes = std::size_t{1} << 16;  // Of a party's text.
inline constexpr double kMaxScenarioSeconds = 24.0 * 3600.0;

}  // namespace syrinx::packet::limits
