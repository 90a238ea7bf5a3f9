// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "syrinx/core/base/result.h"

// Where commands that change several sounds write them.
namespace syrinx::cli {

// Whether -o means a folder: one that is there, or a name that ends in '/'.
bool is_folder(const std::string& path);

// Makes the folder, and those above it, unless they are there. Errors: kIo.
Result<void> make_folder(const std::string& path);

// The name of a result in the folder: the input's ("standard_input.wav" for -), with `mark` before
// its extension, and the extension of `format` unless that is empty.
std::string name_in_folder(const std::string& folder, const std::string& input,
                           const std::string& format, const std::string& mark = "");

// kInvalidArgument: two results have the same name.
Error same_output_error(const std::string& path);

}  // namespace syrinx::cli
