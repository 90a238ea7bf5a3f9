// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/model_report.h"

#include <algorithm>
#include <cstdio>

#include "syrinx/core/base/sha256.h"
#include "syrinx/core/flow/mel.h"
#include "syrinx/engines/vocoding/load_vocoder.h"
#include "syrinx/engines/vocoding/memory_plan.h"

namespace syrinx::cli {
namespace {

using nlohmann::json;

std::string text_of(const json& value) { return value.get<std::string>(); }

json mel_json(const MelSpec& mel) {
  return {{"sample_rate_hz", mel.sample_rate_hz},
          {"fft_size", mel.fft_size},
          {"hop_samples", mel.hop_samples},
          {"window_samples", mel.window_samples},
          {"bands", mel.bands},
          {"min_hz", mel.min_hz},
          {"max_hz", mel.max_hz},
          {"description", describe(mel)}};
}

json architecture_json(const vocoder::ModelKind& kind) {
  json architecture = {{"family", vocoder::to_string(kind.family)},
                       {"variant", kind.variant},
                       {"prefix", kind.prefix},
                       {"mel", kind.mel ? mel_json(*kind.mel) : json(nullptr)},
                       {"assumptions", kind.assumptions}};
  architecture["config"] = json::parse(vocoder::config_json(kind));
  return architecture;
}

// Only what the file itself says: nothing else knows under which terms weights may be used.
std::string licence_of(const nn::WeightFile& file) {
  for (const char* const key : {"license", "licence", "License", "general.license"}) {
    const auto found = file.metadata().find(key);
    if (found != file.metadata().end()) return found->second;
  }
  return "unknown: the file does not say; ask where it came from";
}

std::size_t count_parameters(const nn::WeightFile& file) {
  std::size_t count = 0;
  for (const nn::TensorInfo& info : file.tensors()) count += info.elements();
  return count;
}

json tensors_json(const nn::WeightFile& file) {
  json list = json::array();
  for (const nn::TensorInfo& info : file.tensors())
    list.push_back({{"name", info.name},
                    {"dtype", nn::to_string(info.dtype)},
                    {"shape", info.shape},
                    {"bytes", info.bytes()}});
  return list;
}

std::string shape_text(const json& shape) {
  return nn::describe_shape(shape.get<std::vector<std::size_t>>());
}

double mebibytes(const json& bytes) { return bytes.get<double>() / (1 << 20); }

void print_memory(const json& memory) {
  if (memory.is_null()) return;
  if (memory.contains("error"))
    return void(std::printf("  memory      %s\n", text_of(memory["error"]).c_str()));
  std::printf("  memory      weights %.1f MiB", mebibytes(memory["weight_bytes"]));
  if (memory.contains("stream_bytes"))
    std::printf(", a stream of %zu frames %.1f MiB", memory["block_frames"].get<std::size_t>(),
                mebibytes(memory["stream_bytes"]));
  if (memory.contains("utterance_bytes"))
    std::printf(", %.0f s of sound %.1f MiB", memory["utterance_s"].get<double>(),
                mebibytes(memory["utterance_bytes"]));
  std::printf(" (%s)\n", text_of(memory["precision"]).c_str());
}

void print_architecture(const json& architecture) {
  const std::string variant = text_of(architecture["variant"]);
  std::printf("  model       %s%s%s\n", text_of(architecture["family"]).c_str(),
              variant.empty() ? "" : " ", variant.c_str());
  if (!architecture["mel"].is_null())
    std::printf("  mel         %s\n", text_of(architecture["mel"]["description"]).c_str());
  for (const auto& [key, value] : architecture["config"].items()) {
    if (key != "family" && key != "variant")
      std::printf("  %-26s %s\n", key.c_str(), value.dump().c_str());
  }
  for (const json& assumption : architecture["assumptions"])
    std::printf("  assumed     %s\n", text_of(assumption).c_str());
}

}  // namespace

json memory_json(const nn::WeightFile& file, const vocoder::ModelKind& kind,
                 const std::string& config) {
  constexpr double kUtteranceSeconds = 10;
  if (!vocoding::is_vocoder(kind.family)) return nullptr;
  vocoder::VocoderOptions options;
  options.config = config;
  const auto model = vocoding::load_vocoder(file.name(), options);
  if (!model) return {{"error", model.error().message}};
  const vocoder::VocoderInfo& info = (*model)->info();
  vocoding::MemoryRequest request;
  request.streamed = (*model)->streams();
  request.frames = static_cast<std::size_t>(kUtteranceSeconds * info.mel.sample_rate_hz /
                                            static_cast<double>(info.mel.hop_samples));
  const auto plan = vocoding::plan_memory(**model, request);
  if (!plan) return {{"error", plan.error().message}};
  json memory = {{"precision", info.precision}, {"weight_bytes", plan->weight_bytes}};
  if (plan->stream_bytes > 0) {
    memory[request.streamed ? "stream_bytes" : "utterance_bytes"] = plan->stream_bytes;
    memory["peak_bytes"] = plan->peak_bytes;
    if (request.streamed) memory["block_frames"] = plan->block_frames;
    if (!request.streamed) memory["utterance_s"] = kUtteranceSeconds;
  }
  return memory;
}

json model_info_json(const nn::WeightFile& file, const vocoder::ModelKind& kind,
                     const json& memory) {
  return {{"file", file.name()},
          {"format", file.format()},
          {"bytes", file.file_bytes().size()},
          {"sha256", sha256_hex(file.file_bytes())},
          {"parameters", count_parameters(file)},
          {"architecture", architecture_json(kind)},
          {"licence", licence_of(file)},
          {"memory", memory},
          {"metadata", file.metadata()},
          {"tensors", tensors_json(file)}};
}

void print_model_info(const json& info) {
  std::printf("%s\n  format      %s, %llu bytes\n  sha256      %s\n", text_of(info["file"]).c_str(),
              text_of(info["format"]).c_str(), info["bytes"].get<unsigned long long>(),
              text_of(info["sha256"]).c_str());
  std::printf("  parameters  %llu in %zu tensors\n", info["parameters"].get<unsigned long long>(),
              info["tensors"].size());
  std::printf("  licence     %s\n", text_of(info["licence"]).c_str());
  print_memory(info["memory"]);
  print_architecture(info["architecture"]);
  std::printf("\n");
  for (const json& tensor : info["tensors"])
    std::printf("  %-52s %-9s %s\n", text_of(tensor["name"]).c_str(),
                text_of(tensor["dtype"]).c_str(), shape_text(tensor["shape"]).c_str());
}

json model_findings_json(const nn::WeightFile& file, const vocoder::ModelKind& kind,
                         const ModelFindings& findings) {
  json problems = json::array();
  for (const Error& problem : findings.problems) problems.push_back(problem.message);
  json report = {{"file", file.name()},
                 {"sha256", sha256_hex(file.file_bytes())},
                 {"family", vocoder::to_string(kind.family)},
                 {"variant", kind.variant},
                 {"ok", findings.problems.empty()},
                 {"problems", problems},
                 {"notes", findings.notes}};
  if (findings.loss)
    report["precision_loss"] = {
        {"precision", findings.loss->precision},
        {"against", findings.loss->reference},
        {"snr_db", findings.loss->snr_db},
        {"log_spectral_distance_db", findings.loss->log_spectral_distance_db},
        {"duration_s", findings.loss->duration_s},
        {"real_time_factor", findings.loss->real_time_factor},
        {"reference_real_time_factor", findings.loss->reference_real_time_factor}};
  return report;
}

void print_model_findings(const json& report) {
  const std::string variant = text_of(report["variant"]);
  std::printf("%s: %s%s%s, %s\n", text_of(report["file"]).c_str(),
              text_of(report["family"]).c_str(), variant.empty() ? "" : " ", variant.c_str(),
              report["ok"].get<bool>() ? "sound" : "broken");
  for (const json& problem : report["problems"])
    std::printf("  problem  %s\n", text_of(problem).c_str());
  for (const json& note : report["notes"]) std::printf("  note     %s\n", text_of(note).c_str());
  if (!report.contains("precision_loss")) return;
  const json& loss = report["precision_loss"];
  std::printf("  loss     %s: SNR %.1f dB, log-spectral distance %.2f dB over %.1f s of sound\n",
              text_of(loss["precision"]).c_str(), loss["snr_db"].get<double>(),
              loss["log_spectral_distance_db"].get<double>(), loss["duration_s"].get<double>());
  std::printf("           against %s; real-time factor %.4f instead of %.4f on one thread\n",
              text_of(loss["against"]).c_str(), loss["real_time_factor"].get<double>(),
              loss["reference_real_time_factor"].get<double>());
}

json conversion_json(const nn::WeightFile& file, const vocoder::ModelKind& kind,
                     const nn::ConvertedWeights& converted, const std::string& output,
                     nn::DType type) {
  json tensors = json::array();
  double worst = 0.0, worst_folded = 0.0;
  std::size_t folded = 0;
  for (const nn::WeightChange& change : converted.changes) {
    const double relative =
        change.max_magnitude > 0 ? change.max_error / change.max_magnitude : 0.0;
    worst = std::max(worst, relative);
    if (change.folded) worst_folded = std::max(worst_folded, relative);
    folded += change.folded ? 1 : 0;
    tensors.push_back({{"name", change.name},
                       {"folded", change.folded},
                       {"max_error", change.max_error},
                       {"max_error_relative", relative}});
  }
  return {{"from", file.name()},
          {"from_format", file.format()},
          {"from_sha256", sha256_hex(file.file_bytes())},
          {"to", output},
          {"dtype", nn::to_string(type)},
          {"family", vocoder::to_string(kind.family)},
          {"variant", kind.variant},
          {"assumptions", kind.assumptions},
          {"tensors_written", converted.tensors.size()},
          {"weights_folded", folded},
          {"max_error_relative", worst},
          {"max_folding_error_relative", worst_folded},
          {"tensors", tensors}};
}

void print_conversion(const json& report) {
  std::printf("  %-52s %-7s %-11s %s\n", "tensor", "folded", "max error", "of its largest value");
  for (const json& tensor : report["tensors"])
    std::printf("  %-52s %-7s %-11.3g %.3g\n", text_of(tensor["name"]).c_str(),
                tensor["folded"].get<bool>() ? "yes" : "", tensor["max_error"].get<double>(),
                tensor["max_error_relative"].get<double>());
  const std::string variant = text_of(report["variant"]);
  std::printf(
      "%s: %s%s%s, %zu tensors in %s, %zu weights folded, largest error %.3g (folding %.3g)"
      " of the largest value\n",
      text_of(report["to"]).c_str(), text_of(report["family"]).c_str(), variant.empty() ? "" : " ",
      variant.c_str(), report["tensors_written"].get<std::size_t>(),
      text_of(report["dtype"]).c_str(), report["weights_folded"].get<std::size_t>(),
      report["max_error_relative"].get<double>(),
      report["max_folding_error_relative"].get<double>());
  for (const json& assumption : report["assumptions"])
    std::printf("  assumed  %s\n", text_of(assumption).c_str());
}

}  // namespace syrinx::cli
