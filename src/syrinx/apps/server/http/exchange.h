// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "syrinx/apps/server/http/message.h"

// How the rest of the server talks with clients. The network has one thread; everything that is
// called from here by it (handlers, callbacks) must return at once. What is called on these objects
// may be called by any thread and never waits: bytes are queued.
namespace syrinx::server::http {

// The way to one client.
class Outlet {
 public:
  virtual ~Outlet() = default;

  // Queues bytes. After the client has gone they are dropped.
  virtual void write(std::string bytes) = 0;
  // Bytes queued that the network has not taken yet: whoever makes more looks here first.
  virtual std::size_t pending_bytes() const = 0;
  // Calls `ready` once, by the network's thread, when few bytes are pending or the client has gone;
  // perhaps before this returns. One at a time: a later call replaces what an earlier one left.
  virtual void when_drained(std::function<void()> ready) = 0;
  // Stops when the client has gone or has been given up: within milliseconds of its disconnect.
  virtual std::stop_token gone() const = 0;
};

class SocketHandler;

// One request and the way to answer it: respond(), or begin(), write()... and end(). Dropped
// without an end, the connection is closed, so that the client sees that it was cut short.
class Exchange : public Outlet {
 public:
  virtual const Request& request() const = 0;
  // A field for the head of whatever is answered. Before the answer, by the handler's own thread.
  virtual void add_field(Field field) = 0;
  // The whole answer at once.
  virtual void respond(Response response) = 0;
  // The head of an answer whose body follows by write(): chunked, or until the connection's end for
  // an HTTP/1.0 client. `head.body` is the first of the body.
  virtual void begin(Response head) = 0;
  virtual void end() = 0;
  // Closes the connection in the middle of the answer: what was begun cannot be completed.
  virtual void abort() = 0;
  // Whether the client asked for a WebSocket.
  virtual bool is_upgrade() const = 0;
  // Makes the connection a WebSocket (RFC 6455); the exchange is over.
  virtual void upgrade(std::unique_ptr<SocketHandler> handler) = 0;
};

// An open WebSocket: write() sends a binary message.
class Socket : public Outlet {
 public:
  virtual void send_text(std::string text) = 0;
  // Says goodbye after what is queued: 1000 normal, 1001 going away, 1008 policy, 1009 too big.
  virtual void close(int code, std::string reason) = 0;
};

// What a WebSocket's client says, by the network's thread, in order.
class SocketHandler {
 public:
  virtual ~SocketHandler() = default;
  virtual void opened(std::shared_ptr<Socket> socket) = 0;
  virtual void text(std::string message) = 0;
  virtual void binary(std::string message) = 0;
  // The server goes down: what is under way may end, then the socket is to be closed.
  virtual void draining() = 0;
  virtual void closed() = 0;
};

// A connection of plain bytes.
class ByteStream : public Outlet {
 public:
  // Closes after what is queued.
  virtual void close() = 0;
};

class ByteHandler {
 public:
  virtual ~ByteHandler() = default;
  virtual void opened(std::shared_ptr<ByteStream> stream, std::string peer) = 0;
  virtual void received(std::string_view bytes) = 0;
  virtual void draining() = 0;  // As a SocketHandler's.
  virtual void closed() = 0;
};

}  // namespace syrinx::server::http
