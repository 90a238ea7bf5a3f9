// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/profile/mixture_map.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>

#include "support/realtime_guard.h"
#include "syrinx/stages/voice/profile/cepstrum_statistics.h"

namespace syrinx::voice {
namespace {

// Cepstra around a few middles, in turns.
std::vector<Cepstrum> around(const std::vector<std::pair<float, float>>& middles, std::size_t count,
                             float deviation, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal(0.0f, deviation);
  std::vector<Cepstrum> out(count);
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t d = 1; d < kCepstra; ++d) out[i][d] = normal(random);
    out[i][1] += middles[i % middles.size()].first;
    out[i][2] += middles[i % middles.size()].second;
  }
  return out;
}

TEST(GaussianMixture, FindsWhatTheDataWasMadeOf) {
  const auto data = around({{-3, 0}, {3, 0}, {0, 4}}, 900, 0.5f, 1);
  const auto mixture = GaussianMixture::fit(data, 3);
  ASSERT_EQ(mixture.parts().size(), 3u);
  for (const auto& middle : {std::pair{-3.0f, 0.0f}, {3.0f, 0.0f}, {0.0f, 4.0f}}) {
    const bool found = std::any_of(mixture.parts().begin(), mixture.parts().end(),
                                   [&middle](const GaussianMixture::Part& part) {
                                     return std::abs(part.mean[1] - middle.first) < 0.1f &&
                                            std::abs(part.mean[2] - middle.second) < 0.1f &&
                                            std::abs(part.weight - 1.0 / 3.0) < 0.02 &&
                                            std::abs(part.variance[3] - 0.25f) < 0.1f;
                                   });
    EXPECT_TRUE(found) << middle.first << ", " << middle.second;
  }
}

TEST(GaussianMixture, ExplainsTheDataBetterWithEveryRound) {
  const auto data = around({{-2, 0}, {2, 1}, {0, 3}, {1, -3}}, 600, 1.0f, 2);
  double before = -1e9;
  for (int rounds = 1; rounds < 12; ++rounds) {
    const double now = GaussianMixture::fit(data, 6, rounds).mean_log_likelihood(data);
    EXPECT_GE(now, before - 1e-4) << rounds;
    before = now;
  }
}

TEST(GaussianMixture, SharesAddUpToOneAndFarCepstraAreNoTrouble) {
  const auto mixture = GaussianMixture::fit(around({{-3, 0}, {3, 0}}, 200, 0.5f, 3), 2);
  Cepstrum far{};
  far[1] = 1e4f;
  std::vector<float> shares(2);
  for (const Cepstrum& cepstrum : {Cepstrum{}, far}) {
    mixture.shares(cepstrum, shares);
    EXPECT_NEAR(shares[0] + shares[1], 1.0f, 1e-5f);
  }
}

TEST(GaussianMixture, HasNoMorePartsThanTheDataCanTell) {
  const auto few = GaussianMixture::fit(around({{0, 0}}, 20, 1.0f, 4), 16);
  EXPECT_EQ(few.parts().size(), 2u);
  const auto none = GaussianMixture::fit({}, 16);
  EXPECT_TRUE(none.parts().empty());
  const auto alike = GaussianMixture::fit(std::vector<Cepstrum>(200), 4);
  for (const auto& part : alike.parts())
    EXPECT_TRUE(std::isfinite(part.variance[1]) && part.variance[1] > 0.0f);
}

TEST(GaussianMixture, APartThatSeesNothingNewStays) {
  const auto mixture = GaussianMixture::fit(around({{-3, 0}, {3, 0}}, 400, 0.5f, 5), 2);
  const auto moved = mixture.adapted(around({{3.4f, 1}}, 200, 0.5f, 6));
  for (std::size_t k = 0; k < 2; ++k) {
    const float x = mixture.parts()[k].mean[1];
    EXPECT_NEAR(moved.parts()[k].mean[1], x > 0 ? 3.4f : x, 0.1f);
    EXPECT_NEAR(moved.parts()[k].mean[2], x > 0 ? 1.0f : 0.0f, 0.1f);
  }
}

// What a mapping of one mean and spread for all sounds cannot do: two classes go apart ways.
TEST(MixtureMap, MovesEachClassOfSoundsItsOwnWay) {
  const auto source = around({{-3, 0}, {3, 0}}, 600, 0.6f, 7);
  const auto target = around({{-3, 1}, {3, -1}}, 600, 0.6f, 8);
  const MixtureMap map(source, target);
  ASSERT_FALSE(map.empty());
  Cepstrum cepstrum{};
  for (const float x : {-3.0f, 3.0f}) {
    cepstrum[1] = x;
    EXPECT_NEAR(map.answer(cepstrum)[1], x, 0.3f);
    EXPECT_NEAR(map.answer(cepstrum)[2], x > 0 ? -1.0f : 1.0f, 0.3f);
  }
}

TEST(MixtureMap, GivesTheTargetsMeanAndGlobalVariance) {
  const auto source = around({{-2, 0}, {2, 0}, {0, 2}}, 900, 0.7f, 9);
  const auto target = around({{-2, 1}, {2, -1}, {0, 3}}, 900, 0.8f, 10);
  const MixtureMap map(source, target);
  std::vector<Cepstrum> made;
  for (const Cepstrum& cepstrum : source) made.push_back(map.answer(cepstrum));
  const auto now = statistics_of(made);
  const auto wanted = statistics_of(target);
  for (std::size_t d = 1; d < kCepstra; ++d) {
    EXPECT_NEAR(now.mean[d], wanted.mean[d], 1e-3f) << d;
    EXPECT_NEAR(now.deviation[d] / wanted.deviation[d], 1.0f, 0.01f) << d;
  }
}

TEST(MixtureMap, IsEmptyWithoutEnoughToLearnFromAndIsRealTimeSafe) {
  const auto some = around({{0, 0}, {1, 1}}, 200, 1.0f, 11);
  EXPECT_TRUE(MixtureMap(some, {}).empty());
  EXPECT_TRUE(MixtureMap({}, some).empty());
  EXPECT_TRUE(MixtureMap().empty());
  const MixtureMap map(some, some);
  Cepstrum made{};
  EXPECT_REALTIME_SAFE(made = map.answer(some[0]));
  EXPECT_NEAR(made[1], some[0][1], 0.2f);
}

}  // namespace
}  // namespace syrinx::voice
