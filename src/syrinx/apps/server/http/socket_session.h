// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/post.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "syrinx/apps/server/http/exchange.h"
#include "syrinx/apps/server/http/hub.h"
#include "syrinx/apps/server/http/outbox.h"
#include "syrinx/apps/server/http/parsing.h"

namespace syrinx::server::http {

// A WebSocket on the stream of a connection, which it keeps alive. Private to
// the folder.
template <class Stream>
class SocketSession final : public std::enable_shared_from_this<SocketSession<Stream>> {
 public:
  SocketSession(std::shared_ptr<Hub> hub, Stream& stream, std::shared_ptr<Connection> connection,
                std::unique_ptr<SocketHandler> handler)
      : hub_(std::move(hub)),
        connection_(std::move(connection)),
        handler_(std::move(handler)),
        outbox_(std::make_shared<Outbox>(hub_)),
        ws_(stream) {}

  void accept(const UpgradeRequest& request) {
    namespace ws = boost::beast::websocket;
    ws_.auto_fragment(false);
    ws_.read_message_max(hub_->limits.max_message_bytes);
    ws_.set_option(
        ws::stream_base::timeout{std::chrono::seconds(5), std::chrono::seconds(60), true});
    ws_.set_option(ws::stream_base::decorator([named = names_protocol(request)](auto& response) {
      if (named) response.set(boost::beast::http::field::sec_websocket_protocol, kProtocol);
    }));
    boost::beast::http::request<boost::beast::http::empty_body> whole(request);
    ws_.async_accept(whole, [self = this->shared_from_this()](boost::beast::error_code failed) {
      if (failed || self->closed_) return self->over();
      self->opened();
    });
  }

  // The network thread's, as everything here but kick().
  void close_now() {
    outbox_->give_up();
    over();
  }
  void draining() { handler_->draining(); }
  void sweep(TimePoint now) {
    if (!writing_ || now <= write_deadline_) return;
    ++hub_->timed_out;
    end_connection();
  }
  void kick() {
    boost::asio::post(hub_->io, [self = this->shared_from_this()] { self->pump(); });
  }
  void request_close(int code, std::string reason) {
    boost::asio::post(hub_->io, [self = this->shared_from_this(), code, reason] {
      self->say_goodbye(code, reason);
    });
  }
  const std::shared_ptr<Outbox>& outbox() const { return outbox_; }

 private:
  static constexpr const char* kProtocol = "syrinx";

  // What the handler holds.
  class Handle final : public Socket {
   public:
    explicit Handle(std::shared_ptr<SocketSession> session)
        : session_(session), outbox_(session->outbox()) {}
    void write(std::string bytes) override { push({std::move(bytes), false}); }
    void send_text(std::string text) override { push({std::move(text), true}); }
    void close(int code, std::string reason) override {
      if (const auto session = session_.lock()) session->request_close(code, std::move(reason));
    }
    std::size_t pending_bytes() const override { return outbox_->pending_bytes(); }
    void when_drained(std::function<void()> ready) override {
      outbox_->when_drained(std::move(ready));
    }
    std::stop_token gone() const override { return outbox_->gone(); }

   private:
    void push(Outbox::Item item) {
      if (!outbox_->push(std::move(item))) return;
      if (const auto session = session_.lock()) session->kick();
    }
    std::weak_ptr<SocketSession> session_;
    std::shared_ptr<Outbox> outbox_;
  };

  static bool names_protocol(const UpgradeRequest& request) {
    const auto offered = request[boost::beast::http::field::sec_websocket_protocol];
    for (const auto token : boost::beast::http::token_list(offered)) {
      if (token == kProtocol) return true;
    }
    return false;
  }

  void opened() {
    handler_->opened(std::make_shared<Handle>(this->shared_from_this()));
    read();
    if (hub_->draining) draining();
  }

  void read() {
    if (closed_) return;
    ws_.async_read(incoming_,
                   [self = this->shared_from_this()](boost::beast::error_code failed, std::size_t) {
                     if (failed) return self->end_connection();
                     self->take();
                   });
  }

  void take() {
    std::string message = boost::beast::buffers_to_string(incoming_.data());
    incoming_.consume(incoming_.size());
    if (ws_.got_text()) {
      handler_->text(std::move(message));
    } else {
      handler_->binary(std::move(message));
    }
    read();
  }

  void pump() {
    if (writing_ || closed_) return;
    auto next = outbox_->take(1);
    if (next.empty()) {
      if (goodbye_) finish();
      return;
    }
    item_ = std::move(next.front());
    writing_ = true;
    write_deadline_ = time_after(hub_->limits.write_timeout_s);
    ws_.text(item_.is_text);
    ws_.async_write(
        boost::asio::buffer(item_.bytes),
        [self = this->shared_from_this()](boost::beast::error_code failed, std::size_t) {
          self->writing_ = false;
          self->outbox_->sent(self->item_.bytes.size());
          if (failed) return self->end_connection();
          self->pump();
        });
  }

  void say_goodbye(int code, const std::string& reason) {
    if (std::exchange(goodbye_, true)) return;
    reason_ = {static_cast<boost::beast::websocket::close_code>(code), reason};
    outbox_->end();
    pump();
  }

  void finish() {
    if (std::exchange(closing_, true)) return;
    ws_.async_close(reason_, [self = this->shared_from_this()](boost::beast::error_code) {
      self->end_connection();
    });
  }

  void over() {
    if (std::exchange(closed_, true)) return;
    outbox_->give_up();
    handler_->closed();
    end_connection();
  }

  void end_connection() { connection_->close(); }

  const std::shared_ptr<Hub> hub_;
  const std::shared_ptr<Connection> connection_;  // Whose stream this works on, to the very end.
  const std::unique_ptr<SocketHandler> handler_;
  const std::shared_ptr<Outbox> outbox_;
  boost::beast::websocket::stream<Stream&> ws_;
  boost::beast::flat_buffer incoming_;
  Outbox::Item item_;
  TimePoint write_deadline_{};
  boost::beast::websocket::close_reason reason_;
  bool writing_ = false;
  bool goodbye_ = false;
  bool closing_ = false;
  bool closed_ = false;
};

}  // namespace syrinx::server::http
