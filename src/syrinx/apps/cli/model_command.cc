// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "syrinx/apps/cli/command.h"
#include "syrinx/apps/cli/model_report.h"
#include "syrinx/apps/cli/vocode_job.h"
#include "syrinx/core/base/sha256.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/core/io/safetensors/safetensors_file.h"
#include "syrinx/core/nn/weights/folded_weight.h"
#include "syrinx/engines/vocoding/precision_loss.h"

namespace syrinx::cli {
namespace {

using nlohmann::json;

constexpr const char* kFooter =
    "Examples:\n"
    "  syrinx model info generator.pt               format, tensors, architecture, memory\n"
    "  syrinx model verify generator.pt             complete, finite, in the right shapes?\n"
    "  syrinx model verify generator.pt --precision int8 --speech a.wav    and what int8 loses\n"
    "  syrinx model convert generator.pt -o generator.safetensors\n"
    "  syrinx model convert generator.pt -o half.safetensors --dtype fp16 --json\n"
    "\n"
    "Read are safetensors, PyTorch checkpoints (zip and legacy), .npz and .npy, told apart by\n"
    "content. A checkpoint's pickle is read as data by a list of what weights need; nothing in it\n"
    "is executed. config.json beside the weights is used when it is there. convert folds weight\n"
    "norm, writes safetensors with the model's config inside, and reports each tensor's error.";

struct ModelRequest {
  std::string action;
  std::vector<std::string> files;
  std::string config;
  std::string output;
  std::string dtype = "fp32";
  std::string precision;  // verify: whose loss to measure; "" for none.
  std::string speech;
  std::string calibrate;
};

Result<nn::DType> parse_dtype(const std::string& name) {
  const std::map<std::string, nn::DType> types = {
      {"fp32", nn::DType::kFloat32}, {"fp16", nn::DType::kFloat16}, {"bf16", nn::DType::kBfloat16}};
  const auto found = types.find(name);
  if (found != types.end()) return found->second;
  return make_error(ErrorCode::kInvalidArgument, "--dtype ", name, ": it is fp32, fp16 or bf16");
}

Result<json> info(const ModelRequest& request, const std::string& path) {
  SYRINX_ASSIGN(const auto file, nn::WeightFile::open(path));
  SYRINX_ASSIGN(const auto kind, vocoder::identify_model(file, request.config));
  return model_info_json(file, kind, memory_json(file, kind, request.config));
}

Result<void> examine_tensor(const nn::WeightFile& file, const nn::TensorInfo& tensor,
                            ModelFindings& findings) {
  if (!nn::is_floating(tensor.dtype)) return {};
  std::vector<float> copied;
  auto values = file.view(tensor.name);
  if (!values) {
    SYRINX_ASSIGN(copied, file.floats(tensor.name));
    values = copied;
  }
  const nn::TensorHealth health = nn::examine_values(*values);
  const std::string name = "tensor '" + tensor.name + "'";
  if (health.not_finite > 0)
    findings.problems.push_back(make_error(
        ErrorCode::kCorruptData, "'", file.name(), "': ", name, " holds ", health.not_finite,
        " numbers that are not finite, the first at element ", health.first_not_finite));
  if (health.zeros == values->size() && !values->empty())
    findings.notes.push_back(name + " is all zero");
  if (health.denormals > 0)
    findings.notes.push_back(name + " holds " + std::to_string(health.denormals) + " denormals");
  return {};
}

// Weight norm that cannot be folded.
void examine_folding(const nn::WeightFile& file, const nn::TensorInfo& tensor,
                     ModelFindings& findings) {
  for (const std::string_view suffix : {".weight_v", ".parametrizations.weight.original1"}) {
    if (!tensor.name.ends_with(suffix)) continue;
    const std::string module = tensor.name.substr(0, tensor.name.size() - suffix.size());
    const auto folded = nn::folded_weight(file, module, tensor.shape);
    if (!folded) findings.problems.push_back(folded.error());
  }
}

// What the precision costs this model, measured.
Result<vocoding::PrecisionLoss> measure_loss(const ModelRequest& request, const std::string& path) {
  vocoder::VocoderOptions options;
  options.config = request.config;
  SYRINX_ASSIGN(options.precision, parse_precision(request.precision));
  SYRINX_ASSIGN(const auto calibration, read_calibration(request.calibrate, options.precision));
  options.calibration = calibration ? &*calibration : nullptr;
  std::optional<AudioBuffer> speech;
  if (!request.speech.empty()) {
    SYRINX_ASSIGN(speech, io::read_audio(request.speech));
  }
  return vocoding::measure_precision_loss(path, options, speech ? &*speech : nullptr);
}

// The findings, and for a file that cannot even be opened its error.
Result<json> verify(const ModelRequest& request, const std::string& path, Context& context) {
  SYRINX_ASSIGN(const auto file, nn::WeightFile::open(path));
  SYRINX_ASSIGN(const auto kind, vocoder::identify_model(file, request.config));
  ModelFindings findings;
  if (const auto intact = file.check_integrity(); !intact)
    findings.problems.push_back(intact.error());
  for (const nn::TensorInfo& tensor : file.tensors()) {
    const std::size_t before = findings.problems.size();
    SYRINX_TRY(examine_tensor(file, tensor, findings));
    if (findings.problems.size() == before) examine_folding(file, tensor, findings);
  }
  if (const auto same = file.check_unchanged(); !same) findings.problems.push_back(same.error());
  const auto complete = vocoder::check_tensors(file, kind);
  if (!complete && complete.error().code == ErrorCode::kUnsupported) {
    findings.notes.push_back("completeness was not checked: no list of tensors is known for this");
  } else if (!complete) {
    findings.problems.push_back(complete.error());
  }
  if (!request.precision.empty() && findings.problems.empty()) {
    SYRINX_ASSIGN(findings.loss, measure_loss(request, path));
  }
  if (!findings.problems.empty()) {
    const int code = report_error(context, findings.problems.front());
    if (context.exit_code == 0) context.exit_code = code;
  }
  return model_findings_json(file, kind, findings);
}

// What the new file says about itself and where it came from.
std::map<std::string, std::string> new_metadata(const nn::WeightFile& file,
                                                const vocoder::ModelKind& kind) {
  auto metadata = file.metadata();
  metadata["converted_from"] = file.format();
  metadata["converted_from_sha256"] = sha256_hex(file.file_bytes());
  if (kind.family != vocoder::ModelFamily::kUnknown)
    metadata["config"] = vocoder::config_json(kind);
  return metadata;
}

Result<json> convert(const ModelRequest& request) {
  if (request.files.size() != 1 || request.output.empty())
    return make_error(ErrorCode::kInvalidArgument,
                      "convert takes one file and -o OUTPUT.safetensors");
  SYRINX_ASSIGN(const nn::DType type, parse_dtype(request.dtype));
  SYRINX_ASSIGN(const auto file, nn::WeightFile::open(request.files.front()));
  SYRINX_ASSIGN(const auto kind, vocoder::identify_model(file, request.config));
  const auto complete = vocoder::check_tensors(file, kind);
  if (!complete && complete.error().code != ErrorCode::kUnsupported) return complete.error();
  SYRINX_ASSIGN(const auto converted, nn::convert_weights(file, type));
  SYRINX_TRY(io::write_safetensors(request.output, converted.tensors, new_metadata(file, kind)));
  return conversion_json(file, kind, converted, request.output, type);
}

// Every file is looked at; the first failure decides the exit code.
void look_at_all(const ModelRequest& request, Context& context) {
  const bool verifying = request.action == "verify";
  json reports = json::array();
  for (const std::string& path : request.files) {
    const auto report = verifying ? verify(request, path, context) : info(request, path);
    if (!report) {
      const int code = report_error(context, report.error());
      if (context.exit_code == 0) context.exit_code = code;
    } else if (context.json) {
      reports.push_back(*report);
    } else {
      verifying ? print_model_findings(*report) : print_model_info(*report);
    }
  }
  if (context.json) print_json({{"files", reports}});
}

void run_model(const ModelRequest& request, Context& context) {
  if (request.action != "convert") return look_at_all(request, context);
  run(context, [&]() -> Result<void> {
    SYRINX_ASSIGN(const json report, convert(request));
    context.json ? print_json(report) : print_conversion(report);
    return {};
  });
}

}  // namespace

void add_model_command(CLI::App& app, Context& context) {
  CLI::App* command =
      app.add_subcommand("model", "Show, check and convert the weight files of models");
  auto request = std::make_shared<ModelRequest>();
  command->add_option("action", request->action, "info, verify or convert")
      ->required()
      ->type_name("ACTION")
      ->check(CLI::IsMember({"info", "verify", "convert"}));
  command->add_option("files", request->files, "Weight files")->required()->type_name("FILE");
  command->add_option("-o,--output", request->output, "convert: where to write")->type_name("FILE");
  command->add_option("--config", request->config, "The model's config [config.json beside it]")
      ->type_name("FILE");
  command
      ->add_option("--precision", request->precision,
                   "verify: also measure what bf16 or int8 loses against fp32")
      ->type_name("NAME")
      ->check(CLI::IsMember({"bf16", "int8"}));
  command
      ->add_option("--speech", request->speech,
                   "verify --precision: the recording to measure on [speech made for it]")
      ->type_name("FILE");
  command
      ->add_option("--calibrate", request->calibrate,
                   "verify --precision int8: the recording to calibrate on [speech made for it]")
      ->type_name("FILE");
  command->add_option("--dtype", request->dtype, "convert: fp32, fp16 or bf16 [fp32]")
      ->type_name("TYPE");
  add_json_option(*command, context, "{\"files\": [...]}; of convert, its report");
  command->footer(kFooter);
  command->callback([request, &context] { run_model(*request, context); });
}

}  // namespace syrinx::cli
