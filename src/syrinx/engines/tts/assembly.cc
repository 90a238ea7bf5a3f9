// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/tts/assembly.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/engines/tts/job_sound.h"
#include "syrinx/stages/measure/loudness.h"

namespace syrinx::tts {
namespace {

namespace fs = std::filesystem;

constexpr double kMinLoudnessLufs = -40.0;
constexpr double kMaxLoudnessLufs = -10.0;
constexpr double kMaxGainDb = 30.0;
constexpr const char* kSoundPart = "sound.out";

// A chapter in frames of the job.
struct Chapter {
  std::string title;
  std::uint64_t begin = 0;
};

// What one look at the job's journal and sound tells.
struct Survey {
  std::uint64_t frames = 0;  // With pauses.
  std::vector<Chapter> chapters;
  std::map<std::string, measure::LoudnessMeter> meters;  // By voice.
  std::size_t sentences = 0;
  std::size_t words = 0;
  std::size_t skipped = 0;

  void note(const SpokenRecord& record) {
    if (record.begins_chapter || (chapters.empty() && record.frames > 0))
      chapters.push_back({record.chapter_title, frames});
    if (record.names_chapter && record.chapter_title.empty()) {
      std::string& title = chapters.back().title;
      title += (title.empty() ? "" : " ") + record.text;
    }
    frames += record.pause_frames + record.frames;
    sentences += record.frames > 0 ? 1 : 0;
    words += record.words.size();
    skipped += record.skipped;
  }
};

Result<Survey> survey(const JobFolder& job, const AssemblyListener& listener,
                      const std::stop_token& stop) {
  Survey found;
  SYRINX_ASSIGN(auto reader, JobReader::open(job));
  SpokenRecord record;
  AudioBuffer sound;
  AudioBuffer silence(1, 0, job.sample_rate_hz());
  std::uint64_t heard = 0;
  while (true) {
    if (stop.stop_requested()) return make_error(ErrorCode::kCancelled, "stopped");
    SYRINX_ASSIGN(const bool more, reader.next(record, &sound));
    if (!more) return found;
    found.note(record);
    if (sound.empty()) continue;
    auto meter = found.meters.find(record.voice);
    if (meter == found.meters.end()) {
      SYRINX_ASSIGN(auto made, measure::LoudnessMeter::create(job.sample_rate_hz(), 1));
      meter = found.meters.emplace(record.voice, std::move(made)).first;
    }
    silence.reshape(1, static_cast<std::size_t>(record.pause_frames), job.sample_rate_hz());
    if (!silence.empty()) std::fill(silence.channel(0).begin(), silence.channel(0).end(), 0.0f);
    meter->second.process(silence);
    meter->second.process(sound);
    heard += record.frames;
    listener("measuring", static_cast<double>(heard) / static_cast<double>(job.frames()));
  }
}

// One gain a voice for the whole job. A voice that says too little to be measured is left alone.
std::map<std::string, double> gains_of(const Survey& found, std::optional<double> target_lufs) {
  std::map<std::string, double> gains;
  for (const auto& [voice, meter] : found.meters) {
    const double lufs = meter.loudness().integrated_lufs;
    const bool measured = target_lufs && std::isfinite(lufs);
    gains[voice] = measured ? std::clamp(*target_lufs - lufs, -kMaxGainDb, kMaxGainDb) : 0.0;
  }
  return gains;
}

void name_chapters(std::vector<Chapter>& chapters, const std::string& book_title) {
  for (std::size_t i = 0; i < chapters.size(); ++i) {
    std::string& title = chapters[i].title;
    if (title.empty() && i == 0) title = book_title.empty() ? "Beginning" : book_title;
    if (title.empty()) title = "Chapter " + std::to_string(i + 1);
    std::size_t end = std::min(title.size(), limits::kMaxTagBytes);
    while (end < title.size() && end > 0 && (static_cast<unsigned char>(title[end]) & 0xC0) == 0x80)
      --end;
    title.resize(end);
  }
}

std::uint64_t at_rate(std::uint64_t frames, int from_hz, int to_hz) {
  return static_cast<std::uint64_t>(std::llround(static_cast<double>(frames) * to_hz / from_hz));
}

std::vector<io::AudioChapter> file_chapters(const Survey& found, int from_hz, int to_hz) {
  std::vector<io::AudioChapter> list;
  for (std::size_t i = 0; i < found.chapters.size(); ++i) {
    const bool last = i + 1 == found.chapters.size();
    const std::uint64_t end = last ? found.frames : found.chapters[i + 1].begin;
    list.push_back({found.chapters[i].title, at_rate(found.chapters[i].begin, from_hz, to_hz),
                    at_rate(end, from_hz, to_hz)});
  }
  return list;
}

// A link is followed: what it points to is replaced.
fs::path target_of(const fs::path& output) {
  std::error_code failed;
  if (!fs::is_symlink(output, failed)) return output;
  const fs::path target = fs::weakly_canonical(output, failed);
  return failed ? output : target;
}

struct Captions {
  std::vector<CaptionWriter> writers;

