// SPDX-License-Identifier: Apache-2.0
#include "support/voice_graphs.h"

#include <fstream>

#include "support/onnx_graph.h"

namespace syrinx::support {
namespace {

using Graph = OnnxGraph;

// values [1, N] and hops [1] become sound [1, N * hops * hop], each value held for its hops.
void add_steps(Graph& graph, const std::string& values, const std::string& ids,
               const std::string& hops, std::int64_t hop) {
  graph.constant("hop", {1}, std::vector<std::int64_t>{hop});
  graph.constant("last_axis", {1}, std::vector<std::int64_t>{2});
  graph.node("Mul", {hops, "hop"}, {"samples_each"});
  graph.node("Shape", {ids}, {"shape"});
  graph.node("Concat", {"shape", "samples_each"}, {"shape_each"}, {{"axis", {0}}});
  graph.node("Unsqueeze", {values, "last_axis"}, {"columns"});
  graph.node("Expand", {"columns", "shape_each"}, {"steps"});
}

std::string piper_json(const PiperGraph& graph) {
  std::string ids = R"("_": [0], "^": [1], "$": [2], " ": [3])";
  int next = 4;
  for (const char* symbol :
       {"!", "'", ",", "-", ".", ":", ";", "?", "a", "b", "d", "e", "f", "h", "i",
        "j", "k", "l", "m", "n", "o", "p", "s", "t", "u", "v", "w", "z", "æ", "ð",
        "ŋ", "ɐ", "ɑ", "ɔ", "ə", "ɚ", "ɛ", "ɜ", "ɡ", "ɪ", "ɹ", "ɾ", "ʃ", "ʊ", "ʌ",
        "ʒ", "ˈ", "ˌ", "ː", "θ", "ᵻ", "ç", "r", "c", "g", "q", "x", "y"})
    ids += std::string(", \"") + symbol + "\": [" + std::to_string(next++) + "]";
  std::string speakers;
  for (int i = 0; graph.speakers > 1 && i < graph.speakers; ++i)
    speakers += (i == 0 ? "\"p" : ", \"p") + std::to_string(100 + i) + "\": " + std::to_string(i);
  return R"({"audio": {"sample_rate": 22050}, "espeak": {"voice": ")" + graph.espeak_voice +
         R"("}, "language": {"code": ")" + graph.language + R"("}, "phoneme_type": ")" +
         graph.phoneme_type + R"(", "inference": {"noise_scale": 0.667, "length_scale": 1, )" +
         R"("noise_w": 0.8}, "num_symbols": 256, "num_speakers": )" +
         std::to_string(graph.speakers) + R"(, "speaker_id_map": {)" + speakers +
         R"(}, "hop_length": 256, "phoneme_id_map": {)" + ids + "}}";
}

}  // namespace

void write_kokoro_graph(const std::filesystem::path& file, const KokoroGraph& options) {
  Graph graph;
  const std::string tokens = options.huggingface ? "input_ids" : "tokens";
  const std::string sound = options.huggingface ? "waveform" : "audio";
  graph.input(tokens, Graph::kInt64, {1, -1});
  graph.input("style", Graph::kFloat, {1, options.style});
  graph.input("speed", options.whole_speed ? Graph::kInt32 : Graph::kFloat, {1});
  graph.constant("step", {1}, std::vector<float>{0.002f});
  graph.constant("four", {1}, std::vector<float>{4});
  graph.constant("flat", {1}, std::vector<std::int64_t>{-1});
  graph.node("Cast", {tokens}, {"numbers"}, {{"to", {Graph::kFloat}}});
  graph.node("Mul", {"numbers", "step"}, {"scaled"});
  graph.node("ReduceMean", {"style"}, {"mean"}, {{"keepdims", {0}}});
  graph.node("Add", {"scaled", "mean"}, {"values"});
  graph.node("Cast", {"speed"}, {"speed_number"}, {{"to", {Graph::kFloat}}});
  graph.node("Div", {"four", "speed_number"}, {"frames_number"});
  graph.node("Round", {"frames_number"}, {"frames_whole"});
  graph.node("Cast", {"frames_whole"}, {"frames"}, {{"to", {Graph::kInt64}}});
  add_steps(graph, "values", tokens, "frames", 600);
  graph.node("Reshape", {"steps", "flat"}, {options.noise ? "clean" : sound});
  if (options.noise) {
    graph.constant("little", {1}, std::vector<float>{0.01f});
    graph.node("RandomNormalLike", {"clean"}, {"noise"});
    graph.node("Mul", {"noise", "little"}, {"little_noise"});
    graph.node("Add", {"clean", "little_noise"}, {sound});
  }
  graph.output(sound, Graph::kFloat, {-1});
  if (options.durations) {
    const std::string durations = options.huggingface ? "durations" : "duration";
    graph.node("Expand", {"frames", "shape"}, {"frames_each"});
    graph.node("Reshape", {"frames_each", "flat"}, {durations});
    graph.output(durations, Graph::kInt64, {-1});
  }
  graph.write(file);
}

