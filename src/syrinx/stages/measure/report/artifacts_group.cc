// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "syrinx/stages/measure/artifacts/artifacts.h"
#include "syrinx/stages/measure/reference/alignment.h"
#include "syrinx/stages/measure/report/group_sheet.h"
#include "syrinx/stages/measure/report/groups.h"

namespace syrinx::measure {
namespace {

// The reference where the sound has it, and silence where the sound is alone: as long as the sound.
Result<AudioBuffer> laid_along(AudioView audio, AudioView reference) {
  const AudioView mono(audio.channel(0), audio.sample_rate_hz());
  SYRINX_ASSIGN(const Alignment found, find_alignment(reference, mono));
  AudioBuffer along(1, audio.frames(), audio.sample_rate_hz());
  const std::span<float> to = along.channel(0);
  std::fill(to.begin(), to.end(), 0.0F);
  const auto from = reference.channel(0).subspan(found.reference_begin, found.frames);
  std::copy(from.begin(), from.end(), to.subspan(found.degraded_begin).begin());
  return along;
}

Result<std::vector<Artifact>> find_all(AudioView audio, const AudioBuffer* reference) {
  if (reference == nullptr) return find_artifacts(audio);
  SYRINX_ASSIGN(const AudioBuffer along, laid_along(audio, *reference));
  return find_artifacts(audio, along.view());
}

}  // namespace

void report_artifacts(AudioView audio, const AudioBuffer* reference, SoundReport& report) {
  GroupSheet sheet(report, "artifacts");
  auto found = find_all(audio, reference);
  if (!found) return sheet.miss("artifacts", found.error());
  sheet.add("found", static_cast<double>(found->size()), "");
  report.artifacts = std::move(*found);
}

}  // namespace syrinx::measure
