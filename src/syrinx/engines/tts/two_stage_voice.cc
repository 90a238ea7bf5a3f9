// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/tts/two_stage_voice.h"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "syrinx/core/base/json.h"
#include "syrinx/core/nn/weights/weight_file.h"
#include "syrinx/engines/tts/own_voice/own_voice.h"
#include "syrinx/stages/acoustic/fastspeech/fastspeech_model.h"
#include "syrinx/stages/acoustic/symbol_line.h"
#include "syrinx/stages/vocoder/bigvgan/bigvgan_model.h"
#include "syrinx/stages/vocoder/hifigan/hifigan_model.h"
#include "syrinx/stages/vocoder/model_kind.h"
#include "syrinx/stages/vocoder/source_filter/source_filter_model.h"
#include "syrinx/stages/vocoder/vocoder.h"
#include "syrinx/stages/vocoder/vocos/vocos_model.h"

namespace syrinx::tts {
namespace {

namespace fs = std::filesystem;
using acoustic::BegunUtterance;
using acoustic::FastSpeechModel;
using acoustic::SpeechModel;
using acoustic::Utterance;
using vocoder::ModelFamily;
using vocoder::VocoderModel;
using vocoder::VocoderStream;

constexpr std::size_t kFirstFrames = 16;  // Of the first block; each is twice the one before,
constexpr std::size_t kBlockFrames = 64;  // up to this. Between two a stop is looked for.
constexpr std::size_t kFirstWords = 25;   // A long sentence's first clause is heard first.

// The families that stream with a latency of frames.
Result<std::unique_ptr<VocoderModel>> load_vocoder(const nn::WeightFile& file,
                                                   const vocoder::ModelKind& kind) {
  const vocoder::VocoderOptions options;
  switch (kind.family) {
    case ModelFamily::kHifiGan:
      return vocoder::HifiganModel::load(file, kind, options);
    case ModelFamily::kBigVgan:
      return vocoder::BigVganModel::load(file, kind, options);
    case ModelFamily::kVocos:
      return vocoder::VocosModel::load(file, kind, options);
    case ModelFamily::kSourceFilter:
      return vocoder::SourceFilterModel::load(file, kind, options);
    default:
      return make_error(ErrorCode::kUnsupported, file.name(), " holds ",
                        vocoder::to_string(kind.family),
                        "; the vocoder of a two-stage voice is HiFi-GAN, BigVGAN, Vocos or a "
                        "source-filter vocoder");
  }
}

// A two-stage voice's weights, and what its vocoder is.
struct Weights {
  nn::WeightFile acoustic;
  nn::WeightFile vocoder;
  vocoder::ModelKind kind;
};

Result<nn::WeightFile> open_bytes(std::span<const std::byte> bytes, const char* name) {
  return nn::WeightFile::from_memory({bytes.begin(), bytes.end()},
                                     std::string("the built-in ") + kOwnVoice + "/" + name);
}

Result<Weights> open_own_weights() {
  const OwnVoiceFiles files = own_voice_files();
  SYRINX_ASSIGN(auto acoustic, open_bytes(files.acoustic, kTwoStageAcoustic));
  SYRINX_ASSIGN(auto sounding, open_bytes(files.vocoder, kTwoStageVocoder));
  SYRINX_ASSIGN(const auto config, parse_json(files.vocoder_config));
  SYRINX_ASSIGN(auto kind, vocoder::identify_model(sounding, &config));
  return Weights{std::move(acoustic), std::move(sounding), std::move(kind)};
}

Result<Weights> open_weights(const TwoStageModel& model) {
  if (model.folder.empty()) return open_own_weights();
  fs::path config = model.folder / kTwoStageVocoderConfig;
  std::error_code failed;
  if (!fs::is_regular_file(config, failed)) config.clear();
  SYRINX_ASSIGN(auto acoustic, nn::WeightFile::open(model.folder / kTwoStageAcoustic));
  SYRINX_ASSIGN(auto sounding, nn::WeightFile::open(model.folder / kTwoStageVocoder));
  SYRINX_ASSIGN(auto kind, vocoder::identify_model(sounding, config));
  return Weights{std::move(acoustic), std::move(sounding), std::move(kind)};
}

Result<void> check_mels(const TwoStageModel& model, const vocoder::VocoderInfo& vocoder) {
  if (vocoder.mel == model.config.mel && !vocoder.normalised_mel) return {};
  return make_error(
      ErrorCode::kUnsupported, "the acoustic model of ", model.name, " makes mels of ",
      describe(model.config.mel), "; its vocoder, ", vocoder.family, ", takes those of ",
      describe(vocoder.mel), vocoder.normalised_mel ? ", normalised" : "",
      ": give it a vocoder for its mels, or the vocoder's own ", kTwoStageVocoderConfig);
}

// The sound of a mel, block by block: as many samples as it has hops. The stream outlives it.
class MelSound final : public AudioSource {
 public:
  MelSound(Mel mel, VocoderStream& stream)
      : mel_(std::move(mel)),
        stream_(stream),
        left_(mel_.frames() * mel_.spec().hop_samples),
        skip_(stream.latency_samples()) {
    stream_.reset();
  }

