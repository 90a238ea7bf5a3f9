// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "syrinx/core/io/aac_frames.h"
#include "syrinx/core/io/encoder.h"
#include "syrinx/core/io/mp4_boxes.h"

// AAC in MP4 (ISO/IEC 14496-12 and -14) from front to back: the sound as it is encoded, then the
// names of the chapters, then the index ("moov") that says where everything is. Times in the index
// are frames of sound; dates are left at 0, so that equal sound gives equal bytes. Chapters are
// there twice, as players want them: as a text track that the sound refers to (Apple's QuickTime
// File Format, "Chapter lists") and as Nero's list "chpl", which ends at 255.
namespace syrinx::io {
namespace {

constexpr std::size_t kFramesPerChunk = 64;  // AAC frames that a player finds with one seek.
constexpr std::size_t kMaxNeroChapters = 255;
constexpr std::uint64_t kWideMdatBytes = 16;  // "free" and "mdat", or one "mdat" of 64 bits.
constexpr unsigned kSoundTrack = 1;
constexpr unsigned kChapterTrack = 2;
constexpr std::uint64_t kUnityMatrix[9] = {0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000};

// The names of the chapters as samples of a track, and where they lie.
struct ChapterSamples {
  std::uint64_t offset = 0;
  std::vector<std::uint32_t> sizes;
  std::vector<std::uint64_t> durations;
};

unsigned version_for(std::uint64_t largest) noexcept {
  return largest > std::numeric_limits<std::uint32_t>::max() ? 1 : 0;
}

// What the index is written from.
struct Mp4Index {
  const AudioWriteOptions& options;
  const AacFrames& frames;
  std::uint64_t sound_offset;
  const std::vector<std::uint16_t>& frame_bytes;
  std::uint64_t sound_frames;
  ChapterSamples chapters;

  std::uint64_t coded_frames() const noexcept {
    return frame_bytes.size() * AacFrames::kFrameLength;
  }
};

void write_movie_header(Mp4Boxes& out, const Mp4Index& index) {
  const unsigned version = version_for(index.sound_frames);
  const auto box = out.full_box("mvhd", version, 0);
  out.sized(version, 0);
  out.sized(version, 0);
  out.u32(static_cast<std::uint64_t>(index.options.sample_rate_hz));
  out.sized(version, index.sound_frames);
  out.u32(0x10000);  // Rate 1.
  out.u16(0x100);    // Volume 1.
  out.zeros(10);
  for (const std::uint64_t entry : kUnityMatrix) out.u32(entry);
  out.zeros(24);
  out.u32(index.chapters.sizes.empty() ? kSoundTrack + 1 : kChapterTrack + 1);  // Next track.
}

void write_track_header(Mp4Boxes& out, unsigned track, bool sounds, std::uint64_t duration) {
  constexpr unsigned kEnabled = 1;
  constexpr unsigned kInMovie = 2;
  const unsigned version = version_for(duration);
  const auto box = out.full_box("tkhd", version, sounds ? kEnabled | kInMovie : kInMovie);
  out.sized(version, 0);
  out.sized(version, 0);
  out.u32(track);
  out.u32(0);
  out.sized(version, duration);
  out.zeros(8);
  out.u16(0);                   // Layer.
  out.u16(sounds ? 1 : 0);      // Alternate group.
  out.u16(sounds ? 0x100 : 0);  // Volume.
  out.u16(0);
  for (const std::uint64_t entry : kUnityMatrix) out.u32(entry);
  out.zeros(8);  // Width and height.
}

// "und" where the language has no two-letter tag that we know the three letters of.
std::string three_letters(const std::string& language) {
  const std::string two = language.substr(0, 2);
  constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"en", "eng"}, {"de", "deu"}, {"fr", "fra"}, {"es", "spa"}, {"it", "ita"},
      {"pt", "por"}, {"nl", "nld"}, {"ja", "jpn"}, {"zh", "zho"}, {"hi", "hin"}};
  for (const auto& [tag, name] : kNames) {
    if (tag == two) return std::string(name);
  }
  return "und";
}

