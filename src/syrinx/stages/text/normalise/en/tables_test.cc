// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "syrinx/stages/text/normalise/en/currency_table.h"
#include "syrinx/stages/text/normalise/en/symbols.h"
#include "syrinx/stages/text/normalise/en/unit_table.h"
#include "syrinx/stages/text/normalise/en/word_tables.h"
#include "syrinx/stages/text/normalise/en/words.h"

namespace syrinx::text::en {
namespace {

TEST(CurrencyTable, FindsCodesFromTheFirstToTheLast) {
  for (const std::string_view code : {"AED", "CHF", "EUR", "JPY", "USD", "XOF", "ZWL"}) {
    ASSERT_NE(currency_of_code(code), nullptr) << code;
    EXPECT_EQ(currency_of_code(code)->written, code);
  }
  EXPECT_EQ(currency_of_code("ABC"), nullptr);
  EXPECT_EQ(currency_of_code(""), nullptr);
}

TEST(CurrencyTable, FindsSignsAndDollars) {
  EXPECT_EQ(currency_of_sign(U'$')->singular, "dollar");
  EXPECT_EQ(currency_of_sign(U'₹')->plural, "rupees");
  EXPECT_EQ(currency_of_sign(U'x'), nullptr);
  EXPECT_EQ(dollar_of("HK")->written, "HKD");
  EXPECT_EQ(dollar_of("Q"), nullptr);
}

TEST(UnitTable, PrefersTheStandardsLetterCase) {
  EXPECT_EQ(find_unit("mW")->singular, "milliwatt");
  EXPECT_EQ(find_unit("MW")->singular, "megawatt");
  EXPECT_EQ(find_unit("Mb")->singular, "megabit");
  EXPECT_EQ(find_unit("KG")->singular, "kilogram");
  EXPECT_EQ(find_unit("M"), nullptr);
  EXPECT_EQ(find_unit("zz"), nullptr);
}

TEST(AmericanSpelling, TurnsEndingsAndLeavesWordsThatOnlyLookSo) {
  EXPECT_EQ(american_spelling("organisations"), "organizations");
  EXPECT_EQ(american_spelling("recognised"), "recognized");
  EXPECT_EQ(american_spelling("neighbourhoods"), "neighborhoods");
  EXPECT_EQ(american_spelling("centred"), "centered");
  EXPECT_EQ(american_spelling("metres"), "meters");
  for (const std::string_view same :
       {"advertise", "otherwise", "exercised", "surprising", "raise", "noise", "hour", "four",
        "tour", "programmed", "wise", "premises", "paradise", "glamorous", "genre", "promised"}) {
    EXPECT_EQ(american_spelling(same), "") << same;
  }
}

TEST(Acronyms, AreSaidWhereTheyAreWords) {
  for (const std::string_view said : {"NASA", "NATO", "UNICEF", "THE", "AND"}) {
    EXPECT_TRUE(is_said_acronym(said)) << said;
  }
  for (const std::string_view spelt : {"FBI", "USA", "BBC", "GPS", "HTML", "IEEE", "UK"}) {
    EXPECT_FALSE(is_said_acronym(spelt)) << spelt;
  }
}

TEST(Names, OfStatesAndGreekLetters) {
  EXPECT_EQ(state_name("TX"), "Texas");
  EXPECT_EQ(state_name("ZZ"), "");
  EXPECT_EQ(greek_letter(U'Δ'), "delta");
  EXPECT_EQ(greek_letter(U'ω'), "omega");
  EXPECT_EQ(greek_letter(U'a'), "");
}

TEST(UnicodeName, DescribesAnySymbol) {
  EXPECT_EQ(unicode_name(U'☯'), "yin yang");
  EXPECT_EQ(unicode_name(0xe000), "");  // Private use has no name.
}

}  // namespace
}  // namespace syrinx::text::en
