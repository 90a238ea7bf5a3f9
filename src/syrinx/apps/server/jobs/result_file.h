// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "syrinx/apps/server/http/exchange.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/base/sha256.h"
#include "syrinx/core/io/byte_sink.h"

namespace syrinx::server {

// An answer that goes into a file instead of to a client. The file has its name once the answer has
// come to its end. One thread at a time, but for stop().
class ResultFile final : public http::Exchange {
 public:
  // Asked before so many bytes more are written; false: there is no room for them.
  using Room = std::function<bool(std::uint64_t bytes)>;

  // An empty path: the answer is thrown away.
  ResultFile(std::filesystem::path path, Room room);

  // Whoever makes the answer sees its client go.
  void stop() { stop_.request_stop(); }

  // Whether the answer is whole and, where there is a path, on disk under it.
  bool is_whole() const noexcept { return whole_; }
  // What went wrong with the file, if anything did.
  const std::optional<Error>& error() const noexcept { return error_; }
  const std::string& content_type() const noexcept { return content_type_; }
  // Written so far, and asked room for.
  std::uint64_t bytes() const noexcept { return bytes_; }
  // Of the whole answer. Once.
  std::string sha256() { return hash_.hex(); }

  const http::Request& request() const override { return request_; }
  void add_field(http::Field) override {}
  void respond(http::Response response) override;
  void begin(http::Response head) override;
  void write(std::string bytes) override;
  void end() override;
  void abort() override;
  bool is_upgrade() const override { return false; }
  void upgrade(std::unique_ptr<http::SocketHandler>) override {}
  std::size_t pending_bytes() const override { return 0; }
  void when_drained(std::function<void()> ready) override { ready(); }
  std::stop_token gone() const override { return stop_.get_token(); }

 private:
  void fail(Error error);

  const std::filesystem::path path_;
  const Room room_;
  const http::Request request_;
  std::unique_ptr<io::ByteSink> sink_;
  std::stop_source stop_;
  std::optional<Error> error_;
  std::string content_type_;
  std::uint64_t bytes_ = 0;
  Sha256 hash_;
  bool whole_ = false;
};

}  // namespace syrinx::server
