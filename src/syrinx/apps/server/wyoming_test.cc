// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "syrinx/apps/server/server.h"
#include "syrinx/apps/server/server_test_support.h"

namespace syrinx::server {
namespace {

using nlohmann::json;

ServerOptions wyoming_options() {
  auto options = test_options();
  options.wyoming = http::Endpoint{"127.0.0.1", 0};
  return options;
}

std::string event(const std::string& type, const json& data = json::object()) {
  return json{{"type", type}, {"data", data}}.dump() + "\n";
}

struct Event {
  std::string type;
  json data;
  std::string payload;
};

Event read_event(TestSocket& socket) {
  const json line = json::parse(socket.read_until("\n"), nullptr, false);
  if (!line.is_object()) return {};
  Event read{line["type"], json::object(), ""};
  if (const std::size_t bytes = line.value("data_length", 0U))
    read.data = json::parse(socket.read(bytes));
  read.payload = socket.read(line.value("payload_length", 0U));
  return read;
}

// The types of all events up to and with one of `last`, those in a row of one type once.
std::pair<std::vector<std::string>, std::size_t> read_events(TestSocket& socket,
                                                             const std::string& last) {
  std::vector<std::string> types;
  std::size_t audio_bytes = 0;
  while (true) {
    const Event read = read_event(socket);
    audio_bytes += read.payload.size();
    if (types.empty() || types.back() != read.type) types.push_back(read.type);
    if (read.type == last || read.type.empty()) return {types, audio_bytes};
  }
}

TEST(Wyoming, DescribesItsVoicesAndThatItStreams) {
  const auto server = started(wyoming_options());
  TestSocket socket(server->wyoming_port());
  socket.send(event("describe"));
  const auto info = read_event(socket);
  EXPECT_EQ(info.type, "info");
  const auto& program = info.data["tts"][0];
  EXPECT_TRUE(program["supports_synthesize_streaming"]);
  EXPECT_EQ(program["voices"][0]["name"], "slt");
  EXPECT_EQ(program["voices"][0]["languages"][0], "en-US");
}

TEST(Wyoming, SaysATextAsStartChunksAndStop) {
  const auto server = started(wyoming_options());
  TestSocket socket(server->wyoming_port());
  for (int i = 0; i < 2; ++i) {
    socket.send(
        event("synthesize", {{"text", "Hello there. Good day."}, {"voice", {{"name", "rms"}}}}));
    const auto [types, bytes] = read_events(socket, "audio-stop");
    EXPECT_EQ(types, (std::vector<std::string>{"audio-start", "audio-chunk", "audio-stop"}));
    EXPECT_GT(bytes, 48'000U);
  }
  EXPECT_EQ(stats(server->port())["voices"]["rms"]["requests"], 2);
}

TEST(Wyoming, SaysAStreamedTextWhileItStillComes) {
  const auto server = started(wyoming_options());
  TestSocket socket(server->wyoming_port());
  socket.send(event("synthesize-start", json::object()) +
              event("synthesize-chunk", {{"text", "Hello there. And"}}));
  EXPECT_EQ(read_event(socket).type, "audio-start");
  EXPECT_EQ(read_event(socket).type, "audio-chunk");
  socket.send(event("synthesize-chunk", {{"text", " more."}}) +
              event("synthesize", {{"text", "Hello there. And more."}}) + event("synthesize-stop"));
  const auto [types, bytes] = read_events(socket, "synthesize-stopped");
  EXPECT_EQ(types, (std::vector<std::string>{"audio-chunk", "audio-stop", "synthesize-stopped"}));
}

TEST(Wyoming, ATextWithoutAWordStillEnds) {
  const auto server = started(wyoming_options());
  TestSocket socket(server->wyoming_port());
  socket.send(event("synthesize", {{"text", "***"}}));
  EXPECT_EQ(read_events(socket, "audio-stop").first.back(), "audio-stop");
}

TEST(Wyoming, GarbageEndsOnlyItsConnection) {
  const auto server = started(wyoming_options());
  TestSocket socket(server->wyoming_port());
  socket.send("GET / HTTP/1.1\r\n\r\n");
  EXPECT_EQ(read_event(socket).type, "error");
  EXPECT_TRUE(socket.at_end());
  TestSocket other(server->wyoming_port());
  other.send(event("ping", {{"text", "x"}}));
  EXPECT_EQ(read_event(other).type, "pong");
}

TEST(Wyoming, ADisconnectEndsTheWork) {
  const auto server = started(wyoming_options());
  TestSocket socket(server->wyoming_port());
  socket.send(event("synthesize", {{"text", long_text(80)}}));
  EXPECT_EQ(read_event(socket).type, "audio-start");
  socket.reset();
  EXPECT_TRUE(soon([&] { return stats(server->port())["queue"]["tasks"] == 0; }));
  EXPECT_LT(stats(server->port())["sentences"].get<int>(), 80);
}

TEST(Wyoming, DrainingLetsATextEnd) {
  const auto server = started(wyoming_options());
  TestSocket idle(server->wyoming_port());
  idle.send(event("ping"));
  EXPECT_EQ(read_event(idle).type, "pong");
  TestSocket busy(server->wyoming_port());
  busy.send(event("synthesize", {{"text", long_text(10)}}));
  EXPECT_EQ(read_event(busy).type, "audio-start");
  std::thread draining([&] { EXPECT_TRUE(server->drain()); });
  EXPECT_EQ(read_events(busy, "audio-stop").first.back(), "audio-stop");
  EXPECT_TRUE(idle.at_end());
  draining.join();
}

}  // namespace
}  // namespace syrinx::server
