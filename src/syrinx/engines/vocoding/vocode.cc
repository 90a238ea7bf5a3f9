// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/vocoding/vocode.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "syrinx/engines/vocoding/memory_plan.h"

namespace syrinx::vocoding {
namespace {

using vocoder::VocoderModel;
using vocoder::VocoderStream;

// Shorter ones would spend much of their time on warming up.
constexpr std::size_t kContextsAStretch = 4;

struct Job {
  const VocoderModel& model;
  MelView mel;
  const VocodeOptions& options;
  const MemoryPlan& plan;
  StreamCache& streams;
  AudioBuffer& out;
  std::atomic<std::size_t> frames_done{0};
  std::mutex report;
};

MelView frames_of(MelView mel, std::size_t first, std::size_t count) {
  return {count > 0 ? mel.frame(first).data() : nullptr, count, mel.spec()};
}

void report(Job& job, std::size_t frames) {
  const std::size_t done = job.frames_done += frames;
  if (!job.options.progress) return;
  const std::scoped_lock lock(job.report);
  const auto all = static_cast<double>(std::max<std::size_t>(job.mel.frames(), 1));
  job.options.progress(std::min(1.0, static_cast<double>(done) / all));
}

// Makes the sound of frames [first, end) on one stream, from the frames around them. The samples of
// the stream from `skip` on go to the output.
Result<void> run_stretch(Job& job, std::size_t first, std::size_t end) {
  const std::size_t hop = job.model.info().mel.hop_samples;
  const std::size_t context = job.model.info().context_frames;
  const std::size_t heard = first > context ? first - context : 0;
  const std::size_t begin = heard - heard % job.model.info().grid_frames;
  const std::size_t stop = std::min(job.mel.frames(), end + context);
  SYRINX_ASSIGN(auto stream, job.streams.take(job.plan.block_frames));
  const bool last = end == job.mel.frames();
  stream->skip((first - begin) * hop);
  std::size_t skip = stream->latency_samples() + (first - begin) * hop;
  std::span<float> wanted = job.out.channel(0);
  wanted = last ? wanted.subspan(first * hop) : wanted.subspan(first * hop, (end - first) * hop);
  const auto deliver = [&](std::span<const float> made) {
    const std::size_t dropped = std::min(skip, made.size());
    skip -= dropped;
    const std::size_t taken = std::min(made.size() - dropped, wanted.size());
    std::copy_n(made.begin() + static_cast<std::ptrdiff_t>(dropped), taken, wanted.begin());
    wanted = wanted.subspan(taken);
  };
  const int rate = job.model.info().mel.sample_rate_hz;
  // Blocks of one size: each is a pass over all weights, however few its frames.
  const std::size_t blocks = (stop - begin + job.plan.block_frames - 1) / job.plan.block_frames;
  const std::size_t most = (stop - begin + blocks - 1) / blocks;
  std::vector<float> block(most * hop + (last ? stream->tail_samples() : 0));
  for (std::size_t at = begin; at < stop && !wanted.empty();) {
    if (job.options.stop.stop_requested())
      return make_error(ErrorCode::kCancelled, "vocoding was stopped");
    const std::size_t frames = std::min(most, stop - at);
    const MelView mel = frames_of(job.mel, at, frames);
    if (last && at + frames == stop) {
      const std::span<float> out(block.data(), frames * hop + stream->tail_samples());
      stream->finish_with(mel, {out, rate});
      deliver(out);
    } else {
      const std::span<float> out(block.data(), frames * hop);
      stream->process(mel, {out, rate});
      deliver(out);
    }
    at += frames;
    report(job, std::min(at, end) - std::min(std::max(at - frames, first), std::min(at, end)));
  }
  job.streams.give_back(std::move(stream));
  return {};
}

std::size_t stretches_for(const VocoderModel& model, MelView mel, const MemoryPlan& plan) {
  if (plan.threads < 2) return 1;
  const std::size_t shortest = kContextsAStretch * model.info().context_frames + 1;
  return std::clamp<std::size_t>(mel.frames() / shortest, 1, plan.threads);
}

// Blocks a quarter larger where a stretch with its warm-up is that much longer than one: a second
// block would be another pass over all weights for a few frames.
std::size_t roomy_blocks(std::size_t block_frames, std::size_t stretch_frames) {
  const std::size_t roomy = block_frames + block_frames / 4;
  return stretch_frames > block_frames && stretch_frames <= roomy ? roomy : block_frames;
}

// What the options ask for, or with a budget what fits.
Result<MemoryPlan> plan_for(const VocoderModel& model, MelView mel, const VocodeOptions& options) {
  MemoryPlan plan;
  plan.threads = options.pool == nullptr ? 1 : options.pool->threads();
  plan.block_frames = options.block_frames;
  if (options.memory_budget_bytes == 0) return plan;
  MemoryRequest request;
  request.budget_bytes = options.memory_budget_bytes;
  request.frames = mel.frames();
  request.threads = plan.threads;
  request.block_frames = plan.block_frames;
  return plan_memory(model, request);
}

// A model that does not stream works on as many threads as its pool has.
Result<AudioBuffer> make_whole(const VocoderModel& model, MelView mel, const VocodeOptions& options,
                               const MemoryPlan& plan) {
  vocoder::SynthesisOptions whole = options.whole;
  std::optional<ThreadPool> smaller;
  whole.pool = plan.threads > 1 ? options.pool : nullptr;
  if (whole.pool != nullptr && plan.threads < whole.pool->threads())
    whole.pool = &smaller.emplace(plan.threads);
  whole.stop = options.stop;
  whole.progress = options.progress;
  return model.synthesise(mel, whole);
}

}  // namespace

Result<AudioBuffer> vocode(const VocoderModel& model, MelView mel, const VocodeOptions& options) {
  const MelSpec& spec = model.info().mel;
  if (model.makes_wholes()) {
    SYRINX_ASSIGN(const MemoryPlan plan, plan_for(model, mel, options));
    return make_whole(model, mel, options, plan);
  }
  if (mel.frames() == 0) return make_error(ErrorCode::kInvalidArgument, "a mel of no frames");
  if (mel.bands() != spec.bands)
    return make_error(ErrorCode::kInvalidArgument, "a mel of ", mel.bands(),
                      " bands for a model of ", spec.bands);
  SYRINX_ASSIGN(MemoryPlan plan, plan_for(model, mel, options));
  const std::size_t stretches = stretches_for(model, mel, plan);
  if (options.memory_budget_bytes == 0 && stretches > 1)
    plan.block_frames = roomy_blocks(
        plan.block_frames, mel.frames() / stretches + 1 + 2 * model.info().context_frames);
  StreamCache own(model);
  StreamCache& streams = options.streams != nullptr ? *options.streams : own;
  SYRINX_ASSIGN(auto probe, streams.take(plan.block_frames));
  // The tail may be a few samples longer than the latency, or shorter.
  const std::size_t samples =
      mel.frames() * spec.hop_samples + probe->tail_samples() - probe->latency_samples();
  streams.give_back(std::move(probe));
  AudioBuffer out(1, samples, spec.sample_rate_hz);
  Job job{model, mel, options, plan, streams, out, {}, {}};
  std::vector<Result<void>> results(stretches);
  const auto run = [&](std::size_t i) {
    results[i] = run_stretch(job, mel.frames() * i / stretches, mel.frames() * (i + 1) / stretches);
  };
  if (stretches == 1) {
    run(0);
  } else {
    options.pool->parallel_for(stretches, run);
  }
  for (Result<void>& result : results) SYRINX_TRY(std::move(result));
  return out;
}

}  // namespace syrinx::vocoding
