// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/jobs/batch_store.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <random>
#include <utility>

#include "syrinx/apps/server/cache/database.h"

namespace syrinx::server {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kIdPrefix = "batch_";
constexpr std::size_t kIdDigits = 32;

constexpr const char* kTables[] = {
    "CREATE TABLE IF NOT EXISTS batches (id TEXT PRIMARY KEY, client TEXT NOT NULL,"
    " weight INTEGER NOT NULL, kind INTEGER NOT NULL, status INTEGER NOT NULL,"
    " metadata TEXT NOT NULL, created INTEGER NOT NULL, begun INTEGER NOT NULL,"
    " ended INTEGER NOT NULL, place INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS by_client ON batches (client, place)",
    "CREATE TABLE IF NOT EXISTS items (batch TEXT NOT NULL, number INTEGER NOT NULL,"
    " custom_id TEXT NOT NULL, form TEXT NOT NULL, body TEXT NOT NULL,"
    " characters INTEGER NOT NULL, status INTEGER NOT NULL, content_type TEXT NOT NULL,"
    " bytes INTEGER NOT NULL, sha256 TEXT NOT NULL, audio_us INTEGER NOT NULL,"
    " error TEXT NOT NULL, error_code INTEGER NOT NULL, PRIMARY KEY (batch, number))"
    " WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS by_status ON items (batch, status, number)"};

// Of ItemStatus: 2 completed, 3 failed.
constexpr const char* kBatchColumns =
    "SELECT b.id, b.client, b.weight, b.kind, b.status, b.metadata, b.created, b.begun, b.ended,"
    " COUNT(i.number), COALESCE(SUM(i.status = 2), 0), COALESCE(SUM(i.status = 3), 0),"
    " COALESCE(SUM(i.characters), 0), COALESCE(SUM(i.characters * (i.status IN (2, 3))), 0),"
    " COALESCE(SUM(i.bytes), 0), COALESCE(SUM(i.audio_us), 0)"
    " FROM batches b LEFT JOIN items i ON i.batch = b.id ";
constexpr const char* kItemColumns =
    "SELECT number, custom_id, form, characters, status, content_type, bytes, sha256, audio_us,"
    " error, error_code, body FROM items ";

constexpr double kMicro = 1e6;

template <class Value>
std::uint64_t number_of(Value value) {
  return static_cast<std::uint64_t>(value);
}

Batch batch_of(const Statement& row) {
  Batch batch;
  batch.id = row.text(0);
  batch.client = row.text(1);
  batch.weight = static_cast<double>(row.number(2)) / kMicro;
  batch.kind = static_cast<BatchKind>(row.number(3));
  batch.status = static_cast<BatchStatus>(row.number(4));
  batch.metadata = row.text(5);
  batch.created_at = row.number(6);
  batch.begun_at = row.number(7);
  batch.ended_at = row.number(8);
  batch.total = row.number(9);
  batch.completed = row.number(10);
  batch.failed = row.number(11);
  batch.characters = row.number(12);
  batch.characters_over = row.number(13);
  batch.bytes = row.number(14);
  batch.audio_s = static_cast<double>(row.number(15)) / kMicro;
  return batch;
}

BatchItem item_of(const Statement& row, bool with_body) {
  BatchItem item;
  item.number = row.number(0);
  item.custom_id = row.text(1);
  item.form = row.text(2);
  item.characters = row.number(3);
  item.status = static_cast<ItemStatus>(row.number(4));
  item.content_type = row.text(5);
  item.bytes = row.number(6);
  item.sha256 = row.text(7);
  item.audio_s = static_cast<double>(row.number(8)) / kMicro;
  item.error = row.text(9);
  item.error_code = static_cast<ErrorCode>(row.number(10));
  if (with_body) item.body = row.text(11);
  return item;
}

Error no_batch(const std::string& id) {
  return make_error(ErrorCode::kNotFound, "there is no batch '", id,
                    "'; GET /v1/batches lists yours");
}

}  // namespace

