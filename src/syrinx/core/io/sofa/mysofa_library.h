// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/core/base/result.h"

// The part of libmysofa's C interface (version 1) that is used here, in our own declarations.
namespace syrinx::io::mysofa {

struct Easy;  // An open file, its filters and the search among them.

enum Status : int { kOk = 0, kInvalidFormat = 10000, kUnsupportedFormat, kNoMemory, kReadError };

struct Library {
  // Reads a file and brings its filters to a rate and a loudness; null and a status on failure.
  Easy* (*open)(const char* path, float sample_rate_hz, int* filter_samples, int* status);
  void (*close)(Easy* file);
  // The filters for a direction (ahead, left, up), between the nearest that were recorded, and
  // their delays in seconds.
  void (*filters)(Easy* file, float x, float y, float z, float* left, float* right,
                  float* left_delay_s, float* right_delay_s);
};

// Loads the library, once: $SYRINX_MYSOFA if set, and then nothing else; else libmysofa.so.1. Any
// thread. Errors: kUnavailable, saying how to get it.
Result<const Library*> load_library();

}  // namespace syrinx::io::mysofa
