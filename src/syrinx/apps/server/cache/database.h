// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace syrinx::server {

// One statement, bound and stepped. Ends with its database.
class Statement {
 public:
  Statement(sqlite3* database, std::string_view sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  Statement& bind(std::string_view text);
  Statement& bind(std::uint64_t number);
  // True for a row, false at the end. Error: kIo.
  Result<bool> step();
  // Runs it to its end. Error: kIo.
  Result<void> run();
  std::string text(int column) const;
  std::uint64_t number(int column) const;

 private:
  sqlite3* database_;
  sqlite3_stmt* statement_ = nullptr;
  int bound_ = 0;
};

// A database file. One thread at a time.
class Database {
 public:
  // Opens or makes it, for this process alone. Errors: kUnavailable (another process has it), kIo.
  static Result<Database> open(const std::filesystem::path& path);

  Result<void> run(std::string_view sql);
  Statement prepare(std::string_view sql) { return Statement(handle_.get(), sql); }

 private:
  struct Close {
    void operator()(sqlite3* database) const noexcept;
  };
  explicit Database(sqlite3* handle) : handle_(handle) {}

  std::unique_ptr<sqlite3, Close> handle_;
};

}  // namespace syrinx::server
