// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/ssml/item_writer.h"

#include <algorithm>
#include <utility>

namespace syrinx::text {
namespace {

ScriptItem text_item(const TextManner& manner) {
  ScriptItem item;
  item.style = manner.style;
  item.say_as = manner.say_as;
  item.part_of_speech = manner.part_of_speech;
  return item;
}

}  // namespace

bool is_blank(std::string_view text) noexcept {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

void ItemWriter::append(MappedText& text, std::string_view made, SourceSpan from) const {
  if (made.size() != from.size()) {
    text.append(made, shifted(from));
    return;
  }
  for (std::size_t i = 0; i < made.size(); ++i) {
    text.append(made.substr(i, 1), shifted({from.begin + i, from.begin + i + 1}));
  }
}

void ItemWriter::add_text(std::string_view text, SourceSpan from, const TextManner& manner) {
  const bool blank = is_blank(text);
  if (!text_is_open_) {
    if (blank && boundary_) return;
    items_.push_back(text_item(manner));
    text_is_open_ = true;
  }
  if (!blank) boundary_.reset();
  ScriptItem& item = items_.back();
  append(item.text, text, from);
  item.source = item.text.source();
}

void ItemWriter::add_whole(MappedText text, const TextManner& manner,
                           std::optional<Pronunciation> pronunciation) {
  ScriptItem item = text_item(manner);
  item.text = std::move(text);
  item.source = item.text.source();
  item.pronunciation = std::move(pronunciation);
  items_.push_back(std::move(item));
  interrupt();
  boundary_.reset();
}

void ItemWriter::add(ScriptItem item) {
  if (item.kind == ScriptItemKind::kAudio) boundary_.reset();
  item.source = shifted(item.source);
  items_.push_back(std::move(item));
  interrupt();
}

void ItemWriter::add_boundary(ScriptItemKind kind, SourceSpan at) {
  interrupt();
  const auto is_blank_text = [](const ScriptItem& item) {
    return item.kind == ScriptItemKind::kText && !item.pronunciation && is_blank(item.text.text());
  };
  while (!items_.empty() && is_blank_text(items_.back())) items_.pop_back();
  if (boundary_ == kind || boundary_ == ScriptItemKind::kParagraphEnd) return;
  const bool replaces = boundary_ && !items_.empty() && items_.back().kind == *boundary_;
  boundary_ = kind;
  if (replaces) {
    items_.back().kind = kind;
    return;
  }
  ScriptItem item;
  item.kind = kind;
  item.source = shifted(at);
  items_.push_back(std::move(item));
}

namespace {

double contour_at(const std::vector<ContourPoint>& points, double position) {
  const auto after = std::find_if(points.begin(), points.end(), [&](const ContourPoint& point) {
    return point.position >= position;
  });
  if (after == points.end()) return points.back().semitones;
  if (after == points.begin() || after->position == position) return after->semitones;
  const auto before = after - 1;
  const double share = (position - before->position) / (after->position - before->position);
  return before->semitones + share * (after->semitones - before->semitones);
}

// The part of a contour between two positions, as a contour of its own.
std::vector<ContourPoint> part_of(const std::vector<ContourPoint>& points, double begin,
                                  double end) {
  std::vector<ContourPoint> part{{0.0, contour_at(points, begin)}};
  for (const ContourPoint& point : points) {
    if (point.position > begin && point.position < end)
      part.push_back({(point.position - begin) / (end - begin), point.semitones});
  }
  part.push_back({1.0, contour_at(points, end)});
  return part;
}

}  // namespace

void spread_contour(const std::vector<ContourPoint>& points, std::vector<ScriptItem>& items,
                    std::size_t first) {
  if (points.empty()) return;
  double all_bytes = 0;
  for (std::size_t i = first; i < items.size(); ++i) {
    all_bytes += static_cast<double>(items[i].text.size());
  }
  double bytes_before = 0;
  for (std::size_t i = first; i < items.size(); ++i) {
    const double begin = bytes_before / all_bytes;
    bytes_before += static_cast<double>(items[i].text.size());
    const bool takes = !items[i].text.empty() && items[i].style.contour.empty();
    if (takes) items[i].style.contour = part_of(points, begin, bytes_before / all_bytes);
  }
}

}  // namespace syrinx::text
