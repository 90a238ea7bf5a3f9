// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/cache/database.h"

#include <sqlite3.h>

namespace syrinx::server {
namespace {

Error failure(sqlite3* database, int code) {
  const bool taken = code == SQLITE_BUSY || code == SQLITE_LOCKED;
  return make_error(taken ? ErrorCode::kUnavailable : ErrorCode::kIo, "an index in SQLite: ",
                    taken ? "another process has it"
                          : (database != nullptr ? sqlite3_errmsg(database) : "no memory"));
}

}  // namespace

Statement::Statement(sqlite3* database, std::string_view sql) : database_(database) {
  sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &statement_, nullptr);
}
Statement::~Statement() { sqlite3_finalize(statement_); }

Statement& Statement::bind(std::string_view text) {
  sqlite3_bind_text(statement_, ++bound_, text.data(), static_cast<int>(text.size()),
                    SQLITE_TRANSIENT);
  return *this;
}

Statement& Statement::bind(std::uint64_t number) {
  sqlite3_bind_int64(statement_, ++bound_, static_cast<sqlite3_int64>(number));
  return *this;
}

Result<bool> Statement::step() {
  if (statement_ == nullptr) return failure(database_, sqlite3_errcode(database_));
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW || code == SQLITE_DONE) return code == SQLITE_ROW;
  return failure(database_, code);
}

Result<void> Statement::run() {
  for (;;) {
    SYRINX_ASSIGN(const bool row, step());
    if (!row) return {};
  }
}

std::string Statement::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  const auto count = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return bytes == nullptr ? std::string() : std::string(bytes, count);
}

std::uint64_t Statement::number(int column) const {
  return static_cast<std::uint64_t>(sqlite3_column_int64(statement_, column));
}

void Database::Close::operator()(sqlite3* database) const noexcept { sqlite3_close_v2(database); }

Result<Database> Database::open(const std::filesystem::path& path) {
  sqlite3* handle = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &handle,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  Database database(handle);
  if (code != SQLITE_OK) return failure(handle, code);
  // Exclusive: the write-ahead log then needs no shared memory, and nobody else may write.
  SYRINX_TRY(database.run("PRAGMA locking_mode = EXCLUSIVE"));
  SYRINX_TRY(database.run("PRAGMA journal_mode = WAL"));
  SYRINX_TRY(database.run("PRAGMA synchronous = NORMAL"));
  SYRINX_TRY(database.run("BEGIN IMMEDIATE"));
  SYRINX_TRY(database.run("COMMIT"));
  return database;
}

Result<void> Database::run(std::string_view sql) { return prepare(sql).run(); }

}  // namespace syrinx::server
