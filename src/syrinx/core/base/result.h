// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "syrinx/core/base/check.h"

namespace syrinx {

// What kind of failure it was. Applications map these to exit codes and HTTP statuses in one table
// each.
enum class ErrorCode {
  kInvalidArgument,  // The caller's value is outside what the function documents.
  kNotFound,         // A file, a voice, a device that is not there.
  kCorruptData,      // Data that contradicts its own format.
  kUnsupported,      // Well formed, but nothing here can do it.
  kLimitExceeded,    // Larger than a named limit in limits.h.
  kIo,               // The operating system refused: disk full, permission, broken pipe.
  kCancelled,        // A stop was requested.
  kUnavailable,      // An optional part (library, device, plugin) is missing on this machine.
  kInternal,         // Outside code broke its own contract.
};

std::string_view to_string(ErrorCode code) noexcept;

// A failure that was expected to be possible. The message is one sentence that says what was given,
// what was expected and what to do.
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;
};

// Builds an Error, joining the parts as an ostream would: make_error(kNotFound, "no voice '", name,
// "'").
template <class... Parts>
[[nodiscard]] Error make_error(ErrorCode code, const Parts&... parts) {
  std::ostringstream joined;
  (joined << ... << parts);
  return Error{code, joined.str()};
}

// A value, or the Error that stood in its way. The names follow std::expected.
template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  // Implicit, so that `return value;` and `return make_error(...);` work.
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT(*-explicit-*)
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(*-explicit-*)

  bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  T& value() & { return checked(); }
  const T& value() const& { return const_cast<Result*>(this)->checked(); }
  T&& value() && { return std::move(checked()); }
  T& operator*() & { return checked(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(checked()); }
  T* operator->() { return &checked(); }
  const T* operator->() const { return &value(); }

  const Error& error() const& {
    SYRINX_CHECK(!has_value(), "error() of a Result that holds a value");
    return *std::get_if<1>(&state_);
  }
  Error&& error() && {
    SYRINX_CHECK(!has_value(), "error() of a Result that holds a value");
    return std::move(*std::get_if<1>(&state_));
  }

  T value_or(T fallback) && { return has_value() ? std::move(checked()) : std::move(fallback); }

 private:
  T& checked() {
    SYRINX_CHECK(has_value(), has_value() ? "" : std::get_if<1>(&state_)->message);
    return *std::get_if<0>(&state_);
  }

  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT(*-explicit-*): as above.

  bool has_value() const noexcept { return !error_.has_value(); }
  explicit operator bool() const noexcept { return has_value(); }
  void value() const { SYRINX_CHECK(has_value(), has_value() ? "" : error_->message); }

  const Error& error() const& {
    SYRINX_CHECK(!has_value(), "error() of a Result that succeeded");
    return *error_;
  }
  Error&& error() && {
    SYRINX_CHECK(!has_value(), "error() of a Result that succeeded");
    return std::move(*error_);
  }

 private:
  std::optional<Error> error_;
};

}  // namespace syrinx

// Returns the error of a Result<void> expression to the caller, or carries on.
#define SYRINX_TRY(expression)                                           \
  do {                                                                   \
    auto syrinx_try_ = (expression);                                     \
    if (!syrinx_try_.has_value()) return std::move(syrinx_try_).error(); \
  } while (false)

#define SYRINX_JOIN_INNER(a, b) a##b
#define SYRINX_JOIN(a, b) SYRINX_JOIN_INNER(a, b)

// SYRINX_ASSIGN(auto file, open(path)): declares or assigns the value, or returns the error.
#define SYRINX_ASSIGN(target, expression)                            \
  auto SYRINX_JOIN(syrinx_result_, __LINE__) = (expression);         \
  if (!SYRINX_JOIN(syrinx_result_, __LINE__).has_value())            \
    return std::move(SYRINX_JOIN(syrinx_result_, __LINE__)).error(); \
  target = std::move(SYRINX_JOIN(syrinx_result_, __LINE__)).value()
