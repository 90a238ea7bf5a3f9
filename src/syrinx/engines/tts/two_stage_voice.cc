// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/tts/two_stage_voice.h"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "syrinx/core/nn/weights/weight_file.h"
#include "syrinx/stages/acoustic/fastspeech/fastspeech_model.h"
#include "syrinx/stages/acoustic/symbol_line.h"
#include "syrinx/stages/vocoder/bigvgan/bigvgan_model.h"
#include "syrinx/stages/vocoder/hifigan/hifigan_model.h"
#include "syrinx/stages/vocoder/model_kind.h"
#include "syrinx/stages/vocoder/vocoder.h"
#include "syrinx/stages/vocoder/vocos/vocos_model.h"

namespace syrinx::tts {
namespace {

namespace fs = std::filesystem;
using acoustic::FastSpeechModel;
using acoustic::SpeechModel;
using acoustic::Utterance;
using vocoder::ModelFamily;
using vocoder::VocoderModel;
using vocoder::VocoderStream;

constexpr std::size_t kBlockFrames = 64;  // Between two looks at the stop.
constexpr std::size_t kFirstWords = 25;   // A long sentence's first clause is heard first.

// The families that stream with a latency of frames.
Result<std::unique_ptr<VocoderModel>> load_vocoder(const TwoStageModel& model) {
  const fs::path weights = model.folder / kTwoStageVocoder;
  const fs::path config = model.folder / kTwoStageVocoderConfig;
  std::error_code failed;
  vocoder::VocoderOptions options;
  if (fs::is_regular_file(config, failed)) options.config = config;
  SYRINX_ASSIGN(const auto file, nn::WeightFile::open(weights));
  SYRINX_ASSIGN(const auto kind, vocoder::identify_model(file, options.config));
  switch (kind.family) {
    case ModelFamily::kHifiGan:
      return vocoder::HifiganModel::load(file, kind, options);
    case ModelFamily::kBigVgan:
      return vocoder::BigVganModel::load(file, kind, options);
    case ModelFamily::kVocos:
      return vocoder::VocosModel::load(file, kind, options);
    default:
      return make_error(ErrorCode::kUnsupported, weights.string(), " holds ",
                        vocoder::to_string(kind.family),
                        "; the vocoder of a two-stage voice is HiFi-GAN, BigVGAN or Vocos");
  }
}

Result<void> check_mels(const TwoStageModel& model, const vocoder::VocoderInfo& vocoder) {
  if (vocoder.mel == model.config.mel && !vocoder.normalised_mel) return {};
  return make_error(
      ErrorCode::kUnsupported, "the acoustic model of ", model.name, " makes mels of ",
      describe(model.config.mel), "; its vocoder, ", vocoder.family, ", takes those of ",
      describe(vocoder.mel), vocoder.normalised_mel ? ", normalised" : "",
      ": give it a vocoder for its mels, or the vocoder's own ", kTwoStageVocoderConfig);
}

class TwoStageVoice final : public SpeechModel {
 public:
  TwoStageVoice(FastSpeechModel acoustic, std::unique_ptr<VocoderModel> vocoder,
                std::unique_ptr<VocoderStream> stream)
      : acoustic_(std::move(acoustic)), vocoder_(std::move(vocoder)), stream_(std::move(stream)) {
    traits_.first_words = kFirstWords;
  }

  const acoustic::VoiceInfo& info() const noexcept override { return acoustic_.config().info; }
  PhonemeSet phoneme_set() const noexcept override { return PhonemeSet::kArpabet; }
  const acoustic::VoiceTraits& traits() const noexcept override { return traits_; }

  Result<Utterance> speak(const UtterancePlan& plan, const std::stop_token& stop) override {
    SYRINX_ASSIGN(auto spoken, acoustic_.speak(plan, stop));
    Utterance utterance;
    if (spoken.mel.frames() == 0) {
      utterance = acoustic::silence(info().sample_rate_hz);
    } else {
      SYRINX_ASSIGN(utterance.audio, sound_of(spoken.mel, stop));
      utterance.words = std::move(spoken.words);
      utterance.phonemes = std::move(spoken.phonemes);
      utterance.phonemes.back().end_s = utterance.audio.duration_s();
    }
    utterance.unsaid = std::move(spoken.unsaid);
    return utterance;
  }

 private:
  // As many samples as the mel has hops.
  Result<AudioBuffer> sound_of(const Mel& mel, const std::stop_token& stop) {
    const std::size_t hop = mel.spec().hop_samples;
    const int rate_hz = mel.spec().sample_rate_hz;
    AudioBuffer sound(1, mel.frames() * hop, rate_hz);
    std::span<float> wanted = sound.channel(0);
    std::size_t skip = stream_->latency_samples();
    std::vector<float> block(std::max(kBlockFrames * hop, stream_->tail_samples()));
    const auto deliver = [&](std::span<const float> made) {
      const std::size_t dropped = std::min(skip, made.size());
      skip -= dropped;
      made = made.subspan(dropped);
      const std::size_t taken = std::min(made.size(), wanted.size());
      std::copy_n(made.begin(), taken, wanted.begin());
      wanted = wanted.subspan(taken);
    };
    stream_->reset();
    for (std::size_t at = 0; at < mel.frames(); at += kBlockFrames) {
      if (stop.stop_requested()) return make_error(ErrorCode::kCancelled, "speaking was stopped");
      const std::size_t frames = std::min(kBlockFrames, mel.frames() - at);
      const std::span<float> out = std::span<float>(block).first(frames * hop);
      stream_->process({mel.frame(at).data(), frames, mel.spec()}, {out, rate_hz});
      deliver(out);
    }
    const std::span<float> out = std::span<float>(block).first(stream_->tail_samples());
    stream_->finish({out, rate_hz});
    deliver(out);
    return sound;
  }

  FastSpeechModel acoustic_;
  std::unique_ptr<VocoderModel> vocoder_;
  std::unique_ptr<VocoderStream> stream_;  // Of vocoder_.
  acoustic::VoiceTraits traits_;
};

}  // namespace

bool is_two_stage_folder(const fs::path& folder) {
  std::error_code failed;
  return fs::is_regular_file(folder / kTwoStageSettings, failed);
}

Result<TwoStageModel> open_two_stage_model(const fs::path& folder) {
  for (const char* file : {kTwoStageSettings, kTwoStageAcoustic, kTwoStageVocoder}) {
    std::error_code failed;
    if (!fs::is_regular_file(folder / file, failed))
      return make_error(ErrorCode::kNotFound, "the two-stage voice in ", folder.string(),
                        " lacks its ", file, "; put it there, or install the voice again");
  }
  SYRINX_ASSIGN(auto config, FastSpeechModel::read_config(folder / kTwoStageSettings));
  const fs::path plain = folder.has_filename() ? folder : folder.parent_path();
  config.info.name = plain.filename().string();
  return TwoStageModel{config.info.name, folder, std::move(config)};
}

Result<std::unique_ptr<SpeechModel>> load_two_stage_voice(const TwoStageModel& model) {
  SYRINX_ASSIGN(auto acoustic,
                FastSpeechModel::load(model.config, model.folder / kTwoStageAcoustic));
  SYRINX_ASSIGN(auto vocoder, load_vocoder(model));
  SYRINX_TRY(check_mels(model, vocoder->info()));
  SYRINX_ASSIGN(auto stream, vocoder->open_stream(kBlockFrames));
  return std::unique_ptr<SpeechModel>(
      new TwoStageVoice(std::move(acoustic), std::move(vocoder), std::move(stream)));
}

}  // namespace syrinx::tts
