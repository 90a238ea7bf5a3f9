// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/media_enhance.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <optional>
#include <vector>

#include "syrinx/apps/cli/media_enhance_steps.h"
#include "syrinx/apps/cli/progress.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/enhance/echo/echo_canceller.h"

namespace syrinx::cli {
namespace {

using enhance::EchoCanceller;
using enhance::EchoStatistics;
using enhance::TalkState;
using nlohmann::json;

constexpr const char* kFooter =
    "Examples:\n"
    "  syrinx media enhance mic.wav --far speaker.wav -o clean.wav\n"
    "  syrinx media enhance mic.wav --far speaker.wav --denoise statistical --gain -o clean.wav\n"
    "  syrinx media enhance mic.wav --gain --target-lufs -20 --balance 9 -o level.wav --json\n"
    "  syrinx media enhance mic.wav --far speaker.wav -o clean.wav --near alone.wav --json\n"
    "\n"
    "Echo goes first, then noise, then the level is brought to the target; at least one of the "
    "three\n"
    "is asked for. The two recordings begin at the same moment; the echo may lag by as much as\n"
    "--max-delay. What comes out is as long as the microphone's sound and in time with it, in its "
    "rate\n"
    "and channels (each against the far end's channels mixed). Formats and rates may differ.";

struct EnhanceRequest {
  std::string microphone;
  std::string far;
  std::string near;
  std::string output;
  std::string encoding;
  std::string denoise = "off";
  bool level = false;
  enhance::GainOptions gain;
  bool linear = false;
  bool no_comfort_noise = false;
  bool no_drift = false;
  int tail_ms = enhance::EchoOptions{}.tail_ms;
  int max_delay_ms = enhance::EchoOptions{}.max_delay_ms;
};

// How much of the near end is left, from a recording of it alone.
struct Preservation {
  double level_change_db = 0.0;
  double correlation = 0.0;
};

struct Enhanced {
  AudioBuffer audio;
  EchoStatistics statistics;  // Of the first channel, as is the next.
  double erle_db = 0.0;       // Over all blocks in which the far end alone was heard.
  std::optional<Preservation> near_end;
  std::optional<Levelled> levelled;
  double seconds = 0.0;
};

double square_sum(std::span<const float> x) {
  double sum = 0.0;
  for (const float sample : x) sum += double{sample} * double{sample};
  return sum;
}

double ratio_db(double above, double below) {
  return above > 0.0 && below > 0.0 ? 10.0 * std::log10(above / below) : 0.0;
}

// The gain's speech detector takes rates by hundreds alone.
int working_rate(int rate_hz, const EnhanceRequest& request) {
  const int rate = std::clamp(rate_hz, enhance::kLeastEchoRateHz, enhance::kMostEchoRateHz);
  return request.level && rate % 100 != 0 ? enhance::kMostEchoRateHz : rate;
}

// All channels as one, at this rate and this long: silence follows what ends early.
Result<std::vector<float>> read_mixed(const std::string& path, int rate_hz, std::size_t frames) {
  SYRINX_ASSIGN(const AudioBuffer read, io::read_audio(path));
  std::vector<float> mixed(read.frames());
  for (std::size_t c = 0; c < read.channels(); ++c)
    for (std::size_t i = 0; i < mixed.size(); ++i)
      mixed[i] += read.channel(c)[i] / static_cast<float>(read.channels());
  SYRINX_ASSIGN(const AudioBuffer at_rate,
                dsp::resample(AudioView(mixed, read.sample_rate_hz()), rate_hz));
  const auto samples = at_rate.channel(0);
  std::vector<float> result(samples.begin(), samples.end());
  result.resize(frames);
  return result;
}

// What the program looks at from block to block, to sum up over the whole at the end.
class Run {
 public:
  Run(EchoCanceller canceller, const EnhanceRequest& request, Context& context)
      : canceller_(std::move(canceller)),
        progress_(!context.quiet && !context.json),
        name_(request.microphone),
        stop_(context.stop) {}

