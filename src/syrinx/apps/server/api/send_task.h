// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "syrinx/apps/server/api/core.h"

namespace syrinx::server {

// A piece of an answer: bytes, then a file.
struct SendPart {
  std::string bytes = {};
  std::filesystem::path file = {};  // "" for none.
  std::uint64_t file_bytes = 0;     // Its size; one that has another by now cuts the answer short.
};

// Sends an answer that is too large for memory, a block a step, as fast as the client takes it.
class SendTask final : public work::Task {
 public:
  SendTask(std::shared_ptr<Call> call, http::Response head, std::deque<SendPart> parts);

  Next step() override;
  void expired() override;

 private:
  static constexpr std::size_t kBlockBytes = std::size_t{256} << 10;
  static constexpr std::size_t kMostPendingBytes = std::size_t{512} << 10;

  bool send_block();
  Next over(int status, std::string_view outcome);

  const std::shared_ptr<Call> call_;
  http::Response head_;
  std::deque<SendPart> parts_;
  std::ifstream file_;
  std::uint64_t left_ = 0;  // Of the file.
  bool begun_ = false;
};

}  // namespace syrinx::server
