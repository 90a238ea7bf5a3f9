// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/normalise/en/word_tables.h"

#include <array>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace syrinx::text::en {
namespace {

using Use = AbbreviationUse;

constexpr Abbreviation kAbbreviations[] = {
    // People.
    {"mr", "mister", Use::kAnywhere},
    {"mrs", "misses", Use::kAnywhere, false},
    {"ms", "miss", Use::kTitle, false},
    {"messrs", "messieurs", Use::kAnywhere},
    {"dr", "doctor", Use::kTitle},
    {"drs", "doctors", Use::kTitle},
    {"prof", "professor", Use::kDottedTitle},
    {"rev", "reverend", Use::kDottedTitle},
    {"rt", "right", Use::kDottedTitle, false},
    {"hon", "honorable", Use::kDottedTitle, false},
    {"gen", "general", Use::kDottedTitle, false},
    {"col", "colonel", Use::kDottedTitle, false},
    {"lt", "lieutenant", Use::kDottedTitle, false},
    {"sgt", "sergeant", Use::kTitle, false},
    {"capt", "captain", Use::kDottedTitle, false},
    {"cmdr", "commander", Use::kDottedTitle, false},
    {"maj", "major", Use::kDottedTitle, false},
    {"cpl", "corporal", Use::kDottedTitle, false},
    {"pvt", "private", Use::kDottedTitle, false},
    {"adm", "admiral", Use::kDottedTitle, false},
    {"gov", "governor", Use::kDottedTitle, false},
    {"sen", "senator", Use::kDottedTitle, false},
    {"rep", "representative", Use::kDottedTitle, false},
    {"pres", "president", Use::kDottedTitle, false},
    {"supt", "superintendent", Use::kDottedTitle, false},
    {"insp", "inspector", Use::kDottedTitle, false},
    {"fr", "father", Use::kDottedTitle, false},
    {"jr", "junior", Use::kAnywhere},
    {"sr", "senior", Use::kAnywhere},
    {"bros", "brothers", Use::kAnywhere},
    // Firms and offices.
    {"ltd", "limited", Use::kAnywhere},
    {"inc", "incorporated", Use::kDotted, false},
    {"corp", "corporation", Use::kDotted, false},
    {"co", "company", Use::kDotted, false},
    {"dept", "department", Use::kAnywhere},
    {"govt", "government", Use::kAnywhere},
    {"univ", "university", Use::kDotted, false},
    {"assn", "association", Use::kAnywhere},
    {"mfg", "manufacturing", Use::kAnywhere},
    {"intl", "international", Use::kDotted, false},
    {"natl", "national", Use::kDotted, false},
    // Places.
    {"mt", "mount", Use::kTitle},
    {"ft", "fort", Use::kDottedTitle, false},
    {"ave", "avenue", Use::kDotted, false},
    {"blvd", "boulevard", Use::kAnywhere},
    {"rd", "road", Use::kDotted, false},
    {"ln", "lane", Use::kDotted, false},
    {"sq", "square", Use::kDotted, false},
    {"hwy", "highway", Use::kAnywhere, false},
    {"expy", "expressway", Use::kAnywhere, false},
    {"pkwy", "parkway", Use::kAnywhere, false},
    {"apt", "apartment", Use::kBeforeNumber, false},
    {"ste", "suite", Use::kBeforeNumber, false},
    // Before a number.
    {"no", "number", Use::kBeforeNumber, false},
    {"nos", "numbers", Use::kBeforeNumber, false},
    {"vol", "volume", Use::kAnywhere},
    {"vols", "volumes", Use::kDotted, false},
    {"p", "page", Use::kBeforeNumber, false},
    {"pp", "pages", Use::kBeforeNumber, false},
    {"pg", "page", Use::kBeforeNumber, false},
    {"fig", "figure", Use::kBeforeNumber, false},
    {"figs", "figures", Use::kBeforeNumber, false},
    {"sec", "section", Use::kBeforeNumber, false},
    {"ch", "chapter", Use::kBeforeNumber, false},
    {"eq", "equation", Use::kBeforeNumber, false},
    {"art", "article", Use::kBeforeNumber, false},
    {"ver", "version", Use::kBeforeNumber, false},
    {"wk", "week", Use::kBeforeNumber},
    {"ca", "circa", Use::kBeforeNumber, false},
    {"c", "circa", Use::kBeforeNumber, false},
    {"tel", "telephone", Use::kDotted, false},
    // Others.
    {"vs", "versus", Use::kAnywhere},
    {"etc", "et cetera", Use::kAnywhere},
    {"approx", "approximately", Use::kAnywhere},
    {"incl", "including", Use::kDotted, false},
    {"est", "established", Use::kDotted, false},
    {"esp", "especially", Use::kDotted, false},
    {"max", "maximum", Use::kDotted, false},
    {"min", "minimum", Use::kDotted, false},
    {"misc", "miscellaneous", Use::kDotted, false},
    {"temp", "temperature", Use::kDotted, false},
    {"avg", "average", Use::kAnywhere, false},
    {"attn", "attention", Use::kAnywhere, false},
    {"cont", "continued", Use::kDotted, false},
    {"ed", "edition", Use::kBeforeNumber, false},
    // Chat.
    {"btw", "by the way", Use::kChat, false},
    {"idk", "I don't know", Use::kChat, false},
    {"tbh", "to be honest", Use::kChat, false},
    {"thx", "thanks", Use::kChat, false},
    {"pls", "please", Use::kChat, false},
    {"plz", "please", Use::kChat, false},
    {"imho", "in my humble opinion", Use::kChat, false},
    {"imo", "in my opinion", Use::kChat, false},
    {"afaik", "as far as I know", Use::kChat, false},
    {"brb", "be right back", Use::kChat, false},
    {"ppl", "people", Use::kChat, false},
    {"msg", "message", Use::kChat, false},
    {"tmrw", "tomorrow", Use::kChat, false},
    {"nvm", "never mind", Use::kChat, false},
};

constexpr std::string_view kCommonWords[] = {
    "a",     "i",      "am",   "an",   "as",    "at",   "be",   "by",      "do",     "go",
    "he",    "if",     "in",   "is",   "it",    "me",   "my",   "no",      "of",     "oh",
    "on",    "or",     "ox",   "so",   "to",    "up",   "we",   "ok",      "all",    "and",
    "any",   "are",    "art",  "ask",  "bad",   "big",  "box",  "boy",     "but",    "buy",
    "can",   "car",    "cat",  "cup",  "cut",   "day",  "did",  "dog",     "end",    "far",
    "fan",   "few",    "for",  "fun",  "get",   "god",  "got",  "had",     "has",    "her",
    "hey",   "him",    "his",  "hit",  "hot",   "how",  "its",  "job",     "key",    "law",
    "let",   "lit",    "lot",  "low",  "man",   "map",  "may",  "men",     "mom",    "new",
    "nor",   "not",    "now",  "off",  "old",   "one",  "our",  "out",     "own",    "pay",
    "per",   "put",    "red",  "row",  "run",   "said", "sat",  "saw",     "say",    "sea",
    "see",   "set",    "she",  "sir",  "sit",   "six",  "son",  "sun",     "tax",    "ten",
    "the",   "too",    "top",  "try",  "two",   "use",  "war",  "was",     "way",    "who",
    "why",   "win",    "won",  "wow",  "yes",   "yet",  "you",  "zip",     "boo",    "zoo",
    "air",   "act",    "add",  "age",  "bed",   "eat",  "egg",  "eye",     "fly",    "gas",
    "ice",   "led",    "mad",  "met",  "mix",   "oil",  "pop",  "sex",     "sky",    "dos",
    "ram",   "fin",    "gus",  "eva",  "pow",   "mia",  "pix",  "mar",     "spy",    "free",
    "help",  "stop",   "must", "only", "open",  "zap",  "high", "warning", "danger", "please",
    "never", "always", "what", "when", "where", "this", "that", "with",    "from",   "have",
    "your",  "more",   "best", "very", "just",  "love", "here", "they",    "them",   "will",
    "been",  "were",   "than", "over", "back",  "good", "show", "short",   "world",  "which"};

constexpr std::string_view kAcronymWords[] = {
    "nasa",    "nato",  "unesco", "unicef", "fifa",    "uefa",  "aids",    "opec",   "ascii",
    "laser",   "radar", "sonar",  "scuba",  "swat",    "covid", "sars",    "fema",   "nafta",
    "osha",    "darpa", "asap",   "taser",  "gif",     "jpeg",  "ram",     "rom",    "pin",
    "sim",     "lan",   "wan",    "bios",   "unix",    "posix", "nasdaq",  "nascar", "hamas",
    "isis",    "mensa", "oxfam",  "cad",    "vat",     "wasp",  "zip",     "raf",    "potus",
    "scotus",  "yolo",  "fomo",   "lol",    "captcha", "lidar", "nimby",   "basic",  "cobol",
    "fortran", "sap",   "pac",    "dac",    "asean",   "apec",  "caricom", "unhcr",  "defra",
    "inria",   "fao",   "dvla",   "aria"};

constexpr std::string_view kSpeltAcronyms[] = {
    "us",   "usa",  "uk",  "eu",  "un",  "ibm",  "fbi",  "cia",  "bbc",  "cnn",  "nba",  "nfl",
    "epa",  "irs",  "atm", "dna", "rna", "cpu",  "gpu",  "usb",  "url",  "faq",  "diy",  "ceo",
    "cfo",  "cto",  "iou", "led", "gis", "isbn", "issn", "ussr", "iaaf", "iucn", "uaw",  "aarp",
    "ucla", "ieee", "iso", "esa", "eta", "ira",  "ipo",  "isp",  "iata", "ucl",  "usda", "uae"};

struct StateName {
  std::string_view code;
  std::string_view name;
};
constexpr StateName kStates[] = {
    {"AL", "Alabama"},        {"AK", "Alaska"},        {"AZ", "Arizona"},
    {"AR", "Arkansas"},       {"CA", "California"},    {"CO", "Colorado"},
    {"CT", "Connecticut"},    {"DE", "Delaware"},      {"FL", "Florida"},
    {"GA", "Georgia"},        {"HI", "Hawaii"},        {"ID", "Idaho"},
    {"IL", "Illinois"},       {"IN", "Indiana"},       {"IA", "Iowa"},
    {"KS", "Kansas"},         {"KY", "Kentucky"},      {"LA", "Louisiana"},
    {"ME", "Maine"},          {"MD", "Maryland"},      {"MA", "Massachusetts"},
    {"MI", "Michigan"},       {"MN", "Minnesota"},     {"MS", "Mississippi"},
    {"MO", "Missouri"},       {"MT", "Montana"},       {"NE", "Nebraska"},
    {"NV", "Nevada"},         {"NH", "New Hampshire"}, {"NJ", "New Jersey"},
    {"NM", "New Mexico"},     {"NY", "New York"},      {"NC", "North Carolina"},
    {"ND", "North Dakota"},   {"OH", "Ohio"},          {"OK", "Oklahoma"},
    {"OR", "Oregon"},         {"PA", "Pennsylvania"},  {"RI", "Rhode Island"},
    {"SC", "South Carolina"}, {"SD", "South Dakota"},  {"TN", "Tennessee"},
    {"TX", "Texas"},          {"UT", "Utah"},          {"VT", "Vermont"},
    {"VA", "Virginia"},       {"WA", "Washington"},    {"WV", "West Virginia"},
    {"WI", "Wisconsin"},      {"WY", "Wyoming"}};

constexpr std::array<std::string_view, 25> kGreek = {
    "alpha", "beta",   "gamma",   "delta", "epsilon", "zeta",    "eta",  "theta", "iota",
    "kappa", "lambda", "mu",      "nu",    "xi",      "omicron", "pi",   "rho",   "sigma",
    "sigma", "tau",    "upsilon", "phi",   "chi",     "psi",     "omega"};

template <std::size_t kCount>
std::unordered_set<std::string_view> as_set(const std::string_view (&words)[kCount]) {
  return {std::begin(words), std::end(words)};
}

}  // namespace