void write_media_header(Mp4Boxes& out, const Mp4Index& index, std::uint64_t duration) {
  const unsigned version = version_for(duration);
  const auto box = out.full_box("mdhd", version, 0);
  out.sized(version, 0);
  out.sized(version, 0);
  out.u32(static_cast<std::uint64_t>(index.options.sample_rate_hz));
  out.sized(version, duration);
  std::uint64_t packed = 0;  // Five bits a letter.
  for (const char c : three_letters(index.options.tags.language))
    packed = packed << 5 | static_cast<std::uint64_t>(c - 0x60);
  out.u16(packed);
  out.u16(0);
}

void write_handler(Mp4Boxes& out, std::string_view type, std::string_view name) {
  const auto box = out.full_box("hdlr", 0, 0);
  out.u32(0);
  out.text(type);
  out.zeros(12);
  out.text(name);
  out.u8(0);
}

void write_data_reference(Mp4Boxes& out) {
  const auto information = out.box("dinf");
  const auto references = out.full_box("dref", 0, 0);
  out.u32(1);
  const auto here = out.full_box("url ", 0, 1);  // Flag 1: in this file.
}

// Descriptor of ISO/IEC 14496-1, 7.2.2: a tag and a length of less than 128.
void begin_descriptor(Mp4Boxes& out, unsigned tag, std::size_t length) {
  out.u8(tag);
  out.u8(length);
}

void write_decoder_description(Mp4Boxes& out, const Mp4Index& index) {
  const auto config = index.frames.specific_config();
  const std::size_t specific = config.size();
  const auto box = out.full_box("esds", 0, 0);
  begin_descriptor(out, 3, 3 + (2 + 13 + 2 + specific) + 3);  // Elementary stream.
  out.u16(0);
  out.u8(0);
  begin_descriptor(out, 4, 13 + 2 + specific);  // Decoder configuration.
  out.u8(0x40);                                 // MPEG-4 audio.
  out.u8(0x15);                                 // An audio stream.
  out.u24(AacFrames::kMaxChannelBytes * index.options.channels);
  out.u32(static_cast<std::uint64_t>(index.frames.bitrate_bps()));
  out.u32(static_cast<std::uint64_t>(index.frames.bitrate_bps()));
  begin_descriptor(out, 5, specific);
  out.bytes(config);
  begin_descriptor(out, 6, 1);  // Synchronisation: as MP4 predefines it.
  out.u8(2);
}

void write_sound_description(Mp4Boxes& out, const Mp4Index& index) {
  const auto descriptions = out.full_box("stsd", 0, 0);
  out.u32(1);
  const auto entry = out.box("mp4a");
  out.zeros(6);
  out.u16(1);  // Data reference.
  out.zeros(8);
  out.u16(index.options.channels);
  out.u16(16);
  out.zeros(4);
  const int rate_hz = index.options.sample_rate_hz;
  out.u32(rate_hz > 0xFFFF ? 0 : static_cast<std::uint64_t>(rate_hz) << 16);
  write_decoder_description(out, index);
}

void write_sound_chunks(Mp4Boxes& out, const Mp4Index& index) {
  const std::size_t count = index.frame_bytes.size();
  const std::size_t chunks = (count + kFramesPerChunk - 1) / kFramesPerChunk;
  const std::size_t rest = count % kFramesPerChunk;
  {
    const auto box = out.full_box("stsc", 0, 0);
    const bool all_equal = rest == 0 || chunks == 1;
    out.u32(all_equal ? 1 : 2);
    out.u32(1), out.u32(chunks == 1 ? count : kFramesPerChunk), out.u32(1);
    if (!all_equal) out.u32(chunks), out.u32(rest), out.u32(1);
  }
  {
    const auto box = out.full_box("stsz", 0, 0);
    out.u32(0);
    out.u32(count);
    for (const std::uint16_t size : index.frame_bytes) out.u32(size);
  }
  const auto box = out.full_box("co64", 0, 0);
  out.u32(chunks);
  std::uint64_t offset = index.sound_offset;
  for (std::size_t i = 0; i < count; ++i) {
    if (i % kFramesPerChunk == 0) out.u64(offset);
    offset += index.frame_bytes[i];
  }
}

