// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstdint>
#include <deque>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "syrinx/apps/server/http/answer.h"
#include "syrinx/apps/server/http/hub.h"
#include "syrinx/apps/server/http/parsing.h"
#include "syrinx/apps/server/http/socket_session.h"

namespace syrinx::server::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
using Tcp = asio::ip::tcp;
using TlsStream = asio::ssl::stream<Tcp::socket>;

// One client's connection, requests one after the other. Bytes are always being read, also while a
// request is answered, so that a disconnect is seen at once; what arrives early is kept for later.
// Everything but AnswerTarget's calls is the network thread's. Private to the folder.
template <class Stream>
class HttpConnection final : public Connection,
                             public AnswerTarget,
                             public std::enable_shared_from_this<HttpConnection<Stream>> {
 public:
  static constexpr bool kTls = std::is_same_v<Stream, TlsStream>;

  // `parts` are what the stream is made of.
  template <class... Parts>
  HttpConnection(std::shared_ptr<Hub> hub, std::shared_ptr<const HttpHandlers> handlers,
                 std::string peer, Parts&&... parts)
      : hub_(std::move(hub)),
        handlers_(std::move(handlers)),
        peer_(std::move(peer)),
        stream_(std::forward<Parts>(parts)...) {}
  ~HttpConnection() override { hub_->remove(this); }

  void start() {
    hub_->add(this, this->shared_from_this());
    deadline_ = time_after(hub_->limits.header_timeout_s);
    if constexpr (kTls) {
      stream_.async_handshake(asio::ssl::stream_base::server,
                              [self = this->shared_from_this()](beast::error_code failed) {
                                if (failed) return self->close();
                                self->await_request();
                              });
    } else {
      await_request();
    }
  }

  // Connection.
  void close() override {
    if (std::exchange(state_, State::kClosed) == State::kClosed) return;
    if (outbox_) outbox_->give_up();
    // The session keeps this connection until its last operation is over; it is not kept by it.
    if (const auto socket = std::exchange(socket_, nullptr)) socket->close_now();
    beast::error_code ignored;
    stream_.lowest_layer().close(ignored);
  }
  void drain() override {
    if (socket_) return socket_->draining();
    if (state_ == State::kIdle && served_ > 0) close_in_order();
    if (state_ == State::kIdle) deadline_ = std::min(deadline_, time_after(kFirstRequestS));
  }
  void sweep(TimePoint now) override {
    if (state_ == State::kClosed) return;
    if (socket_) return socket_->sweep(now);
    if (state_ == State::kBusy && !(writing_ && now > deadline_)) return;
    if (now <= deadline_) return;
    if (state_ == State::kIdle || state_ == State::kLinger) return close();
    ++hub_->timed_out;
    if (state_ == State::kHead || state_ == State::kBody)
      return refuse(408, "the request took too long to arrive");
    close();
  }

  // AnswerTarget.
  void kick() override {
    asio::post(hub_->io, [self = this->shared_from_this()] { self->pump(); });
  }
  void abandon() override {
    asio::post(hub_->io, [self = this->shared_from_this()] { self->close(); });
  }
  void become_socket(std::unique_ptr<SocketHandler> handler) override {
    asio::post(hub_->io, [self = this->shared_from_this(),
                          held = std::make_shared<std::unique_ptr<SocketHandler>>(
                              std::move(handler))] { self->open_socket(std::move(*held)); });
  }

 private:
  enum class State { kIdle, kHead, kBody, kBusy, kLinger, kClosed };
  static constexpr std::size_t kReadBytes = 16'384;
  static constexpr std::size_t kWriteBytes = 262'144;
  static constexpr double kLingerS = 2;
  static constexpr double kFirstRequestS = 2;  // When draining.

  void await_request() {
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(hub_->limits.max_header_bytes));
    parser_->body_limit(std::numeric_limits<std::uint64_t>::max());  // take_head() sets it.
    parser_->eager(false);
    upgrade_.reset();
    state_ = State::kIdle;
    const bool fresh = served_ == 0 && hub_->draining;
    deadline_ = time_after(fresh ? kFirstRequestS : hub_->limits.idle_timeout_s);
    parse();
  }

  void read_more() {
    if (reading_ || state_ == State::kClosed) return;
    reading_ = true;
    stream_.async_read_some(
        asio::buffer(incoming_),
        [self = this->shared_from_this()](beast::error_code failed, std::size_t bytes) {
          self->reading_ = false;
          if (failed) return self->close();
          const auto room = self->buffer_.prepare(bytes);
          self->buffer_.commit(asio::buffer_copy(room, asio::buffer(self->incoming_, bytes)));
          self->advance();
        });
  }

  void advance() {
    if (state_ == State::kLinger) buffer_.consume(buffer_.size());
    if (state_ == State::kIdle || state_ == State::kHead || state_ == State::kBody) return parse();
    if (state_ == State::kLinger || buffer_.size() < limits::kMaxPipelinedBytes) read_more();
  }

  void parse() {
    if (state_ == State::kIdle && buffer_.size() > 0) {
      state_ = State::kHead;
      deadline_ = time_after(hub_->limits.header_timeout_s);
    }
    while (buffer_.size() > 0 && !parser_->is_done()) {
      beast::error_code failed;
      const std::size_t used = parser_->put(buffer_.data(), failed);
      buffer_.consume(used);
      if (failed == beast::http::error::need_more) break;
      if (failed) return refuse(status_for(failed), sentence_for(failed));
      if (state_ == State::kHead && parser_->is_header_done() && !take_head()) return;
      if (used == 0) break;
    }
    if (parser_->is_done()) return dispatch();
    read_more();
  }

  // False when the request was refused by its head.
  bool take_head() {
    state_ = State::kBody;
    deadline_ = time_after(hub_->limits.body_timeout_s);
    auto request = request_of(parser_->get());
    if (!request) return refuse(400, request.error().message), false;
    request_ = std::move(*request);
    request_.peer = peer_;
    request_.tls = kTls;
    const std::size_t most = handlers_->body_limit(request_);
    const auto length = parser_->content_length();
    if (length && *length > most)
      return refuse(413, "the request's body has " + std::to_string(*length) +
                             " bytes and may have " + std::to_string(most)),
             false;
    parser_->body_limit(most);
    parser_->eager(true);
    if (!parser_->is_done() && wants_continue(parser_->get()))
      push_raw("HTTP/1.1 100 Continue\r\n\r\n");
    return true;
  }

  void dispatch() {
    state_ = State::kBusy;
    ++served_;
    AnswerStyle style;
    auto& message = parser_->get();
    request_.body = std::move(message.body());
    style.keep_alive = keep_alive_ = message.keep_alive() && message.version() >= 11;
    style.head_only = request_.method == "HEAD";
    style.chunks = message.version() >= 11;
    style.is_upgrade = beast::websocket::is_upgrade(message);
    if (style.is_upgrade) upgrade_.emplace(message.base());
    outbox_ = std::make_shared<Outbox>(hub_);
    auto answer = std::make_shared<Answer>(std::move(request_), style, this->shared_from_this(),
                                           outbox_, hub_->draining);
    request_ = Request();
    if (!style.is_upgrade) read_more();
    handlers_->request(std::move(answer));
  }

  // Answers what is no proper request, and ends.
  void refuse(int status, std::string_view sentence) {
    if (status != 408) ++hub_->bad_requests;
    keep_alive_ = false;
    state_ = State::kBusy;
    outbox_ = std::make_shared<Outbox>(hub_);
    Response response;
    response.status = status;
    response.body = refusal_json(sentence);
    outbox_->push({head_text(response, response.body.size(), false, true) + response.body, false});
    outbox_->end();
    pump();
  }

  void push_raw(std::string bytes) {
    raw_ += bytes;
    pump();
  }

  void pump() {
    if (writing_ || state_ == State::kClosed) return;
    batch_.clear();
    if (!raw_.empty()) batch_.push_back({std::exchange(raw_, {}), false});
    if (outbox_) {
      for (auto& item : outbox_->take(kWriteBytes)) batch_.push_back(std::move(item));
    }
    if (batch_.empty()) {
      if (outbox_ && state_ == State::kBusy && outbox_->ended()) finish_answer();
      return;
    }
    write_batch();
  }

  void write_batch() {
    std::vector<asio::const_buffer> buffers;
    for (const auto& item : batch_) buffers.emplace_back(item.bytes.data(), item.bytes.size());
    writing_ = true;
    if (state_ == State::kBusy) deadline_ = time_after(hub_->limits.write_timeout_s);
    asio::async_write(
        stream_, buffers, WatchedTransfer{this->shared_from_this()},
        [self = this->shared_from_this()](beast::error_code failed, std::size_t bytes) {
          self->writing_ = false;
          if (self->outbox_) self->outbox_->sent(bytes);
          if (failed) return self->close();
          self->pump();
        });
  }

  // As asio::transfer_all; each time the client takes something, it has time again.
  struct WatchedTransfer {
    std::shared_ptr<HttpConnection> connection;
    std::size_t operator()(const beast::error_code& failed, std::size_t) const {
      if (connection->state_ == State::kBusy)
        connection->deadline_ = time_after(connection->hub_->limits.write_timeout_s);
      return failed ? 0 : 65'536;
    }
  };

  void finish_answer() {
    outbox_.reset();
    if (!keep_alive_ || hub_->draining) return close_in_order();
    await_request();
  }

  // Ends our side, and listens a moment longer, so that the client gets to read the answer.
  void close_in_order() {
    if (state_ == State::kClosed) return;
    state_ = State::kLinger;
    deadline_ = time_after(kLingerS);
    buffer_.consume(buffer_.size());
    if constexpr (kTls) {
      stream_.async_shutdown(
          [self = this->shared_from_this()](beast::error_code) { self->close(); });
    } else {
      beast::error_code ignored;
      stream_.shutdown(Tcp::socket::shutdown_send, ignored);
    }
    read_more();
  }

  void open_socket(std::unique_ptr<SocketHandler> handler) {
    if (state_ == State::kClosed || !upgrade_) return handler->closed();
    if (buffer_.size() > 0) return handler->closed(), close();
    socket_ = std::make_shared<SocketSession<Stream>>(hub_, stream_, this->shared_from_this(),
                                                      std::move(handler));
    outbox_.reset();
    socket_->accept(*upgrade_);
  }

  const std::shared_ptr<Hub> hub_;
  const std::shared_ptr<const HttpHandlers> handlers_;
  const std::string peer_;
  Stream stream_;
  // A read may be under way while buffer_ is parsed, which moves what is in it: it has its own
  // room.
  std::array<char, kReadBytes> incoming_;
  beast::flat_buffer buffer_;
  std::optional<beast::http::request_parser<beast::http::string_body>> parser_;
  Request request_;
  State state_ = State::kIdle;
  TimePoint deadline_{};
  std::size_t served_ = 0;
  bool reading_ = false;
  bool writing_ = false;
  bool keep_alive_ = true;
  std::string raw_;  // Goes out before the answer: "100 Continue".
  std::deque<Outbox::Item> batch_;
  std::shared_ptr<Outbox> outbox_;
  std::optional<UpgradeRequest> upgrade_;
  std::shared_ptr<SocketSession<Stream>> socket_;
};

}  // namespace syrinx::server::http
