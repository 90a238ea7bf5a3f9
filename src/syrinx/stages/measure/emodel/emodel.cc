// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/emodel/emodel.h"

#include <algorithm>
#include <cmath>

#include "syrinx/stages/measure/emodel/opinion.h"

// Names and numbers of equations are the Recommendation's, so that they can be read side by side.
namespace syrinx::measure {
namespace {

double db_sum(std::initializer_list<double> levels_db) noexcept {
  double power = 0.0;
  for (const double level : levels_db) power += std::pow(10.0, level / 10.0);
  return 10.0 * std::log10(power);
}

// (1 + x^n)^(1/n), without overflow for large x.
double soft_knee(double x, double n) noexcept {
  if (x > 1.0) return x * std::pow(1.0 + std::pow(x, -n), 1.0 / n);
  return std::pow(1.0 + std::pow(x, n), 1.0 / n);
}

// The part of a curve that lies above the diagonal: x/2 + sqrt(x^2/4 + floor).
double soft_ramp(double x, double floor) noexcept {
  return x / 2.0 + std::sqrt(x * x / 4.0 + floor);
}

// No (eqs. 7-3 to 7-7).
double noise(const EModelInput& in) noexcept {
  const double OLR = in.send_loudness_db + in.receive_loudness_db;
  const double over = in.send_room_noise_dba - OLR - in.send_d_value_db - 14.0;
  const double Nos = in.send_room_noise_dba - in.send_loudness_db - in.send_d_value_db - 100.0 +
                     0.004 * over * over;
  const double Pre =
      in.receive_room_noise_dba +
      10.0 * std::log10(1.0 + std::pow(10.0, (10.0 - in.listener_sidetone_db) / 10.0));
  const double Nor = in.receive_loudness_db - 121.0 + Pre + 0.008 * (Pre - 35.0) * (Pre - 35.0);
  const double Nfo = in.noise_floor_dbmp + in.receive_loudness_db;
  return db_sum({in.circuit_noise_dbm0p, Nos, Nor, Nfo});
}

// Iolr (eqs. 7-9, 7-10).
double loudness(const EModelInput& in, double No) noexcept {
  const double OLR = in.send_loudness_db + in.receive_loudness_db;
  const double x = (OLR + 0.2 * (64.0 + No - in.receive_loudness_db)) / 8.0;
  return 20.0 * (std::pow(1.0 + std::pow(x, 8.0), 1.0 / 8.0) - x);
}

// |x| is meant where the Recommendation raises to an odd power what its own ranges keep positive.
double sidetone(const EModelInput& in) noexcept {  // Ist (eqs. 7-11, 7-12).
  const double STMRo = -10.0 * std::log10(std::pow(10.0, -in.sidetone_masking_db / 10.0) +
                                          std::exp(-in.one_way_delay_ms / 4.0) *
                                              std::pow(10.0, -in.talker_echo_loudness_db / 10.0));
  return 12.0 * soft_knee(std::abs((STMRo - 13.0) / 6.0), 8.0) -
         28.0 * soft_knee(std::abs((STMRo + 1.0) / 19.4), 35.0) -
         13.0 * soft_knee(std::abs((STMRo - 3.0) / 33.0), 13.0) + 29.0;
}

// Iq (eqs. 7-13 to 7-17).
double quantising(const EModelInput& in, double Ro) noexcept {
  const double Q = 37.0 - 15.0 * std::log10(in.quantising_units);
  const double G = 1.07 + 0.258 * Q + 0.0602 * Q * Q;
  const double Y = (Ro - 100.0) / 15.0 + 46.0 / 8.4 - G / 9.0;
  const double Z = 46.0 / 30.0 - G / 40.0;
  return 15.0 * std::log10(1.0 + std::pow(10.0, Y) + std::pow(10.0, Z));
}

// Idte (eqs. 7-19 to 7-24). An echo of less than 1 ms counts as sidetone.
double talker_echo(const EModelInput& in, double No, double Ist) noexcept {
  const double T = in.one_way_delay_ms;
  if (T < 1.0) return in.sidetone_masking_db > 20.0 ? std::abs(Ist) : 0.0;
  double TERV = in.talker_echo_loudness_db -
                40.0 * std::log10((1.0 + T / 10.0) / (1.0 + T / 150.0)) +
                6.0 * std::exp(-0.3 * T * T);
  if (in.sidetone_masking_db < 9.0) TERV += Ist / 2.0;
  const double Re = 80.0 + 2.5 * (TERV - 14.0);
  const double Roe = -1.5 * (No - in.receive_loudness_db);
  const double Idte = (soft_ramp(Roe - Re, 100.0) - 1.0) * (1.0 - std::exp(-T));
  return in.sidetone_masking_db > 20.0 ? std::hypot(Idte, Ist) : Idte;
}

// Idle (eqs. 7-25, 7-26).
double listener_echo(const EModelInput& in, double Ro) noexcept {
  const double Rle =
      10.5 * (in.echo_path_loss_db + 7.0) * std::pow(in.round_trip_delay_ms + 1.0, -0.25);
  return soft_ramp(Ro - Rle, 169.0);
}

struct Bound {
  const char* field;
  double value;
  double least;
  double most;
};

constexpr double kMost = 1e6;
constexpr double kAboveZero = 1e-6;

Result<void> validate(const EModelInput& in) {
  const Bound bounds[] = {
      {"send_loudness_db", in.send_loudness_db, -200.0, 200.0},
      {"receive_loudness_db", in.receive_loudness_db, -200.0, 200.0},
      {"sidetone_masking_db", in.sidetone_masking_db, -200.0, 200.0},
      {"listener_sidetone_db", in.listener_sidetone_db, -200.0, 200.0},
      {"send_d_value_db", in.send_d_value_db, -200.0, 200.0},
      {"receive_d_value_db", in.receive_d_value_db, -200.0, 200.0},
      {"talker_echo_loudness_db", in.talker_echo_loudness_db, -200.0, 200.0},
      {"echo_path_loss_db", in.echo_path_loss_db, -200.0, 200.0},
      {"one_way_delay_ms", in.one_way_delay_ms, 0.0, kMost},
      {"round_trip_delay_ms", in.round_trip_delay_ms, 0.0, kMost},
      {"absolute_delay_ms", in.absolute_delay_ms, 0.0, kMost},
      {"quantising_units", in.quantising_units, 1.0, kMost},
      {"equipment_impairment", in.equipment_impairment, 0.0, 95.0},
      {"loss_robustness", in.loss_robustness, kAboveZero, kMost},
      {"packet_loss_percent", in.packet_loss_percent, 0.0, 100.0},
      {"burst_ratio", in.burst_ratio, 1.0, kMost},
      {"circuit_noise_dbm0p", in.circuit_noise_dbm0p, -200.0, 200.0},
      {"noise_floor_dbmp", in.noise_floor_dbmp, -200.0, 200.0},
      {"send_room_noise_dba", in.send_room_noise_dba, -200.0, 200.0},
      {"receive_room_noise_dba", in.receive_room_noise_dba, -200.0, 200.0},
      {"advantage", in.advantage, 0.0, 100.0},
      {"delay_sensitivity", in.delay_sensitivity, 0.1, 10.0},
      {"least_noticed_delay_ms", in.least_noticed_delay_ms, kAboveZero, kMost},
  };
  for (const Bound& bound : bounds) {
    if (!(bound.value >= bound.least && bound.value <= bound.most))
      return make_error(ErrorCode::kInvalidArgument, "E-model: ", bound.field, " is ", bound.value,
                        " but must be ", bound.least, " to ", bound.most);
  }
  return {};
}

}  // namespace

double effective_equipment_impairment(double equipment_impairment, double loss_robustness,
                                      double packet_loss_percent, double burst_ratio) noexcept {
  return equipment_impairment + (95.0 - equipment_impairment) * packet_loss_percent /
                                    (packet_loss_percent / burst_ratio + loss_robustness);
}

double absolute_delay_impairment(double delay_ms, double sensitivity,
                                 double least_noticed_ms) noexcept {
  if (!(delay_ms > least_noticed_ms)) return 0.0;
  const double X = std::log2(delay_ms / least_noticed_ms);
  const double n = 6.0 * sensitivity;
  return 25.0 * (soft_knee(X, n) - 3.0 * soft_knee(X / 3.0, n) + 2.0);
}

double fitted_delay_impairment(double delay_ms) noexcept {
  return 0.024 * delay_ms + 0.11 * std::max(0.0, delay_ms - 177.3);
}

Result<EModelRating> rate(const EModelInput& in) {
  SYRINX_TRY(validate(in));
  EModelRating r;
  r.noise_dbm0p = noise(in);
  r.base = 15.0 - 1.5 * (in.send_loudness_db + r.noise_dbm0p);
  r.loudness_impairment = loudness(in, r.noise_dbm0p);
  r.sidetone_impairment = sidetone(in);
  r.quantising_impairment = quantising(in, r.base);
  r.talker_echo_impairment = talker_echo(in, r.noise_dbm0p, r.sidetone_impairment);
  r.listener_echo_impairment = listener_echo(in, r.base);
  r.absolute_delay_impairment = absolute_delay_impairment(
      in.absolute_delay_ms, in.delay_sensitivity, in.least_noticed_delay_ms);
  r.equipment_impairment = effective_equipment_impairment(
      in.equipment_impairment, in.loss_robustness, in.packet_loss_percent, in.burst_ratio);
  r.rating = r.base - r.simultaneous_impairment() - r.delay_impairment() - r.equipment_impairment +
             in.advantage;
  r.mos = mos_of_rating(r.rating);
  return r;
}

}  // namespace syrinx::measure
