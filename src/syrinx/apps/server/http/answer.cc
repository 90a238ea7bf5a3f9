// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/http/answer.h"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace syrinx::server::http {
namespace {

// A value that came from elsewhere must not start a line of its own.
std::string one_line(std::string value) {
  std::erase_if(value, [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t'; });
  return value;
}

bool has_body(int status) { return status >= 200 && status != 204 && status != 304; }

std::string chunk_of(const std::string& bytes) {
  char size[24];
  std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
  return size + bytes + "\r\n";
}

}  // namespace

std::string head_text(const Response& head, std::optional<std::size_t> length, bool chunked,
                      bool closes) {
  std::string text = "HTTP/1.1 " + std::to_string(head.status) + " " +
                     std::string(reason_of(head.status)) + "\r\n";
  const auto add = [&text](const std::string& name, const std::string& value) {
    text += one_line(name) + ": " + one_line(value) + "\r\n";
  };
  if (!head.content_type.empty() && has_body(head.status)) add("Content-Type", head.content_type);
  for (const Field& field : head.fields) add(field.name, field.value);
  if (length && has_body(head.status)) add("Content-Length", std::to_string(*length));
  if (chunked) add("Transfer-Encoding", "chunked");
  if (closes) add("Connection", "close");
  return text + "\r\n";
}

Answer::Answer(Request request, AnswerStyle style, std::shared_ptr<AnswerTarget> target,
               std::shared_ptr<Outbox> outbox, bool draining)
    : request_(std::move(request)),
      style_(style),
      target_(std::move(target)),
      outbox_(std::move(outbox)),
      closes_(draining || !style.keep_alive) {}

Answer::~Answer() {
  if (!upgraded_ && !outbox_->ended()) abort();
}

void Answer::send(std::string bytes) {
  if (!bytes.empty() && outbox_->push({std::move(bytes), false})) target_->kick();
}

void Answer::finish() {
  if (outbox_->end()) target_->kick();
}

void Answer::respond(Response response) {
  response.fields.insert(response.fields.end(), fields_.begin(), fields_.end());
  std::string text = head_text(response, response.body.size(), false, closes_);
  if (!style_.head_only && has_body(response.status)) text += response.body;
  send(std::move(text));
  finish();
}

void Answer::begin(Response head) {
  const std::string body = std::exchange(head.body, {});
  head.fields.insert(head.fields.end(), fields_.begin(), fields_.end());
  send(head_text(head, std::nullopt, style_.chunks, closes_ || !style_.chunks));
  write(body);
}

void Answer::write(std::string bytes) {
  if (bytes.empty() || style_.head_only) return;
  send(style_.chunks ? chunk_of(bytes) : std::move(bytes));
}

void Answer::end() {
  if (style_.chunks && !style_.head_only) send("0\r\n\r\n");
  finish();
}

void Answer::abort() {
  outbox_->end();
  if (!outbox_->is_gone()) target_->abandon();
}

void Answer::upgrade(std::unique_ptr<SocketHandler> handler) {
  upgraded_ = true;
  if (!outbox_->is_gone()) target_->become_socket(std::move(handler));
}

}  // namespace syrinx::server::http
