// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/convert_sound.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "syrinx/apps/cli/convert_report.h"
#include "syrinx/core/io/audio_file.h"

namespace syrinx::cli {
namespace {

using nlohmann::json;

constexpr int kMostPasses = 3;

Result<std::vector<conversion::ProsodyFrame>> hear(const OpenSource& open, const ConvertPlan& plan,
                                                   const std::stop_token& stop) {
  SYRINX_ASSIGN(auto source, open());
  SYRINX_ASSIGN(const auto sound, make_sound(std::move(source), plan));
  return conversion::hear_prosody(*sound, stop);
}

Result<conversion::Prosody> prosody_of_file(const std::string& path, const std::stop_token& stop) {
  SYRINX_ASSIGN(auto reader, io::AudioReader::open(path));
  SYRINX_ASSIGN(const auto frames, conversion::hear_prosody(reader, stop));
  return conversion::summarise(frames);
}

// The plan with a change of manner on top.
ConvertPlan with_change(const ConvertPlan& plan, const conversion::StyleChange& change,
                        double loud_db) {
  ConvertPlan changed = plan;
  auto& settings = changed.options.transform.settings;
  settings.pitch_ratio *= change.pitch_ratio;
  settings.intonation *= change.intonation;
  settings = voice::limited(settings);
  changed.options.speed = std::clamp(plan.options.speed * change.speed, 0.25, 4.0);
  changed.dynamics = change.dynamics;
  changed.loud_db = loud_db;
  return changed;
}

json change_json(const conversion::StyleChange& change) {
  return {{"pitch_ratio", change.pitch_ratio},
          {"intonation", change.intonation},
          {"speed", change.speed},
          {"dynamics", change.dynamics},
          {"limits", change.limits}};
}

}  // namespace

Result<std::unique_ptr<AudioSource>> make_sound(std::unique_ptr<AudioSource> source,
                                                const ConvertPlan& plan) {
  std::unique_ptr<AudioSource> sound;
  if (plan.emotions) {
    if (plan.options.tool != conversion::Tool::kGrains)
      return make_error(ErrorCode::kInvalidArgument,
                        "emotions that change over time are for the grains; leave --tool out");
    if (plan.options.speed != 1.0)
      return make_error(ErrorCode::kInvalidArgument,
                        "emotions that change over time keep the pace; leave --speed out, or "
                        "change the result once more");
    SYRINX_ASSIGN(sound, conversion::with_emotions(std::move(source), plan.options.transform,
                                                   *plan.emotions, plan.seconds));
  } else {
    SYRINX_ASSIGN(sound, conversion::make_conversion(std::move(source), plan.options));
  }
  if (plan.dynamics == 1.0) return sound;
  return conversion::with_dynamics(std::move(sound), plan.loud_db, plan.dynamics);
}

double asked_pitch_ratio(const ConvertPlan& plan) {
  const auto& settings = plan.options.transform.settings;
  if (!plan.emotions) return settings.pitch_ratio;
  constexpr int kPlaces = 101;
  const double whole = plan.emotions->is_share ? 1.0 : plan.seconds;
  std::vector<double> ratios;
  for (int i = 0; i < kPlaces; ++i)
    ratios.push_back(
        conversion::with_emotion(settings, plan.emotions->at(whole * i / (kPlaces - 1.0)))
            .pitch_ratio);
  std::nth_element(ratios.begin(), ratios.begin() + kPlaces / 2, ratios.end());
  return ratios[kPlaces / 2];
}

Result<json> take_style(const std::string& reference, conversion::Keep keep, const OpenSource& open,
                        ConvertPlan& plan, const std::stop_token& stop) {
  SYRINX_ASSIGN(const auto wanted, prosody_of_file(reference, stop));
  SYRINX_ASSIGN(const auto frames, hear(open, plan, stop));
  const conversion::Prosody before = conversion::summarise(frames);
  SYRINX_ASSIGN(auto change, conversion::change_of_style(before, wanted, keep));
  const double loud_db = before.level_db + 0.5 * before.dynamics_db;
  const ConvertPlan first = plan;
  double nearest = 1e300;
  json found;
  int passes = 0;
  while (passes < kMostPasses) {
    ++passes;
    const ConvertPlan changed = with_change(first, change, loud_db);
    SYRINX_ASSIGN(const auto heard, hear(open, changed, stop));
    const conversion::Prosody made = conversion::summarise(heard);
    const double distance = conversion::style_distance(made, wanted, keep);
    if (distance >= nearest) break;
    nearest = distance;
    plan = changed;
    found = {{"result", prosody_json(made)},
             {"change", change_json(change)},
             {"octaves_off", distance},
             {"consistency", consistency_json(conversion::style_consistency(heard))}};
    change = conversion::corrected(change, made, wanted, keep);
  }
  found["file"] = reference;
  found["passes"] = passes;
  found["source"] = prosody_json(before);
  found["reference"] = prosody_json(wanted);
  found["octaves_off_before"] = conversion::style_distance(before, wanted, keep);
  return found;
}

bool emotions_change(const std::string& text) {
  std::error_code ignored;
  return conversion::is_transition(text) || std::filesystem::is_regular_file(text, ignored);
}

Result<conversion::EmotionTimeline> read_emotions(const std::string& text_or_file) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(text_or_file, ignored))
    return conversion::parse_transition(text_or_file);
  std::ifstream file(text_or_file, std::ios::binary);
  std::string text(conversion::kMostTimelineBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad() || !file.is_open())
    return make_error(ErrorCode::kIo, "cannot read the timeline ", text_or_file);
  text.resize(static_cast<std::size_t>(file.gcount()));
  return conversion::parse_timeline(text);
}

}  // namespace syrinx::cli
