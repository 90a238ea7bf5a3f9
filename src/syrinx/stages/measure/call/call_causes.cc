// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/call/call_causes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdarg>
#include <cstdio>

#include "syrinx/stages/measure/emodel/emodel.h"
#include "syrinx/stages/measure/emodel/opinion.h"

namespace syrinx::measure {
namespace {

constexpr std::array<std::string_view, 8> kNames = {"codec", "loss", "late",  "delay",
                                                    "drift", "echo", "level", "other"};
constexpr std::array<std::string_view, 8> kMeanings = {
    "What the codec itself takes from the sound, without any loss.",
    "Packets that the network lost and that nothing brought back.",
    "Packets that came too late for the jitter buffer, or found no room in it, and were thrown "
    "away.",
    "The time from mouth to ear: people start to talk at the same time.",
    "Two clocks that run apart: sound is stretched or squeezed to keep up.",
    "The listener's own voice, which comes back from the other end.",
    "Speech that is softer or louder than a line is planned for.",
    "What was heard is worse than all of the above explain."};
constexpr double kNominalEchoLossDb = 65.0;
// PESQ is not more exact than this.
constexpr double kLeastRest = 5.0;

std::string sentence(const char* format, ...) __attribute__((format(printf, 1, 2)));
std::string sentence(const char* format, ...) {
  std::array<char, 512> text{};
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(text.data(), text.size(), format, arguments);
  va_end(arguments);
  return text.data();
}

double percent_of(const std::optional<double>& value) { return value.value_or(0.0); }

// The model's input with everything that is known; what is not known is as good as can be.
EModelInput input_of(const CallFacts& facts) {
  EModelInput input;
  const CodecFacts codec = facts.codec.value_or(CodecFacts{});
  input.equipment_impairment = codec.equipment_impairment;
  input.loss_robustness = codec.loss_robustness;
  input.packet_loss_percent =
      std::min(100.0, percent_of(facts.lost_percent) + percent_of(facts.late_percent));
  input.burst_ratio = std::max(1.0, facts.burst_ratio);
  const double delay_ms = facts.mouth_to_ear_ms.value_or(0.0);
  input.absolute_delay_ms = input.one_way_delay_ms = delay_ms;
  input.round_trip_delay_ms = 2.0 * delay_ms;
  if (facts.echo && facts.echo->found) {
    input.one_way_delay_ms = facts.echo->delay_ms / 2.0;
    input.talker_echo_loudness_db = std::clamp(
        input.send_loudness_db + input.receive_loudness_db + facts.echo->loss_db, 0.0, 65.0);
  }
  if (facts.speech_dbov) input.send_loudness_db += kNominalSpeechDbov - *facts.speech_dbov;
  return input;
}

EModelInput without_level(EModelInput input) {
  input.send_loudness_db = EModelInput{}.send_loudness_db;
  return input;
}

EModelInput without_echo(EModelInput input) {
  input.talker_echo_loudness_db = kNominalEchoLossDb;
  input.one_way_delay_ms = input.absolute_delay_ms;
  return input;
}

EModelInput without_delay(EModelInput input) {
  const bool echo = input.talker_echo_loudness_db < kNominalEchoLossDb;
  input.absolute_delay_ms = input.round_trip_delay_ms = 0.0;
  if (!echo) input.one_way_delay_ms = 0.0;
  return input;
}

// What PESQ hears beyond the codec and beyond what the model says of losses; nothing where it was
// not measured.
std::optional<double> unexplained_rating(const CallFacts& facts, const EModelInput& input) {
  if (!facts.coded_mos || !facts.heard_mos) return std::nullopt;
  const double by_loss =
      effective_equipment_impairment(input.equipment_impairment, input.loss_robustness,
                                     input.packet_loss_percent, input.burst_ratio) -
      input.equipment_impairment;
  const double rest = rating_of_pesq(*facts.coded_mos) - rating_of_pesq(*facts.heard_mos) - by_loss;
  return rest >= kLeastRest ? rest : 0.0;
}

CauseShare codec_share(const CallFacts& facts) {
  CauseShare share{CallCause::kCodec, {}, {}, {}, {{0.0, facts.duration_s}}};
  if (!facts.codec) {
    share.evidence = facts.codec_name +
                     ": G.113 states no numbers of it, and the sound that went "
                     "in is not there to measure it by";
    share.when.clear();
    return share;
  }
  share.rating_lost = facts.codec->equipment_impairment;
  share.evidence =
      sentence("%s: an equipment impairment of %.1f, %s", facts.codec_name.c_str(),
               facts.codec->equipment_impairment,
               facts.codec->was_measured ? "measured by PESQ, against G.711 on the same speech"
                                         : "as ITU-T G.113 states it");
  return share;
}

// Loss and late discard share what the model takes for both, by their packets.
void add_losses(const CallFacts& facts, const EModelInput& input, double rating,
                std::vector<CauseShare>& causes) {
  CauseShare loss{CallCause::kLoss, {}, {}, "how many packets were lost was not counted", {}};
  CauseShare late{CallCause::kLate, {}, {}, "how many packets came late was not counted", {}};
  EModelInput whole = input;
  whole.packet_loss_percent = 0.0;
  const auto better = rate(whole);
  const double both = better ? std::max(0.0, better->rating - rating) : 0.0;
  const double sum = std::max(1e-9, input.packet_loss_percent);
  const char* assumed = facts.codec && facts.codec->robustness_is_known
                            ? ""
                            : "; no number of this codec's robustness is published, that of G.711 "
                              "with concealment stands for it";
  if (facts.lost_percent) {
    loss.rating_lost = both * *facts.lost_percent / sum;
    loss.evidence = *facts.lost_percent > 0.0
                        ? sentence(
                              "%.2f %% of the packets were lost, in bursts %.1f times as long "
                              "as by chance%s",
                              *facts.lost_percent, facts.burst_ratio, assumed)
                        : "no packet was lost, or all came back by their redundancy";
  }
  if (facts.late_percent) {
    late.rating_lost = both * *facts.late_percent / sum;
    late.evidence = *facts.late_percent > 0.0
                        ? sentence("%.2f %% of the packets came and were thrown away%s",
                                   *facts.late_percent, assumed)
                        : "no packet came too late";
  }
  causes.push_back(std::move(loss));
  causes.push_back(std::move(late));
}

CauseShare delay_share(const CallFacts& facts) {
  CauseShare share{CallCause::kDelay, {}, {}, "the delay from mouth to ear is not known", {}};
  if (facts.mouth_to_ear_ms)
    share.evidence = sentence(
        "%.0f ms from mouth to ear on the mean; up to 150 ms is little "
        "noticed",
        *facts.mouth_to_ear_ms);
  return share;
}

CauseShare echo_share(const CallFacts& facts) {
  CauseShare share{CallCause::kEcho,
                   {},
                   {},
                   "what the listener said is not there to look for in what they heard",
                   {}};
  if (!facts.echo) return share;
  share.evidence =
      facts.echo->found
          ? sentence(
                "the listener's own voice came back after %.0f ms, %.1f dB weaker at its "
                "strongest path",
                facts.echo->delay_ms, facts.echo->loss_db)
          : "the listener's own voice was not found in what they heard";
  return share;
}

CauseShare level_share(const CallFacts& facts) {
  CauseShare share{CallCause::kLevel, {}, {}, "no speech was found to measure the level of", {}};
  if (facts.speech_dbov)
    share.evidence = sentence("speech was at %.1f dBov (P.56) where %.0f is planned for",
                              *facts.speech_dbov, kNominalSpeechDbov);
  return share;
}

bool drifts(const CallFacts& facts) {
  return facts.clock_skew_ppm && std::abs(*facts.clock_skew_ppm) >= kLeastSkewPpm;
}

CauseShare drift_share(const CallFacts& facts, const std::optional<double>& rest) {
  CauseShare share{CallCause::kDrift, {}, {}, "whether the clocks agree was not measured", {}};
  if (!facts.clock_skew_ppm) return share;
  share.evidence = sentence(
      "the clocks are %+.0f ppm apart; %.2f %% of the sound was put in or "
      "taken out",
      *facts.clock_skew_ppm, facts.stretched_percent.value_or(0.0));
  if (!drifts(facts)) {
    share.rating_lost = 0.0;
  } else if (rest) {
    share.rating_lost = *rest;
    share.when = {{0.0, facts.duration_s}};
  } else {
    share.evidence += "; what that took is unknown without the sound that went in";
  }
  return share;
}

CauseShare other_share(const CallFacts& facts, const std::optional<double>& rest) {
  CauseShare share{CallCause::kOther, {}, {}, {}, {}};
  const bool named = drifts(facts) || (facts.echo && facts.echo->found);
  if (!rest) {
    share.evidence = "what was heard could not be compared with what was said";
  } else if (named || *rest == 0.0) {
    share.rating_lost = 0.0;
    share.evidence = "PESQ hears no more than the causes above explain";
  } else {
    share.rating_lost = *rest;
    share.evidence = sentence(
        "PESQ gives %.2f for what was heard and %.2f for the codec alone: "
        "more than the causes above explain",
        *facts.heard_mos, *facts.coded_mos);
  }
  return share;
}

Result<double> rating_gained(const EModelInput& better, double rating) {
  SYRINX_ASSIGN(const auto other, rate(better));
  return std::max(0.0, other.rating - rating);
}

void share_out(CallVerdict& verdict) {
  double sum = 0.0;
  for (const CauseShare& share : verdict.causes) sum += share.rating_lost.value_or(0.0);
  for (CauseShare& share : verdict.causes) {
    if (share.rating_lost)
      share.mos_lost = sum > 0.0 ? verdict.mos_lost() * *share.rating_lost / sum : 0.0;
  }
  std::stable_sort(verdict.causes.begin(), verdict.causes.end(),
                   [](const CauseShare& a, const CauseShare& b) {
                     return a.rating_lost.value_or(-1.0) > b.rating_lost.value_or(-1.0);
                   });
}

}  // namespace

std::string_view to_string(CallCause cause) noexcept {
  return kNames[static_cast<std::size_t>(cause)];
}
std::string_view meaning_of(CallCause cause) noexcept {
  return kMeanings[static_cast<std::size_t>(cause)];
}

double rating_of_pesq(double mos_lqo) noexcept {
  const auto best = rate(EModelInput{});
  const double most = best ? best->mos : 4.4;
  const auto rating = rating_of_mos(std::clamp(mos_lqo, 1.0, most));
  return rating ? *rating : 0.0;
}

Result<CallVerdict> attribute(const CallFacts& facts) {
  const EModelInput input = input_of(facts);
  SYRINX_ASSIGN(const EModelRating modelled, rate(input));
  SYRINX_ASSIGN(const EModelRating best, rate(EModelInput{}));
  const std::optional<double> rest = unexplained_rating(facts, input);
  CallVerdict verdict;
  verdict.best_mos = best.mos;
  verdict.causes.push_back(codec_share(facts));
  add_losses(facts, input, modelled.rating, verdict.causes);
  CauseShare delay = delay_share(facts);
  if (facts.mouth_to_ear_ms) {
    SYRINX_ASSIGN(delay.rating_lost, rating_gained(without_delay(input), modelled.rating));
  }
  verdict.causes.push_back(std::move(delay));
  CauseShare echo = echo_share(facts);
  if (facts.echo) {
    echo.rating_lost = 0.0;
    if (facts.echo->found) {
      SYRINX_ASSIGN(echo.rating_lost, rating_gained(without_echo(input), modelled.rating));
    }
  }
  verdict.causes.push_back(std::move(echo));
  CauseShare level = level_share(facts);
  if (facts.speech_dbov) {
    SYRINX_ASSIGN(level.rating_lost, rating_gained(without_level(input), modelled.rating));
  }
  verdict.causes.push_back(std::move(level));
  verdict.causes.push_back(drift_share(facts, rest));
  verdict.causes.push_back(other_share(facts, rest));
  double beyond = 0.0;  // What the model does not know.
  for (const CauseShare& share : verdict.causes) {
    if (share.cause == CallCause::kDrift || share.cause == CallCause::kOther)
      beyond += share.rating_lost.value_or(0.0);
  }
  // Softer speech in a quiet room may rate a little above the plan.
  verdict.rating = std::clamp(modelled.rating - beyond, 0.0, best.rating);
  verdict.mos = mos_of_rating(verdict.rating);
  share_out(verdict);
  return verdict;
}

}  // namespace syrinx::measure
