// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/nn/rows/packed_conv.h"
#include "syrinx/stages/vocoder/unet/unet_layers.h"
#include "syrinx/stages/vocoder/weight_source.h"

// A diffusion vocoder in the shape of a U, of the project's own. All convolutions are PyTorch's
// Conv1d of odd kernels that keep the length, act(x) is leaky ReLU of slope 0.2, e the embedding of
// the step:
//
//   in      x = unet.in (1 -> C0, kernel 3) of the noisy samples
//   down i  x = block(x); remember x; x = pool(x): kernel and stride s_i, C_i -> C_i+1
//   middle  x += unet.mel(mel) (bands -> C_L, kernel 1; one row is one mel frame)
//           x = block1(x); x += out(attention(q(x), k(x), v(x))), all kernel 1; x = block2(x)
//   up i    x = raise(x): kernel 1, C_i+1 -> s_i * C_i; channel r * C_i + c is row r's channel c
//           x += skip(what down i remembered) + mel(mel) (bands -> C_i, each frame's rows alike)
//           x = block(x)
//   out     the noise = unet.out (C0 -> 1, kernel 3) of act(x)
//   block   x + conv2(act(conv1(act(x)) + time(e)))
//   e       silu(time1(silu(time0(sin, cos)))) of the step's sinusoids: 64 frequencies from 1 down
//           to 1e-4, of the training step scaled to [0, 1000]
//
// Tensors, each "<name>.weight" and "<name>.bias": unet.in [C0, 1, 3]; unet.time.0 [T, 128];
// unet.time.1 [T, T]; unet.down.<i>.block.conv1, .conv2 [C_i, C_i, 3], .time [C_i, T];
// unet.down.<i>.pool [C_i+1, C_i, s_i]; unet.mel [C_L, bands, 1]; unet.mid.block1, .block2 as
// above; unet.mid.attention.q, .k, .v, .out [C_L, C_L, 1]; unet.up.<i>.raise [s_i * C_i, C_i+1, 1],
// .skip [C_i, C_i, 1], .mel [C_i, bands, 1], .block; unet.out [1, C0, 3]. The attention has a head
// for every 32 channels of C_L, at least one. The hop is the product of all s_i.
namespace syrinx::vocoder {

struct UnetConfig {
  std::size_t mel_bands = 80;
  std::size_t time_channels = 256;
  std::vector<std::size_t> channels{32, 64, 128, 256};  // C_0 to C_L.
  std::vector<std::size_t> strides{4, 8, 8};            // s_0 to s_L-1.

  std::size_t hop_samples() const noexcept;
  std::size_t heads() const noexcept;
};

struct UnetDense {
  std::vector<float> weights;  // [out][in]
  std::vector<float> bias;
  std::vector<double> apply(std::span<const double> in) const;
};

struct UnetBlock {
  nn::PackedConv conv1, conv2;
  std::vector<float> bias1;  // Of conv1, to which the step adds.
  UnetDense time;
};

struct UnetLevel {
  UnetBlock down_block, up_block;
  nn::PackedConv pool, raise, skip, mel;
};

// The weights, packed for one table of kernels. Immutable.
class UnetNetwork {
 public:
  // Errors: kUnsupported or kLimitExceeded for a config that cannot be built; those of the source.
  static Result<UnetNetwork> build(const UnetConfig& config, const WeightSource& source,
                                   const nn::RowKernels& kernels, nn::Precision precision);

  const UnetConfig& config() const noexcept { return config_; }
  const nn::RowKernels& kernels() const noexcept { return *kernels_; }
  nn::RowFormat format() const noexcept { return format_; }
  std::size_t parameters() const noexcept { return parameters_; }
  std::size_t memory_bytes() const noexcept;
  // What run() holds at its most for so many frames.
  std::size_t run_bytes(std::size_t frames) const noexcept;

  // Writes the noise in `x` to `noise`. `mel` is [frames][mel_bands]; `step` in [0, 1], the last
  // training step's being 1. Pre: x.size() == noise.size() == frames * hop_samples().
  void run(std::span<const float> x, std::span<const float> mel, double step, ThreadPool* pool,
           std::span<float> noise) const;

 private:
  UnetNetwork() = default;
  std::vector<double> embed(double step) const;
  UnetRows block(const UnetRun& run, const UnetBlock& block, const UnetRows& x,
                 std::span<const double> embedded) const;
  UnetRows middle(const UnetRun& run, UnetRows x, const UnetRows& mel,
                  std::span<const double> embedded) const;

  UnetConfig config_;
  const nn::RowKernels* kernels_ = nullptr;
  nn::RowFormat format_ = nn::RowFormat::kFloat;
  std::size_t parameters_ = 0;
  nn::PackedConv in_, mel_, query_, key_, value_, out_of_attention_, out_;
  UnetDense time0_, time1_;
  std::vector<UnetLevel> levels_;
  UnetBlock block1_, block2_;
};

}  // namespace syrinx::vocoder
