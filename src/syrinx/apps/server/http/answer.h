// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "syrinx/apps/server/http/exchange.h"
#include "syrinx/apps/server/http/outbox.h"

// One request's way from the connection to a handler and back. Private to the folder.
namespace syrinx::server::http {

// What an answer needs of its connection. Any thread; the work is the network thread's.
class AnswerTarget {
 public:
  virtual ~AnswerTarget() = default;
  // There is something in the outbox, or its end.
  virtual void kick() = 0;
  virtual void abandon() = 0;
  virtual void become_socket(std::unique_ptr<SocketHandler> handler) = 0;
};

struct AnswerStyle {
  bool keep_alive = true;  // Another request may follow.
  bool head_only = false;  // HEAD.
  bool chunks = true;      // HTTP/1.1.
  bool is_upgrade = false;
};

class Answer final : public Exchange {
 public:
  // `draining`: every answer says that the connection closes.
  Answer(Request request, AnswerStyle style, std::shared_ptr<AnswerTarget> target,
         std::shared_ptr<Outbox> outbox, bool draining);
  ~Answer() override;

  const Request& request() const override { return request_; }
  void add_field(Field field) override { fields_.push_back(std::move(field)); }
  void respond(Response response) override;
  void begin(Response head) override;
  void write(std::string bytes) override;
  void end() override;
  void abort() override;
  bool is_upgrade() const override { return style_.is_upgrade; }
  void upgrade(std::unique_ptr<SocketHandler> handler) override;
  std::size_t pending_bytes() const override { return outbox_->pending_bytes(); }
  void when_drained(std::function<void()> ready) override {
    outbox_->when_drained(std::move(ready));
  }
  std::stop_token gone() const override { return outbox_->gone(); }

 private:
  void send(std::string bytes);
  void finish();

  const Request request_;
  const AnswerStyle style_;
  const std::shared_ptr<AnswerTarget> target_;
  const std::shared_ptr<Outbox> outbox_;
  const bool closes_;
  std::vector<Field> fields_;  // Of every answer.
  bool upgraded_ = false;
};

// The head of an answer as it travels; `length` absent: chunked, or without a length.
std::string head_text(const Response& head, std::optional<std::size_t> length, bool chunked,
                      bool closes);

}  // namespace syrinx::server::http
