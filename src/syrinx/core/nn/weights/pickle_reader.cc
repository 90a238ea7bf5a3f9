// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/weights/pickle_reader.h"

#include <bit>
#include <cstring>
#include <optional>
#include <unordered_map>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/nn/weights/pickle_allowed.h"

namespace syrinx::nn {
namespace {

constexpr PickleId kMark = 0xFFFFFFFF;  // On the stack alone.

template <class... Parts>
Error corrupt(const Parts&... parts) {
  return make_error(ErrorCode::kCorruptData, "pickle: ", parts...);
}

class Machine {
 public:
  explicit Machine(Bytes bytes) : bytes_(bytes) {}

  Result<Pickle> run() {
    while (!stopped_) {
      SYRINX_ASSIGN(const Bytes opcode, take(1));
      SYRINX_TRY(step(std::to_integer<unsigned char>(opcode[0])));
      if (out_.values.size() > limits::kMaxPickleNodes || memo_.size() > limits::kMaxPickleNodes ||
          stack_.size() > limits::kMaxPickleNodes || work_ > limits::kMaxPickleItems)
        return make_error(ErrorCode::kLimitExceeded, "pickle: more than ", limits::kMaxPickleNodes,
                          " values");
    }
    SYRINX_ASSIGN(out_.root, pop());
    out_.bytes = at_;
    return std::move(out_);
  }

 private:
  using Ids = std::vector<PickleId>;

  Result<Bytes> take(std::uint64_t count) {
    if (count > bytes_.size() - at_) return corrupt("cut short at byte ", at_);
    const Bytes taken = bytes_.subspan(at_, count);
    at_ += count;
    return taken;
  }
  Result<std::uint64_t> take_number(std::size_t width) {
    SYRINX_ASSIGN(const Bytes bytes, take(width));
    return load_le(bytes, 0, width);
  }
  Result<std::string_view> take_line() {
    const auto rest = as_text(bytes_.subspan(at_));
    const auto end = rest.find('\n');
    if (end == rest.npos) return corrupt("a name does not end");
    at_ += end + 1;
    return rest.substr(0, end);
  }

  PickleId add(PickleValue value) {
    work_ += value.items.size();
    out_.values.push_back(std::move(value));
    return static_cast<PickleId>(out_.values.size() - 1);
  }
  Result<void> push(PickleValue value) {
    stack_.push_back(add(std::move(value)));
    return {};
  }
  Result<void> push_kind(PickleKind kind, Ids items = {}) {
    PickleValue value;
    value.kind = kind;
    value.items = std::move(items);
    return push(std::move(value));
  }
  Result<void> push_integer(std::int64_t integer, PickleKind kind = PickleKind::kInteger) {
    PickleValue value;
    value.kind = kind;
    value.integer = integer;
    return push(std::move(value));
  }

  Result<PickleId> pop() {
    if (stack_.empty() || stack_.back() == kMark) return corrupt("an empty stack at byte ", at_);
    const PickleId id = stack_.back();
    stack_.pop_back();
    return id;
  }
  Result<PickleId> top() const {
    if (stack_.empty() || stack_.back() == kMark) return corrupt("an empty stack at byte ", at_);
    return stack_.back();
  }
  // What lies on the stack above the last mark, which is taken off too.
  Result<Ids> pop_mark() {
    std::size_t at = stack_.size();
    while (at > 0 && stack_[at - 1] != kMark) --at;
    if (at == 0) return corrupt("no mark on the stack at byte ", at_);
    Ids items(stack_.begin() + static_cast<std::ptrdiff_t>(at), stack_.end());
    stack_.resize(at - 1);
    return items;
  }
  Result<Ids> pop_count(std::size_t count) {
    Ids items(count);
    for (std::size_t i = count; i-- > 0;) {
      SYRINX_ASSIGN(items[i], pop());
    }
    return items;
  }

