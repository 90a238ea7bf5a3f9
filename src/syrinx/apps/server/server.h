// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "syrinx/apps/server/api/options.h"
#include "syrinx/core/base/result.h"

namespace syrinx::server {

// Speech as a service: HTTP, WebSockets and Wyoming over one pool of workers. Make one, let it run,
// drain it.
class Server {
 public:
  // Listens and serves from now on. Errors: kInvalidArgument for options that do not go together
  // (an address that others reach, and no keys); those of the network, of TLS files, of lexicons,
  // and of the default voice, which is loaded here once.
  static Result<std::unique_ptr<Server>> start(ServerOptions options);
  // Cuts off whatever is still under way.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::uint16_t port() const noexcept;
  std::uint16_t wyoming_port() const noexcept;  // 0 without.
  const ServerOptions& options() const noexcept;

  // Serves those who come from now on by these options; calls under way keep those that they came
  // under. Where the server listens, its TLS and its workers stay as they are. Errors: as start(),
  // and then nothing has changed. Any thread.
  Result<void> apply(ServerOptions options);
  // Takes no new connections and lets what is under way come to its end, for options.drain_s at
  // most. False when something had to be cut off.
  bool drain();

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace syrinx::server
