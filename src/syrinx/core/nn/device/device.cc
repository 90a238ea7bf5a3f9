// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/device/device.h"

#include <fstream>

#include "syrinx/core/dsp/cpu_features.h"
#include "syrinx/core/nn/rows/row_kernels.h"

namespace syrinx::nn {
namespace {

// A line of Linux's /proc/meminfo, which counts in KiB; 0 where there is none.
std::size_t memory_line(std::string_view name) {
  std::ifstream lines("/proc/meminfo");
  std::string key;
  std::size_t kib = 0;
  for (std::string unit; lines >> key >> kib; std::getline(lines, unit))
    if (key == name) return kib * 1024;
  return 0;
}

Device processor() {
  const RowKernels& kernels = row_kernels();
  Device made;
  made.kind = DeviceKind::kCpu;
  made.name = kCpuDevice;
  made.description = dsp::cpu_features().brand + " (" + to_string(kernels.level) + ")";
  made.precisions = {"fp32"};
  if (kernels.conv_bf16 != nullptr) made.precisions.emplace_back("bf16");
  made.memory_bytes = memory_line("MemTotal:");
  made.free_bytes = memory_line("MemAvailable:");
  return made;
}

}  // namespace

std::vector<Device> list_devices() { return {processor()}; }

Result<Device> find_device(std::string_view name) {
  std::string names;
  for (Device& device : list_devices()) {
    if (device.name == name) return std::move(device);
    names += (names.empty() ? "" : ", ") + device.name;
  }
  return make_error(ErrorCode::kUnsupported, "there is no device '", name,
                    "' to run networks on; there is ", names);
}

}  // namespace syrinx::nn
