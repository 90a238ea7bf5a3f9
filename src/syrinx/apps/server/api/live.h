// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "syrinx/apps/server/http/exchange.h"

namespace syrinx::server {

// Tells everyone who watches the same text once a second, made only when somebody does.
class LiveFeed {
 public:
  explicit LiveFeed(std::function<std::string()> make_text);

  // Any thread.
  void add(std::shared_ptr<http::Socket> socket);
  void remove(const std::shared_ptr<http::Socket>& socket);

 private:
  void run(const std::stop_token& stop);

  const std::function<std::string()> make_text_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::vector<std::shared_ptr<http::Socket>> sockets_;
  std::jthread thread_;  // Last: it ends before what it uses goes.
};

}  // namespace syrinx::server
