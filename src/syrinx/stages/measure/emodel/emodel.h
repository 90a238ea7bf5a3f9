// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/core/base/result.h"

// The E-model for narrow-band telephony: ITU-T Recommendation G.107 (06/2015). It plans: from what
// a connection is like it predicts what people will think of talking over it.
namespace syrinx::measure {

// A connection, with the Recommendation's default values (its Table 2). In square brackets the
// range that it was made for; other values are computed all the same.
struct EModelInput {
  double send_loudness_db = 8.0;          // SLR [0, 18]
  double receive_loudness_db = 2.0;       // RLR [-5, 14]
  double sidetone_masking_db = 15.0;      // STMR [10, 20]
  double listener_sidetone_db = 18.0;     // LSTR [13, 23]; STMR + Dr.
  double send_d_value_db = 3.0;           // Ds [-3, 3]
  double receive_d_value_db = 3.0;        // Dr [-3, 3]
  double talker_echo_loudness_db = 65.0;  // TELR [5, 65]
  double echo_path_loss_db = 110.0;       // WEPL [5, 110]
  double one_way_delay_ms = 0.0;          // T [0, 500]: of the talker's echo path.
  double round_trip_delay_ms = 0.0;       // Tr [0, 1000]: of the four-wire loop.
  double absolute_delay_ms = 0.0;         // Ta [0, 500]: from mouth to ear, without echo.
  double quantising_units = 1.0;          // qdu [1, 14]
  double equipment_impairment = 0.0;      // Ie [0, 40], of the codec (G.113).
  double loss_robustness = 4.3;           // Bpl [4.3, 40], of the codec (G.113).
  double packet_loss_percent = 0.0;       // Ppl [0, 20]
  double burst_ratio = 1.0;               // BurstR [1, 8]: mean burst over that of random loss.
  double circuit_noise_dbm0p = -70.0;     // Nc [-80, -40]
  double noise_floor_dbmp = -64.0;        // Nfor, at the receiver.
  double send_room_noise_dba = 35.0;      // Ps [35, 85]
  double receive_room_noise_dba = 35.0;   // Pr [35, 85]
  double advantage = 0.0;                 // A [0, 20]: what users forgive for convenience.
  double delay_sensitivity = 1.0;         // sT [0.4, 1]
  double least_noticed_delay_ms = 100.0;  // mT [20, 100]
};

// What the rating is made of: R = base - simultaneous - delay - equipment + advantage.
struct EModelRating {
  double rating = 0.0;  // R: 93.2 for the defaults; above 90 is best, below 50 not recommended.
  double mos = 0.0;     // 1 to 4.5, of a conversation (MOS-CQE).
  double noise_dbm0p = 0.0;                // No, all noise powers together.
  double base = 0.0;                       // Ro
  double loudness_impairment = 0.0;        // Iolr
  double sidetone_impairment = 0.0;        // Ist
  double quantising_impairment = 0.0;      // Iq
  double talker_echo_impairment = 0.0;     // Idte
  double listener_echo_impairment = 0.0;   // Idle
  double absolute_delay_impairment = 0.0;  // Idd
  double equipment_impairment = 0.0;       // Ie,eff

  double simultaneous_impairment() const noexcept {
    return loudness_impairment + sidetone_impairment + quantising_impairment;
  }
  double delay_impairment() const noexcept {
    return talker_echo_impairment + listener_echo_impairment + absolute_delay_impairment;
  }
};

// Errors: kInvalidArgument, with the field, for a value that is not finite, a negative delay or
// loss, a loss above 100 %, a burst ratio or quantising units below 1, or a loss robustness, delay
// sensitivity or least noticed delay that is not above 0.
Result<EModelRating> rate(const EModelInput& input);

// Ie,eff: the impairment of a codec under packet loss (eq. 7-29). Pre: loss_robustness > 0,
// burst_ratio >= 1, 0 <= packet_loss_percent <= 100.
double effective_equipment_impairment(double equipment_impairment, double loss_robustness,
                                      double packet_loss_percent, double burst_ratio) noexcept;

// Idd: the impairment of delay alone (eqs. 7-27, 7-28), 0 up to the least noticed delay. Pre: both
// others above 0.
double absolute_delay_impairment(double delay_ms, double sensitivity,
                                 double least_noticed_ms) noexcept;

// The straight lines that R. G. Cole and J. H. Rosenbluth ("Voice over IP performance monitoring",
// 2001) fitted to the whole delay impairment of an older edition at its defaults: 0.024 per ms, and
// 0.11 more for each beyond 177.3 ms. Many monitors use them; up to 300 ms they are within 0.9 of
// rate() with all delays equal, and at 400 ms 3.1 above it.
double fitted_delay_impairment(double delay_ms) noexcept;

}  // namespace syrinx::measure
