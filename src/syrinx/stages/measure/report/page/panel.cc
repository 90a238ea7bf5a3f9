// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/report/page/panel.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "syrinx/stages/measure/report/page/html.h"
#include "syrinx/stages/measure/ticks.h"

namespace syrinx::measure::html {
namespace {

constexpr double kPixelsPerValueTick = 36.0;
constexpr double kMostTimeTicks = 10.0;

std::string value_axis(const Panel& panel) {
  std::string out = "<div class=\"values\" aria-hidden=\"true\">";
  const ValueAxis& axis = panel.axis;
  for (const Tick& tick : ticks(axis, std::max(1.0, panel.height_px / kPixelsPerValueTick))) {
    const double share = (tick.value - axis.low) / (axis.high - axis.low);
    const char* edge = share < 0.02 ? " class=\"low\"" : share > 0.98 ? " class=\"high\"" : "";
    out += "<span" + std::string(edge) + " style=\"bottom:" + percent(share, 1.0) + "\">" +
           escape(tick.label) + "</span>";
  }
  return out + "<b>" + escape(axis.unit) + "</b></div>";
}

std::string value_lines(const Panel& panel) {
  std::string out;
  const ValueAxis& axis = panel.axis;
  for (const Tick& tick : ticks(axis, std::max(1.0, panel.height_px / kPixelsPerValueTick))) {
    out +=
        "<i class=\"line\" style=\"bottom:" + percent(tick.value - axis.low, axis.high - axis.low) +
        "\"></i>";
  }
  return out;
}

// Every other label goes away on a narrow screen.
std::string time_axis(double seconds) {
  std::string out = "<div class=\"times\" aria-hidden=\"true\">";
  std::size_t index = 0;
  for (const Tick& tick : ticks({0.0, seconds, "s"}, kMostTimeTicks)) {
    out += "<span" + std::string(index++ % 2 == 1 ? " class=\"odd\"" : "") +
           " style=\"left:" + percent(tick.value, seconds) + "\">" + escape(tick.label) + "</span>";
  }
  return out + "<b>s</b></div>";
}

}  // namespace

std::vector<Tick> ticks(const ValueAxis& axis, double most) {
  std::vector<Tick> marks;
  const double low = axis.low * axis.tick_scale;
  const double range = (axis.high - axis.low) * axis.tick_scale;
  if (!(range > 0.0) || !std::isfinite(range) || !std::isfinite(low)) return marks;
  const double step = tick_step(range, most);
  const double first = std::ceil(low / step - 1e-9);
  for (double k = first; k * step <= low + range * (1.0 + 1e-9); k += 1.0) {
    std::string label = tick_label(k * step, step);
    if (label.starts_with('-')) label.replace(0, 1, "\u2212");
    marks.push_back({k * step / axis.tick_scale, std::move(label)});
  }
  return marks;
}

std::string svg(std::string_view body) {
  const std::string side = number(kPlane, 0);
  return "<svg viewBox=\"0 0 " + side + " " + side + "\" preserveAspectRatio=\"none\" " +
         "aria-hidden=\"true\" focusable=\"false\">" + std::string(body) + "</svg>";
}

std::string picture(std::string_view uri) {
  return "<img alt=\"\" src=\"" + std::string(uri) + "\">";
}

std::string legend_entry(std::string_view css_class, std::string_view name) {
  return "<span class=\"key\"><svg viewBox=\"0 0 24 8\" aria-hidden=\"true\"><path class=\"" +
         std::string(css_class) + "\" d=\"M0 4H24\"/></svg>" + escape(name) + "</span>";
}

std::string render(const Panel& panel) {
  std::string out = "<figure class=\"panel\"><figcaption><h3>" + escape(panel.title) + "</h3>";
  if (!panel.legend.empty()) out += "<div class=\"legend\">" + panel.legend + "</div>";
  out += "<p>" + escape(panel.description) + "</p></figcaption><div class=\"plot\">";
  out += panel.has_axis ? value_axis(panel)
                        : "<div class=\"values\" aria-hidden=\"true\">" + panel.labels + "</div>";
  out += "<div class=\"area\" role=\"img\" aria-label=\"" + escape(panel.alternative) +
         "\" style=\"height:" + std::to_string(panel.height_px) + "px\">";
  out += panel.content;
  if (panel.has_axis) out += value_lines(panel);
  out += "<i class=\"cursor\"></i></div>" + time_axis(panel.seconds) + "</div></figure>\n";
  return out;
}

}  // namespace syrinx::measure::html
