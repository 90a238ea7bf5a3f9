// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "syrinx/apps/cli/command.h"
#include "syrinx/apps/cli/live_ends.h"
#include "syrinx/apps/cli/live_like.h"
#include "syrinx/apps/cli/live_report.h"
#include "syrinx/apps/cli/live_request.h"

namespace syrinx::cli {

// A live conversion under a person's hands: meters, keys, the finding of the voice's F0, the end.
class LiveSession {
 public:
  LiveSession(const LiveRequest& request, Context& context, conversion::LiveConversion& live,
              int sample_rate_hz, conversion::LiveTarget target, voice::VoiceSettings voice,
              conversion::LiveLikeness* likeness)
      : request_(request),
        context_(context),
        live_(live),
        sample_rate_hz_(sample_rate_hz),
        finder_(std::move(target)),
        voice_(voice),
        likeness_(likeness) {}

  // Until the sound ends, the time is up, the probe (which may be null) has heard all, q is pressed
  // or a stop is requested. Errors: those of the ends.
  Result<void> run(LiveEnds& ends, const conversion::LatencyProbe* probe);

  const std::vector<LiveStep>& steps() const noexcept { return steps_; }
  const voice::VoiceSettings& voice() const noexcept { return voice_; }
  double source_f0_hz() const noexcept {
    return likeness_ != nullptr ? likeness_->source_f0_hz() : finder_.source_f0_hz();
  }

 private:
  bool over(const LiveEnds& ends, const conversion::LatencyProbe* probe) const;
  void look(double seconds);
  void learn();
  void show(double seconds);
  void obey(char key);

  const LiveRequest& request_;
  Context& context_;
  conversion::LiveConversion& live_;
  int sample_rate_hz_;
  conversion::TargetFinder finder_;
  voice::VoiceSettings voice_;
  conversion::LiveLikeness* likeness_;  // Null for none.
  std::vector<LiveStep> steps_;
  conversion::LiveSnapshot shot_;
  bool quit_ = false;
  double next_line_s_ = 0.0;
};

}  // namespace syrinx::cli
