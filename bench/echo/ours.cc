// SPDX-License-Identifier: Apache-2.0
#include "echo/canceller.h"
#include "syrinx/stages/enhance/echo/echo_canceller.h"

namespace syrinx::bench {
namespace {

class Ours final : public Canceller {
 public:
  Ours(int rate_hz, const enhance::EchoOptions& options)
      : canceller_(enhance::EchoCanceller::create(rate_hz, options).value()) {}
  std::size_t latency_samples() const override { return canceller_.latency_samples(); }
  void process(std::span<const float> near, std::span<const float> far,
               std::span<float> out) override {
    canceller_.process(near, far, out);
  }

 private:
  enhance::EchoCanceller canceller_;
};

}  // namespace

Contestant our_filter_alone() {
  return {"syrinx, filter alone", [](int rate_hz) {
            enhance::EchoOptions options;
            options.suppress = false;
            return std::make_unique<Ours>(rate_hz, options);
          }};
}

Contestant our_canceller() {
  return {"syrinx",
          [](int rate_hz) { return std::make_unique<Ours>(rate_hz, enhance::EchoOptions{}); }};
}

}  // namespace syrinx::bench
