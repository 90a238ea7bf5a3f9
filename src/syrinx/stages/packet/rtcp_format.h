// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/packet/rtcp.h"

// What reading and writing RTCP share.
namespace syrinx::packet::format {

// RFC 3550, 12.1; RFC 3611, 2.
inline constexpr std::uint8_t kSenderReport = 200;
inline constexpr std::uint8_t kReceiverReport = 201;
inline constexpr std::uint8_t kSourceDescription = 202;
inline constexpr std::uint8_t kBye = 203;
inline constexpr std::uint8_t kExtendedReport = 207;
inline constexpr std::size_t kReportBlockBytes = 24;

// RFC 3611, 4.
inline constexpr std::uint8_t kReferenceTimeBlock = 4;
inline constexpr std::uint8_t kDelayBlock = 5;
inline constexpr std::uint8_t kSummaryBlock = 6;
inline constexpr std::uint8_t kVoipBlock = 7;

// The report block that begins at a byte. Pre: kReportBlockBytes are there.
ReportBlock read_report_block(Bytes body, std::size_t at) noexcept;

// A compound begins with a report (RFC 3550, 6.1).
Result<void> check_beginning(std::uint8_t type);

// An extended report's body, after the four bytes of header, and back.
Result<ExtendedReport> read_extended(Bytes body);
Result<void> append_extended(const ExtendedReport& report, std::vector<std::uint8_t>& out);

}  // namespace syrinx::packet::format