void write_sound_table(Mp4Boxes& out, const Mp4Index& index) {
  const auto table = out.box("stbl");
  write_sound_description(out, index);
  {
    const auto durations = out.full_box("stts", 0, 0);
    out.u32(1);
    out.u32(index.frame_bytes.size());
    out.u32(AacFrames::kFrameLength);
  }
  write_sound_chunks(out, index);
}

// What the encoder puts before and behind the sound is not played.
void write_edit(Mp4Boxes& out, const Mp4Index& index) {
  const unsigned version = version_for(index.sound_frames);
  const auto edits = out.box("edts");
  const auto list = out.full_box("elst", version, 0);
  out.u32(1);
  out.sized(version, index.sound_frames);
  out.sized(version, AacFrames::kDelayFrames);
  out.u32(0x10000);  // At rate 1.
}

void write_sound_track(Mp4Boxes& out, const Mp4Index& index) {
  const auto track = out.box("trak");
  write_track_header(out, kSoundTrack, true, index.sound_frames);
  write_edit(out, index);
  if (!index.chapters.sizes.empty()) {
    const auto references = out.box("tref");
    const auto chapters = out.box("chap");
    out.u32(kChapterTrack);
  }
  const auto media = out.box("mdia");
  write_media_header(out, index, index.coded_frames());
  write_handler(out, "soun", "Sound");
  const auto information = out.box("minf");
  {
    const auto header = out.full_box("smhd", 0, 0);
    out.u32(0);
  }
  write_data_reference(out);
  write_sound_table(out, index);
}

// As Apple's players expect of a text track; none of it is shown.
void write_text_header(Mp4Boxes& out) {
  const auto header = out.box("gmhd");
  {
    const auto general = out.full_box("gmin", 0, 0);
    out.u16(0x40);  // Copy, without mixing.
    for (int colour = 0; colour < 3; ++colour) out.u16(0x8000);
    out.u32(0);
  }
  const auto text = out.box("text");
  for (const std::uint64_t entry : kUnityMatrix) out.u32(entry);
}

void write_text_description(Mp4Boxes& out) {
  const auto descriptions = out.full_box("stsd", 0, 0);
  out.u32(1);
  const auto entry = out.box("text");
  out.zeros(6);
  out.u16(1);    // Data reference.
  out.u32(1);    // Display flags.
  out.zeros(6);  // Justification and the first of the background's colours.
  out.zeros(4);
  out.zeros(8);  // The box that it is shown in.
  out.zeros(4);  // Style: the characters that it is for, its font, its size, its colour.
  out.u16(1);
  out.zeros(6);
  const auto fonts = out.box("ftab");
  out.u16(1);
  out.u16(1);
  out.u8(0);
}

void write_chapter_table(Mp4Boxes& out, const ChapterSamples& chapters) {
  const auto table = out.box("stbl");
  write_text_description(out);
  const std::size_t count = chapters.sizes.size();
  {
    const auto durations = out.full_box("stts", 0, 0);
    out.u32(count);
    for (const std::uint64_t duration : chapters.durations) out.u32(1), out.u32(duration);
  }
  {
    const auto chunks = out.full_box("stsc", 0, 0);
    out.u32(1);
    out.u32(1), out.u32(count), out.u32(1);
  }
  {
    const auto sizes = out.full_box("stsz", 0, 0);
    out.u32(0);
    out.u32(count);
    for (const std::uint32_t size : chapters.sizes) out.u32(size);
  }
  const auto offsets = out.full_box("co64", 0, 0);
  out.u32(1);
  out.u64(chapters.offset);
}

