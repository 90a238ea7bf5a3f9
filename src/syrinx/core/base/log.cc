// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/base/log.h"

#include <memory>
#include <mutex>
#include <utility>

namespace syrinx {
namespace {

std::mutex hook_mutex;
std::shared_ptr<const LogHook>
    current_hook;  // Shared: a message in flight outlives a change of hook.

}  // namespace

void set_log_hook(LogHook hook) {
  auto next = hook ? std::make_shared<const LogHook>(std::move(hook)) : nullptr;
  const std::lock_guard lock(hook_mutex);
  current_hook = std::move(next);
}

void log(LogLevel level, std::string_view message) {
  std::shared_ptr<const LogHook> hook;
  {
    const std::lock_guard lock(hook_mutex);
    hook = current_hook;
  }
  if (hook) (*hook)(level, message);
}

}  // namespace syrinx
