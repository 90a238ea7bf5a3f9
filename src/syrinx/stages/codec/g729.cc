// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/codec/g729.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <optional>
#include <utility>

#include "syrinx/core/io/plugins/plugin_file.h"
#include "syrinx/stages/codec/builtin.h"
#include "syrinx/stages/codec/g729_abi.h"
#include "syrinx/stages/codec/sample_conversion.h"

namespace syrinx::codec {
namespace {

constexpr const char* kFile = "libsyrinx_bcg729.so";
constexpr const char* kAdvice =
    "G.729 needs it; build it with libbcg729-dev installed and it comes with the program, or set "
    "SYRINX_PLUGINS to the folder that has libsyrinx_bcg729.so; it needs Debian's libbcg729-0";
constexpr std::size_t kFrame = SYRINX_G729_FRAME_SAMPLES;
constexpr std::size_t kBytes = SYRINX_G729_FRAME_BYTES;
constexpr std::size_t kSilenceBytes = SYRINX_G729_SILENCE_BYTES;
constexpr std::size_t kMaxFrames = kMaxPayloadMs / 10;
constexpr std::size_t kLookAheadFrames = 40;  // Samples, 5 ms.

Result<const SyrinxG729*> load_table() {
  SYRINX_ASSIGN(const io::PluginEntry entry,
                io::load_plugin(io::plugin_places(kFile), SYRINX_G729_ENTRY, kAdvice));
  const SyrinxG729* table = reinterpret_cast<SyrinxG729Entry>(entry.function)(SYRINX_G729_VERSION);
  if (table == nullptr || table->version < SYRINX_G729_VERSION || table->bytes < sizeof(SyrinxG729))
    return make_error(ErrorCode::kUnsupported, entry.file.string(),
                      " is a plugin for another version of Syrinx; build both from one release");
  return table;
}

Result<const SyrinxG729*> plugin() {
  static std::mutex& mutex = *new std::mutex;  // Never destroyed, nor is the plugin.
  static const SyrinxG729* loaded = nullptr;
  const std::lock_guard lock(mutex);
  if (loaded == nullptr) {
    SYRINX_ASSIGN(loaded, load_table());
  }
  return loaded;
}

// One of the plugin's coders, closed at the end.
class Coder {
 public:
  Coder(void* coder, void (*close)(void*)) noexcept : coder_(coder), close_(close) {}
  Coder(const Coder&) = delete;
  Coder& operator=(const Coder&) = delete;
  ~Coder() {
    if (coder_ != nullptr) close_(coder_);
  }
  void* get() const noexcept { return coder_; }

 private:
  void* coder_;
  void (*close_)(void*);
};

Error no_memory() {
  return Error{ErrorCode::kInternal, "G.729's plugin could not make a coder: it has no memory"};
}

// What of a block's frames goes into one packet: frames of speech and behind them at most one
// description of a silence (RFC 3551, 4.5.6). Where a silence ends within the block, the packet
// begins with what is said after it; what was said before it in the same block is left out, which
// takes a silence of 30 ms at most between two words.
class Packet729 {
 public:
  std::size_t begin() const noexcept { return begin_; }  // The first frame in it.
  std::size_t bytes() const noexcept { return bytes_; }
  // Where the bytes of the next frame go, if they go at all.
  std::optional<std::size_t> place(std::size_t frame, std::size_t bytes) noexcept {
    const bool speech = bytes == kBytes;
    const bool joins = talking_;
    talking_ = speech;
    if (bytes == 0 || (!joins && !speech && has_speech_)) return std::nullopt;
    if (!joins) begin_ = frame, bytes_ = 0;
    has_speech_ = has_speech_ || speech;
    return std::exchange(bytes_, bytes_ + bytes);
  }

 private:
  std::size_t begin_ = 0;
  std::size_t bytes_ = 0;
  bool has_speech_ = false;
  bool talking_ = false;  // The last frame was speech.
};

class Encoder729 final : public Encoder {
 public:
  Encoder729(const CodecInfo& info, const SyrinxG729& table, bool silence)
      : info_(info), table_(table), coder_(table.open_encoder(silence), table.close_encoder) {}
  bool works() const noexcept { return coder_.get() != nullptr; }
  const CodecInfo& info() const noexcept override { return info_; }
  int sample_rate_hz() const noexcept override { return info_.sample_rate_hz; }
  std::size_t channels() const noexcept override { return 1; }
  std::size_t latency_frames() const noexcept override { return kLookAheadFrames; }
  bool takes_block(std::size_t frames) const noexcept override {
    return frames > 0 && frames % kFrame == 0 && frames <= kMaxFrames * kFrame;
  }

