// SPDX-License-Identifier: Apache-2.0
// Text becomes a file, sentence by sentence: memory does not grow with the text.
#include <syrinx/syrinx.h>

#include <iostream>

syrinx::Result<void> speak(const std::string& text, const std::string& path) {
  SYRINX_ASSIGN(auto speech,
                syrinx::tts::SpeechStream::create(syrinx::tts::text_from_string(text), {}));
  syrinx::io::AudioWriteOptions options;
  options.sample_rate_hz = speech.sample_rate_hz();
  SYRINX_ASSIGN(auto file, syrinx::io::AudioWriter::create(path, options));
  syrinx::tts::SpokenSentence sentence;
  while (true) {
    SYRINX_ASSIGN(const bool more, speech.next_sentence(sentence, {}));
    if (!more) return file.finish();
    SYRINX_TRY(file.write(sentence.audio));
    for (const auto& word : sentence.words)
      std::cout << word.begin_s << " s  " << word.text << '\n';
  }
}

int main() {
  const auto done = speak("Dr. Smith paid $3.50 on May 4th. He was glad.", "speak.wav");
  std::cout << (done ? "Listen to speak.wav" : done.error().message) << '\n';
  return done ? 0 : 1;
}
