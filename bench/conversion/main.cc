// SPDX-License-Identifier: Apache-2.0
// syrinx_convert_report DATA [RECORDINGS_PER_SPEAKER [OUT.json [CHANGER,... [JOB,...
// [LONGEST_S]]]]]
//
// The same recordings through ours and through Rubber Band's R3 engine, SoundTouch and SoX, each
// judged the same way, and whether the bars are reached. Words are counted twice: by a recogniser
// that knows nothing of the change ("WER"), and by one that is told of pace and formants, or hears
// a raised voice with its pitch taken back by analysis and synthesis ("told"). Then what the
// formant measure says of vowels whose formants are known, and latency and work of our modes. A
// peer that is not installed is left out, and said to be. "all" stands for all changers; jobs are
// named as they are printed.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <optional>
#include <set>

#include "conversion/bars.h"
#include "conversion/judging.h"
#include "conversion/speed.h"
#include "conversion/vowels.h"
#include "intelligibility/corpus.h"
#include "syrinx/core/base/thread_pool.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/voice/voice_settings.h"

namespace syrinx::bench {
namespace {

using nlohmann::json;

const std::vector<Job> kJobs = {
    {4, 1, 1},    {-4, 1, 1},  {12, 1, 1},   {-12, 1, 1}, {0, 1, 1.15},
    {0, 1, 0.87}, {0, 0.5, 1}, {0, 0.75, 1}, {0, 1.5, 1}, {0, 2, 1},
};

constexpr double kLongestS = 6.5;  // Of a recording, unless given: much takes its time.

struct Sound {
  AudioBuffer audio;
  std::string text;
};

Result<std::vector<Sound>> load(const std::filesystem::path& data, std::size_t most,
                                double longest_s) {
  SYRINX_ASSIGN(const auto speakers, load_human_speakers(data / "speech"));
  std::vector<Sound> sounds;
  for (const auto& speaker : speakers) {
    std::size_t taken = 0;
    for (const auto& recording : speaker.recordings) {
      if (taken == most) break;
      SYRINX_ASSIGN(auto audio, io::read_audio(recording.path));
      if (audio.duration_s() > longest_s) continue;
      sounds.push_back({std::move(audio), recording.text});
      ++taken;
    }
  }
  return sounds;
}

// Whether a name stands in a list parted by commas; all do in an empty one.
bool is_in(const std::string& list, const std::string& name) {
  return list.empty() || list == "all" ||
         ("," + list + ",").find("," + name + ",") != std::string::npos;
}

struct Wanted {
  std::string changers;
  std::string jobs;
};

class Report {
 public:
  Report(std::vector<Sound> sounds, std::filesystem::path folder, Wanted wanted)
      : sounds_(std::move(sounds)), folder_(std::move(folder)), wanted_(std::move(wanted)) {
    for (const Changer& changer : all_changers())
      if (!is_in(wanted_.changers, changer.name)) absent_.insert(changer.name);
    told_.resize(pool_.threads());
    for (std::size_t i = 0; i < pool_.threads(); ++i) {
      std::filesystem::create_directories(folder_of(i));
      auto recogniser = measure::load_recogniser();
      if (recogniser) recognisers_.push_back(std::move(*recogniser));
    }
  }

  Result<json> run() {
    json all;
    std::printf("%zu recordings; word error rate of the recordings as they are: %.1f %%\n",
                sounds_.size(), 100.0 * source_words());
    for (const Job& job : kJobs) {
      if (!is_in(wanted_.jobs, job.name())) continue;
      std::printf("\n%-22s%s\n", job.name().c_str(), header_row().c_str());
      for (auto& of_worker : told_) of_worker.clear();
      if (job.can_be_told()) {
        const double rate = perfect_words(job);
        std::printf("  %-20s%87.1f\n", "nothing but the job", 100.0 * rate);
        all["word_error_rate_if_perfect"][job.name()] = rate;
      }
      for (const Changer& changer : all_changers()) {
        if (absent_.contains(changer.name) || !can_do(changer, job)) continue;
        const auto sheet = fill(changer, job);
        if (!sheet) {
          std::printf("  %-20s left out: %s\n", changer.name.c_str(),
                      sheet.error().message.c_str());
          absent_.insert(changer.name);
          continue;
        }
        std::printf("  %-20s%s\n", changer.name.c_str(), sheet->row().c_str());
        std::fflush(stdout);
        all[job.name()][changer.name] = sheet->to_json();
      }
    }
    all["word_error_rate_of_source"] = source_words();
    return all;
  }

 private:
  struct Judged {
    conversion::ConversionQuality quality;
    measure::WordErrors words;
    measure::WordErrors told_words;
  };

