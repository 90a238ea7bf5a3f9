// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/onnx/onnx_session.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <numeric>
#include <optional>
#include <system_error>
#include <utility>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/nn/onnx/onnx_error.h"
#include "syrinx/core/nn/onnx/onnx_runtime.h"
#include "syrinx/core/nn/onnx/ort_api.h"
#include "syrinx/core/nn/onnx/session_cache.h"

namespace syrinx::nn {
namespace {

// Owns an object of the interface, released by the member of Api that `release` names.
template <class T, auto release>
class Owned {
 public:
  explicit Owned(const ort::Api& api) noexcept : api_(&api) {}
  Owned(Owned&& other) noexcept
      : api_(other.api_), object_(std::exchange(other.object_, nullptr)) {}
  Owned& operator=(Owned&&) = delete;
  ~Owned() {
    if (object_ != nullptr) (api_->*release)(object_);
  }
  T* get() const noexcept { return object_; }
  T** out() noexcept { return &object_; }

 private:
  const ort::Api* api_;
  T* object_ = nullptr;
};
using OwnedSession = Owned<ort::Session, &ort::Api::release_session>;
using OwnedOptions = Owned<ort::SessionOptions, &ort::Api::release_session_options>;
using OwnedType = Owned<ort::TypeInfo, &ort::Api::release_type_info>;
using OwnedTensorInfo = Owned<ort::TensorInfo, &ort::Api::release_tensor_info>;
using OwnedRunOptions = Owned<ort::RunOptions, &ort::Api::release_run_options>;
using OwnedValue = Owned<ort::Value, &ort::Api::release_value>;

std::optional<OnnxType> type_of(int element) noexcept {
  switch (element) {
    case ort::kElementFloat:
      return OnnxType::kFloat32;
    case ort::kElementDouble:
      return OnnxType::kFloat64;
    case ort::kElementInt32:
      return OnnxType::kInt32;
    case ort::kElementInt64:
      return OnnxType::kInt64;
    case ort::kElementBool:
      return OnnxType::kBool;
    default:
      return std::nullopt;
  }
}

int element_of(OnnxType type) noexcept {
  switch (type) {
    case OnnxType::kFloat64:
      return ort::kElementDouble;
    case OnnxType::kInt32:
      return ort::kElementInt32;
    case OnnxType::kInt64:
      return ort::kElementInt64;
    case OnnxType::kBool:
      return ort::kElementBool;
    default:
      return ort::kElementFloat;
  }
}

Result<SessionKey> key_of(const std::filesystem::path& model, OnnxOptions options) {
  if (options.threads < 1 || options.threads > static_cast<int>(limits::kMaxThreads))
    return make_error(ErrorCode::kInvalidArgument, "an ONNX session was asked to use ",
                      options.threads, " threads; 1 to ", limits::kMaxThreads, " are possible");
  std::error_code failed;
  SessionKey key{std::filesystem::canonical(model, failed), 0, {}, options};
  if (failed) return make_error(ErrorCode::kNotFound, "no model at ", model.string());
  key.bytes = std::filesystem::file_size(key.model, failed);
  if (!failed) key.written = std::filesystem::last_write_time(key.model, failed);
  if (failed) return make_error(ErrorCode::kIo, model.string(), ": ", failed.message());
  if (key.bytes > limits::kMaxOnnxModelBytes)
    return make_error(ErrorCode::kLimitExceeded, model.string(), " has ", key.bytes,
                      " bytes; a model may have at most ", limits::kMaxOnnxModelBytes);
  return key;
}

Result<std::vector<char>> read_model(const SessionKey& key) {
  std::ifstream file(key.model, std::ios::binary);
  if (!file) return make_error(ErrorCode::kIo, "cannot open ", key.model.string());
  std::vector<char> bytes(key.bytes);
  if (!file.read(bytes.data(), static_cast<std::streamsize>(bytes.size())))
    return make_error(ErrorCode::kIo, key.model.string(), " ended while it was read");
  return bytes;
}

// One thread per run unless asked otherwise, and none that spins while it waits.
Result<OwnedOptions> make_options(const ort::Api& api, OnnxOptions options) {
  OwnedOptions made(api);
  const auto set = [&api](ort::Status* status) {
    return check_status(api, status, "setting up a session");
  };
  SYRINX_TRY(set(api.create_session_options(made.out())));
  SYRINX_TRY(set(api.set_execution_mode(made.get(), ort::kSequential)));
  SYRINX_TRY(set(api.set_graph_optimisation(made.get(), ort::kOptimiseAll)));
  SYRINX_TRY(set(api.set_log_severity(made.get(), ort::kSeverityError)));
  SYRINX_TRY(set(api.set_intra_op_threads(made.get(), options.threads)));
  SYRINX_TRY(set(api.set_inter_op_threads(made.get(), 1)));
  for (const char* key : {"session.intra_op.allow_spinning", "session.inter_op.allow_spinning"})
    SYRINX_TRY(set(api.add_config_entry(made.get(), key, "0")));
  return made;
}

// The type and shape of a tensor, declared or real. An error's message names `what`.
Result<OnnxPort> read_tensor_info(const ort::Api& api, const ort::TensorInfo* info,
                                  const std::string& what) {
  int element = 0;
  std::size_t rank = 0;
  SYRINX_TRY(check_status(api, api.element_type(info, &element), what));
  SYRINX_TRY(check_status(api, api.rank(info, &rank), what));
  const auto type = type_of(element);
  if (!type)
    return make_error(ErrorCode::kUnsupported, what, " has element type ", element,
                      " of ONNX; only float, double, int32, int64 and bool are known here");
  if (rank > limits::kMaxOnnxRank)
    return make_error(ErrorCode::kLimitExceeded, what, " has ", rank, " dimensions; at most ",
                      limits::kMaxOnnxRank);
  OnnxPort port{{}, *type, OnnxShape(rank)};
  SYRINX_TRY(check_status(api, api.shape(info, port.shape.data(), rank), what));
  return port;
}

Result<OnnxPort> read_declared(const ort::Api& api, const ort::TypeInfo* type,
                               const std::string& what) {
  int kind = 0;
  SYRINX_TRY(check_status(api, api.value_kind(type, &kind), what));
  if (kind != ort::kKindTensor)
    return make_error(ErrorCode::kUnsupported, what, " is not a tensor");
  const ort::TensorInfo* info = nullptr;  // Belongs to `type`.
  SYRINX_TRY(check_status(api, api.as_tensor_info(type, &info), what));
  return read_tensor_info(api, info, what);
}

template <class NameEntry>
Result<std::string> read_name(const ort::Api& api, const ort::Session* session, std::size_t index,
                              const NameEntry& entry) {
  ort::Allocator* allocator = nullptr;
  char* name = nullptr;
  SYRINX_TRY(check_status(api, api.default_allocator(&allocator), "reading a name"));
  SYRINX_TRY(check_status(api, entry(session, index, allocator, &name), "reading a name"));
  std::string copy(name);
  SYRINX_TRY(check_status(api, api.allocator_free(allocator, name), "reading a name"));
  return copy;
}

// All inputs, or all outputs, as the three entries for them tell.
template <class CountEntry, class NameEntry, class TypeEntry>
Result<std::vector<OnnxPort>> read_ports(const ort::Api& api, const ort::Session* session,
                                         const CountEntry& count_of, const NameEntry& name_of,
                                         const TypeEntry& type_of_port) {
  std::size_t count = 0;
  SYRINX_TRY(check_status(api, count_of(session, &count), "counting inputs and outputs"));
  std::vector<OnnxPort> ports;
  for (std::size_t i = 0; i < count; ++i) {
    SYRINX_ASSIGN(std::string name, read_name(api, session, i, name_of));
    OwnedType type(api);
    SYRINX_TRY(check_status(api, type_of_port(session, i, type.out()), "reading " + name));
    SYRINX_ASSIGN(OnnxPort port, read_declared(api, type.get(), "'" + name + "'"));
    port.name = std::move(name);
    ports.push_back(std::move(port));
  }
  return ports;
}

bool fits(const OnnxShape& given, const OnnxShape& declared) noexcept {
  return std::equal(given.begin(), given.end(), declared.begin(), declared.end(),
                    [](std::int64_t g, std::int64_t d) { return d < 0 || g == d; });
}

// The tensor given for an input, which must be of the declared type and shape.
Result<const OnnxTensor*> pick(const OnnxPort& port, std::span<const NamedTensor> given,
                               const std::filesystem::path& model) {
  const auto named = [&port](const NamedTensor& g) { return g.name == port.name; };
  const auto found = std::find_if(given.begin(), given.end(), named);
  if (found == given.end())
    return make_error(ErrorCode::kInvalidArgument, model.string(), " needs the input '", port.name,
                      "', ", describe(port.type, port.shape), ", which was not given");
  const OnnxTensor& tensor = found->tensor;
  if (tensor.type() != port.type || !fits(tensor.shape(), port.shape))
    return make_error(ErrorCode::kInvalidArgument, "input '", port.name, "' of ", model.string(),
                      " is ", describe(tensor.type(), tensor.shape()), " but must be ",
                      describe(port.type, port.shape), " (-1: any extent)");
  return &tensor;
}

std::vector<const char*> names_of(const std::vector<OnnxPort>& ports) {
  std::vector<const char*> names;
  for (const OnnxPort& port : ports) names.push_back(port.name.c_str());
  return names;
}

}  // namespace

struct OnnxSession::State {
  std::shared_ptr<const OnnxRuntime> runtime;
  std::filesystem::path model;
  OwnedSession session;
  std::vector<OnnxPort> inputs;
  std::vector<OnnxPort> outputs;

