// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/http/tls.h"

#include <openssl/ssl.h>

namespace syrinx::server::http {
namespace {

Result<void> check_there(const std::filesystem::path& file, const char* what) {
  std::error_code ignored;
  if (std::filesystem::is_regular_file(file, ignored)) return {};
  return make_error(ErrorCode::kNotFound, "there is no file '", file.string(), "' for the TLS ",
                    what);
}

Error refused(const std::filesystem::path& file, const char* what,
              const boost::system::error_code& why) {
  return make_error(ErrorCode::kInvalidArgument, "the TLS ", what, " '", file.string(),
                    "' cannot be used: ", why.message(), "; it must be PEM");
}

}  // namespace

Result<std::shared_ptr<boost::asio::ssl::context>> make_tls(const TlsFiles& files) {
  namespace ssl = boost::asio::ssl;
  SYRINX_TRY(check_there(files.certificate, "certificate"));
  SYRINX_TRY(check_there(files.key, "key"));
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  boost::system::error_code failed;
  context->set_options(ssl::context::default_workarounds | ssl::context::no_sslv2 |
                           ssl::context::no_sslv3 | ssl::context::no_tlsv1 |
                           ssl::context::no_tlsv1_1,
                       failed);
  context->use_certificate_chain_file(files.certificate.string(), failed);
  if (failed) return refused(files.certificate, "certificate", failed);
  context->use_private_key_file(files.key.string(), ssl::context::pem, failed);
  if (failed) return refused(files.key, "key", failed);
  if (::SSL_CTX_check_private_key(context->native_handle()) != 1)
    return make_error(ErrorCode::kInvalidArgument, "the TLS key '", files.key.string(),
                      "' does not belong to the certificate '", files.certificate.string(), "'");
  return context;
}

}  // namespace syrinx::server::http
