// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/acoustic/symbol_line.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/flow/characters.h"

namespace syrinx::acoustic {
namespace {

// The marks of a token that is not said, as the line takes them.
std::u32string marks_of(std::string_view written, LineMarks kind) {
  std::u32string marks;
  if (written == "..." || written == "..") written = "…";
  for (const Character& character : characters_of(written)) {
    const char32_t code = character.code;
    const bool plain = std::u32string_view(U",.?!:;").find(code) != std::u32string_view::npos;
    const bool pause = code == U'—' || code == U'–' || code == U'…';
    if (kind == LineMarks::kKokoro) {
      if (plain || std::u32string_view(U"\"()“”…—").find(code) != std::u32string_view::npos)
        marks += code;
      if (code == U'–') marks += U'—';
    } else if (plain || pause) {
      marks += pause ? U';' : code;
    }
  }
  // Piper's clauses end in one mark; of several the one that shapes the tune most.
  if (kind == LineMarks::kPiper && marks.size() > 1) {
    for (const char32_t mark : U"?!.:;,") {
      if (mark != 0 && marks.find(mark) != std::u32string::npos) return {mark};
    }
  }
  return marks;
}

bool opens(char32_t code) { return code == U'(' || code == U'“'; }

void add_space(SymbolLine& line) {
  if (line.symbols.empty() || line.symbols.back().code == U' ') return;
  if (line.symbols.back().word < 0 && opens(line.symbols.back().code)) return;
  line.symbols.push_back({U' ', -1});
}

void add_marks(SymbolLine& line, std::string_view written, LineMarks kind) {
  for (const char32_t code : marks_of(written, kind)) {
    if (line.words.empty() && !opens(code)) continue;  // A line does not begin with a pause.
    if (opens(code)) add_space(line);
    line.symbols.push_back({code, -1});
  }
}

bool is_vowel(char32_t code) {
  return std::u32string_view(U"aeiouyæøœɐɑɒɔəɘɚɛɜɝɞɤɨɪɯɵɶʉʊʌʏᵻᵊAIOQWY").find(code) !=
         std::u32string_view::npos;
}

// Shares of time by kind of symbol, in vowels: a vowel of read English lasts some 1.4 times a
// consonant, and a long one half as long again (Klatt 1976); a comma some three vowels.
double share_of(const LineSymbol& symbol) {
  if (stress_of(symbol.code) > 0) return 0;
  if (symbol.code == U'ː') return 0.5;
  if (is_modifier(symbol.code)) return 0.1;
  if (symbol.word >= 0) return is_vowel(symbol.code) ? 1.0 : 0.7;
  if (symbol.code == U' ') return 0.1;
  return std::u32string_view(U",.?!:;…—").find(symbol.code) != std::u32string_view::npos ? 3.0
                                                                                         : 0.1;
}

// The samples before the first, and from the last on, that are above a hundredth of the peak.
std::pair<std::size_t, std::size_t> heard(std::span<const float> samples) {
  float peak = 0;
  for (const float sample : samples) peak = std::max(peak, std::abs(sample));
  const auto is_loud = [least = peak * 0.01f](float sample) { return std::abs(sample) > least; };
  const auto first = std::find_if(samples.begin(), samples.end(), is_loud);
  const auto last = std::find_if(samples.rbegin(), samples.rend(), is_loud);
  if (first == samples.end()) return {0, samples.size()};
  return {static_cast<std::size_t>(first - samples.begin()),
          samples.size() - static_cast<std::size_t>(last - samples.rbegin())};
}

// Where two pieces meet within a clause, silence beyond this is cut.
constexpr double kBreathS = 0.03;

void drop_lead(PieceSound& sound, double keep_s, double rate) {
  const double cut_s = sound.lead_s - keep_s;
  if (cut_s <= 0) return;
  const auto cut = std::min(static_cast<std::size_t>(cut_s * rate), sound.samples.size());
  sound.samples.erase(sound.samples.begin(),
                      sound.samples.begin() + static_cast<std::ptrdiff_t>(cut));
  sound.lead_s -= static_cast<double>(cut) / rate;
}

void drop_tail(PieceSound& sound, double keep_s, double rate) {
  double end_s = sound.lead_s + keep_s;
  for (const double duration_s : sound.durations_s) end_s += duration_s;
  const auto end = static_cast<std::size_t>(end_s * rate);
  if (end < sound.samples.size()) sound.samples.resize(end);
}

// Builds words and phonemes while symbols go by.
class Timeline {
 public:
  Timeline(const SymbolLine& line, Utterance& utterance) : line_(line), out_(utterance) {
    spans_.resize(line.words.size(), {-1.0, -1.0});
  }

  void pause_until(double end_s) {
    if (end_s <= begin_s()) return;
    auto& all = out_.phonemes;
    if (!all.empty() && all.back().phoneme.symbol == "pau") {
      all.back().end_s = end_s;
    } else {
      all.push_back({{"pau", 0, {}}, begin_s(), end_s});
    }
    early_s_ = -1;
    now_s_ = end_s;
  }

