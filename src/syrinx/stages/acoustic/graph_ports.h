// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/nn/onnx/onnx_session.h"

// What the voices that are ONNX graphs have in common: inputs by name in the type that the graph
// declares, and sound out.
namespace syrinx::acoustic {

// How a voice that is a network is loaded.
struct NetworkVoiceOptions {
  int threads = 1;  // That one run may use.
  // The same plan gives the same sound: noise that the graph takes is left out. kUnsupported from
  // loading for a graph that draws noise which cannot be left out.
  bool steady = false;
};

// The input or output of one of these names, or nullptr.
const nn::OnnxPort* find_port(const std::vector<nn::OnnxPort>& ports,
                              std::initializer_list<std::string_view> names) noexcept;

// "input, scales": the names of all ports.
std::string port_names(const std::vector<nn::OnnxPort>& ports);

// The numbers as the port's type, rounded where it is an integer. Errors: kUnsupported for a port
// of booleans; kLimitExceeded.
Result<nn::OnnxTensor> tensor_for(const nn::OnnxPort& port, nn::OnnxShape shape,
                                  std::span<const double> values);

// All values of a tensor of any type.
std::vector<double> numbers_of(const nn::OnnxTensor& tensor);

// The samples of a graph's sound, held within full scale. Errors: kUnsupported for a tensor that is
// not floating; kInternal for a sample that is not a number; kLimitExceeded above
// limits::kMaxSpeechFramesPerSentence.
Result<std::vector<float>> samples_of(const nn::OnnxTensor& tensor, std::string_view model);

// Whether a graph draws random numbers itself: an operator of ONNX that does is named in the file.
// Errors: kIo.
Result<bool> draws_noise(const std::filesystem::path& model);

}  // namespace syrinx::acoustic