  PickleValue& value(PickleId id) { return out_.values[id]; }
  bool is(PickleId id, PickleKind kind) { return value(id).kind == kind; }

  // One opcode. The groups: numbers and texts, containers, memo, names and objects.
  Result<void> step(unsigned char opcode) {
    switch (opcode) {
      case 0x80:  // PROTO
        return read_protocol();
      case 0x95:  // FRAME
        return drop(take(8));
      case '.':
        stopped_ = true;
        return {};
      case '0':  // POP
        return drop(pop());
      case '1':  // POP_MARK
        return drop(pop_mark());
      case '2': {  // DUP
        SYRINX_ASSIGN(const PickleId id, top());
        stack_.push_back(id);
        return {};
      }
      case '(':
        stack_.push_back(kMark);
        return {};
      default:
        return step_number(opcode);
    }
  }

  template <class T>
  static Result<void> drop(Result<T> result) {
    if (!result) return std::move(result).error();
    return {};
  }

  Result<void> read_protocol() {
    SYRINX_ASSIGN(const std::uint64_t protocol, take_number(1));
    if (protocol <= 5) return {};
    return make_error(ErrorCode::kUnsupported, "pickle: protocol ", protocol, "; up to 5 is read");
  }

  Result<void> step_number(unsigned char opcode) {
    switch (opcode) {
      case 'N':
        return push_kind(PickleKind::kNone);
      case 0x88:  // NEWTRUE
      case 0x89:  // NEWFALSE
        return push_integer(opcode == 0x88 ? 1 : 0, PickleKind::kBool);
      case 'J': {  // BININT
        SYRINX_ASSIGN(const std::uint64_t bits, take_number(4));
        return push_integer(static_cast<std::int32_t>(bits));
      }
      case 'K':    // BININT1
      case 'M': {  // BININT2
        SYRINX_ASSIGN(const std::uint64_t bits, take_number(opcode == 'K' ? 1 : 2));
        return push_integer(static_cast<std::int64_t>(bits));
      }
      case 0x8a:  // LONG1
        return read_long();
      case 'G':  // BINFLOAT, most significant byte first
        return read_real();
      default:
        return step_text(opcode);
    }
  }

  // A long of up to eight bytes is a number; a longer one is kept as its bytes.
  Result<void> read_long() {
    SYRINX_ASSIGN(const std::uint64_t width, take_number(1));
    SYRINX_ASSIGN(const Bytes bytes, take(width));
    if (width > 8) return push_text(as_text(bytes), PickleKind::kBytes);
    std::uint64_t bits = load_le(bytes, 0, width);
    if (width > 0 && width < 8 && (bits >> (8 * width - 1) & 1) != 0) bits |= ~0ULL << 8 * width;
    return push_integer(static_cast<std::int64_t>(bits));
  }

  Result<void> read_real() {
    SYRINX_ASSIGN(const Bytes bytes, take(8));
    std::uint64_t bits = 0;
    for (const std::byte byte : bytes) bits = bits << 8 | std::to_integer<std::uint64_t>(byte);
    PickleValue real;
    real.kind = PickleKind::kReal;
    real.real = std::bit_cast<double>(bits);
    return push(std::move(real));
  }

  Result<void> push_text(std::string_view text, PickleKind kind = PickleKind::kText) {
    PickleValue made;
    made.kind = kind;
    made.text = text;
    return push(std::move(made));
  }

  Result<void> read_text(std::size_t length_width, PickleKind kind) {
    SYRINX_ASSIGN(const std::uint64_t length, take_number(length_width));
    SYRINX_ASSIGN(const Bytes bytes, take(length));
    return push_text(as_text(bytes), kind);
  }