  void symbol(const LineSymbol& symbol, double duration_s, bool space_after) {
    const double end_s = now_s_ + duration_s;
    if (const int stress = stress_of(symbol.code); stress > 0) stress_ = stress;
    if (symbol.word < 0) {
      if (symbol.code == U' ' && !space_after && !out_.phonemes.empty()) {
        share_space(end_s);
      } else {
        pause_until(end_s);
      }
      return;
    }
    widen(symbol.word, end_s);
    sound(symbol, end_s);
    now_s_ = end_s;
  }

  void finish(double end_s) {
    pause_until(end_s);
    add_words();
  }

 private:
  // Half of a space goes to the phoneme before it; the other half to the one after.
  void share_space(double end_s) {
    TimedPhoneme& before = out_.phonemes.back();
    if (before.phoneme.symbol == "pau") return pause_until(end_s);
    const double middle_s = (now_s_ + end_s) / 2;
    before.end_s = middle_s;
    if (last_word_ >= 0) spans_[static_cast<std::size_t>(last_word_)].second = middle_s;
    early_s_ = middle_s;
    now_s_ = end_s;
  }

  void widen(int word, double end_s) {
    auto& span = spans_[static_cast<std::size_t>(word)];
    if (span.first < 0) span.first = begin_s();
    span.second = end_s;
    last_word_ = word;
  }

  // A mark of stress is part of the phoneme after it, a modifier of the one before.
  void sound(const LineSymbol& symbol, double end_s) {
    auto& all = out_.phonemes;
    const bool follows = !all.empty() && early_s_ < 0 && all.back().phoneme.symbol != "pau";
    if (is_modifier(symbol.code) && follows) {
      append_utf8(all.back().phoneme.symbol, symbol.code);
      all.back().end_s = end_s;
    } else if (is_modifier(symbol.code) || stress_of(symbol.code) > 0) {
      early_s_ = begin_s();
    } else {
      const SourceSpan source = line_.words[static_cast<std::size_t>(symbol.word)].source;
      const int stress = is_vowel(symbol.code) ? std::exchange(stress_, 0) : 0;
      all.push_back({{utf8_of(symbol.code), stress, source}, begin_s(), end_s});
      early_s_ = -1;
    }
  }

  double begin_s() const { return early_s_ >= 0 ? early_s_ : now_s_; }

  // Words of no symbols share the time of the one before by their letters.
  void add_words() {
    for (std::size_t at = 0; at < line_.words.size();) {
      std::size_t end = at + 1;
      while (end < line_.words.size() && spans_[end].first < 0) ++end;
      if (spans_[at].first >= 0) share_words(at, end);
      at = end;
    }
  }

  void share_words(std::size_t begin, std::size_t end) {
    double letters = 0;
    for (std::size_t i = begin; i < end; ++i) letters += letters_of(i);
    double at_s = spans_[begin].first;
    const double all_s = spans_[begin].second - at_s;
    for (std::size_t i = begin; i < end; ++i) {
      const double end_s = at_s + all_s * letters_of(i) / letters;
      add_word(line_.words[i], at_s, end_s);
      at_s = end_s;
    }
  }

  double letters_of(std::size_t word) const {
    return static_cast<double>(std::max<std::size_t>(1, line_.words[word].text.size()));
  }

  void add_word(const LineWord& word, double begin_s, double end_s) {
    if (!out_.words.empty() && out_.words.back().source == word.source) {
      out_.words.back().end_s = end_s;
    } else {
      out_.words.push_back({word.text, word.source, begin_s, end_s});
    }
  }

