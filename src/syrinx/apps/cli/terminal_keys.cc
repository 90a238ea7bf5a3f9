// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/terminal_keys.h"

#include <poll.h>
#include <unistd.h>

namespace syrinx::cli {

TerminalKeys::TerminalKeys() {
  if (::isatty(STDIN_FILENO) == 0 || ::tcgetattr(STDIN_FILENO, &former_) != 0) return;
  if (::tcgetpgrp(STDIN_FILENO) != ::getpgrp()) return;  // In the background, keys are not ours.
  termios raw = former_;
  raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  raw.c_cc[VMIN] = 0;
  raw.c_cc[VTIME] = 0;
  listening_ = ::tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
}

TerminalKeys::~TerminalKeys() {
  if (listening_) ::tcsetattr(STDIN_FILENO, TCSANOW, &former_);
}

std::optional<char> TerminalKeys::next() {
  if (!listening_) return std::nullopt;
  pollfd waiting{STDIN_FILENO, POLLIN, 0};
  char key = 0;
  if (::poll(&waiting, 1, 0) < 1 || ::read(STDIN_FILENO, &key, 1) != 1) return std::nullopt;
  return key;
}

}  // namespace syrinx::cli