  Result<void> step_text(unsigned char opcode) {
    switch (opcode) {
      case 'X':  // BINUNICODE
      case 'T':  // BINSTRING
        return read_text(4, PickleKind::kText);
      case 0x8c:  // SHORT_BINUNICODE
      case 'U':   // SHORT_BINSTRING
        return read_text(1, PickleKind::kText);
      case 0x8d:  // BINUNICODE8
        return read_text(8, PickleKind::kText);
      case 'B':  // BINBYTES
        return read_text(4, PickleKind::kBytes);
      case 'C':  // SHORT_BINBYTES
        return read_text(1, PickleKind::kBytes);
      case 0x8e:  // BINBYTES8
        return read_text(8, PickleKind::kBytes);
      default:
        return step_container(opcode);
    }
  }

  Result<void> step_container(unsigned char opcode) {
    switch (opcode) {
      case ')':
        return push_kind(PickleKind::kTuple);
      case ']':
      case 0x8f:  // EMPTY_SET
        return push_kind(PickleKind::kList);
      case '}':
        return push_kind(PickleKind::kDict);
      case 't':    // TUPLE
      case 'l':    // LIST
      case 'd': {  // DICT
        SYRINX_ASSIGN(Ids items, pop_mark());
        if (opcode == 'd' && items.size() % 2 != 0) return corrupt("a dict with half a pair");
        return push_kind(opcode == 't'   ? PickleKind::kTuple
                         : opcode == 'l' ? PickleKind::kList
                                         : PickleKind::kDict,
                         std::move(items));
      }
      case 0x85:    // TUPLE1
      case 0x86:    // TUPLE2
      case 0x87: {  // TUPLE3
        SYRINX_ASSIGN(Ids items, pop_count(opcode - 0x84u));
        return push_kind(PickleKind::kTuple, std::move(items));
      }
      case 'a':  // APPEND
        return extend(PickleKind::kList, pop_count(1));
      case 'e':   // APPENDS
      case 0x90:  // ADDITEMS
        return extend(PickleKind::kList, pop_mark());
      case 's':  // SETITEM
        return extend(PickleKind::kDict, pop_count(2));
      case 'u':  // SETITEMS
        return extend(PickleKind::kDict, pop_mark());
      default:
        return step_memo(opcode);
    }
  }

  Result<void> extend(PickleKind kind, Result<Ids> added) {
    if (!added) return std::move(added).error();
    SYRINX_ASSIGN(const PickleId id, top());
    // An env.AttrDict is a dict too, and its items are its state.
    if (kind == PickleKind::kDict && is(id, PickleKind::kObject)) return {};
    if (!is(id, kind)) return corrupt("items for what is no list or dict at byte ", at_);
    if (kind == PickleKind::kDict && added->size() % 2 != 0)
      return corrupt("a dict with half a pair");
    work_ += added->size();
    auto& items = value(id).items;
    items.insert(items.end(), added->begin(), added->end());
    return {};
  }

  Result<void> step_memo(unsigned char opcode) {
    switch (opcode) {
      case 'h':    // BINGET
      case 'j': {  // LONG_BINGET
        SYRINX_ASSIGN(const std::uint64_t key, take_number(opcode == 'h' ? 1 : 4));
        const auto found = memo_.find(key);
        if (found == memo_.end()) return corrupt("nothing is remembered as ", key);
        stack_.push_back(found->second);
        return {};
      }
      case 'q':    // BINPUT
      case 'r': {  // LONG_BINPUT
        SYRINX_ASSIGN(const std::uint64_t key, take_number(opcode == 'q' ? 1 : 4));
        SYRINX_ASSIGN(memo_[key], top());
        return {};
      }
      case 0x94: {  // MEMOIZE
        const std::uint64_t key = memo_.size();
        SYRINX_ASSIGN(memo_[key], top());
        return {};
      }
      default:
        return step_object(opcode);
    }
  }

