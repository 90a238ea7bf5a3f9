// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/convert_input.h"

#include <utility>

#include "syrinx/apps/cli/sound_files.h"
#include "syrinx/core/flow/buffer_source.h"

namespace syrinx::cli {
namespace {

Result<void> check_length(const ConvertJob& job, double seconds) {
  if (!(job.improve || job.keep_sounds) || seconds <= conversion::kMostJudgedS) return {};
  return make_error(ErrorCode::kLimitExceeded, "the sound lasts ", seconds, " s; --improve and ",
                    "--page take up to ", conversion::kMostJudgedS, " s; cut it into parts");
}

}  // namespace

class ConvertInput::Drawn final : public AudioSource {
 public:
  Drawn(ConvertInput& input, const ShowProgress& progress)
      : input_(input), progress_(progress), kept_(input.kept_.view()) {
    if (input.is_kept_) from_ = &kept_;
  }
  int sample_rate_hz() const noexcept override { return input_.info().sample_rate_hz; }
  std::size_t channels() const noexcept override { return input_.info().channels; }
  Result<bool> next(AudioBuffer& block, const std::stop_token& stop) override {
    if (stop.stop_requested())
      return make_error(ErrorCode::kCancelled, "stopped; nothing is written");
    const std::uint64_t all =
        input_.is_kept_ ? input_.kept_.frames() : input_.info().frames.value_or(0);
    if (all > 0) progress_(static_cast<double>(frames_) / static_cast<double>(all), input_.name_);
    SYRINX_ASSIGN(const bool more, from_->next(block, stop));
    if (more) frames_ += block.frames();
    input_.frames_ = frames_;
    return more;
  }

 private:
  ConvertInput& input_;
  const ShowProgress& progress_;
  BufferSource kept_;
  AudioSource* from_ = &input_.reader_;
  std::uint64_t frames_ = 0;
};

Result<ConvertInput> ConvertInput::open(const ConvertJob& job, bool heard_twice,
                                        const std::stop_token& stop) {
  SYRINX_ASSIGN(auto reader, open_input(job.input));
  ConvertInput input(job.input, std::move(reader));
  input.is_kept_ = job.improve || job.keep_sounds || (job.input == "-" && heard_twice);
  if (!input.is_kept_) return input;
  const io::AudioFileInfo& info = input.info();
  SYRINX_TRY(check_length(job, static_cast<double>(info.frames.value_or(0)) / info.sample_rate_hz));
  SYRINX_ASSIGN(input.kept_, io::read_all(input.reader_, stop));
  SYRINX_TRY(check_length(job, input.kept_.duration_s()));
  return input;
}

Result<AudioBuffer> ConvertInput::whole() const {
  if (is_kept_) return kept_;
  return io::read_audio(name_);
}

std::unique_ptr<AudioSource> ConvertInput::drawn(const ShowProgress& progress) {
  return std::make_unique<Drawn>(*this, progress);
}

Result<std::unique_ptr<AudioSource>> ConvertInput::again() const {
  if (is_kept_) return std::unique_ptr<AudioSource>(std::make_unique<BufferSource>(kept_.view()));
  SYRINX_ASSIGN(auto reader, open_input(name_));
  return std::unique_ptr<AudioSource>(std::make_unique<io::AudioReader>(std::move(reader)));
}

}  // namespace syrinx::cli
