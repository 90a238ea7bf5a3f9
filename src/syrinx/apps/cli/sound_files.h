// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <stop_token>
#include <string>
#include <vector>

#include "syrinx/apps/cli/command.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/io/audio_file.h"

// The sounds that commands read, and those that they make of them.
namespace syrinx::cli {

// How a changed sound is written.
struct SoundOutput {
  std::string output;    // "-" for standard output.
  std::string format;    // "" for what the output's name says; on standard output WAV.
  std::string encoding;  // "" for the input's, or the nearest that the format holds.
  bool dither = false;
};

// Adds --format, --encoding and --dither.
void add_format_options(CLI::App& command, SoundOutput& output);

// "-" is standard input. Errors: as io::AudioReader.
Result<io::AudioReader> open_input(const std::string& name,
                                   const io::AudioReadOptions& options = {});

// Every folder among the names stands for the sounds in it (files whose names end as audio formats
// do, except raw), in the order of their names; what is in folders of it is left out. Errors: kIo
// for a folder that cannot be read; kNotFound for one without sounds.
Result<std::vector<std::string>> with_folders_opened(const std::vector<std::string>& names);

// The input's encoding where the format holds it, else the one that keeps most of it.
io::SampleEncoding kept_encoding(io::SampleEncoding given, io::AudioFormat format) noexcept;

// Of a sound with this rate and so many channels that was made of `input`. A rate that the format
// cannot have is fitted: io::fit_sample_rate(). Errors: kInvalidArgument for names of formats and
// encodings that there are not.
Result<io::AudioWriteOptions> write_options(const SoundOutput& output,
                                            const io::AudioFileInfo& input, int sample_rate_hz,
                                            std::size_t channels);
// Errors: as io::AudioWriter.
Result<io::AudioWriter> open_output(const std::string& name, const io::AudioWriteOptions& options);

// As {format, encoding, sample_rate_hz, channels}, for reports.
nlohmann::json written_json(const io::AudioWriteOptions& options);
// Notes that the file has another rate than the sound, where that is so.
void tell_fitted_rate(const Context& context, const std::string& name,
                      const io::AudioWriteOptions& options);

// Draws the whole sound into the writer and finishes it. Returns how many samples were beyond full
// scale, of encodings that cut them off. Errors: those of both; kCancelled.
Result<std::uint64_t> write_all(AudioSource& sound, io::AudioWriter& writer,
                                const std::stop_token& stop);

}  // namespace syrinx::cli
