// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "support/realtime_guard.h"
#include "syrinx/core/base/thread_pool.h"
#include "syrinx/stages/vocoder/diffwave/diffwave_model.h"
#include "syrinx/stages/vocoder/diffwave/diffwave_pass.h"
#include "syrinx/stages/vocoder/random_weights_test_support.h"
#include "syrinx/stages/vocoder/stream_test_support.h"

namespace syrinx::vocoder {
namespace {

using testing::random_mel;
using testing::random_values;
using testing::RandomWeights;
using testing::snr_db;

using Signal = std::vector<std::vector<double>>;  // [channel][time]

double sigmoid(double v) { return 1 / (1 + std::exp(-v)); }

// The published network in double, layer by layer over the whole.
class Naive {
 public:
  Naive(const DiffWaveConfig& config, const RandomWeights& weights) : c_(config), w_(weights) {}

  std::vector<double> run(const Mel& mel, const std::vector<float>& audio, double step) const {
    const Signal bands = upsampled(mel);
    const auto embedded = embedding(step);
    Signal x(c_.channels, std::vector<double>(audio.size()));
    for (std::size_t c = 0; c < c_.channels; ++c)
      for (std::size_t t = 0; t < audio.size(); ++t)
        x[c][t] = std::max(0.0, w_.at("input_projection")[c] * double{audio[t]} +
                                    double{w_.at("input_projection.bias")[c]});
    Signal skip(c_.channels, std::vector<double>(audio.size()));
    for (std::size_t i = 0; i < c_.layers; ++i) layer(i, x, skip, bands, embedded);
    for (auto& channel : skip)
      for (double& v : channel) v /= std::sqrt(static_cast<double>(c_.layers));
    skip = conv(skip, "skip_projection", c_.channels, 1, 1);
    for (auto& channel : skip)
      for (double& v : channel) v = std::max(v, 0.0);
    return conv(skip, "output_projection", 1, 1, 1)[0];
  }

