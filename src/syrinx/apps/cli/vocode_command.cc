// SPDX-License-Identifier: Apache-2.0
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <mutex>
#include <optional>
#include <set>

#include "syrinx/apps/cli/command.h"
#include "syrinx/apps/cli/progress.h"
#include "syrinx/apps/cli/sound_files.h"
#include "syrinx/apps/cli/vocode_job.h"
#include "syrinx/core/base/limits.h"
#include "syrinx/core/dsp/mel_analysis.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/core/io/npy/npy_file.h"
#include "syrinx/engines/vocoding/load_vocoder.h"
#include "syrinx/engines/vocoding/memory_plan.h"
#include "syrinx/engines/vocoding/vocode.h"
#include "syrinx/stages/measure/reference/spectral_distance.h"

namespace syrinx::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* kFooter =
    "Examples:\n"
    "  syrinx vocode mel.npy -m generator.pt -o out.wav     a mel becomes sound\n"
    "  syrinx vocode speech.flac -m generator.pt -o copy.wav\n"
    "                                   copy synthesis: analysed, made again, and compared\n"
    "  syrinx vocode speech.flac -m griffin-lim -o copy.wav   without weights, as a baseline\n"
    "  syrinx vocode *.npy -m generator.pt -o wavs/         many, in parallel\n"
    "  syrinx vocode mel.npy -m generator.pt -o out.npy     float32 samples as they are\n"
    "  make-mel | syrinx vocode - -m generator.pt -o - --stream 8 | ffplay -\n"
    "\n"
    "A mel is [bands, frames], [frames, bands] or a batch of either, in .npy, .npz, .safetensors "
    "or\n"
    ".pt. The model is told by its tensors; config.json beside it says how it was trained. A mel\n"
    "that was made for another model is refused, and the option that converts it named.";

// What came of one utterance.
struct Made {
  std::string name;
  std::string file;
  double duration_s = 0;
  double seconds = 0;
  double first_sound_s = 0;
  std::size_t bad_frames = 0;
  std::optional<double> mel_distance_db;
  std::optional<double> log_spectral_distance_db;
  std::optional<double> mel_cepstral_distortion_db;
};

double now_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

bool is_folder(const std::string& output) {
  return !output.empty() && (output.back() == '/' || fs::is_directory(output));
}

// A name for each output. One output may be a file; several need a folder.
Result<void> name_outputs(std::vector<Utterance>& utterances, const std::string& output) {
  if (!is_folder(output)) {
    if (utterances.size() > 1)
      return make_error(ErrorCode::kInvalidArgument, "there are ", utterances.size(),
                        " utterances to make: give a folder, as -o out/");
    utterances[0].file = output;
    return {};
  }
  std::error_code failed;
  fs::create_directories(output, failed);
  if (failed)
    return make_error(ErrorCode::kIo, "cannot make the folder ", output, ": ", failed.message());
  std::set<std::string> taken;
  for (Utterance& one : utterances) {
    const std::string stem = fs::path(one.name.substr(0, one.name.rfind(" ("))).stem().string();
    std::string name = stem;
    for (int i = 2; !taken.insert(name).second; ++i) name = stem + "-" + std::to_string(i);
    one.file = (fs::path(output) / (name + ".wav")).string();
  }
  return {};
}

Result<io::AudioWriteOptions> write_options(const std::string& path, const VocodeRequest& request,
                                            int rate_hz) {
  io::AudioWriteOptions options;
  options.sample_rate_hz = rate_hz;
  if (path != "-") {
    SYRINX_ASSIGN(options.format, io::audio_format_for(path));
  }
  if (!request.encoding.empty()) {
    SYRINX_ASSIGN(options.encoding, io::parse_sample_encoding(request.encoding));
  }
  io::fit_sample_rate(options);
  return options;
}

Result<io::AudioWriter> open_writer(const std::string& path, const VocodeRequest& request,
                                    int rate_hz) {
  SYRINX_ASSIGN(const auto options, write_options(path, request, rate_hz));
  return open_output(path, options);
}

bool wants_numbers(const std::string& path) { return fs::path(path).extension() == ".npy"; }

