// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <deque>
#include <memory>
#include <string>

#include "syrinx/apps/server/http/exchange.h"
#include "syrinx/apps/server/http/hub.h"
#include "syrinx/apps/server/http/outbox.h"

namespace syrinx::server::http {

// A connection of plain bytes. The network thread's, but for kick() and request_close(). Private to
// the folder.
class ByteConnection final : public Connection,
                             public std::enable_shared_from_this<ByteConnection> {
 public:
  ByteConnection(std::shared_ptr<Hub> hub, std::unique_ptr<ByteHandler> handler, std::string peer,
                 boost::asio::ip::tcp::socket socket);
  ~ByteConnection() override;

  void start();
  void close() override;
  void drain() override;
  void sweep(TimePoint now) override;
  void kick();
  void request_close();

 private:
  class Handle;
  void read();
  void pump();

  const std::shared_ptr<Hub> hub_;
  const std::unique_ptr<ByteHandler> handler_;
  const std::string peer_;
  boost::asio::ip::tcp::socket socket_;
  const std::shared_ptr<Outbox> outbox_;
  std::array<char, 16'384> incoming_{};
  std::deque<Outbox::Item> batch_;
  TimePoint write_deadline_{};
  bool writing_ = false;
  bool closed_ = false;
};

}  // namespace syrinx::server::http
