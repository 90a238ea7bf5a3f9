// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/api/send_task.h"

#include <algorithm>
#include <utility>

namespace syrinx::server {

SendTask::SendTask(std::shared_ptr<Call> call, http::Response head, std::deque<SendPart> parts)
    : call_(std::move(call)), head_(std::move(head)), parts_(std::move(parts)) {}

work::Task::Next SendTask::step() {
  http::Exchange& to = *call_->exchange;
  if (to.gone().stop_requested()) {
    ++call_->core.metrics.cancelled;
    return over(499, "cancelled");
  }
  if (!std::exchange(begun_, true)) to.begin(std::move(head_));
  if (!send_block()) {
    to.abort();
    return over(500, "failed");
  }
  if (left_ == 0 && parts_.empty()) {
    to.end();
    return over(200, "done");
  }
  if (to.pending_bytes() <= kMostPendingBytes) return Next::kAgain;
  to.when_drained([scheduler = &call_->core.scheduler, self = this] { scheduler->wake(self); });
  return Next::kBlocked;
}

void SendTask::expired() { call_->refuse({work::RefusalReason::kTooLong, 1}); }

// False when a file is not what it was.
bool SendTask::send_block() {
  if (left_ == 0 && !parts_.empty()) {
    SendPart part = std::move(parts_.front());
    parts_.pop_front();
    if (!part.bytes.empty()) call_->exchange->write(std::move(part.bytes));
    if (part.file.empty()) return true;
    file_ = std::ifstream(part.file, std::ios::binary);
    left_ = part.file_bytes;
  }
  std::string block(std::min<std::uint64_t>(left_, kBlockBytes), '\0');
  if (!file_.read(block.data(), static_cast<std::streamsize>(block.size()))) return false;
  left_ -= block.size();
  call_->exchange->write(std::move(block));
  return true;
}

work::Task::Next SendTask::over(int status, std::string_view outcome) {
  call_->done(status, outcome, nullptr);
  return Next::kDone;
}

}  // namespace syrinx::server
