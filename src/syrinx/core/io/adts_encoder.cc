// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>
#include <vector>

#include "syrinx/core/io/aac_frames.h"
#include "syrinx/core/io/encoder.h"

namespace syrinx::io {
namespace {

constexpr std::size_t kHeaderBytes = 7;

// The header of one frame without a checksum: ISO/IEC 14496-3, 1.A.2.2.
std::array<std::byte, kHeaderBytes> adts_header(int rate_index, std::size_t channels,
                                                std::size_t frame_bytes) noexcept {
  const std::uint64_t length = kHeaderBytes + frame_bytes;
  std::uint64_t bits = 0xFFF1;  // Sync word, MPEG-4, no checksum.
  bits = bits << 2 | 1;         // Low complexity.
  bits = bits << 4 | static_cast<std::uint64_t>(rate_index);
  bits = bits << 4 | channels;  // After a private bit of 0.
  bits = bits << 4;             // Original, home, copyright: 0.
  bits = bits << 13 | length;
  bits = bits << 11 | 0x7FF;  // No buffer fullness is told.
  bits = bits << 2;           // One raw block.
  std::array<std::byte, kHeaderBytes> header{};
  for (std::size_t i = 0; i < kHeaderBytes; ++i)
    header[i] = static_cast<std::byte>(bits >> (8 * (kHeaderBytes - 1 - i)));
  return header;
}

class AdtsEncoder final : public Encoder {
 public:
  AdtsEncoder(ByteSink& sink, std::uint64_t start, std::size_t channels, AacFrames frames)
      : sink_(sink), at_(start), channels_(channels), frames_(std::move(frames)) {}

  Result<void> write(std::span<const float> interleaved) override {
    return frames_.write(interleaved, [this](Bytes frame) { return take(frame); });
  }
  Result<void> finish() override {
    return frames_.finish([this](Bytes frame) { return take(frame); });
  }

 private:
  Result<void> take(Bytes frame) {
    const auto header = adts_header(frames_.rate_index(), channels_, frame.size());
    packet_.assign(header.begin(), header.end());
    packet_.insert(packet_.end(), frame.begin(), frame.end());
    SYRINX_TRY(sink_.write_at(at_, packet_));
    at_ += packet_.size();
    return {};
  }

  ByteSink& sink_;
  std::uint64_t at_;
  std::size_t channels_;
  AacFrames frames_;
  std::vector<std::byte> packet_;
};

}  // namespace

Result<std::unique_ptr<Encoder>> make_adts_encoder(ByteSink& sink, std::uint64_t start,
                                                   const AudioWriteOptions& options) {
  SYRINX_ASSIGN(auto frames, AacFrames::create(options));
  return std::unique_ptr<Encoder>(
      std::make_unique<AdtsEncoder>(sink, start, options.channels, std::move(frames)));
}

}  // namespace syrinx::io