  Encoded encode(AudioView in, std::span<std::uint8_t> out) noexcept override {
    const std::size_t frames = in.frames() / kFrame;
    SYRINX_CHECK(in.channels() == 1 && takes_block(in.frames()) && out.size() >= frames * kBytes,
                 "a block that this encoder does not take");
    Packet729 packet;
    for (std::size_t i = 0; i < frames; ++i) {
      const auto block = in.channel(0).subspan(i * kFrame, kFrame);
      std::transform(block.begin(), block.end(), samples_.begin(), int16_of);
      const std::uint32_t bytes = table_.encode(coder_.get(), samples_.data(), frame_.data());
      if (const auto place = packet.place(i, bytes))
        std::copy_n(frame_.begin(), bytes, out.begin() + static_cast<std::ptrdiff_t>(*place));
    }
    return {packet.bytes(), static_cast<std::uint32_t>(in.frames()),
            static_cast<std::uint32_t>(packet.begin() * kFrame), packet.bytes() == kSilenceBytes};
  }
  void reset() noexcept override { table_.reset_encoder(coder_.get()); }

 private:
  const CodecInfo& info_;
  const SyrinxG729& table_;
  Coder coder_;
  std::array<std::int16_t, kFrame> samples_ = {};
  std::array<std::uint8_t, kBytes> frame_ = {};
};

class Decoder729 final : public Decoder {
 public:
  Decoder729(const CodecInfo& info, const SyrinxG729& table)
      : info_(info), table_(table), coder_(table.open_decoder(), table.close_decoder) {}
  bool works() const noexcept { return coder_.get() != nullptr; }
  const CodecInfo& info() const noexcept override { return info_; }
  int sample_rate_hz() const noexcept override { return info_.sample_rate_hz; }
  std::size_t channels() const noexcept override { return 1; }
  // Frames of speech, and at the end perhaps a description of the silence (RFC 3551, 4.5.6).
  std::size_t frames_in(std::span<const std::uint8_t> payload) const noexcept override {
    const std::size_t rest = payload.size() % kBytes;
    const std::size_t frames = payload.size() / kBytes + (rest == kSilenceBytes ? 1 : 0);
    return (rest == 0 || rest == kSilenceBytes) && frames <= kMaxFrames ? frames * kFrame : 0;
  }

  std::size_t decode(std::span<const std::uint8_t> payload,
                     MutableAudioView out) noexcept override {
    const std::size_t frames = frames_in(payload);
    if (frames == 0 || frames > out.frames()) {
      ++bad_payloads_;
      return 0;
    }
    left_ = 0;
    for (std::size_t i = 0; i < frames / kFrame; ++i) {
      const auto frame = payload.subspan(i * kBytes);
      const auto bytes = static_cast<std::uint32_t>(std::min(frame.size(), kBytes));
      table_.decode(coder_.get(), frame.data(), bytes, samples_.data());
      std::transform(samples_.begin(), samples_.end(), out.channel(0).subspan(i * kFrame).begin(),
                     float_of);
    }
    return frames;
  }
  // The plugin conceals whole frames; what is left of one stands for what is asked for next.
  void conceal(MutableAudioView out) noexcept override {
    for (float& sample : out.channel(0)) {
      if (left_ == 0) {
        table_.decode(coder_.get(), nullptr, 0, samples_.data());
        left_ = kFrame;
      }
      sample = float_of(samples_[kFrame - left_--]);
    }
  }
  std::uint64_t bad_payloads() const noexcept override { return bad_payloads_; }
  void reset() noexcept override {
    table_.reset_decoder(coder_.get());
    left_ = 0;
    bad_payloads_ = 0;
  }

 private:
  const CodecInfo& info_;
  const SyrinxG729& table_;
  Coder coder_;
  std::array<std::int16_t, kFrame> samples_ = {};
  std::size_t left_ = 0;  // Samples of a concealed frame that nobody has heard yet.
  std::uint64_t bad_payloads_ = 0;
};

}  // namespace

Result<void> g729_available() {
  SYRINX_TRY(plugin());
  return {};
}

bool has_annex_b(const PayloadFormat& format) noexcept {
  const std::string* annexb = format.parameter("annexb");
  return annexb == nullptr || !same_name(*annexb, "no");
}

Result<std::unique_ptr<Encoder>> make_g729_encoder(const CodecInfo& info,
                                                   const PayloadFormat& format,
                                                   const EncoderSettings& settings) {
  SYRINX_ASSIGN(const SyrinxG729* table, plugin());
  const bool silence = settings.dtx && has_annex_b(format);
  auto encoder = std::make_unique<Encoder729>(info, *table, silence);
  if (!encoder->works()) return no_memory();
  return std::unique_ptr<Encoder>(std::move(encoder));
}

Result<std::unique_ptr<Decoder>> make_g729_decoder(const CodecInfo& info) {
  SYRINX_ASSIGN(const SyrinxG729* table, plugin());
  auto decoder = std::make_unique<Decoder729>(info, *table);
  if (!decoder->works()) return no_memory();
  return std::unique_ptr<Decoder>(std::move(decoder));
}

}  // namespace syrinx::codec
