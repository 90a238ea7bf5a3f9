// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "syrinx/stages/text/normalise/en/word_tables.h"

// British spellings are said as their American twins, so that an American lexicon knows them.
namespace syrinx::text::en {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

// Whole words, with what may follow them: "s", "d", "r" and the like stay.
constexpr Pair kStems[] = {
    {"colour", "color"},          {"honour", "honor"},        {"favour", "favor"},
    {"labour", "labor"},          {"neighbour", "neighbor"},  {"harbour", "harbor"},
    {"rumour", "rumor"},          {"humour", "humor"},        {"tumour", "tumor"},
    {"behaviour", "behavior"},    {"flavour", "flavor"},      {"vapour", "vapor"},
    {"savour", "savor"},          {"endeavour", "endeavor"},  {"armour", "armor"},
    {"parlour", "parlor"},        {"odour", "odor"},          {"rigour", "rigor"},
    {"vigour", "vigor"},          {"splendour", "splendor"},  {"demeanour", "demeanor"},
    {"candour", "candor"},        {"clamour", "clamor"},      {"fervour", "fervor"},
    {"saviour", "savior"},        {"centre", "center"},       {"theatre", "theater"},
    {"metre", "meter"},           {"kilometre", "kilometer"}, {"centimetre", "centimeter"},
    {"millimetre", "millimeter"}, {"litre", "liter"},         {"fibre", "fiber"},
    {"calibre", "caliber"},       {"lustre", "luster"},       {"sombre", "somber"},
    {"programme", "program"},     {"catalogue", "catalog"},   {"analogue", "analog"},
    {"synagogue", "synagog"},     {"cheque", "check"},        {"tyre", "tire"},
    {"aluminium", "aluminum"},    {"plough", "plow"},         {"manoeuvre", "maneuver"},
    {"sulphur", "sulfur"},
};

// Words in -ise that are so spelt everywhere: what is before the -ise.
bool keeps_s(std::string_view stem) {
  static const std::unordered_set<std::string_view> kWords = {
      "adv",     "rev",         "superv",   "telev",   "improv", "dev",     "exerc",     "exorc",
      "surpr",   "compr",       "enterpr",  "comprom", "prom",   "prem",    "disgu",     "merchand",
      "franch",  "parad",       "otherw",   "likew",   "clockw", "lengthw", "r",         "ar",
      "ra",      "pra",         "appra",    "bra",     "no",     "po",      "cho",       "prec",
      "conc",    "expert",      "treat",    "dem",     "desp",   "chast",   "circumc",   "exc",
      "inc",     "cru",         "bru",      "mala",    "lia",    "turquo",  "torto",     "porpo",
      "marqu",   "mort",        "an",       "val",     "cer",    "repr",    "appr",      "pr",
      "gu",      "w",           "unw",      "v",       "sunr",   "upra",    "counterpo", "equipo",
      "mayonna", "polona",      "prom",     "adm",     "adv",    "advert",  "m",         "d",
      "fra",     "disenfranch", "enfranch", "lou",     "den",    "mis",     "ma",        "da",
      "overr"};
  return kWords.count(stem) != 0;
}

bool ends_with(std::string_view text, std::string_view tail) {
  return text.size() > tail.size() && text.substr(text.size() - tail.size()) == tail;
}

// Endings stay after -our and in long words; -re, -ence and the like take few.
std::string with_ending(std::string_view british, std::string_view american,
                        std::string_view rest) {
  const bool any = ends_with(british, "our") || british == "sulphur" || british == "plough";
  if (any || rest.empty() || rest == "s") return std::string(american) + std::string(rest);
  if (ends_with(british, "re") && rest == "d") return std::string(american) + "ed";
  return {};
}

std::string in_stem(std::string_view lower) {
  for (const auto& [british, american] : kStems) {
    if (lower.substr(0, british.size()) != british) continue;
    const std::string_view rest = lower.substr(british.size());
    if (std::string out = rest.size() > 6 ? std::string{} : with_ending(british, american, rest);
        !out.empty()) {
      return out;
    }
  }
  return {};
}

// "-ised", "-ising", "-isation": the place of the s, or 0.
std::size_t find_ise(std::string_view lower) {
  static constexpr std::array<std::string_view, 12> kEndings = {
      "ise",    "ises",    "ised",     "iser",      "isers",  "ising",
      "isings", "isation", "isations", "isational", "isable", "isationally"};
  for (const std::string_view ending : kEndings) {
    if (ends_with(lower, ending)) return lower.size() - ending.size() + 1;
  }
  return 0;
}

std::string ise_to_ize(std::string_view lower) {
  const std::size_t s = find_ise(lower);
  if (s < 3 || keeps_s(lower.substr(0, s - 1))) return {};
  const char before = lower[s - 2];  // "-wise", "-aise", "-oise" are no verbs of this kind.
  if (before == 'w' || before == 'a' || before == 'o') return {};
  std::string out(lower);
  out[s] = 'z';
  return out;
}

// Whether a word may be in the table at all: decided before it is looked up.
bool may_differ(std::string_view lower) {
  const auto has = [&](std::string_view part) { return lower.find(part) != lower.npos; };
  return lower.find('u') != lower.npos || has("is") || has("re") || has("amm");
}

}  // namespace

std::string american_spelling(std::string_view lower) {
  if (lower.size() < 4 || !may_differ(lower)) return {};
  for (auto* rule : {in_stem, ise_to_ize}) {
    if (std::string out = rule(lower); !out.empty()) return out;
  }
  return {};
}

}  // namespace syrinx::text::en
