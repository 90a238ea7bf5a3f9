// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/text/script/script.h"

// What kind of writing a text is, and what of it is to be read aloud.
namespace syrinx::text {

enum class InputKind { kPlain, kMarkdown, kHtml, kEmail, kChat, kSsml };

inline constexpr auto kInputKinds =
    std::to_array({InputKind::kPlain, InputKind::kMarkdown, InputKind::kHtml, InputKind::kEmail,
                   InputKind::kChat, InputKind::kSsml});

// "plain", "markdown", "html", "email", "chat", "ssml", and back.
std::string_view name_of(InputKind kind) noexcept;
std::optional<InputKind> input_kind(std::string_view name) noexcept;

// Guesses from the first limits::kMaxDetectedBytes what `source` is. Plain unless there is good
// evidence: a lone asterisk makes no Markdown.
InputKind detect_input(std::string_view source);

// Read the source as that kind; see each kind's file for what is said and what is skipped. Errors:
// kLimitExceeded above limits::kMaxMarkupBytes; kCorruptData where the kind's parser gives up.
Result<Script> read_markdown(std::string_view source);
Result<Script> read_html(std::string_view source);
Result<Script> read_email(std::string_view source);
Result<Script> read_chat(std::string_view source);
Result<Script> read_plain(std::string_view source);

}  // namespace syrinx::text