const Abbreviation* find_abbreviation(std::string_view lower) {
  static const auto kIndex = [] {
    std::unordered_map<std::string_view, const Abbreviation*> index;
    for (const Abbreviation& entry : kAbbreviations) index.emplace(entry.written, &entry);
    return index;
  }();
  if (lower.size() > 6) return nullptr;
  const auto found = kIndex.find(lower);
  return found == kIndex.end() ? nullptr : found->second;
}

bool is_common_word(std::string_view lower) {
  static const auto kSet = as_set(kCommonWords);
  return kSet.count(lower) != 0;
}

bool is_acronym_word(std::string_view lower) {
  static const auto kSet = as_set(kAcronymWords);
  return kSet.count(lower) != 0;
}

bool is_spelt_acronym(std::string_view lower) {
  static const auto kSet = as_set(kSpeltAcronyms);
  return kSet.count(lower) != 0;
}

std::string_view state_name(std::string_view code) {
  if (code.size() != 2) return {};
  for (const StateName& state : kStates) {
    if (state.code == code) return state.name;
  }
  return {};
}

std::string_view greek_letter(char32_t letter) {
  if (letter == 0xb5) return "mu";
  if (letter >= 0x391 && letter <= 0x3a9) return kGreek[letter - 0x391];
  if (letter >= 0x3b1 && letter <= 0x3c9) return kGreek[letter - 0x3b1];
  return {};
}

}  // namespace syrinx::text::en