  // `out` in time with `near`. Errors: kCancelled.
  Result<void> send(std::span<const float> near, std::span<const float> far, std::span<float> out) {
    const std::size_t block = canceller_.block_samples();
    const std::size_t late = canceller_.latency_samples();
    std::vector<float> near_block(block);
    std::vector<float> far_block(block);
    for (std::size_t at = 0; at < near.size() + late; at += block) {
      if (stop_.stop_requested()) return make_error(ErrorCode::kCancelled, "stopped");
      take(near, at, near_block);
      take(far, at, far_block);
      canceller_.process(near_block, far_block, near_block);
      states_.push_back(canceller_.statistics().state);
      for (std::size_t i = 0; i < block; ++i)
        if (at + i >= late && at + i - late < out.size()) out[at + i - late] = near_block[i];
      progress_.show(static_cast<double>(at) / static_cast<double>(near.size() + late), name_);
    }
    return {};
  }

  // The echo's return loss enhancement over all blocks of the far end alone.
  double erle_db(std::span<const float> near, std::span<const float> out) const {
    const std::size_t block = canceller_.block_samples();
    double before = 0.0;
    double after = 0.0;
    // The state is that of the block before the one that was just taken.
    for (std::size_t b = 0; b + 1 < states_.size() && (b + 1) * block <= near.size(); ++b) {
      if (states_[b + 1] != TalkState::kFarEnd) continue;
      before += square_sum(near.subspan(b * block, block));
      after += square_sum(out.subspan(b * block, block));
    }
    return ratio_db(before, after);
  }

  EchoStatistics statistics() const { return canceller_.statistics(); }

 private:
  static void take(std::span<const float> from, std::size_t at, std::vector<float>& block) {
    for (std::size_t i = 0; i < block.size(); ++i)
      block[i] = at + i < from.size() ? from[at + i] : 0.0F;
  }

