// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"

// Why a call sounded bad: what each cause took from the score, by the E-model (ITU-T G.107) and by
// what was measured of the sound.
namespace syrinx::measure {

enum class CallCause { kCodec, kLoss, kLate, kDelay, kDrift, kEcho, kLevel, kOther };
// "codec", "loss", "late", "delay", "drift", "echo", "level", "other".
std::string_view to_string(CallCause cause) noexcept;
// A sentence on what the cause is, for those who meet it for the first time.
std::string_view meaning_of(CallCause cause) noexcept;

// What is known of a codec: G.113's numbers, or what was measured.
struct CodecFacts {
  double equipment_impairment = 0.0;  // Ie
  bool was_measured = false;          // Else G.113 states it.
  double loss_robustness = 25.1;      // Bpl
  bool robustness_is_known = false;   // Else that of G.711 with concealment stands for it.
};

// A part of the own voice that comes back.
struct CallEcho {
  bool found = false;
  double loss_db = 0.0;   // Of the echo against the voice, as sent and heard.
  double delay_ms = 0.0;  // There and back.
};

// What is known of what one party heard of the other. Nothing where it is not known.
struct CallFacts {
  std::string listener;
  std::string speaker;
  std::string codec_name;
  double duration_s = 0.0;
  std::optional<CodecFacts> codec;
  std::optional<double> lost_percent;  // Of the packets sent: not recovered, never came.
  std::optional<double> late_percent;  // Came, and were thrown away.
  double burst_ratio = 1.0;
  std::optional<double> mouth_to_ear_ms;
  std::optional<double> clock_skew_ppm;
  std::optional<double> stretched_percent;  // Of the sound: put in or taken out.
  std::optional<CallEcho> echo;             // Of the listener's own voice.
  std::optional<double> speech_dbov;        // Active speech level (P.56) as heard.
  std::optional<double> coded_mos;          // PESQ of the speech through the codec alone,
  std::optional<double> heard_mos;          // and as it was heard.
};

// A stretch of the call, on its own clock.
struct CallStretch {
  double begin_s = 0.0;
  double end_s = 0.0;
  friend bool operator==(const CallStretch&, const CallStretch&) = default;
};

struct CauseShare {
  CallCause cause = CallCause::kOther;
  // Nothing: unknown, and `evidence` says what is missing.
  std::optional<double> rating_lost;  // Of R.
  std::optional<double> mos_lost;     // The shares of all causes add up to CallVerdict::mos_lost().
  std::string evidence;
  std::vector<CallStretch> when;  // Worst first; empty: at no certain time.
};

struct CallVerdict {
  double best_mos = 0.0;  // Of a call without any of the causes.
  double rating = 0.0;    // R of this one, as far as it is known.
  double mos = 0.0;
  std::vector<CauseShare> causes;  // The worst first; unknown ones last.

  double mos_lost() const noexcept { return best_mos - mos; }
};

// The level that speech is planned to have on a line: ITU-T G.101 and P.830.
inline constexpr double kNominalSpeechDbov = -26.0;
// Clocks that are further apart cost something.
inline constexpr double kLeastSkewPpm = 200.0;

// The rating of a PESQ score; what is above the best that the E-model knows is as good as that.
double rating_of_pesq(double mos_lqo) noexcept;

// Each cause is charged with the rating that the call would have more without it, and those charges
// share the loss of MOS in proportion. The E-model knows loss, delay, echo, level and (by G.113 or
// what was measured) the codec; clocks that run apart it does not, so drift is charged with what
// PESQ hears between the codec's sound and what was heard and what losses do not explain. Without
// drift that rest is "other". Errors: those of measure::rate().
Result<CallVerdict> attribute(const CallFacts& facts);

}  // namespace syrinx::measure
