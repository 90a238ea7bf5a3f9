// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "syrinx/stages/vocoder/random_weights_test_support.h"
#include "syrinx/stages/vocoder/unet/unet_model.h"

namespace syrinx::vocoder {
namespace {

using testing::random_mel;
using testing::random_values;
using testing::RandomWeights;
using testing::snr_db;

using Signal = std::vector<std::vector<double>>;  // [channel][time]

// The network as its header draws it, in double.
class Naive {
 public:
  Naive(const UnetConfig& config, const RandomWeights& weights) : c_(config), w_(weights) {}

  std::vector<double> run(const std::vector<float>& samples, const Mel& mel, double step) const {
    std::vector<double> e(128);
    for (std::size_t i = 0; i < 64; ++i) {
      const double f = std::pow(1e-4, static_cast<double>(i) / 63);
      e[i] = std::sin(1000 * step * f);
      e[64 + i] = std::cos(1000 * step * f);
    }
    for (const char* name : {"unet.time.0", "unet.time.1"}) {
      e = dense(name, e, c_.time_channels);
      for (double& v : e) v /= 1 + std::exp(-v);
    }
    Signal bands(mel.bands(), std::vector<double>(mel.frames()));
    for (std::size_t t = 0; t < mel.frames(); ++t)
      for (std::size_t b = 0; b < mel.bands(); ++b) bands[b][t] = mel.frame(t)[b];
    Signal x =
        conv({std::vector<double>(samples.begin(), samples.end())}, "unet.in", c_.channels[0], 3);
    std::vector<Signal> skips;
    for (std::size_t i = 0; i < c_.strides.size(); ++i) {
      const std::string name = "unet.down." + std::to_string(i);
      x = block(x, name + ".block", e);
      skips.push_back(x);
      x = pooled(x, name + ".pool", c_.channels[i + 1], c_.strides[i]);
    }
    add(x, conv(bands, "unet.mel", x.size(), 1));
    x = block(x, "unet.mid.block1", e);
    add(x, attention(x));
    x = block(x, "unet.mid.block2", e);
    for (std::size_t i = c_.strides.size(); i-- > 0;) {
      const std::string name = "unet.up." + std::to_string(i);
      const std::size_t width = c_.channels[i], stride = c_.strides[i];
      const Signal wide = conv(x, name + ".raise", stride * width, 1);
      x = Signal(width, std::vector<double>(wide[0].size() * stride));
      for (std::size_t c = 0; c < width; ++c)
        for (std::size_t t = 0; t < x[0].size(); ++t)
          x[c][t] = wide[t % stride * width + c][t / stride];
      add(x, conv(skips[i], name + ".skip", width, 1));
      const Signal side = conv(bands, name + ".mel", width, 1);
      const std::size_t each = x[0].size() / bands[0].size();
      for (std::size_t c = 0; c < width; ++c)
        for (std::size_t t = 0; t < x[0].size(); ++t) x[c][t] += side[c][t / each];
      x = block(x, name + ".block", e);
    }
    return conv(activated(x), "unet.out", 1, 3)[0];
  }

