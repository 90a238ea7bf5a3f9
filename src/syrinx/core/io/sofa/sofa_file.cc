// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/sofa/sofa_file.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/io/sofa/mysofa_library.h"

namespace syrinx::io {
namespace {

Error open_error(const std::filesystem::path& path, int status) {
  const std::string name = path.string();
  switch (status) {
    case mysofa::kReadError:
    case mysofa::kInvalidFormat:
      return make_error(ErrorCode::kCorruptData, name, " is damaged, or no SOFA file");
    case mysofa::kNoMemory:
      return make_error(ErrorCode::kLimitExceeded, name, " takes more memory than there is");
    default:
      return make_error(ErrorCode::kUnsupported, name,
                        " is no SOFA file that libmysofa reads (it gave status ", status,
                        "); give one of the convention SimpleFreeFieldHRIR");
  }
}

Result<void> check_file(const std::filesystem::path& path) {
  std::error_code failed;
  const auto bytes = std::filesystem::file_size(path, failed);
  if (failed)
    return make_error(ErrorCode::kNotFound, "cannot read the SOFA file ", path.string(), ": ",
                      failed.message());
  if (bytes > limits::kMaxSofaFileBytes)
    return make_error(ErrorCode::kLimitExceeded, path.string(), " has ", bytes,
                      " bytes; a SOFA file may have ", limits::kMaxSofaFileBytes);
  return {};
}

}  // namespace

struct SofaFile::File {
  const mysofa::Library* library = nullptr;
  mysofa::Easy* easy = nullptr;
  std::size_t filter_samples = 0;
  mutable std::vector<float> filters;  // Left, then right: of the last direction asked for.

  // The delays of both ears in samples.
  std::pair<double, double> look_up(double x, double y, double z, double rate_hz) const {
    float left_s = 0.0f;
    float right_s = 0.0f;
    library->filters(easy, static_cast<float>(x), static_cast<float>(y), static_cast<float>(z),
                     filters.data(), filters.data() + filter_samples, &left_s, &right_s);
    return {static_cast<double>(left_s) * rate_hz, static_cast<double>(right_s) * rate_hz};
  }
};

void SofaFile::Close::operator()(File* file) const noexcept {
  if (file->easy != nullptr) file->library->close(file->easy);
  delete file;
}

SofaFile::SofaFile(std::unique_ptr<File, Close> file, int sample_rate_hz)
    : file_(std::move(file)), sample_rate_hz_(sample_rate_hz) {}

Result<void> sofa_available() {
  SYRINX_TRY(mysofa::load_library());
  return {};
}

Result<SofaFile> SofaFile::open(const std::filesystem::path& path, int sample_rate_hz) {
  if (sample_rate_hz < limits::kMinSampleRateHz || sample_rate_hz > limits::kMaxSampleRateHz)
    return make_error(ErrorCode::kInvalidArgument, "SOFA: the rate is ", sample_rate_hz,
                      " Hz; give ", limits::kMinSampleRateHz, " to ", limits::kMaxSampleRateHz);
  SYRINX_ASSIGN(const mysofa::Library* library, mysofa::load_library());
  SYRINX_TRY(check_file(path));
  std::unique_ptr<File, Close> file(new File);
  file->library = library;
  int samples = 0;
  int status = mysofa::kOk;
  file->easy = library->open(path.c_str(), static_cast<float>(sample_rate_hz), &samples, &status);
  if (file->easy == nullptr) return open_error(path, status);
  if (samples <= 0 || static_cast<std::size_t>(samples) > limits::kMaxSofaTaps)
    return make_error(ErrorCode::kLimitExceeded, path.string(), ": a response has ", samples,
                      " samples at ", sample_rate_hz, " Hz; it may have 1 to ",
                      limits::kMaxSofaTaps);
  file->filter_samples = static_cast<std::size_t>(samples);
  file->filters.resize(2 * file->filter_samples);
  SofaFile sofa(std::move(file), sample_rate_hz);
  SYRINX_TRY(sofa.measure_delays());
  return sofa;
}

// Every 5 degrees: delays between two recorded directions lie between theirs.
Result<void> SofaFile::measure_delays() {
  constexpr double kRadians = std::numbers::pi / 180.0;
  double longest = 0.0;
  for (int elevation = -90; elevation <= 90; elevation += 5) {
    for (int azimuth = 0; azimuth < 360; azimuth += 5) {
      const double level = std::cos(elevation * kRadians);
      const auto [left, right] =
          file_->look_up(level * std::cos(azimuth * kRadians), level * std::sin(azimuth * kRadians),
                         std::sin(elevation * kRadians), sample_rate_hz_);
      longest = std::max({longest, left, right});
    }
  }
  if (!(longest < static_cast<double>(limits::kMaxSofaTaps - file_->filter_samples)))
    return make_error(ErrorCode::kLimitExceeded, "SOFA: a response is delayed by ", longest,
                      " samples; with its own it may have ", limits::kMaxSofaTaps);
  taps_ = file_->filter_samples + static_cast<std::size_t>(std::lround(longest));
  return {};
}

void SofaFile::response(double x, double y, double z, std::span<float> left,
                        std::span<float> right) const {
  const auto [left_delay, right_delay] = file_->look_up(x, y, z, sample_rate_hz_);
  const std::size_t latest = taps_ - file_->filter_samples;
  const auto place = [&](double delay, const float* filter, std::span<float> out) {
    std::fill(out.begin(), out.end(), 0.0f);
    const double rounded = std::isfinite(delay) ? std::max(0.0, std::round(delay)) : 0.0;
    const std::size_t at = std::min(latest, static_cast<std::size_t>(std::min(rounded, 1e6)));
    for (std::size_t i = 0; i < file_->filter_samples; ++i)
      out[at + i] = std::isfinite(filter[i]) ? filter[i] : 0.0f;
  };
  place(left_delay, file_->filters.data(), left);
  place(right_delay, file_->filters.data() + file_->filter_samples, right);
}

}  // namespace syrinx::io