void write_chapter_track(Mp4Boxes& out, const Mp4Index& index) {
  const auto track = out.box("trak");
  write_track_header(out, kChapterTrack, false, index.sound_frames);
  const auto media = out.box("mdia");
  write_media_header(out, index, index.sound_frames);
  write_handler(out, "text", "Chapters");
  const auto information = out.box("minf");
  write_text_header(out);
  write_data_reference(out);
  write_chapter_table(out, index.chapters);
}

void write_item(Mp4Boxes& out, std::string_view name, const std::string& value) {
  constexpr unsigned kUtf8 = 1;
  if (value.empty()) return;
  const auto item = out.box(name);
  const auto data = out.full_box("data", 0, kUtf8);
  out.u32(0);
  out.text(value);
}

// Apple's list of tags; an audiobook's title is also its album's, as its players sort by that.
void write_items(Mp4Boxes& out, const AudioWriteOptions& options) {
  const AudioTags& tags = options.tags;
  const auto items = out.box("ilst");
  write_item(out, "\251nam", tags.title);
  write_item(out, "\251alb", tags.title);
  write_item(out, "\251ART", tags.author);
  write_item(out, "aART", tags.author);
  write_item(out, "\251wrt", tags.narrator);
  write_item(out, "\251gen", tags.genre);
  write_item(out, "\251too", "Syrinx");
  if (options.format != AudioFormat::kM4b) return;
  constexpr unsigned kInteger = 21;
  constexpr unsigned kAudiobook = 2;
  const auto item = out.box("stik");
  const auto data = out.full_box("data", 0, kInteger);
  out.u32(0);
  out.u8(kAudiobook);
}

// Cut between two characters, not within one.
std::string_view first_bytes(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  return text.substr(0, most);
}

void write_nero_chapters(Mp4Boxes& out, const AudioWriteOptions& options) {
  constexpr std::uint64_t kTicksPerSecond = 10'000'000;
  const auto& chapters = options.tags.chapters;
  if (chapters.empty()) return;
  const std::size_t count = std::min(chapters.size(), kMaxNeroChapters);
  const auto box = out.full_box("chpl", 1, 0);
  out.u32(0);
  out.u8(count);
  const auto rate_hz = static_cast<std::uint64_t>(options.sample_rate_hz);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t at = chapters[i].begin_frame;
    out.u64(at / rate_hz * kTicksPerSecond + at % rate_hz * kTicksPerSecond / rate_hz);
    const std::string_view title = first_bytes(chapters[i].title, 255);
    out.u8(title.size());
    out.text(title);
  }
}

void write_user_data(Mp4Boxes& out, const AudioWriteOptions& options) {
  const auto user = out.box("udta");
  {
    const auto meta = out.full_box("meta", 0, 0);
    {
      const auto handler = out.full_box("hdlr", 0, 0);
      out.u32(0);
      out.text("mdirappl");
      out.zeros(9);
    }
    write_items(out, options);
  }
  write_nero_chapters(out, options);
}

std::vector<std::byte> file_type(AudioFormat format) {
  Mp4Boxes out;
  {
    const auto box = out.box("ftyp");
    out.text(format == AudioFormat::kM4b ? "M4B " : "M4A ");
    out.u32(0x200);
    out.text("M4A M4B mp42isom");
  }
  const auto room = out.box("free");  // With the header of "mdat" behind it: 16 bytes.
  return out.all();
}

class Mp4Encoder final : public Encoder {
 public:
  Mp4Encoder(ByteSink& sink, const AudioWriteOptions& options, AacFrames frames)
      : sink_(sink), options_(options), frames_(std::move(frames)) {}