 private:
  void layer(std::size_t index, Signal& x, Signal& skip, const Signal& bands,
             const std::vector<double>& embedded) const {
    const std::string name = "residual_layers." + std::to_string(index) + ".";
    const auto shift = dense(name + "diffusion_projection", embedded, c_.channels);
    Signal y = x;
    for (std::size_t c = 0; c < y.size(); ++c)
      for (double& v : y[c]) v += shift[c];
    const std::size_t dilation = std::size_t{1} << index % c_.dilation_cycle;
    y = conv(y, name + "dilated_conv", 2 * c_.channels, 3, dilation);
    const Signal side = conv(bands, name + "conditioner_projection", 2 * c_.channels, 1, 1);
    Signal gated(c_.channels, std::vector<double>(x[0].size()));
    for (std::size_t c = 0; c < c_.channels; ++c)
      for (std::size_t t = 0; t < x[0].size(); ++t)
        gated[c][t] = sigmoid(y[c][t] + side[c][t]) *
                      std::tanh(y[c + c_.channels][t] + side[c + c_.channels][t]);
    const Signal out = conv(gated, name + "output_projection", 2 * c_.channels, 1, 1);
    for (std::size_t c = 0; c < c_.channels; ++c)
      for (std::size_t t = 0; t < x[0].size(); ++t) {
        x[c][t] = (x[c][t] + out[c][t]) / std::sqrt(2.0);
        skip[c][t] += out[c + c_.channels][t];
      }
  }
  Signal conv(const Signal& x, const std::string& name, std::size_t out, std::size_t kernel,
              std::size_t dilation) const {
    const auto& w = w_.at(name);
    const auto& bias = w_.at(name + ".bias");
    const auto pad = static_cast<long>((kernel - 1) * dilation / 2);
    const auto length = static_cast<long>(x[0].size());
    Signal y(out, std::vector<double>(x[0].size()));
    for (std::size_t o = 0; o < out; ++o)
      for (long t = 0; t < length; ++t) {
        double v = bias[o];
        for (std::size_t k = 0; k < kernel; ++k) {
          const long from = t - pad + static_cast<long>(k * dilation);
          if (from < 0 || from >= length) continue;
          for (std::size_t i = 0; i < x.size(); ++i)
            v += x[i][static_cast<std::size_t>(from)] * double{w[(o * x.size() + i) * kernel + k]};
        }
        y[o][static_cast<std::size_t>(t)] = v;
      }
    return y;
  }
  std::vector<double> dense(const std::string& name, const std::vector<double>& x,
                            std::size_t out) const {
    std::vector<double> y(out);
    for (std::size_t o = 0; o < out; ++o) {
      y[o] = w_.at(name + ".bias")[o];
      for (std::size_t i = 0; i < x.size(); ++i)
        y[o] += double{w_.at(name)[o * x.size() + i]} * x[i];
    }
    return y;
  }
  std::vector<double> embedding(double step) const {
    std::vector<double> x(128);
    for (std::size_t i = 0; i < 64; ++i) {
      const auto f = static_cast<float>(std::pow(10.0, static_cast<float>(i) * 4.0F / 63.0F));
      const double low = std::floor(step), high = std::ceil(step), share = step - low;
      const double a = static_cast<float>(low) * f, b = static_cast<float>(high) * f;
      x[i] = (1 - share) * std::sin(a) + share * std::sin(b);
      x[64 + i] = (1 - share) * std::cos(a) + share * std::cos(b);
    }
    for (const char* name : {"projection1", "projection2"}) {
      x = dense(std::string("diffusion_embedding.") + name, x, 512);
      for (double& v : x) v *= sigmoid(v);
    }
    return x;
  }
  // ConvTranspose2d(1, 1, [3, 32], stride [1, 16], padding [1, 8]), twice.
  Signal upsampled(const Mel& mel) const {
    Signal x(mel.bands(), std::vector<double>(mel.frames()));
    for (std::size_t t = 0; t < mel.frames(); ++t)
      for (std::size_t b = 0; b < mel.bands(); ++b) x[b][t] = mel.frame(t)[b];
    for (const char* name : {"spectrogram_upsampler.conv1", "spectrogram_upsampler.conv2"}) {
      const double bias = w_.at(std::string(name) + ".bias")[0];
      Signal y(x.size(), std::vector<double>(x[0].size() * 16, bias));
      for (std::size_t b = 0; b < x.size(); ++b)
        for (std::size_t t = 0; t < x[0].size(); ++t)
          for (std::size_t kb = 0; kb < 3; ++kb)
            for (std::size_t k = 0; k < 32; ++k) {
              const long to_band = static_cast<long>(b + kb) - 1;
              const long to = static_cast<long>(16 * t + k) - 8;
              if (to_band < 0 || to_band >= static_cast<long>(x.size()) || to < 0 ||
                  to >= static_cast<long>(y[0].size()))
                continue;
              y[static_cast<std::size_t>(to_band)][static_cast<std::size_t>(to)] +=
                  x[b][t] * double{w_.at(name)[kb * 32 + k]};
            }
      for (auto& band : y)
        for (double& v : band) v = v > 0 ? v : 0.4 * v;
      x = std::move(y);
    }
    return x;
  }
  const DiffWaveConfig& c_;
  const RandomWeights& w_;
};

DiffWaveConfig small_config() { return {5, 7, 12, 5}; }
MelSpec small_mel() {
  MelSpec spec;
  spec.bands = 5;
  return spec;
}

struct Level {
  nn::RowLevel level;
  nn::Precision precision;
  double snr_db;
};
constexpr Level kLevels[] = {{nn::RowLevel::kGeneric, nn::Precision::kFloat32, 100},
                             {nn::RowLevel::kAvx2, nn::Precision::kFloat32, 100},
                             {nn::RowLevel::kAvx512, nn::Precision::kFloat32, 100},
                             {nn::RowLevel::kAmx, nn::Precision::kFloat32, 90},
                             {nn::RowLevel::kAmx, nn::Precision::kBf16, 35}};

DiffWaveNetwork build(const DiffWaveConfig& config, RandomWeights& weights,
                      const nn::RowKernels& kernels, nn::Precision precision) {
  return DiffWaveNetwork::build(config, weights.source(1.4), kernels, precision).value();
}

std::vector<float> in_stretches(const DiffWaveNetwork& network, const Mel& mel,
                                const std::vector<float>& x, double step,
                                const std::vector<std::int64_t>& cuts,
                                std::int64_t at_a_time = DiffWavePass::kMostRows) {
  const auto upsampled = network.upsampler.first(mel.view());
  const MelUpsampler::Rows rows{upsampled.data(), 0,
                                static_cast<std::int64_t>(mel.frames() * MelUpsampler::kRate),
                                mel.bands()};
  std::vector<float> noise(x.size());
  const DiffWaveStep shared = network.step(step);
  DiffWavePass pass(network);
  DiffWaveScratch scratch(network);
  const nn::TileScope tiles(*network.kernels);
  for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
    const auto run = [&] {
      pass.start({cuts[i], cuts[i + 1]}, static_cast<std::int64_t>(x.size()));
      while (!pass.done()) {
        const auto in = pass.make_room(at_a_time);
        pass.advance(x.data() + in.begin, rows, shared, scratch, noise.data() + pass.made());
      }
    };
    EXPECT_REALTIME_SAFE(run());
  }
  return noise;
}

TEST(DiffWave, IsThePublishedNetworkAtEveryLevelAndInEveryCut) {
  const DiffWaveConfig config = small_config();
  const Mel mel = random_mel(small_mel(), 11, 0.5F, 0.3F);
  const auto x = random_values(11 * 256, 5);
  for (const Level& level : kLevels) {
    const nn::RowKernels* kernels = nn::row_kernels_for(level.level);
    if (kernels == nullptr) continue;
    SCOPED_TRACE(nn::to_string(level.level));
    RandomWeights weights;
    const DiffWaveNetwork network = build(config, weights, *kernels, level.precision);
    const auto whole = in_stretches(network, mel, x, 17.3, {0, 2816});
    EXPECT_GT(snr_db(Naive(config, weights).run(mel, x, 17.3), whole), level.snr_db);
    EXPECT_EQ(in_stretches(network, mel, x, 17.3, {0, 1, 3, 20, 900, 1500, 2810, 2816}), whole);
    EXPECT_EQ(in_stretches(network, mel, x, 17.3, {0, 1408, 2816}), whole);
    EXPECT_EQ(in_stretches(network, mel, x, 17.3, {0, 2816}, 7), whole);
    EXPECT_EQ(in_stretches(network, mel, x, 17.3, {0, 700, 2816}, 33), whole);
  }
}

TEST(DiffWave, LooksAsFarAroundASampleAsItSays) {
  const DiffWaveConfig config = small_config();
  RandomWeights weights;
  const DiffWaveNetwork network =
      build(config, weights, nn::row_kernels(), nn::Precision::kFloat32);
  EXPECT_EQ(network.reach(), 1 + 2 + 4 + 8 + 16 + 1 + 2);
  const Mel mel = random_mel(small_mel(), 4);
  auto x = random_values(4 * 256, 5);
  const auto before = in_stretches(network, mel, x, 3, {0, 1024});
  x[500] += 3;
  const auto after = in_stretches(network, mel, x, 3, {0, 1024});
  for (std::size_t i = 0; i < x.size(); ++i) {
    const bool changed = before[i] != after[i];
    const bool within = i + 34 >= 500 && i <= 534;
    EXPECT_TRUE(within || !changed) << i;
    EXPECT_TRUE(changed || (i != 500 - 34 && i != 534)) << i;
  }
}

class DiffWaveWhole : public ::testing::Test {
 protected:
  DiffWaveWhole() {
    RandomWeights weights;
    model_ =
        DiffWaveModel::create(
            build({5, 12, 16, 9}, weights, nn::row_kernels(), nn::Precision::kFloat32), small_mel())
            .value();
  }
  std::unique_ptr<VocoderModel> model_;
  Mel mel_ = random_mel(small_mel(), 30, 0.5F, 0.3F);
};

TEST_F(DiffWaveWhole, SoundsTheSameOnSeveralThreadsAndFromTheSameNoise) {
  const auto alone = model_->synthesise(mel_.view(), {});
  ASSERT_TRUE(alone) << alone.error().message;
  ASSERT_EQ(alone->frames(), 30U * 256U);
  ThreadPool pool(3);
  ChannelNoise zero(0), one(1);
  SynthesisOptions options;
  options.pool = &pool;
  options.noise = &zero;
  const auto together = model_->synthesise(mel_.view(), options);
  ASSERT_TRUE(together);
  const auto a = alone->channel(0), b = together->channel(0);
  EXPECT_TRUE(std::equal(a.begin(), a.end(), b.begin()));
  options.noise = &one;
  const auto other = model_->synthesise(mel_.view(), options);
  EXPECT_FALSE(std::equal(a.begin(), a.end(), other->channel(0).begin()));
}

TEST_F(DiffWaveWhole, TakesAnySamplerReportsAndStops) {
  for (const Sampler sampler : {Sampler::kDdim, Sampler::kDpmSolver, Sampler::kAdaptive}) {
    SamplingPlan plan;
    plan.sampler = sampler;
    plan.schedule = respace(diffwave_training_schedule(), 4, StepSpacing::kLogSnr).value();
    plan.clamp = 1.0F;
    plan.tolerance = 0.5;
    SynthesisOptions options;
    options.plan = &plan;
    double last = 0;
    options.progress = [&](double share) { last = share; };
    const auto audio = model_->synthesise(mel_.view(), options);
    ASSERT_TRUE(audio) << audio.error().message;
    EXPECT_EQ(last, 1);
    for (const float v : audio->channel(0)) ASSERT_LE(std::abs(v), 1.0F);
  }
  std::stop_source stop;
  stop.request_stop();
  SynthesisOptions options;
  options.stop = stop.get_token();
  EXPECT_EQ(model_->synthesise(mel_.view(), options).error().code, ErrorCode::kCancelled);
}

TEST_F(DiffWaveWhole, TurnsFramesThatAreNotFiniteIntoSilenceAndCountsThem) {
  Mel broken = mel_;
  broken.frame(4)[2] = std::numeric_limits<float>::quiet_NaN();
  std::size_t bad = 0;
  SynthesisOptions options;
  options.bad_frames = &bad;
  const auto audio = model_->synthesise(broken.view(), options);
  ASSERT_TRUE(audio);
  EXPECT_EQ(bad, 1U);
  for (float& v : broken.frame(4)) v = static_cast<float>(std::log(1e-5));
  const auto silent = model_->synthesise(broken.view(), options);
  EXPECT_EQ(bad, 0U);
  EXPECT_TRUE(
      std::equal(audio->channel(0).begin(), audio->channel(0).end(), silent->channel(0).begin()));
}

TEST_F(DiffWaveWhole, IsItsStreamBitForBitInBlocksOfAnySize) {
  SynthesisOptions options;
  ChannelNoise noise(9);
  options.noise = &noise;
  const auto whole = model_->synthesise(mel_.view(), options);
  ASSERT_TRUE(whole);
  const std::vector<float> expected(whole->channel(0).begin(), whole->channel(0).end());
  StreamOptions of_seed;
  of_seed.seed = 9;
  for (const std::size_t block : {1UL, 3UL, 17UL, 30UL}) {
    const auto stream = model_->open_stream_from_noise(block, of_seed);
    ASSERT_TRUE(stream) << stream.error().message;
    EXPECT_EQ((*stream)->latency_samples(), model_->info().latency_samples);
    EXPECT_EQ(testing::streamed(**stream, mel_, block), expected) << block;
    EXPECT_EQ(testing::streamed(**stream, mel_, block), expected) << "again, " << block;
  }
  SamplingPlan ddim;
  ddim.sampler = Sampler::kDdim;
  ddim.schedule = respace(diffwave_training_schedule(), 4, StepSpacing::kLogSnr).value();
  of_seed.plan = options.plan = &ddim;
  noise = ChannelNoise(9);
  const auto fewer = model_->synthesise(mel_.view(), options);
  const auto stream = model_->open_stream_from_noise(5, of_seed);
  ASSERT_TRUE(fewer && stream);
  EXPECT_EQ(testing::streamed(**stream, mel_, 5),
            std::vector<float>(fewer->channel(0).begin(), fewer->channel(0).end()));
}

// What a frame changes begins, but for a few samples, latency_samples() before the frame's place:
// what comes out could come no sooner. In one step, as further ones change less than a float says;
// but for a few, as the mel goes in behind the first layer's convolution, and weakly at first.
TEST_F(DiffWaveWhole, StreamIsAsLateAsItMustBe) {
  SamplingPlan plan;
  plan.schedule = NoiseSchedule::from_betas({0.5}).value();
  StreamOptions options;
  options.plan = &plan;
  const auto stream = model_->open_stream_from_noise(1, options).value();
  Mel other = mel_;
  for (float& v : other.frame(20)) v += 100;
  const auto a = testing::streamed(*stream, mel_, 1), b = testing::streamed(*stream, other, 1);
  std::size_t first = 0;
  while (first < a.size() && a[first] == b[first]) ++first;
  EXPECT_LE(20 * 256 - first, stream->latency_samples());
  EXPECT_GE(20 * 256 - first + 4, stream->latency_samples());
}

TEST_F(DiffWaveWhole, ShortStreamsAndOnesWithBadFramesEndAsTheyShould) {
  const auto stream = model_->open_stream(4).value();
  std::vector<float> rest(stream->tail_samples(), 1.0F);
  EXPECT_REALTIME_SAFE(stream->finish({rest, 22'050}));
  EXPECT_EQ(rest, std::vector<float>(rest.size(), 0.0F));
  Mel broken = mel_;
  broken.frame(4)[2] = std::numeric_limits<float>::quiet_NaN();
  const auto streamed = testing::streamed(*stream, broken, 4);
  EXPECT_EQ(stream->bad_frames(), 1U);
  const auto whole = model_->synthesise(broken.view(), {});
  EXPECT_TRUE(std::equal(streamed.begin(), streamed.end(), whole->channel(0).begin()));
}

TEST_F(DiffWaveWhole, RefusesWhatItCannotDo) {
  EXPECT_EQ(model_->open_stream(0).error().code, ErrorCode::kInvalidArgument);
  SamplingPlan plan;
  StreamOptions of_plan;
  of_plan.plan = &plan;
  plan.sampler = Sampler::kDpmSolver;
  EXPECT_EQ(model_->open_stream_from_noise(4, of_plan).error().code, ErrorCode::kUnsupported);
  plan.sampler = Sampler::kDdpm;
  plan.schedule = linear_schedule(51, 1e-4, 0.05).value();
  EXPECT_EQ(model_->open_stream_from_noise(4, of_plan).error().code, ErrorCode::kLimitExceeded);

  MelSpec wide = small_mel();
  wide.bands = 6;
  EXPECT_EQ(model_->synthesise(Mel(wide, 3).view(), {}).error().message,
            "a mel of 6 bands for a model of 5");
  EXPECT_FALSE(model_->synthesise(Mel(small_mel(), 0).view(), {}));
  GivenNoise few = GivenNoise::create(std::vector<float>(100)).value();
  SynthesisOptions options;
  options.noise = &few;
  EXPECT_FALSE(model_->synthesise(mel_.view(), options));
  RandomWeights weights;
  EXPECT_FALSE(DiffWaveNetwork::build({5, 65, 16, 9}, weights.source(), nn::row_kernels(),
                                      nn::Precision::kFloat32));
  EXPECT_FALSE(DiffWaveNetwork::build({5, 6, 16, 60}, weights.source(), nn::row_kernels(),
                                      nn::Precision::kFloat32));
}

}  // namespace
}  // namespace syrinx::vocoder
