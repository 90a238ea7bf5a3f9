// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "codec/codec_bench.h"

int main(int argc, char** argv) {
  CLI::App app("What codecs cost, how speech is found, how losses are concealed");
  std::string data = "../shared/data";
  app.add_option("--data", data, "The folder of test data")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  int failed = 0;
  for (const auto& print : {syrinx::bench::print_codec_cost, syrinx::bench::print_vad_roc,
                            syrinx::bench::print_plc_quality}) {
    const auto done = print(data);
    if (done) continue;
    std::fprintf(stderr, "syrinx_codec_bench: %s\n", done.error().message.c_str());
    failed = 1;
  }
  return failed;
}
