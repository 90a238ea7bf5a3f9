// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/server_test_support.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <thread>
#include <utility>

namespace syrinx::server {
namespace {

constexpr int kPatienceMs = 60'000;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

void read_head(TestSocket& socket, TestAnswer& answer) {
  const std::string head = socket.read_until("\r\n\r\n");
  if (head.compare(0, 5, "HTTP/") != 0 || head.size() < 12) return;
  answer.status = std::atoi(head.c_str() + 9);
  for (std::size_t at = head.find("\r\n") + 2; at < head.size();) {
    const std::size_t end = head.find("\r\n", at);
    const std::string line = head.substr(at, end - at);
    const std::size_t colon = line.find(": ");
    if (colon != std::string::npos)
      answer.fields[lower(line.substr(0, colon))] = line.substr(colon + 2);
    at = end + 2;
  }
}

void read_chunks(TestSocket& socket, TestAnswer& answer) {
  while (true) {
    const std::string line = socket.read_until("\r\n");
    if (line.size() < 3) return;
    const std::size_t size = std::strtoul(line.c_str(), nullptr, 16);
    const std::string chunk = socket.read(size + 2);
    if (chunk.size() < size + 2) return;
    answer.body.append(chunk, 0, size);
    if (size == 0) {
      answer.complete = true;
      return;
    }
  }
}

}  // namespace

TestSocket::TestSocket(std::uint16_t port) {
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) close();
}

TestSocket::~TestSocket() { close(); }

void TestSocket::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

void TestSocket::reset() {
  const linger at_once{1, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close();
}

void TestSocket::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

bool TestSocket::fill() {
  pollfd ready{fd_, POLLIN, 0};
  if (fd_ < 0 || ::poll(&ready, 1, kPatienceMs) <= 0) return false;
  std::array<char, 65'536> bytes;
  const ssize_t got = ::recv(fd_, bytes.data(), bytes.size(), 0);
  if (got > 0) buffer_.append(bytes.data(), static_cast<std::size_t>(got));
  return got > 0;
}

std::string TestSocket::read_until(std::string_view mark) {
  std::size_t at = std::string::npos;
  while ((at = buffer_.find(mark)) == std::string::npos) {
    if (!fill()) return std::exchange(buffer_, {});
  }
  return read(at + mark.size());
}

std::string TestSocket::read(std::size_t bytes) {
  while (buffer_.size() < bytes && fill()) {
  }
  std::string part = buffer_.substr(0, bytes);
  buffer_.erase(0, part.size());
  return part;
}

std::string TestSocket::read_all() {
  while (fill()) {
  }
  return std::exchange(buffer_, {});
}

bool TestSocket::at_end() { return buffer_.empty() && !fill(); }

std::string request_text(std::string_view method, std::string_view target, std::string_view body,
                         const TestFields& fields) {
  std::string text =
      std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
  for (const auto& [name, value] : fields) text += name + ": " + value + "\r\n";
  if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return text + "\r\n" + std::string(body);
}

TestAnswer read_answer(TestSocket& socket, bool bodiless) {
  TestAnswer answer;
  read_head(socket, answer);
  const bool none = bodiless || answer.status == 204 || answer.status == 304;
  if (none || answer.status == 0 || answer.status == 101) {
    answer.complete = answer.status != 0;
  } else if (answer.fields.count("transfer-encoding") > 0) {
    read_chunks(socket, answer);
  } else if (const auto length = answer.fields.find("content-length");
             length != answer.fields.end()) {
    const std::size_t bytes = std::strtoul(length->second.c_str(), nullptr, 10);
    answer.body = socket.read(bytes);
    answer.complete = answer.body.size() == bytes;
  } else {
    answer.body = socket.read_all();
    answer.complete = true;
  }
  return answer;
}

TestAnswer ask(std::uint16_t port, std::string_view method, std::string_view target,
               std::string_view body, const TestFields& fields) {
  TestSocket socket(port);
  socket.send(request_text(method, target, body, fields));
  return read_answer(socket, method == "HEAD");
}

TestWebSocket::TestWebSocket(std::uint16_t port, std::string_view target, const TestFields& fields)
    : socket_(port) {
  TestFields all = {{"Upgrade", "websocket"},
                    {"Connection", "Upgrade"},
                    {"Sec-WebSocket-Version", "13"},
                    {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}};
  all.insert(all.end(), fields.begin(), fields.end());
  socket_.send(request_text("GET", target, "", all));
  answer_ = read_answer(socket_);
}

void TestWebSocket::send_frame(int opcode, std::string_view payload) {
  std::string frame(1, static_cast<char>(0x80 | opcode));
  if (payload.size() < 126) {
    frame += static_cast<char>(0x80 | payload.size());
  } else if (payload.size() < 65'536) {
    frame += static_cast<char>(0x80 | 126);
    frame += static_cast<char>(payload.size() >> 8);
    frame += static_cast<char>(payload.size() & 0xFF);
  } else {
    frame += static_cast<char>(0x80 | 127);
    for (int shift = 56; shift >= 0; shift -= 8)
      frame += static_cast<char>(payload.size() >> shift & 0xFF);
  }
  constexpr std::array<unsigned char, 4> kMask{0x12, 0x34, 0x56, 0x78};
  for (const unsigned char byte : kMask) frame += static_cast<char>(byte);
  for (std::size_t i = 0; i < payload.size(); ++i)
    frame += static_cast<char>(static_cast<unsigned char>(payload[i]) ^ kMask[i % 4]);
  socket_.send(frame);
}

std::optional<TestWebSocket::Message> TestWebSocket::next() {
  while (true) {
    const std::string head = socket_.read(2);
    if (head.size() < 2) return std::nullopt;
    const int opcode = head[0] & 0x0F;
    std::size_t size = static_cast<unsigned char>(head[1]) & 0x7F;
    const std::size_t wide = size == 126 ? 2 : size == 127 ? 8 : 0;
    if (wide > 0) {
      size = 0;
      for (const char byte : socket_.read(wide))
        size = size << 8 | static_cast<unsigned char>(byte);
    }
    Message message{opcode, socket_.read(size)};
    if (opcode != 9 && opcode != 10) return message;
    if (opcode == 9) send_frame(10, message.payload);
  }
}

ServerOptions test_options() {
  ServerOptions options;
  options.http.port = 0;
  options.drain_s = 60;
  options.work.max_wait_s = 600;  // A busy machine refuses nobody.
  return options;
}

std::unique_ptr<Server> started(ServerOptions options) {
  auto server = Server::start(std::move(options));
  EXPECT_TRUE(server) << (server ? "" : server.error().message);
  return server ? std::move(*server) : nullptr;
}

nlohmann::json stats(std::uint16_t port) {
  return nlohmann::json::parse(ask(port, "GET", "/v1/stats").body);
}

bool soon(const std::function<bool()>& holds) {
  for (int i = 0; i < 6'000; ++i) {
    if (holds()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

std::string long_text(std::size_t sentences) {
  std::string text;
  for (std::size_t i = 0; i < sentences; ++i)
    text += "This is sentence number " + std::to_string(i) + " of a text that goes on. ";
  return text;
}

std::string speech_body(const std::string& input, const char* format) {
  return nlohmann::json{{"input", input}, {"response_format", format}}.dump();
}

}  // namespace syrinx::server
