// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/interrupt.h"

#include <csignal>
#include <ctime>

namespace syrinx::cli {
namespace {

sigset_t ending_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGHUP);
  return set;
}

}  // namespace

Interrupt::Interrupt() {
  std::signal(SIGPIPE, SIG_IGN);
  const sigset_t set = ending_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);  // Threads made later inherit it: only ours waits.
  watcher_ = std::jthread([this](const std::stop_token& ended) {
    const sigset_t awaited = ending_signals();
    const timespec slice{0, 50'000'000};
    while (!ended.stop_requested()) {
      if (sigtimedwait(&awaited, nullptr, &slice) > 0) source_.request_stop();
    }
  });
}

Interrupt::~Interrupt() = default;

}  // namespace syrinx::cli