  static Result<Captions> create(const AssemblyOptions& options, const Book& book) {
    Captions captions;
    for (const fs::path& path : options.captions) {
      SYRINX_ASSIGN(const CaptionFormat format, caption_format_for(path));
      SYRINX_ASSIGN(auto writer, CaptionWriter::create(path, format, book.document_names()));
      captions.writers.push_back(std::move(writer));
    }
    return captions;
  }
  Result<void> write(const SpokenRecord& record, double begin_s, double end_s) {
    for (auto& writer : writers) SYRINX_TRY(writer.write(record, begin_s, end_s));
    return {};
  }
};

// The options with the rate that is left open, and the chapters where the format has them.
io::AudioWriteOptions what_to_write(const AssemblyOptions& options, const Survey& found,
                                    int job_hz) {
  io::AudioWriteOptions write = options.write;
  write.channels = 1;
  if (write.sample_rate_hz == 0)
    write.sample_rate_hz = io::nearest_sample_rate_hz(write.format, job_hz);
  if (io::supports_tags(write.format))
    write.tags.chapters = file_chapters(found, job_hz, write.sample_rate_hz);
  return write;
}

// What is known before anything is written.
AssemblyReport report_of(const Survey& found, int job_hz, int file_hz) {
  AssemblyReport report;
  report.sample_rate_hz = file_hz;
  report.sentences = found.sentences;
  report.words = found.words;
  report.skipped = found.skipped;
  for (const io::AudioChapter& chapter : file_chapters(found, job_hz, file_hz))
    report.chapters.push_back({chapter.title, static_cast<double>(chapter.begin_frame) / file_hz,
                               static_cast<double>(chapter.end_frame) / file_hz});
  return report;
}

// All of the source into the writer; how loud it was.
Result<measure::Loudness> pump(AudioSource& source, io::AudioWriter& writer, std::uint64_t total,
                               const AssemblyListener& listener, const std::stop_token& stop) {
  SYRINX_ASSIGN(auto meter, measure::LoudnessMeter::create(source.sample_rate_hz(), 1));
  AudioBuffer block;
  while (true) {
    SYRINX_ASSIGN(const bool more, source.next(block, stop));
    if (!more) return meter.loudness();
    meter.process(block);
    SYRINX_TRY(writer.write(block));
    const double share = static_cast<double>(writer.frames_written()) / static_cast<double>(total);
    listener("writing", std::min(1.0, share));
  }
}

}  // namespace

Result<void> check_options(const AssemblyOptions& options) {
  const double loudness = options.loudness_lufs.value_or(kMaxLoudnessLufs);
  if (!(loudness >= kMinLoudnessLufs && loudness <= kMaxLoudnessLufs))
    return make_error(ErrorCode::kInvalidArgument, "the loudness is ", loudness,
                      " LUFS but must be between ", kMinLoudnessLufs, " and ", kMaxLoudnessLufs);
  for (const fs::path& path : options.captions) {
    const auto format = caption_format_for(path);
    if (!format) return format.error();
  }
  return {};
}

Result<AssemblyReport> assemble(const JobFolder& job, const Book& book,
                                const AssemblyOptions& options, const AssemblyListener& listener,
                                const std::stop_token& stop) {
  SYRINX_TRY(check_options(options));
  SYRINX_ASSIGN(Survey found, survey(job, listener, stop));
  name_chapters(found.chapters, options.write.tags.title);
  const int job_hz = job.sample_rate_hz();
  const io::AudioWriteOptions write = what_to_write(options, found, job_hz);
  AssemblyReport report = report_of(found, job_hz, write.sample_rate_hz);
  report.voice_gain_db = gains_of(found, options.loudness_lufs);

  SYRINX_ASSIGN(Captions captions, Captions::create(options, book));
  const auto caption = [&](const SpokenRecord& record, std::uint64_t begin) {
    const double begin_s = static_cast<double>(begin) / job_hz;
    return captions.write(record, begin_s, begin_s + static_cast<double>(record.frames) / job_hz);
  };
  SYRINX_ASSIGN(auto source, make_job_sound(job, report.voice_gain_db,
                                            options.loudness_lufs.has_value(), caption));
  SYRINX_ASSIGN(source, dsp::ResamplingSource::create(std::move(source), write.sample_rate_hz));
  SYRINX_ASSIGN(auto writer, io::AudioWriter::create(job.path() / kSoundPart, write));
  const std::uint64_t total = at_rate(found.frames, job_hz, write.sample_rate_hz);
  SYRINX_ASSIGN(const measure::Loudness loudness, pump(*source, writer, total, listener, stop));
  SYRINX_TRY(writer.finish());
  report.duration_s = static_cast<double>(writer.frames_written()) / write.sample_rate_hz;
  report.loudness_lufs = loudness.integrated_lufs;
  report.true_peak_dbtp = loudness.true_peak_dbtp;

  std::error_code failed;
  fs::rename(job.path() / kSoundPart, target_of(options.output), failed);
  if (failed)
    return make_error(ErrorCode::kIo, "cannot name '", options.output.string(),
                      "': ", failed.message());
  for (auto& captions_writer : captions.writers)
    SYRINX_TRY(captions_writer.finish(report.chapters));
  return report;
}

}  // namespace syrinx::tts
