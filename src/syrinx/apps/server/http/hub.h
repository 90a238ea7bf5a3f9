// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "syrinx/apps/server/http/network.h"

// What all connections share. Private to the folder.
namespace syrinx::server::http {

using TimePoint = std::chrono::steady_clock::time_point;

inline TimePoint time_after(double seconds) {
  return std::chrono::steady_clock::now() +
         std::chrono::duration_cast<TimePoint::duration>(std::chrono::duration<double>(seconds));
}

// A connection as the hub sees it; every call by the network's thread.
class Connection {
 public:
  virtual ~Connection() = default;
  // Ends it now.
  virtual void close() = 0;
  // Ends it as soon as no request is under way.
  virtual void drain() = 0;
  // Looks whether it has been slow for too long.
  virtual void sweep(TimePoint now) = 0;
};

// Lives as long as any connection, exchange or socket does, so that a late answer has somewhere to
// be dropped.
struct Hub {
  explicit Hub(const NetworkLimits& most) : limits(most) {}

  // A connection may end by whoever drops it last, a worker too: the list has a lock.
  void add(Connection* connection, std::weak_ptr<Connection> held) {
    const std::lock_guard lock(mutex);
    connections.emplace(connection, std::move(held));
    open.store(connections.size());
  }
  void remove(Connection* connection) {
    const std::lock_guard lock(mutex);
    connections.erase(connection);
    open.store(connections.size());
    if (connections.empty()) empty.notify_all();
  }
  // Those that there are now.
  std::vector<std::shared_ptr<Connection>> all() {
    const std::lock_guard lock(mutex);
    std::vector<std::shared_ptr<Connection>> held;
    for (const auto& [connection, weak] : connections) {
      if (auto one = weak.lock()) held.push_back(std::move(one));
    }
    return held;
  }

  const NetworkLimits limits;
  boost::asio::io_context io{1};
  bool draining = false;  // By the network's thread only, as the next.
  bool closing = false;
  std::map<Connection*, std::weak_ptr<Connection>> connections;  // With the lock.
  std::atomic<std::size_t> open{0};
  std::atomic<std::size_t> pending_bytes{0};
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> refused_connections{0};
  std::atomic<std::uint64_t> bad_requests{0};
  std::atomic<std::uint64_t> timed_out{0};
  std::atomic<std::uint64_t> bytes_out{0};
  std::mutex mutex;
  std::condition_variable empty;
};

}  // namespace syrinx::server::http
