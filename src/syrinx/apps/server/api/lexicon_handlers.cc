// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "syrinx/apps/server/api/errors.h"
#include "syrinx/apps/server/api/handlers.h"
#include "syrinx/apps/server/api/one_step.h"
#include "syrinx/apps/server/speech/captions.h"
#include "syrinx/core/io/byte_sink.h"
#include "syrinx/stages/text/lexicon/user_lexicon.h"

namespace syrinx::server {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr const char* kName = "lexicon";
constexpr std::string_view kEmpty = "# word\tpronunciation\talphabet\tpart of speech\n";

Result<std::string> read_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) return make_error(ErrorCode::kIo, "the server's lexicon cannot be read");
  return text;
}

// The number that follows `mark` in a message.
std::optional<std::size_t> number_after(std::string_view message, std::string_view mark) {
  const std::size_t at = message.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  const char* const from = message.data() + at + mark.size();
  std::size_t number = 0;
  const auto [end, failed] = std::from_chars(from, message.data() + message.size(), number);
  return failed == std::errc() && end != from ? std::optional(number) : std::nullopt;
}

// Where in a line the pronunciation begins, which is what can be wrong; the line's end without one.
std::size_t column_of_mistake(std::string_view text, std::size_t line) {
  for (std::size_t i = 1; i < line; ++i)
    text.remove_prefix(std::min(text.find('\n') + 1, text.size()));
  text = text.substr(0, text.find('\n'));
  const std::size_t begin = std::min(text.find_first_not_of("\t ", text.find('\t')), text.size());
  const auto letters =
      std::count_if(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(begin),
                    [](char c) { return (c & 0xC0) != 0x80; });
  return static_cast<std::size_t>(letters) + 1;
}

http::Response mistake(const Error& error, std::string_view text) {
  const auto line = number_after(error.message, "line ");
  if (!line) return error_response(error);
  const std::size_t column = column_of_mistake(text, *line);
  const std::size_t begins = error.message.find(": ");
  return error_response(400, "line " + std::to_string(*line) + ", column " +
                                 std::to_string(column) + error.message.substr(begins));
}

json entry_json(const text::UserEntry& entry) {
  return {{"word", entry.word},
          {"pronunciation", entry.pronunciation},
          {"alphabet", entry.alphabet},
          {"part_of_speech", entry.part_of_speech},
          {"line", entry.line}};
}

http::Response lexicon_response(const fs::path& path) {
  const auto text = read_text(path);
  if (!text) return error_response(text.error());
  const auto entries = text::list_user_entries(path);
  if (!entries) return error_response(entries.error());
  json document = {{"text", *text}, {"entries", json::array()}};
  for (const text::UserEntry& entry : *entries) document["entries"].push_back(entry_json(entry));
  http::Response response;
  response.fields = {{"Cache-Control", "no-store"}};
  response.body = json_line(document);
  return response;
}

// Checks the whole text before a byte of it is written; readers see the old file or the new one.
http::Response replace_lexicon(const Policy& policy, std::string_view text) {
  const auto parsed = text::Lexicon::parse(text, kName, text::LexiconFormat::kTsv);
  if (!parsed) return mistake(parsed.error(), text);
  const fs::path& path = policy.options.own_lexicon;
  auto sink = io::make_file_sink(path);
  if (!sink) return error_response(sink.error());
  auto written = (*sink)->write_at(0, std::as_bytes(std::span(text)));
  if (written) written = (*sink)->finish();
  if (!written) return error_response(written.error());
  // From the next request on; another lexicon's mistake is none of this request's.
  (void)policy.lexicons->reload_changed().has_value();
  return lexicon_response(path);
}

// Lets a worker do it, where the server has a lexicon of its own.
void with_lexicon(Core& core, const std::shared_ptr<Call>& call,
                  http::Response (*act)(const Policy& policy, const Call& call)) {
  if (call->policy->options.own_lexicon.empty())
    return call->respond(
        error_response(404, "this server has no lexicon of its own; give --user-lexicon FILE"));
  answer_later(core, call,
               [call, act](const std::stop_token&) { return act(*call->policy, *call); });
}

}  // namespace

void get_lexicon(Core& core, const std::shared_ptr<Call>& call) {
  with_lexicon(core, call, [](const Policy& policy, const Call&) {
    return lexicon_response(policy.options.own_lexicon);
  });
}

void put_lexicon(Core& core, const std::shared_ptr<Call>& call) {
  with_lexicon(core, call, [](const Policy& policy, const Call& put) {
    return replace_lexicon(policy, put.request().body);
  });
}

void delete_lexicon(Core& core, const std::shared_ptr<Call>& call) {
  with_lexicon(core, call,
               [](const Policy& policy, const Call&) { return replace_lexicon(policy, kEmpty); });
}

}  // namespace syrinx::server