  const SymbolLine& line_;
  Utterance& out_;
  std::vector<std::pair<double, double>> spans_;  // Of each word; -1 before it is heard.
  double now_s_ = 0;
  double early_s_ = -1;  // Where the next phoneme begins, if that is before now_s_.
  int stress_ = 0;
  int last_word_ = -1;
};

}  // namespace

bool is_modifier(char32_t code) noexcept {
  return code == U'ː' || code == U'ˑ' || code == U'ʰ' || code == U'ʲ' || code == U'ʷ' ||
         code == U'˞' || code == U'ᵝ' || code == U'ˠ' || code == U'ˤ' || code == U'ⁿ' ||
         (code >= 0x300 && code <= 0x36F) || (code >= 0x2E5 && code <= 0x2E9);
}

int stress_of(char32_t code) noexcept { return code == U'ˈ' ? 1 : code == U'ˌ' ? 2 : 0; }

Result<SymbolLine> symbol_line(const std::vector<SpokenToken>& tokens, PhonemeSet set,
                               LineMarks marks, bool letters) {
  SymbolLine line;
  for (const SpokenToken& token : tokens) {
    if (token.words.empty()) add_marks(line, token.written, marks);
    for (const SpokenWord& word : token.words) {
      if (!letters && (!word.pronunciation || word.pronunciation->set != set))
        return make_error(ErrorCode::kInvalidArgument, "the word '", word.text,
                          "' has no pronunciation in the phonemes that this voice takes");
      const std::string& symbols = letters ? word.text : word.pronunciation->symbols;
      const int index = static_cast<int>(line.words.size());
      line.words.push_back({word.text, word.source});
      if (symbols.empty()) continue;
      add_space(line);
      for (const Character& character : characters_of(symbols))
        line.symbols.push_back({character.code, character.code == U' ' ? -1 : index});
    }
    if (line.symbols.size() > limits::kMaxVoiceSymbols)
      return make_error(ErrorCode::kLimitExceeded, "a sentence of more than ",
                        limits::kMaxVoiceSymbols,
                        " phonemes is too long to speak at once; split it");
  }
  return line;
}

std::string to_string(const SymbolLine& line) {
  std::string text;
  for (const LineSymbol& symbol : line.symbols) append_utf8(text, symbol.code);
  return text;
}

std::vector<LinePiece> cut_line(const SymbolLine& line, std::size_t first, std::size_t most) {
  std::vector<LinePiece> pieces;
  const auto& symbols = line.symbols;
  const auto is_end = [&symbols](std::size_t i, bool mark) {
    return symbols[i].word < 0 && (symbols[i].code != U' ') == mark && !opens(symbols[i].code);
  };
  for (std::size_t begin = 0; begin < symbols.size();) {
    const std::size_t room = pieces.empty() ? first : most;
    std::size_t end = symbols.size();
    if (end - begin > room) {
      end = begin + room;
      for (const bool mark : {true, false}) {
        std::size_t cut = begin + room;
        while (cut > begin && !is_end(cut - 1, mark)) --cut;
        if (cut > begin) {
          end = cut;
          break;
        }
      }
    }
    pieces.push_back({begin, end});
    begin = end;
  }
  return pieces;
}

PieceSound apportioned(LinePiece piece, const SymbolLine& line, std::vector<float> samples,
                       int sample_rate_hz) {
  PieceSound sound{piece, std::move(samples), 0, {}};
  const auto [begin, end] = heard(sound.samples);
  sound.lead_s = static_cast<double>(begin) / sample_rate_hz;
  const double all_s = static_cast<double>(end - begin) / sample_rate_hz;
  std::size_t last = piece.end;  // Marks at the end are the silence there.
  while (last > piece.begin && line.symbols[last - 1].word < 0) --last;
  double shares = 0;
  for (std::size_t i = piece.begin; i < last; ++i) shares += share_of(line.symbols[i]);
  for (std::size_t i = piece.begin; i < piece.end; ++i) {
    const double share = i < last && shares > 0 ? share_of(line.symbols[i]) / shares : 0;
    sound.durations_s.push_back(all_s * share);
  }
  return sound;
}

Utterance utterance_of(const SymbolLine& line, std::vector<PieceSound> pieces, int sample_rate_hz) {
  const auto rate = static_cast<double>(sample_rate_hz);
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    const std::size_t cut = pieces[i].piece.begin;
    const LineSymbol& before = line.symbols[cut - 1];
    if (before.word < 0 && before.code != U' ') continue;  // A mark: the pause is wanted.
    drop_tail(pieces[i - 1], kBreathS, rate);
    drop_lead(pieces[i], kBreathS, rate);
  }
  Utterance utterance;
  Timeline timeline(line, utterance);
  std::vector<float> samples;
  for (const PieceSound& sound : pieces) {
    const double begin_s = static_cast<double>(samples.size()) / rate;
    samples.insert(samples.end(), sound.samples.begin(), sound.samples.end());
    const double end_s = static_cast<double>(samples.size()) / rate;
    timeline.pause_until(begin_s + sound.lead_s);
    double left_s = std::max(0.0, end_s - begin_s - sound.lead_s);
    for (std::size_t i = sound.piece.begin; i < sound.piece.end; ++i) {
      const double duration_s = std::min(left_s, sound.durations_s[i - sound.piece.begin]);
      timeline.symbol(line.symbols[i], duration_s, i + 1 == line.symbols.size());
      left_s -= duration_s;
    }
    timeline.pause_until(end_s);
  }
  utterance.audio = AudioBuffer(AudioView(samples, sample_rate_hz));
  timeline.finish(utterance.audio.duration_s());
  return utterance;
}

Result<void> check_prosody(const Prosody& prosody) {
  if (!(prosody.rate >= kMinRate && prosody.rate <= kMaxRate))
    return make_error(ErrorCode::kInvalidArgument, "rate is ", prosody.rate,
                      " but must be between ", kMinRate, " and ", kMaxRate);
  if (!(std::abs(prosody.pitch_semitones) <= kMaxPitchSemitones))
    return make_error(ErrorCode::kInvalidArgument, "pitch is ", prosody.pitch_semitones,
                      " semitones but must be between -12 and 12");
  return {};
}

Utterance silence(int sample_rate_hz) {
  Utterance utterance;
  utterance.audio = AudioBuffer(1, static_cast<std::size_t>(sample_rate_hz / 10), sample_rate_hz);
  utterance.phonemes.push_back({{"pau", 0, {}}, 0, utterance.audio.duration_s()});
  return utterance;
}

}  // namespace syrinx::acoustic
