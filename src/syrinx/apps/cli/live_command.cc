// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <utility>

#include "syrinx/apps/cli/command.h"
#include "syrinx/apps/cli/convert_report.h"
#include "syrinx/apps/cli/live_ends.h"
#include "syrinx/apps/cli/live_like.h"
#include "syrinx/apps/cli/live_report.h"
#include "syrinx/apps/cli/live_request.h"
#include "syrinx/apps/cli/live_session.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/io/audio_device.h"
#include "syrinx/engines/conversion/conversion_stream.h"
#include "syrinx/engines/conversion/live/latency_probe.h"
#include "syrinx/stages/voice/voice_targets.h"

namespace syrinx::cli {
namespace {

using nlohmann::json;

constexpr const char* kFooter =
    "Examples:\n"
    "  syrinx live --to female                      microphone to loudspeaker: use headphones\n"
    "  syrinx live --pitch 4 --formant 1.15 --denoise statistical --gate -50\n"
    "  syrinx live --to male --virtual-microphone   other programs choose Syrinx_Microphone\n"
    "  syrinx live --like anna.wav                  like whom anna.wav holds, once yours is known\n"
    "  syrinx live --morph anna.wav:0.7,me.wav:0.3  between two voices\n"
    "  syrinx live --like anna.wav --source me.wav --mode low    at once, in 20 ms\n"
    "  syrinx live --list-devices                   what --input-device and the others take\n"
    "  syrinx live --latency-test                   the whole delay, the output led into the "
    "input\n"
    "  syrinx live --input in.wav --output out.wav --to child      a file for each device\n"
    "\n"
    "Keys: b bypass, m monitor, + and - pitch, q quit. When the processor cannot keep up, the\n"
    "conversion steps down (high, balanced, low, passing through) and says so.\n"
    "Without a sound card: the devices null-realtime, and loopback as both.\n"
    "docs/live.md has virtual microphones for Discord, Zoom and OBS.";

constexpr std::size_t kProbeBursts = 5;
constexpr double kDefaultRateHz = 48'000;

// The sound that comes from a file, and its format.
struct LiveSource {
  std::unique_ptr<AudioSource> file;  // Null for a device.
  int sample_rate_hz = static_cast<int>(kDefaultRateHz);
  std::size_t channels = 1;
};

Result<std::unique_ptr<AudioSource>> open_file(const std::string& path) {
  SYRINX_ASSIGN(auto reader, io::AudioReader::open(path));
  return std::unique_ptr<AudioSource>(std::make_unique<io::AudioReader>(std::move(reader)));
}

Result<LiveSource> open_source(const LiveRequest& request) {
  LiveSource source;
  if (request.sample_rate_hz > 0) source.sample_rate_hz = request.sample_rate_hz;
  if (request.channels > 0) source.channels = request.channels;
  if (request.input_file.empty()) return source;
  SYRINX_ASSIGN(source.file, open_file(request.input_file));
  source.channels = source.file->channels();
  if (request.channels > 0 && request.channels != source.channels)
    return make_error(ErrorCode::kInvalidArgument, request.input_file, " has ", source.channels,
                      " channels, not ", request.channels, "; leave --channels out");
  if (request.sample_rate_hz == 0) source.sample_rate_hz = source.file->sample_rate_hz();
  if (request.sample_rate_hz == 0 && request.like.given())
    source.sample_rate_hz = std::max(source.sample_rate_hz, voice::kLeastLikeRateHz);
  if (source.sample_rate_hz == source.file->sample_rate_hz()) return source;
  SYRINX_ASSIGN(source.file,
                dsp::ResamplingSource::create(std::move(source.file), source.sample_rate_hz));
  return source;
}

// What is known of the voice before it is heard.
struct Known {
  conversion::LiveTarget target;  // Still to be found; empty when `settings` say all.
  voice::VoiceSettings settings;
  double source_f0_hz = 0.0;
  std::shared_ptr<conversion::LiveLikeness> likeness;  // Null without --like.
};

// A file is listened to beforehand; from a microphone the voice passes unchanged until its F0 is
// known.
Result<Known> know_voice(const LiveRequest& request, int sample_rate_hz, Context& context) {
  Known known;
  SYRINX_ASSIGN(known.target, target_of(request));
  known.settings = known.target.settings;
  SYRINX_ASSIGN(known.likeness, live_likeness(request, sample_rate_hz, context.stop));
  if (known.likeness) known.source_f0_hz = known.likeness->source_f0_hz();
  if (known.target.empty()) return known;
  known.source_f0_hz = request.source_f0_hz;
  if (known.source_f0_hz == 0.0 && !request.input_file.empty()) {
    SYRINX_ASSIGN(const auto file, open_file(request.input_file));
    SYRINX_ASSIGN(const auto f0, conversion::summarise_f0(*file, context.stop));
    known.source_f0_hz = f0.median_hz;
    if (known.source_f0_hz == 0.0)
      return make_error(ErrorCode::kInvalidArgument, "no voice was found in ", request.input_file,
                        ", so that its pitch is not known; give --source-f0, or --pitch and "
                        "--formant instead of a target");
  }
  if (known.source_f0_hz == 0.0) return known;
  SYRINX_ASSIGN(known.settings, conversion::settings_for(known.target, known.source_f0_hz));
  known.target = {};
  return known;
}

// The whole file through the chain at once; the chain's delay is taken off.
Result<void> convert_file(const LiveRequest& request, conversion::LiveOptions options,
                          LiveSource source, const Known& known, Context& context) {
  constexpr std::size_t kBlock = 1'024;
  options.chain.max_block_frames = kBlock;
  options.chain.voice = known.settings;
  SYRINX_ASSIGN(const auto chain, conversion::LiveChain::create(options.chain));
  chain->set_bypass(request.bypass);
  SYRINX_ASSIGN(const auto writer,
                open_live_writer(request.output_file, source.sample_rate_hz, source.channels));
  const auto begin = std::chrono::steady_clock::now();
  std::size_t skip = chain->latency_samples();
  std::uint64_t frames = 0;
  const auto send = [&](AudioBuffer& sound) -> Result<void> {
    for (std::size_t at = 0; at < sound.frames(); at += kBlock)
      chain->process(sound.view().slice(at, std::min(kBlock, sound.frames() - at)));
    const std::size_t drop = std::min(skip, sound.frames());
    skip -= drop;
    return writer->write(sound.view().slice(drop, sound.frames() - drop));
  };
  AudioBuffer block;
  while (true) {
    SYRINX_ASSIGN(const bool more, source.file->next(block, context.stop));
    if (!more) break;
    frames += block.frames();
    SYRINX_TRY(send(block));
  }
  AudioBuffer tail(source.channels, chain->latency_samples(), source.sample_rate_hz);
  if (frames > 0 && !tail.empty()) SYRINX_TRY(send(tail));
  SYRINX_TRY(writer->finish());
  const double took_s =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  const double sound_s = static_cast<double>(frames) / source.sample_rate_hz;
  const double latency_ms =
      1e3 * static_cast<double>(chain->latency_samples()) / source.sample_rate_hz;
  if (context.json) {
    json report = {{"output", request.output_file},
                   {"sample_rate_hz", source.sample_rate_hz},
                   {"channels", source.channels},
                   {"frames", frames},
                   {"source_f0_hz", known.source_f0_hz},
                   {"voice", settings_json(known.settings)},
                   {"latency", {{"algorithm_ms", latency_ms}}},
                   {"rtf", sound_s > 0.0 ? took_s / sound_s : 0.0},
                   {"bad_samples", chain->bad_samples()}};
    if (known.likeness) report["like"] = to_json(*known.likeness, request);
    print_json(report);
  } else if (!context.quiet) {
    std::printf("%s: %.1f s in %.2f s; live, the voice's own delay would be %.1f ms\n",
                request.output_file.c_str(), sound_s, took_s, latency_ms);
  }
  return {};
}

void print_latency(const conversion::LatencyMeasure& measure,
                   const conversion::LiveSnapshot& shot) {
  std::printf(
      "delay %.1f ms (%.1f to %.1f ms, %zu of %zu bursts came back)\n"
      "of it %.1f ms are the voice's own, the rest queues and devices\n",
      measure.median_ms, measure.least_ms, measure.most_ms, measure.found, measure.sent,
      shot.algorithm_ms);
}

Result<void> run_live_session(const LiveRequest& request, conversion::LiveOptions options,
                              LiveSource source, const Known& known, Context& context) {
  options.chain.voice = known.target.empty() ? known.settings : voice::VoiceSettings{};
  SYRINX_ASSIGN(const auto live, conversion::LiveConversion::create(options));
  std::optional<conversion::LatencyProbe> probe;
  if (request.latency_test) {
    SYRINX_ASSIGN(auto made, conversion::LatencyProbe::create(source.sample_rate_hz,
                                                              source.channels, kProbeBursts));
    probe.emplace(std::move(made));
  }
  auto* const listening = probe ? &*probe : nullptr;
  SYRINX_ASSIGN(const auto ends,
                LiveEnds::open(request, *live, source.sample_rate_hz, source.channels,
                               std::move(source.file), listening));
  LiveSession session(request, context, *live, source.sample_rate_hz, known.target,
                      options.chain.voice, known.likeness.get());
  SYRINX_TRY(session.run(*ends, listening));
  const auto shot = live->snapshot();
  json report = to_json(shot);
  report["sample_rate_hz"] = source.sample_rate_hz;
  report["channels"] = source.channels;
  report["block_frames"] = live->block_frames();
  report["priority"] = live->has_priority();
  report["ends"] = ends->describe();
  report["steps"] = to_json(session.steps());
  report["voice"] = settings_json(session.voice());
  report["source_f0_hz"] = known.source_f0_hz > 0.0 ? known.source_f0_hz : session.source_f0_hz();
  if (known.likeness) report["like"] = to_json(*known.likeness, request);
  if (probe && probe->finished()) {
    SYRINX_ASSIGN(const auto measure, probe->measure());
    report["latency"]["measured_ms"] = measure.median_ms;
    report["latency"]["measured_least_ms"] = measure.least_ms;
    report["latency"]["measured_most_ms"] = measure.most_ms;
    report["latency"]["bursts_found"] = measure.found;
    if (!context.json) print_latency(measure, shot);
  }
  if (context.json) {
    print_json(report);
  } else if (!context.quiet) {
    std::printf("%s\n", summary(shot, source.sample_rate_hz).c_str());
  }
  return {};
}

Result<void> list_devices(Context& context) {
  SYRINX_ASSIGN(const auto devices, io::list_audio_devices());
  json list = json::array();
  for (const auto& device : devices) {
    list.push_back({{"name", device.name},
                    {"host_api", device.host_api},
                    {"input_channels", device.input_channels},
                    {"output_channels", device.output_channels},
                    {"sample_rate_hz", device.default_sample_rate_hz},
                    {"default_input", device.is_default_input},
                    {"default_output", device.is_default_output}});
    if (context.json) continue;
    std::printf("%s  (%s, %zu in, %zu out, %d Hz)%s%s\n", device.name.c_str(),
                device.host_api.c_str(), device.input_channels, device.output_channels,
                device.default_sample_rate_hz, device.is_default_input ? ", default input" : "",
                device.is_default_output ? ", default output" : "");
  }
  if (context.json) print_json({{"devices", list}});
  if (devices.empty() && !context.json)
    std::printf("no sound devices; null-realtime and loopback work without\n");
  return {};
}

Result<void> run_live(const LiveRequest& given, Context& context) {
  if (given.list_devices) return list_devices(context);
  LiveRequest request = given;
  SYRINX_TRY(check(request));
  SYRINX_ASSIGN(auto source, open_source(request));
  SYRINX_ASSIGN(auto options, live_options(request, source.sample_rate_hz, source.channels));
  if (!request.output_file.empty()) {
    SYRINX_ASSIGN(const auto writing,
                  live_write_options(request.output_file, source.sample_rate_hz, source.channels));
    tell_fitted_rate(context, request.output_file, writing);
  }
  SYRINX_ASSIGN(const auto known, know_voice(request, source.sample_rate_hz, context));
  if (known.likeness) {
    options.chain.transforms = known.likeness->transforms();
    options.chain.listener = known.likeness->listener();
  }
  if (request.at_once()) return convert_file(request, options, std::move(source), known, context);
  return run_live_session(request, options, std::move(source), known, context);
}

void add_voice_options(CLI::App& command, LiveRequest& request) {
  command.add_option("--to", request.to, "female, male, child or senior")->type_name("TARGET");
  command.add_option("--age", request.age, "Instead: an age to sound like, 4 to 95 years")
      ->type_name("YEARS");
  command
      .add_option("--source-f0", request.source_f0_hz,
                  "The voice's own median pitch, for targets [found by listening]")
      ->type_name("HZ")
      ->check(CLI::Range(30.0, 1'000.0));
  command.add_option("--pitch", request.pitch_semitones, "Higher or lower, on top of a target")
      ->type_name("SEMITONES")
      ->check(CLI::Range(-24.0, 24.0));
  command.add_option("--formant", request.settings.formant_ratio,
                     "Formants times this: above 1 is a smaller speaker, 0.5 to 2");
  command.add_option("--intonation", request.settings.intonation, "Melody times this, 0 to 3");
  command.add_option("--tilt", request.settings.tilt_db_per_octave,
                     "Brighter or darker, dB/octave");
  command.add_option("--breath,--breathiness", request.settings.breathiness, "0 to 1");
  command.add_option("--rough,--roughness", request.settings.roughness, "0 to 1");
  command.add_option("--aspiration", request.settings.aspiration,
                     "Noise between a raised voice's harmonics, 0 to 1 [0.35]");
  command.add_option("--whisper", request.settings.whisper, "0 to 1");
  command.add_option("--tremor", request.settings.tremor_semitones, "Semitones, 0 to 3");
}

void add_sound_options(CLI::App& command, LiveRequest& request) {
  command.add_option("--mode", request.mode, "low (< 25 ms), balanced (< 50 ms), high (< 100 ms)")
      ->capture_default_str();
  command.add_option("--denoise", request.denoise, "off, statistical, gtcrn or dtln")
      ->capture_default_str();
  command.add_option("--models", request.models, "Where the denoisers' models lie [the user's]")
      ->type_name("FOLDER");
  command.add_option("--gate", request.gate_db, "Silence below this level")->type_name("DB");
  command.add_option("--input-gain", request.input_gain_db, "-60 to 40 dB")->type_name("DB");
  command.add_option("--output-gain", request.output_gain_db, "-60 to 40 dB")->type_name("DB");
  command.add_flag("--bypass", request.bypass, "Begin with the voice as it is (key b)");
  command.add_option("--rate", request.sample_rate_hz, "Sample rate [48000, or the file's]")
      ->type_name("HZ");
  command.add_option("--channels", request.channels, "[1, or the file's]")
      ->check(CLI::Range(std::size_t{1}, std::size_t{2}));
  command.add_option("--block", request.block_ms, "Worked on at once, in ms [by mode]")
      ->type_name("MS");
  command
      .add_option("--safety", request.safety_ms, "Ready in advance against gaps, in ms [by mode]")
      ->type_name("MS");
  command.add_flag("!--no-step-down", request.step_down, "Keep the mode, whatever the load");
}

void add_end_options(CLI::App& command, LiveRequest& request) {
  command.add_option("--input-device", request.input_device, "Where to listen [the default]")
      ->type_name("DEVICE");
  command.add_option("--output-device", request.output_device, "Where to play [the default]")
      ->type_name("DEVICE");
  command.add_option("--input", request.input_file, "A sound instead of the microphone")
      ->type_name("FILE");
  command.add_option("-o,--output", request.output_file, "A sound instead of the loudspeaker")
      ->type_name("FILE");
  command.add_flag("--real-time", request.real_time,
                   "File to file at the pace of the sound, as a device would");
  command
      .add_option("--monitor", request.monitor_device,
                  "Hear the voice here too (key m) [the default device]")
      ->type_name("DEVICE")
      ->expected(0, 1);
  command.add_flag("--virtual-microphone", request.virtual_microphone,
                   "Play into a microphone that other programs can choose (PulseAudio, PipeWire)");
  command.add_flag("--list-devices", request.list_devices, "Say what there is, and end");
  command.add_flag("--latency-test", request.latency_test,
                   "Measure the delay through a closed loop, in 5 s, and end");
  command.add_option("--duration", request.duration_s, "End after so long [when stopped]")
      ->type_name("S");
}

}  // namespace

void add_live_command(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("live", "Your voice as another's, while you speak");
  auto request = std::make_shared<LiveRequest>();
  add_voice_options(*command, *request);
  add_live_like_options(*command, *request);
  add_sound_options(*command, *request);
  add_end_options(*command, *request);
  command->add_flag("-q,--quiet", context.quiet, "No meters, no summary, errors only");
  add_json_option(*command, context, "{level, load, latency, glitches, steps, ends, voice, like}");
  command->footer(kFooter);
  command->callback([request, &context, command] {
    run(context, [&]() -> Result<void> {
      SYRINX_TRY(check_live_like(*command, *request));
      take_references(request->like, nullptr);
      return run_live(*request, context);
    });
  });
}

}  // namespace syrinx::cli
