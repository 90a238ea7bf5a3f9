// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

// A picture over time with its axes. Labels are text of the page, placed by shares of the plot, so
// that they keep their size when the plot is stretched to the reader's window.
namespace syrinx::measure::html {

// What the vertical axis spans.
struct ValueAxis {
  double low = 0.0;
  double high = 1.0;
  std::string unit;
  double tick_scale = 1.0;  // What is written is the value times this: 0.001 for Hz as kHz.
};

struct Panel {
  std::string title;
  std::string description;  // One or two sentences, shown.
  std::string alternative;  // What a reader who cannot see the plot is told.
  std::string content;      // HTML that fills the plot; see svg() and picture().
  std::string legend;       // HTML, may be empty.
  ValueAxis axis;
  bool has_axis = true;  // Otherwise `labels` stands where the axis would.
  std::string labels;    // HTML.
  double seconds = 0.0;  // What the horizontal axis spans, from 0.
  int height_px = 160;
};

// The panel as <figure>. Only `content`, `labels` and `legend` are taken as HTML; the rest is
// escaped.
std::string render(const Panel& panel);

// Where the marks of an axis are, low to high, and what they say.
struct Tick {
  double value;
  std::string label;
};
std::vector<Tick> ticks(const ValueAxis& axis, double most);

// The drawing of a panel: `body` in a plane of kPlane by kPlane, stretched over the plot.
inline constexpr double kPlane = 1000.0;
std::string svg(std::string_view body);
// A raster picture stretched over the plot. `uri` is a data URI of our own making.
std::string picture(std::string_view uri);

// "legend" entry: a sample of the curve's class and its name.
std::string legend_entry(std::string_view css_class, std::string_view name);

}  // namespace syrinx::measure::html