Result<void> write_whole(const AudioBuffer& audio, const std::string& path,
                         const VocodeRequest& request) {
  if (wants_numbers(path)) {
    const std::array<std::size_t, 1> shape{audio.frames()};
    return io::write_npy<float>(path, shape, audio.channel(0));
  }
  SYRINX_ASSIGN(auto writer, open_writer(path, request, audio.sample_rate_hz()));
  SYRINX_TRY(writer.write(audio));
  return writer.finish();
}

// Block by block to the output, as a live source would be.
Result<Made> stream_one(const vocoder::VocoderModel& model, const Utterance& one,
                        const VocodeRequest& request, const std::stop_token& stop) {
  const MelSpec& spec = model.info().mel;
  SYRINX_ASSIGN(auto writer, open_writer(one.file, request, spec.sample_rate_hz));
  SYRINX_ASSIGN(const auto plan, sampling_plan(request));
  vocoder::StreamOptions options;
  options.seed = request.seed;
  options.plan = plan ? &*plan : nullptr;
  options.sigma = static_cast<float>(request.sigma);
  SYRINX_ASSIGN(const auto stream, model.open_stream_from_noise(request.stream_frames, options));
  Made made;
  const double begin = now_s();
  std::size_t skip = stream->latency_samples();
  const auto deliver = [&](const AudioBuffer& block) -> Result<void> {
    const std::size_t dropped = std::min(skip, block.frames());
    skip -= dropped;
    if (dropped == block.frames()) return {};
    SYRINX_TRY(writer.write(block.view().slice(dropped, block.frames() - dropped)));
    if (made.first_sound_s == 0) made.first_sound_s = now_s() - begin;
    return {};
  };
  const MelView mel = one.mel.view();
  for (std::size_t at = 0; at < mel.frames(); at += request.stream_frames) {
    if (stop.stop_requested()) return make_error(ErrorCode::kCancelled, "stopped");
    const std::size_t frames = std::min(request.stream_frames, mel.frames() - at);
    AudioBuffer block(1, frames * spec.hop_samples, spec.sample_rate_hz);
    stream->process({mel.frame(at).data(), frames, spec}, block.view());
    SYRINX_TRY(deliver(block));
  }
  AudioBuffer rest(1, stream->tail_samples(), spec.sample_rate_hz);
  stream->finish(rest.view());
  SYRINX_TRY(deliver(rest));
  SYRINX_TRY(writer.finish());
  made.seconds = now_s() - begin;
  made.bad_frames = stream->bad_frames();
  made.duration_s = static_cast<double>(writer.frames_written()) / spec.sample_rate_hz;
  return made;
}

// The distance of two mels of one convention of plain logarithms, in dB: of each frame the root of
// the mean square over bands, then the mean over frames. It is what a vocoder can be held to: the
// phases and the noise of the original are not in its mel.
double mel_distance_db(const Mel& a, const Mel& b) {
  const std::size_t frames = std::min(a.frames(), b.frames());
  double sum = 0;
  for (std::size_t t = 0; t < frames; ++t) {
    double squares = 0;
    for (std::size_t band = 0; band < a.bands(); ++band) {
      const double difference = double{a.frame(t)[band]} - double{b.frame(t)[band]};
      squares += difference * difference;
    }
    sum += std::sqrt(squares / static_cast<double>(a.bands()));
  }
  const double base = a.spec().log == MelLog::kLog10 ? 1.0 : std::log(10.0);
  return frames == 0 ? 0 : sum / static_cast<double>(frames) * 20.0 / base;
}

// How far the sound is from the one whose mel it was made from.
void compare_with_original(const AudioBuffer& original, const Mel& mel, const AudioBuffer& made,
                           Made& result) {
  const auto again = dsp::analyse_mel(made, mel.spec());
  if (again && mel.spec().log != MelLog::kDecibelNormalised)
    result.mel_distance_db = mel_distance_db(mel, *again);
  const std::size_t frames = std::min(original.frames(), made.frames());
  const AudioView a = original.view().slice(0, frames);
  const AudioView b = made.view().slice(0, frames);
  if (const auto distance = measure::log_spectral_distance_db(a, b))
    result.log_spectral_distance_db = *distance;
  if (const auto distance = measure::mel_cepstral_distortion_db(a, b))
    result.mel_cepstral_distortion_db = *distance;
}