  Result<void> start() {
    const auto type = file_type(options_.format);
    SYRINX_TRY(sink_.write_at(0, type));
    mdat_at_ = type.size() - kWideMdatBytes / 2;
    at_ = sound_at_ = mdat_at_ + kWideMdatBytes;
    return write_mdat_header();
  }

  Result<void> write(std::span<const float> interleaved) override {
    sound_frames_ += interleaved.size() / options_.channels;
    return frames_.write(interleaved, [this](Bytes frame) { return take(frame); });
  }

  Result<void> finish() override {
    SYRINX_TRY(frames_.finish([this](Bytes frame) { return take(frame); }));
    SYRINX_ASSIGN(ChapterSamples chapters, write_chapter_names());
    SYRINX_TRY(write_mdat_header());
    const Mp4Index index{options_,     frames_,       sound_at_,
                         frame_bytes_, sound_frames_, std::move(chapters)};
    Mp4Boxes out;
    {
      const auto movie = out.box("moov");
      write_movie_header(out, index);
      write_sound_track(out, index);
      if (!index.chapters.sizes.empty()) write_chapter_track(out, index);
      write_user_data(out, options_);
    }
    return sink_.write_at(at_, out.all());
  }

 private:
  Result<void> take(Bytes frame) {
    SYRINX_TRY(sink_.write_at(at_, frame));
    at_ += frame.size();
    frame_bytes_.push_back(static_cast<std::uint16_t>(frame.size()));
    return {};
  }

  // The size in 32 bits behind an empty box, or in 64 over both.
  Result<void> write_mdat_header() {
    Mp4Boxes out;
    const std::uint64_t bytes = at_ - mdat_at_;
    if (version_for(bytes) == 0) {
      out.u32(8), out.text("free");
      out.u32(bytes - 8), out.text("mdat");
    } else {
      out.u32(1), out.text("mdat");
      out.u64(bytes);
    }
    return sink_.write_at(mdat_at_, out.all());
  }

  Result<void> write_name(const std::string& title, std::uint64_t frames, ChapterSamples& samples) {
    Mp4Boxes out;
    out.u16(title.size());
    out.text(title);
    {
      const auto encoding = out.box("encd");
      out.u32(0x100);  // UTF-8.
    }
    SYRINX_TRY(sink_.write_at(at_, out.all()));
    at_ += out.all().size();
    samples.sizes.push_back(static_cast<std::uint32_t>(out.all().size()));
    samples.durations.push_back(frames);
    return {};
  }

  // Each name is shown until the next; before the first stands one that is empty.
  Result<ChapterSamples> write_chapter_names() {
    ChapterSamples samples;
    samples.offset = at_;
    const auto& chapters = options_.tags.chapters;
    if (chapters.empty()) return samples;
    const auto begin_of = [&](std::size_t i) {
      return std::min(i < chapters.size() ? chapters[i].begin_frame : sound_frames_, sound_frames_);
    };
    if (begin_of(0) > 0) SYRINX_TRY(write_name("", begin_of(0), samples));
    for (std::size_t i = 0; i < chapters.size(); ++i)
      SYRINX_TRY(write_name(chapters[i].title, begin_of(i + 1) - begin_of(i), samples));
    return samples;
  }

  ByteSink& sink_;
  AudioWriteOptions options_;
  AacFrames frames_;
  std::uint64_t mdat_at_ = 0;
  std::uint64_t sound_at_ = 0;
  std::uint64_t at_ = 0;
  std::uint64_t sound_frames_ = 0;
  std::vector<std::uint16_t> frame_bytes_;
};

}  // namespace

Result<std::unique_ptr<Encoder>> make_mp4_encoder(ByteSink& sink,
                                                  const AudioWriteOptions& options) {
  SYRINX_ASSIGN(auto frames, AacFrames::create(options));
  auto encoder = std::make_unique<Mp4Encoder>(sink, options, std::move(frames));
  SYRINX_TRY(encoder->start());
  return std::unique_ptr<Encoder>(std::move(encoder));
}

}  // namespace syrinx::io
