// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/http/byte_connection.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <utility>
#include <vector>

namespace syrinx::server::http {

namespace asio = boost::asio;

namespace {
constexpr std::size_t kWriteBytes = 262'144;
}  // namespace

class ByteConnection::Handle final : public ByteStream {
 public:
  explicit Handle(const std::shared_ptr<ByteConnection>& connection)
      : connection_(connection), outbox_(connection->outbox_) {}
  void write(std::string bytes) override {
    if (bytes.empty() || !outbox_->push({std::move(bytes), false})) return;
    if (const auto connection = connection_.lock()) connection->kick();
  }
  void close() override {
    if (const auto connection = connection_.lock()) connection->request_close();
  }
  std::size_t pending_bytes() const override { return outbox_->pending_bytes(); }
  void when_drained(std::function<void()> ready) override {
    outbox_->when_drained(std::move(ready));
  }
  std::stop_token gone() const override { return outbox_->gone(); }

 private:
  std::weak_ptr<ByteConnection> connection_;
  std::shared_ptr<Outbox> outbox_;
};

ByteConnection::ByteConnection(std::shared_ptr<Hub> hub, std::unique_ptr<ByteHandler> handler,
                               std::string peer, asio::ip::tcp::socket socket)
    : hub_(std::move(hub)),
      handler_(std::move(handler)),
      peer_(std::move(peer)),
      socket_(std::move(socket)),
      outbox_(std::make_shared<Outbox>(hub_)) {}

ByteConnection::~ByteConnection() { hub_->remove(this); }

void ByteConnection::start() {
  hub_->add(this, shared_from_this());
  handler_->opened(std::make_shared<Handle>(shared_from_this()), peer_);
  if (hub_->draining) handler_->draining();
  read();
}

void ByteConnection::close() {
  if (std::exchange(closed_, true)) return;
  outbox_->give_up();
  boost::system::error_code ignored;
  socket_.close(ignored);
  handler_->closed();
}

void ByteConnection::drain() {
  if (!closed_) handler_->draining();
}

void ByteConnection::sweep(TimePoint now) {
  if (!writing_ || now <= write_deadline_) return;
  ++hub_->timed_out;
  close();
}

void ByteConnection::kick() {
  asio::post(hub_->io, [self = shared_from_this()] { self->pump(); });
}

void ByteConnection::request_close() {
  asio::post(hub_->io, [self = shared_from_this()] {
    self->outbox_->end();
    self->pump();
  });
}

void ByteConnection::read() {
  socket_.async_read_some(
      asio::buffer(incoming_),
      [self = shared_from_this()](boost::system::error_code failed, std::size_t bytes) {
        if (failed) return self->close();
        self->handler_->received({self->incoming_.data(), bytes});
        if (!self->closed_) self->read();
      });
}

void ByteConnection::pump() {
  if (writing_ || closed_) return;
  batch_ = outbox_->take(kWriteBytes);
  if (batch_.empty()) {
    if (outbox_->ended()) close();
    return;
  }
  std::vector<asio::const_buffer> buffers;
  for (const auto& item : batch_) buffers.emplace_back(item.bytes.data(), item.bytes.size());
  writing_ = true;
  write_deadline_ = time_after(hub_->limits.write_timeout_s);
  asio::async_write(
      socket_, buffers,
      [self = shared_from_this()](boost::system::error_code failed, std::size_t bytes) {
        self->writing_ = false;
        self->outbox_->sent(bytes);
        if (failed) return self->close();
        self->pump();
      });
}

}  // namespace syrinx::server::http
