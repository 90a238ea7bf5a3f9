// SPDX-License-Identifier: Apache-2.0
#include <curl/curl.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <memory>
#include <mutex>

#include "syrinx/core/io/fetch/fetch.h"
#include "syrinx/core/io/file_descriptor.h"

namespace syrinx::io {
namespace {

constexpr long kMaxRedirects = 10;
constexpr long kStalledBytesPerSecond = 100;
constexpr std::size_t kMaxValidatorBytes = 1'024;

// The URL without what stands before '@' in its authority.
std::string shown(const std::string& url) {
  const std::size_t host = url.find("//");
  if (host == std::string::npos) return url;
  const std::size_t end = url.find_first_of("/?#", host + 2);
  const std::size_t at = url.rfind('@', end == std::string::npos ? url.size() : end);
  if (at == std::string::npos || at < host) return url;
  return url.substr(0, host + 2) + url.substr(at + 1);
}

// What an earlier try noted of the resource: its URL, and its ETag or date ("" without one).
struct Validator {
  std::string url;
  std::string value;
};

Validator read_validator(const std::string& path) {
  Validator noted;
  std::ifstream file(path);
  std::getline(file, noted.url);
  std::getline(file, noted.value);
  return noted;
}

// One file on its way.
struct Transfer {
  Transfer(const std::string& from, const std::filesystem::path& to, const FetchOptions& how,
           const std::stop_token& stopping)
      : url(from),
        options(how),
        stop(stopping),
        path(to.string()),
        validator_path(to.string() + ".etag") {}

  const std::string& url;
  const FetchOptions& options;
  const std::stop_token& stop;
  std::string path;
  std::string validator_path;
  FileDescriptor file;
  CURL* curl = nullptr;
  std::uint64_t have = 0;   // Bytes in the file.
  std::uint64_t first = 0;  // Where the body belongs in the file.
  std::string etag;
  std::string date;
  bool begun = false;  // The body's first bytes came, and the file stands ready for them.
  std::optional<Error> error;

  long status() const {
    long code = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
    return code;
  }

  std::optional<std::uint64_t> whole() const {
    curl_off_t length = -1;
    curl_easy_getinfo(curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    if (length < 0) return std::nullopt;
    return first + static_cast<std::uint64_t>(length);
  }

  bool fail(Error why) {
    error = std::move(why);
    return false;
  }

  // A part continues the file; a whole replaces it.
  bool begin() {
    begun = true;
    first = status() == 206 ? have : 0;
    have = first;
    if (::ftruncate(file.get(), static_cast<off_t>(first)) != 0 ||
        ::lseek(file.get(), static_cast<off_t>(first), SEEK_SET) < 0)
      return fail(system_error("write", path));
    std::ofstream(validator_path, std::ios::trunc) << url << '\n' << (etag.empty() ? date : etag);
    return true;
  }

  bool take(Bytes bytes) {
    if (status() != 200 && status() != 206) return true;  // A page about an error.
    if (!begun && !begin()) return false;
    if (have + bytes.size() > options.max_bytes)
      return fail(make_error(ErrorCode::kLimitExceeded, shown(url), " is larger than the ",
                             options.max_bytes, " bytes that were expected"));
    if (auto wrote = write_fully(file.get(), bytes, path); !wrote) return fail(wrote.error());
    have += bytes.size();
    return true;
  }
};

std::size_t on_body(char* data, std::size_t one, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const std::span<const char> bytes(data, one * count);
  return transfer.take(std::as_bytes(bytes)) ? bytes.size() : 0;
}

std::size_t on_header(char* data, std::size_t one, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const std::string_view line(data, one * count);
  if (line.substr(0, 5) == "HTTP/") transfer.etag = transfer.date = "";  // Of the next response.
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || line.size() > kMaxValidatorBytes) return line.size();
  std::string name(line.substr(0, colon));
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  std::string_view value = line.substr(colon + 1);
  while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
  while (!value.empty() && static_cast<unsigned char>(value.back()) <= ' ') value.remove_suffix(1);
  if (name == "etag" && value.substr(0, 2) != "W/") transfer.etag = value;  // If-Range: strong.
  if (name == "last-modified") transfer.date = value;
  return line.size();
}

int on_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (transfer.begun && transfer.options.progress)
    transfer.options.progress(transfer.have, transfer.whole());
  return transfer.stop.stop_requested() ? 1 : 0;
}

using HeaderList = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

// Asks for the rest of what is here already, if the resource is still the same.
HeaderList range_headers(Transfer& transfer) {
  HeaderList headers(nullptr, &curl_slist_free_all);
  const Validator noted = read_validator(transfer.validator_path);
  if (noted.url != transfer.url) transfer.have = 0;
  if (transfer.have == 0) return headers;
  const auto add = [&](const std::string& line) {
    headers.reset(curl_slist_append(headers.release(), line.c_str()));
  };
  add("Range: bytes=" + std::to_string(transfer.have) + "-");
  if (!noted.value.empty()) add("If-Range: " + noted.value);
  return headers;
}

void set_options(Transfer& transfer, const curl_slist* headers) {
  CURL* curl = transfer.curl;
  curl_easy_setopt(curl, CURLOPT_URL, transfer.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(curl, CURLOPT_MAXREDIRS, kMaxRedirects);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "syrinx");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT,
                   static_cast<long>(transfer.options.connect_timeout.count()));
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, kStalledBytesPerSecond);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME,
                   static_cast<long>(transfer.options.stall_timeout.count()));
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &on_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &on_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &on_progress);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &transfer);
}

