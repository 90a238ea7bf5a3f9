// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/jobs/batch_runner.h"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <functional>
#include <iterator>
#include <thread>

#include "support/test_data.h"
#include "syrinx/apps/server/jobs/batch_request.h"

namespace syrinx::server {
namespace {

namespace fs = std::filesystem;

bool soon(const std::function<bool()>& holds) {
  for (int i = 0; i < 6'000; ++i) {
    if (holds()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

std::string contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// What a server has of all this, without its network.
class Runner : public ::testing::Test {
 protected:
  std::unique_ptr<BatchRunner> begin() {
    auto store = BatchStore::open(limits_.folder);
    EXPECT_TRUE(store) << store.error().message;
    ItemTools tools;
    tools.scheduler = &scheduler_;
    tools.lexicons = [] { return std::shared_ptr<text::LexiconStack>(); };
    tools.request_limits = [] { return RequestLimits{100'000, "rms"}; };
    tools.metrics = &metrics_;
    return std::make_unique<BatchRunner>(std::move(store).value(), limits_, std::move(tools));
  }
  static NewBatch wanted(const std::string& body) {
    NewBatch batch;
    const auto wrong = read_batch_request(body, {{100'000, "rms"}, 1'000, 1'000'000}, batch);
    EXPECT_FALSE(wrong) << wrong->error.message;
    return batch;
  }
  static NewBatch several(int count) {
    std::string lines;
    for (int i = 0; i < count; ++i)
      lines += "{\"body\": {\"input\": \"Item number " + std::to_string(i) +
               " is here.\", \"response_format\": \"wav\"}}\n";
    return wanted(lines);
  }
  static std::string reading(int sentences) {
    std::string text;
    for (int i = 0; i < sentences; ++i)
      text += "Sentence number " + std::to_string(i) + " of a long text is this. ";
    return "{\"input\": \"" + text + "\", \"response_format\": \"wav\"}";
  }
  static BatchStatus status(BatchRunner& runner, const std::string& id) {
    const auto batch = runner.find(id, "me");
    return batch ? batch->status : BatchStatus::kFailed;
  }
  static bool over(BatchRunner& runner, const std::string& id) {
    return soon([&] { return is_over(status(runner, id)); });
  }

  static work::WorkLimits two_threads() {
    work::WorkLimits limits;
    limits.threads = 2;
    return limits;
  }

  Metrics metrics_;
  work::Scheduler scheduler_{two_threads()};
  BatchLimits limits_ = [] {
    BatchLimits limits;
    limits.folder = support::scratch_dir() / "batches";
    return limits;
  }();
};

TEST_F(Runner, WorksOffABatchAndSaysHowFarItIs) {
  const auto runner = begin();
  const auto batch = runner->submit(several(4), "me", 1);
  ASSERT_TRUE(batch) << batch.error().message;
  ASSERT_TRUE(over(*runner, batch->id));
  const auto done = runner->find(batch->id, "me");
  EXPECT_EQ(done->status, BatchStatus::kCompleted);
  EXPECT_EQ(done->completed, 4U);
  EXPECT_DOUBLE_EQ(runner->progress(*done).share, 1.0);
  const auto items = runner->items(batch->id, "me", 0, 10);
  ASSERT_EQ(items->size(), 4U);
  for (const BatchItem& item : *items) {
    const auto path = runner->result_of(batch->id, item);
    ASSERT_TRUE(path) << path.error().message;
    EXPECT_EQ(contents(*path).substr(0, 4), "RIFF");
    EXPECT_GT(item.audio_s, 0.5);
  }
}

TEST_F(Runner, GoesOnWhereAFormerOneStoppedWithoutDoingItAgain) {
  std::string id;
  std::size_t before = 0;
  fs::path first;
  fs::file_time_type written;
  {
    const auto runner = begin();
    id = runner->submit(several(40), "me", 1)->id;
    ASSERT_TRUE(soon([&] { return runner->find(id, "me")->completed >= 3; }));
    runner->stop();
    before = runner->find(id, "me")->completed;
    EXPECT_LT(before, 40U);
    first = *runner->result_of(id, (*runner->items(id, "me", 0, 1))[0]);
    written = fs::last_write_time(first);
  }
  const auto runner = begin();
  ASSERT_TRUE(over(*runner, id));
  EXPECT_EQ(runner->find(id, "me")->completed, 40U);
  EXPECT_EQ(runner->counts().items_completed, 40 - before);
  EXPECT_EQ(runner->counts().items_resumed, 40 - before);
  EXPECT_EQ(fs::last_write_time(first), written);
}

TEST_F(Runner, ALongTextGoesOnInTheMiddleToTheSameBytes) {
  std::string whole, id;
  {
    const auto runner = begin();
    id = runner->submit(wanted(reading(30)), "me", 1)->id;
    ASSERT_TRUE(over(*runner, id));
    const auto items = *runner->items(id, "me", 0, 1);
    ASSERT_EQ(items[0].status, ItemStatus::kCompleted) << items[0].error;
    whole = contents(*runner->result_of(id, items[0]));
    EXPECT_EQ(whole.substr(0, 4), "RIFF");
    EXPECT_EQ(runner->counts().bytes, whole.size()) << "the folder of sentences is gone";
    id = runner->submit(wanted(reading(30)), "me", 1)->id;
    ASSERT_TRUE(soon([&] { return runner->progress(*runner->find(id, "me")).share > 0.1; }));
    EXPECT_TRUE(runner->progress(*runner->find(id, "me")).eta_s);
    runner->stop();
    EXPECT_EQ(status(*runner, id), BatchStatus::kInProgress);
  }
  const auto runner = begin();
  ASSERT_TRUE(over(*runner, id));
  EXPECT_EQ(contents(*runner->result_of(id, (*runner->items(id, "me", 0, 1))[0])), whole);
}

TEST_F(Runner, CancelsWhatRunsAndWhatWaits) {
  const auto runner = begin();
  const auto running = runner->submit(several(200), "me", 1);
  const auto waiting = runner->submit(several(5), "me", 1);
  EXPECT_EQ(runner->counts().queued, 1U);
  EXPECT_EQ(runner->cancel(waiting->id, "me")->status, BatchStatus::kCancelled);
  ASSERT_TRUE(runner->cancel(running->id, "me"));
  ASSERT_TRUE(over(*runner, running->id));
  EXPECT_EQ(status(*runner, running->id), BatchStatus::kCancelled);
  EXPECT_LT(runner->find(running->id, "me")->completed, 200U);
  EXPECT_TRUE(soon([&] { return runner->counts().active == 0; }));
  const auto text = runner->submit(wanted(reading(300)), "me", 1);
  ASSERT_TRUE(runner->remove(text->id, "me"));
  ASSERT_TRUE(soon([&] { return !runner->find(text->id, "me"); }));
}

TEST_F(Runner, AClientSeesOnlyHisOwn) {
  const auto runner = begin();
  const auto mine = runner->submit(several(1), "me", 1);
  EXPECT_EQ(runner->find(mine->id, "you").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(runner->cancel(mine->id, "you").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(runner->remove(mine->id, "you").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(runner->items(mine->id, "you", 0, 1).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(runner->find("../" + mine->id, "me").error().code, ErrorCode::kNotFound);
}

TEST_F(Runner, KeepsNoMoreThanItsLimits) {
  limits_.max_batches_per_client = 2;
  limits_.max_bytes_per_client = 60'000;
  const auto runner = begin();
  const auto first = runner->submit(several(4), "me", 1);
  ASSERT_TRUE(over(*runner, first->id));
  const auto done = runner->find(first->id, "me");
  EXPECT_GT(done->failed, 0U) << "there was room for 60 kB";
  EXPECT_LE(done->bytes, 60'000U);
  const auto items = *runner->items(first->id, "me", 0, 4);
  for (const BatchItem& item : items) {
    if (item.status != ItemStatus::kFailed) continue;
    EXPECT_EQ(item.error_code, ErrorCode::kLimitExceeded) << item.error;
  }
  ASSERT_TRUE(runner->submit(several(1), "me", 1));
  EXPECT_EQ(runner->submit(several(1), "me", 1).error().code, ErrorCode::kLimitExceeded);
  EXPECT_TRUE(runner->submit(several(1), "you", 1));
  ASSERT_TRUE(runner->remove(first->id, "me"));
  EXPECT_TRUE(runner->submit(several(1), "me", 1));
}

TEST_F(Runner, RemovesWhatEndedLongAgo) {
  limits_.keep_s = 100;
  const auto runner = begin();
  const auto batch = runner->submit(several(1), "me", 1);
  ASSERT_TRUE(over(*runner, batch->id));
  const auto ended = runner->find(batch->id, "me")->ended_at;
  runner->remove_expired(ended + 99);
  EXPECT_TRUE(runner->find(batch->id, "me"));
  runner->remove_expired(ended + 102);
  EXPECT_FALSE(runner->find(batch->id, "me"));
  EXPECT_EQ(runner->counts().bytes, 0U);
}

}  // namespace
}  // namespace syrinx::server
