// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/metrics/metrics.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>

namespace syrinx::server {
namespace {

constexpr std::array kBounds{1.0, 2.0};

TEST(Histogram, CountsEachValueInItsBucketAndLeavesOutWhatIsNoNumber) {
  Histogram histogram(kBounds);
  for (const double value : {0.5, 1.0, 1.5, 7.0}) histogram.add(value);
  histogram.add(std::numeric_limits<double>::quiet_NaN());
  histogram.add(std::numeric_limits<double>::infinity());
  const auto now = histogram.snapshot();
  EXPECT_EQ(now.counts, (std::vector<std::uint64_t>{2, 1, 1}));
  EXPECT_EQ(now.count, 4U);
  EXPECT_DOUBLE_EQ(now.sum, 10.0);
}

TEST(Histogram, QuantilesAreThoseOfTheLastValues) {
  Histogram histogram(kBounds);
  for (int i = 0; i < 2'000; ++i) histogram.add(1'000.0);
  for (int i = 1; i <= 1'024; ++i) histogram.add(i);
  const auto now = histogram.snapshot();
  EXPECT_NEAR(now.quantile(0.5), 512, 1);
  EXPECT_DOUBLE_EQ(now.quantile(1.0), 1'024);
  EXPECT_DOUBLE_EQ(Histogram(kBounds).snapshot().quantile(0.5), 0.0);
}

TEST(LabelledCounter, HoldsOnlySoManyLabels) {
  LabelledCounter counter;
  for (int i = 0; i < 1'000; ++i) counter.add(std::to_string(i));
  const auto counts = counter.snapshot();
  EXPECT_LE(counts.size(), 201U);
  EXPECT_DOUBLE_EQ(counts.at("other"), 800.0);
}

TEST(PrometheusText, WritesCumulativeBucketsAndEscapesLabels) {
  Histogram histogram(kBounds);
  for (const double value : {0.5, 1.5, 7.0}) histogram.add(value);
  LabelledCounter counter;
  counter.add("a \"b\"\nc", 2);
  PrometheusText text;
  text.histogram("x_seconds", "How long.", histogram);
  text.counters("y_total", "How many.", "by", counter);
  EXPECT_EQ(text.text(),
            "# HELP x_seconds How long.\n# TYPE x_seconds histogram\n"
            "x_seconds_bucket{le=\"1\"} 1\nx_seconds_bucket{le=\"2\"} 2\n"
            "x_seconds_bucket{le=\"+Inf\"} 3\nx_seconds_sum 9\nx_seconds_count 3\n"
            "# HELP y_total How many.\n# TYPE y_total counter\n"
            "y_total{by=\"a \\\"b\\\" c\"} 2\n");
}

TEST(ResidentBytes, AreThoseOfThisProcess) { EXPECT_GT(resident_bytes(), std::size_t{1} << 20); }

}  // namespace
}  // namespace syrinx::server
