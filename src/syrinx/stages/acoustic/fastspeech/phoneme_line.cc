// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/acoustic/fastspeech/phoneme_line.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/flow/characters.h"

namespace syrinx::acoustic {
namespace {

constexpr double kShortestPauseS = 0.05;  // Of a boundary that is heard as a pause.

// The mark of a token that is not said, of several the one that shapes the tune most; 0 for none.
char32_t mark_of(std::string_view written) {
  constexpr std::u32string_view kByWeight = U"?!.…:;—–,";
  std::size_t best = kByWeight.size();
  for (const Character& character : characters_of(written))
    best = std::min(best, kByWeight.find(character.code));
  if (best >= kByWeight.size()) return 0;
  return written.starts_with("..") && kByWeight[best] == U'.' ? U'…' : kByWeight[best];
}

// The symbol of a mark, or of what stands in for it.
std::optional<std::int32_t> mark_id(const FastSpeechConfig& config, char32_t mark) {
  const bool ends = mark == U'?' || mark == U'!' || mark == U'.' || mark == U'…';
  for (const std::string& symbol :
       {utf8_of(mark), std::string(ends ? "." : ","), std::string(ends ? "," : ".")}) {
    if (const auto found = config.ids.find(symbol); found != config.ids.end()) return found->second;
  }
  return std::nullopt;
}

char lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

class LineBuilder {
 public:
  explicit LineBuilder(const FastSpeechConfig& config) : config_(config) {
    if (const auto found = config.ids.find(" "); found != config.ids.end())
      boundary_ = found->second;
  }

  Result<void> add(const SpokenToken& token) {
    if (token.words.empty()) add_mark(token.written);
    for (const SpokenWord& word : token.words) {
      if (!word.pronunciation || word.pronunciation->set != PhonemeSet::kArpabet)
        return make_error(ErrorCode::kInvalidArgument, "the word '", word.text,
                          "' has no pronunciation in the phonemes that this voice takes");
      add_word(word);
    }
    if (line_.sounds.size() > limits::kMaxVoiceSymbols)
      return make_error(ErrorCode::kLimitExceeded, "a sentence of more than ",
                        limits::kMaxVoiceSymbols,
                        " phonemes is too long to speak at once; split it");
    return {};
  }

  PhonemeLine take() { return std::move(line_); }

 private:
  void add_mark(std::string_view written) {
    const char32_t mark = mark_of(written);
    const bool follows = !line_.sounds.empty() && line_.sounds.back().word >= 0;
    if (mark == 0 || !follows) return;  // A line does not begin with a pause; one mark at a time.
    if (const auto id = mark_id(config_, mark)) line_.sounds.push_back({*id, -1, true, "", 0});
  }

  void add_word(const SpokenWord& word) {
    const int index = static_cast<int>(line_.words.size());
    line_.words.push_back({word.text, word.source});
    const bool follows = !line_.sounds.empty() && line_.sounds.back().word >= 0;
    const std::size_t before = line_.sounds.size();
    if (follows && boundary_) line_.sounds.push_back({*boundary_, -1, false, "", 0});
    const std::string& symbols = word.pronunciation->symbols;
    for (std::size_t begin = 0; begin < symbols.size();) {
      const std::size_t end = std::min(symbols.find(' ', begin), symbols.size());
      if (end > begin) add_phoneme(symbols.substr(begin, end - begin), index, word.source);
      begin = end + 1;
    }
    if (line_.sounds.size() > before && line_.sounds.back().word < 0) line_.sounds.resize(before);
  }

  void add_phoneme(const std::string& symbol, int word, SourceSpan source) {
    LineSound sound{0, word, false, symbol, 0};
    if (const char last = symbol.back(); last >= '0' && last <= '2') {
      sound.stress = last - '0';
      sound.phoneme.pop_back();
    }
    auto found = config_.ids.find(symbol);
    if (found == config_.ids.end()) found = config_.ids.find(sound.phoneme);
    if (found == config_.ids.end()) {
      line_.unsaid.push_back({symbol, source});
      return;
    }
    sound.id = found->second;
    std::transform(sound.phoneme.begin(), sound.phoneme.end(), sound.phoneme.begin(), lower);
    line_.sounds.push_back(std::move(sound));
  }

