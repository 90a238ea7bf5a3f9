// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/http/network.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <future>
#include <thread>
#include <utility>
#include <vector>

#include "syrinx/apps/server/http/byte_connection.h"
#include "syrinx/apps/server/http/http_connection.h"
#include "syrinx/apps/server/http/hub.h"
#include "syrinx/apps/server/http/tls.h"

namespace syrinx::server::http {
namespace {

constexpr std::chrono::milliseconds kSweepEvery{100};
constexpr std::chrono::milliseconds kAcceptAgain{50};  // After the system had no descriptor left.

Result<Tcp::endpoint> endpoint_of(const Endpoint& at) {
  const std::string host = at.host == "localhost" ? "127.0.0.1" : at.host;
  boost::system::error_code failed;
  const auto address = asio::ip::make_address(host, failed);
  if (failed)
    return make_error(ErrorCode::kInvalidArgument, "'", at.host,
                      "' is no address to listen on; give one like 127.0.0.1, ::1 or 0.0.0.0");
  return Tcp::endpoint(address, at.port);
}

Result<Tcp::acceptor> bound(asio::io_context& io, const Endpoint& at) {
  SYRINX_ASSIGN(const Tcp::endpoint endpoint, endpoint_of(at));
  Tcp::acceptor acceptor(io);
  boost::system::error_code failed;
  acceptor.open(endpoint.protocol(), failed);
  if (!failed) acceptor.set_option(asio::socket_base::reuse_address(true), failed);
  if (!failed) acceptor.bind(endpoint, failed);
  if (!failed) acceptor.listen(asio::socket_base::max_listen_connections, failed);
  if (failed)
    return make_error(ErrorCode::kIo, "cannot listen on ", at.host, " port ", at.port, ": ",
                      failed.message(), "; choose another address or port");
  return acceptor;
}

// Takes connections and makes something of each.
class Listener : public std::enable_shared_from_this<Listener> {
 public:
  using Welcome = std::function<void(Tcp::socket socket, std::string peer)>;

  Listener(std::shared_ptr<Hub> hub, Tcp::acceptor acceptor, Welcome welcome)
      : hub_(std::move(hub)),
        acceptor_(std::move(acceptor)),
        again_(hub_->io),
        welcome_(std::move(welcome)) {}

  void accept() {
    acceptor_.async_accept(
        [self = shared_from_this()](boost::system::error_code failed, Tcp::socket socket) {
          // One who was let in as the door was shut is in.
          if (!failed) self->take(std::move(socket));
          if (!self->acceptor_.is_open()) return;
          if (failed) return self->accept_later();
          self->accept();
        });
  }

  // Everyone who already stands at the door comes in; then it is shut.
  void finish() {
    boost::system::error_code failed;
    acceptor_.non_blocking(true, failed);
    while (!failed) {
      Tcp::socket socket(hub_->io);
      acceptor_.accept(socket, failed);
      if (!failed) take(std::move(socket));
    }
    close();
  }

  void close() {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    again_.cancel();
  }

 private:
  void take(Tcp::socket socket) {
    boost::system::error_code failed;
    const auto peer = socket.remote_endpoint(failed);
    if (failed || hub_->closing) return;  // Gone already; or we are.
    if (hub_->open.load() >= hub_->limits.max_connections) {
      ++hub_->refused_connections;
      return;
    }
    ++hub_->accepted;
    socket.set_option(Tcp::no_delay(true), failed);
    welcome_(std::move(socket), peer.address().to_string());
  }

  void accept_later() {
    again_.expires_after(kAcceptAgain);
    again_.async_wait([self = shared_from_this()](boost::system::error_code failed) {
      if (!failed && self->acceptor_.is_open()) self->accept();
    });
  }

  const std::shared_ptr<Hub> hub_;
  Tcp::acceptor acceptor_;
  asio::steady_timer again_;
  const Welcome welcome_;
};

}  // namespace

struct Network::Impl {
  explicit Impl(const NetworkLimits& limits)
      : hub(std::make_shared<Hub>(limits)), guard(hub->io.get_executor()), sweeper(hub->io) {}

