// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include "support/test_data.h"
#include "syrinx/core/flow/spoken.h"
#include "syrinx/core/io/safetensors/safetensors_file.h"
#include "syrinx/core/nn/weights/tensor_bytes.h"
#include "syrinx/core/nn/weights/weight_file.h"

// The small two-stage voice of tests/data/fastspeech, which tests/golden/make_voice_golden.py made,
// and others made from it.
namespace syrinx::support {

inline std::filesystem::path golden_voice() { return own_data_path("fastspeech"); }

inline std::string text_of(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

// The voice.json of the golden voice, with a part of its text replaced.
inline std::string golden_settings(const std::string& part = "", const std::string& instead = "") {
  std::string text = text_of(golden_voice() / "voice.json");
  const std::size_t at = part.empty() ? std::string::npos : text.find(part);
  return at == std::string::npos ? text : text.replace(at, part.size(), instead);
}

// The files of the golden voice in another folder.
inline void copy_golden_voice(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  for (const char* file :
       {"voice.json", "acoustic.safetensors", "vocoder.safetensors", "vocoder.json"})
    std::filesystem::copy_file(golden_voice() / file, folder / file,
                               std::filesystem::copy_options::overwrite_existing);
}

// The golden acoustic model with its tensors changed, as float32.
using ChangeTensors = std::function<void(std::vector<nn::TensorBytes>&)>;
inline void write_changed_acoustic(const std::filesystem::path& to, const ChangeTensors& change) {
  const auto file = nn::WeightFile::open(golden_voice() / "acoustic.safetensors").value();
  std::vector<nn::TensorBytes> tensors;
  for (const nn::TensorInfo& info : file.tensors())
    tensors.push_back(nn::make_tensor(info.name, info.shape, file.floats(info.name).value()));
  change(tensors);
  io::write_safetensors(to, tensors, {}).value();
}
inline nn::TensorBytes& tensor_named(std::vector<nn::TensorBytes>& tensors,
                                     const std::string& name) {
  for (nn::TensorBytes& tensor : tensors)
    if (tensor.info.name == name) return tensor;
  return tensors.front();
}

inline SpokenToken arpabet_word(const std::string& text, const std::string& symbols,
                                std::size_t begin) {
  SpokenToken token;
  token.written = text;
  token.source = {begin, begin + text.size()};
  token.words.push_back(
      {text, token.source, false, "", Pronunciation{PhonemeSet::kArpabet, symbols}, ""});
  return token;
}
inline SpokenToken mark(const std::string& written, std::size_t begin) {
  SpokenToken token;
  token.token_class = TokenClass::kPunctuation;
  token.written = written;
  token.source = {begin, begin + written.size()};
  return token;
}
// "Hello, world! It is.", which the goldens say.
inline std::vector<SpokenToken> golden_tokens() {
  return {arpabet_word("Hello", "HH AH0 L OW1", 0),
          mark(",", 5),
          arpabet_word("world", "W ER1 L D", 7),
          mark("!", 12),
          arpabet_word("It", "IH1 T", 14),
          arpabet_word("is", "IH1 Z", 17),
          mark(".", 19)};
}

}  // namespace syrinx::support