  const FastSpeechConfig& config_;
  std::optional<std::int32_t> boundary_;
  PhonemeLine line_;
};

// Builds words and phonemes while sounds go by.
class Timeline {
 public:
  Timeline(const PhonemeLine& line, double frame_s, std::vector<TimedWord>& words,
           std::vector<TimedPhoneme>& phonemes)
      : line_(line), frame_s_(frame_s), words_(words), phonemes_(phonemes) {}

  void pause(std::size_t frames) {
    const double begin_s = now_s();
    frames_ += frames;
    if (frames == 0) return;
    if (!phonemes_.empty() && phonemes_.back().phoneme.symbol == "pau") {
      phonemes_.back().end_s = now_s();
    } else {
      phonemes_.push_back({{"pau", 0, {}}, begin_s, now_s()});
    }
  }

  void sound(const LineSound& sound, std::size_t frames) {
    if (sound.word < 0) {
      const double length_s = static_cast<double>(frames) * frame_s_;
      if (sound.is_mark || length_s >= kShortestPauseS || phonemes_.empty()) return pause(frames);
      frames_ += frames;
      phonemes_.back().end_s = now_s();
      return;
    }
    const double begin_s = now_s();
    frames_ += frames;
    begin_words_until(sound.word, begin_s);
    words_.back().end_s = now_s();
    const SourceSpan source = line_.words[static_cast<std::size_t>(sound.word)].source;
    phonemes_.push_back({{sound.phoneme, sound.stress, source}, begin_s, now_s()});
  }

  // Words without a sound last no time.
  void finish() { begin_words_until(static_cast<int>(line_.words.size()) - 1, now_s()); }

 private:
  double now_s() const { return static_cast<double>(frames_) * frame_s_; }

  void begin_words_until(int word, double at_s) {
    for (; begun_ <= word; ++begun_) {
      const PhonemeLine::Word& next = line_.words[static_cast<std::size_t>(begun_)];
      if (!words_.empty() && words_.back().source == next.source) continue;
      words_.push_back({next.text, next.source, at_s, at_s});
    }
  }

  const PhonemeLine& line_;
  double frame_s_;
  std::vector<TimedWord>& words_;
  std::vector<TimedPhoneme>& phonemes_;
  std::size_t frames_ = 0;
  int begun_ = 0;
};

}  // namespace

Result<PhonemeLine> phoneme_line(const FastSpeechConfig& config,
                                 const std::vector<SpokenToken>& tokens) {
  LineBuilder builder(config);
  for (const SpokenToken& token : tokens) SYRINX_TRY(builder.add(token));
  return builder.take();
}

std::vector<LineStretch> cut_phonemes(const PhonemeLine& line, std::size_t most) {
  std::vector<LineStretch> stretches;
  const std::size_t all = line.sounds.size();
  for (std::size_t begin = 0; begin < all;) {
    std::size_t end = std::min(all, begin + most);
    for (const bool mark : {true, false}) {
      if (end == all) break;
      std::size_t cut = begin + most;
      while (cut > begin &&
             (line.sounds[cut - 1].word >= 0 || line.sounds[cut - 1].is_mark != mark))
        --cut;
      if (cut == begin) continue;
      end = cut;
      break;
    }
    stretches.push_back({begin, end});
    begin = end;
  }
  return stretches;
}

void place_phonemes(const PhonemeLine& line, std::span<const StretchTimes> times, double frame_s,
                    std::vector<TimedWord>& words, std::vector<TimedPhoneme>& phonemes) {
  Timeline timeline(line, frame_s, words, phonemes);
  for (const StretchTimes& part : times) {
    timeline.pause(part.lead_frames);
    for (std::size_t i = part.stretch.begin; i < part.stretch.end; ++i)
      timeline.sound(line.sounds[i], part.frames[i - part.stretch.begin]);
    timeline.pause(part.tail_frames);
  }
  timeline.finish();
}

}  // namespace syrinx::acoustic