Result<void> outcome(const Transfer& transfer, CURLcode code, const char* detail) {
  const std::string url = shown(transfer.url);
  if (transfer.error) return *transfer.error;
  if (transfer.stop.stop_requested())
    return make_error(ErrorCode::kCancelled, "stopped while downloading ", url);
  if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL)
    return make_error(ErrorCode::kInvalidArgument, "'", url, "' is no http or https address");
  const std::string why = *detail != '\0' ? detail : curl_easy_strerror(code);
  if (code != CURLE_OK) return make_error(ErrorCode::kUnavailable, "downloading ", url, ": ", why);
  const long status = transfer.status();
  if (status == 200 || status == 206) return {};
  const bool again = status == 408 || status == 429 || status >= 500;
  return make_error(status == 404 || status == 410 ? ErrorCode::kNotFound
                    : again                        ? ErrorCode::kUnavailable
                                                   : ErrorCode::kUnsupported,
                    url, " answers HTTP ", status);
}

Result<void> open_file(Transfer& transfer) {
  transfer.file =
      FileDescriptor(::open(transfer.path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
  struct stat status {};
  if (!transfer.file || ::fstat(transfer.file.get(), &status) != 0)
    return system_error("write", transfer.path);
  transfer.have = static_cast<std::uint64_t>(status.st_size);
  return {};
}

// One request; `refused` is set when the server says that the file here ends beyond the resource.
Result<void> request(Transfer& transfer, bool& refused) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(),
                                                                 &curl_easy_cleanup);
  if (!curl) return make_error(ErrorCode::kUnavailable, "libcurl does not start");
  transfer.curl = curl.get();
  const HeaderList headers = range_headers(transfer);
  char detail[CURL_ERROR_SIZE] = "";
  curl_easy_setopt(curl.get(), CURLOPT_ERRORBUFFER, detail);
  set_options(transfer, headers.get());
  const CURLcode code = curl_easy_perform(curl.get());
  refused = code == CURLE_OK && transfer.status() == 416;
  if (code == CURLE_OK && transfer.status() == 200 && !transfer.begun) transfer.begin();  // Empty.
  return outcome(transfer, code, detail);
}

}  // namespace

Result<void> fetch(const std::string& url, const std::filesystem::path& path,
                   const FetchOptions& options, const std::stop_token& stop) {
  static std::once_flag started;
  std::call_once(started, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  Transfer transfer(url, path, options, stop);
  SYRINX_TRY(open_file(transfer));
  bool refused = false;
  auto done = request(transfer, refused);
  if (!refused) return done;
  if (::ftruncate(transfer.file.get(), 0) != 0) return system_error("write", transfer.path);
  transfer.have = 0;
  return request(transfer, refused);
}

}  // namespace syrinx::io
