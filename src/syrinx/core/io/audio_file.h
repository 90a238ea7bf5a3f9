// SPDX-License-Identifier: Apache-2.0
#pragma once

// Everything about audio files: what they can be, reading them, writing them.
#include "syrinx/core/io/audio_format.h"  // IWYU pragma: export
#include "syrinx/core/io/audio_reader.h"  // IWYU pragma: export
#include "syrinx/core/io/audio_writer.h"  // IWYU pragma: export
