// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>

#include "syrinx/apps/server/http/network.h"

namespace syrinx::server::http {

// A server's side of TLS 1.2 and 1.3. Private to the folder. Errors: kNotFound for a file that is
// not there; kInvalidArgument for one that is not PEM or a key that does not fit the certificate.
Result<std::shared_ptr<boost::asio::ssl::context>> make_tls(const TlsFiles& files);

}  // namespace syrinx::server::http
