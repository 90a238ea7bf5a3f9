// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <termios.h>

#include <optional>

namespace syrinx::cli {

// Single keys from a terminal on standard input, without waiting for a line and without showing
// them. Does nothing when standard input is none. Destroyed, the terminal is as it was.
class TerminalKeys {
 public:
  TerminalKeys();
  ~TerminalKeys();
  TerminalKeys(const TerminalKeys&) = delete;
  TerminalKeys& operator=(const TerminalKeys&) = delete;

  bool listening() const noexcept { return listening_; }
  // The next key that was pressed, or nothing. Does not wait.
  std::optional<char> next();

 private:
  bool listening_ = false;
  termios former_{};
};

}  // namespace syrinx::cli
