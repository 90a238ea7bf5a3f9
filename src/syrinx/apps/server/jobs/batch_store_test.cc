// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/jobs/batch_store.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "support/test_data.h"

namespace syrinx::server {
namespace {

namespace fs = std::filesystem;

class Store : public ::testing::Test {
 protected:
  BatchStore open() const {
    auto store = BatchStore::open(folder_);
    EXPECT_TRUE(store) << store.error().message;
    return std::move(store).value();
  }
  static Batch batch(const std::string& client, std::uint64_t created = 1) {
    Batch made;
    made.id = new_batch_id();
    made.client = client;
    made.metadata = "{}";
    made.created_at = created;
    return made;
  }
  static std::vector<BatchItem> items(std::size_t count) {
    std::vector<BatchItem> made(count);
    for (std::size_t i = 0; i < count; ++i) {
      made[i].number = i;
      made[i].custom_id = "id " + std::to_string(i);
      made[i].form = "audio";
      made[i].body = "{\"input\": \"" + std::to_string(i) + "\"}";
      made[i].characters = 10;
    }
    return made;
  }
  const fs::path folder_ = support::scratch_dir() / "batches";
};

TEST_F(Store, KeepsBatchesAndTheirItemsOverARestart) {
  const Batch given = batch("me", 77);
  {
    auto store = open();
    ASSERT_TRUE(store.add(given, items(3)));
    auto item = store.claim(given.id);
    ASSERT_TRUE(item && *item);
    EXPECT_EQ((*item)->number, 0U);
    EXPECT_EQ((*item)->body, "{\"input\": \"0\"}");
    (*item)->status = ItemStatus::kCompleted;
    (*item)->content_type = "audio/mpeg";
    (*item)->bytes = 5;
    (*item)->audio_s = 1.25;
    ASSERT_TRUE(store.note(given.id, **item));
    ASSERT_TRUE(*store.claim(given.id)) << "which is running when the process ends";
  }
  auto store = open();
  const auto found = store.find(given.id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->client, "me");
  EXPECT_EQ(found->created_at, 77U);
  EXPECT_EQ(found->total, 3U);
  EXPECT_EQ(found->completed, 1U);
  EXPECT_EQ(found->characters_over, 10U);
  EXPECT_EQ(found->bytes, 5U);
  EXPECT_DOUBLE_EQ(found->audio_s, 1.25);
  EXPECT_EQ((**store.claim(given.id)).number, 1U) << "what was running is to be done again";
  EXPECT_EQ((**store.claim(given.id)).number, 2U);
  EXPECT_FALSE(*store.claim(given.id));
  EXPECT_EQ(store.bytes_by_client()->at("me"), 5U);
}

TEST_F(Store, ListsEachClientsOwnTheNewestFirst) {
  auto store = open();
  const Batch first = batch("me"), others = batch("you"), second = batch("me"), third = batch("me");
  for (const Batch& one : {first, others, second, third}) ASSERT_TRUE(store.add(one, items(1)));
  const auto listed = store.list("me", "", 2);
  ASSERT_EQ(listed->size(), 2U);
  EXPECT_EQ((*listed)[0].id, third.id);
  EXPECT_EQ((*listed)[1].id, second.id);
  const auto rest = store.list("me", second.id, 5);
  ASSERT_EQ(rest->size(), 1U);
  EXPECT_EQ((*rest)[0].id, first.id);
  EXPECT_EQ((**store.oldest_unfinished("me")).id, first.id);
  ASSERT_TRUE(store.set_status(first.id, BatchStatus::kCompleted, 9));
  EXPECT_EQ((**store.oldest_unfinished("me")).id, second.id);
  EXPECT_EQ(*store.ended_before(10), std::vector<std::string>{first.id});
  EXPECT_TRUE(store.ended_before(9)->empty());
  EXPECT_FALSE(*store.oldest_unfinished("nobody"));
  EXPECT_EQ(*store.count_of("me"), 3U);
}

TEST_F(Store, ForgetsABatchAndItsFiles) {
  auto store = open();
  const Batch given = batch("me");
  ASSERT_TRUE(store.add(given, items(2)));
  fs::create_directories(store.result_path(given.id, 0).parent_path());
  std::ofstream(store.result_path(given.id, 0)) << "sound";
  ASSERT_TRUE(store.remove(given.id));
  EXPECT_EQ(store.find(given.id).error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(fs::exists(store.result_path(given.id, 0)));
  EXPECT_TRUE(store.items(given.id, 0, 10)->empty());
}

TEST_F(Store, SweepsUpWhatAKilledProcessLeft) {
  const Batch given = batch("me");
  fs::path whole, half;
  {
    auto store = open();
    ASSERT_TRUE(store.add(given, items(1)));
    whole = store.result_path(given.id, 0);
    half = whole.parent_path() / ".0.abcdef.part";
    fs::create_directories(whole.parent_path());
    std::ofstream(whole) << "sound";
    std::ofstream(half) << "so";
    fs::create_directories(folder_ / "results" / new_batch_id());
  }
  auto store = open();
  EXPECT_TRUE(fs::exists(whole));
  EXPECT_FALSE(fs::exists(half));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_ / "results"), fs::directory_iterator()),
            1);
}

TEST_F(Store, IsWholeAfterAProcessWasKilledWhileItAdded) {
  (void)open();
  const pid_t child = ::fork();
  if (child == 0) {
    auto store = BatchStore::open(folder_);
    for (;;) (void)store->add(batch("me"), items(50)).has_value();
  }
  ::usleep(400'000);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  auto store = open();
  const auto all = store.list("me", "", 100'000);
  ASSERT_TRUE(all);
  EXPECT_FALSE(all->empty());
  for (const Batch& one : *all) EXPECT_EQ(one.total, 50U) << "a batch is there wholly or not";
}

TEST_F(Store, IsForOneProcess) {
  auto store = open();
  EXPECT_EQ(BatchStore::open(folder_).error().code, ErrorCode::kUnavailable);
}

TEST(BatchId, IsNeverAPath) {
  EXPECT_TRUE(is_batch_id(new_batch_id()));
  EXPECT_NE(new_batch_id(), new_batch_id());
  for (const char* wrong :
       {"", "batch_", "../../etc/passwd", "batch_../../../../../../../etc/passwd00",
        "batch_0123456789ABCDEF0123456789abcdef"})
    EXPECT_FALSE(is_batch_id(wrong)) << wrong;
}

}  // namespace
}  // namespace syrinx::server