Result<Made> make_whole(const vocoder::VocoderModel& model, const Utterance& one,
                        const VocodeRequest& request, const vocoding::VocodeOptions& options) {
  Made made;
  vocoding::VocodeOptions how = options;
  SYRINX_ASSIGN(const auto plan, sampling_plan(request));
  SYRINX_ASSIGN(const auto noise, noise_source(request));  // Each utterance from the beginning.
  how.whole.plan = plan ? &*plan : nullptr;
  how.whole.noise = noise.get();
  how.whole.sigma = static_cast<float>(request.sigma);
  how.whole.denoise = static_cast<float>(request.denoise);
  how.whole.bad_frames = &made.bad_frames;
  const double begin = now_s();
  SYRINX_ASSIGN(const AudioBuffer audio, vocoding::vocode(model, one.mel.view(), how));
  made.seconds = now_s() - begin;
  made.first_sound_s = made.seconds;
  made.duration_s = audio.duration_s();
  if (!one.original.empty() && request.speed == 1.0 && request.energy == 1.0)
    compare_with_original(one.original, one.mel, audio, made);
  SYRINX_TRY(write_whole(audio, one.file, request));
  return made;
}

json to_json(const Made& made) {
  json document = {{"input", made.name},
                   {"output", made.file},
                   {"duration_s", made.duration_s},
                   {"seconds", made.seconds},
                   {"real_time_factor", made.seconds / made.duration_s},
                   {"first_sound_s", made.first_sound_s},
                   {"bad_frames", made.bad_frames}};
  if (made.mel_distance_db) document["mel_distance_db"] = *made.mel_distance_db;
  if (made.log_spectral_distance_db)
    document["log_spectral_distance_db"] = *made.log_spectral_distance_db;
  if (made.mel_cepstral_distortion_db)
    document["mel_cepstral_distortion_db"] = *made.mel_cepstral_distortion_db;
  return document;
}

json to_json(const vocoder::VocoderInfo& info) {
  return {
      {"family", info.family},
      {"variant", info.variant},
      {"precision", info.precision},
      {"mel", describe(info.mel)},
      {"mel_normalised", info.normalised_mel},
      {"parameters", info.parameters},
      {"weight_bytes", info.weight_bytes},
      {"latency_ms", 1e3 * static_cast<double>(info.latency_samples) / info.mel.sample_rate_hz}};
}

// The most that this process has had in memory so far, everything counted.
std::size_t process_peak_bytes() {
  struct rusage usage {};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::size_t>(usage.ru_maxrss) * 1024;
}

json to_json(const vocoding::MemoryPlan& plan, const VocodeRequest& request) {
  const bool bounded = request.memory_budget_mib > 0;
  return {{"budget_bytes", bounded ? json(request.memory_budget_mib << 20) : json(nullptr)},
          {"weight_bytes", plan.weight_bytes},
          {"stream_bytes", plan.stream_bytes},
          {"streams", plan.streams},
          {"sound_bytes", plan.sound_bytes},
          {"peak_bytes", plan.peak_bytes},
          {"threads", plan.threads},
          {"block_frames", plan.block_frames},
          {"process_peak_bytes", process_peak_bytes()}};
}

void print_line(const Made& made) {
  std::fprintf(stderr, "%s: %.2f s of sound in %.3f s (real-time factor %.4f)\n", made.file.c_str(),
               made.duration_s, made.seconds, made.seconds / made.duration_s);
  if (made.log_spectral_distance_db && made.mel_cepstral_distortion_db)
    std::fprintf(stderr,
                 "  against the original: mel distance %.2f dB, log-spectral distance %.2f dB, "
                 "mel-cepstral distortion %.2f dB\n",
                 made.mel_distance_db.value_or(NAN), *made.log_spectral_distance_db,
                 *made.mel_cepstral_distortion_db);
  if (made.bad_frames > 0)
    std::fprintf(stderr, "  %zu mel frames were not finite and became silence\n", made.bad_frames);
}

Result<vocoder::VocoderOptions> model_options(const VocodeRequest& request) {
  vocoder::VocoderOptions options;
  options.config = request.config;
  options.device = request.device;
  options.memory_budget_bytes = request.memory_budget_mib << 20;
  SYRINX_ASSIGN(options.precision, parse_precision(request.precision));
  return options;
}

