// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

#include "syrinx/core/base/result.h"

namespace syrinx::io {

// Whether SOFA files can be read here. Errors: kUnavailable, saying how to get libmysofa.
Result<void> sofa_available();

// A head and its ears as they were recorded from many directions: a SOFA file (AES69-2015), read by
// libmysofa, which is loaded when it is first needed. One thread at a time.
class SofaFile {
 public:
  // Reads the file and brings its responses to this rate, at a loudness that leaves a sound from
  // ahead as loud as it was. Errors: kUnavailable without libmysofa; kNotFound; kCorruptData;
  // kUnsupported (not two ears, or of a kind that libmysofa does not read); kLimitExceeded;
  // kInvalidArgument for a rate outside limits.h.
  static Result<SofaFile> open(const std::filesystem::path& path, int sample_rate_hz);

  std::size_t taps() const noexcept { return taps_; }  // Delays included.
  // What both ears hear from a direction (ahead, left, up; of length 1), between the nearest that
  // were recorded, delayed by whole samples. Pre: both spans have taps() samples.
  void response(double x, double y, double z, std::span<float> left, std::span<float> right) const;

 private:
  struct File;
  struct Close {
    void operator()(File* file) const noexcept;
  };
  SofaFile(std::unique_ptr<File, Close> file, int sample_rate_hz);
  Result<void> measure_delays();

  std::unique_ptr<File, Close> file_;
  int sample_rate_hz_;
  std::size_t taps_ = 0;
};

}  // namespace syrinx::io
