// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include "syrinx/apps/cli/command.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/core/io/png/png_file.h"
#include "syrinx/stages/measure/spectrogram_image.h"

namespace syrinx::cli {
namespace {

struct SpectrogramRequest {
  std::string input;
  std::string output;
  measure::SpectrogramImageOptions options;
};

Result<AudioBuffer> read_input(const std::string& path, const Context& context) {
  if (path != "-") return io::read_audio(path);
  SYRINX_ASSIGN(auto reader, io::AudioReader::from_fd(STDIN_FILENO, "standard input"));
  return io::read_all(reader, context.stop);
}

Result<void> draw(const SpectrogramRequest& request, const Context& context) {
  SYRINX_ASSIGN(const AudioBuffer audio, read_input(request.input, context));
  if (audio.empty())
    return make_error(ErrorCode::kInvalidArgument, request.input,
                      " holds no sound, so there is nothing to draw");
  SYRINX_ASSIGN(const Image image, measure::render_spectrogram(audio, request.options));
  return io::write_png(request.output, image);
}

}  // namespace

void add_spectrogram_command(CLI::App& app, Context& context) {
  CLI::App* command =
      app.add_subcommand("spectrogram", "Draw a sound: waveform and spectrogram, as PNG");
  auto request = std::make_shared<SpectrogramRequest>();
  auto& options = request->options;
  command->add_option("file", request->input, "An audio file; - is standard input")
      ->required()
      ->type_name("FILE");
  command->add_option("-o,--output", request->output, "The PNG file to write")
      ->required()
      ->type_name("FILE");
  command->add_option("--width", options.width, "In pixels")->capture_default_str();
  command->add_option("--height", options.height, "In pixels")->capture_default_str();
  command->add_option("--window", options.window_ms, "Length of the Hann window, ms")
      ->capture_default_str();
  command->add_option("--max-hz", options.max_hz, "Top of the picture [half the sample rate]");
  command->add_option("--range", options.range_db, "What the colours span below the peak, dB")
      ->capture_default_str();
  command->footer(
      "Examples:\n"
      "  syrinx spectrogram say.wav -o say.png\n"
      "  syrinx spectrogram song.flac -o low.png --max-hz 4000 --window 50\n"
      "  syrinx say -o - \"Hi.\" | syrinx spectrogram - -o hi.png");
  command->callback([request, &context] { run(context, [&] { return draw(*request, context); }); });
}

}  // namespace syrinx::cli
