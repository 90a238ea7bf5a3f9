// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "syrinx/stages/measure/report/sound_report.h"

// Figures as HTML, with what they mean.
namespace syrinx::measure::html {

// A figure's title: its explanation's, or its name in words.
std::string title_of(std::string_view figure_name);

// Group by group: name, value, unit, meaning.
std::string figure_table(std::span<const Figure> figures);

// What could not be measured and why. Empty for none.
std::string missing_table(std::span<const MissingFigure> missing);

// Each artifact; buttons that play it where there is a player. Empty for none.
std::string artifact_table(std::span<const Artifact> artifacts, bool playable);

// The few figures that people ask for first, large.
std::string headline_tiles(std::span<const Figure> figures);

// "44.1 kHz, 2 channels, 1:02.35".
std::string facts_of(const SoundReport& report);

// A paragraph for each.
std::string paragraphs(std::span<const std::string> sentences);

}  // namespace syrinx::measure::html