 private:
  static void add(Signal& to, const Signal& from) {
    for (std::size_t c = 0; c < to.size(); ++c)
      for (std::size_t t = 0; t < to[c].size(); ++t) to[c][t] += from[c][t];
  }
  static Signal activated(Signal x) {
    for (auto& channel : x)
      for (double& v : channel) v = v > 0 ? v : 0.2 * v;
    return x;
  }
  Signal block(const Signal& x, const std::string& name, const std::vector<double>& e) const {
    Signal y = conv(activated(x), name + ".conv1", x.size(), 3);
    const auto time = dense(name + ".time", e, x.size());
    for (std::size_t c = 0; c < y.size(); ++c)
      for (double& v : y[c]) v += time[c];
    y = conv(activated(y), name + ".conv2", x.size(), 3);
    add(y, x);
    return y;
  }
  Signal attention(const Signal& x) const {
    const std::size_t width = x.size(), heads = c_.heads(), each = width / heads;
    const Signal q = conv(x, "unet.mid.attention.q", width, 1);
    const Signal k = conv(x, "unet.mid.attention.k", width, 1);
    const Signal v = conv(x, "unet.mid.attention.v", width, 1);
    Signal y(width, std::vector<double>(x[0].size()));
    for (std::size_t h = 0; h < heads; ++h)
      for (std::size_t t = 0; t < x[0].size(); ++t) {
        std::vector<double> w(x[0].size());
        double sum = 0;
        for (std::size_t u = 0; u < w.size(); ++u) {
          for (std::size_t c = h * each; c < (h + 1) * each; ++c) w[u] += q[c][t] * k[c][u];
          w[u] = std::exp(w[u] / std::sqrt(static_cast<double>(each)));
          sum += w[u];
        }
        for (std::size_t u = 0; u < w.size(); ++u)
          for (std::size_t c = h * each; c < (h + 1) * each; ++c) y[c][t] += w[u] / sum * v[c][u];
      }
    return conv(y, "unet.mid.attention.out", width, 1);
  }
  Signal pooled(const Signal& x, const std::string& name, std::size_t out,
                std::size_t stride) const {
    Signal y(out, std::vector<double>(x[0].size() / stride));
    for (std::size_t o = 0; o < out; ++o)
      for (std::size_t t = 0; t < y[0].size(); ++t) {
        y[o][t] = w_.at(name + ".bias")[o];
        for (std::size_t i = 0; i < x.size(); ++i)
          for (std::size_t k = 0; k < stride; ++k)
            y[o][t] += x[i][t * stride + k] * double{w_.at(name)[(o * x.size() + i) * stride + k]};
      }
    return y;
  }
  Signal conv(const Signal& x, const std::string& name, std::size_t out, std::size_t taps) const {
    const auto& w = w_.at(name);
    const auto length = static_cast<long>(x[0].size());
    Signal y(out, std::vector<double>(x[0].size()));
    for (std::size_t o = 0; o < out; ++o)
      for (long t = 0; t < length; ++t) {
        double v = w_.at(name + ".bias")[o];
        for (std::size_t k = 0; k < taps; ++k) {
          const long from = t + static_cast<long>(k) - static_cast<long>(taps / 2);
          if (from < 0 || from >= length) continue;
          for (std::size_t i = 0; i < x.size(); ++i)
            v += x[i][static_cast<std::size_t>(from)] * double{w[(o * x.size() + i) * taps + k]};
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
  const UnetConfig& c_;
  const RandomWeights& w_;
};

UnetConfig small_config() { return {5, 24, {6, 20, 64}, {4, 6}}; }
MelSpec small_mel() {
  MelSpec spec;
  spec.bands = 5;
  spec.hop_samples = 24;
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

TEST(Unet, IsTheNetworkOfItsDescriptionAtEveryLevelAndOnThreads) {
  const UnetConfig config = small_config();
  EXPECT_EQ(config.heads(), 2U);
  const Mel mel = random_mel(small_mel(), 60);
  const auto x = random_values(60 * 24, 5);
  ThreadPool pool(3);
  for (const Level& level : kLevels) {
    const nn::RowKernels* kernels = nn::row_kernels_for(level.level);
    if (kernels == nullptr) continue;
    SCOPED_TRACE(nn::to_string(level.level));
    RandomWeights weights;
    const auto network = UnetNetwork::build(config, weights.source(), *kernels, level.precision);
    ASSERT_TRUE(network) << network.error().message;
    std::vector<float> alone(x.size()), together(x.size());
    network->run(x, mel.values(), 0.37, nullptr, alone);
    EXPECT_GT(snr_db(Naive(config, weights).run(x, mel, 0.37), alone), level.snr_db);
    network->run(x, mel.values(), 0.37, &pool, together);
    EXPECT_EQ(alone, together);
  }
}

TEST(Unet, EveryPartMatters) {
  const UnetConfig config = small_config();
  const Mel mel = random_mel(small_mel(), 6);
  const auto x = random_values(6 * 24, 5);
  RandomWeights weights;
  const auto run = [&](double step) {
    const auto network =
        UnetNetwork::build(config, weights.source(), nn::row_kernels(), nn::Precision::kFloat32);
    std::vector<float> noise(x.size());
    network->run(x, mel.values(), step, nullptr, noise);
    return noise;
  };
  const auto before = run(0.5);
  EXPECT_NE(run(0.6), before);
  for (auto& [name, values] : weights.values) {
    if (name == "unet.mid.attention.k.bias") continue;  // Falls out of the softmax.
    values[0] += 0.25F;
    EXPECT_NE(run(0.5), before) << name;
    values[0] -= 0.25F;
  }
}

class UnetWhole : public ::testing::Test {
 protected:
  UnetWhole() {
    RandomWeights weights;
    model_ = UnetModel::create(UnetNetwork::build(small_config(), weights.source(),
                                                  nn::row_kernels(), nn::Precision::kFloat32)
                                   .value(),
                               small_mel())
                 .value();
  }
  std::unique_ptr<VocoderModel> model_;
};

TEST_F(UnetWhole, MakesSoundThatTheSeedDecides) {
  Mel mel = random_mel(small_mel(), 20);
  mel.frame(3)[1] = std::numeric_limits<float>::quiet_NaN();
  std::size_t bad = 0;
  SynthesisOptions options;
  options.bad_frames = &bad;
  const auto first = model_->synthesise(mel.view(), options);
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(bad, 1U);
  ASSERT_EQ(first->frames(), 20U * 24U);
  SeededNoise one(1), zero(0);
  options.noise = &zero;
  const auto same = model_->synthesise(mel.view(), options);
  options.noise = &one;
  const auto other = model_->synthesise(mel.view(), options);
  const auto a = first->channel(0);
  EXPECT_TRUE(std::equal(a.begin(), a.end(), same->channel(0).begin()));
  EXPECT_FALSE(std::equal(a.begin(), a.end(), other->channel(0).begin()));
  for (const float v : a) ASSERT_LE(std::abs(v), 1.0F);
}

TEST_F(UnetWhole, RefusesWhatItCannotDo) {
  EXPECT_EQ(model_->open_stream(4).error().code, ErrorCode::kUnsupported);
  EXPECT_FALSE(model_->synthesise(Mel(small_mel(), 0).view(), {}));
  RandomWeights weights;
  const auto build = [&](const UnetConfig& config) {
    return UnetNetwork::build(config, weights.source(), nn::row_kernels(), nn::Precision::kFloat32);
  };
  EXPECT_FALSE(build({5, 24, {6, 20}, {4, 6}}));
  EXPECT_FALSE(build({5, 24, {6, 70, 65}, {4, 6}}));  // Two heads of 65 channels.
  EXPECT_FALSE(build({0, 24, {6, 20, 64}, {4, 6}}));
  EXPECT_FALSE(UnetModel::create(build(small_config()).value(), MelSpec{}));
}

}  // namespace
}  // namespace syrinx::vocoder
