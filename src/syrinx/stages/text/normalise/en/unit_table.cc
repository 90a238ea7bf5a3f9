// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/normalise/en/unit_table.h"

#include <string>
#include <unordered_map>

#include "syrinx/stages/text/normalise/pieces.h"

namespace syrinx::text::en {
namespace {

// What comes first is what letters in the wrong case stand for ("KG", "mbps").
constexpr Unit kUnits[] = {
    // Length.
    {"km", "kilometer", "kilometers"},
    {"m", "meter", "meters"},
    {"dm", "decimeter", "decimeters"},
    {"cm", "centimeter", "centimeters"},
    {"mm", "millimeter", "millimeters"},
    {"µm", "micrometer", "micrometers"},
    {"μm", "micrometer", "micrometers"},
    {"um", "micrometer", "micrometers", UnitUse::kGlued},
    {"nm", "nanometer", "nanometers"},
    {"pm", "picometer", "picometers", UnitUse::kCompounds},
    {"in", "inch", "inches", UnitUse::kGlued},
    {"ft", "foot", "feet"},
    {"yd", "yard", "yards"},
    {"yds", "yard", "yards"},
    {"mi", "mile", "miles"},
    {"nmi", "nautical mile", "nautical miles"},
    {"ly", "light year", "light years"},
    {"au", "astronomical unit", "astronomical units", UnitUse::kCompounds},
    // Area and volume.
    {"ha", "hectare", "hectares"},
    {"ac", "acre", "acres"},
    {"sqm", "square meter", "square meters"},
    {"sqft", "square foot", "square feet"},
    {"sqmi", "square mile", "square miles"},
    {"l", "liter", "liters"},
    {"L", "liter", "liters"},
    {"dl", "deciliter", "deciliters"},
    {"cl", "centiliter", "centiliters"},
    {"ml", "milliliter", "milliliters"},
    {"µl", "microliter", "microliters"},
    {"μl", "microliter", "microliters"},
    {"gal", "gallon", "gallons"},
    {"qt", "quart", "quarts"},
    {"pt", "pint", "pints"},
    {"floz", "fluid ounce", "fluid ounces"},
    {"tsp", "teaspoon", "teaspoons"},
    {"tbsp", "tablespoon", "tablespoons"},
    // Mass.
    {"kg", "kilogram", "kilograms"},
    {"g", "gram", "grams"},
    {"mg", "milligram", "milligrams"},
    {"µg", "microgram", "micrograms"},
    {"μg", "microgram", "micrograms"},
    {"mcg", "microgram", "micrograms"},
    {"ng", "nanogram", "nanograms"},
    {"lb", "pound", "pounds"},
    {"lbs", "pound", "pounds"},
    {"oz", "ounce", "ounces"},
    // Time.
    {"h", "hour", "hours"},
    {"hr", "hour", "hours"},
    {"hrs", "hour", "hours"},
    {"min", "minute", "minutes"},
    {"mins", "minute", "minutes"},
    {"sec", "second", "seconds"},
    {"secs", "second", "seconds"},
    {"s", "second", "seconds", UnitUse::kCompounds},
    {"ms", "millisecond", "milliseconds"},
    {"µs", "microsecond", "microseconds"},
    {"μs", "microsecond", "microseconds"},
    {"ns", "nanosecond", "nanoseconds"},
    {"wk", "week", "weeks"},
    {"wks", "week", "weeks"},
    {"yr", "year", "years"},
    {"yrs", "year", "years"},
    // Speed and rates.
    {"mph", "mile per hour", "miles per hour"},
    {"kph", "kilometer per hour", "kilometers per hour"},
    {"kmh", "kilometer per hour", "kilometers per hour"},
    {"mpg", "mile per gallon", "miles per gallon"},
    {"rpm", "revolution per minute", "revolutions per minute"},
    {"bpm", "beat per minute", "beats per minute"},
    {"fps", "frame per second", "frames per second"},
    {"bps", "bit per second", "bits per second"},
    {"kbps", "kilobit per second", "kilobits per second"},
    {"Mbps", "megabit per second", "megabits per second"},
    {"Gbps", "gigabit per second", "gigabits per second"},
    {"Tbps", "terabit per second", "terabits per second"},
    {"kB/s", "kilobyte per second", "kilobytes per second"},
    // Data.
    {"KB", "kilobyte", "kilobytes"},
    {"kB", "kilobyte", "kilobytes"},
    {"MB", "megabyte", "megabytes"},
    {"GB", "gigabyte", "gigabytes"},
    {"TB", "terabyte", "terabytes"},
    {"PB", "petabyte", "petabytes"},
    {"KiB", "kibibyte", "kibibytes"},
    {"MiB", "mebibyte", "mebibytes"},
    {"GiB", "gibibyte", "gibibytes"},
    {"TiB", "tebibyte", "tebibytes"},
    {"kb", "kilobit", "kilobits"},
    {"Mb", "megabit", "megabits"},
    {"Gb", "gigabit", "gigabits"},
    {"px", "pixel", "pixels"},
    {"MP", "megapixel", "megapixels", UnitUse::kGlued},
    {"dpi", "dot per inch", "dots per inch"},
    // Frequency and sound.
    {"Hz", "hertz", "hertz"},
    {"kHz", "kilohertz", "kilohertz"},
    {"MHz", "megahertz", "megahertz"},
    {"GHz", "gigahertz", "gigahertz"},
    {"THz", "terahertz", "terahertz"},
    {"dB", "decibel", "decibels"},
    // Electricity, power and energy.
    {"V", "volt", "volts"},
    {"mV", "millivolt", "millivolts"},
    {"kV", "kilovolt", "kilovolts"},
    {"mA", "milliampere", "milliamperes"},
    {"mAh", "milliampere hour", "milliampere hours"},
    {"Ah", "ampere hour", "ampere hours"},
    {"W", "watt", "watts"},
    {"kW", "kilowatt", "kilowatts"},
    {"MW", "megawatt", "megawatts"},
    {"mW", "milliwatt", "milliwatts"},
    {"GW", "gigawatt", "gigawatts"},
    {"TW", "terawatt", "terawatts"},
    {"Wh", "watt hour", "watt hours"},
    {"kWh", "kilowatt hour", "kilowatt hours"},
    {"MWh", "megawatt hour", "megawatt hours"},
    {"GWh", "gigawatt hour", "gigawatt hours"},
    {"TWh", "terawatt hour", "terawatt hours"},
    {"hp", "horsepower", "horsepower"},
    {"bhp", "brake horsepower", "brake horsepower"},
    {"kJ", "kilojoule", "kilojoules"},
    {"MJ", "megajoule", "megajoules"},
    {"J", "joule", "joules"},
    {"cal", "calorie", "calories"},
    {"kcal", "kilocalorie", "kilocalories"},
    {"eV", "electron volt", "electron volts"},
    {"keV", "kilo-electron volt", "kilo-electron volts"},
    {"MeV", "mega-electron volt", "mega-electron volts"},
    {"GeV", "giga-electron volt", "giga-electron volts"},
    {"TeV", "tera-electron volt", "tera-electron volts"},
    {"Ω", "ohm", "ohms"},
    {"kΩ", "kilo-ohm", "kilo-ohms"},
    {"MΩ", "megohm", "megohms"},
    {"µF", "microfarad", "microfarads"},
    {"nF", "nanofarad", "nanofarads"},
    {"pF", "picofarad", "picofarads"},
    {"Nm", "newton meter", "newton meters"},
    {"kN", "kilonewton", "kilonewtons"},
    // Pressure and chemistry.
    {"Pa", "pascal", "pascals"},
    {"hPa", "hectopascal", "hectopascals"},
    {"kPa", "kilopascal", "kilopascals"},
    {"MPa", "megapascal", "megapascals"},
    {"GPa", "gigapascal", "gigapascals"},
    {"psi", "pound per square inch", "pounds per square inch"},
    {"mbar", "millibar", "millibars"},
    {"mmHg", "millimeter of mercury", "millimeters of mercury"},
    {"mol", "mole", "moles"},
    {"mmol", "millimole", "millimoles"},
    {"µmol", "micromole", "micromoles"},
    {"kDa", "kilodalton", "kilodaltons"},
    {"ppm", "part per million", "parts per million"},
    {"ppb", "part per billion", "parts per billion"},
    {"IU", "international unit", "international units"},
    {"lm", "lumen", "lumens"},
    {"lx", "lux", "lux"},
    {"pct", "percent", "percent"},
};

using Index = std::unordered_map<std::string_view, const Unit*>;

Index exact_index() {
  Index index;
  for (const Unit& unit : kUnits) index.emplace(unit.written, &unit);
  return index;
}

std::unordered_map<std::string, const Unit*> loose_index() {
  std::unordered_map<std::string, const Unit*> index;
  std::string lower;
  for (const Unit& unit : kUnits) {
    if (unit.written.size() < 2) continue;  // "M" and "S" are no units.
    lower_ascii(unit.written, lower);
    index.emplace(lower, &unit);
  }
  return index;
}

}  // namespace

const Unit* find_unit(std::string_view written) {
  static const Index kExact = exact_index();
  static const auto kLoose = loose_index();
  if (written.size() > 6) return nullptr;
  if (const auto found = kExact.find(written); found != kExact.end()) return found->second;
  std::string lower;
  lower_ascii(written, lower);
  const auto found = kLoose.find(lower);
  return found != kLoose.end() ? found->second : nullptr;
}

}  // namespace syrinx::text::en
