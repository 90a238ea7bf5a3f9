// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/acoustic/fastspeech/fastspeech_network.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "syrinx/core/base/check.h"
#include "syrinx/core/nn/rows/row_window.h"

namespace syrinx::acoustic {
namespace {

// Sines, then cosines (Vaswani et al. 2017, 3.5).
void add_positions(nn::Rows x, std::size_t channels) {
  const std::size_t half = channels / 2;
  for (std::size_t c = 0; c < half; ++c) {
    const double step =
        std::exp(-std::log(10'000.0) * static_cast<double>(c) / static_cast<double>(half));
    for (std::size_t r = 0; r < x.count; ++r) {
      const double angle = static_cast<double>(r) * step;
      x.row(r)[c] += static_cast<float>(std::sin(angle));
      x.row(r)[half + c] += static_cast<float>(std::cos(angle));
    }
  }
}

std::span<std::byte> bytes_of(const nn::ScratchBytes& scratch) {
  return {scratch.data(), scratch.size()};
}

Error cancelled() { return make_error(ErrorCode::kCancelled, "speaking was stopped"); }

}  // namespace

// Builds layers one after the other, counting parameters.
class FastSpeechNetwork::Builder {
 public:
  Builder(FastSpeechNetwork& made, const nn::WeightFile& file, nn::RowFormat format)
      : made_(made), file_(file), kernels_(*made.kernels_), format_(format) {}

  Result<std::vector<float>> tensor(const std::string& name, std::vector<std::size_t> shape) {
    SYRINX_ASSIGN(auto values, file_.floats(name, shape));
    made_.parameters_ += values.size();
    return values;
  }

  Result<nn::Embedding> embedding(const std::string& name, std::size_t symbols) {
    const std::size_t hidden = made_.sizes_.hidden;
    SYRINX_ASSIGN(const auto table, tensor(name + ".weight", {symbols, hidden}));
    return nn::Embedding(kernels_, hidden, table);
  }

  Result<nn::Linear> linear(const std::string& name, std::size_t in, std::size_t out) {
    SYRINX_ASSIGN(const auto weights, tensor(name + ".weight", {out, in}));
    SYRINX_ASSIGN(const auto bias, tensor(name + ".bias", {out}));
    return nn::Linear(kernels_, format_, in, out, weights, bias);
  }

  Result<SequenceConv> conv(const std::string& name, std::size_t in, std::size_t out,
                            std::size_t taps) {
    SYRINX_ASSIGN(const auto weights, tensor(name + ".weight", {out, in, taps}));
    SYRINX_ASSIGN(const auto bias, tensor(name + ".bias", {out}));
    return SequenceConv(kernels_, format_, in, out, taps, weights, bias);
  }

  Result<nn::LayerNorm> norm(const std::string& name, std::size_t channels) {
    SYRINX_ASSIGN(const auto scale, tensor(name + ".weight", {channels}));
    SYRINX_ASSIGN(const auto bias, tensor(name + ".bias", {channels}));
    return nn::LayerNorm(kernels_, scale, bias);
  }

  Result<nn::SelfAttention> attention(const std::string& name) {
    const FastSpeechSizes& s = made_.sizes_;
    std::vector<float> matrices[4], biases[4], near[2];
    const char* const parts[] = {".query", ".key", ".value", ".out"};
    for (std::size_t i = 0; i < 4; ++i) {
      SYRINX_ASSIGN(matrices[i], tensor(name + parts[i] + ".weight", {s.hidden, s.hidden}));
      SYRINX_ASSIGN(biases[i], tensor(name + parts[i] + ".bias", {s.hidden}));
    }
    if (s.relative_window > 0) {
      const std::vector<std::size_t> shape{2 * s.relative_window + 1, s.hidden / s.heads};
      SYRINX_ASSIGN(near[0], tensor(name + ".near_keys", shape));
      SYRINX_ASSIGN(near[1], tensor(name + ".near_values", shape));
    }
    return nn::SelfAttention::create(kernels_, format_, s.hidden, s.heads,
                                     {matrices[0],
                                      matrices[1],
                                      matrices[2],
                                      matrices[3],
                                      biases[0],
                                      biases[1],
                                      biases[2],
                                      biases[3],
                                      {s.relative_window, near[0], near[1]}});
  }

  Result<Stack> stack(const std::string& name, std::size_t blocks) {
    const FastSpeechSizes& s = made_.sizes_;
    Stack stack;
    for (std::size_t i = 0; i < blocks; ++i) {
      const std::string at = name + ".blocks." + std::to_string(i);
      SYRINX_ASSIGN(auto norm1, norm(at + ".norm1", s.hidden));
      SYRINX_ASSIGN(auto attended, attention(at + ".attention"));
      SYRINX_ASSIGN(auto norm2, norm(at + ".norm2", s.hidden));
      SYRINX_ASSIGN(auto conv1, conv(at + ".conv1", s.hidden, s.filter, s.kernel));
      SYRINX_ASSIGN(auto conv2, conv(at + ".conv2", s.filter, s.hidden, 1));
      stack.blocks.push_back({std::move(norm1), std::move(norm2), std::move(attended),
                              std::move(conv1), std::move(conv2)});
    }
    SYRINX_ASSIGN(stack.norm, norm(name + ".norm", s.hidden));
    return stack;
  }

  Result<Predictor> predictor(const std::string& name) {
    const FastSpeechSizes& s = made_.sizes_;
    Predictor p;
    SYRINX_ASSIGN(p.conv1, conv(name + ".conv1", s.hidden, s.predictor_hidden, s.predictor_kernel));
    SYRINX_ASSIGN(p.norm1, norm(name + ".norm1", s.predictor_hidden));
    SYRINX_ASSIGN(
        p.conv2, conv(name + ".conv2", s.predictor_hidden, s.predictor_hidden, s.predictor_kernel));
    SYRINX_ASSIGN(p.norm2, norm(name + ".norm2", s.predictor_hidden));
    SYRINX_ASSIGN(p.out, linear(name + ".out", s.predictor_hidden, 1));
    return p;
  }

 private:
  FastSpeechNetwork& made_;
  const nn::WeightFile& file_;
  const nn::RowKernels& kernels_;
  nn::RowFormat format_;
};

Result<FastSpeechNetwork> FastSpeechNetwork::build(const FastSpeechConfig& config,
                                                   const nn::WeightFile& file,
                                                   const nn::RowKernels& kernels,
                                                   nn::Precision precision) {
  FastSpeechNetwork made;
  made.kernels_ = &kernels;
  made.sizes_ = config.sizes;
  made.bands_ = config.mel.bands;
  made.stride_ = nn::padded_channels(kernels, config.sizes.hidden);
  const FastSpeechSizes& s = made.sizes_;
  Builder builder(made, file, nn::row_format(kernels, precision));
  SYRINX_ASSIGN(made.embedding_, builder.embedding("embedding", config.symbols.size()));
  SYRINX_ASSIGN(made.encoder_, builder.stack("encoder", s.encoder_blocks));
  SYRINX_ASSIGN(made.duration_, builder.predictor("duration"));
  SYRINX_ASSIGN(made.pitch_, builder.predictor("pitch"));
  SYRINX_ASSIGN(made.energy_, builder.predictor("energy"));
  SYRINX_ASSIGN(made.pitch_embedding_,
                builder.conv("pitch_embedding", 1, s.hidden, s.variance_kernel));
  SYRINX_ASSIGN(made.energy_embedding_,
                builder.conv("energy_embedding", 1, s.hidden, s.variance_kernel));
  SYRINX_ASSIGN(made.decoder_, builder.stack("decoder", s.decoder_blocks));
  SYRINX_ASSIGN(made.mel_, builder.linear("mel", s.hidden, made.bands_));
  return made;
}

std::size_t FastSpeechNetwork::memory_bytes() const noexcept {
  const auto of_predictor = [](const Predictor& p) {
    return p.conv1.memory_bytes() + p.conv2.memory_bytes() + p.norm1.memory_bytes() +
           p.norm2.memory_bytes() + p.out.memory_bytes();
  };
  std::size_t bytes = embedding_.memory_bytes() + mel_.memory_bytes() +
                      pitch_embedding_.memory_bytes() + energy_embedding_.memory_bytes() +
                      of_predictor(duration_) + of_predictor(pitch_) + of_predictor(energy_);
  for (const Stack* stack : {&encoder_, &decoder_}) {
    bytes += stack->norm.memory_bytes();
    for (const Block& block : stack->blocks)
      bytes += block.norm1.memory_bytes() + block.norm2.memory_bytes() +
               block.attention.memory_bytes() + block.conv1.memory_bytes() +
               block.conv2.memory_bytes();
  }
  return bytes;
}

Result<void> FastSpeechNetwork::run(const Stack& stack, OwnedRows& x,
                                    const std::stop_token& stop) const {
  const nn::TileScope tiles(*kernels_);
  const std::size_t rows = x.count;
  OwnedRows normed(rows, stride_);
  OwnedRows inner(rows, stack.blocks.front().conv1.padded_out());
  const Block& any = stack.blocks.front();
  const nn::ScratchBytes scratch(
      std::max({any.attention.scratch_bytes(rows), any.conv1.scratch_bytes(rows),
                any.conv2.scratch_bytes(rows)}));
  add_positions(x.view(), sizes_.hidden);
  for (const Block& block : stack.blocks) {
    if (stop.stop_requested()) return cancelled();
    block.norm1.run(x.view(), normed.view());
    block.attention.run(normed.view(), x.view(), bytes_of(scratch), {}, x.view());
    block.norm2.run(x.view(), normed.view());
    block.conv1.run(normed.view(), inner.view(), bytes_of(scratch));
    block.conv2.run(inner.view(), x.view(), bytes_of(scratch), true, x.view());
  }
  stack.norm.run(x.view(), x.view());
  return {};
}

std::vector<float> FastSpeechNetwork::predict(const Predictor& predictor, nn::ConstRows x) const {
  const nn::TileScope tiles(*kernels_);
  OwnedRows a(x.count, predictor.conv1.padded_out());
  OwnedRows b(x.count, predictor.conv2.padded_out());
  const nn::ScratchBytes scratch(
      std::max({predictor.conv1.scratch_bytes(x.count), predictor.conv2.scratch_bytes(x.count),
                predictor.out.scratch_bytes(x.count)}));
  const auto rectify = [this](OwnedRows& rows) {
    kernels_->activate(reinterpret_cast<std::byte*>(rows.values.data()),
                       rows.stride * sizeof(float), nn::RowFormat::kFloat, rows.values.data(),
                       rows.stride, rows.count, rows.stride, 1.0F, 0.0F);
  };
  predictor.conv1.run(x, a.view(), bytes_of(scratch));
  rectify(a);
  predictor.norm1.run(a.view(), a.view());
  predictor.conv2.run(a.view(), b.view(), bytes_of(scratch));
  rectify(b);
  predictor.norm2.run(b.view(), b.view());
  OwnedRows out(x.count, predictor.out.padded_out());
  predictor.out.run(b.view(), out.view(), bytes_of(scratch));
  std::vector<float> values;
  for (std::size_t r = 0; r < x.count; ++r) values.push_back(out.view().row(r)[0]);
  return values;
}

void FastSpeechNetwork::add_embedded(const SequenceConv& embedding, std::span<const float> values,
                                     nn::Rows x) const {
  const nn::TileScope tiles(*kernels_);
  OwnedRows in(values.size(), nn::padded_channels(*kernels_, 1));
  for (std::size_t r = 0; r < values.size(); ++r) in.view().row(r)[0] = values[r];
  const nn::ScratchBytes scratch(embedding.scratch_bytes(values.size()));
  embedding.run(in.view(), x, bytes_of(scratch), false, x);
}

Result<PhonemeVoicing> FastSpeechNetwork::encode(std::span<const std::int32_t> symbols,
                                                 float pitch_shift,
                                                 const std::stop_token& stop) const {
  if (symbols.empty())
    return make_error(ErrorCode::kInvalidArgument, "there are no symbols to encode");
  SYRINX_TRY(embedding_.check(symbols));
  PhonemeVoicing made;
  made.hidden = OwnedRows(symbols.size(), stride_);
  embedding_.run(symbols, made.hidden.view());
  SYRINX_TRY(run(encoder_, made.hidden, stop));
  made.log_durations = predict(duration_, made.hidden.view());
  made.pitch = predict(pitch_, made.hidden.view());
  for (float& pitch : made.pitch) pitch += pitch_shift;
  add_embedded(pitch_embedding_, made.pitch, made.hidden.view());
  made.energy = predict(energy_, made.hidden.view());
  add_embedded(energy_embedding_, made.energy, made.hidden.view());
  return made;
}

Result<std::vector<float>> FastSpeechNetwork::decode(nn::ConstRows hidden,
                                                     std::span<const std::size_t> frames,
                                                     const std::stop_token& stop) const {
  SYRINX_CHECK(hidden.count == frames.size(), "a count of frames for each row");
  std::size_t all = 0;
  for (const std::size_t count : frames) all += count;
  OwnedRows x(all, stride_);
  for (std::size_t r = 0, at = 0; r < frames.size(); ++r)
    for (const std::size_t end = at + frames[r]; at < end; ++at)
      std::copy_n(hidden.row(r), stride_, x.view().row(at));
  SYRINX_TRY(run(decoder_, x, stop));
  OwnedRows out(all, mel_.padded_out());
  const nn::TileScope tiles(*kernels_);
  const nn::ScratchBytes scratch(mel_.scratch_bytes(all));
  mel_.run(x.view(), out.view(), bytes_of(scratch));
  std::vector<float> values(all * bands_);
  for (std::size_t r = 0; r < all; ++r)
    std::copy_n(out.view().row(r), bands_, values.data() + r * bands_);
  return values;
}

}  // namespace syrinx::acoustic
