// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/beast/core/error.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <string>
#include <string_view>

#include "syrinx/apps/server/http/message.h"

// From Beast's words to ours. Private to the folder.
namespace syrinx::server::http {

using BeastRequest = boost::beast::http::request<boost::beast::http::string_body>;
using UpgradeRequest = boost::beast::http::request_header<>;

// All of the head. Errors: kInvalidArgument for a target that is no path.
Result<Request> request_of(const BeastRequest& message);
bool wants_continue(const BeastRequest& message);

// What a request that could not be read is answered.
int status_for(const boost::beast::error_code& failed);
std::string sentence_for(const boost::beast::error_code& failed);
// In the shape of OpenAI's errors.
std::string refusal_json(std::string_view sentence);

}  // namespace syrinx::server::http
