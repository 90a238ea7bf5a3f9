// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

// The part of ONNX Runtime's C interface that is used here, in our own declarations. The interface
// is a table of functions that only ever grows at its end, so that an entry's index is the same in
// every version. Indices count from 0 in the order of struct OrtApi in
// include/onnxruntime/core/session/onnxruntime_c_api.h of microsoft/onnxruntime; the last one used
// here, AddSessionConfigEntry, came with interface version 5 (ONNX Runtime 1.5).
namespace syrinx::nn::ort {

inline constexpr std::uint32_t kInterfaceVersion = 5;

// Opaque objects; each is released by the entry of its name.
struct Env;
struct Status;  // Null stands for success.
struct MemoryInfo;
struct Session;
struct SessionOptions;
struct RunOptions;
struct Value;
struct TypeInfo;
struct TensorInfo;
struct Allocator;

enum ElementType : int {
  kElementFloat = 1,
  kElementInt32 = 6,
  kElementInt64 = 7,
  kElementBool = 9,
  kElementDouble = 11
};
enum ValueKind : int { kKindTensor = 1 };
enum LogSeverity : int { kSeverityError = 3 };
enum ErrorNumber : int {
  kInvalidArgument = 2,
  kNoModel = 4,
  kInvalidProtobuf = 7,
  kNotImplemented = 9,
  kInvalidGraph = 10
};
enum ExecutionMode : int { kSequential = 0 };
enum GraphOptimisation : int { kOptimiseAll = 99 };
enum AllocatorKind : int { kArenaAllocator = 1 };
enum MemoryKind : int { kDefaultMemory = 0 };

using Entry = void (*)();
using LogFunction = void (*)(void* context, int severity, const char* category, const char* log_id,
                             const char* place, const char* message);

// What OrtGetApiBase, the library's only symbol that is looked up, returns.
struct ApiBase {
  const Entry* (*get_api)(std::uint32_t version) noexcept;
  const char* (*get_version)() noexcept;
};
using GetApiBase = const ApiBase* (*)() noexcept;

// One entry of the table under its signature.
template <std::size_t Index, class Signature>
class Function;
template <std::size_t Index, class Return, class... Arguments>
class Function<Index, Return(Arguments...)> {
 public:
  explicit Function(const Entry* table) noexcept
      : call_(reinterpret_cast<Return (*)(Arguments...) noexcept>(table[Index])) {}
  Return operator()(Arguments... arguments) const noexcept { return call_(arguments...); }

 private:
  Return (*call_)(Arguments...) noexcept;
};

struct Api {
  explicit Api(const Entry* table) noexcept;

  Function<1, int(const Status*)> get_error_code;
  Function<2, const char*(const Status*)> get_error_message;
  Function<4, Status*(LogFunction, void* context, int severity, const char* log_id, Env**)>
      create_env_with_logger;
  Function<6, Status*(const Env*)> disable_telemetry;
  Function<8, Status*(const Env*, const void* model, std::size_t bytes, const SessionOptions*,
                      Session**)>
      create_session_from_array;
  Function<9, Status*(Session*, const RunOptions*, const char* const* input_names,
                      const Value* const* inputs, std::size_t input_count,
                      const char* const* output_names, std::size_t output_count, Value** outputs)>
      run;
  Function<10, Status*(SessionOptions**)> create_session_options;
  Function<13, Status*(SessionOptions*, int mode)> set_execution_mode;
  Function<22, Status*(SessionOptions*, int severity)> set_log_severity;
  Function<23, Status*(SessionOptions*, int level)> set_graph_optimisation;
  Function<24, Status*(SessionOptions*, int threads)> set_intra_op_threads;
  Function<25, Status*(SessionOptions*, int threads)> set_inter_op_threads;
  Function<30, Status*(const Session*, std::size_t*)> input_count;
  Function<31, Status*(const Session*, std::size_t*)> output_count;
  Function<33, Status*(const Session*, std::size_t index, TypeInfo**)> input_type;
  Function<34, Status*(const Session*, std::size_t index, TypeInfo**)> output_type;
  Function<36, Status*(const Session*, std::size_t index, Allocator*, char** name)> input_name;
  Function<37, Status*(const Session*, std::size_t index, Allocator*, char** name)> output_name;
  Function<39, Status*(RunOptions**)> create_run_options;
  Function<46, Status*(RunOptions*)> terminate_runs;
  Function<49, Status*(const MemoryInfo*, void* data, std::size_t bytes, const std::int64_t* shape,
                       std::size_t rank, int element_type, Value**)>
      create_tensor_over;
  Function<51, Status*(Value*, void** data)> tensor_data;
  Function<55, Status*(const TypeInfo*, const TensorInfo**)> as_tensor_info;
  Function<56, Status*(const TypeInfo*, int* kind)> value_kind;
  Function<60, Status*(const TensorInfo*, int* element_type)> element_type;
  Function<61, Status*(const TensorInfo*, std::size_t* rank)> rank;
  Function<62, Status*(const TensorInfo*, std::int64_t* shape, std::size_t rank)> shape;
  Function<65, Status*(const Value*, TensorInfo**)> tensor_info;
  Function<69, Status*(int allocator_kind, int memory_kind, MemoryInfo**)> create_cpu_memory_info;
  Function<76, Status*(Allocator*, void*)> allocator_free;
  Function<78, Status*(Allocator**)> default_allocator;
  Function<93, void(Status*)> release_status;
  Function<95, void(Session*)> release_session;
  Function<96, void(Value*)> release_value;
  Function<97, void(RunOptions*)> release_run_options;
  Function<98, void(TypeInfo*)> release_type_info;
  Function<99, void(TensorInfo*)> release_tensor_info;
  Function<100, void(SessionOptions*)> release_session_options;
  Function<130, Status*(SessionOptions*, const char* key, const char* value)> add_config_entry;
};

inline Api::Api(const Entry* t) noexcept
    : get_error_code(t),
      get_error_message(t),
      create_env_with_logger(t),
      disable_telemetry(t),
      create_session_from_array(t),
      run(t),
      create_session_options(t),
      set_execution_mode(t),
      set_log_severity(t),
      set_graph_optimisation(t),
      set_intra_op_threads(t),
      set_inter_op_threads(t),
      input_count(t),
      output_count(t),
      input_type(t),
      output_type(t),
      input_name(t),
      output_name(t),
      create_run_options(t),
      terminate_runs(t),
      create_tensor_over(t),
      tensor_data(t),
      as_tensor_info(t),
      value_kind(t),
      element_type(t),
      rank(t),
      shape(t),
      tensor_info(t),
      create_cpu_memory_info(t),
      allocator_free(t),
      default_allocator(t),
      release_status(t),
      release_session(t),
      release_value(t),
      release_run_options(t),
      release_type_info(t),
      release_tensor_info(t),
      release_session_options(t),
      add_config_entry(t) {}

}  // namespace syrinx::nn::ort
