// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <utility>

#include "syrinx/apps/server/http/hub.h"

namespace syrinx::server::http {

// What waits to be sent to one client, and whether it is still there. Any thread. Private to the
// folder.
class Outbox {
 public:
  struct Item {
    std::string bytes;
    bool is_text = false;  // Of a WebSocket.
  };
  // Beneath this many pending bytes, whoever waits to make more is told.
  static constexpr std::size_t kLowWaterBytes = std::size_t{64} << 10;

  explicit Outbox(std::shared_ptr<Hub> hub) : hub_(std::move(hub)) {}
  ~Outbox() { hub_->pending_bytes -= pending_; }
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  // False when the client has gone, or nothing more may come.
  bool push(Item item) {
    const std::lock_guard lock(mutex_);
    if (gone_ || ended_) return false;
    pending_ += item.bytes.size();
    hub_->pending_bytes += item.bytes.size();
    items_.push_back(std::move(item));
    return true;
  }
  // After the last item; false the second time.
  bool end() {
    const std::lock_guard lock(mutex_);
    return !std::exchange(ended_, true) && !gone_;
  }
  bool ended() const {
    const std::lock_guard lock(mutex_);
    return ended_;
  }
  bool is_gone() const {
    const std::lock_guard lock(mutex_);
    return gone_;
  }
  // The items in their order, at most `most` bytes of them but at least one.
  std::deque<Item> take(std::size_t most) {
    const std::lock_guard lock(mutex_);
    std::deque<Item> taken;
    for (std::size_t bytes = 0; !items_.empty() && (bytes == 0 || bytes < most);) {
      bytes += items_.front().bytes.size();
      taken.push_back(std::move(items_.front()));
      items_.pop_front();
    }
    return taken;
  }
  // The network has taken so many bytes.
  void sent(std::size_t bytes) {
    std::function<void()> ready;
    {
      const std::lock_guard lock(mutex_);
      const std::size_t known = std::min(bytes, pending_);  // None are pending once it has gone.
      pending_ -= known;
      hub_->pending_bytes -= known;
      hub_->bytes_out += bytes;
      if (pending_ <= kLowWaterBytes) ready = std::exchange(ready_, nullptr);
    }
    if (ready) ready();
  }
  std::size_t pending_bytes() const {
    const std::lock_guard lock(mutex_);
    return pending_;
  }
  void when_drained(std::function<void()> ready) {
    {
      const std::lock_guard lock(mutex_);
      if (!gone_ && pending_ > kLowWaterBytes) {
        ready_ = std::move(ready);
        return;
      }
    }
    ready();
  }
  std::stop_token gone() const { return stop_.get_token(); }
  // Drops everything and tells whoever waits.
  void give_up() {
    std::function<void()> ready;
    {
      const std::lock_guard lock(mutex_);
      if (std::exchange(gone_, true)) return;
      items_.clear();
      hub_->pending_bytes -= std::exchange(pending_, 0);
      ready = std::exchange(ready_, nullptr);
    }
    stop_.request_stop();
    if (ready) ready();
  }

 private:
  std::shared_ptr<Hub> hub_;
  mutable std::mutex mutex_;
  std::deque<Item> items_;
  std::size_t pending_ = 0;
  bool ended_ = false;
  bool gone_ = false;
  std::function<void()> ready_;
  std::stop_source stop_;
};

}  // namespace syrinx::server::http
