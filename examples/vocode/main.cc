// SPDX-License-Identifier: Apache-2.0
// A recording through a vocoder and back: vocode MODEL IN.wav OUT.wav
#include <syrinx/syrinx.h>

#include <cstdio>

namespace {

syrinx::Result<void> copy_synthesis(const char* weights, const char* from, const char* to) {
  SYRINX_ASSIGN(const auto model, syrinx::vocoding::load_vocoder(weights));
  const syrinx::MelSpec& spec = model->info().mel;
  SYRINX_ASSIGN(const auto recording, syrinx::io::read_audio(from));
  const syrinx::AudioView mono(recording.channel(0), recording.sample_rate_hz());
  SYRINX_ASSIGN(const auto sound, syrinx::dsp::resample(mono, spec.sample_rate_hz));
  SYRINX_ASSIGN(const auto mel, syrinx::dsp::analyse_mel(sound, spec));
  SYRINX_ASSIGN(const auto again, syrinx::vocoding::vocode(*model, mel.view()));
  return syrinx::io::write_audio(to, again);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::puts("Give it a vocoder's weights and a recording: vocode MODEL IN.wav OUT.wav");
    return 0;
  }
  const auto done = copy_synthesis(argv[1], argv[2], argv[3]);
  if (!done) std::fprintf(stderr, "%s\n", done.error().message.c_str());
  return done ? 0 : 1;
}
