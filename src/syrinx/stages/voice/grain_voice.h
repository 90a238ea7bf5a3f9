// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/stages/voice/grain_reader.h"
#include "syrinx/stages/voice/pitch_marks.h"
#include "syrinx/stages/voice/sample_ring.h"
#include "syrinx/stages/voice/voice_settings.h"

namespace syrinx::voice {

// Speaks again what pitch marks were found in: grains of two periods around them, each faded in and
// out, closer together for a higher voice (TD-PSOLA, Moulines and Charpentier 1990), squeezed in
// time for higher formants. Unvoiced sound has a grain for each mark, which add up to what it was;
// squeezed with the formants, or spoken at another pace, they are levelled where they cross.
//
// Breath and whisper are the same grains with random signs at random places, a few in a
// millisecond: noise that the vocal tract has shaped. The aspiration of a raised voice is one
// weaker grain in each of its periods.
class GrainVoice {
 public:
  // `speed`: seconds of source for each second of result; 1 keeps result and source in time.
  GrainVoice(int sample_rate_hz, std::size_t channels, double max_period, double speed);

  // All grains that start before `until` (in samples of the result) as far as marks and sound are
  // there. `settings` hold for these. Pre: `sound` has a ring for each channel, all as long.
  void speak(const PitchMarkFinder& marks, std::span<const SampleRing> sound,
             const VoiceSettings& settings, std::int64_t until) noexcept SYRINX_REALTIME;

  // The next frame of the result, one sample for each channel.
  void take(std::span<float> frame) noexcept SYRINX_REALTIME;
  // The place in the result that take() gives next.
  std::int64_t taken() const noexcept { return voiced_[0].begin(); }
  // The place in the result up to which no further grain will add anything.
  std::int64_t settled() const noexcept { return settled_; }
  // Samples before and after its mark that a grain may take from the source, at most.
  double widest_source() const noexcept;

  // Forgets the past; the result begins at `begin`, below 0 for what is ahead of the source.
  void reset(std::int64_t begin) noexcept SYRINX_REALTIME;

 private:
  struct Grain {
    double at = 0.0;      // In the result.
    double source = 0.0;  // In the source.
    double before = 0.0;  // How far it reaches in the result,
    double after = 0.0;   // to either side.
    double step = 1.0;    // Source samples per sample of the result; below 0 backwards.
    double gain = 1.0;
    double fade = 1.0;  // How wide the fading is: GrainReader::fade().
  };

  // Where the next grain goes, in the result and in the source.
  struct Next {
    double at = 0.0;
    double source = 0.0;
    std::int64_t mark = -1;
  };

  bool choose_mark(const PitchMarkFinder& marks, std::int64_t end, Next& next) const noexcept;
  bool choose_in_time(const PitchMarkFinder& marks, std::int64_t end, Next& next) const noexcept;
  std::int64_t complete(const PitchMarkFinder& marks, std::int64_t number,
                        std::int64_t end) const noexcept;
  void speak_voiced(const PitchMarkFinder& marks, const VoiceSettings& settings,
                    std::span<const SampleRing> sound, bool after_voiced) noexcept;
  void place_among_neighbours(const Grain& grain, const PitchMarkFinder& marks,
                              std::span<const SampleRing> sound) noexcept;
  void speak_unvoiced(const PitchMarkFinder& marks, const VoiceSettings& settings,
                      std::span<const SampleRing> sound, bool after_unvoiced) noexcept;
  void level_crossing(const Grain& from, const Grain& to,
                      std::span<const SampleRing> sound) noexcept;
  void aspirate(const Grain& voiced, double gain, std::span<const SampleRing> sound) noexcept;
  void breathe(const Grain& voiced, std::span<const SampleRing> sound) noexcept;
  double aspiration_share(const PitchMark& mark, const VoiceSettings& settings) const noexcept;
  double reach_before(const PitchMark& mark, double before, double formant_ratio) const noexcept;
  double ratio_at(const PitchMark& mark, const VoiceSettings& settings) noexcept;
  double turn_after(const PitchMarkFinder& marks) const noexcept;
  double wandering(const VoiceSettings& settings, double hz) noexcept;
  void place(const Grain& grain, std::span<const SampleRing> sound,
             std::span<SumRing> sums) noexcept;
  void read(const Grain& grain, const SampleRing& sound, std::int64_t from,
            std::span<float> to) noexcept;
  double unvoiced_spacing() const noexcept { return kUnvoicedSpacingMs * 1e-3 * sample_rate_hz_; }
  double random() noexcept;  // -1 to 1.

  int sample_rate_hz_;
  double max_period_;
  double speed_;
  std::shared_ptr<const GrainReader> reader_;
  std::vector<SumRing> voiced_;
  std::vector<SumRing> breath_;
  std::vector<float> source_;
  std::vector<float> grain_;
  std::vector<float> other_grain_;
  struct HighPass {
    double in1 = 0.0, in2 = 0.0, out1 = 0.0, out2 = 0.0;
  };
  std::vector<HighPass> high_pass_;
  double b0_ = 0.0, a1_ = 0.0, a2_ = 0.0;  // Of the high pass: b1 = -2 b0, b2 = b0.

  Next last_;    // The grain before, by its mark; -1 before the first.
  Grain noise_;  // And as it was spoken, without voice.
  bool last_voiced_ = false;
  double before_ = 0.0;         // From the grain before to this one.
  double spacing_ = 0.0;        // From this one to the next.
  double ratio_ = 1.0;          // Of the pitch here to the source's,
  double unevenness_ = 1.0;     // and what a rough voice's spacing is multiplied by.
  bool backwards_ = false;      // Of a grain of noise that is spoken again.
  bool strong_ = false;         // Whether this is the louder one of two periods.
  double breath_at_ = 0.0;      // Where the next grain of breath goes.
  double median_log_hz_ = 0.0;  // Of F0, followed slowly; 0 before there is any.
  double turn_ = 0.0;           // Of the tremor, 0 to 1.
  std::int64_t settled_ = 0;
  std::uint32_t seed_ = 0;         // Of the noise; reset() sets it.
  std::uint32_t aspirations_ = 0;  // Grains of aspiration since then.
};

}  // namespace syrinx::voice