void write_kokoro_voice(const std::filesystem::path& file, float value) {
  std::vector<float> values(510 * 256, value);
  for (std::size_t row = 0; row < 510; ++row) values[row * 256] += static_cast<float>(row) * 1e-6f;
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(values.data()),
             static_cast<std::streamsize>(values.size() * sizeof(float)));
}

void write_kokoro_folder(const std::filesystem::path& folder,
                         const std::vector<std::string>& voices, const KokoroGraph& graph) {
  std::filesystem::create_directories(folder / "voices");
  write_kokoro_graph(folder / "model.onnx", graph);
  float value = 0;
  for (const std::string& voice : voices)
    write_kokoro_voice(folder / "voices" / (voice + ".bin"), value += 0.1f);
}

void write_piper_voice(const std::filesystem::path& file, const PiperGraph& options) {
  Graph graph;
  graph.input("input", Graph::kInt64, {-1, -1});
  graph.input("input_lengths", Graph::kInt64, {-1});
  graph.input("scales", Graph::kFloat, {3});
  graph.constant("step", {1}, std::vector<float>{0.002f});
  graph.constant("four", {1}, std::vector<float>{4});
  graph.constant("noise_at", {1}, std::vector<std::int64_t>{0});
  graph.constant("length_at", {1}, std::vector<std::int64_t>{1});
  graph.constant("sound_shape", {4}, std::vector<std::int64_t>{1, 1, 1, -1});
  graph.node("Cast", {"input"}, {"numbers"}, {{"to", {Graph::kFloat}}});
  graph.node("Mul", {"numbers", "step"}, {"values"});
  std::string values = "values";
  if (options.speakers > 1) {
    graph.input("sid", Graph::kInt64, {-1});
    graph.constant("speaker_step", {1}, std::vector<float>{0.05f});
    graph.node("Cast", {"sid"}, {"speaker"}, {{"to", {Graph::kFloat}}});
    graph.node("Mul", {"speaker", "speaker_step"}, {"speaker_value"});
    graph.node("Add", {values, "speaker_value"}, {"spoken"});
    values = "spoken";
  }
  graph.node("Gather", {"scales", "length_at"}, {"length"});
  graph.node("Mul", {"length", "four"}, {"hops_number"});
  graph.node("Round", {"hops_number"}, {"hops_whole"});
  graph.node("Cast", {"hops_whole"}, {"hops"}, {{"to", {Graph::kInt64}}});
  add_steps(graph, values, "input", "hops", 256);
  graph.node("Reshape", {"steps", "sound_shape"}, {options.noise ? "clean" : "output"});
  if (options.noise) {
    graph.constant("little", {1}, std::vector<float>{0.01f});
    graph.node("Gather", {"scales", "noise_at"}, {"noise_scale"});
    graph.node("RandomNormalLike", {"clean"}, {"noise"});
    graph.node("Mul", {"noise_scale", "little"}, {"strength"});
    graph.node("Mul", {"noise", "strength"}, {"little_noise"});
    graph.node("Add", {"clean", "little_noise"}, {"output"});
  }
  graph.output("output", Graph::kFloat, {1, 1, 1, -1});
  if (options.durations) {
    graph.node("Expand", {"hops_whole", "shape"}, {"durations"});
    graph.output("durations", Graph::kFloat, {1, -1});
  }
  graph.write(file);
  std::ofstream(file.string() + ".json") << piper_json(options);
}

}  // namespace syrinx::support
