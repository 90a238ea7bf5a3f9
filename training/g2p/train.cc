// SPDX-License-Identifier: Apache-2.0
// Makes the English model of unknown words from CMUdict:
//   train_g2p CMUDICT OUT_FOLDER [ORDER] [TEXT...]
// writes OUT_FOLDER/english.g2p and english.words, and prints how good they are on the words that
// were held out. The same input makes the same bytes. README.md beside this file has the recipe.
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <span>
#include <stdexcept>

#include "alignment.h"
#include "dictionary.h"
#include "model_file.h"
#include "ngram.h"
#include "scores.h"
#include "syrinx/stages/text/g2p/fallback_model.h"
#include "words_file.h"

namespace {

using namespace syrinx;
using namespace syrinx::training;

constexpr std::size_t kFrequent = 2;  // Words that stand this often in the texts.

void write(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary);
  if (!(file << bytes).flush()) throw std::runtime_error("cannot write " + path.string());
  std::printf("%s: %zu bytes\n", path.c_str(), bytes.size());
}

void print(const char* what, const Scores& scores) {
  std::printf("%-10s %6zu words: right %.2f %%, with stress %.2f %%, phoneme errors %.2f %%\n",
              what, scores.words, scores.right_percent(), scores.right_with_stress_percent(),
              scores.phoneme_error_percent());
}

std::vector<Word> letters_only(const std::vector<Word>& words) {
  std::vector<Word> kept;
  for (const Word& word : words) {
    if (word.is_letters) kept.push_back(word);
  }
  return kept;
}

int train(int count, char** arguments) {
  if (count < 3) throw std::runtime_error("usage: train_g2p CMUDICT OUT_FOLDER [ORDER] [TEXT...]");
  const std::filesystem::path out = arguments[2];
  const std::vector<Word> all = read_cmudict(arguments[1]);
  const std::vector<Word> words = letters_only(all);
  const Alignment alignment = align(words, {});
  std::printf("%zu words, %zu readings aligned, %zu refused, %zu graphones\n", words.size(),
              alignment.readings.size(), alignment.refused, alignment.graphones.size());
  NgramOptions options;
  if (count > 3) options.order = std::stoul(arguments[3]);
  const std::string bytes =
      model_bytes(alignment.graphones, train_ngrams(alignment.readings, options));
  std::filesystem::create_directories(out);
  write(out / "english.g2p", bytes);
  auto model = text::FallbackModel::from_bytes(std::as_bytes(std::span(bytes)));
  if (!model) throw std::runtime_error(model.error().message);
  print("held out", score(words, *model, true));
  print("taught", score(words, *model, false));
  const std::vector<std::filesystem::path> texts(arguments + std::min(count, 4), arguments + count);
  const WordsFile known = make_words_file(all, *model, frequent_words(texts, kFrequent));
  std::printf("%zu words by heart, %zu of them because the model is wrong\n", known.by_heart,
              known.wrong);
  write(out / "english.words", known.bytes);
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  try {
    return train(count, arguments);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "train_g2p: %s\n", error.what());
    return 1;
  }
}
