// SPDX-License-Identifier: Apache-2.0
#include "serve/load_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <random>
#include <thread>
#include <utility>

namespace syrinx::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kPcmBytesPerS = 48'000;  // 24 kHz of 16 bits.
constexpr int kPatienceMs = 60'000;

constexpr std::array<const char*, 4> kTexts = {
    "The birch canoe slid on the smooth planks.",
    "Glue the sheet to the dark blue background. It is easy to tell the depth of a well.",
    "These days a chicken leg is a rare dish. Rice is often served in round bowls. The juice of "
    "lemons makes fine punch.",
    "The box was thrown beside the parked truck. The hogs were fed chopped corn and garbage."};

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

class Connection {
 public:
  explicit Connection(const Load& load) {
    fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto host = static_cast<std::uint32_t>(load.index + 1);
    sockaddr_in to = address(0x7F000001U, load.port);
    if (!bind_to(0x7F000100U + (host / 250 << 8U) + host % 250 + 1) ||
        ::connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0)
      close();
  }
  ~Connection() { close(); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  bool is_open() const { return fd_ >= 0; }
  bool send(const std::string& bytes) const {
    return ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(bytes.size());
  }
  // More bytes; false at the end, an error or after a minute.
  bool read_more(std::string& into, std::size_t most = 65'536) const {
    pollfd ready{fd_, POLLIN, 0};
    if (::poll(&ready, 1, kPatienceMs) <= 0) return false;
    std::array<char, 65'536> bytes;
    const ssize_t got = ::recv(fd_, bytes.data(), std::min(most, bytes.size()), 0);
    if (got > 0) into.append(bytes.data(), static_cast<std::size_t>(got));
    return got > 0;
  }
  void reset() {
    const linger at_once{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close();
  }
  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

 private:
  static sockaddr_in address(std::uint32_t host, std::uint16_t port) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(host);
    return to;
  }
  bool bind_to(std::uint32_t host) const {
    const sockaddr_in from = address(host, 0);
    return ::bind(fd_, reinterpret_cast<const sockaddr*>(&from), sizeof from) == 0;
  }
  int fd_ = -1;
};

std::string request_for(const std::string& text) {
  const std::string body = R"({"response_format":"pcm","input":")" + text + "\"}";
  return "POST /v1/audio/speech HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
         "Connection: close\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

// What is left of a chunked body without its chunks' heads; complete only with the last chunk.
bool chunked_bytes(std::string_view body, std::size_t& bytes) {
  bytes = 0;
  while (true) {
    const std::size_t line = body.find("\r\n");
    if (line == std::string_view::npos) return false;
    const std::size_t size = std::strtoul(std::string(body.substr(0, line)).c_str(), nullptr, 16);
    if (size == 0) return true;
    if (body.size() < line + 4 + size) return false;
    bytes += size;
    body.remove_prefix(line + 4 + size);
  }
}

double retry_after_s(const std::string& answer) {
  const std::size_t at = answer.find("Retry-After: ");
  return at == std::string::npos ? 1.0 : std::strtod(answer.c_str() + at + 13, nullptr);
}

class Client {
 public:
  Client(const Load& load, const std::stop_token& stop)
      : load_(load), stop_(stop), random_(static_cast<unsigned>(load.index)) {}

  ClientReport run() {
    rest(std::uniform_real_distribution(0.0, 1.0)(random_));
    while (!stop_.stop_requested()) ask();
    return std::move(report_);
  }

 private:
  void ask() {
    Connection connection(load_);
    if (!connection.is_open()) {
      ++report_.errors["connection refused"];
      return rest(0.2);
    }
    if (load_.manner == Manner::kGarbage) return send_garbage(connection);
    const auto began = Clock::now();
    if (!connection.send(request_for(kTexts[random_() % kTexts.size()]))) {
      ++report_.errors["cannot send"];
      return;
    }
    if (load_.manner == Manner::kDisconnects) return disconnect(connection);
    if (load_.manner == Manner::kStalls) return stall(connection);
    read_answer(connection, began);
  }

  void read_answer(Connection& connection, Clock::time_point began) {
    std::string answer;
    double first_s = 0;
    std::size_t head = std::string::npos;
    while (connection.read_more(answer)) {
      if (head == std::string::npos) head = answer.find("\r\n\r\n");
      if (first_s == 0 && head != std::string::npos && answer.size() > head + 4)
        first_s = seconds_since(began);
    }
    if (stop_.stop_requested()) return;  // The server may have been stopped meanwhile.
    if (answer.compare(0, 12, "HTTP/1.1 429") == 0) {
      ++report_.told_to_wait;
      return rest(retry_after_s(answer) * std::uniform_real_distribution(1.0, 1.5)(random_));
    }
    std::size_t bytes = 0;
    if (answer.compare(0, 12, "HTTP/1.1 200") != 0) {
      ++report_.errors[answer.empty() ? "no answer" : answer.substr(0, 12)];
    } else if (!chunked_bytes(std::string_view(answer).substr(head + 4), bytes)) {
      ++report_.errors["cut short"];
    } else {
      take(first_s, static_cast<double>(bytes) / kPcmBytesPerS, began);
    }
  }

  void take(double first_s, double audio_s, Clock::time_point began) {
    ++report_.answered;
    report_.first_audio_s.push_back(first_s);
    report_.audio_s += audio_s;
    if (load_.manner == Manner::kListens) rest(first_s + audio_s - seconds_since(began));
  }

  void disconnect(Connection& connection) {
    std::string some;
    if (random_() % 2 == 0) (void)connection.read_more(some, 1'000);
    connection.reset();
    rest(0.05);
  }

  void stall(Connection& connection) {
    std::string some;
    (void)connection.read_more(some, 100);
    rest(5);
  }

  void send_garbage(Connection& connection) {
    std::string bytes(1 + random_() % 2'000, '\0');
    for (char& c : bytes) c = static_cast<char>(random_());
    if (random_() % 2 == 0) bytes = "POST /v1/audio/speech HTTP/1.1\r\n" + bytes;
    if (random_() % 3 == 0) bytes = request_for("x").substr(0, 60) + bytes;
    (void)connection.send(bytes);
    connection.close();
    rest(0.05);
  }

  void rest(double seconds) const {
    const auto until = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                          std::chrono::duration<double>(std::max(0.0, seconds)));
    while (!stop_.stop_requested() && Clock::now() < until)
      std::this_thread::sleep_for(
          std::min<Clock::duration>(until - Clock::now(), std::chrono::milliseconds(100)));
  }

  const Load load_;
  const std::stop_token stop_;
  std::mt19937 random_;
  ClientReport report_;
};

}  // namespace

ClientReport run_client(const Load& load, const std::stop_token& stop) {
  return Client(load, stop).run();
}

}  // namespace syrinx::bench
