// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/jobs/result_file.h"

#include <span>
#include <utility>

namespace syrinx::server {

ResultFile::ResultFile(std::filesystem::path path, Room room)
    : path_(std::move(path)), room_(std::move(room)) {}

void ResultFile::fail(Error error) {
  if (!error_) error_ = std::move(error);
  sink_.reset();  // Leaves nothing.
  stop();
}

void ResultFile::respond(http::Response response) {
  std::string body = std::move(response.body);
  response.body.clear();
  begin(std::move(response));
  write(std::move(body));
  end();
}

void ResultFile::begin(http::Response head) {
  content_type_ = head.content_type;
  if (!path_.empty()) {
    std::error_code ignored;
    std::filesystem::create_directories(path_.parent_path(), ignored);
    auto sink = io::make_file_sink(path_);
    if (!sink) return fail(sink.error());
    sink_ = std::move(*sink);
  }
  if (!head.body.empty()) write(std::move(head.body));
}

void ResultFile::write(std::string bytes) {
  if (error_ || bytes.empty() || path_.empty()) return;
  hash_.update(std::as_bytes(std::span(bytes)));
  if (!room_(bytes.size()))
    return fail(make_error(ErrorCode::kLimitExceeded,
                           "there is no room for more results of batches; take and remove those "
                           "that are over"));
  const std::uint64_t at = std::exchange(bytes_, bytes_ + bytes.size());
  const auto written = sink_ ? sink_->write_at(at, std::as_bytes(std::span(bytes)))
                             : Result<void>(make_error(ErrorCode::kInternal, "no answer began"));
  if (!written) fail(written.error());
}

void ResultFile::end() {
  if (error_) return;
  if (sink_) {
    const auto finished = sink_->finish();
    if (!finished) return fail(finished.error());
  }
  sink_.reset();
  whole_ = true;
}

void ResultFile::abort() { sink_.reset(); }

}  // namespace syrinx::server
