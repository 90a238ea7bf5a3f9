// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "syrinx/apps/server/api/core.h"
#include "syrinx/apps/server/api/errors.h"

namespace syrinx::server {

// What a worker does in one go for a request that is answered in one go.
class OneStep final : public work::Task {
 public:
  using Body = std::function<http::Response(const std::stop_token& gone)>;

  OneStep(std::shared_ptr<Call> call, Body body) : call_(std::move(call)), body_(std::move(body)) {}

  Next step() override {
    const auto gone = call_->exchange->gone();
    if (gone.stop_requested()) {
      ++call_->core.metrics.cancelled;
      call_->done(499, "cancelled", nullptr);
    } else {
      call_->respond(body_(gone));
    }
    return Next::kDone;
  }
  void expired() override { call_->refuse({work::RefusalReason::kTooLong, 1}); }

 private:
  const std::shared_ptr<Call> call_;
  const Body body_;
};

// Lets a worker answer.
inline void answer_later(Core& core, const std::shared_ptr<Call>& call, OneStep::Body body) {
  submit(core, call, std::make_shared<OneStep>(call, std::move(body)));
}

}  // namespace syrinx::server