  Result<Judged> judge(const Changer& changer, const Job& job, const Sound& sound,
                       std::size_t worker) {
    SYRINX_ASSIGN(const auto changed, change(changer, job, sound.audio, folder_of(worker)));
    const conversion::Asked asked{voice::ratio_of_semitones(job.semitones), job.formant_ratio,
                                  job.speed};
    SYRINX_ASSIGN(auto quality, conversion::judge(sound.audio, changed, asked, false));
    Judged judged{std::move(quality), words_in(changed, sound.text, worker), {}};
    if (job.can_be_told()) judged.told_words = told_words_in(changed, sound.text, worker, job);
    if (job.semitones > 0.0) {
      const double most_f0_hz = std::min(1'000.0, 600.0 * asked.pitch_ratio);
      SYRINX_ASSIGN(const auto back, resynthesise(-job.semitones, changed, most_f0_hz));
      judged.told_words = words_in(back, sound.text, worker);
    }
    return judged;
  }
  Result<Sheet> fill(const Changer& changer, const Job& job) {
    std::vector<std::optional<Result<Judged>>> judged(sounds_.size());
    share_out([&](std::size_t i, std::size_t worker) {
      judged[i].emplace(judge(changer, job, sounds_[i], worker));
    });
    Sheet sheet;
    for (auto& one : judged) {
      if (!*one) return std::move(*one).error();
      sheet.add((*one)->quality, job);
      sheet.words += (*one)->words;
      sheet.told_words += (*one)->told_words;
    }
    return sheet;
  }
  // Every sound to one of the workers: work(sound, worker).
  void share_out(const std::function<void(std::size_t, std::size_t)>& work) {
    const std::size_t workers = pool_.threads();
    pool_.parallel_for(workers, [&](std::size_t worker) {
      for (std::size_t i = worker; i < sounds_.size(); i += workers) work(i, worker);
    });
  }
  std::filesystem::path folder_of(std::size_t worker) const {
    return folder_ / std::to_string(worker);
  }
  // By a recogniser that was told of the change; loaded when first asked for.
  measure::WordErrors told_words_in(AudioView audio, const std::string& text, std::size_t worker,
                                    const Job& job) {
    auto& told = told_[worker][job.name()];
    if (told == nullptr) {
      auto loaded = measure::load_recogniser({}, {job.speed, job.formant_ratio});
      if (!loaded) return {};
      told = std::move(*loaded);
    }
    return words_by(*told, audio, text);
  }
  measure::WordErrors words_in(AudioView audio, const std::string& text, std::size_t worker) {
    return worker < recognisers_.size() ? words_by(*recognisers_[worker], audio, text)
                                        : measure::WordErrors{};
  }
  static measure::WordErrors words_by(measure::Recogniser& recogniser, AudioView audio,
                                      const std::string& text) {
    const auto heard = measure::recognise_any(recogniser, audio);
    const auto said = measure::words_of(text);
    return measure::compare_words(said, measure::words_of(heard ? *heard : ""));
  }
  // Of a recogniser that looks at the recordings as if they were changed, which are not: what a
  // change without any fault would cost it.
  double perfect_words(const Job& job) {
    const Job inverse{0, 1.0 / job.speed, 1.0 / job.formant_ratio};
    std::vector<measure::WordErrors> words(sounds_.size());
    share_out([&](std::size_t i, std::size_t worker) {
      words[i] = told_words_in(sounds_[i].audio, sounds_[i].text, worker, inverse);
    });
    measure::WordErrors all;
    for (const measure::WordErrors& one : words) all += one;
    return all.rate();
  }
  double source_words() {
    if (source_words_) return *source_words_;
    std::vector<measure::WordErrors> words(sounds_.size());
    share_out([&](std::size_t i, std::size_t worker) {
      words[i] = words_in(sounds_[i].audio, sounds_[i].text, worker);
    });
    measure::WordErrors all;
    for (const measure::WordErrors& one : words) all += one;
    source_words_ = all.rate();
    return *source_words_;
  }

  std::vector<Sound> sounds_;
  std::filesystem::path folder_;
  Wanted wanted_;
  ThreadPool pool_;  // A worker has its own folder and recogniser.
  std::vector<std::unique_ptr<measure::Recogniser>> recognisers_;
  std::vector<std::map<std::string, std::unique_ptr<measure::Recogniser>>> told_;  // By worker.
  std::set<std::string> absent_;
  std::optional<double> source_words_;
};

Result<void> run(int argc, char** argv) {
  if (argc < 2)
    return make_error(
        ErrorCode::kInvalidArgument,
        "usage: syrinx_convert_report DATA [RECORDINGS_PER_SPEAKER [OUT.json [CHANGER,... "
        "[JOB,... [LONGEST_S]]]]]");
  const std::size_t most = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 4;
  const double longest_s = argc > 6 ? std::strtod(argv[6], nullptr) : kLongestS;
  SYRINX_ASSIGN(auto sounds, load(argv[1], most, longest_s));
  if (sounds.empty())
    return make_error(ErrorCode::kNotFound, "there is no English speech under ", argv[1],
                      "/speech");
  std::string pattern = std::filesystem::temp_directory_path() / "convert_report.XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr)
    return make_error(ErrorCode::kIo, "cannot make a folder for the peers' files");
  const AudioBuffer voice = sounds.front().audio;
  Report report(std::move(sounds), pattern, {argc > 4 ? argv[4] : "", argc > 5 ? argv[5] : ""});
  auto all = report.run();
  std::error_code ignored;
  std::filesystem::remove_all(pattern, ignored);
  if (!all) return std::move(all).error();
  (*all)["bars"] = hold_to_bars(*all);
  SYRINX_ASSIGN((*all)["formants_of_known_vowels"], judge_the_judge());
  SYRINX_ASSIGN((*all)["modes"], measure_speed(voice));
  if (argc > 3) std::ofstream(argv[3]) << all->dump(2) << '\n';
  return {};
}

}  // namespace
}  // namespace syrinx::bench

int main(int argc, char** argv) {
  const auto done = syrinx::bench::run(argc, argv);
  if (done) return 0;
  std::fprintf(stderr, "syrinx_convert_report: %s\n", done.error().message.c_str());
  return 1;
}
