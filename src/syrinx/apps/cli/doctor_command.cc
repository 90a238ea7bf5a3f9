// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>

#include "syrinx/apps/cli/command.h"
#include "syrinx/core/dsp/cpu_features.h"
#include "syrinx/core/dsp/fft.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/io/audio_device.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/core/io/sofa/sofa_file.h"
#include "syrinx/core/nn/device/device.h"
#include "syrinx/core/nn/onnx/onnx_runtime.h"
#include "syrinx/core/nn/rows/row_kernels.h"
#include "syrinx/engines/tts/voices.h"
#include "syrinx/stages/acoustic/flite/flite_voice.h"
#include "syrinx/stages/text/ascii_fold.h"
#include "syrinx/stages/text/espeak/espeak.h"

// What this machine has and lacks, and what each lack costs.
namespace syrinx::cli {
namespace {

using nlohmann::json;

json cpu_json() {
  const dsp::CpuFeatures& cpu = dsp::cpu_features();
  const std::vector<std::pair<const char*, bool>> flags = {{"sse2", cpu.sse2},
                                                           {"avx2", cpu.avx2},
                                                           {"fma", cpu.fma},
                                                           {"f16c", cpu.f16c},
                                                           {"avx_vnni", cpu.avx_vnni},
                                                           {"avx512f", cpu.avx512f},
                                                           {"avx512bw", cpu.avx512bw},
                                                           {"avx512vl", cpu.avx512vl},
                                                           {"avx512dq", cpu.avx512dq},
                                                           {"avx512_vnni", cpu.avx512_vnni},
                                                           {"avx512_bf16", cpu.avx512_bf16},
                                                           {"avx512_fp16", cpu.avx512_fp16},
                                                           {"amx_tile", cpu.amx_tile},
                                                           {"amx_bf16", cpu.amx_bf16},
                                                           {"amx_int8", cpu.amx_int8},
                                                           {"neon", cpu.neon}};
  json features = json::array();
  for (const auto& [name, present] : flags) {
    if (present) features.push_back(name);
  }
  return {{"brand", cpu.brand}, {"features", features}};
}

// An optional part: `missing` says what its absence costs.
json optional_part(const char* name, bool found, const char* missing) {
  json part = {{"name", name}, {"found", found}};
  if (!found) part["cost"] = missing;
  return part;
}

json libraries_json() {
  json list = json::array();
  const auto add = [&](const char* name, const std::string& version, const char* does) {
    list.push_back({{"name", name}, {"version", version}, {"for", does}});
  };
  add("libsndfile", io::audio_file_library_version(), "audio files");
  add("soxr", dsp::resampler_library_version(), "resampling");
  add("Flite", acoustic::flite_version(), "built-in voices");
  add("ICU", text::unicode_library_version(), "Unicode text");
  if (const auto espeak = text::Espeak::load(); espeak)
    add("espeak-ng", espeak.value()->version(), "phonemes of Piper's voices (plugin)");
  if (const std::string version = io::audio_device_library_version(); !version.empty())
    add("PortAudio", version, "sound devices");
  add("FFT", dsp::fft_is_our_own() ? "our own" : "FFTW", "spectra");
  return list;
}

json optional_json(bool has_devices) {
  json list = json::array();
  list.push_back(optional_part("PortAudio", !io::audio_device_library_version().empty(),
                               "no --play: built without PortAudio"));
  list.push_back(optional_part("sound device", has_devices, "no --play: nothing to play on"));
  list.push_back(optional_part("ONNX Runtime", nn::OnnxRuntime::load().has_value(),
                               "no Kokoro and Piper voices, DNSMOS, PLCMOS, AECMOS: "
                               "'tools/fetch_onnxruntime' brings it"));
  list.push_back(optional_part("espeak-ng plugin", text::Espeak::load().has_value(),
                               "Piper voices of English get our own phonemes, others none: built "
                               "where libespeak-ng-dev is, or found where SYRINX_PLUGINS says"));
  list.push_back(optional_part("libmysofa", io::sofa_available().has_value(),
                               "no --sofa: the package libmysofa1 brings it"));
  for (const auto format : {io::AudioFormat::kMp3, io::AudioFormat::kOpus}) {
    const std::string name = std::string(io::to_string(format)) + " writing";
    const std::string cost =
        "no ." + std::string(io::to_string(format)) + " files: this libsndfile lacks it";
    list.push_back(optional_part(name.c_str(), io::can_write(format), cost.c_str()));
  }
  return list;
}

json networks_json() {
  json list = json::array();
  for (const nn::Device& device : nn::list_devices())
    list.push_back({{"name", device.name},
                    {"description", device.description},
                    {"precisions", device.precisions},
                    {"memory_bytes", device.memory_bytes},
                    {"free_bytes", device.free_bytes}});
  return list;
}

json folder_json(const char* what, const std::filesystem::path& path, const char* cost) {
  std::error_code ignored;
  json folder = {{"for", what}, {"path", path.string()}};
  folder["found"] = std::filesystem::is_directory(path, ignored);
  if (!folder["found"].get<bool>()) folder["cost"] = cost;
  return folder;
}

json folders_json() {
  json list = json::array();
  std::error_code failed;
  list.push_back(folder_json("temporary files", std::filesystem::temp_directory_path(failed),
                             "FLAC and AIFF cannot go to a pipe"));
  const char* data = std::getenv("SYRINX_DATA");
  list.push_back(folder_json("test data (SYRINX_DATA)", data != nullptr ? data : "../shared/data",
                             "tests that need it are skipped; speaking needs none"));
  return list;
}

json devices_json(const Result<std::vector<io::AudioDeviceInfo>>& devices) {
  json list = json::array();
  if (!devices) return list;
  for (const auto& device : *devices) {
    list.push_back({{"name", device.name},
                    {"host_api", device.host_api},
                    {"output_channels", device.output_channels},
                    {"default_rate_hz", device.default_sample_rate_hz},
                    {"default", device.is_default_output}});
  }
  return list;
}

json examine_machine() {
  const auto devices = io::list_audio_devices();
  json voices = json::array();
  for (const auto& voice : tts::available_voices()) voices.push_back(voice.name);
  const json device_list = devices_json(devices);
  return {{"version", SYRINX_VERSION},
          {"cpu", cpu_json()},
          {"kernels", dsp::to_string(dsp::simd_level())},
          {"network_kernels", nn::to_string(nn::row_kernels().level)},
          {"network_devices", networks_json()},
          {"libraries", libraries_json()},
          {"optional", optional_json(!device_list.empty())},
          {"voices", voices},
          {"audio_devices", device_list},
          {"folders", folders_json()}};
}

std::string words(const json& list) {
  std::string joined;
  for (const auto& item : list) joined += (joined.empty() ? "" : " ") + item.get<std::string>();
  return joined.empty() ? "none" : joined;
}

std::string text_of(const json& value) { return value.get<std::string>(); }

void print_parts(const json& report) {
  for (const json& part : report["optional"]) {
    const bool found = part["found"];
    std::printf("  %-3s %-14s %s\n", found ? "ok" : "--", text_of(part["name"]).c_str(),
                found ? "" : text_of(part["cost"]).c_str());
  }
  for (const json& folder : report["folders"]) {
    const bool found = folder["found"];
    std::printf("  %-3s %s: %s%s%s\n", found ? "ok" : "--", text_of(folder["for"]).c_str(),
                text_of(folder["path"]).c_str(),
                found ? "" : ": missing: ", found ? "" : text_of(folder["cost"]).c_str());
  }
}

void print_for_person(const json& report) {
  std::printf(
      "Syrinx %s\n\nProcessor\n  %s\n  features  %s\n  kernels   %s, for networks %s "
      "(SYRINX_SIMD overrides)\n",
      text_of(report["version"]).c_str(), text_of(report["cpu"]["brand"]).c_str(),
      words(report["cpu"]["features"]).c_str(), text_of(report["kernels"]).c_str(),
      text_of(report["network_kernels"]).c_str());
  std::printf("\nDevices for networks (--device)\n");
  for (const json& device : report["network_devices"])
    std::printf("  %-11s %s, %s, %.1f GiB of memory, %.1f free\n", text_of(device["name"]).c_str(),
                text_of(device["description"]).c_str(), words(device["precisions"]).c_str(),
                device["memory_bytes"].get<double>() / (1 << 30),
                device["free_bytes"].get<double>() / (1 << 30));
  std::printf("\nLibraries\n");
  for (const json& library : report["libraries"]) {
    std::printf("  %-11s %-22s %s\n", text_of(library["name"]).c_str(),
                text_of(library["version"]).c_str(), text_of(library["for"]).c_str());
  }
  std::printf("\nVoices\n  %s\n\nSound devices\n", words(report["voices"]).c_str());
  for (const json& device : report["audio_devices"]) {
    std::printf("  %s (%s)%s\n", text_of(device["name"]).c_str(),
                text_of(device["host_api"]).c_str(), device["default"] ? ", the default" : "");
  }
  if (report["audio_devices"].empty()) std::printf("  none\n");
  std::printf("\nOptional parts and folders\n");
  print_parts(report);
}

}  // namespace

void add_doctor_command(CLI::App& app, Context& context) {
  CLI::App* command =
      app.add_subcommand("doctor", "Show what this machine has and lacks, and what that costs");
  add_json_option(*command, context, "the same report");
  command->footer(
      "Examples:\n"
      "  syrinx doctor                        for a person\n"
      "  syrinx doctor --json | jq .kernels   for a machine\n"
      "  SYRINX_SIMD=generic syrinx doctor    check an override");
  command->callback([&context] {
    const json report = examine_machine();
    if (context.json) return print_json(report);
    print_for_person(report);
  });
}

}  // namespace syrinx::cli
