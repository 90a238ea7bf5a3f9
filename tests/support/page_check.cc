// SPDX-License-Identifier: Apache-2.0
#include "support/page_check.h"

#include <algorithm>
#include <map>
#include <set>

#include "syrinx/core/io/audio_file.h"
#include "syrinx/core/io/png/png_file.h"

namespace syrinx::support {
namespace {

const std::set<std::string, std::less<>> kVoidTags = {"meta", "link", "img", "br", "input"};

struct Tag {
  std::string name;
  std::map<std::string, std::string> attributes;
  bool closes = false;
  bool self_closed = false;
};

// Reads tags one by one; text, comments and what stands in <script> and <style> is passed over.
class Reader {
 public:
  explicit Reader(const std::string& html) : html_(html) {}

  bool next(Tag& tag, std::vector<std::string>& faults) {
    if (!raw_until_.empty()) {
      at_ = html_.find(raw_until_, at_);
      raw_until_.clear();
    }
    at_ = html_.find('<', at_);
    if (at_ == std::string::npos) return false;
    ++at_;
    tag = {};
    if (html_[at_] == '!') return skip_declaration(tag, faults);
    if (html_[at_] == '/') {
      tag.closes = true;
      ++at_;
    }
    tag.name = word();
    if (tag.name.empty()) faults.push_back("a '<' that begins no tag");
    while (attribute(tag, faults)) {
    }
    if (!tag.closes && (tag.name == "script" || tag.name == "style"))
      raw_until_ = "</" + tag.name + ">";
    return true;
  }

 private:
  bool skip_declaration(Tag& tag, std::vector<std::string>& faults) {
    at_ = html_.find('>', at_);
    return next(tag, faults);
  }

  std::string word() {
    const std::size_t begin = at_;
    while (at_ < html_.size() && (std::isalnum(static_cast<unsigned char>(html_[at_])) != 0 ||
                                  html_[at_] == '-' || html_[at_] == '_'))
      ++at_;
    return html_.substr(begin, at_ - begin);
  }

  bool attribute(Tag& tag, std::vector<std::string>& faults) {
    while (at_ < html_.size() && (html_[at_] == ' ' || html_[at_] == '\n')) ++at_;
    if (at_ >= html_.size()) return false;
    if (html_[at_] == '/') {
      tag.self_closed = true;
      ++at_;
      return true;
    }
    if (html_[at_] == '>') return false;
    const std::string name = word();
    if (name.empty()) {
      faults.push_back("in <" + tag.name +
                       "> something that is no attribute: " + html_.substr(at_, 20));
      at_ = html_.find('>', at_);
      return false;
    }
    if (html_[at_] != '=') {
      tag.attributes[name] = "";
      return true;
    }
    if (html_[++at_] != '"') {
      faults.push_back("an attribute without quotes in <" + tag.name + ">");
      return false;
    }
    const std::size_t end = html_.find('"', ++at_);
    tag.attributes[name] = html_.substr(at_, end - at_);
    at_ = end + 1;
    return true;
  }

  const std::string& html_;
  std::size_t at_ = 0;
  std::string raw_until_;
};

std::vector<std::uint8_t> from_base64(std::string_view text) {
  std::vector<std::uint8_t> bytes;
  std::uint32_t group = 0;
  int bits = 0;
  for (const char c : text) {
    const std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const std::size_t digit = digits.find(c);
    if (digit == std::string_view::npos) break;
    group = group << 6 | static_cast<std::uint32_t>(digit);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push_back(static_cast<std::uint8_t>(group >> bits));
  }
  return bytes;
}

void check_references(const Tag& tag, std::vector<std::string>& faults) {
  for (const char* name : {"src", "href", "action", "data", "poster", "srcset"}) {
    const auto found = tag.attributes.find(name);
    if (found == tag.attributes.end()) continue;
    const std::string& value = found->second;
    if (!value.starts_with("data:") && !value.starts_with("#"))
      faults.push_back("<" + tag.name + "> refers to " + value.substr(0, 60));
  }
  for (const auto& [name, value] : tag.attributes) {
    if (name.starts_with("on")) faults.push_back("<" + tag.name + "> has a handler " + name);
  }
  if (tag.name == "img" && !tag.attributes.contains("alt"))
    faults.push_back("a picture without an alternative");
}

void check_data(const std::string& html, std::vector<std::string>& faults) {
  for (const auto& bytes : page_data(html, "image/png")) {
    if (const auto image = io::decode_png(bytes); !image) faults.push_back(image.error().message);
  }
  for (const auto& bytes : page_data(html, "audio/flac")) {
    auto reader = io::AudioReader::from_memory(std::as_bytes(std::span(bytes)));
    if (!reader) {
      faults.push_back(reader.error().message);
    } else if (const auto audio = io::read_all(*reader); !audio || audio->empty()) {
      faults.push_back("a sound that is empty or does not decode");
    }
  }
}

}  // namespace

std::vector<std::string> page_faults(const std::string& html) {
  std::vector<std::string> faults, open;
  std::set<std::string> ids;
  Reader reader(html);
  for (Tag tag; reader.next(tag, faults) && faults.size() < 20;) {
    if (tag.closes) {
      if (open.empty() || open.back() != tag.name) {
        faults.push_back("</" + tag.name + "> closes <" + (open.empty() ? "" : open.back()) + ">");
        break;
      }
      open.pop_back();
      continue;
    }
    check_references(tag, faults);
    if (const auto id = tag.attributes.find("id"); id != tag.attributes.end()) {
      if (!ids.insert(id->second).second) faults.push_back("the id " + id->second + " comes twice");
    }
    if (!kVoidTags.contains(tag.name) && !tag.self_closed) open.push_back(tag.name);
  }
  for (const std::string& name : open) faults.push_back("<" + name + "> is never closed");
  for (const char* scheme : {"http://", "https://", "@import", "url("}) {
    if (html.find(scheme) != std::string::npos)
      faults.push_back(std::string("the page has ") + scheme + " in it");
  }
  check_data(html, faults);
  return faults;
}

std::vector<std::vector<std::uint8_t>> page_data(const std::string& html, std::string_view kind) {
  std::vector<std::vector<std::uint8_t>> found;
  const std::string begin = "data:" + std::string(kind) + ";base64,";
  for (std::size_t at = html.find(begin); at != std::string::npos; at = html.find(begin, at)) {
    at += begin.size();
    found.push_back(from_base64(std::string_view(html).substr(at, html.find('"', at) - at)));
  }
  return found;
}

}  // namespace syrinx::support
