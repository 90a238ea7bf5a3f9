// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/acoustic/graph_ports.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <utility>

#include "syrinx/core/base/limits.h"

namespace syrinx::acoustic {
namespace {

template <class T>
nn::OnnxTensor cast(nn::OnnxShape shape, std::span<const double> values) {
  std::vector<T> as;
  as.reserve(values.size());
  for (const double value : values)
    as.push_back(static_cast<T>(std::is_integral_v<T> ? std::round(value) : value));
  return nn::OnnxTensor(std::move(shape), std::move(as));
}

template <class T>
void append_as(std::vector<double>& out, const nn::OnnxTensor& tensor) {
  for (const T value : tensor.values<T>()) out.push_back(static_cast<double>(value));
}

}  // namespace

const nn::OnnxPort* find_port(const std::vector<nn::OnnxPort>& ports,
                              std::initializer_list<std::string_view> names) noexcept {
  for (const std::string_view name : names) {
    for (const nn::OnnxPort& port : ports) {
      if (port.name == name) return &port;
    }
  }
  return nullptr;
}

std::string port_names(const std::vector<nn::OnnxPort>& ports) {
  std::string names;
  for (const nn::OnnxPort& port : ports) names += (names.empty() ? "" : ", ") + port.name;
  return names;
}

Result<nn::OnnxTensor> tensor_for(const nn::OnnxPort& port, nn::OnnxShape shape,
                                  std::span<const double> values) {
  switch (port.type) {
    case nn::OnnxType::kFloat32:
      return cast<float>(std::move(shape), values);
    case nn::OnnxType::kFloat64:
      return cast<double>(std::move(shape), values);
    case nn::OnnxType::kInt32:
      return cast<std::int32_t>(std::move(shape), values);
    case nn::OnnxType::kInt64:
      return cast<std::int64_t>(std::move(shape), values);
    case nn::OnnxType::kBool:
      break;
  }
  return make_error(ErrorCode::kUnsupported, "the input '", port.name,
                    "' takes booleans; numbers were expected");
}

std::vector<double> numbers_of(const nn::OnnxTensor& tensor) {
  std::vector<double> out;
  out.reserve(tensor.size());
  switch (tensor.type()) {
    case nn::OnnxType::kFloat32:
      append_as<float>(out, tensor);
      break;
    case nn::OnnxType::kFloat64:
      append_as<double>(out, tensor);
      break;
    case nn::OnnxType::kInt32:
      append_as<std::int32_t>(out, tensor);
      break;
    case nn::OnnxType::kInt64:
      append_as<std::int64_t>(out, tensor);
      break;
    case nn::OnnxType::kBool:
      append_as<std::uint8_t>(out, tensor);
      break;
  }
  return out;
}

Result<std::vector<float>> samples_of(const nn::OnnxTensor& tensor, std::string_view model) {
  const bool floating =
      tensor.type() == nn::OnnxType::kFloat32 || tensor.type() == nn::OnnxType::kFloat64;
  if (!floating)
    return make_error(ErrorCode::kUnsupported, model, " gives its sound as ",
                      describe(tensor.type(), tensor.shape()), "; float32 was expected");
  if (tensor.size() > limits::kMaxSpeechFramesPerSentence)
    return make_error(ErrorCode::kLimitExceeded, model, " made ", tensor.size(),
                      " samples of one sentence; at most ", limits::kMaxSpeechFramesPerSentence,
                      " are taken");
  std::vector<float> samples;
  samples.reserve(tensor.size());
  for (const double value : numbers_of(tensor)) {
    if (!std::isfinite(value))
      return make_error(ErrorCode::kInternal, model,
                        " made a sample that is not a number; its "
                        "file may be broken");
    samples.push_back(static_cast<float>(std::clamp(value, -1.0, 1.0)));
  }
  return samples;
}

Result<bool> draws_noise(const std::filesystem::path& model) {
  constexpr std::array<std::string_view, 4> kOperators = {"RandomNormal", "RandomUniform",
                                                          "Bernoulli", "Multinomial"};
  constexpr std::size_t kOverlap = 16;  // More than the longest of them.
  std::ifstream file(model, std::ios::binary);
  if (!file) return make_error(ErrorCode::kIo, "cannot open ", model.string());
  std::string window;
  std::string piece(std::size_t{1} << 20, '\0');
  while (file) {
    file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    window.append(piece, 0, static_cast<std::size_t>(file.gcount()));
    for (const std::string_view name : kOperators) {
      if (window.find(name) != std::string::npos) return true;
    }
    if (window.size() > kOverlap) window.erase(0, window.size() - kOverlap);
  }
  return false;
}

}  // namespace syrinx::acoustic
