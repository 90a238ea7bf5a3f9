// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "syrinx/apps/server/http/exchange.h"
#include "syrinx/core/base/limits.h"
#include "syrinx/core/base/result.h"

namespace syrinx::server::http {

// Where to listen. Port 0: one that is free.
struct Endpoint {
  std::string host = "127.0.0.1";  // An address, or "localhost".
  std::uint16_t port = 0;
};

struct TlsFiles {
  std::filesystem::path certificate;  // PEM, with its chain.
  std::filesystem::path key;          // PEM.
};

struct NetworkLimits {
  std::size_t max_connections = 1'024;
  std::size_t max_header_bytes = limits::kMaxHttpHeaderBytes;
  std::size_t max_message_bytes = limits::kMaxSocketMessageBytes;  // Of a WebSocket.
  // Bytes queued for all clients together; beyond it new requests are refused.
  std::size_t max_pending_bytes = std::size_t{256} << 20;
  double header_timeout_s = 10;  // From a request's first byte to the end of its head.
  double body_timeout_s = 60;    // From there to the end of its body.
  double idle_timeout_s = 75;    // Between requests.
  double write_timeout_s = 30;   // Without the client taking a byte of what waits for it.
};

struct NetworkCounts {
  std::size_t connections = 0;    // Open now.
  std::size_t pending_bytes = 0;  // Queued for all clients.
  std::uint64_t accepted = 0;
  std::uint64_t refused_connections = 0;  // Beyond max_connections.
  std::uint64_t bad_requests = 0;         // That were no HTTP.
  std::uint64_t timed_out = 0;            // Closed for slowness: heads, bodies, readers.
  std::uint64_t bytes_out = 0;
};

struct HttpHandlers {
  std::function<void(std::shared_ptr<Exchange>)> request;
  // The most body bytes that a request with this head may have.
  std::function<std::size_t(const Request& head)> body_limit;
};

// The network: listeners, connections and the one thread that serves them all.
class Network {
 public:
  explicit Network(NetworkLimits limits = {});
  // Closes every connection at once and joins the thread.
  ~Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  // Serves HTTP/1.1 and WebSockets, and returns the port. Errors: kIo (the address is taken, is
  // none of this machine's, or needs privileges); kInvalidArgument (no address; certificate or key
  // that cannot be read or do not fit).
  Result<std::uint16_t> listen_http(const Endpoint& at, const std::optional<TlsFiles>& tls,
                                    HttpHandlers handlers);
  // Serves plain byte streams, a new handler for each. Errors: as above.
  Result<std::uint16_t> listen_bytes(const Endpoint& at,
                                     std::function<std::unique_ptr<ByteHandler>()> make_handler);

  // Every connection that reached this machine is still accepted, then no more; connections are
  // closed as soon as they have no request under way. Waits until the door is shut; never goes
  // back.
  void drain();
  // Waits until no connection is left. False when time was up first.
  bool wait_empty(std::chrono::milliseconds most);

  NetworkCounts counts() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace syrinx::server::http
