// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/live_session.h"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <thread>

#include "syrinx/apps/cli/terminal_keys.h"

namespace syrinx::cli {
namespace {

constexpr double kLookS = 0.05;
constexpr double kTerminalLineS = 0.1;
constexpr double kPlainLineS = 5.0;

bool on_terminal() { return ::isatty(STDERR_FILENO) != 0; }

}  // namespace

Result<void> LiveSession::run(LiveEnds& ends, const conversion::LatencyProbe* probe) {
  using Clock = std::chrono::steady_clock;
  TerminalKeys keys;
  if (keys.listening() && !context_.quiet)
    note(context_, "keys: b bypass, m monitor, + and - pitch by a semitone, q quit");
  live_.set_bypass(request_.bypass);
  live_.set_monitor(request_.monitor_device.has_value());
  steps_.push_back({0.0, live_.snapshot().level});
  live_.start();
  const auto begin = Clock::now();
  SYRINX_TRY(ends.start());
  double seconds = 0.0;
  while (!over(ends, probe) && (request_.duration_s <= 0.0 || seconds < request_.duration_s)) {
    std::this_thread::sleep_for(std::chrono::duration<double>(kLookS));
    seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    while (const auto key = keys.next()) obey(*key);
    look(seconds);
    show(seconds);
  }
  if (on_terminal() && !context_.quiet) std::fputs("\r\x1b[K", stderr);
  live_.stop();
  return ends.finish();
}

bool LiveSession::over(const LiveEnds& ends, const conversion::LatencyProbe* probe) const {
  return quit_ || context_.stop.stop_requested() || ends.ended() ||
         (probe != nullptr && probe->finished());
}

void LiveSession::look(double seconds) {
  shot_ = live_.snapshot();
  if (shot_.level != steps_.back().level) {
    steps_.push_back({seconds, shot_.level});
    if (!on_terminal())
      note(context_,
           std::string("the load changed: now at level ") + conversion::to_string(shot_.level));
  }
  if (const auto found = finder_.hear(shot_.f0_hz)) {
    voice_ = *found;
    live_.set_voice(voice_);
  }
  if (likeness_ != nullptr) learn();
}

// Beside the sound: what takes long here only draws the meter late.
void LiveSession::learn() {
  using conversion::SourceKnowledge;
  const SourceKnowledge before = likeness_->known();
  if (!likeness_->learn() || likeness_->known() == before || on_terminal()) return;
  const bool all = likeness_->known() == SourceKnowledge::kVoice;
  note(context_, all ? "your voice is known: now like " + likeness_->target().name
                     : std::string("your pitch is known: it is moved; the rest follows"));
}

void LiveSession::show(double seconds) {
  if (context_.quiet || seconds < next_line_s_) return;
  const bool terminal = on_terminal();
  if (!terminal && next_line_s_ == 0.0) {  // The first plain line when there is something to say.
    next_line_s_ = kPlainLineS;
    return;
  }
  next_line_s_ = seconds + (terminal ? kTerminalLineS : kPlainLineS);
  std::string line = meter_line(shot_);
  if (likeness_ != nullptr) line += learning_line(*likeness_);
  std::fprintf(stderr, terminal ? "\r\x1b[K%s" : "%s\n", line.c_str());
}

void LiveSession::obey(char key) {
  if (key == 'q') quit_ = true;
  if (key == 'b') live_.set_bypass(!shot_.bypassed);
  if (key == 'm') live_.set_monitor(!shot_.monitoring);
  if (key != '+' && key != '-') return;
  voice_.pitch_ratio *= voice::ratio_of_semitones(key == '+' ? 1.0 : -1.0);
  voice_ = voice::limited(voice_);
  live_.set_voice(voice_);
}

}  // namespace syrinx::cli