  Result<void> check_names(std::span<const NamedTensor> given) const;
  Result<std::vector<std::size_t>> pick_outputs(std::span<const std::string> names) const;
  Result<std::vector<OnnxTensor>> run(std::span<const NamedTensor> given,
                                      std::span<const std::size_t> wanted,
                                      const std::stop_token& stop) const;
  Result<OwnedValue> wrap(const OnnxTensor& tensor) const;
  Result<OnnxTensor> unwrap(const OnnxPort& port, ort::Value* value) const;
};

namespace {

Result<std::shared_ptr<const OnnxSession::State>> open_session(const SessionKey& key) {
  SYRINX_ASSIGN(const auto runtime, OnnxRuntime::load());
  const ort::Api& api = runtime->api();
  SYRINX_ASSIGN(const auto bytes, read_model(key));
  SYRINX_ASSIGN(const auto options, make_options(api, key.options));
  auto state = std::make_shared<OnnxSession::State>(
      OnnxSession::State{runtime, key.model, OwnedSession(api), {}, {}});
  auto made =
      check_status(api,
                   api.create_session_from_array(&runtime->env(), bytes.data(), bytes.size(),
                                                 options.get(), state->session.out()),
                   "loading " + key.model.string());
  if (!made) {  // The file is at fault, unless it asks for what the runtime does not have.
    Error error = std::move(made).error();
    if (error.code != ErrorCode::kUnsupported) error.code = ErrorCode::kCorruptData;
    return error;
  }
  const ort::Session* session = state->session.get();
  SYRINX_ASSIGN(state->inputs,
                read_ports(api, session, api.input_count, api.input_name, api.input_type));
  SYRINX_ASSIGN(state->outputs,
                read_ports(api, session, api.output_count, api.output_name, api.output_type));
  return std::shared_ptr<const OnnxSession::State>(std::move(state));
}

}  // namespace

Result<OnnxSession> OnnxSession::load(const std::filesystem::path& model, OnnxOptions options) {
  SYRINX_ASSIGN(const SessionKey key, key_of(model, options));
  if (auto kept = session_cache().find(key)) return *kept;
  SYRINX_ASSIGN(auto state, open_session(key));
  OnnxSession session(std::move(state));
  session_cache().keep(key, session);
  return session;
}

void OnnxSession::clear_cache() { session_cache().clear(); }

const std::filesystem::path& OnnxSession::model() const noexcept { return state_->model; }
const std::vector<OnnxPort>& OnnxSession::inputs() const noexcept { return state_->inputs; }
const std::vector<OnnxPort>& OnnxSession::outputs() const noexcept { return state_->outputs; }

// Every name is an input's, and none comes twice.
Result<void> OnnxSession::State::check_names(std::span<const NamedTensor> given) const {
  for (const NamedTensor& one : given) {
    const auto is_it = [&one](const auto& other) { return other.name == one.name; };
    if (std::none_of(inputs.begin(), inputs.end(), is_it))
      return make_error(ErrorCode::kInvalidArgument, model.string(), " has no input '", one.name,
                        "'");
    if (std::count_if(given.begin(), given.end(), is_it) > 1)
      return make_error(ErrorCode::kInvalidArgument, "input '", one.name, "' of ", model.string(),
                        " was given twice");
  }
  return {};
}

// Looks at the tensor's memory, which the model only reads.
Result<OwnedValue> OnnxSession::State::wrap(const OnnxTensor& tensor) const {
  const ort::Api& api = runtime->api();
  OwnedValue value(api);
  const auto bytes = tensor.bytes();
  auto* data = const_cast<std::byte*>(bytes.data());
  SYRINX_TRY(check_status(
      api,
      api.create_tensor_over(&runtime->cpu_memory(), data, bytes.size(), tensor.shape().data(),
                             tensor.shape().size(), element_of(tensor.type()), value.out()),
      "handing over an input"));
  return value;
}

Result<OnnxTensor> OnnxSession::State::unwrap(const OnnxPort& port, ort::Value* value) const {
  const ort::Api& api = runtime->api();
  const std::string what = "output '" + port.name + "'";
  OwnedTensorInfo info(api);
  SYRINX_TRY(check_status(api, api.tensor_info(value, info.out()), what));
  SYRINX_ASSIGN(const OnnxPort real, read_tensor_info(api, info.get(), what));
  SYRINX_ASSIGN(OnnxTensor tensor, OnnxTensor::zeros(real.type, real.shape));
  void* data = nullptr;
  SYRINX_TRY(check_status(api, api.tensor_data(value, &data), what));
  const auto bytes = tensor.bytes();
  if (!bytes.empty()) std::memcpy(bytes.data(), data, bytes.size());
  return tensor;
}

// Which outputs, as numbers into outputs().
Result<std::vector<std::size_t>> OnnxSession::State::pick_outputs(
    std::span<const std::string> names) const {
  std::vector<std::size_t> picked;
  for (const std::string& name : names) {
    const auto found = std::find_if(outputs.begin(), outputs.end(),
                                    [&name](const OnnxPort& port) { return port.name == name; });
    if (found == outputs.end())
      return make_error(ErrorCode::kInvalidArgument, model.string(), " has no output '", name, "'");
    picked.push_back(static_cast<std::size_t>(found - outputs.begin()));
  }
  return picked;
}

Result<std::vector<OnnxTensor>> OnnxSession::State::run(std::span<const NamedTensor> given,
                                                        std::span<const std::size_t> wanted,
                                                        const std::stop_token& stop) const {
  const ort::Api& api = runtime->api();
  SYRINX_TRY(check_names(given));
  std::vector<OwnedValue> values;
  std::vector<const ort::Value*> in;
  for (const OnnxPort& port : inputs) {
    SYRINX_ASSIGN(const OnnxTensor* tensor, pick(port, given, model));
    SYRINX_ASSIGN(OwnedValue value, wrap(*tensor));
    in.push_back(value.get());
    values.push_back(std::move(value));
  }
  OwnedRunOptions options(api);
  SYRINX_TRY(check_status(api, api.create_run_options(options.out()), "preparing a run"));
  std::vector<ort::Value*> out(wanted.size(), nullptr);
  const auto in_names = names_of(inputs);
  std::vector<const char*> out_names;
  for (const std::size_t i : wanted) out_names.push_back(outputs[i].name.c_str());
  auto ran = [&] {
    // A run that has not begun heeds it too. A failure to stop is told nobody: the run then ends.
    const std::stop_callback ender(stop, [&] {
      check_status(api, api.terminate_runs(options.get()), "stopping").has_value();
    });
    return check_status(api,
                        api.run(session.get(), options.get(), in_names.data(), in.data(), in.size(),
                                out_names.data(), out.size(), out.data()),
                        "running " + model.string());
  }();
  std::vector<OwnedValue> made;
  for (ort::Value* value : out) {
    made.emplace_back(api);
    *made.back().out() = value;
  }
  if (stop.stop_requested())
    return make_error(ErrorCode::kCancelled, "running ", model.string(), " was stopped");
  SYRINX_TRY(std::move(ran));
  std::vector<OnnxTensor> tensors;
  for (std::size_t i = 0; i < made.size(); ++i) {
    SYRINX_ASSIGN(OnnxTensor tensor, unwrap(outputs[wanted[i]], made[i].get()));
    tensors.push_back(std::move(tensor));
  }
  return tensors;
}

Result<std::vector<OnnxTensor>> OnnxSession::run(std::span<const NamedTensor> inputs) const {
  std::vector<std::size_t> all(state_->outputs.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return state_->run(inputs, all, {});
}

Result<std::vector<OnnxTensor>> OnnxSession::run(std::span<const NamedTensor> inputs,
                                                 std::span<const std::string> outputs,
                                                 const std::stop_token& stop) const {
  SYRINX_ASSIGN(const auto wanted, state_->pick_outputs(outputs));
  return state_->run(inputs, wanted, stop);
}

}  // namespace syrinx::nn