std::string new_batch_id() {
  std::random_device device;
  std::string id(kIdPrefix);
  for (std::size_t i = 0; i < kIdDigits; ++i) id += "0123456789abcdef"[device() & 0xFU];
  return id;
}

bool is_batch_id(std::string_view id) noexcept {
  return id.size() == kIdPrefix.size() + kIdDigits && id.substr(0, kIdPrefix.size()) == kIdPrefix &&
         id.find_first_not_of("0123456789abcdef", kIdPrefix.size()) == std::string_view::npos;
}

struct BatchStore::Impl {
  Impl(fs::path where, Database index) : folder(std::move(where)), database(std::move(index)) {}

  Result<void> make_tables() {
    SYRINX_TRY(database.run("PRAGMA synchronous = FULL"));
    for (const char* table : kTables) SYRINX_TRY(database.run(table));
    // What a former process was at is to be done, or cancelled, once more.
    SYRINX_TRY(database.run("UPDATE items SET status = 0 WHERE status = 1"));
    Statement last = database.prepare("SELECT COALESCE(MAX(place), 0) FROM batches");
    SYRINX_ASSIGN(const bool row, last.step());
    if (row) place = last.number(0);
    return {};
  }

  Result<Batch> find(const std::string& id) {
    Statement row = database.prepare(std::string(kBatchColumns) + "WHERE b.id = ? GROUP BY b.id");
    SYRINX_ASSIGN(const bool there, row.bind(id).step());
    if (!there) return no_batch(id);
    return batch_of(row);
  }

  static Result<std::vector<Batch>> all_of(Statement& rows) {
    std::vector<Batch> batches;
    for (;;) {
      SYRINX_ASSIGN(const bool more, rows.step());
      if (!more) return batches;
      batches.push_back(batch_of(rows));
    }
  }

  Result<void> insert(const std::string& id, const BatchItem& item) {
    Statement row =
        database.prepare("INSERT INTO items VALUES (?, ?, ?, ?, ?, ?, ?, '', 0, '', 0, '', 0)");
    row.bind(id).bind(number_of(item.number)).bind(item.custom_id).bind(item.form).bind(item.body);
    return row.bind(number_of(item.characters)).bind(number_of(item.status)).run();
  }

