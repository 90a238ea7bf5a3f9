// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "syrinx/core/io/store/model_store.h"

namespace syrinx::io {

struct PullOptions {
  // Asked before the entry's own URLs, in this order: a folder, or the start of an http(s) URL; the
  // file is looked for as <mirror>/<model>/<file>, then as <mirror>/<file>.
  std::vector<std::string> mirrors;
  bool only_mirrors = false;                   // Offline: never the entry's own URLs.
  int tries = 5;                               // Of each URL whose connection breaks.
  std::chrono::milliseconds first_pause{500};  // Before the second try; doubles each time.
  // Bytes of the whole model that are here, of all, and the file that is on its way.
  std::function<void(std::uint64_t done, std::uint64_t all, const std::string& file)> progress;
  std::function<void(const std::string& sentence)> note;  // A mirror that failed, a try again.
};

// Downloads the model and installs it; a model installed with the same files is left as it is. What
// was downloaded by a try that failed is used by the next. Waits for nobody: kUnavailable when
// another process pulls the same model. Errors: those of fetch() and of ModelStore::install() from
// the last place that was tried; kNotFound when there is no place to get a file from; kIo also when
// the disk has not enough room.
Result<InstalledModel> pull(const ModelStore& store, const ModelEntry& entry,
                            const PullOptions& options, const std::stop_token& stop);

}  // namespace syrinx::io
