// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

// What all pages share: head, style, scripts. A page is one file that asks nothing of anywhere: its
// own security policy forbids it.
namespace syrinx::measure::html {

// Plays one sound and moves the cursor over the pictures.
std::string_view sound_script() noexcept;
// Plays several in step, switches without a gap, and tests blind.
std::string_view compare_script() noexcept;
// Sorts tables by a column and shows or hides groups of columns.
std::string_view table_script() noexcept;

struct Page {
  std::string title;        // Escaped by render().
  std::string body;         // HTML.
  std::string_view script;  // One of the above; may be empty.
};

std::string render(const Page& page);

}  // namespace syrinx::measure::html
