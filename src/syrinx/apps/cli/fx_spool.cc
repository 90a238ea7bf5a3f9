// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/fx_spool.h"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>

namespace syrinx::cli {
namespace {

std::string folder() {
  const char* given = std::getenv("TMPDIR");
  return given == nullptr || *given == '\0' ? "/tmp" : given;
}

Error system_error(const char* what) {
  const std::string why = std::strerror(errno);
  return make_error(ErrorCode::kIo, "cannot ", what, " a temporary file in ", folder(), ": ", why,
                    "; a step in two passes needs room there (set TMPDIR to another folder)");
}

}  // namespace

Result<Spool> Spool::create(int sample_rate_hz, std::size_t channels) {
  std::string name = folder() + "/syrinx-fx-XXXXXX";
  const int descriptor = mkstemp(name.data());
  if (descriptor < 0) return system_error("make");
  unlink(name.c_str());
  return Spool(descriptor, sample_rate_hz, channels);
}

Spool::Spool(Spool&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      sample_rate_hz_(other.sample_rate_hz_),
      channels_(other.channels_),
      frames_(other.frames_) {}

Spool::~Spool() {
  if (descriptor_ >= 0) close(descriptor_);
}

Result<void> Spool::write(AudioView block) {
  interleaved_.resize(block.frames() * channels_);
  for (std::size_t c = 0; c < channels_; ++c) {
    const auto row = block.channel(c);
    for (std::size_t i = 0; i < row.size(); ++i) interleaved_[i * channels_ + c] = row[i];
  }
  const char* bytes = reinterpret_cast<const char*>(interleaved_.data());
  for (std::size_t left = interleaved_.size() * sizeof(float); left > 0;) {
    const ssize_t done = ::write(descriptor_, bytes, left);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return system_error("write to");
    bytes += done;
    left -= static_cast<std::size_t>(done);
  }
  frames_ += block.frames();
  return {};
}

Result<void> Spool::read(std::uint64_t offset, std::size_t frames, AudioBuffer& block) {
  interleaved_.resize(frames * channels_);
  char* bytes = reinterpret_cast<char*>(interleaved_.data());
  auto at = static_cast<off_t>(offset * channels_ * sizeof(float));
  for (std::size_t left = interleaved_.size() * sizeof(float); left > 0;) {
    const ssize_t done = pread(descriptor_, bytes, left, at);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return system_error("read from");
    bytes += done;
    at += done;
    left -= static_cast<std::size_t>(done);
  }
  block.reshape(channels_, frames, sample_rate_hz_);
  for (std::size_t c = 0; c < channels_; ++c) {
    const auto row = block.channel(c);
    for (std::size_t i = 0; i < frames; ++i) row[i] = interleaved_[i * channels_ + c];
  }
  return {};
}

}  // namespace syrinx::cli
