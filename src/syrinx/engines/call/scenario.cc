// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/scenario.h"

#include <algorithm>
#include <fstream>
#include <optional>
#include <sstream>

#include "syrinx/core/base/json.h"
#include "syrinx/engines/call/payload_adapters.h"
#include "syrinx/stages/packet/limits.h"

namespace syrinx::call {
namespace {

using packet::Impairment;
using packet::JitterKind;
using packet::LossKind;
using packet::LossModel;

// Reads the members of one object, keeps the way to it, and says where something is wrong. The
// first mistake stays; what is read after it is thrown away with the whole.
class Fields {
 public:
  Fields(std::string_view document, const JsonValue& value, std::vector<JsonStep> way)
      : document_(document), value_(value), way_(std::move(way)) {
    if (value_.object() == nullptr) fail(way_, "is not an object ({...})");
  }

  bool has(const std::string& key) {
    known_.push_back(key);
    return value_.find(key) != nullptr;
  }
  const JsonValue* find(const std::string& key) {
    known_.push_back(key);
    return value_.find(key);
  }
  std::vector<JsonStep> way_to(const std::string& key) const {
    auto way = way_;
    way.emplace_back(key);
    return way;
  }

  template <class Number>
  void number(const std::string& key, Number& out, double least, double most) {
    const JsonValue* found = find(key);
    if (found == nullptr) return;
    const auto given = found->number();
    if (!given || !(*given >= least && *given <= most)) {
      std::ostringstream says;
      says << "is not a number from " << least << " to " << most;
      return fail(way_to(key), says.str());
    }
    out = static_cast<Number>(*given);
  }
  void flag(const std::string& key, bool& out) {
    const JsonValue* found = find(key);
    if (found == nullptr) return;
    if (!found->boolean()) return fail(way_to(key), "is neither true nor false");
    out = *found->boolean();
  }
  bool text(const std::string& key, std::string& out, bool required = false) {
    const JsonValue* found = find(key);
    if (found == nullptr) {
      if (required) fail(way_, "has no \"" + key + "\"");
      return false;
    }
    if (found->text() == nullptr || found->text()->empty()) {
      fail(way_to(key), "is not a text");
      return false;
    }
    out = *found->text();
    return true;
  }

  void fail(const std::vector<JsonStep>& way, const std::string& says,
            ErrorCode code = ErrorCode::kInvalidArgument) {
    if (error_) return;
    const JsonPlace place = json_place(document_, way);
    std::string path;
    for (const JsonStep& step : way) {
      if (const auto* key = std::get_if<std::string>(&step)) {
        path += (path.empty() ? "" : ".") + *key;
      } else {
        path += "[" + std::to_string(std::get<std::size_t>(step)) + "]";
      }
    }
    error_ = make_error(code, "line ", place.line, ", column ", place.column, ": ",
                        path.empty() ? "the scenario" : path, " ", says);
  }
  void fail_if(const std::string& key, const Error& error) {
    fail(way_to(key), "cannot be: " + error.message, error.code);
  }

  // The first mistake, or a member that nobody asked for.
  Result<void> finish() {
    if (!error_ && value_.object() != nullptr) {
      for (const JsonMember& member : *value_.object()) {
        if (std::find(known_.begin(), known_.end(), member.key) != known_.end()) continue;
        std::string list;
        for (const std::string& key : known_) list += (list.empty() ? "" : ", ") + key;
        fail(way_to(member.key), "is not known here; there are: " + list);
        break;
      }
    }
    if (error_) return *error_;
    return {};
  }

 private:
  std::string_view document_;
  const JsonValue& value_;
  std::vector<JsonStep> way_;
  std::vector<std::string> known_;
  std::optional<Error> error_;
};

Result<std::vector<bool>> read_trace(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) return make_error(ErrorCode::kNotFound, "there is no file '", path.string(), "'");
  std::vector<bool> trace;
  char mark = 0;
  while (file >> mark) {
    if (mark != '0' && mark != '1')
      return make_error(ErrorCode::kCorruptData, "'", path.string(), "' holds '", mark,
                        "'; a trace holds 0 for each packet that came and 1 for each lost");
    if (trace.size() == packet::limits::kMaxTracePackets)
      return make_error(ErrorCode::kLimitExceeded, "'", path.string(), "' has more than ",
                        packet::limits::kMaxTracePackets, " packets");
    trace.push_back(mark == '1');
  }
  return trace;
}

class ScenarioReader {
 public:
  ScenarioReader(std::string_view document, const std::filesystem::path& folder)
      : document_(document), folder_(folder) {}

