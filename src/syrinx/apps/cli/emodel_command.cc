// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <cstdio>
#include <optional>

#include "syrinx/apps/cli/command.h"
#include "syrinx/stages/measure/emodel/codec_impairments.h"
#include "syrinx/stages/measure/emodel/emodel.h"
#include "syrinx/stages/measure/emodel/opinion.h"
#include "syrinx/stages/measure/emodel/wideband_emodel.h"

namespace syrinx::cli {
namespace {

constexpr const char* kFooter =
    "Examples:\n"
    "  syrinx emodel --delay-ms 150 --loss 1% --codec g711-plc\n"
    "  syrinx emodel --codec g729a --loss 3% --burst 2\n"
    "  syrinx emodel --delay-ms 250 --echo-loss 45        an echo canceller that leaves some\n"
    "  syrinx emodel --ie 7 --bpl 20 --loss 2%            a codec of your own\n"
    "  syrinx emodel --wideband --ie 13 --bpl 4.3 --loss 1% --delay-ms 100\n"
    "\n"
    "What people will think of talking over a connection, predicted from what it is like by ITU-T\n"
    "G.107 (with --wideband G.107.1). R runs to 93.2 for an ideal narrow-band connection and 129\n"
    "for a wide-band one; what makes it less is listed with the score that would be without it.\n"
    "Codecs (G.113, Appendix I): g711, g711-plc, g729a, g723.1, gsm-efr.";

struct EModelRequest {
  std::string codec;
  std::string loss = "0%";
  double delay_ms = 0.0;
  std::optional<double> impairment;
  std::optional<double> robustness;
  double burst_ratio = 1.0;
  double echo_loss_db = measure::EModelInput{}.talker_echo_loudness_db;
  double send_noise_dba = measure::EModelInput{}.send_room_noise_dba;
  double receive_noise_dba = measure::EModelInput{}.receive_room_noise_dba;
  double advantage = 0.0;
  bool wideband = false;
};

// What took from the rating.
struct Cost {
  const char* name;
  const char* says;
  double impairment;
  double mos_without;
};

struct Verdict {
  double rating;
  double mos;
  double best;  // The rating of an ideal connection of this kind.
  std::vector<Cost> costs;
};

// "1%", "1 %" and "1" are one percent.
Result<double> percent_of(std::string text) {
  while (!text.empty() && (text.back() == '%' || text.back() == ' ')) text.pop_back();
  double value = 0.0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed == std::errc() && end == text.data() + text.size() && !text.empty()) return value;
  return make_error(ErrorCode::kInvalidArgument, "--loss is '", text,
                    "' but must be a percentage, as 1%");
}

// Refuses what would be guessed (the robustness of a codec of one's own, wide-band values of
// codecs, of which there is no table) or passed over.
Result<void> check(const EModelRequest& request, double loss_percent) {
  if (request.wideband && (!request.codec.empty() || !request.impairment))
    return make_error(ErrorCode::kInvalidArgument,
                      "no codec is known with wide-band values: give --ie (Ie,WB) in place of "
                      "--codec");
  const EModelRequest usual;
  if (request.wideband &&
      (request.burst_ratio != usual.burst_ratio || request.echo_loss_db != usual.echo_loss_db ||
       request.send_noise_dba != usual.send_noise_dba ||
       request.receive_noise_dba != usual.receive_noise_dba))
    return make_error(ErrorCode::kInvalidArgument,
                      "the wide-band model knows no --burst, --echo-loss, --send-noise or "
                      "--receive-noise; leave them out");
  if (request.codec.empty() && request.impairment && !request.robustness && loss_percent > 0)
    return make_error(ErrorCode::kInvalidArgument,
                      "how a codec of your own takes packet loss is not known: give its robustness "
                      "by --bpl, or no --loss");
  return {};
}

Result<Verdict> rate_narrow(const EModelRequest& request, double loss) {
  const std::string codec = request.codec.empty() ? "g711" : request.codec;
  SYRINX_ASSIGN(auto input, measure::call_over(codec, request.delay_ms, loss, request.burst_ratio));
  input.equipment_impairment = request.impairment.value_or(input.equipment_impairment);
  input.loss_robustness = request.robustness.value_or(input.loss_robustness);
  input.talker_echo_loudness_db = request.echo_loss_db;
  input.send_room_noise_dba = request.send_noise_dba;
  input.receive_room_noise_dba = request.receive_noise_dba;
  input.advantage = request.advantage;
  SYRINX_ASSIGN(const auto rating, measure::rate(input));
  SYRINX_ASSIGN(const auto ideal, measure::rate(measure::EModelInput{}));
  const auto cost = [&](const char* name, const char* says, double impairment) {
    return Cost{name, says, impairment, measure::mos_of_rating(rating.rating + impairment)};
  };
  return Verdict{
      rating.rating,
      rating.mos,
      ideal.rating,
      {cost("noise", "circuit and rooms, beyond the default", ideal.base - rating.base),
       cost("simultaneous", "loudness, sidetone, quantising", rating.simultaneous_impairment()),
       cost("talker_echo", "hearing oneself", rating.talker_echo_impairment),
       cost("listener_echo", "hearing the other twice", rating.listener_echo_impairment),
       cost("delay", "waiting for the other", rating.absolute_delay_impairment),
       cost("codec", "coding without loss", input.equipment_impairment),
       cost("loss", "lost packets", rating.equipment_impairment - input.equipment_impairment)}};
}

Result<Verdict> rate_wide(const EModelRequest& request, double loss) {
  measure::WidebandEModelInput input;
  input.absolute_delay_ms = request.delay_ms;
  input.equipment_impairment = request.impairment.value_or(0.0);
  input.loss_robustness = request.robustness.value_or(input.loss_robustness);
  input.packet_loss_percent = loss;
  input.advantage = request.advantage;
  SYRINX_ASSIGN(const auto rating, measure::rate(input));
  SYRINX_ASSIGN(const auto ideal, measure::rate(measure::WidebandEModelInput{}));
  const auto cost = [&](const char* name, const char* says, double impairment) {
    return Cost{name, says, impairment,
                measure::wideband_mos_of_rating(rating.rating + impairment)};
  };
  return Verdict{
      rating.rating,
      rating.mos,
      ideal.rating,
      {cost("delay", "waiting for the other", rating.absolute_delay_impairment),
       cost("codec", "coding without loss", input.equipment_impairment),
       cost("loss", "lost packets", rating.equipment_impairment - input.equipment_impairment)}};
}

// ITU-T G.109, of the narrow-band scale.
const char* satisfaction(double rating) {
  if (rating >= 90) return "users are very satisfied";
  if (rating >= 80) return "users are satisfied";
  if (rating >= 70) return "some users are dissatisfied";
  if (rating >= 60) return "many users are dissatisfied";
  if (rating >= 50) return "nearly all users are dissatisfied";
  return "not recommended";
}

void print(const EModelRequest& request, const Verdict& verdict) {
  const double narrow = request.wideband ? verdict.rating / 1.29 : verdict.rating;
  std::printf("R    %6.1f   of %.1f: %s\n", verdict.rating, verdict.best, satisfaction(narrow));
  std::printf("MOS  %6.2f   of a conversation, 1 to 4.5\n", verdict.mos);
  std::printf("     %5.0f %%  would call it good or better, %.0f %% poor or worse\n",
              100.0 * measure::good_or_better(narrow), 100.0 * measure::poor_or_worse(narrow));
  std::printf("\nWhat took from R            MOS without it\n");
  for (const Cost& cost : verdict.costs) {
    std::printf("  %-14s %8.2f        %5.2f   %s\n", cost.name, cost.impairment, cost.mos_without,
                cost.says);
  }
  if (request.advantage > 0)
    std::printf("  %-14s %8.2f                forgiven for convenience\n", "advantage",
                -request.advantage);
}

nlohmann::json to_json(const EModelRequest& request, const Verdict& verdict) {
  nlohmann::json costs = nlohmann::json::object();
  for (const Cost& cost : verdict.costs)
    costs[cost.name] = {{"impairment", cost.impairment}, {"mos_without", cost.mos_without}};
  const double narrow = request.wideband ? verdict.rating / 1.29 : verdict.rating;
  return {{"model", request.wideband ? "G.107.1" : "G.107"},
          {"r", verdict.rating},
          {"r_ideal", verdict.best},
          {"mos", verdict.mos},
          {"good_or_better", measure::good_or_better(narrow)},
          {"poor_or_worse", measure::poor_or_worse(narrow)},
          {"satisfaction", satisfaction(narrow)},
          {"advantage", request.advantage},
          {"costs", costs}};
}

Result<void> rate_connection(const EModelRequest& request, const Context& context) {
  SYRINX_ASSIGN(const double loss, percent_of(request.loss));
  SYRINX_TRY(check(request, loss));
  SYRINX_ASSIGN(const auto verdict,
                request.wideband ? rate_wide(request, loss) : rate_narrow(request, loss));
  if (context.json) {
    print_json(to_json(request, verdict));
  } else {
    print(request, verdict);
  }
  return {};
}

void add_options(CLI::App& command, EModelRequest& request) {
  command.add_option("--codec", request.codec, "The codec [g711]")->type_name("NAME");
  command.add_option("--delay-ms", request.delay_ms, "From mouth to ear, one way, ms")
      ->capture_default_str();
  command.add_option("--loss", request.loss, "Lost packets, percent")
      ->capture_default_str()
      ->type_name("PERCENT");
  command
      .add_option("--burst", request.burst_ratio, "Mean burst over that of random loss, 1 or more")
      ->capture_default_str();
  command.add_option("--echo-loss", request.echo_loss_db, "Talker echo loudness rating, dB")
      ->capture_default_str();
  command.add_option("--send-noise", request.send_noise_dba, "Noise in the sender's room, dB(A)")
      ->capture_default_str();
  command
      .add_option("--receive-noise", request.receive_noise_dba, "Noise in the listener's, dB(A)")
      ->capture_default_str();
  command.add_option("--advantage", request.advantage, "What users forgive, 0 to 20")
      ->capture_default_str();
  command.add_option("--ie", request.impairment, "The codec's impairment Ie");
  command.add_option("--bpl", request.robustness, "The codec's robustness to loss Bpl");
  command.add_flag("--wideband", request.wideband, "Wide-band telephony, echo fully cancelled");
}

}  // namespace

void add_emodel_command(CLI::App& app, Context& context) {
  CLI::App* command =
      app.add_subcommand("emodel", "Rate a connection: from delay, loss and codec to a MOS");
  auto request = std::make_shared<EModelRequest>();
  add_options(*command, *request);
  add_json_option(*command, context, "{r, mos, costs: {name: {impairment, mos_without}}, ...}");
  command->footer(kFooter);
  command->callback(
      [request, &context] { run(context, [&] { return rate_connection(*request, context); }); });
}

}  // namespace syrinx::cli
