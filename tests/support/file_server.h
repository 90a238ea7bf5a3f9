// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace syrinx::support {

// How the server answers for one path.
struct ServedFile {
  std::string content;
  std::string etag = "\"1\"";   // "" sends none.
  bool ranges = true;           // Whether a part is given when one is asked for.
  int breaks = 0;               // The first so many answers are cut off ...
  std::size_t break_after = 0;  // ... after so many bytes of the body.
  int status = 0;               // Not 0: this status and no file.
  int refusals = 0;             // The first so many answers are HTTP 503.
  bool stalls = false;          // Sends the header, and then nothing until the server goes.
};

// An HTTP/1.1 server of files on a port of its own at 127.0.0.1, as bad as it is told to be. One
// connection at a time; each is closed after its answer.
class FileServer {
 public:
  FileServer();
  ~FileServer();
  FileServer(const FileServer&) = delete;
  FileServer& operator=(const FileServer&) = delete;

  void serve(const std::string& path, ServedFile file);
  std::string url(const std::string& path) const;  // "http://127.0.0.1:port" + path.
  // Every request so far: its first line, and its Range after " | " when there was one.
  std::vector<std::string> requests() const;

 private:
  void run(const std::stop_token& stop);
  void answer(int connection, const std::stop_token& stop);

  int listener_ = -1;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::map<std::string, ServedFile> files_;
  std::vector<std::string> requests_;
  std::jthread thread_;
};

}  // namespace syrinx::support
