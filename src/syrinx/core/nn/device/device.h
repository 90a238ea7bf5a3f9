// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"

// Where networks run. The processor is the only device now; whatever chooses one does so by name,
// so that another is a kind more here and kernels of its own.
namespace syrinx::nn {

enum class DeviceKind { kCpu };

struct Device {
  DeviceKind kind = DeviceKind::kCpu;
  std::string name;                     // What it is asked for by: "cpu".
  std::string description;              // The processor's own name, and its kernels.
  std::vector<std::string> precisions;  // That it multiplies in: "fp32", "bf16".
  std::size_t memory_bytes = 0;         // In all; 0 where the system does not say.
  std::size_t free_bytes = 0;           // Of which programs may still take so much now.
};

inline constexpr const char* kCpuDevice = "cpu";

// Every device that networks can run on here, the best one first.
std::vector<Device> list_devices();
// Errors: kUnsupported naming those that there are.
Result<Device> find_device(std::string_view name);

}  // namespace syrinx::nn
