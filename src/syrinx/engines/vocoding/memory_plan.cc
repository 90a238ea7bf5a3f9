// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/vocoding/memory_plan.h"

#include <algorithm>
#include <string>
#include <vector>

#include "syrinx/stages/vocoder/memory_estimate.h"

namespace syrinx::vocoding {
namespace {

using vocoder::in_mebibytes;
using vocoder::VocoderModel;

// Smaller blocks cost more speed than a thread less.
constexpr std::size_t kLeastGoodBlock = 8;

// A size of block, and what a stream for it takes.
struct Block {
  std::size_t frames = 0;
  std::size_t stream_bytes = 0;
  std::size_t held_bytes = 0;  // The samples that it makes in a call.
};

Result<Block> measure(const VocoderModel& model, std::size_t frames) {
  SYRINX_ASSIGN(const auto stream, model.open_stream(frames));
  const std::size_t samples =
      std::max(frames * model.info().mel.hop_samples, stream->tail_samples());
  return Block{frames, stream->memory_bytes(), samples * sizeof(float)};
}

// Blocks to choose from, the largest first: what was wished for, and with a budget the halves of it
// down to one frame, as far as a stream alone fits.
Result<std::vector<Block>> blocks_for(const VocoderModel& model, const MemoryRequest& request) {
  std::vector<std::size_t> sizes{request.block_frames};
  if (request.budget_bytes > 0 && !request.streamed)
    while (sizes.back() > 1) sizes.push_back(sizes.back() / 2);
  std::vector<Block> blocks;
  for (std::size_t i = sizes.size(); i-- > 0;) {
    SYRINX_ASSIGN(const Block block, measure(model, sizes[i]));
    blocks.insert(blocks.begin(), block);
    if (request.budget_bytes > 0 &&
        model.info().weight_bytes + block.stream_bytes > request.budget_bytes)
      break;
  }
  return blocks;
}

MemoryPlan total(MemoryPlan plan, std::size_t held_bytes) {
  plan.peak_bytes =
      plan.weight_bytes + plan.streams * (plan.stream_bytes + held_bytes) + plan.sound_bytes;
  return plan;
}

// Utterances that are made at once. Whoever waits for the pool works, too.
std::size_t at_once(const MemoryRequest& request, std::size_t threads) {
  if (request.side_by_side <= 1 || threads <= 1) return 1;
  return std::min(threads + 1, request.side_by_side);
}

MemoryPlan plan_streams(const VocoderModel& model, const MemoryRequest& request,
                        std::size_t threads, const Block& block) {
  MemoryPlan plan;
  const std::size_t utterances = at_once(request, threads);
  plan.threads = threads;
  plan.block_frames = block.frames;
  plan.weight_bytes = model.info().weight_bytes;
  plan.stream_bytes = block.stream_bytes;
  plan.side_by_side = utterances;
  plan.streams = request.side_by_side > 1 ? utterances : threads;
  if (!request.streamed)
    plan.sound_bytes = utterances * request.frames * model.info().mel.hop_samples * sizeof(float);
  return total(plan, block.held_bytes);
}

MemoryPlan plan_whole(const VocoderModel& model, const MemoryRequest& request,
                      std::size_t threads) {
  MemoryPlan plan;
  plan.threads = threads;
  plan.weight_bytes = model.info().weight_bytes;
  plan.side_by_side = plan.streams = at_once(request, threads);
  const std::size_t each = plan.streams > 1 ? 1 : threads;
  plan.stream_bytes = model.synthesis_bytes(request.frames, each);
  return total(plan, 0);
}

std::string whole_mebibytes(std::size_t bytes) {
  return std::to_string((bytes + (1U << 20) - 1) >> 20) + " MiB";
}

// Whether the utterance is made at once, not as a stream.
bool made_at_once(const VocoderModel& model, const MemoryRequest& request) {
  return model.makes_wholes() && !request.streamed;
}

Error too_little(const VocoderModel& model, const MemoryRequest& request, const MemoryPlan& least) {
  const char* const what = made_at_once(model, request) ? "an utterance " : "a stream ";
  std::string sound;
  if (least.sound_bytes > 0) sound = ", the sound " + in_mebibytes(least.sound_bytes);
  std::string way_out = "give a budget of " + whole_mebibytes(least.peak_bytes);
  const bool fits_streamed = least.peak_bytes - least.sound_bytes <= request.budget_bytes;
  if (least.sound_bytes > 0 && fits_streamed) way_out += ", or stream it";
  if (request.streamed && request.block_frames > 1) way_out += ", or stream smaller blocks";
  if (made_at_once(model, request)) way_out += ", or cut the mel at a pause";
  return make_error(ErrorCode::kLimitExceeded, model.info().family, " needs ",
                    in_mebibytes(least.peak_bytes), " at least (weights ",
                    in_mebibytes(least.weight_bytes), ", ", what, in_mebibytes(least.stream_bytes),
                    sound, "), more than the budget of ", in_mebibytes(request.budget_bytes), ": ",
                    way_out);
}

}  // namespace

Result<MemoryPlan> plan_memory(const VocoderModel& model, const MemoryRequest& request) {
  const std::size_t wished = std::max<std::size_t>(request.threads, 1);
  const auto fits = [&](const MemoryPlan& plan) {
    return request.budget_bytes == 0 || plan.peak_bytes <= request.budget_bytes;
  };
  MemoryPlan least;
  if (made_at_once(model, request)) {
    if (request.budget_bytes > 0 && model.synthesis_bytes(request.frames, 1) == 0)
      return make_error(ErrorCode::kUnsupported, model.info().family,
                        " cannot tell how much memory an utterance needs: give no budget",
                        model.streams() ? ", or stream it" : "");
    for (std::size_t threads = wished; threads > 0; --threads)
      if (least = plan_whole(model, request, threads); fits(least)) return least;
    return too_little(model, request, least);
  }
  SYRINX_ASSIGN(const std::vector<Block> blocks, blocks_for(model, request));
  for (std::size_t threads = request.streamed ? 1 : wished; threads > 0; --threads)
    for (const Block& block : blocks) {
      if (threads > 1 && block.frames < std::min(kLeastGoodBlock, request.block_frames)) break;
      least = plan_streams(model, request, threads, block);
      if (fits(least)) return least;
    }
  return too_little(model, request, least);
}

}  // namespace syrinx::vocoding