  int sample_rate_hz() const noexcept override { return mel_.spec().sample_rate_hz; }
  std::size_t channels() const noexcept override { return 1; }

  Result<bool> next(AudioBuffer& block, const std::stop_token& stop) override {
    block = AudioBuffer(1, 0, sample_rate_hz());
    while (left_ > 0 && block.empty()) {
      if (stop.stop_requested()) return make_error(ErrorCode::kCancelled, "speaking was stopped");
      const std::span<const float> made = make();
      const std::size_t dropped = std::min(skip_, made.size());
      skip_ -= dropped;
      const std::size_t taken = std::min(made.size() - dropped, left_);
      left_ -= taken;
      block.append(AudioView(made.subspan(dropped, taken), sample_rate_hz()));
    }
    return !block.empty();
  }

 private:
  // What the next frames complete; after the last, the rest.
  std::span<const float> make() {
    if (at_ == mel_.frames()) {
      made_.resize(stream_.tail_samples());
      stream_.finish({made_, sample_rate_hz()});
      return made_;
    }
    const std::size_t frames = std::min(block_frames_, mel_.frames() - at_);
    made_.resize(frames * mel_.spec().hop_samples);
    stream_.process({mel_.frame(at_).data(), frames, mel_.spec()}, {made_, sample_rate_hz()});
    at_ += frames;
    block_frames_ = std::min(2 * block_frames_, kBlockFrames);
    return made_;
  }

  const Mel mel_;
  VocoderStream& stream_;
  std::vector<float> made_;
  std::size_t left_;
  std::size_t skip_;  // Of what is made: silence before the first sample.
  std::size_t at_ = 0;
  std::size_t block_frames_ = kFirstFrames;
};

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
    SYRINX_ASSIGN(auto begun, begin(plan, stop));
    if (begun.sound == nullptr) return std::move(begun.utterance);
    AudioBuffer& sound = begun.utterance.audio;
    sound = AudioBuffer(1, 0, info().sample_rate_hz);
    AudioBuffer block;
    while (true) {
      SYRINX_ASSIGN(const bool more, begun.sound->next(block, stop));
      if (!more) return std::move(begun.utterance);
      sound.append(block);
    }
  }

  Result<BegunUtterance> begin(const UtterancePlan& plan, const std::stop_token& stop) override {
    SYRINX_ASSIGN(auto spoken, acoustic_.speak(plan, stop));
    BegunUtterance begun;
    begun.utterance.unsaid = std::move(spoken.unsaid);
    if (spoken.mel.frames() == 0) {
      begun.utterance.audio = acoustic::silence(info().sample_rate_hz).audio;
      begun.frames = begun.utterance.audio.frames();
      return begun;
    }
    begun.frames = spoken.mel.frames() * spoken.mel.spec().hop_samples;
    begun.utterance.words = std::move(spoken.words);
    begun.utterance.phonemes = std::move(spoken.phonemes);
    begun.utterance.phonemes.back().end_s =
        static_cast<double>(begun.frames) / info().sample_rate_hz;
    begun.sound = std::make_unique<MelSound>(std::move(spoken.mel), *stream_);
    return begun;
  }

 private:
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

Result<TwoStageModel> open_own_voice() {
  SYRINX_ASSIGN(const auto json, parse_json(own_voice_files().settings));
  SYRINX_ASSIGN(auto config, acoustic::read_fastspeech_config(json, "the built-in voice.json"));
  config.info.name = kOwnVoice;
  return TwoStageModel{kOwnVoice, {}, std::move(config)};
}

Result<std::unique_ptr<SpeechModel>> load_two_stage_voice(const TwoStageModel& model) {
  SYRINX_ASSIGN(const Weights weights, open_weights(model));
  SYRINX_ASSIGN(auto acoustic, FastSpeechModel::load(model.config, weights.acoustic));
  SYRINX_ASSIGN(auto vocoder, load_vocoder(weights.vocoder, weights.kind));
  SYRINX_TRY(check_mels(model, vocoder->info()));
  SYRINX_ASSIGN(auto stream, vocoder->open_stream(kBlockFrames));
  return std::unique_ptr<SpeechModel>(
      new TwoStageVoice(std::move(acoustic), std::move(vocoder), std::move(stream)));
}

}  // namespace syrinx::tts
