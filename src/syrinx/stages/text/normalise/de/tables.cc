// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/normalise/de/tables.h"

#include <array>
#include <string>

#include "syrinx/stages/text/normalise/pieces.h"

namespace syrinx::text::de {
namespace {

using std::string_view;

constexpr auto kUnits = std::to_array<Unit>({
    {"m", "meter", "meter"},
    {"km", "kilometer", "kilometer"},
    {"cm", "zentimeter", "zentimeter"},
    {"mm", "millimeter", "millimeter"},
    {"dm", "dezimeter", "dezimeter"},
    {"µm", "mikrometer", "mikrometer"},
    {"nm", "nanometer", "nanometer"},
    {"ft", "fuß", "fuß"},
    {"kg", "kilogramm", "kilogramm"},
    {"g", "gramm", "gramm"},
    {"mg", "milligramm", "milligramm"},
    {"t", "tonne", "tonnen", true},
    {"l", "liter", "liter"},
    {"ml", "milliliter", "milliliter"},
    {"cl", "zentiliter", "zentiliter"},
    {"hl", "hektoliter", "hektoliter"},
    {"h", "stunde", "stunden", true},
    {"std", "stunde", "stunden", true},
    {"min", "minute", "minuten", true},
    {"s", "sekunde", "sekunden", true},
    {"sek", "sekunde", "sekunden", true},
    {"ms", "millisekunde", "millisekunden", true},
    {"w", "watt", "watt"},
    {"kw", "kilowatt", "kilowatt"},
    {"mw", "megawatt", "megawatt"},
    {"gw", "gigawatt", "gigawatt"},
    {"ps", "p s", "p s"},
    {"v", "volt", "volt"},
    {"mv", "millivolt", "millivolt"},
    {"kv", "kilovolt", "kilovolt"},
    {"a", "ampere", "ampere"},
    {"ma", "milliampere", "milliampere"},
    {"kwh", "kilowattstunde", "kilowattstunden", true},
    {"wh", "wattstunde", "wattstunden", true},
    {"mwh", "megawattstunde", "megawattstunden", true},
    {"hz", "hertz", "hertz"},
    {"khz", "kilohertz", "kilohertz"},
    {"mhz", "megahertz", "megahertz"},
    {"ghz", "gigahertz", "gigahertz"},
    {"db", "dezibel", "dezibel"},
    {"j", "joule", "joule"},
    {"kj", "kilojoule", "kilojoule"},
    {"cal", "kalorie", "kalorien", true},
    {"kcal", "kilokalorie", "kilokalorien", true},
    {"pa", "pascal", "pascal"},
    {"hpa", "hektopascal", "hektopascal"},
    {"bar", "bar", "bar"},
    {"n", "newton", "newton"},
    {"kb", "kilobyte", "kilobyte"},
    {"mb", "megabyte", "megabyte"},
    {"gb", "gigabyte", "gigabyte"},
    {"tb", "terabyte", "terabyte"},
    {"kbit", "kilobit", "kilobit"},
    {"mbit", "megabit", "megabit"},
    {"gbit", "gigabit", "gigabit"},
    {"ha", "hektar", "hektar"},
    {"°c", "grad celsius", "grad celsius"},
    {"°f", "grad fahrenheit", "grad fahrenheit"},
    {"°", "grad", "grad"},
    {"k", "kelvin", "kelvin"},
    {"%", "prozent", "prozent"},
    {"‰", "promille", "promille"},
    {"px", "pixel", "pixel"},
    {"dpi", "d p i", "d p i"},
    {"mol", "mol", "mol"},
    {"lm", "lumen", "lumen"},
    {"lx", "lux", "lux"},
    {"ω", "ohm", "ohm"},
    {"kω", "kiloohm", "kiloohm"},
});

constexpr auto kCurrencies = std::to_array<Currency>({
    {"€", "euro", "euro", "cent", "cent"},
    {"eur", "euro", "euro", "cent", "cent"},
    {"euro", "euro", "euro", "cent", "cent"},
    {"$", "dollar", "dollar", "cent", "cent"},
    {"usd", "u s dollar", "u s dollar", "cent", "cent"},
    {"dollar", "dollar", "dollar", "cent", "cent"},
    {"£", "pfund", "pfund", "penny", "pence"},
    {"gbp", "britische pfund", "britische pfund", "penny", "pence"},
    {"¥", "yen", "yen", "sen", "sen"},
    {"jpy", "yen", "yen", "sen", "sen"},
    {"chf", "schweizer franken", "schweizer franken", "rappen", "rappen"},
    {"franken", "franken", "franken", "rappen", "rappen"},
    {"fr", "franken", "franken", "rappen", "rappen"},
    {"₩", "won", "won", "jeon", "jeon"},
    {"₹", "rupie", "rupien", "paisa", "paise"},
    {"₽", "rubel", "rubel", "kopeke", "kopeken"},
    {"zł", "złoty", "złoty", "grosz", "groszy"},
    {"kč", "krone", "kronen", "heller", "heller"},
    {"dm", "d mark", "d mark", "pfennig", "pfennig"},
});

struct Short {
  string_view written;
  string_view words;
};
constexpr auto kAbbreviations = std::to_array<Short>({
    {"dr", "doktor"},
    {"prof", "professor"},
    {"hr", "herr"},
    {"hrn", "herrn"},
    {"fr", "frau"},
    {"ms", "miss"},
    {"mrs", "misses"},
    {"mr", "mister"},
    {"nr", "nummer"},
    {"st", "sankt"},
    {"str", "straße"},
    {"z.b", "zum beispiel"},
    {"d.h", "das heißt"},
    {"u.a", "unter anderem"},
    {"u.ä", "und ähnliches"},
    {"o.ä", "oder ähnliches"},
    {"v.a", "vor allem"},
    {"z.t", "zum teil"},
    {"i.d.r", "in der regel"},
    {"s.o", "siehe oben"},
    {"s.u", "siehe unten"},
    {"o.g", "oben genannt"},
    {"usw", "und so weiter"},
    {"etc", "et cetera"},
    {"bzw", "beziehungsweise"},
    {"ca", "circa"},
    {"evtl", "eventuell"},
    {"ggf", "gegebenenfalls"},
    {"inkl", "inklusive"},
    {"exkl", "exklusive"},
    {"zzgl", "zuzüglich"},
    {"abzgl", "abzüglich"},
    {"max", "maximal"},
    {"min", "minimal"},
    {"vgl", "vergleiche"},
    {"sog", "sogenannt"},
    {"bspw", "beispielsweise"},
    {"abs", "absatz"},
    {"art", "artikel"},
    {"kap", "kapitel"},
    {"bd", "band"},
    {"jh", "jahrhundert"},
    {"jhdt", "jahrhundert"},
    {"tel", "telefon"},
    {"geb", "geboren"},
    {"gest", "gestorben"},
    {"verh", "verheiratet"},
    {"ing", "ingenieur"},
    {"dipl", "diplom"},
    {"gmbh", "g m b h"},
    {"co", "co"},
    {"mio", "millionen"},
    {"mrd", "milliarden"},
    {"tsd", "tausend"},
    {"v.chr", "vor christus"},
    {"n.chr", "nach christus"},
    {"abb", "abbildung"},
    {"s", "seite"},
    {"hbf", "hauptbahnhof"},
    {"allg", "allgemein"},
    {"bes", "besonders"},
    {"dt", "deutsch"},
    {"engl", "englisch"},
    {"frz", "französisch"},
    {"mind", "mindestens"},
    {"stellv", "stellvertretend"},
});

struct Month {
  string_view name;
  string_view brief;
};
constexpr auto kMonths = std::to_array<Month>({
    {"januar", "jan"},
    {"februar", "feb"},
    {"märz", "mär"},
    {"april", "apr"},
    {"mai", "mai"},
    {"juni", "jun"},
    {"juli", "jul"},
    {"august", "aug"},
    {"september", "sep"},
    {"oktober", "okt"},
    {"november", "nov"},
    {"dezember", "dez"},
});

struct ScaleName {
  string_view written;
  Scale scale;
};
constexpr auto kScales = std::to_array<ScaleName>({
    {"tausend", {"tausend", "tausend"}},
    {"million", {"million", "millionen"}},
    {"millionen", {"million", "millionen"}},
    {"mio", {"million", "millionen"}},
    {"milliarde", {"milliarde", "milliarden"}},
    {"milliarden", {"milliarde", "milliarden"}},
    {"mrd", {"milliarde", "milliarden"}},
    {"billion", {"billion", "billionen"}},
    {"billionen", {"billion", "billionen"}},
    {"tsd", {"tausend", "tausend"}},
});

struct Symbol {
  char32_t code;
  string_view name;
};
constexpr auto kSymbols = std::to_array<Symbol>({
    {U'%', "prozent"},
    {U'&', "und"},
    {U'+', "plus"},
    {U'=', "gleich"},
    {U'@', "at"},
    {U'§', "paragraph"},
    {U'#', "raute"},
    {U'*', "stern"},
    {U'<', "kleiner als"},
    {U'>', "größer als"},
    {U'±', "plus minus"},
    {U'×', "mal"},
    {U'÷', "geteilt durch"},
    {U'°', "grad"},
    {U'€', "euro"},
    {U'$', "dollar"},
    {U'£', "pfund"},
    {U'~', "tilde"},
    {U'^', "hoch"},
    {U'|', "senkrechter strich"},
    {U'\\', "backslash"},
    {U'_', "unterstrich"},
    {U'©', "copyright"},
    {U'®', "eingetragene marke"},
    {U'™', "marke"},
    {U'½', "ein halb"},
    {U'¼', "ein viertel"},
    {U'¾', "drei viertel"},
    {U'²', "quadrat"},
    {U'³', "hoch drei"},
    {U'‰', "promille"},
    {U'≈', "ungefähr"},
    {U'≤', "kleiner gleich"},
    {U'≥', "größer gleich"},
    {U'≠', "ungleich"},
    {U'→', "pfeil"},
    {U'µ', "mikro"},
});

template <class Table>
auto find_written(const Table& table, string_view written) -> decltype(table.data()) {
  for (const auto& entry : table) {
    if (entry.written == written) return &entry;
  }
  return nullptr;
}

}  // namespace

const Unit* find_unit(string_view written) { return find_written(kUnits, lower_case(written)); }

const Currency* find_currency(string_view written) {
  return find_written(kCurrencies, lower_case(written));
}

string_view abbreviation(string_view lower_without_stop) {
  const Short* found = find_written(kAbbreviations, lower_without_stop);
  return found == nullptr ? string_view() : found->words;
}

string_view month(string_view lower) {
  for (const Month& entry : kMonths) {
    if (lower == entry.name || lower == entry.brief) return entry.name;
  }
  if (lower == "sept") return "september";
  return lower == "jänner" ? "jänner" : string_view();
}

string_view month(int number) {
  return number >= 1 && number <= 12 ? kMonths[static_cast<std::size_t>(number - 1)].name
                                     : string_view();
}

const Scale* find_scale(string_view lower) {
  const ScaleName* found = find_written(kScales, lower);
  return found == nullptr ? nullptr : &found->scale;
}

string_view symbol_name(char32_t code) {
  for (const Symbol& symbol : kSymbols) {
    if (symbol.code == code) return symbol.name;
  }
  return {};
}

}  // namespace syrinx::text::de
