// SPDX-License-Identifier: Apache-2.0
#include "support/file_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

namespace syrinx::support {
namespace {

constexpr int kPollMs = 20;
constexpr std::size_t kMaxRequestBytes = 65'536;

void send_all(int connection, const std::string& bytes) {
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const auto got = ::send(connection, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (got <= 0) return;
    sent += static_cast<std::size_t>(got);
  }
}

std::string read_request(int connection) {
  std::string text;
  char piece[4'096];
  while (text.find("\r\n\r\n") == std::string::npos && text.size() < kMaxRequestBytes) {
    const auto got = ::recv(connection, piece, sizeof piece, 0);
    if (got <= 0) break;
    text.append(piece, static_cast<std::size_t>(got));
  }
  return text;
}

// The value of a header, or "".
std::string header(const std::string& request, const std::string& name) {
  const std::size_t at = request.find("\r\n" + name + ": ");
  if (at == std::string::npos) return "";
  const std::size_t begin = at + name.size() + 4;
  return request.substr(begin, request.find("\r\n", begin) - begin);
}

std::string head(int status, std::size_t length, const std::string& more) {
  return "HTTP/1.1 " + std::to_string(status) +
         " Said\r\nContent-Length: " + std::to_string(length) + "\r\nConnection: close\r\n" + more +
         "\r\n";
}

}  // namespace

FileServer::FileServer() {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  ::listen(listener_, 16);
  socklen_t size = sizeof address;
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

FileServer::~FileServer() {
  thread_.request_stop();
  thread_.join();
  ::close(listener_);
}

void FileServer::serve(const std::string& path, ServedFile file) {
  const std::lock_guard lock(mutex_);
  files_[path] = std::move(file);
}

std::string FileServer::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + path;
}

std::vector<std::string> FileServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void FileServer::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    pollfd waiting{listener_, POLLIN, 0};
    if (::poll(&waiting, 1, kPollMs) <= 0) continue;
    const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    answer(connection, stop);
    ::close(connection);
  }
}

void FileServer::answer(int connection, const std::stop_token& stop) {
  const std::string request = read_request(connection);
  const std::string line = request.substr(0, request.find("\r\n"));
  const std::string range = header(request, "Range");
  const std::size_t begin = line.find(' ') + 1;
  const std::string path = line.substr(begin, line.find(' ', begin) - begin);

  std::unique_lock lock(mutex_);
  requests_.push_back(line + (range.empty() ? "" : " | " + range));
  const auto found = files_.find(path);
  if (found == files_.end()) return send_all(connection, head(404, 0, ""));
  ServedFile& file = found->second;
  if (file.status != 0) return send_all(connection, head(file.status, 0, ""));
  if (file.refusals > 0) {
    --file.refusals;
    return send_all(connection, head(503, 0, ""));
  }
  const std::string same = header(request, "If-Range");
  std::size_t first = 0;
  if (file.ranges && !range.empty() && (same.empty() || same == file.etag))
    first = static_cast<std::size_t>(std::stoull(range.substr(range.find('=') + 1)));
  if (first > 0 && first >= file.content.size()) return send_all(connection, head(416, 0, ""));
  std::string body = file.content.substr(first);
  std::string more = file.etag.empty() ? "" : "ETag: " + file.etag + "\r\n";
  if (first > 0)
    more += "Content-Range: bytes " + std::to_string(first) + "-" +
            std::to_string(file.content.size() - 1) + "/" + std::to_string(file.content.size()) +
            "\r\n";
  const std::string top = head(first > 0 ? 206 : 200, body.size(), more);
  if (file.breaks > 0) {
    --file.breaks;
    body.resize(std::min(body.size(), file.break_after));
  }
  const bool stalls = file.stalls;
  lock.unlock();
  send_all(connection, top + (stalls ? "" : body));
  while (stalls && !stop.stop_requested())
    std::this_thread::sleep_for(std::chrono::milliseconds(kPollMs));
}

}  // namespace syrinx::support
