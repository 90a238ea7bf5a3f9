// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/device/device.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "syrinx/core/nn/rows/row_kernels.h"

namespace syrinx::nn {
namespace {

TEST(Device, TheProcessorIsOneWithItsKernelsAndItsMemory) {
  const auto cpu = find_device("cpu");
  ASSERT_TRUE(cpu) << cpu.error().message;
  EXPECT_EQ(cpu->kind, DeviceKind::kCpu);
  EXPECT_NE(cpu->description.find(to_string(row_kernels().level)), std::string::npos);
  const auto has = [&](const char* precision) {
    return std::count(cpu->precisions.begin(), cpu->precisions.end(), precision) == 1;
  };
  EXPECT_TRUE(has("fp32"));
  EXPECT_EQ(has("bf16"), row_kernels().conv_bf16 != nullptr);
#if defined(__linux__)
  EXPECT_GT(cpu->memory_bytes, std::size_t{64} << 20);
  EXPECT_GT(cpu->free_bytes, 0U);
  EXPECT_LE(cpu->free_bytes, cpu->memory_bytes);
#endif
}

TEST(Device, AskingForAnotherIsRefusedWithWhatThereIs) {
  const auto cuda = find_device("cuda");
  ASSERT_FALSE(cuda);
  EXPECT_EQ(cuda.error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(cuda.error().message, "there is no device 'cuda' to run networks on; there is cpu");
}

}  // namespace
}  // namespace syrinx::nn
