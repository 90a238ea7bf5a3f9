// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>
#include <thread>

namespace syrinx::cli {

// Turns SIGINT, SIGTERM and SIGHUP into a requested stop, so that work ends in order and temporary
// files go. Make it first, before any other thread. SIGPIPE is ignored for good: a closed pipe is
// an error of the write.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  std::stop_token token() const noexcept { return source_.get_token(); }

 private:
  std::stop_source source_;
  std::jthread watcher_;
};

}  // namespace syrinx::cli
