// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "syrinx/apps/server/server.h"

// A client of plain sockets, so that tests see every byte. Reading gives up after a minute.
namespace syrinx::server {

class TestSocket {
 public:
  explicit TestSocket(std::uint16_t port);
  ~TestSocket();
  TestSocket(const TestSocket&) = delete;
  TestSocket& operator=(const TestSocket&) = delete;

  bool is_open() const noexcept { return fd_ >= 0; }
  void send(std::string_view bytes);
  // Up to and with `mark`; what there is when the connection ends or the time is up.
  std::string read_until(std::string_view mark);
  std::string read(std::size_t bytes);
  // All that comes until the server closes.
  std::string read_all();
  bool at_end();  // Whether the server closed and everything was read.
  void close();   // In order.
  void reset();   // So that the server gets an error.

 private:
  bool fill();
  int fd_ = -1;
  std::string buffer_;
};

struct TestAnswer {
  int status = 0;
  std::map<std::string, std::string> fields;  // Names in lower case.
  std::string body;
  bool complete = false;  // The body came to its end, as its head promised.
};

using TestFields = std::vector<std::pair<std::string, std::string>>;

// The text of a request.
std::string request_text(std::string_view method, std::string_view target, std::string_view body,
                         const TestFields& fields = {});
// Reads one answer; `bodiless` for HEAD.
TestAnswer read_answer(TestSocket& socket, bool bodiless = false);
// One request on a connection of its own.
TestAnswer ask(std::uint16_t port, std::string_view method, std::string_view target,
               std::string_view body = {}, const TestFields& fields = {});

// A WebSocket's client (RFC 6455).
class TestWebSocket {
 public:
  TestWebSocket(std::uint16_t port, std::string_view target, const TestFields& fields = {});

  int status() const noexcept { return answer_.status; }
  const TestAnswer& answer() const noexcept { return answer_; }
  void send_text(std::string_view text) { send_frame(1, text); }
  void send_frame(int opcode, std::string_view payload);
  struct Message {
    int opcode = 0;  // 1 text, 2 binary, 8 close.
    std::string payload;
  };
  // The next message that is no ping or pong; nothing at the end or after a minute.
  std::optional<Message> next();
  TestSocket& socket() noexcept { return socket_; }

 private:
  TestSocket socket_;
  TestAnswer answer_;
};

// Options for a server of a test: a free port of this machine.
ServerOptions test_options();
// A server that listens; a failed expectation where it does not.
std::unique_ptr<Server> started(ServerOptions options = test_options());
// GET /v1/stats.
nlohmann::json stats(std::uint16_t port);
// Asks again until it holds, for a minute.
bool soon(const std::function<bool()>& holds);
// So many sentences.
std::string long_text(std::size_t sentences);
// The body of a request for speech.
std::string speech_body(const std::string& input, const char* format = "pcm");

}  // namespace syrinx::server