  Result<void> insert_all(const Batch& batch, const std::vector<BatchItem>& items) {
    Statement row = database.prepare("INSERT INTO batches VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    row.bind(batch.id).bind(batch.client).bind(number_of(batch.weight * kMicro));
    row.bind(number_of(batch.kind)).bind(number_of(batch.status)).bind(batch.metadata);
    row.bind(batch.created_at).bind(batch.begun_at).bind(batch.ended_at);
    SYRINX_TRY(row.bind(++place).run());
    for (const BatchItem& item : items) SYRINX_TRY(insert(batch.id, item));
    return {};
  }

  // What a process that was killed left: folders of batches that the index does not know, and files
  // that were being written, which have names with a dot in front.
  void sweep() {
    std::error_code failed;
    std::vector<fs::path> unknown;
    for (fs::recursive_directory_iterator at(folder / "results", failed), end; !failed && at != end;
         at.increment(failed)) {
      const std::string name = at->path().filename().string();
      const bool is_batch = at.depth() == 0;
      if (is_batch ? !find(name) : name[0] == '.') unknown.push_back(at->path());
    }
    for (const fs::path& path : unknown) fs::remove_all(path, failed);
  }

  std::mutex mutex;
  fs::path folder;
  Database database;
  std::uint64_t place = 0;  // Of the batch that was added last.
};

BatchStore::BatchStore(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
BatchStore::BatchStore(BatchStore&&) noexcept = default;
BatchStore& BatchStore::operator=(BatchStore&&) noexcept = default;
BatchStore::~BatchStore() = default;

Result<BatchStore> BatchStore::open(const fs::path& folder) {
  std::error_code failed;
  fs::create_directories(folder / "results", failed);
  if (failed)
    return make_error(ErrorCode::kIo, "cannot make the folder '", folder.string(),
                      "' for batches: ", failed.message());
  SYRINX_ASSIGN(auto database, Database::open(folder / "batches.sqlite"));
  auto impl = std::make_unique<Impl>(folder, std::move(database));
  SYRINX_TRY(impl->make_tables());
  impl->sweep();
  return BatchStore(std::move(impl));
}

Result<void> BatchStore::add(const Batch& batch, const std::vector<BatchItem>& items) {
  const std::lock_guard lock(impl_->mutex);
  SYRINX_TRY(impl_->database.run("BEGIN IMMEDIATE"));
  auto added = impl_->insert_all(batch, items);
  if (added) added = impl_->database.run("COMMIT");
  if (!added) (void)impl_->database.run("ROLLBACK").has_value();
  return added;
}

Result<Batch> BatchStore::find(const std::string& id) {
  const std::lock_guard lock(impl_->mutex);
  return impl_->find(id);
}

Result<std::vector<Batch>> BatchStore::list(const std::string& client, const std::string& after,
                                            std::size_t most) {
  const std::lock_guard lock(impl_->mutex);
  Statement rows = impl_->database.prepare(
      std::string(kBatchColumns) +
      "WHERE b.client = ? AND b.place < COALESCE((SELECT place FROM batches WHERE id = ?),"
      " 9223372036854775807) GROUP BY b.id ORDER BY b.place DESC LIMIT ?");
  rows.bind(client).bind(after).bind(number_of(most));
  return Impl::all_of(rows);
}

Result<std::vector<Batch>> BatchStore::unfinished() {
  const std::lock_guard lock(impl_->mutex);
  Statement rows = impl_->database.prepare(std::string(kBatchColumns) +
                                           "WHERE b.status < 3 GROUP BY b.id ORDER BY b.place");
  return Impl::all_of(rows);
}

Result<std::optional<Batch>> BatchStore::oldest_unfinished(const std::string& client) {
  const std::lock_guard lock(impl_->mutex);
  Statement row = impl_->database.prepare(
      std::string(kBatchColumns) +
      "WHERE b.id = (SELECT id FROM batches WHERE client = ? AND status < 3 ORDER BY place LIMIT 1)"
      " GROUP BY b.id");
  SYRINX_ASSIGN(const bool there, row.bind(client).step());
  std::optional<Batch> batch;
  if (there) batch = batch_of(row);
  return batch;
}

Result<std::vector<std::string>> BatchStore::ended_before(std::uint64_t second) {
  const std::lock_guard lock(impl_->mutex);
  Statement rows =
      impl_->database.prepare("SELECT id FROM batches WHERE status >= 3 AND ended < ?");
  rows.bind(second);
  std::vector<std::string> ids;
  for (;;) {
    SYRINX_ASSIGN(const bool more, rows.step());
    if (!more) return ids;
    ids.push_back(rows.text(0));
  }
}

Result<std::size_t> BatchStore::count_of(const std::string& client) {
  const std::lock_guard lock(impl_->mutex);
  Statement row = impl_->database.prepare("SELECT COUNT(*) FROM batches WHERE client = ?");
  SYRINX_ASSIGN(const bool there, row.bind(client).step());
  return there ? row.number(0) : 0;
}

Result<std::map<std::string, std::uint64_t>> BatchStore::bytes_by_client() {
  const std::lock_guard lock(impl_->mutex);
  Statement rows = impl_->database.prepare(
      "SELECT b.client, SUM(i.bytes) FROM batches b JOIN items i ON i.batch = b.id"
      " GROUP BY b.client");
  std::map<std::string, std::uint64_t> bytes;
  for (;;) {
    SYRINX_ASSIGN(const bool more, rows.step());
    if (!more) return bytes;
    bytes[rows.text(0)] = rows.number(1);
  }
}

Result<std::vector<BatchItem>> BatchStore::items(const std::string& id, std::size_t from,
                                                 std::size_t most) {
  const std::lock_guard lock(impl_->mutex);
  Statement rows = impl_->database.prepare(
      std::string(kItemColumns) + "WHERE batch = ? AND number >= ? ORDER BY number LIMIT ?");
  rows.bind(id).bind(number_of(from)).bind(number_of(most));
  std::vector<BatchItem> items;
  for (;;) {
    SYRINX_ASSIGN(const bool more, rows.step());
    if (!more) return items;
    items.push_back(item_of(rows, false));
  }
}

Result<BatchItem> BatchStore::item(const std::string& id, std::size_t number) {
  const std::lock_guard lock(impl_->mutex);
  Statement row =
      impl_->database.prepare(std::string(kItemColumns) + "WHERE batch = ? AND number = ?");
  SYRINX_ASSIGN(const bool there, row.bind(id).bind(number_of(number)).step());
  if (!there) return make_error(ErrorCode::kNotFound, "the batch has no item ", number);
  return item_of(row, true);
}

Result<std::optional<BatchItem>> BatchStore::claim(const std::string& id) {
  const std::lock_guard lock(impl_->mutex);
  std::optional<BatchItem> item;
  {
    Statement row = impl_->database.prepare(
        std::string(kItemColumns) + "WHERE batch = ? AND status = 0 ORDER BY number LIMIT 1");
    SYRINX_ASSIGN(const bool there, row.bind(id).step());
    if (!there) return item;
    item = item_of(row, true);
  }
  Statement mark =
      impl_->database.prepare("UPDATE items SET status = 1 WHERE batch = ? AND number = ?");
  SYRINX_TRY(mark.bind(id).bind(number_of(item->number)).run());
  item->status = ItemStatus::kRunning;
  return item;
}

Result<void> BatchStore::note(const std::string& id, const BatchItem& item) {
  const std::lock_guard lock(impl_->mutex);
  Statement row = impl_->database.prepare(
      "UPDATE items SET status = ?, content_type = ?, bytes = ?, sha256 = ?, audio_us = ?,"
      " error = ?, error_code = ? WHERE batch = ? AND number = ?");
  row.bind(number_of(item.status)).bind(item.content_type).bind(item.bytes).bind(item.sha256);
  row.bind(number_of(std::llround(item.audio_s * kMicro))).bind(item.error);
  return row.bind(number_of(item.error_code)).bind(id).bind(number_of(item.number)).run();
}

Result<void> BatchStore::cancel_items(const std::string& id) {
  const std::lock_guard lock(impl_->mutex);
  Statement row =
      impl_->database.prepare("UPDATE items SET status = 4 WHERE batch = ? AND status < 2");
  return row.bind(id).run();
}

Result<void> BatchStore::set_status(const std::string& id, BatchStatus status,
                                    std::uint64_t second) {
  const std::lock_guard lock(impl_->mutex);
  const bool begins = status == BatchStatus::kInProgress;
  const char* column = begins ? "begun" : is_over(status) ? "ended" : nullptr;
  if (column == nullptr) {
    Statement row = impl_->database.prepare("UPDATE batches SET status = ? WHERE id = ?");
    return row.bind(number_of(status)).bind(id).run();
  }
  Statement row = impl_->database.prepare("UPDATE batches SET status = ?, " + std::string(column) +
                                          " = ? WHERE id = ?");
  return row.bind(number_of(status)).bind(second).bind(id).run();
}

Result<void> BatchStore::remove(const std::string& id) {
  const std::lock_guard lock(impl_->mutex);
  SYRINX_TRY(impl_->database.run("BEGIN IMMEDIATE"));
  auto removed = impl_->database.prepare("DELETE FROM items WHERE batch = ?").bind(id).run();
  if (removed) removed = impl_->database.prepare("DELETE FROM batches WHERE id = ?").bind(id).run();
  if (removed) removed = impl_->database.run("COMMIT");
  if (!removed) (void)impl_->database.run("ROLLBACK").has_value();
  SYRINX_TRY(removed);
  std::error_code ignored;
  fs::remove_all(impl_->folder / "results" / id, ignored);
  return {};
}

fs::path BatchStore::result_path(const std::string& id, std::size_t number) const {
  SYRINX_CHECK(is_batch_id(id), id);
  return impl_->folder / "results" / id / std::to_string(number);
}

}  // namespace syrinx::server
