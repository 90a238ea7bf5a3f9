// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace syrinx::support {

// Writes small ONNX models (opset 13), for tests of what runs them: just enough of ONNX's protobuf
// (onnx.proto of onnx/onnx) to name inputs, outputs, constants and nodes.
class OnnxGraph {
 public:
  enum Type : int { kFloat = 1, kInt32 = 6, kInt64 = 7 };
  using Dims = std::vector<std::int64_t>;  // -1: any extent.
  using Names = std::vector<std::string>;
  using Attributes = std::vector<std::pair<std::string, Dims>>;  // One number: an INT, else INTS.

  void input(const std::string& name, Type type, const Dims& dims);
  void output(const std::string& name, Type type, const Dims& dims);
  void constant(const std::string& name, const Dims& dims, const std::vector<float>& values);
  void constant(const std::string& name, const Dims& dims, const std::vector<std::int64_t>& values);
  void node(const std::string& op, const Names& inputs, const Names& outputs,
            const Attributes& attributes = {});

  std::string bytes() const;
  void write(const std::filesystem::path& file) const;

 private:
  std::string graph_;
};

}  // namespace syrinx::support
