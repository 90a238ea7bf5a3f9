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
constexpr Pair kStems[] = {{"colour", "color"},
                           {"honour", "honor"},
                           {"favour", "favor"},
                           {"labour", "labor"},
                           {"neighbour", "neighbor"},
                           {"harbour", "harbor"},
                           {"rumour", "rumor"},
                           {"humour", "humor"},
                           {"tumour", "tumor"},
                           {"behaviour", "behavior"},
                           {"flavour", "flavor"},
                           {"vapour", "vapor"},
                           {"savour", "savor"},
                           {"endeavour", "endeavor"},
                           {"armour", "armor"},
                           {"parlour", "parlor"},
                           {"odour", "odor"},
                           {"rigour", "rigor"},
                           {"vigour", "vigor"},
                           {"splendour", "splendor"},
                           {"demeanour", "demeanor"},
                           {"candour", "candor"},
                           {"clamour", "clamor"},
                           {"fervour", "fervor"},
                           {"saviour", "savior"},
                           {"valour", "valor"},
                           {"centre", "center"},
                           {"theatre", "theater"},
                           {"metre", "meter"},
                           {"kilometre", "kilometer"},
                           {"centimetre", "centimeter"},
                           {"millimetre", "millimeter"},
                           {"litre", "liter"},
                           {"fibre", "fiber"},
                           {"calibre", "caliber"},
                           {"lustre", "luster"},
                           {"sombre", "somber"},
                           {"spectre", "specter"},
                           {"meagre", "meager"},
                           {"sabre", "saber"},
                           {"programme", "program"},
                           {"catalogue", "catalog"},
                           {"analogue", "analog"},
                           {"synagogue", "synagog"},
                           {"defence", "defense"},
                           {"offence", "offense"},
                           {"licence", "license"},
                           {"pretence", "pretense"},
                           {"grey", "gray"},
                           {"cheque", "check"},
                           {"tyre", "tire"},
                           {"aluminium", "aluminum"},
                           {"plough", "plow"},
                           {"mould", "mold"},
                           {"jewellery", "jewelry"},
                           {"traveller", "traveler"},
                           {"skilful", "skillful"},
                           {"manoeuvre", "maneuver"},
                           {"paediatric", "pediatric"},
                           {"encyclopaedia", "encyclopedia"},
                           {"mediaeval", "medieval"},
                           {"archaeolog", "archeolog"},
                           {"orthopaedic", "orthopedic"},
                           {"haemoglobin", "hemoglobin"},
                           {"leukaemia", "leukemia"},
                           {"oestrogen", "estrogen"},
                           {"foetus", "fetus"},
                           {"anaemia", "anemia"},
                           {"diarrhoea", "diarrhea"},
                           {"moustache", "mustache"},
                           {"sulphur", "sulfur"},
                           {"artefact", "artifact"}};

// Doubled consonants before an ending.
constexpr std::array<std::string_view, 12> kDoubled = {
    "travell", "cancell", "modell",   "labell",   "levell",  "signall",
    "fuell",   "totall",  "channell", "counsell", "marvell", "quarrell"};

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
  const bool any = ends_with(british, "our") || ends_with(british, "aedic") ||
                   ends_with(british, "aeolog") || ends_with(british, "aediatric") ||
                   british == "sulphur" || british == "plough" || british == "mould";
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
  std::string out(lower);
  out[s] = 'z';
  return out;
}

std::string yse_to_yze(std::string_view lower) {
  const std::size_t at = lower.find("lys");
  if (at == std::string_view::npos || at + 3 >= lower.size()) return {};
  const std::string_view tail = lower.substr(at + 3);
  if (tail != "e" && tail != "ed" && tail != "er" && tail != "ers" && tail != "ing") return {};
  std::string out(lower);
  out[at + 2] = 'z';
  return out;
}

std::string undouble(std::string_view lower) {
  for (const std::string_view stem : kDoubled) {
    if (lower.substr(0, stem.size()) != stem) continue;
    const std::string_view tail = lower.substr(stem.size());
    if (tail == "ed" || tail == "ing" || tail == "er" || tail == "ers" || tail == "ings") {
      return std::string(stem.substr(0, stem.size() - 1)) + std::string(tail);
    }
  }
  return {};
}

// Whether a word may be in one of the tables at all: decided before anything is looked up.
bool may_differ(std::string_view lower) {
  return lower.find("our") != std::string_view::npos ||
         lower.find("is") != std::string_view::npos ||
         lower.find("tre") != std::string_view::npos ||
         lower.find("gue") != std::string_view::npos ||
         lower.find("ell") != std::string_view::npos ||
         lower.find("lys") != std::string_view::npos ||
         lower.find("nce") != std::string_view::npos ||
         lower.find("ae") != std::string_view::npos || lower.find("oe") != std::string_view::npos ||
         lower.find("amme") != std::string_view::npos ||
         lower.find("bre") != std::string_view::npos || lower.find("grey") == 0 ||
         lower.find("gre") != std::string_view::npos ||
         lower.find("que") != std::string_view::npos ||
         lower.find("ous") != std::string_view::npos ||
         lower.find("phur") != std::string_view::npos ||
         lower.find("oul") != std::string_view::npos ||
         lower.find("oug") != std::string_view::npos || lower.find("tyre") == 0 ||
         lower.find("alum") == 0 || lower.find("arte") == 0 || lower.find("skil") == 0;
}

}  // namespace

std::string american_spelling(std::string_view lower) {
  if (lower.size() < 4 || !may_differ(lower)) return {};
  for (auto* rule : {in_stem, ise_to_ize, yse_to_yze, undouble}) {
    if (std::string out = rule(lower); !out.empty()) return out;
  }
  return {};
}

}  // namespace syrinx::text::en