  EchoCanceller canceller_;
  Progress progress_;
  std::string name_;
  std::stop_token stop_;
  std::vector<TalkState> states_;
};

Preservation compare(std::span<const float> near, std::span<const float> out) {
  double product = 0.0;
  for (std::size_t i = 0; i < near.size(); ++i) product += double{near[i]} * double{out[i]};
  const double before = square_sum(near);
  const double after = square_sum(out);
  return {ratio_db(after, before),
          before > 0.0 && after > 0.0 ? product / std::sqrt(before * after) : 0.0};
}

enhance::EchoOptions options_of(const EnhanceRequest& request) {
  enhance::EchoOptions options;
  options.tail_ms = request.tail_ms;
  options.max_delay_ms = request.max_delay_ms;
  options.track_drift = !request.no_drift;
  options.suppress = !request.linear;
  options.comfort_noise = !request.no_comfort_noise;
  return options;
}

// Each channel against the far end.
Result<AudioBuffer> without_echo(const AudioBuffer& microphone, const EnhanceRequest& request,
                                 Context& context, Enhanced& enhanced) {
  const int rate_hz = microphone.sample_rate_hz();
  SYRINX_ASSIGN(const auto far, read_mixed(request.far, rate_hz, microphone.frames()));
  AudioBuffer out(microphone.channels(), microphone.frames(), rate_hz);
  for (std::size_t c = 0; c < microphone.channels(); ++c) {
    SYRINX_ASSIGN(auto canceller, EchoCanceller::create(rate_hz, options_of(request)));
    Run run(std::move(canceller), request, context);
    SYRINX_TRY(run.send(microphone.channel(c), far, out.channel(c)));
    if (c > 0) continue;
    enhanced.statistics = run.statistics();
    enhanced.erle_db = run.erle_db(microphone.channel(0), out.channel(0));
  }
  return out;
}

Result<void> check_request(const EnhanceRequest& request) {
  SYRINX_ASSIGN(const auto kind, enhance::parse_denoise_kind(request.denoise));
  if (!request.far.empty() || kind != enhance::DenoiseKind::kOff || request.level) return {};
  return make_error(ErrorCode::kInvalidArgument,
                    "nothing to do: give --far FILE (echo), --denoise KIND (noise) or --gain");
}

Result<Enhanced> enhance_file(const EnhanceRequest& request, Context& context) {
  const auto begin = std::chrono::steady_clock::now();
  SYRINX_TRY(check_request(request));
  SYRINX_ASSIGN(const auto kind, enhance::parse_denoise_kind(request.denoise));
  SYRINX_ASSIGN(const AudioBuffer read, io::read_audio(request.microphone));
  if (read.empty())
    return make_error(ErrorCode::kInvalidArgument, request.microphone, " holds no sound");
  const int rate_hz = working_rate(read.sample_rate_hz(), request);
  SYRINX_ASSIGN(AudioBuffer sound, dsp::resample(read, rate_hz));
  Enhanced enhanced;
  if (!request.far.empty()) {
    SYRINX_ASSIGN(sound, without_echo(sound, request, context, enhanced));
  }
  SYRINX_TRY(suppress_noise(kind, sound));
  if (!request.near.empty()) {
    SYRINX_ASSIGN(const auto near, read_mixed(request.near, rate_hz, sound.frames()));
    enhanced.near_end = compare(near, sound.channel(0));
  }
  if (request.level) {
    SYRINX_ASSIGN(enhanced.levelled, level_speech(request.gain, sound));
  }
  SYRINX_ASSIGN(enhanced.audio, dsp::resample(sound, read.sample_rate_hz()));
  enhanced.audio.resize(read.frames());
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  enhanced.seconds = took.count();
  return enhanced;
}

Result<void> write(const AudioBuffer& audio, const EnhanceRequest& request) {
  io::AudioWriteOptions options;
  SYRINX_ASSIGN(options.format, io::audio_format_for(request.output));
  if (!request.encoding.empty()) {
    SYRINX_ASSIGN(options.encoding, io::parse_sample_encoding(request.encoding));
  }
  return io::write_audio(request.output, audio, options);
}

double share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

json echo_json(const Enhanced& enhanced) {
  const EchoStatistics& s = enhanced.statistics;
  return {{"erle_db", enhanced.erle_db},
          {"last_erle_db", s.erle_db},
          {"last_linear_erle_db", s.linear_erle_db},
          {"delay_ms", s.delay_found ? json(s.delay_ms) : json(nullptr)},
          {"drift_ppm", s.drift_ppm},
          {"far_end_share", share(s.far_blocks, s.blocks)},
          {"double_talk_share", share(s.double_talk_blocks, s.blocks)},
          {"path_changes", s.path_changes},
          {"delay_changes", s.delay_changes}};
}

json to_json(const Enhanced& enhanced, const EnhanceRequest& request) {
  json document = {{"input", request.microphone},
                   {"output", request.output},
                   {"duration_s", enhanced.audio.duration_s()},
                   {"seconds", enhanced.seconds},
                   {"bad_samples", enhanced.statistics.bad_samples},
                   {"denoise", request.denoise}};
  if (!request.far.empty()) {
    document["far"] = request.far;
    document["echo"] = echo_json(enhanced);
  }
  if (enhanced.near_end)
    document["near_end"] = {{"level_change_db", enhanced.near_end->level_change_db},
                            {"correlation", enhanced.near_end->correlation}};
  if (enhanced.levelled) document["gain"] = to_json(*enhanced.levelled, request.gain);
  return document;
}

void print_echo(const Enhanced& enhanced) {
  const EchoStatistics& s = enhanced.statistics;
  std::printf("  echo       %.1f dB less (far end alone, on the whole)\n", enhanced.erle_db);
  if (s.delay_found)
    std::printf("  delay      %.1f ms\n", s.delay_ms);
  else
    std::printf("  delay      not found: no echo stood out\n");
  if (s.drift_ppm != 0.0) std::printf("  clocks     %+.0f ppm apart\n", s.drift_ppm);
  std::printf("  both talk  %.0f %% of the time\n", 100.0 * share(s.double_talk_blocks, s.blocks));
}

void print(const Enhanced& enhanced, const EnhanceRequest& request) {
  std::printf("%s: %.1f s\n", request.output.c_str(), enhanced.audio.duration_s());
  if (!request.far.empty()) print_echo(enhanced);
  if (request.denoise != "off") std::printf("  noise      by %s\n", request.denoise.c_str());
  if (enhanced.near_end)
    std::printf("  near end   %+.1f dB, correlation %.3f\n", enhanced.near_end->level_change_db,
                enhanced.near_end->correlation);
  if (enhanced.levelled) print(*enhanced.levelled);
}

Result<void> run_enhance(const EnhanceRequest& request, Context& context) {
  SYRINX_ASSIGN(const Enhanced enhanced, enhance_file(request, context));
  SYRINX_TRY(write(enhanced.audio, request));
  if (context.json) {
    print_json(to_json(enhanced, request));
  } else if (!context.quiet) {
    print(enhanced, request);
  }
  return {};
}

}  // namespace

namespace {

void add_echo_options(CLI::App& part, EnhanceRequest& request) {
  part.add_option("--far", request.far, "What the loudspeaker was given at the same time")
      ->type_name("FILE");
  part.add_option("--near", request.near,
                  "The near end alone, where it is known: says how much of it is left")
      ->type_name("FILE");
  part.add_flag("--linear", request.linear, "The adaptive filter alone, without suppression");
  part.add_flag("--no-comfort-noise", request.no_comfort_noise,
                "Silence where echo and background were");
  part.add_flag("--no-drift", request.no_drift, "The two clocks are known to be one");
  part.add_option("--tail", request.tail_ms, "Of the room that is cancelled, ms")
      ->check(CLI::Range(16, 500))
      ->capture_default_str();
  part.add_option("--max-delay", request.max_delay_ms, "The longest delay to look for, ms")
      ->check(CLI::Range(0, 740))
      ->capture_default_str();
}

void add_gain_options(CLI::App& part, EnhanceRequest& request) {
  CLI::Option* gain = part.add_flag("--gain", request.level,
                                    "Bring speech to one loudness; pauses stay as they are");
  part.add_option("--target-lufs", request.gain.target_lufs, "The loudness of speech (BS.1770)")
      ->check(CLI::Range(-60.0, -5.0))
      ->needs(gain)
      ->capture_default_str();
  part.add_option("--max-gain-db", request.gain.max_gain_db, "The most it is raised by")
      ->check(CLI::Range(0.0, 60.0))
      ->needs(gain)
      ->capture_default_str();
  part.add_option("--max-noise-lufs", request.gain.most_noise_lufs,
                  "What the background is never raised above")
      ->check(CLI::Range(-90.0, 0.0))
      ->needs(gain)
      ->capture_default_str();
  part.add_option("--balance", request.gain.most_balance_db,
                  "Correct dull or booming speech by up to this, dB: three bands")
      ->check(CLI::Range(0.0, 20.0))
      ->needs(gain)
      ->capture_default_str();
}

}  // namespace

void add_media_enhance(CLI::App& media, Context& context) {
  auto request = std::make_shared<EnhanceRequest>();
  CLI::App* part = media.add_subcommand(
      "enhance", "A microphone's sound without echo and noise, at an even level");
  add_json_option(*part, context, "{\"echo\": {...}, \"near_end\": {...}, \"gain\": {...}, ...}");
  part->add_flag("-q,--quiet", context.quiet, "Print errors only");
  part->callback(
      [request, &context] { run(context, [&] { return run_enhance(*request, context); }); });
  part->add_option("microphone", request->microphone, "What the microphone heard")
      ->required()
      ->type_name("FILE");
  part->add_option("-o,--output", request->output, "The sound that comes of it")
      ->required()
      ->type_name("FILE");
  add_echo_options(*part, *request);
  part->add_option("--denoise", request->denoise, "off, statistical, gtcrn or dtln")
      ->type_name("KIND")
      ->capture_default_str();
  add_gain_options(*part, *request);
  part->add_option("--encoding", request->encoding, "int16 int24 int32 float32 [the format's]");
  part->footer(kFooter);
}

}  // namespace syrinx::cli
