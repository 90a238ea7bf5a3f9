// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/normalise/en/currency_table.h"

#include <algorithm>
#include <array>

namespace syrinx::text::en {
namespace {

// ISO 4217 in order of its codes.
constexpr Currency kCodes[] = {
    {"AED", "dirham", "dirhams", "fils", "fils"},
    {"AFN", "afghani", "afghanis", "pul", "puls"},
    {"ALL", "lek", "lekë", "qindarka", "qindarka"},
    {"AMD", "dram", "drams", "luma", "luma"},
    {"ANG", "guilder", "guilders", "cent", "cents"},
    {"AOA", "kwanza", "kwanzas", "cêntimo", "cêntimos"},
    {"ARS", "Argentine peso", "Argentine pesos", "centavo", "centavos"},
    {"AUD", "Australian dollar", "Australian dollars", "cent", "cents"},
    {"AWG", "florin", "florins", "cent", "cents"},
    {"AZN", "manat", "manats", "qəpik", "qəpiks"},
    {"BAM", "convertible mark", "convertible marks", "fening", "fenings"},
    {"BBD", "Barbados dollar", "Barbados dollars", "cent", "cents"},
    {"BDT", "taka", "taka", "poisha", "poisha"},
    {"BGN", "lev", "leva", "stotinka", "stotinki"},
    {"BHD", "Bahraini dinar", "Bahraini dinars", "", ""},
    {"BIF", "Burundi franc", "Burundi francs", "", ""},
    {"BMD", "Bermudian dollar", "Bermudian dollars", "cent", "cents"},
    {"BND", "Brunei dollar", "Brunei dollars", "cent", "cents"},
    {"BOB", "boliviano", "bolivianos", "centavo", "centavos"},
    {"BRL", "real", "reais", "centavo", "centavos"},
    {"BSD", "Bahamian dollar", "Bahamian dollars", "cent", "cents"},
    {"BTN", "ngultrum", "ngultrums", "chhertum", "chhertums"},
    {"BWP", "pula", "pula", "thebe", "thebe"},
    {"BYN", "Belarusian ruble", "Belarusian rubles", "kopeck", "kopecks"},
    {"BZD", "Belize dollar", "Belize dollars", "cent", "cents"},
    {"CAD", "Canadian dollar", "Canadian dollars", "cent", "cents"},
    {"CDF", "Congolese franc", "Congolese francs", "centime", "centimes"},
    {"CHF", "Swiss franc", "Swiss francs", "centime", "centimes"},
    {"CLP", "Chilean peso", "Chilean pesos", "", ""},
    {"CNY", "yuan", "yuan", "fen", "fen"},
    {"COP", "Colombian peso", "Colombian pesos", "centavo", "centavos"},
    {"CRC", "colón", "colones", "céntimo", "céntimos"},
    {"CUP", "Cuban peso", "Cuban pesos", "centavo", "centavos"},
    {"CVE", "Cape Verde escudo", "Cape Verde escudos", "centavo", "centavos"},
    {"CZK", "Czech koruna", "Czech korunas", "haler", "halers"},
    {"DJF", "Djibouti franc", "Djibouti francs", "", ""},
    {"DKK", "Danish krone", "Danish kroner", "øre", "øre"},
    {"DOP", "Dominican peso", "Dominican pesos", "centavo", "centavos"},
    {"DZD", "Algerian dinar", "Algerian dinars", "centime", "centimes"},
    {"EGP", "Egyptian pound", "Egyptian pounds", "piastre", "piastres"},
    {"ERN", "nakfa", "nakfas", "cent", "cents"},
    {"ETB", "birr", "birr", "santim", "santim"},
    {"EUR", "euro", "euros", "cent", "cents"},
    {"FJD", "Fiji dollar", "Fiji dollars", "cent", "cents"},
    {"FKP", "Falkland Islands pound", "Falkland Islands pounds", "penny", "pence"},
    {"GBP", "pound", "pounds", "penny", "pence"},
    {"GEL", "lari", "lari", "tetri", "tetri"},
    {"GHS", "cedi", "cedis", "pesewa", "pesewas"},
    {"GIP", "Gibraltar pound", "Gibraltar pounds", "penny", "pence"},
    {"GMD", "dalasi", "dalasis", "butut", "bututs"},
    {"GNF", "Guinean franc", "Guinean francs", "", ""},
    {"GTQ", "quetzal", "quetzales", "centavo", "centavos"},
    {"GYD", "Guyana dollar", "Guyana dollars", "cent", "cents"},
    {"HKD", "Hong Kong dollar", "Hong Kong dollars", "cent", "cents"},
    {"HNL", "lempira", "lempiras", "centavo", "centavos"},
    {"HRK", "Croatian kuna", "Croatian kuna", "lipa", "lipas"},
    {"HTG", "gourde", "gourdes", "centime", "centimes"},
    {"HUF", "forint", "forints", "fillér", "fillérs"},
    {"IDR", "rupiah", "rupiahs", "sen", "sen"},
    {"ILS", "shekel", "shekels", "agora", "agorot"},
    {"INR", "rupee", "rupees", "paisa", "paise"},
    {"IQD", "Iraqi dinar", "Iraqi dinars", "", ""},
    {"IRR", "rial", "rials", "dinar", "dinars"},
    {"ISK", "Icelandic króna", "Icelandic krónur", "", ""},
    {"JMD", "Jamaican dollar", "Jamaican dollars", "cent", "cents"},
    {"JOD", "Jordanian dinar", "Jordanian dinars", "", ""},
    {"JPY", "yen", "yen", "", ""},
    {"KES", "Kenyan shilling", "Kenyan shillings", "cent", "cents"},
    {"KGS", "som", "som", "tyiyn", "tyiyn"},
    {"KHR", "riel", "riels", "sen", "sen"},
    {"KMF", "Comoro franc", "Comoro francs", "", ""},
    {"KPW", "North Korean won", "North Korean won", "", ""},
    {"KRW", "won", "won", "", ""},
    {"KWD", "Kuwaiti dinar", "Kuwaiti dinars", "", ""},
    {"KYD", "Cayman Islands dollar", "Cayman Islands dollars", "cent", "cents"},
    {"KZT", "tenge", "tenge", "tiyn", "tiyn"},
    {"LAK", "kip", "kip", "att", "att"},
    {"LBP", "Lebanese pound", "Lebanese pounds", "piastre", "piastres"},
    {"LKR", "Sri Lankan rupee", "Sri Lankan rupees", "cent", "cents"},
    {"LRD", "Liberian dollar", "Liberian dollars", "cent", "cents"},
    {"LSL", "loti", "maloti", "sente", "lisente"},
    {"LYD", "Libyan dinar", "Libyan dinars", "", ""},
    {"MAD", "Moroccan dirham", "Moroccan dirhams", "centime", "centimes"},
    {"MDL", "Moldovan leu", "Moldovan lei", "ban", "bani"},
    {"MGA", "ariary", "ariary", "", ""},
    {"MKD", "denar", "denars", "deni", "deni"},
    {"MMK", "kyat", "kyats", "pya", "pyas"},
    {"MNT", "tugrik", "tugriks", "möngö", "möngö"},
    {"MOP", "pataca", "patacas", "avo", "avos"},
    {"MRU", "ouguiya", "ouguiyas", "", ""},
    {"MUR", "Mauritian rupee", "Mauritian rupees", "cent", "cents"},
    {"MVR", "rufiyaa", "rufiyaas", "laari", "laari"},
    {"MWK", "Malawi kwacha", "Malawi kwachas", "tambala", "tambalas"},
    {"MXN", "Mexican peso", "Mexican pesos", "centavo", "centavos"},
    {"MYR", "ringgit", "ringgit", "sen", "sen"},
    {"MZN", "metical", "meticais", "centavo", "centavos"},
    {"NAD", "Namibian dollar", "Namibian dollars", "cent", "cents"},
    {"NGN", "naira", "naira", "kobo", "kobo"},
    {"NIO", "córdoba", "córdobas", "centavo", "centavos"},
    {"NOK", "Norwegian krone", "Norwegian kroner", "øre", "øre"},
    {"NPR", "Nepalese rupee", "Nepalese rupees", "paisa", "paise"},
    {"NZD", "New Zealand dollar", "New Zealand dollars", "cent", "cents"},
    {"OMR", "Omani rial", "Omani rials", "", ""},
    {"PAB", "balboa", "balboas", "centésimo", "centésimos"},
    {"PEN", "sol", "soles", "céntimo", "céntimos"},
    {"PGK", "kina", "kina", "toea", "toea"},
    {"PHP", "Philippine peso", "Philippine pesos", "centavo", "centavos"},
    {"PKR", "Pakistani rupee", "Pakistani rupees", "paisa", "paise"},
    {"PLN", "zloty", "zlotys", "grosz", "groszy"},
    {"PYG", "guarani", "guaranis", "", ""},
    {"QAR", "Qatari riyal", "Qatari riyals", "dirham", "dirhams"},
    {"RON", "leu", "lei", "ban", "bani"},
    {"RSD", "Serbian dinar", "Serbian dinars", "para", "para"},
    {"RUB", "ruble", "rubles", "kopeck", "kopecks"},
    {"RWF", "Rwanda franc", "Rwanda francs", "", ""},
    {"SAR", "Saudi riyal", "Saudi riyals", "halala", "halalas"},
    {"SBD", "Solomon Islands dollar", "Solomon Islands dollars", "cent", "cents"},
    {"SCR", "Seychelles rupee", "Seychelles rupees", "cent", "cents"},
    {"SDG", "Sudanese pound", "Sudanese pounds", "piastre", "piastres"},
    {"SEK", "Swedish krona", "Swedish kronor", "öre", "öre"},
    {"SGD", "Singapore dollar", "Singapore dollars", "cent", "cents"},
    {"SHP", "Saint Helena pound", "Saint Helena pounds", "penny", "pence"},
    {"SLE", "leone", "leones", "cent", "cents"},
    {"SOS", "Somali shilling", "Somali shillings", "cent", "cents"},
    {"SRD", "Surinam dollar", "Surinam dollars", "cent", "cents"},
    {"SSP", "South Sudanese pound", "South Sudanese pounds", "piastre", "piastres"},
    {"STN", "dobra", "dobras", "cêntimo", "cêntimos"},
    {"SVC", "Salvadoran colón", "Salvadoran colones", "centavo", "centavos"},
    {"SYP", "Syrian pound", "Syrian pounds", "piastre", "piastres"},
    {"SZL", "lilangeni", "emalangeni", "cent", "cents"},
    {"THB", "baht", "baht", "satang", "satang"},
    {"TJS", "somoni", "somoni", "diram", "dirams"},
    {"TMT", "Turkmenistan manat", "Turkmenistan manats", "tenge", "tenge"},
    {"TND", "Tunisian dinar", "Tunisian dinars", "", ""},
    {"TOP", "paʻanga", "paʻanga", "seniti", "seniti"},
    {"TRY", "lira", "lira", "kuruş", "kuruş"},
    {"TTD", "Trinidad and Tobago dollar", "Trinidad and Tobago dollars", "cent", "cents"},
    {"TWD", "Taiwan dollar", "Taiwan dollars", "cent", "cents"},
    {"TZS", "Tanzanian shilling", "Tanzanian shillings", "cent", "cents"},
    {"UAH", "hryvnia", "hryvnias", "kopiyka", "kopiyky"},
    {"UGX", "Uganda shilling", "Uganda shillings", "", ""},
    {"USD", "U S dollar", "U S dollars", "cent", "cents"},
    {"UYU", "Uruguayan peso", "Uruguayan pesos", "centésimo", "centésimos"},
    {"UZS", "Uzbek som", "Uzbek som", "tiyin", "tiyin"},
    {"VES", "bolívar", "bolívares", "céntimo", "céntimos"},
    {"VND", "dong", "dong", "", ""},
    {"VUV", "vatu", "vatu", "", ""},
    {"WST", "tala", "tala", "sene", "sene"},
    {"XAF", "Central African franc", "Central African francs", "", ""},
    {"XCD", "East Caribbean dollar", "East Caribbean dollars", "cent", "cents"},
    {"XOF", "West African franc", "West African francs", "", ""},
    {"XPF", "Pacific franc", "Pacific francs", "", ""},
    {"YER", "Yemeni rial", "Yemeni rials", "fils", "fils"},
    {"ZAR", "rand", "rand", "cent", "cents"},
    {"ZMW", "Zambian kwacha", "Zambian kwachas", "ngwee", "ngwee"},
    {"ZWL", "Zimbabwe dollar", "Zimbabwe dollars", "cent", "cents"},
};

constexpr Currency kDollar = {"$", "dollar", "dollars", "cent", "cents"};
constexpr Currency kCent = {"¢", "cent", "cents", "", ""};

// Unicode's currency signs and whose they are.
struct Sign {
  char32_t sign;
  std::string_view code;
};
constexpr Sign kSigns[] = {
    {U'£', "GBP"},   {U'¥', "JPY"},   {U'€', "EUR"}, {U'₩', "KRW"}, {U'₹', "INR"},
    {U'₨', "INR"},   {U'₽', "RUB"}, {U'₺', "TRY"}, {U'₪', "ILS"}, {U'₫', "VND"},
    {U'₴', "UAH"},   {U'₦', "NGN"},   {U'₱', "PHP"}, {U'฿', "THB"}, {U'₡', "CRC"},
    {U'₲', "PYG"},   {U'₵', "GHS"},   {U'₸', "KZT"}, {U'₭', "LAK"}, {U'₮', "MNT"},
    {U'₾', "GEL"}, {U'₼', "AZN"}, {U'৳', "BDT"}, {U'៛', "KHR"}, {U'￥', "JPY"},
    {U'￡', "GBP"},  {U'￦', "KRW"},  {U'؋', "AFN"}, {U'֏', "AMD"}, {U'₿', "BTC"}};

constexpr Currency kBitcoin = {"₿", "bitcoin", "bitcoins", "", ""};

struct Prefix {
  std::string_view letters;
  std::string_view code;
};
constexpr Prefix kDollarPrefixes[] = {{"US", "USD"}, {"A", "AUD"},   {"AU", "AUD"}, {"C", "CAD"},
                                      {"CA", "CAD"}, {"HK", "HKD"},  {"NZ", "NZD"}, {"S", "SGD"},
                                      {"NT", "TWD"}, {"R", "BRL"},   {"MX", "MXN"}, {"J", "JMD"},
                                      {"TT", "TTD"}, {"Bds", "BBD"}, {"EC", "XCD"}, {"BZ", "BZD"}};

}  // namespace

const Currency* currency_of_code(std::string_view code) {
  const auto* found = std::lower_bound(
      std::begin(kCodes), std::end(kCodes), code,
      [](const Currency& currency, std::string_view wanted) { return currency.written < wanted; });
  return found != std::end(kCodes) && found->written == code ? found : nullptr;
}

const Currency* currency_of_sign(char32_t sign) {
  if (sign == U'$' || sign == U'＄' || sign == U'﹩') return &kDollar;
  if (sign == U'¢') return &kCent;
  if (sign == U'₿') return &kBitcoin;
  if (sign < 0x80) return nullptr;
  for (const Sign& known : kSigns) {
    if (known.sign == sign) return currency_of_code(known.code);
  }
  return nullptr;
}

const Currency* dollar_of(std::string_view prefix) {
  for (const Prefix& known : kDollarPrefixes) {
    if (known.letters == prefix) return currency_of_code(known.code);
  }
  return nullptr;
}

}  // namespace syrinx::text::en
