// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/aac_frames.h"

#include <vo-aacenc/cmnMemory.h>
#include <vo-aacenc/voAAC.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "syrinx/core/dsp/kernels.h"

namespace syrinx::io {
namespace {

constexpr std::array kIndexedRatesHz{96'000, 88'200, 64'000, 48'000, 44'100, 32'000,
                                     24'000, 22'050, 16'000, 12'000, 11'025, 8'000};
constexpr int kLowestChannelBps = 8'000;
constexpr int kHighestChannelBps = 160'000;
constexpr int kUsualChannelBps = 64'000;
constexpr int kMaxBitsPerSample = 6;  // 6144 bits for 1024 frames.

int highest_bps(const AudioWriteOptions& options) noexcept {
  const int channels = static_cast<int>(options.channels);
  return channels * std::min(kHighestChannelBps, kMaxBitsPerSample * options.sample_rate_hz);
}

// Four bits a sample up to 64 kbit/s a channel: speech of 16 kHz and more sounds as it was.
int usual_bps(const AudioWriteOptions& options) noexcept {
  const int channels = static_cast<int>(options.channels);
  return channels * std::min(kUsualChannelBps, 4 * options.sample_rate_hz);
}

Error refused(const AudioWriteOptions& options, std::string_view what) {
  return make_error(ErrorCode::kInvalidArgument, to_string(options.format), " cannot have ", what);
}

Result<int> chosen_bps(const AudioWriteOptions& options) {
  const int lowest = kLowestChannelBps * static_cast<int>(options.channels);
  const int highest = highest_bps(options);
  if (options.quality && options.bitrate_bps) return refused(options, "both quality and bitrate");
  if (options.quality) {
    const double quality = *options.quality;
    const bool valid = quality >= 0.0 && quality <= 1.0;  // Also false for NaN.
    if (!valid) return refused(options, "a quality outside 0 to 1");
    return lowest + static_cast<int>(std::lround(quality * (highest - lowest)));
  }
  if (!options.bitrate_bps) return usual_bps(options);
  if (*options.bitrate_bps >= lowest && *options.bitrate_bps <= highest)
    return *options.bitrate_bps;
  return make_error(ErrorCode::kInvalidArgument, to_string(options.format), " of ",
                    options.channels, " channels at ", options.sample_rate_hz,
                    " Hz takes bitrates from ", lowest, " to ", highest, ", not ",
                    *options.bitrate_bps, " bits a second");
}

Error library_error(std::string_view what, VO_U32 code) {
  return make_error(ErrorCode::kInternal, "vo-aacenc ", what, " (error ", code, ")");
}

}  // namespace

struct AacFrames::Impl {
  AudioWriteOptions options;
  int bitrate_bps = 0;
  VO_MEM_OPERATOR memory{cmnMemAlloc, cmnMemFree,    cmnMemSet, cmnMemCopy,
                         cmnMemCheck, cmnMemCompare, cmnMemMove};
  VO_AUDIO_CODECAPI api{};
  VO_HANDLE handle = nullptr;
  dsp::Dither noise{};
  std::vector<std::int16_t> held{};  // Interleaved, less than an AAC frame of sound between calls.
  std::vector<std::byte> out{};
  std::uint64_t frames_in = 0;
  std::uint64_t frames_coded = 0;

  Impl(const AudioWriteOptions& wanted, int bps) : options(wanted), bitrate_bps(bps) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    if (handle != nullptr) api.Uninit(handle);
  }

  Result<void> start() {
    VO_CODEC_INIT_USERDATA user{};
    user.memflag = VO_IMF_USERMEMOPERATOR;
    user.memData = &memory;
    if (const auto code = static_cast<VO_U32>(::voGetAACEncAPI(&api)); code != VO_ERR_NONE)
      return library_error("does not start", code);
    if (const VO_U32 code = api.Init(&handle, VO_AUDIO_CodingAAC, &user); code != VO_ERR_NONE)
      return library_error("does not start", code);
    AACENC_PARAM param{options.sample_rate_hz, bitrate_bps, static_cast<short>(options.channels),
                       0};
    const VO_U32 code = api.SetParam(handle, VO_PID_AAC_ENCPARAM, &param);
    if (code != VO_ERR_NONE) return library_error("refuses the rate or bitrate", code);
    out.resize(kMaxChannelBytes * options.channels + 64);
    return {};
  }