Result<void> check(const VocodeRequest& request) {
  if (request.speed < 0.1 || request.speed > 10)
    return make_error(ErrorCode::kInvalidArgument, "--speed ", request.speed,
                      " is not between 0.1 and 10");
  if (!(request.energy > 0) || request.energy > 100)
    return make_error(ErrorCode::kInvalidArgument, "--energy ", request.energy,
                      " is not above 0 and up to 100");
  if (request.stream_frames > 0 && !request.noise.empty())
    return make_error(ErrorCode::kInvalidArgument, "--stream takes no --noise");
  if (request.stream_frames > 0 && request.denoise != 0)
    return make_error(ErrorCode::kInvalidArgument,
                      "--stream takes no --denoise, which looks at the whole utterance");
  if (request.stream_frames > 0 && wants_numbers(request.output))
    return make_error(ErrorCode::kInvalidArgument, "--stream writes sound, not .npy");
  return {};
}

// How many threads there may be, and blocks how long, for what is to be made.
Result<vocoding::MemoryPlan> plan_for(const vocoder::VocoderModel& model,
                                      const std::vector<Utterance>& utterances,
                                      const VocodeRequest& request) {
  vocoding::MemoryRequest memory;
  memory.budget_bytes = request.memory_budget_mib << 20;
  for (const Utterance& one : utterances) memory.frames = std::max(memory.frames, one.mel.frames());
  memory.threads = request.threads == 0 ? usable_processors() : request.threads;
  memory.streamed = request.stream_frames > 0;
  if (memory.streamed) memory.block_frames = request.stream_frames;
  if (utterances.size() >= memory.threads) memory.side_by_side = utterances.size();
  return vocoding::plan_memory(model, memory);
}

// As many utterances at once as planned, each on one thread; or one after the other, each on all.
Result<std::vector<Made>> make_all(const vocoder::VocoderModel& model,
                                   const std::vector<Utterance>& utterances,
                                   const VocodeRequest& request, const vocoding::MemoryPlan& plan,
                                   Context& context) {
  ThreadPool pool(plan.threads);
  vocoding::StreamCache streams(model);
  const bool many = plan.side_by_side > 1;
  std::vector<Result<Made>> results(utterances.size(), Result<Made>(Made{}));
  Progress progress(!context.quiet);
  std::mutex drawing;
  std::vector<double> shares(utterances.size());
  const auto run_one = [&](std::size_t i) {
    vocoding::VocodeOptions options;
    options.pool = many || pool.threads() < 2 ? nullptr : &pool;
    options.streams = &streams;
    if (plan.block_frames > 0) options.block_frames = plan.block_frames;
    options.stop = context.stop;
    options.progress = [&, i](double share) {
      const std::scoped_lock lock(drawing);
      shares[i] = share;
      double sum = 0;
      for (const double one : shares) sum += one;
      progress.show(sum / static_cast<double>(shares.size()), utterances[i].name);
    };
    auto made = request.stream_frames > 0 ? stream_one(model, utterances[i], request, context.stop)
                                          : make_whole(model, utterances[i], request, options);
    if (made) {
      made->name = utterances[i].name;
      made->file = utterances[i].file;
    }
    results[i] = std::move(made);
  };
  if (many && request.stream_frames == 0) {
    pool.parallel_for(utterances.size(), run_one);
  } else {
    for (std::size_t i = 0; i < utterances.size(); ++i) run_one(i);
  }
  std::vector<Made> made;
  for (auto& result : results) {
    SYRINX_ASSIGN(auto one, std::move(result));
    made.push_back(std::move(one));
  }
  return made;
}

Result<void> run_vocode(const VocodeRequest& request, Context& context) {
  SYRINX_TRY(check(request));
  SYRINX_ASSIGN(auto options, model_options(request));
  SYRINX_ASSIGN(const auto calibration, read_calibration(request.calibrate, options.precision));
  options.calibration = calibration ? &*calibration : nullptr;
  SYRINX_ASSIGN(const auto model, vocoding::load_vocoder(request.model, options));
  std::vector<Utterance> utterances;
  for (const std::string& input : request.inputs) {
    SYRINX_ASSIGN(auto read, read_utterances(input, request, model->info()));
    for (Utterance& one : read) {
      for (const std::string& sentence : one.notes) note(context, one.name + ": " + sentence);
      utterances.push_back(std::move(one));
    }
  }
  SYRINX_TRY(name_outputs(utterances, request.output));
  SYRINX_ASSIGN(const auto plan, plan_for(*model, utterances, request));
  SYRINX_ASSIGN(const auto made, make_all(*model, utterances, request, plan, context));
  if (context.json) {
    json list = json::array();
    for (const Made& one : made) list.push_back(to_json(one));
    print_json({{"model", to_json(model->info())},
                {"memory", to_json(plan, request)},
                {"utterances", list}});
  } else if (!context.quiet) {
    for (const Made& one : made) print_line(one);
  }
  return {};
}

}  // namespace

