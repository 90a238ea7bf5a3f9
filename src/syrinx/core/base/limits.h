// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

// The largest of everything that a file, a user or a network may ask for. A parser allocates by a
// count only after it has compared the count with one of these; what is larger is
// ErrorCode::kLimitExceeded.
namespace syrinx::limits {

inline constexpr int kMinSampleRateHz = 1'000;
inline constexpr int kMaxSampleRateHz = 768'000;
inline constexpr std::size_t kMaxChannels = 64;
inline constexpr std::size_t kMaxBlockFrames = std::size_t{1} << 20;
// 24 hours at 48 kHz: the most frames that one in-memory AudioBuffer read from a file may hold.
inline constexpr std::uint64_t kMaxBufferFrames = 24ULL * 3600 * 48'000;
// The most samples (frames times channels) that one in-memory buffer read from a file may hold: 4
// GiB.
inline constexpr std::uint64_t kMaxBufferSamples = 1ULL << 30;

// The most bytes of a pipe that are copied to disk to be read as an audio file.
inline constexpr std::uint64_t kMaxSpoolBytes = 2ULL << 30;
// The most chunks, metadata blocks or tags that are stepped over in search of a file's audio.
inline constexpr std::size_t kMaxFileChunks = 4'096;

// Of an EPUB: its package and table of contents, their elements and depth, and its documents.
inline constexpr std::size_t kMaxEpubXmlBytes = std::size_t{8} << 20;
inline constexpr std::size_t kMaxEpubElements = std::size_t{1} << 18;
inline constexpr std::size_t kMaxEpubDepth = 64;
inline constexpr std::size_t kMaxEpubDocuments = 4'096;
inline constexpr std::size_t kMaxEpubChapters = 16'384;
inline constexpr std::uint64_t kMaxEpubTextBytes = 256ULL << 20;  // Of all documents together.

// Of what a file says about its sound.
inline constexpr std::size_t kMaxAudioChapters = 16'384;
inline constexpr std::size_t kMaxTagBytes = 4'096;  // Of one text.

inline constexpr std::size_t kMaxFftSize = std::size_t{1} << 20;
inline constexpr std::size_t kMaxMelBands = 1'024;

inline constexpr std::size_t kMaxChainEffects = 64;
inline constexpr std::size_t kMaxAutomationPoints = 65'536;
inline constexpr std::size_t kMaxChainJsonBytes = std::size_t{8} << 20;
// Of an impulse response: 10 s at 192 kHz.
inline constexpr std::size_t kMaxImpulseFrames = std::size_t{192'000} * 10;
// Of a SOFA file, and of one response in it once it is at the rate that is wanted, with its delay.
inline constexpr std::size_t kMaxSofaFileBytes = std::size_t{256} << 20;
inline constexpr std::size_t kMaxSofaTaps = std::size_t{1} << 15;
// The most support vectors, and bytes of its file, that a support vector machine may have.
inline constexpr std::size_t kMaxSvmVectors = 10'000;
inline constexpr std::size_t kMaxSvmFileBytes = std::size_t{16} << 20;

inline constexpr std::size_t kMaxTextBytes = std::size_t{64} << 20;
inline constexpr std::size_t kMaxMarkupBytes = std::size_t{8} << 20;     // Of one document.
inline constexpr std::size_t kMaxDetectedBytes = std::size_t{16} << 10;  // To tell its kind by.
inline constexpr std::size_t kMaxSentenceBytes = 600;
inline constexpr std::size_t kMaxSpeechFramesPerSentence = std::size_t{48'000} * 600;

inline constexpr std::size_t kMaxPronunciationBytes = 4'096;
inline constexpr std::size_t kMaxEspeakBytes = std::size_t{64} << 10;  // Of one text for it.
// Of an SSML document.
inline constexpr std::size_t kMaxSsmlBytes = std::size_t{1} << 20;
inline constexpr std::size_t kMaxSsmlDepth = 10;  // Elements within elements; <speak> is the first.
inline constexpr std::size_t kMaxSsmlElements = 65'536;
inline constexpr std::size_t kMaxSsmlNameBytes = 256;  // Of a voice, a language, an emotion.
inline constexpr std::size_t kMaxContourPoints = 256;
inline constexpr double kMaxPauseS = 60.0;  // That a text may ask for at once.
// The most bytes in which a mark within plain text, as "[word](/ipa/)", has to end.
inline constexpr std::size_t kMaxShorthandBytes = 512;

// Of a pronunciation lexicon: its file, its readings of all words, one word and its tag, and what
// it takes in memory.
inline constexpr std::size_t kMaxLexiconFileBytes = std::size_t{64} << 20;
inline constexpr std::size_t kMaxLexiconReadings = std::size_t{1} << 22;
inline constexpr std::size_t kMaxLexiconWordBytes = 255;
inline constexpr std::size_t kMaxLexiconTagBytes = 32;
inline constexpr std::size_t kMaxLexiconMemoryBytes = std::size_t{512} << 20;
inline constexpr std::size_t kMaxLexiconXmlDepth = 10;
inline constexpr std::size_t kMaxLexicons = 64;  // In one stack.

// Of voices that are networks: the symbols of one call, the numbers that stand for one symbol, the
// speakers of a model, the voices in a mix, the models that are looked at, the bytes of a name.
inline constexpr std::size_t kMaxVoiceSymbols = 8'192;
inline constexpr std::size_t kMaxIdsOfSymbol = 64;
inline constexpr std::size_t kMaxSpeakers = 16'384;
inline constexpr std::size_t kMaxMixedVoices = 16;
inline constexpr std::size_t kMaxModelFolders = 1'024;
inline constexpr std::size_t kMaxVoiceNameBytes = 1'024;
// Of an acoustic model: the symbols that its table has, those of one stretch that it takes at once,
// and the frames that it makes of them (95 s of 256 samples at 22,050 Hz).
inline constexpr std::size_t kMaxSymbolTable = 4'096;
inline constexpr std::size_t kMaxFastSpeechSymbols = 300;
inline constexpr std::size_t kMaxFastSpeechFrames = 8'192;

inline constexpr std::size_t kMaxValidationSentences = 10'000;  // That every voice says.

inline constexpr std::size_t kMaxThreads = 256;
inline constexpr std::uint64_t kMaxOnnxModelBytes = (2ULL << 30) - 1;  // As protobuf has it.
inline constexpr std::uint64_t kMaxOnnxValues = 1ULL << 28;            // Of one tensor.
inline constexpr std::size_t kMaxOnnxRank = 16;
inline constexpr std::size_t kMaxCachedOnnxSessions = 8;

// Of a network over time.
inline constexpr std::size_t kMaxNetworkLayers = 64;  // In one place of a configuration.
inline constexpr std::size_t kMaxNetworkChannels = 8'192;
inline constexpr std::size_t kMaxConvTaps = 1'024;
inline constexpr std::size_t kMaxConvDilation = 4'096;
inline constexpr std::size_t kMaxUpsampleRate = 512;
inline constexpr std::size_t kMaxHopSamples = 8'192;
inline constexpr std::size_t kMaxSubBands = 64;  // That a vocoder makes its sound of.
// The most mel frames that a stream of sound may be asked to take in one call.
inline constexpr std::size_t kMaxVocoderBlockFrames = 4'096;
// The most that a memory budget may be, in MiB: 1 TiB.
inline constexpr std::size_t kMaxMemoryBudgetMib = std::size_t{1} << 20;
// The most mel frames of an utterance that is made as a whole: ten minutes at 22.05 kHz.
inline constexpr std::size_t kMaxUtteranceFrames = 51'680;
// The same of WaveGlow, whose conditioning takes 7 MB a second: two minutes.
inline constexpr std::size_t kMaxWaveGlowFrames = 10'336;
inline constexpr std::size_t kMaxDiffusionSteps = 10'000;

inline constexpr std::size_t kMaxPngSide = 32'768;
inline constexpr std::size_t kMaxMeasuredFiles = 100'000;  // In one run.

inline constexpr std::size_t kMaxJsonDepth = 64;
inline constexpr std::size_t kMaxJsonValues = std::size_t{1} << 20;
inline constexpr std::size_t kMaxConfigFileBytes = std::size_t{16} << 20;

// Of weight files.
inline constexpr std::size_t kMaxSafetensorsHeaderBytes = 100'000'000;  // As its reference has it.
inline constexpr std::size_t kMaxWeightTensors = 65'536;
inline constexpr std::size_t kMaxWeightMetadata = 65'536;
inline constexpr std::size_t kMaxWeightMetadataBytes = std::size_t{1} << 20;  // Of one text.
inline constexpr std::size_t kMaxTensorNameBytes = 1'024;
inline constexpr std::size_t kMaxTensorRank = 16;
inline constexpr std::uint64_t kMaxTensorElements = 1ULL << 32;
// Tensors may share storage; together they may not ask for more values than this many a file byte.
inline constexpr std::uint64_t kMaxTensorElementsPerFileByte = 8;
inline constexpr std::size_t kMaxPickleBytes = std::size_t{16} << 20;
inline constexpr std::size_t kMaxPickleNodes = std::size_t{1} << 20;  // Values, and memo entries.
inline constexpr std::size_t kMaxPickleItems = std::size_t{1} << 22;  // Of all lists and dicts.
inline constexpr std::size_t kMaxPickleDepth = 64;
inline constexpr std::size_t kMaxZipEntries = 131'072;
inline constexpr std::size_t kMaxZipNameBytes = 1'024;
inline constexpr std::uint64_t kMaxInflatedBytes = 1ULL << 30;  // Of one entry of a zip file.
// What inflates to more than the first of these may not be packed tighter than the second.
inline constexpr std::uint64_t kFreelyInflatedBytes = 16ULL << 20;
inline constexpr std::uint64_t kMaxInflationRatio = 100;
inline constexpr std::size_t kMaxNpyHeaderBytes = std::size_t{1} << 16;

// Of the models that read English.
inline constexpr std::size_t kMaxTaggerWords = 1'000'000;
inline constexpr std::size_t kMaxHomographs = 10'000;
inline constexpr std::size_t kMaxHomographBits = 24;  // Of a table of 2^bits weights.

// Of a catalogue of models, of one model in it, and of a model's name.
inline constexpr std::size_t kMaxCatalogueModels = 10'000;
inline constexpr std::size_t kMaxModelFiles = 1'000;
inline constexpr std::size_t kMaxModelNameBytes = 64;
// Of the server: one request's head, its JSON, a sound that is sent to be measured, a message of a
// WebSocket, a line and a header of Wyoming, and the requests that one client sends ahead.
inline constexpr std::size_t kMaxHttpHeaderBytes = std::size_t{16} << 10;
inline constexpr std::size_t kMaxJsonRequestBytes = std::size_t{1} << 20;
inline constexpr std::size_t kMaxUploadBytes = std::size_t{64} << 20;
inline constexpr std::size_t kMaxSocketMessageBytes = std::size_t{64} << 10;
inline constexpr std::size_t kMaxWyomingLineBytes = std::size_t{64} << 10;
inline constexpr std::size_t kMaxWyomingPayloadBytes = std::size_t{1} << 20;
inline constexpr std::size_t kMaxPipelinedBytes = std::size_t{64} << 10;
inline constexpr std::size_t kMaxApiKeys = 10'000;

}  // namespace syrinx::limits
