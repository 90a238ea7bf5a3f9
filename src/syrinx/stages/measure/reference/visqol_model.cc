// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <fstream>
#include <istream>
#include <iterator>
#include <sstream>
#include <string>

#include "syrinx/core/base/limits.h"
#include "syrinx/stages/measure/reference/visqol.h"

namespace syrinx::measure {
namespace {

constexpr std::size_t kBands = 32;

struct Header {
  std::size_t vectors = 0;
  double gamma = 0.0;
  double rho = 0.0;
};

Error corrupt(std::string_view what) {
  return make_error(ErrorCode::kCorruptData, "ViSQOL model: ", what);
}

// strtod rather than >>: a stream takes neither inf nor what only looks like a number quietly.
bool parse_number(const std::string& word, double& number) {
  char* end = nullptr;
  number = std::strtod(word.c_str(), &end);
  return end != word.c_str() && *end == '\0' && std::isfinite(number);
}

Result<Header> parse_header(std::istream& in) {
  Header header;
  std::string key;
  std::string value;
  std::string type;
  std::string kernel;
  while (in >> key && key != "SV") {
    if (!(in >> value)) return corrupt("the header ends in the middle");
    double number = 0.0;
    const bool is_number = parse_number(value, number);
    if (key == "svm_type") type = value;
    if (key == "kernel_type") kernel = value;
    if (key == "gamma" && is_number) header.gamma = number;
    if (key == "rho" && is_number) header.rho = number;
    if (key == "total_sv" && is_number && number >= 1.0) {
      if (number > static_cast<double>(limits::kMaxSvmVectors))
        return make_error(ErrorCode::kLimitExceeded, "ViSQOL model: ", number,
                          " support vectors, the limit is ", limits::kMaxSvmVectors);
      header.vectors = static_cast<std::size_t>(number);
    }
  }
  if (key != "SV" || header.vectors == 0) return corrupt("the header of a libsvm model is missing");
  if (type != "nu_svr" || kernel != "rbf")
    return make_error(ErrorCode::kUnsupported, "ViSQOL model: a machine '", type, "' with kernel '",
                      kernel, "' was given, expected nu_svr with rbf");
  if (header.gamma <= 0.0) return corrupt("gamma is missing or not above 0");
  return header;
}

// "coefficient 1:value 2:value ...", all bands in order.
Result<double> parse_vector(const std::string& line, std::vector<double>& values) {
  std::istringstream words(line);
  std::string word;
  double coefficient = 0.0;
  if (!(words >> word) || !parse_number(word, coefficient))
    return corrupt("a support vector has no coefficient");
  for (std::size_t b = 1; b <= kBands; ++b) {
    double value = 0.0;
    const std::string index = std::to_string(b) + ":";
    if (!(words >> word) || word.compare(0, index.size(), index) != 0 ||
        !parse_number(word.substr(index.size()), value))
      return corrupt("a support vector has not its 32 values in order");
    values.push_back(value);
  }
  if (words >> word) return corrupt("a support vector has more than 32 values");
  return coefficient;
}

}  // namespace

Result<VisqolAudioModel> VisqolAudioModel::parse(std::string_view text) {
  if (text.size() > limits::kMaxSvmFileBytes)
    return make_error(ErrorCode::kLimitExceeded, "ViSQOL model: the file is larger than ",
                      limits::kMaxSvmFileBytes, " bytes");
  std::istringstream in{std::string(text)};
  SYRINX_ASSIGN(const Header header, parse_header(in));
  VisqolAudioModel model;
  model.gamma_ = header.gamma;
  model.rho_ = header.rho;
  std::string line;
  std::getline(in, line);  // What is left of the line "SV".
  for (std::size_t i = 0; i < header.vectors; ++i) {
    if (!std::getline(in, line)) return corrupt("support vectors are missing at the end");
    SYRINX_ASSIGN(const double coefficient, parse_vector(line, model.vectors_));
    model.coefficients_.push_back(coefficient);
  }
  return model;
}

Result<VisqolAudioModel> VisqolAudioModel::load(const std::filesystem::path& path) {
  std::error_code failure;
  if (!std::filesystem::is_regular_file(path, failure))
    return make_error(ErrorCode::kNotFound, "ViSQOL model: no file ", path);
  std::ifstream file(path, std::ios::binary);
  if (!file) return make_error(ErrorCode::kIo, "ViSQOL model: cannot open ", path);
  std::string text(limits::kMaxSvmFileBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad()) return make_error(ErrorCode::kIo, "ViSQOL model: cannot read ", path);
  text.resize(static_cast<std::size_t>(file.gcount()));
  return parse(text);
}

double VisqolAudioModel::predict(const std::vector<double>& band_similarity) const {
  SYRINX_CHECK(band_similarity.size() == kBands, "the model takes 32 bands");
  double sum = -rho_;
  for (std::size_t i = 0; i < coefficients_.size(); ++i) {
    double distance = 0.0;
    for (std::size_t b = 0; b < kBands; ++b) {
      const double d = band_similarity[b] - vectors_[i * kBands + b];
      distance += d * d;
    }
    sum += coefficients_[i] * std::exp(-gamma_ * distance);
  }
  return sum;
}

}  // namespace syrinx::measure
