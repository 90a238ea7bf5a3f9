// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/page/assets.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "syrinx/core/base/embed.h"
#include "syrinx/core/base/sha256.h"

SYRINX_EMBED(syrinx_page_index_html, SYRINX_WEB "/index.html");
SYRINX_EMBED(syrinx_page_style_css, SYRINX_WEB "/style.css");
SYRINX_EMBED(syrinx_page_icon_svg, SYRINX_WEB "/icon.svg");
SYRINX_EMBED(syrinx_page_app_js, SYRINX_WEB "/app.js");
SYRINX_EMBED(syrinx_page_batches_js, SYRINX_WEB "/batches.js");
SYRINX_EMBED(syrinx_page_chart_js, SYRINX_WEB "/chart.js");
SYRINX_EMBED(syrinx_page_editor_js, SYRINX_WEB "/editor.js");
SYRINX_EMBED(syrinx_page_lexicon_js, SYRINX_WEB "/lexicon.js");
SYRINX_EMBED(syrinx_page_live_js, SYRINX_WEB "/live.js");
SYRINX_EMBED(syrinx_page_page_js, SYRINX_WEB "/page.js");
SYRINX_EMBED(syrinx_page_pictures_js, SYRINX_WEB "/pictures.js");
SYRINX_EMBED(syrinx_page_player_js, SYRINX_WEB "/player.js");
SYRINX_EMBED(syrinx_page_say_js, SYRINX_WEB "/say.js");
SYRINX_EMBED(syrinx_page_server_js, SYRINX_WEB "/server.js");
SYRINX_EMBED(syrinx_page_text_js, SYRINX_WEB "/text.js");
SYRINX_EMBED(syrinx_page_voices_js, SYRINX_WEB "/voices.js");

namespace syrinx::server::page {
namespace {

constexpr std::string_view kHtml = "text/html; charset=utf-8";
constexpr std::string_view kCss = "text/css; charset=utf-8";
constexpr std::string_view kScript = "text/javascript; charset=utf-8";
constexpr std::string_view kSvg = "image/svg+xml";
constexpr std::size_t kEtagDigits = 16;

Asset made(std::string_view path, std::string_view content_type, const std::byte* begin,
           const std::byte* end) {
  const std::span bytes(begin, end);
  return {path,
          content_type,
          {reinterpret_cast<const char*>(bytes.data()), bytes.size()},
          "\"" + sha256_hex(bytes).substr(0, kEtagDigits) + "\""};
}

#define SYRINX_ASSET(path, type, name) made(path, type, name##_begin, name##_end)

std::array<Asset, 16> make_assets() {
  return {SYRINX_ASSET("/", kHtml, syrinx_page_index_html),
          SYRINX_ASSET("/style.css", kCss, syrinx_page_style_css),
          SYRINX_ASSET("/icon.svg", kSvg, syrinx_page_icon_svg),
          SYRINX_ASSET("/app.js", kScript, syrinx_page_app_js),
          SYRINX_ASSET("/batches.js", kScript, syrinx_page_batches_js),
          SYRINX_ASSET("/chart.js", kScript, syrinx_page_chart_js),
          SYRINX_ASSET("/editor.js", kScript, syrinx_page_editor_js),
          SYRINX_ASSET("/lexicon.js", kScript, syrinx_page_lexicon_js),
          SYRINX_ASSET("/live.js", kScript, syrinx_page_live_js),
          SYRINX_ASSET("/page.js", kScript, syrinx_page_page_js),
          SYRINX_ASSET("/pictures.js", kScript, syrinx_page_pictures_js),
          SYRINX_ASSET("/player.js", kScript, syrinx_page_player_js),
          SYRINX_ASSET("/say.js", kScript, syrinx_page_say_js),
          SYRINX_ASSET("/server.js", kScript, syrinx_page_server_js),
          SYRINX_ASSET("/text.js", kScript, syrinx_page_text_js),
          SYRINX_ASSET("/voices.js", kScript, syrinx_page_voices_js)};
}

}  // namespace

std::span<const Asset> assets() {
  static const auto all = make_assets();
  return all;
}

const Asset* find_asset(std::string_view path) {
  const auto all = assets();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [path](const Asset& asset) { return asset.path == path; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace syrinx::server::page