  Result<Scenario> read(const JsonValue& root) {
    Fields fields(document_, root, {});
    fields.number("seed", scenario_.seed, 0, 9e15);
    fields.number("duration_s", scenario_.duration_s, 0, packet::limits::kMaxScenarioSeconds);
    const JsonValue* parties = fields.find("parties");
    const JsonValue* conference = fields.find("conference");
    const std::size_t count =
        parties != nullptr && parties->array() != nullptr ? parties->array()->size() : 0;
    if (conference == nullptr && count != 2)
      fields.fail({"parties"}, "is not a list of two parties; more meet in a \"conference\"");
    if (conference != nullptr && (count < 2 || count > kMaxScenarioParties))
      fields.fail({"parties"}, "is not a list of 2 to 64 parties");
    const JsonValue* network = fields.find("network");
    SYRINX_TRY(fields.finish());
    if (conference != nullptr) SYRINX_TRY(read_conference(*conference));
    for (std::size_t i = 0; i < count; ++i) SYRINX_TRY(read_party((*parties->array())[i], i));
    SYRINX_TRY(check_names());
    SYRINX_TRY(check_agent());
    if (network != nullptr)
      SYRINX_TRY(scenario_.conference ? read_networks(*network) : read_network(*network));
    return std::move(scenario_);
  }

 private:
  Result<void> read_conference(const JsonValue& value) {
    Fields fields(document_, value, {"conference"});
    RoomPlan room;
    fields.number("sample_rate_hz", room.sample_rate_hz, 8'000, 48'000);
    fields.number("tick_ms", room.tick_ms, 10, 20);
    fields.number("talkers", room.talkers, 1, 16);
    fields.flag("levelling", room.levelling);
    SYRINX_TRY(fields.finish());
    scenario_.conference = room;
    return {};
  }

  Result<void> fail_name(std::vector<JsonStep> way, const std::string& says) {
    JsonValue nothing(JsonValue::Object{});
    Fields fields(document_, nothing, {});
    fields.fail(way, says);
    return fields.finish();
  }

  // Each name once, and whispers to others that there are.
  Result<void> check_names() {
    const auto& parties = scenario_.parties;
    const auto known = [&](const std::string& name, std::size_t before) {
      for (std::size_t i = 0; i < before; ++i)
        if (parties[i].name == name) return true;
      return false;
    };
    for (std::size_t i = 0; i < parties.size(); ++i) {
      if (known(parties[i].name, i)) return fail_name({"parties", i, "name"}, "is another's too");
      for (std::size_t k = 0; k < parties[i].whispers_to.size(); ++k) {
        const std::string& name = parties[i].whispers_to[k];
        if (name == parties[i].name || !known(name, parties.size()))
          return fail_name({"parties", i, "whispers_to", k}, "is no other party's name");
      }
    }
    return {};
  }

  // One agent of two at most, and what only a call with one has.
  Result<void> check_agent() {
    const auto& parties = scenario_.parties;
    const bool room = scenario_.conference.has_value();
    const auto agents = std::count_if(parties.begin(), parties.end(),
                                      [](const Party& party) { return party.listens; });
    if (!room && agents > 1)
      return fail_name({"parties", std::size_t{1}, "listens"}, "is the other party's already");
    for (std::size_t i = 0; i < parties.size(); ++i) {
      if (!room && agents == 0 && parties[i].starts_at_s > 0.0)
        return fail_name({"parties", i, "starts_at_s"}, "needs a party that listens");
      if (parties[i].echo && (parties[i].listens || (!room && agents == 0)))
        return fail_name({"parties", i, "echo"},
                         "is of the phone of who calls a party that listens");
    }
    return {};
  }

