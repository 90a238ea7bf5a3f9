// SPDX-License-Identifier: Apache-2.0
// syrinx_serve_load PROGRAM SECONDS CLIENTS [RUDE [JSON]]: starts `PROGRAM serve`, lets CLIENTS ask
// it for speech as fast as they are answered, and RUDE more disconnect, stall and send garbage.
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>

#include "serve/load_client.h"
#include "serve/report.h"

namespace syrinx::bench {
namespace {

struct ServerProcess {
  pid_t pid = -1;
  std::uint16_t port = 0;
};

ServerProcess start_server(const char* program) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) return {};
  ServerProcess server;
  server.pid = ::fork();
  if (server.pid == 0) {
    ::dup2(ends[1], STDOUT_FILENO);
    ::execl(program, program, "serve", "--port", "0", "--no-log", nullptr);
    ::_exit(127);
  }
  ::close(ends[1]);
  std::string line;
  for (char c = 0; ::read(ends[0], &c, 1) == 1 && c != '\n';) line += c;
  ::close(ends[0]);
  server.port = static_cast<std::uint16_t>(std::atoi(line.c_str() + line.rfind(':') + 1));
  return server;
}

Manner manner_of(std::size_t index, std::size_t polite) {
  constexpr std::array kRude{Manner::kDisconnects, Manner::kStalls, Manner::kGarbage};
  const bool listens = std::getenv("SYRINX_LOAD_LISTENS") != nullptr;
  if (index < polite) return listens ? Manner::kListens : Manner::kPolite;
  return kRude[(index - polite) % kRude.size()];
}

LoadResult run_load(const ServerProcess& server, double seconds, std::size_t polite,
                    std::size_t rude) {
  LoadResult result;
  result.seconds = seconds;
  result.clients.resize(polite + rude);
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < polite + rude; ++i) {
    result.manners.push_back(manner_of(i, polite));
    threads.emplace_back([&, i, manner = result.manners[i]](const std::stop_token& stop) {
      result.clients[i] = run_client({server.port, i, manner}, stop);
    });
  }
  const auto began = std::chrono::steady_clock::now();
  const auto elapsed_s = [began] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  };
  while (elapsed_s() < seconds) {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    result.memory.push_back({elapsed_s(), resident_mib(server.pid)});
  }
  for (auto& thread : threads) thread.request_stop();
  for (auto& thread : threads) thread.join();
  return result;
}

int stop_server(const ServerProcess& server) {
  ::kill(server.pid, SIGTERM);
  int status = 0;
  ::waitpid(server.pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

int run(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: syrinx_serve_load PROGRAM SECONDS CLIENTS [RUDE [JSON]]\n");
    return 2;
  }
  const auto polite = static_cast<std::size_t>(std::atoi(argv[3]));
  const auto rude = static_cast<std::size_t>(argc > 4 ? std::atoi(argv[4]) : 0);
  const ServerProcess server = start_server(argv[1]);
  if (server.port == 0) {
    std::fprintf(stderr, "syrinx_serve_load: the server did not start\n");
    return 1;
  }
  const LoadResult result = run_load(server, std::atof(argv[2]), polite, rude);
  print_report(result);
  if (argc > 5) std::ofstream(argv[5]) << report_json(result) << "\n";
  const int code = stop_server(server);
  std::printf("the server ended with    %d\n", code);
  return code;
}

}  // namespace
}  // namespace syrinx::bench

int main(int argc, char** argv) { return syrinx::bench::run(argc, argv); }