  Result<void> step_object(unsigned char opcode) {
    switch (opcode) {
      case 'c': {  // GLOBAL
        SYRINX_ASSIGN(const std::string_view module, take_line());
        SYRINX_ASSIGN(const std::string_view name, take_line());
        return push_class(module, name);
      }
      case 0x93: {  // STACK_GLOBAL
        SYRINX_ASSIGN(const Ids names, pop_count(2));
        if (!is(names[0], PickleKind::kText) || !is(names[1], PickleKind::kText))
          return corrupt("a name that is no text");
        return push_class(value(names[0]).text, value(names[1]).text);
      }
      case 'R': {  // REDUCE
        SYRINX_ASSIGN(const Ids pair, pop_count(2));
        return build_from(pair[0], pair[1]);
      }
      case 0x81: {  // NEWOBJ
        SYRINX_ASSIGN(const Ids pair, pop_count(2));
        return build_from(pair[0], pair[1]);
      }
      case 'b':  // BUILD
        return give_state();
      case 'Q':  // BINPERSID
        return refer_outside();
      default:
        return make_error(ErrorCode::kUnsupported, "pickle: the opcode ",
                          static_cast<unsigned>(opcode), " at byte ", at_ - 1,
                          " is not one that checkpoints need");
    }
  }

  Result<void> push_class(std::string_view module, std::string_view name) {
    const auto allowed = find_allowed(module, name);
    if (!allowed)
      return make_error(ErrorCode::kUnsupported, "pickle: it names '", module.substr(0, 80), ".",
                        name.substr(0, 80),
                        "', which weights do not need; nothing was imported or executed");
    PickleValue made;
    made.kind = PickleKind::kClass;
    made.allowed = allowed->meaning;
    made.dtype = allowed->dtype;
    made.text = name;
    return push(std::move(made));
  }

  // What REDUCE or NEWOBJ of an allowed name gives. Only data are made.
  Result<void> build_from(PickleId maker, PickleId arguments) {
    if (!is(maker, PickleKind::kClass) || !is(arguments, PickleKind::kTuple))
      return corrupt("what is called is no name of the list, at byte ", at_);
    work_ += value(arguments).items.size();
    if (work_ > limits::kMaxPickleItems) return {};  // run() refuses.
    const Ids items = value(arguments).items;
    switch (value(maker).allowed) {
      case Allowed::kOrderedDict:
        return build_dict(items);
      case Allowed::kRebuildTensor:
        if (items.size() < 4) return corrupt("a tensor of ", items.size(), " arguments");
        return push_kind(PickleKind::kTensor, items);
      case Allowed::kRebuildParameter:
        if (items.empty()) return corrupt("a parameter without a tensor");
        stack_.push_back(items[0]);
        return {};
      case Allowed::kSet:
        return push_kind(PickleKind::kList, items.empty() ? Ids{} : value(items[0]).items);
      case Allowed::kSize:
        return push_kind(PickleKind::kTuple, items.empty() ? Ids{} : value(items[0]).items);
      case Allowed::kCodecsEncode:
        return encode_latin1(items);
      case Allowed::kNumpyDtype:
        return push_kind(PickleKind::kObject, items);
      case Allowed::kNumpyScalar:
        return read_scalar(items);
      case Allowed::kStorage:
        return corrupt("a storage that is called");
      case Allowed::kInert:
        return push_kind(PickleKind::kObject);
    }
    return {};
  }

  // OrderedDict() or OrderedDict([(key, value), ...]).
  Result<void> build_dict(const Ids& arguments) {
    Ids items;
    if (!arguments.empty()) {
      for (const PickleId pair : value(arguments[0]).items) {
        if (value(pair).items.size() != 2) return corrupt("a dict with half a pair");
        items.insert(items.end(), value(pair).items.begin(), value(pair).items.end());
      }
    }
    return push_kind(PickleKind::kDict, std::move(items));
  }

