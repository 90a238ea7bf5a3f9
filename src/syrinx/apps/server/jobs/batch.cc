// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/jobs/batch.h"

namespace syrinx::server {

const char* name_of(BatchStatus status) noexcept {
  switch (status) {
    case BatchStatus::kQueued:
      return "queued";
    case BatchStatus::kInProgress:
      return "in_progress";
    case BatchStatus::kCancelling:
      return "cancelling";
    case BatchStatus::kCompleted:
      return "completed";
    case BatchStatus::kFailed:
      return "failed";
    case BatchStatus::kCancelled:
      return "cancelled";
  }
  return "unknown";
}

const char* name_of(ItemStatus status) noexcept {
  switch (status) {
    case ItemStatus::kPending:
      return "pending";
    case ItemStatus::kRunning:
      return "running";
    case ItemStatus::kCompleted:
      return "completed";
    case ItemStatus::kFailed:
      return "failed";
    case ItemStatus::kCancelled:
      return "cancelled";
  }
  return "unknown";
}

bool is_over(BatchStatus status) noexcept {
  return status == BatchStatus::kCompleted || status == BatchStatus::kFailed ||
         status == BatchStatus::kCancelled;
}

}  // namespace syrinx::server