void add_vocode_command(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("vocode", "Mel spectrograms to sound, by neural vocoders");
  auto request = std::make_shared<VocodeRequest>();
  command
      ->add_option("inputs", request->inputs,
                   "Mels (.npy .npz .safetensors .pt), or sounds for copy synthesis; - is a mel "
                   "on standard input")
      ->required()
      ->type_name("FILE");
  command
      ->add_option("-m,--model", request->model, "The vocoder's weights, or griffin-lim for none")
      ->required()
      ->type_name("FILE");
  command->add_option("--config", request->config, "How it was trained [config.json beside it]")
      ->type_name("FILE");
  command
      ->add_option("-o,--output", request->output,
                   "A sound file, .npy for float32 samples, - for standard output, a folder for "
                   "several")
      ->required()
      ->type_name("FILE");
  command
      ->add_option("--stream", request->stream_frames,
                   "Frames a block: sound comes while later mels wait")
      ->check(CLI::Range(std::size_t{1}, limits::kMaxVocoderBlockFrames));
  command->add_option("--precision", request->precision, "fp32, bf16 or int8")
      ->capture_default_str();
  command
      ->add_option("--calibrate", request->calibrate,
                   "int8: a recording of such speech as will be made [speech made for it]")
      ->type_name("FILE");
  command->add_option("--threads", request->threads, "At most this many [one per processor]")
      ->check(CLI::Range(std::size_t{1}, limits::kMaxThreads));
  command->add_option("--device", request->device, "Where the network runs: see syrinx doctor")
      ->capture_default_str();
  command
      ->add_option("--memory-budget", request->memory_budget_mib,
                   "The most that weights, streams and sound may take: fewer threads and smaller "
                   "blocks keep it, else it is refused")
      ->type_name("MIB")
      ->check(CLI::Range(std::size_t{1}, limits::kMaxMemoryBudgetMib));
  command->add_option("--seed", request->seed, "Of models that begin with noise")
      ->capture_default_str();
  command
      ->add_option("--noise", request->noise,
                   "Numbers to use for it, in the order in which the model draws; several files "
                   "one after the other")
      ->type_name("FILE");
  command->add_option("--sampler", request->sampler,
                      "Of diffusion models: ddpm ddim dpm adaptive [the model's own fast one]");
  command->add_option("--steps", request->steps, "That a diffusion model takes")
      ->check(CLI::Range(1, 1000));
  command->add_option("--sigma", request->sigma, "How much noise WaveGlow begins with")
      ->check(CLI::Range(0.0, 2.0))
      ->capture_default_str();
  command->add_option("--denoise", request->denoise,
                      "How much of WaveGlow's bias is taken away, as 0.1 [0]");
  command->add_option("--speed", request->speed, "Reads the mel faster or slower")
      ->capture_default_str();
  command->add_option("--energy", request->energy, "Multiplies the mel's amplitudes")
      ->capture_default_str();
  command->add_option("--mel", request->mel_unit,
                      "What the mel's numbers are: natural log10 db unit tacotron linear "
                      "[looked at]");
  command->add_option(
      "--mel-from", request->mel_from,
      "Whose filters made it: hifigan hifigan-nyquist diffwave vocos bigvgan melgan "
      "parallel-wavegan [the model's own]");
  command->add_option("--array", request->array, "Which array of an .npz or .safetensors file");
  command->add_option("--encoding", request->encoding, "int16 int24 int32 float32 [int16]");
  command->add_flag("-q,--quiet", context.quiet, "No progress, no summary, errors only");
  add_json_option(*command, context,
                  "{\"model\": {...}, \"memory\": {...}, \"utterances\": [{...}]}");
  command->footer(kFooter);
  command->callback(
      [request, &context] { run(context, [&] { return run_vocode(*request, context); }); });
}

}  // namespace syrinx::cli
