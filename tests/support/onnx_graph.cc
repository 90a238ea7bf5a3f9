// SPDX-License-Identifier: Apache-2.0
#include "support/onnx_graph.h"

#include <cstring>
#include <fstream>

namespace syrinx::support {
namespace {

std::string varint(std::uint64_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7U) out += static_cast<char>(0x80U | (value & 0x7FU));
  return out + static_cast<char>(value);
}

std::string number(unsigned field, std::int64_t value) {
  return varint(field << 3U) + varint(static_cast<std::uint64_t>(value));
}

std::string bytes_field(unsigned field, const std::string& value) {
  return varint(field << 3U | 2U) + varint(value.size()) + value;
}

std::string value_info(const std::string& name, int type, const OnnxGraph::Dims& dims) {
  std::string shape;
  for (const std::int64_t dim : dims)
    shape += bytes_field(1, dim < 0 ? bytes_field(2, "n") : number(1, dim));
  const std::string tensor = number(1, type) + bytes_field(2, shape);
  return bytes_field(1, name) + bytes_field(2, bytes_field(1, tensor));
}

template <class T>
std::string tensor(const std::string& name, int type, const OnnxGraph::Dims& dims,
                   const std::vector<T>& values) {
  std::string out;
  for (const std::int64_t dim : dims) out += number(1, dim);
  std::string raw(values.size() * sizeof(T), '\0');
  if (!values.empty()) std::memcpy(raw.data(), values.data(), raw.size());
  return out + number(2, type) + bytes_field(8, name) + bytes_field(9, raw);
}

}  // namespace

void OnnxGraph::input(const std::string& name, Type type, const Dims& dims) {
  graph_ += bytes_field(11, value_info(name, type, dims));
}

void OnnxGraph::output(const std::string& name, Type type, const Dims& dims) {
  graph_ += bytes_field(12, value_info(name, type, dims));
}

void OnnxGraph::constant(const std::string& name, const Dims& dims,
                         const std::vector<float>& values) {
  graph_ += bytes_field(5, tensor(name, kFloat, dims, values));
}

void OnnxGraph::constant(const std::string& name, const Dims& dims,
                         const std::vector<std::int64_t>& values) {
  graph_ += bytes_field(5, tensor(name, kInt64, dims, values));
}

void OnnxGraph::node(const std::string& op, const Names& inputs, const Names& outputs,
                     const Attributes& attributes) {
  std::string out;
  for (const std::string& name : inputs) out += bytes_field(1, name);
  for (const std::string& name : outputs) out += bytes_field(2, name);
  out += bytes_field(4, op);
  for (const auto& [name, values] : attributes) {
    const bool one = values.size() == 1 && name != "axes";
    std::string attribute = bytes_field(1, name);
    for (const std::int64_t value : values) attribute += number(one ? 3 : 8, value);
    out += bytes_field(5, attribute + number(20, one ? 2 : 7));
  }
  graph_ += bytes_field(1, out);
}

std::string OnnxGraph::bytes() const {
  const std::string opset = bytes_field(1, "") + number(2, 13);
  return number(1, 8) + bytes_field(7, graph_ + bytes_field(2, "test")) + bytes_field(8, opset);
}

void OnnxGraph::write(const std::filesystem::path& file) const {
  std::ofstream(file, std::ios::binary) << bytes();
}

}  // namespace syrinx::support
