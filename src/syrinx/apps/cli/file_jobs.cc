// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/file_jobs.h"

#include <algorithm>
#include <mutex>
#include <numeric>
#include <string>
#include <vector>

#include "syrinx/core/base/thread_pool.h"

namespace syrinx::cli {

void add_threads_option(CLI::App& command, std::size_t& threads) {
  command.add_option("--threads", threads, "At most so many sounds at once [one per processor]")
      ->type_name("COUNT");
}

void run_side_by_side(
    std::size_t count, std::size_t threads, const Context& context,
    const std::function<void(std::size_t index, const ShowProgress& progress)>& one) {
  Progress progress(!context.quiet);
  std::mutex drawing;
  std::vector<double> shares(count);
  const auto run_one = [&](std::size_t i) {
    one(i, [&, i](double share, const std::string& what) {
      const std::scoped_lock lock(drawing);
      shares[i] = share;
      const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
      progress.show(sum / static_cast<double>(count), what);
    });
    const std::scoped_lock lock(drawing);
    shares[i] = 1.0;
  };
  const std::size_t side_by_side = std::min(count, threads == 0 ? usable_processors() : threads);
  if (side_by_side < 2) {
    for (std::size_t i = 0; i < count; ++i) run_one(i);
    return;
  }
  ThreadPool pool(side_by_side - 1);  // The calling thread works, too.
  pool.parallel_for(count, run_one);
}

}  // namespace syrinx::cli