  void sweep() {
    sweeper.expires_after(kSweepEvery);
    sweeper.async_wait([this](boost::system::error_code failed) {
      if (failed || hub->closing) return;  // It may have run out as it was cancelled.
      const auto now = std::chrono::steady_clock::now();
      each([now](Connection& connection) { connection.sweep(now); });
      sweep();
    });
  }

  template <class Body>
  void each(Body body) {
    for (const auto& connection : hub->all()) body(*connection);
  }

  Result<std::uint16_t> listen(const Endpoint& at, Listener::Welcome welcome) {
    SYRINX_ASSIGN(auto acceptor, bound(hub->io, at));
    const std::uint16_t port = acceptor.local_endpoint().port();
    auto listener = std::make_shared<Listener>(hub, std::move(acceptor), std::move(welcome));
    asio::post(hub->io, [this, listener] {
      listeners.push_back(listener);
      listener->accept();
    });
    return port;
  }

  std::shared_ptr<Hub> hub;
  asio::executor_work_guard<asio::io_context::executor_type> guard;
  asio::steady_timer sweeper;
  std::vector<std::shared_ptr<Listener>> listeners;  // The network's thread's.
  std::thread thread;
};

Network::Network(NetworkLimits limits) : impl_(std::make_unique<Impl>(limits)) {
  impl_->sweep();
  impl_->thread = std::thread([this] { impl_->hub->io.run(); });
}

Network::~Network() {
  asio::post(impl_->hub->io, [this] {
    impl_->hub->closing = true;
    impl_->sweeper.cancel();
    for (const auto& listener : impl_->listeners) listener->close();
    impl_->each([](Connection& connection) { connection.close(); });
    impl_->guard.reset();
  });
  impl_->thread.join();
}

Result<std::uint16_t> Network::listen_http(const Endpoint& at, const std::optional<TlsFiles>& tls,
                                           HttpHandlers handlers) {
  auto hub = impl_->hub;
  auto shared = std::make_shared<const HttpHandlers>(std::move(handlers));
  if (!tls) {
    return impl_->listen(at, [hub, shared](Tcp::socket socket, std::string peer) {
      std::make_shared<HttpConnection<Tcp::socket>>(hub, shared, std::move(peer), std::move(socket))
          ->start();
    });
  }
  SYRINX_ASSIGN(auto context, make_tls(*tls));
  return impl_->listen(at, [hub, shared, context](Tcp::socket socket, std::string peer) {
    std::make_shared<HttpConnection<TlsStream>>(hub, shared, std::move(peer), std::move(socket),
                                                *context)
        ->start();
  });
}

Result<std::uint16_t> Network::listen_bytes(
    const Endpoint& at, std::function<std::unique_ptr<ByteHandler>()> make_handler) {
  return impl_->listen(
      at, [hub = impl_->hub, make = std::move(make_handler)](Tcp::socket socket, std::string peer) {
        std::make_shared<ByteConnection>(hub, make(), std::move(peer), std::move(socket))->start();
      });
}

void Network::drain() {
  std::promise<void> done;
  asio::post(impl_->hub->io, [this, &done] {
    impl_->hub->draining = true;
    for (const auto& listener : impl_->listeners) listener->finish();
    impl_->each([](Connection& connection) { connection.drain(); });
    done.set_value();
  });
  done.get_future().wait();
}

bool Network::wait_empty(std::chrono::milliseconds most) {
  std::unique_lock lock(impl_->hub->mutex);
  return impl_->hub->empty.wait_for(lock, most, [this] { return impl_->hub->open.load() == 0; });
}

NetworkCounts Network::counts() const {
  const Hub& hub = *impl_->hub;
  return {hub.open,         hub.pending_bytes, hub.accepted, hub.refused_connections,
          hub.bad_requests, hub.timed_out,     hub.bytes_out};
}

}  // namespace syrinx::server::http
