// SPDX-License-Identifier: Apache-2.0
#include "ngram.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace syrinx::training {
namespace {

std::uint8_t symbol_at(std::uint64_t key, std::size_t index) {
  return static_cast<std::uint8_t>(key >> (56 - 8 * index));
}
std::uint64_t prefix_of(std::uint64_t key, std::size_t length) {
  return length == 0 ? 0 : key & (~std::uint64_t{0} << (64 - 8 * length));
}

constexpr std::size_t kNowhere = std::numeric_limits<std::size_t>::max();

std::size_t find(const NgramLevel& level, std::uint64_t key) {
  const auto at = std::lower_bound(level.keys.begin(), level.keys.end(), key);
  if (at == level.keys.end() || *at != key) return kNowhere;
  return static_cast<std::size_t>(at - level.keys.begin());
}

// Every n-gram of this length with how often it stands.
NgramLevel count(const std::vector<Aligned>& words, std::size_t length) {
  std::vector<std::uint64_t> all;
  for (const Aligned& word : words) {
    std::vector<std::uint8_t> symbols{kStartSymbol};
    for (const auto graphone : word) symbols.push_back(static_cast<std::uint8_t>(graphone));
    symbols.push_back(kEndSymbol);
    for (std::size_t begin = 0; begin + length <= symbols.size(); ++begin) {
      std::uint64_t key = 0;
      for (std::size_t i = 0; i < length; ++i) {
        key |= static_cast<std::uint64_t>(symbols[begin + i]) << (56 - 8 * i);
      }
      all.push_back(key);
    }
  }
  std::sort(all.begin(), all.end());
  NgramLevel level;
  for (std::size_t i = 0; i < all.size();) {
    std::size_t end = i;
    while (end < all.size() && all[end] == all[i]) ++end;
    level.keys.push_back(all[i]);
    level.raw.push_back(static_cast<std::uint32_t>(end - i));
    i = end;
  }
  return level;
}

// Kneser and Ney: below the longest, what counts is how many different symbols stand before it.
void count_befores(std::vector<NgramLevel>& levels) {
  NgramLevel& longest = levels.back();
  longest.counts.assign(longest.raw.begin(), longest.raw.end());
  for (std::size_t n = levels.size() - 1; n >= 1; --n) {
    NgramLevel& level = levels[n - 1];
    level.counts.assign(level.keys.size(), 0);
    for (const std::uint64_t longer : levels[n].keys) level.counts[find(level, longer << 8)] += 1;
    for (std::size_t i = 0; i < level.keys.size(); ++i) {
      if (symbol_at(level.keys[i], 0) == kStartSymbol) level.counts[i] = level.raw[i];
    }
  }
}

struct Discounts {
  double of[4] = {0, 0, 0, 0};
  double operator()(double count) const { return of[std::min(3, static_cast<int>(count))]; }
};

Discounts discounts_of(const NgramLevel& level) {
  double n[5] = {0, 0, 0, 0, 0};
  for (const double count : level.counts) {
    if (count >= 1 && count <= 4) n[static_cast<int>(count)] += 1;
  }
  Discounts discounts;
  if (n[1] == 0 || n[2] == 0) return discounts;
  const double y = n[1] / (n[1] + 2 * n[2]);
  for (int i = 1; i <= 3; ++i) {
    if (n[i] > 0) discounts.of[i] = std::clamp(i - (i + 1) * y * n[i + 1] / n[i], 0.0, i * 1.0);
  }
  return discounts;
}

// Calls back with each range of n-grams that share all but their last symbol.
template <class Each>
void for_contexts(const NgramLevel& level, std::size_t length, Each each) {
  for (std::size_t begin = 0; begin < level.keys.size();) {
    const std::uint64_t context = prefix_of(level.keys[begin], length - 1);
    std::size_t end = begin;
    while (end < level.keys.size() && prefix_of(level.keys[end], length - 1) == context) ++end;
    each(context, begin, end);
    begin = end;
  }
}

void estimate(std::vector<NgramLevel>& levels, std::size_t n) {
  NgramLevel& level = levels[n - 1];
  const Discounts discounts = discounts_of(level);
  level.chance.assign(level.keys.size(), 0);
  level.backoff.assign(level.keys.size(), 1);
  for_contexts(level, n, [&](std::uint64_t context, std::size_t begin, std::size_t end) {
    double total = 0, left = 0;
    for (std::size_t i = begin; i < end; ++i) {
      if (n == 1 && symbol_at(level.keys[i], 0) == kStartSymbol) continue;
      total += level.counts[i];
      left += discounts(level.counts[i]);
    }
    const double gamma = total > 0 ? left / total : 1;
    for (std::size_t i = begin; i < end; ++i) {
      const double own = total > 0 ? (level.counts[i] - discounts(level.counts[i])) / total : 0;
      const double shorter = n == 1 ? 1.0 / static_cast<double>(end - begin)
                                    : levels[n - 2].chance[find(levels[n - 2], level.keys[i] << 8)];
      level.chance[i] = own + gamma * shorter;
    }
    if (n > 1) levels[n - 2].backoff[find(levels[n - 2], context)] = gamma;
  });
}

NgramLevel kept_of(const NgramLevel& level, const std::vector<bool>& keep) {
  NgramLevel kept;
  for (std::size_t i = 0; i < level.keys.size(); ++i) {
    if (!keep[i]) continue;
    kept.keys.push_back(level.keys[i]);
    kept.raw.push_back(level.raw[i]);
    kept.counts.push_back(level.counts[i]);
    kept.chance.push_back(level.chance[i]);
    kept.backoff.push_back(1);
  }
  return kept;
}

// Leaves out what is rare, and gives what it had to the shorter contexts.
void prune(std::vector<NgramLevel>& levels, const NgramOptions& options) {
  for (std::size_t n = 2; n <= levels.size(); ++n) {
    std::vector<bool> keep(levels[n - 1].keys.size());
    for (std::size_t i = 0; i < keep.size(); ++i)
      keep[i] = levels[n - 1].raw[i] >= options.least[n];
    levels[n - 1] = kept_of(levels[n - 1], keep);
  }
  for (std::size_t n = 2; n <= levels.size(); ++n) {
    NgramLevel& shorter = levels[n - 2];
    for_contexts(levels[n - 1], n, [&](std::uint64_t context, std::size_t begin, std::size_t end) {
      double kept = 0, instead = 0;
      for (std::size_t i = begin; i < end; ++i) {
        kept += levels[n - 1].chance[i];
        instead += shorter.chance[find(shorter, levels[n - 1].keys[i] << 8)];
      }
      const double backoff = std::max(1 - kept, 1e-9) / std::max(1 - instead, 1e-9);
      shorter.backoff[find(shorter, context)] = std::min(backoff, 1.0);
    });
  }
}

}  // namespace

std::vector<NgramLevel> train_ngrams(const std::vector<Aligned>& words,
                                     const NgramOptions& options) {
  std::vector<NgramLevel> levels;
  for (std::size_t n = 1; n <= options.order; ++n) levels.push_back(count(words, n));
  count_befores(levels);
  for (std::size_t n = 1; n <= options.order; ++n) estimate(levels, n);
  prune(levels, options);
  return levels;
}

}  // namespace syrinx::training
