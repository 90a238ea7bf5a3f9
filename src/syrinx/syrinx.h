// SPDX-License-Identifier: Apache-2.0
#pragma once

// The whole library for those who use it: #include <syrinx/syrinx.h>. Code inside the library
// includes what it needs instead.

// The values that travel, and how failure is told.
#include "syrinx/core/base/log.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/core/flow/mel.h"
#include "syrinx/core/flow/phonemes.h"
#include "syrinx/core/flow/stream.h"
#include "syrinx/core/flow/text.h"

// Speech.
#include "syrinx/engines/tts/assembly.h"
#include "syrinx/engines/tts/book.h"
#include "syrinx/engines/tts/captions.h"
#include "syrinx/engines/tts/read_job.h"
#include "syrinx/engines/tts/speech_stream.h"
#include "syrinx/engines/tts/text_source.h"
#include "syrinx/engines/tts/timestamps.h"
#include "syrinx/engines/tts/voices.h"

// One voice to another.
#include "syrinx/engines/conversion/conversion.h"
#include "syrinx/engines/conversion/conversion_quality.h"
#include "syrinx/engines/conversion/conversion_stream.h"
#include "syrinx/engines/conversion/live/latency_probe.h"
#include "syrinx/engines/conversion/live/live_conversion.h"
#include "syrinx/engines/conversion/live/target_finder.h"
#include "syrinx/engines/conversion/streams/stream_pool.h"
#include "syrinx/stages/enhance/denoise/noise_suppressor.h"
#include "syrinx/stages/enhance/denoise/statistical_suppressor.h"
#include "syrinx/stages/voice/voice_targets.h"

// Mels to sound.
#include "syrinx/engines/vocoding/load_vocoder.h"
#include "syrinx/engines/vocoding/memory_plan.h"
#include "syrinx/engines/vocoding/stream_cache.h"
#include "syrinx/engines/vocoding/vocode.h"
#include "syrinx/stages/vocoder/mel_convention.h"
#include "syrinx/stages/vocoder/vocoder.h"

// Where networks run, and the layers that they are made of.
#include "syrinx/core/nn/device/device.h"
#include "syrinx/core/nn/layers/attention.h"
#include "syrinx/core/nn/layers/embedding.h"
#include "syrinx/core/nn/layers/linear.h"
#include "syrinx/core/nn/layers/lstm.h"
#include "syrinx/core/nn/layers/norms.h"
#include "syrinx/core/nn/rows/row_window.h"

// Weight files, arrays and settings.
#include "syrinx/core/base/json.h"
#include "syrinx/core/base/sha256.h"
#include "syrinx/core/io/json/json_file.h"
#include "syrinx/core/io/npy/npy_file.h"
#include "syrinx/core/io/safetensors/safetensors_file.h"
#include "syrinx/core/nn/weights/convert_weights.h"
#include "syrinx/core/nn/weights/folded_weight.h"
#include "syrinx/core/nn/weights/weight_file.h"
#include "syrinx/stages/vocoder/model_kind.h"

// Audio files, devices and pictures.
#include "syrinx/core/io/audio_device.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/core/io/callback_device.h"
#include "syrinx/core/io/png/png_file.h"

// Signal processing.
#include "syrinx/core/dsp/biquad.h"
#include "syrinx/core/dsp/cpu_features.h"
#include "syrinx/core/dsp/fft.h"
#include "syrinx/core/dsp/mel_analysis.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/dsp/stft.h"
#include "syrinx/core/dsp/window.h"

// Calls: payloads, digits, lost packets, speech.
#include "syrinx/stages/codec/codec.h"
#include "syrinx/stages/codec/comfort_noise.h"
#include "syrinx/stages/codec/g711.h"
#include "syrinx/stages/codec/negotiation.h"
#include "syrinx/stages/codec/payload_format.h"
#include "syrinx/stages/codec/telephone_event.h"
#include "syrinx/stages/enhance/dtmf/dtmf_detector.h"
#include "syrinx/stages/enhance/dtmf/dtmf_tones.h"
#include "syrinx/stages/enhance/plc/packet_loss_concealer.h"
#include "syrinx/stages/enhance/vad/voice_activity.h"

// Effects.
#include "syrinx/stages/effects/ambisonics.h"
#include "syrinx/stages/effects/catalogue.h"
#include "syrinx/stages/effects/chain.h"
#include "syrinx/stages/effects/convolution.h"
#include "syrinx/stages/effects/declip.h"
#include "syrinx/stages/effects/ears.h"
#include "syrinx/stages/effects/levels.h"
#include "syrinx/stages/enhance/echo/echo_canceller.h"

// Voices taken apart, and one made like another.
#include "syrinx/stages/voice/profile/likeness.h"
#include "syrinx/stages/voice/profile/profile_distance.h"
#include "syrinx/stages/voice/profile/profile_file.h"
#include "syrinx/stages/voice/profile/voice_profile.h"
#include "syrinx/stages/voice/world/frame_changes.h"
#include "syrinx/stages/voice/world/voice_analyser.h"
#include "syrinx/stages/voice/world/voice_shaper.h"
#include "syrinx/stages/voice/world/voice_synthesiser.h"

// Measurement.
#include "syrinx/core/dsp/pitch/f0_distance.h"
#include "syrinx/core/dsp/pitch/pyin.h"
#include "syrinx/core/dsp/pitch/streaming_f0.h"
#include "syrinx/stages/measure/artifacts/artifacts.h"
#include "syrinx/stages/measure/emodel/codec_impairments.h"
#include "syrinx/stages/measure/emodel/emodel.h"
#include "syrinx/stages/measure/emodel/opinion.h"
#include "syrinx/stages/measure/emodel/wideband_emodel.h"
#include "syrinx/stages/measure/level/active_speech_level.h"
#include "syrinx/stages/measure/level/distortion.h"
#include "syrinx/stages/measure/level/levels.h"
#include "syrinx/stages/measure/level/loudness_curve.h"
#include "syrinx/stages/measure/loudness.h"
#include "syrinx/stages/measure/pitch/formants.h"
#include "syrinx/stages/measure/pitch/voice_quality.h"
#include "syrinx/stages/measure/psychoacoustics/fluctuation_strength.h"
#include "syrinx/stages/measure/psychoacoustics/roughness.h"
#include "syrinx/stages/measure/psychoacoustics/sharpness.h"
#include "syrinx/stages/measure/psychoacoustics/zwicker_loudness.h"
#include "syrinx/stages/measure/quality/quality_targets.h"
#include "syrinx/stages/measure/recognition/recogniser.h"
#include "syrinx/stages/measure/recognition/word_error_rate.h"
#include "syrinx/stages/measure/reference/alignment.h"
#include "syrinx/stages/measure/reference/pesq.h"
#include "syrinx/stages/measure/reference/signal_ratio.h"
#include "syrinx/stages/measure/reference/spectral_distance.h"
#include "syrinx/stages/measure/reference/stoi.h"
#include "syrinx/stages/measure/reference/visqol.h"
#include "syrinx/stages/measure/report/page/compare_page.h"
#include "syrinx/stages/measure/report/page/files_page.h"
#include "syrinx/stages/measure/report/page/outliers.h"
#include "syrinx/stages/measure/report/page/sound_page.h"
#include "syrinx/stages/measure/report/sound_report.h"
#include "syrinx/stages/measure/spectrogram.h"
#include "syrinx/stages/measure/spectrogram_image.h"
