// SPDX-License-Identifier: Apache-2.0
#include "fuzz/wire_target.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "syrinx/apps/server/http/network.h"
#include "syrinx/apps/server/wyoming/wyoming_message.h"

namespace syrinx::fuzz {
namespace {

using namespace syrinx::server;  // NOLINT(google-build-using-namespace): all of it is looked at.

constexpr std::size_t kMostBody = 4'096;
constexpr std::size_t kMostMessage = 1'000;
constexpr std::string_view kUpgrade =
    "GET /socket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

// Says back what it hears.
class EchoSocket final : public http::SocketHandler {
 public:
  void opened(std::shared_ptr<http::Socket> socket) override { socket_ = std::move(socket); }
  void text(std::string message) override { socket_->send_text(std::move(message)); }
  void binary(std::string message) override { socket_->write(std::move(message)); }
  void draining() override { socket_->close(1001, ""); }
  void closed() override { socket_.reset(); }

 private:
  std::shared_ptr<http::Socket> socket_;
};

// Says the types of the messages of Wyoming that it hears.
class EchoBytes final : public http::ByteHandler {
 public:
  void opened(std::shared_ptr<http::ByteStream> stream, std::string) override {
    stream_ = std::move(stream);
  }
  void received(std::string_view bytes) override {
    reader_.add(bytes);
    while (stream_ != nullptr) {
      auto message = reader_.next();
      if (!message) return stream_->close();
      if (!*message) return;
      stream_->write((*message)->type + "\n");
    }
  }
  void draining() override { stream_->close(); }
  void closed() override { stream_.reset(); }

 private:
  std::shared_ptr<http::ByteStream> stream_;
  wyoming::MessageReader reader_;
};

void answer(const std::shared_ptr<http::Exchange>& exchange) {
  if (exchange->is_upgrade()) return exchange->upgrade(std::make_unique<EchoSocket>());
  const http::Request& request = exchange->request();
  exchange->respond({200, "text/plain", {}, request.method + " " + request.path + request.body});
}

// A server for as long as the process lives.
struct Wire {
  Wire() : network(limits()) {
    const http::HttpHandlers handlers{answer, [](const http::Request&) { return kMostBody; }};
    http_port = network.listen_http({}, std::nullopt, handlers).value();
    byte_port = network.listen_bytes({}, [] { return std::make_unique<EchoBytes>(); }).value();
  }
  static http::NetworkLimits limits() {
    http::NetworkLimits limits;
    limits.max_header_bytes = 2'048;
    limits.max_message_bytes = kMostMessage;
    return limits;
  }

  http::Network network;
  std::uint16_t http_port = 0;
  std::uint16_t byte_port = 0;
};

int connected(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval patience{30, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  // Closed at once and for good: thousands of connections in a second leave no ports behind.
  const linger at_once{1, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
    return socket;
  ::close(socket);
  return -1;
}

// Sends all of it, then says that this was all, and hears the server out. False when the server
// has said nothing for half a minute.
bool talk(int socket, std::string_view bytes, std::string& heard) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) break;  // It has closed already.
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  ::shutdown(socket, SHUT_WR);
  char block[4'096];
  while (true) {
    const auto got = ::recv(socket, block, sizeof block, 0);
    if (got < 0) return errno != EAGAIN && errno != EWOULDBLOCK;
    if (got == 0) return true;
    if (heard.size() < sizeof block) heard.append(block, static_cast<std::size_t>(got));
  }
}

}  // namespace

std::string send_as_client(std::string_view bytes) {
  static Wire wire;
  const char kind = bytes.empty() ? 'h' : bytes.front();
  bytes.remove_prefix(bytes.empty() ? 0 : 1);
  const bool is_http = kind == 'h' || kind == 'w';
  const int socket = connected(is_http ? wire.http_port : wire.byte_port);
  if (socket < 0) return "the server takes no connection";
  std::string sent(kind == 'w' ? kUpgrade : std::string_view());
  std::string heard;
  const bool ended = talk(socket, sent.append(bytes), heard);
  ::close(socket);
  if (!ended) return "the server leaves a connection open that says no more";
  if (kind == 'w' && !heard.empty() && !heard.starts_with("HTTP/1.1 101"))
    return "a WebSocket was refused";
  if (is_http && !heard.empty() && !heard.starts_with("HTTP/1.")) return "an answer is no HTTP";
  return "";
}

}  // namespace syrinx::fuzz