  // Protocol 2's way to write bytes: each is a character below U+0100, in UTF-8.
  Result<void> encode_latin1(const Ids& arguments) {
    if (arguments.empty() || !is(arguments[0], PickleKind::kText))
      return corrupt("bytes that are no text");
    const std::string_view text = value(arguments[0]).text;
    work_ += text.size();
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const auto c = static_cast<unsigned char>(text[i]);
      if (c < 0x80) {
        decoded.push_back(text[i]);
      } else {
        if ((c & 0xFE) != 0xC2 || i + 1 == text.size()) return corrupt("bytes that are no Latin-1");
        const auto next = static_cast<unsigned char>(text[++i]);
        decoded.push_back(static_cast<char>((c & 3) << 6 | (next & 0x3F)));
      }
    }
    out_.decoded.push_back(std::move(decoded));
    return push_text(out_.decoded.back(), PickleKind::kBytes);
  }

  // numpy's scalar(dtype('f8'), b'...'): a number where its type is one of these.
  Result<void> read_scalar(const Ids& arguments) {
    if (arguments.size() != 2 || !is(arguments[0], PickleKind::kObject) ||
        !is(arguments[1], PickleKind::kBytes) || value(arguments[0]).items.empty())
      return corrupt("a NumPy number without its type or bytes");
    const std::string_view type = value(value(arguments[0]).items[0]).text;
    const Bytes bytes = std::as_bytes(std::span(value(arguments[1]).text));
    if (type == "i8" && bytes.size() == 8)
      return push_integer(static_cast<std::int64_t>(load_le64(bytes, 0)));
    PickleValue real;
    real.kind = PickleKind::kReal;
    if (type == "f8" && bytes.size() == 8) {
      real.real = std::bit_cast<double>(load_le64(bytes, 0));
    } else if (type == "f4" && bytes.size() == 4) {
      real.real = static_cast<double>(std::bit_cast<float>(load_le32(bytes, 0)));
    } else {
      real.kind = PickleKind::kObject;  // Nothing that weights need.
    }
    return push(std::move(real));
  }

  // An inert object keeps its state to be looked into; others' attributes (the _metadata of a
  // state dict) are dropped.
  Result<void> give_state() {
    SYRINX_ASSIGN(const PickleId state, pop());
    SYRINX_ASSIGN(const PickleId id, top());
    if (is(id, PickleKind::kObject)) value(id).items = {state};
    return {};
  }

  // ('storage', ...) stays what it is; ('module', class, file, source) is its class.
  Result<void> refer_outside() {
    SYRINX_ASSIGN(const PickleId id, pop());
    if (!is(id, PickleKind::kTuple) || value(id).items.empty() ||
        !is(value(id).items[0], PickleKind::kText))
      return corrupt("a reference outside that is no tuple");
    const Ids items = value(id).items;
    const std::string_view kind = value(items[0]).text;
    if (kind == "storage") return push_kind(PickleKind::kPersistent, items);
    if (kind == "module" && items.size() >= 2 && is(items[1], PickleKind::kClass)) {
      stack_.push_back(items[1]);
      return {};
    }
    return make_error(ErrorCode::kUnsupported, "pickle: it refers to a '", kind.substr(0, 80),
                      "' outside; only storages are read");
  }

  Bytes bytes_;
  std::size_t at_ = 0;
  bool stopped_ = false;
  std::size_t work_ = 0;  // Items held or copied: a few bytes may ask for many.
  Ids stack_;
  std::unordered_map<std::uint64_t, PickleId> memo_;
  Pickle out_;
};

}  // namespace

const PickleValue* Pickle::member(const PickleValue& dict, std::string_view key) const noexcept {
  if (dict.kind != PickleKind::kDict) return nullptr;
  for (std::size_t i = 0; i + 1 < dict.items.size(); i += 2) {
    const PickleValue& name = values[dict.items[i]];
    if (name.kind == PickleKind::kText && name.text == key) return &values[dict.items[i + 1]];
  }
  return nullptr;
}

Result<Pickle> read_pickle(Bytes bytes) {
  return Machine(bytes.first(std::min(bytes.size(), limits::kMaxPickleBytes))).run();
}

}  // namespace syrinx::nn
