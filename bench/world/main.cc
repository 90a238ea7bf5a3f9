// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <cstdlib>
#include <string>

#include "world/identity_report.h"
#include "world/like_report.h"
#include "world/parallel_report.h"
#include "world/speaker_report.h"

// One voice like another (like_report.h), then beside what the other really says
// (parallel_report.h); by name, what is left of a voice that is taken apart and put together again
// (identity_report.h), and how well speakers are told apart (speaker_report.h).
//
//   syrinx_world_report DATA_FOLDER [UTTERANCES [FOLDER [EXEMPLARS [MIXTURE [NETWORK]]]]] [MODE]
//   syrinx_world_report DATA_FOLDER speakers [WEIGHTS]
//   syrinx_world_report DATA_FOLDER parallel [distortions [WEIGHTS]]
//   syrinx_world_report DATA_FOLDER identity [UTTERANCES [WORLD]]
//
// MODE, at the end: low, balanced or high; pairs alone, as `syrinx live --like` does it. WORLD is
// where tools/fetch_peer world put World, to be held against.
int main(int argc, char** argv) {
  if (argc >= 3 && std::string(argv[2]) == "speakers")
    return syrinx::bench::report_speakers(argv[1], argc > 3 ? argv[3] : "");
  if (argc >= 3 && std::string(argv[2]) == "parallel")
    return syrinx::bench::report_parallel(argv[1], argc > 3, argc > 4 ? argv[4] : "");
  if (argc >= 3 && std::string(argv[2]) == "identity")
    return syrinx::bench::report_identity(
        {argv[1], argc > 3 ? std::atoi(argv[3]) : 5, argc > 4 ? argv[4] : ""});
  if (argc < 2) {
    std::fprintf(stderr,
                 "usage: syrinx_world_report DATA_FOLDER [UTTERANCES [FOLDER [EXEMPLARS "
                 "[MIXTURE [NETWORK]]]]] [MODE]\n"
                 "       syrinx_world_report DATA_FOLDER speakers [WEIGHTS]\n"
                 "       syrinx_world_report DATA_FOLDER parallel [distortions [WEIGHTS]]\n"
                 "       syrinx_world_report DATA_FOLDER identity [UTTERANCES [WORLD]]\n");
    return 2;
  }
  syrinx::bench::LikeReportOptions options;
  if (const auto mode = syrinx::conversion::parse_mode(argv[argc - 1])) {
    options.live = *mode;
    --argc;
  }
  options.data = argv[1];
  if (argc > 2) options.utterances = std::atoi(argv[2]);
  if (argc > 3) options.output = argv[3];
  if (argc > 4) options.exemplars = std::atof(argv[4]);
  if (argc > 5) options.mixture = std::atof(argv[5]);
  if (argc > 6) options.network = std::atof(argv[6]);
  const int likeness = syrinx::bench::report_likeness(options);
  if (likeness != 0 || options.live) return likeness;
  return syrinx::bench::report_parallel(options.data);
}