  Result<void> read_echo(const JsonValue& value, std::size_t index, Party& party) {
    Fields fields(document_, value, {"parties", index, "echo"});
    PhoneEcho echo;
    fields.number("delay_ms", echo.delay_ms, 0, 2'000);
    fields.number("loss_db", echo.loss_db, 0, 90);
    party.echo = echo;
    return fields.finish();
  }

  Result<void> read_networks(const JsonValue& value) {
    Fields fields(document_, value, {"network"});
    for (Party& party : scenario_.parties) {
      if (party.listens) continue;  // Is in the room itself.
      const std::string to = "to_" + party.name;
      const std::string from = "from_" + party.name;
      if (const JsonValue* path = fields.find(to))
        SYRINX_TRY(read_path(*path, to, party.from_room));
      if (const JsonValue* path = fields.find(from))
        SYRINX_TRY(read_path(*path, from, party.to_room));
    }
    return fields.finish();
  }

  void read_place_in_room(Fields& fields, Party& party) {
    fields.number("gain_db", party.gain_db, -60, 30);
    fields.flag("muted", party.muted);
    const JsonValue* names = fields.find("whispers_to");
    if (names == nullptr) return;
    if (names->array() == nullptr || names->array()->size() > kMaxScenarioParties)
      return fields.fail(fields.way_to("whispers_to"), "is not a list of names");
    for (const JsonValue& name : *names->array()) {
      if (name.text() == nullptr)
        return fields.fail(fields.way_to("whispers_to"), "is not a list of names");
      party.whispers_to.push_back(*name.text());
    }
  }

  Result<void> read_party(const JsonValue& value, std::size_t index) {
    Fields fields(document_, value, {"parties", index});
    Party party;
    std::string sound;
    fields.text("name", party.name, true);
    if (party.name.find_first_of("/\\.") != std::string::npos)
      fields.fail(fields.way_to("name"), "names files: it has no '/', '\\' or '.'");
    const bool says = fields.text("says", party.says);
    if (fields.text("sound", sound, !says)) party.sound = folder_ / sound;
    if (says && !sound.empty()) fields.fail(fields.way_to("says"), "stands beside a \"sound\"");
    if (party.says.size() > packet::limits::kMaxSaidBytes)
      fields.fail(fields.way_to("says"),
                  "is longer than " + std::to_string(packet::limits::kMaxSaidBytes) + " bytes",
                  ErrorCode::kLimitExceeded);
    if (fields.text("voice", party.voice) && !says)
      fields.fail(fields.way_to("voice"), "needs \"says\", a text");
    fields.text("codec", party.codec);
    if (const auto format = payload_format_of(party.codec); !format)
      fields.fail_if("codec", format.error());
    fields.number("packet_ms", party.packet_ms, 10, 120);
    fields.number("clock_ppm", party.clock_ppm, -100'000, 100'000);
    fields.number("bitrate_bps", party.encoder.bitrate_bps, 0, 510'000);
    fields.number("expected_loss_percent", party.encoder.expected_loss_percent, 0, 100);
    fields.flag("fec", party.encoder.fec);
    fields.flag("dtx", party.encoder.dtx);
    fields.number("starts_at_s", party.starts_at_s, 0, packet::limits::kMaxScenarioSeconds);
    fields.flag("listens", party.listens);
    const JsonValue* echo = fields.find("echo");
    if (scenario_.conference) read_place_in_room(fields, party);
    const JsonValue* adaptation = fields.find("adaptation");
    const JsonValue* buffer = fields.find("jitter_buffer");
    SYRINX_TRY(fields.finish());
    if (echo != nullptr) SYRINX_TRY(read_echo(*echo, index, party));
    if (adaptation != nullptr) SYRINX_TRY(read_adaptation(*adaptation, index, party));
    if (buffer != nullptr) SYRINX_TRY(read_buffer(*buffer, index, party.buffer));
    scenario_.parties.push_back(std::move(party));
    return {};
  }

  Result<void> read_adaptation(const JsonValue& value, std::size_t index, Party& party) {
    AdaptationOptions& adaptation = party.adaptation;
    Fields fields(document_, value, {"parties", index, "adaptation"});
    std::string strategy;
    if (fields.text("strategy", strategy, true)) {
      const auto named = adaptation_strategy_named(strategy);
      if (named) adaptation.strategy = *named;
      if (!named) fields.fail_if("strategy", named.error());
    }
    fields.number("min_bitrate_bps", adaptation.min_bitrate_bps, 6'000, 510'000);
    fields.number("max_bitrate_bps", adaptation.max_bitrate_bps, 6'000, 510'000);
    fields.number("max_packet_ms", adaptation.max_packet_ms, 0, 120);
    if (fields.text("codec", party.fallback_codec)) {
      const auto format = fallback_format_of(party.fallback_codec);
      if (!format) fields.fail_if("codec", format.error());
      const auto sent = payload_format_of(party.codec);
      if (format && sent && format->name == sent->name)
        fields.fail(fields.way_to("codec"), "is the codec that is sent already");
    }
    if (const auto made = LossAdaptation::create(adaptation); !made)
      fields.fail({"parties", index, "adaptation"}, "cannot be: " + made.error().message);
    return fields.finish();
  }

  Result<void> read_buffer(const JsonValue& value, std::size_t index,
                           packet::JitterBufferOptions& buffer) {
    Fields fields(document_, value, {"parties", index, "jitter_buffer"});
    std::string strategy;
    if (fields.text("strategy", strategy)) {
      const auto named = packet::delay_strategy_named(strategy);
      if (named) buffer.strategy = *named;
      if (!named) fields.fail_if("strategy", named.error());
    }
    fields.number("start_ms", buffer.start_delay_ms, 0, 10'000);
    fields.number("min_ms", buffer.min_delay_ms, 0, 10'000);
    fields.number("max_ms", buffer.max_delay_ms, 20, 10'000);
    if (const auto made = packet::JitterBuffer::create(buffer); !made)
      fields.fail({"parties", index, "jitter_buffer"}, "cannot be: " + made.error().message);
    return fields.finish();
  }

  Result<void> read_network(const JsonValue& value) {
    Fields fields(document_, value, {"network"});
    const std::string second = "to_" + scenario_.parties[1].name;
    const std::string first = "to_" + scenario_.parties[0].name;
    const JsonValue* to_second = fields.find(second);
    const JsonValue* to_first = fields.find(first);
    SYRINX_TRY(fields.finish());
    if (to_second != nullptr) SYRINX_TRY(read_path(*to_second, second, scenario_.to_second));
    if (to_first != nullptr) SYRINX_TRY(read_path(*to_first, first, scenario_.to_first));
    return {};
  }

  Result<void> read_path(const JsonValue& value, const std::string& name, Impairment& path) {
    const std::vector<JsonStep> way = {"network", name};
    Fields fields(document_, value, way);
    fields.number("delay_ms", path.delay.base_ms, 0, 60'000);
    fields.flag("keeps_order", path.delay.keeps_order);
    fields.number("duplicate_percent", path.duplicate_percent, 0, 100);
    fields.number("reorder_percent", path.reorder_percent, 0, 100);
    fields.number("reorder_ms", path.reorder_ms, 0, 60'000);
    fields.number("bandwidth_bps", path.bottleneck.bandwidth_bps, 0, 1e12);
    fields.number("queue_ms", path.bottleneck.queue_ms, 0, 60'000);
    const JsonValue* jitter = fields.find("jitter");
    const JsonValue* loss = fields.find("loss");
    const JsonValue* steps = fields.find("steps");
    if (steps != nullptr && steps->array() == nullptr)
      fields.fail(fields.way_to("steps"), "is not a list");
    SYRINX_TRY(fields.finish());
    if (jitter != nullptr) SYRINX_TRY(read_jitter(*jitter, fields.way_to("jitter"), path));
    if (loss != nullptr) SYRINX_TRY(read_loss(*loss, fields.way_to("loss"), path.loss));
    if (steps != nullptr) SYRINX_TRY(read_steps(*steps->array(), fields.way_to("steps"), path));
    if (const auto valid = packet::validate(path); !valid) {
      fields.fail(way, "cannot be: " + valid.error().message, valid.error().code);
      return fields.finish();
    }
    return {};
  }

  Result<void> read_jitter(const JsonValue& value, const std::vector<JsonStep>& way,
                           Impairment& path) {
    Fields fields(document_, value, way);
    std::string kind;
    fields.text("kind", kind, true);
    if (kind == "uniform") path.delay.jitter = JitterKind::kUniform;
    if (kind == "normal") path.delay.jitter = JitterKind::kNormal;
    if (kind == "spikes") path.delay.jitter = JitterKind::kSpikes;
    if (path.delay.jitter == JitterKind::kNone && kind != "none")
      fields.fail(fields.way_to("kind"), "is not none, uniform, normal or spikes");
    fields.number("ms", path.delay.jitter_ms, 0, 60'000);
    fields.number("spike_percent", path.delay.spike_percent, 0, 100);
    fields.number("spike_ms", path.delay.spike_ms, 0, 60'000);
    return fields.finish();
  }

  Result<void> read_loss(const JsonValue& value, const std::vector<JsonStep>& way,
                         LossModel& loss) {
    Fields fields(document_, value, way);
    std::string kind;
    fields.text("kind", kind, true);
    fields.number("percent", loss.percent, 0, 100);
    if (kind == "uniform") {
      loss.kind = LossKind::kUniform;
    } else if (kind == "bursts") {
      double packets = 2.0;
      fields.number("mean_packets", packets, 1, 10'000);
      auto made = packet::bursty_loss(loss.percent, packets);
      if (made) loss = std::move(*made);
      if (!made) fields.fail(way, "cannot be: " + made.error().message);
    } else if (kind == "gilbert-elliott") {
      loss.kind = LossKind::kGilbertElliott;
      fields.number("to_bad", loss.to_bad, 0, 1);
      fields.number("to_good", loss.to_good, 0, 1);
      fields.number("lost_in_good", loss.lost_in_good, 0, 1);
      fields.number("lost_in_bad", loss.lost_in_bad, 0, 1);
    } else if (kind == "trace") {
      loss.kind = LossKind::kTrace;
      std::string file;
      if (fields.text("file", file, true)) {
        auto trace = read_trace(folder_ / file);
        if (trace) loss.trace = std::move(*trace);
        if (!trace) fields.fail_if("file", trace.error());
      }
    } else if (kind != "none") {
      fields.fail(fields.way_to("kind"), "is not none, uniform, bursts, gilbert-elliott or trace");
    }
    return fields.finish();
  }

  Result<void> read_steps(const JsonValue::Array& steps, const std::vector<JsonStep>& way,
                          Impairment& path) {
    for (std::size_t i = 0; i < steps.size(); ++i) {
      auto way_to_step = way;
      way_to_step.emplace_back(i);
      Fields fields(document_, steps[i], way_to_step);
      packet::DelayStep step;
      fields.number("at_s", step.at_s, 0, packet::limits::kMaxScenarioSeconds);
      if (fields.has("delay_ms")) fields.number("delay_ms", step.base_ms.emplace(), 0, 60'000);
      if (fields.has("bandwidth_bps"))
        fields.number("bandwidth_bps", step.bandwidth_bps.emplace(), 0, 1e12);
      SYRINX_TRY(fields.finish());
      path.steps.push_back(step);
    }
    return {};
  }

  std::string_view document_;
  const std::filesystem::path& folder_;
  Scenario scenario_;
};

}  // namespace

Result<Scenario> parse_scenario(std::string_view json, const std::filesystem::path& folder) {
  if (json.size() > packet::limits::kMaxScenarioBytes)
    return make_error(ErrorCode::kLimitExceeded, "a scenario of ", json.size(),
                      " bytes; the limit is ", packet::limits::kMaxScenarioBytes);
  SYRINX_ASSIGN(const JsonValue root, parse_json(json));
  return ScenarioReader(json, folder).read(root);
}

Result<Scenario> read_scenario(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file)
    return make_error(ErrorCode::kNotFound, "there is no scenario '", path.string(),
                      "' that can be read");
  std::string json(packet::limits::kMaxScenarioBytes + 1, '\0');
  file.read(json.data(), static_cast<std::streamsize>(json.size()));
  json.resize(static_cast<std::size_t>(file.gcount()));
  if (file.bad()) return make_error(ErrorCode::kIo, "cannot read '", path.string(), "'");
  auto scenario = parse_scenario(json, path.parent_path());
  if (scenario) return scenario;
  return make_error(scenario.error().code, "'", path.string(), "': ", scenario.error().message);
}

}  // namespace syrinx::call