  std::size_t frame_samples() const noexcept { return kFrameLength * options.channels; }

  // Encodes one AAC frame's worth of samples from `begin` on.
  Result<void> encode(std::size_t begin, const Taker& take) {
    VO_CODECBUFFER in{};
    in.Buffer = reinterpret_cast<VO_PBYTE>(held.data() + begin);
    in.Length = static_cast<VO_U32>(frame_samples() * sizeof(std::int16_t));
    if (const VO_U32 code = api.SetInputData(handle, &in); code != VO_ERR_NONE)
      return library_error("refuses sound", code);
    VO_CODECBUFFER coded{};
    coded.Buffer = reinterpret_cast<VO_PBYTE>(out.data());
    coded.Length = static_cast<VO_U32>(out.size());
    VO_AUDIO_OUTPUTINFO info{};
    if (const VO_U32 code = api.GetOutputData(handle, &coded, &info); code != VO_ERR_NONE)
      return library_error("does not encode", code);
    frames_coded += kFrameLength;
    if (coded.Length == 0) return {};
    return take(Bytes(out).first(coded.Length));
  }

  Result<void> encode_whole_frames(const Taker& take) {
    std::size_t begin = 0;
    for (; held.size() - begin >= frame_samples(); begin += frame_samples())
      SYRINX_TRY(encode(begin, take));
    held.erase(held.begin(), held.begin() + static_cast<std::ptrdiff_t>(begin));
    return {};
  }
};

AacFrames::AacFrames(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
AacFrames::AacFrames(AacFrames&&) noexcept = default;
AacFrames& AacFrames::operator=(AacFrames&&) noexcept = default;
AacFrames::~AacFrames() = default;

Result<AacFrames> AacFrames::create(const AudioWriteOptions& options) {
  SYRINX_ASSIGN(const int bps, chosen_bps(options));
  auto impl = std::make_unique<Impl>(options, bps);
  SYRINX_TRY(impl->start());
  return AacFrames(std::move(impl));
}

int AacFrames::bitrate_bps() const noexcept { return impl_->bitrate_bps; }

int AacFrames::rate_index() const noexcept {
  const auto found =
      std::find(kIndexedRatesHz.begin(), kIndexedRatesHz.end(), impl_->options.sample_rate_hz);
  return static_cast<int>(found - kIndexedRatesHz.begin());
}

std::array<std::byte, 2> AacFrames::specific_config() const noexcept {
  constexpr unsigned kLowComplexity = 2;
  const unsigned bits = kLowComplexity << 11 | static_cast<unsigned>(rate_index()) << 7 |
                        static_cast<unsigned>(impl_->options.channels) << 3;
  return {static_cast<std::byte>(bits >> 8), static_cast<std::byte>(bits)};
}

Result<void> AacFrames::write(std::span<const float> interleaved, const Taker& take) {
  Impl& self = *impl_;
  const std::size_t before = self.held.size();
  self.held.resize(before + interleaved.size());
  dsp::kernels().float_to_int16(self.held.data() + before, interleaved.data(), interleaved.size(),
                                self.options.dither ? &self.noise : nullptr);
  self.frames_in += interleaved.size() / self.options.channels;
  return self.encode_whole_frames(take);
}

Result<void> AacFrames::finish(const Taker& take) {
  Impl& self = *impl_;
  const std::uint64_t needed = self.frames_in + kDelayFrames - self.frames_coded;
  const auto frames = static_cast<std::size_t>((needed + kFrameLength - 1) / kFrameLength);
  self.held.resize(frames * self.frame_samples(), 0);
  return self.encode_whole_frames(take);
}

}  // namespace syrinx::io
