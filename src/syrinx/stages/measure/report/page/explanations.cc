// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/report/page/explanations.h"

#include <array>
#include <cmath>

namespace syrinx::measure {
namespace {

using enum Better;

constexpr auto kExplanations = std::to_array<Explanation>({
    // Level
    {"peak", "Peak", kNeither, "The largest sample. 0 dBFS is full scale: at it, sound clips."},
    {"rms", "RMS", kNeither, "The mean power of all samples, pauses included."},
    {"crest", "Crest factor", kNeither,
     "How far the peak stands over the RMS: 12 to 20 dB in natural speech, less when compressed."},
    {"dc_offset", "DC offset", kNearerZero,
     "How far the waveform's middle lies from zero, as a share of full scale; 0 is right."},
    {"noise_floor", "Noise floor", kLower, "The level of the quietest tenth that is not silent."},
    {"dynamic_range", "Dynamic range", kNeither,
     "From the noise floor to the loud parts (95th percentile)."},
    {"silence_share", "Silence", kNeither, "The share of time below \u221260 dBFS."},
    {"clipped_samples", "Clipped samples", kLower,
     "Samples where the waveform lies flat at full scale; 0 is right."},
    {"bad_samples", "Bad samples", kLower, "Samples that are no numbers; 0 is right."},
    {"snr_pauses", "SNR by pauses", kHigher,
     "Speech over noise, estimated from the pauses: above 30 dB is quiet."},
    {"snr_wada", "SNR by WADA", kHigher,
     "Speech over noise, estimated from the distribution of the samples (Kim and Stern 2008)."},
    // Loudness
    {"true_peak", "True peak", kNeither,
     "The peak of the waveform between the samples (BS.1770); EBU R 128 asks for at most \u22121 "
     "dBTP."},
    {"integrated", "Integrated loudness", kNeither,
     "How loud all of it is, pauses left out (BS.1770). EBU R 128 asks for \u221223 LUFS, "
     "podcasts about \u221216."},
    {"max_momentary", "Loudest 400 ms", kNeither, "The highest momentary loudness."},
    {"max_short_term", "Loudest 3 s", kNeither, "The highest short-term loudness."},
    {"range", "Loudness range", kNeither,
     "How far loudness moves within the sound (EBU Tech 3342): 3 to 10 LU in speech."},
    // Speech
    {"active_level", "Active speech level", kNeither,
     "The level of the speech itself, pauses left out (ITU-T P.56); telephony aims at \u221226 "
     "dBFS."},
    {"activity", "Activity", kNeither, "The share of time in which speech is active (P.56)."},
    {"voiced_share", "Voiced", kNeither, "The share of time in which the voice has a pitch."},
    {"f0_median", "Median F0", kNeither,
     "The middle pitch: about 85 to 155 Hz in men, 165 to 255 Hz in women."},
    {"f0_low", "Low F0", kNeither, "One voiced frame in twenty lies below."},
    {"f0_high", "High F0", kNeither, "One voiced frame in twenty lies above."},
    {"jitter", "Jitter", kNeither,
     "How much one glottal period differs from the next: below 1 % in healthy voices."},
    {"shimmer", "Shimmer", kNeither,
     "How much the strength of one glottal period differs from the next: below about 4 %."},
    {"hnr", "Harmonics to noise", kNeither,
     "How much stronger the periodic part of the voice is than the rest: about 20 dB when clear."},
    // Spectrum
    {"centroid", "Spectral centroid", kNeither,
     "The centre of the spectrum: higher sounds brighter."},
    {"rolloff", "Roll-off", kNeither, "Most of the power lies below this frequency."},
    {"flatness", "Flatness", kNeither, "0 for a tone, 1 for white noise."},
    {"flux", "Flux", kNeither, "How much the spectrum changes from one moment to the next."},
    {"tilt", "Spectral tilt", kNeither, "How the spectrum falls with frequency."},
    {"zero_crossings", "Zero crossings", kNeither,
     "How often the waveform changes its sign: many in hisses, few in vowels."},
    {"harmonics_low", "Low harmonics", kNeither, "How strong the harmonics up to 1 kHz are."},
    {"harmonics_mid", "Middle harmonics", kNeither, "The same from 1 to 3 kHz."},
    {"harmonics_high", "High harmonics", kNeither, "The same from 3 to 6 kHz."},
    {"tone", "Tone", kNeither, "The frequency of the steady tone that distortion is measured of."},
    {"thd", "THD", kLower, "The harmonics of a tone over the tone itself."},
    {"thd_n", "THD+N", kLower, "All that is not the tone over the tone itself."},
    // Voice
    {"formant_1", "First formant", kNeither,
     "The vocal tract's first resonance: low in 'ee' and 'oo', high in 'ah'."},
    {"formant_2", "Second formant", kNeither, "The second: low in 'oo', high in 'ee'."},
    {"formant_3", "Third formant", kNeither, "The third, low in 'r'."},
    {"formant_4", "Fourth formant", kNeither, "The fourth: more of the speaker than of the sound."},
    // Psychoacoustics
    {"full_scale", "Full scale taken for", kNeither,
     "The sound pressure level that a full-scale sine was taken to have in the room."},
    {"stationary_loudness", "Loudness, stationary", kNeither,
     "How loud it is heard, as a steady sound (ISO 532-1): twice the sones, twice as loud."},
    {"loudness_level", "Loudness level", kNeither,
     "The level of a 1 kHz tone that is as loud (ISO 532-1)."},
    {"loudness_max", "Greatest loudness", kNeither, "The loudest moment (ISO 532-1, in time)."},
    {"loudness_n5", "Loudness N5", kNeither,
     "Exceeded 5 % of the time: what people say of how loud all of it was."},
    {"loudness_n10", "Loudness N10", kNeither, "Exceeded 10 % of the time."},
    {"sharpness", "Sharpness", kNeither,
     "How much of the loudness is high (DIN 45692): 1 acum is narrow noise at 1 kHz."},
    {"roughness", "Roughness", kNeither, "Fast beating, about 70 times a second: 1 asper at most."},
    {"fluctuation_strength", "Fluctuation strength", kNeither,
     "Slow beating, about 4 times a second, as syllables make it."},
    // Opinion
    {"dnsmos_signal", "DNSMOS signal", kHigher,
     "How undistorted listeners would call the speech, 1 to 5 (P.835, predicted)."},
    {"dnsmos_background", "DNSMOS background", kHigher,
     "How unobtrusive listeners would call the noise, 1 to 5 (P.835, predicted)."},
    {"dnsmos_overall", "DNSMOS overall", kHigher,
     "How good listeners would call all of it, 1 to 5 (P.835, predicted)."},
    {"dnsmos_p808", "DNSMOS P.808", kHigher,
     "The overall quality as a P.808 test would find it, 1 to 5 (predicted)."},
    {"plcmos", "PLCMOS", kHigher,
     "How well lost packets were concealed, 1 to 5 (predicted; means little elsewhere)."},
    {"aecmos_echo", "AECMOS echo", kHigher,
     "How little of the far end comes back, 1 to 5 (predicted)."},
    {"aecmos_degradation", "AECMOS degradation", kHigher,
     "How little else the echo canceller harmed, 1 to 5 (predicted)."},
    // Artifacts
    {"found", "Artifacts", kLower, "How many defects the detectors found."},
    {"artifact_share", "Artifact share", kLower, "The share of time that defects cover."},
    // Reference
    {"delay", "Delay", kNeither, "How much later than the reference this sound is."},
    {"correlation", "Correlation", kHigher,
     "How alike the two waveforms are after alignment, \u22121 to 1; negative: polarity is "
     "turned."},
    {"snr", "SNR", kHigher, "The reference over the difference from it, in power."},
    {"si_sdr", "SI-SDR", kHigher,
     "The reference over the difference from it, whatever the gain. Above 20 dB is close; "
     "meaningless between different takes."},
    {"segmental_snr", "Segmental SNR", kHigher,
     "The SNR of each short stretch, averaged, so that quiet parts count too."},
    {"log_spectral_distance", "Log-spectral distance", kLower,
     "How far the spectra lie apart: below 1 dB is transparent."},
    {"mel_cepstral_distortion", "Mel-cepstral distortion", kLower,
     "How far the timbre lies from the reference: 4 to 6 dB in good voice conversion."},
    {"f0_rmse", "F0 error", kLower, "How far the pitch lies from the reference's."},
    {"f0_rmse_cents", "F0 error in cents", kLower, "The same in cents: a semitone is 100."},
    {"f0_gross_error", "Gross F0 errors", kLower,
     "The share of voiced time in which the pitch is more than 20 % off."},
    {"f0_correlation", "F0 correlation", kHigher,
     "How alike the melodies are, \u22121 to 1, whatever their height."},
    {"voicing_error", "Voicing error", kLower,
     "The share of time in which only one of the two is voiced."},
    {"stoi", "STOI", kHigher, "How intelligible it is, 0 to 1 (Taal 2011); above 0.9 is good."},
    {"extended_stoi", "Extended STOI", kHigher,
     "Intelligibility also in noise that fluctuates, 0 to 1 (Jensen and Taal 2016)."},
    {"pesq_wide_band", "PESQ, wide band", kHigher,
     "Listening quality by ITU-T P.862.2, 1.04 to 4.64; above 4 is good."},
    {"pesq_narrow_band", "PESQ, narrow band", kHigher,
     "Listening quality of telephone bandwidth by ITU-T P.862.1, 1.02 to 4.55."},
    {"visqol_speech", "ViSQOL", kHigher,
     "Listening quality from spectral similarity, 1 to 5 (Chinen 2020)."},
});

}  // namespace

const Explanation* explain(std::string_view figure_name) noexcept {
  for (const Explanation& explanation : kExplanations) {
    if (explanation.name == figure_name) return &explanation;
  }
  return nullptr;
}

double least_difference(std::string_view figure_name, std::string_view unit) noexcept {
  if (figure_name == "dc_offset") return 0.002;
  if (unit.starts_with("dB") || unit.starts_with("LU")) return 0.1;
  if (unit.starts_with("MOS")) return 0.02;
  return unit == "Hz" ? 1.0 : 0.0;
}

int better_of(std::string_view figure_name, std::string_view unit, double first,
              double second) noexcept {
  const Explanation* explanation = explain(figure_name);
  if (explanation == nullptr || !std::isfinite(first) || !std::isfinite(second)) return 0;
  const double least = least_difference(figure_name, unit);
  const auto side = [&](double more) { return more > least ? 1 : more < -least ? -1 : 0; };
  switch (explanation->better) {
    case Better::kHigher:
      return side(second - first);
    case Better::kLower:
      return side(first - second);
    case Better::kNearerZero:
      return side(std::abs(first) - std::abs(second));
    case Better::kNeither:
      return 0;
  }
  return 0;
}

}  // namespace syrinx::measure
