// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "syrinx/apps/server/api/errors.h"
#include "syrinx/apps/server/api/handlers.h"
#include "syrinx/apps/server/api/live.h"
#include "syrinx/apps/server/api/stats.h"
#include "syrinx/apps/server/speech/captions.h"

namespace syrinx::server {
namespace {

constexpr std::chrono::seconds kEvery{1};

// One who watches. What is said to it is passed over.
class Watcher final : public http::SocketHandler {
 public:
  explicit Watcher(Core& core) : core_(core) {}

  void opened(std::shared_ptr<http::Socket> socket) override {
    socket_ = std::move(socket);
    ++core_.metrics.sockets;
    socket_->send_text(json_line(stats_json(core_)));
    core_.live->add(socket_);
  }
  void text(std::string) override {}
  void binary(std::string) override {}
  void draining() override { socket_->close(1001, "the server is going down"); }
  void closed() override {
    if (socket_ == nullptr) return;
    --core_.metrics.sockets;
    core_.live->remove(socket_);
    socket_.reset();
  }

 private:
  Core& core_;
  std::shared_ptr<http::Socket> socket_;
};

}  // namespace

LiveFeed::LiveFeed(std::function<std::string()> make_text)
    : make_text_(std::move(make_text)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

void LiveFeed::add(std::shared_ptr<http::Socket> socket) {
  const std::lock_guard lock(mutex_);
  sockets_.push_back(std::move(socket));
}

void LiveFeed::remove(const std::shared_ptr<http::Socket>& socket) {
  const std::lock_guard lock(mutex_);
  std::erase(sockets_, socket);
}

void LiveFeed::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    wake_.wait_for(lock, stop, kEvery, [] { return false; });
    if (sockets_.empty() || stop.stop_requested()) continue;
    const auto sockets = sockets_;
    lock.unlock();
    const std::string text = make_text_();
    // Who has not taken the last one yet does not get another.
    for (const auto& socket : sockets) {
      if (socket->pending_bytes() == 0) socket->send_text(text);
    }
    lock.lock();
  }
}

void get_live(Core& core, const std::shared_ptr<Call>& call) {
  if (!call->exchange->is_upgrade()) {
    auto response = error_response(426,
                                   "this address is a WebSocket; GET /v1/stats gives the same "
                                   "once");
    response.fields = {{"Upgrade", "websocket"}};
    return call->respond(std::move(response));
  }
  call->exchange->upgrade(std::make_unique<Watcher>(core));
  call->done(101, "done", nullptr);
}

}  // namespace syrinx::server
