#include "utf8walk/utf8walk.hpp"

#include <gtest/gtest.h>

using utf8walk::code_points;
using Points = std::vector<char32_t>;

TEST(CodePoints, HaveOneToFourBytes) {
  EXPECT_EQ(code_points("a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"), (Points{'a', 0xE4, 0x20AC, 0x1F600}));
}

TEST(CodePoints, ReplaceAByteThatStartsNothing) { EXPECT_EQ(code_points("\x80z"), (Points{0xFFFD, 'z'})); }

TEST(CodePoints, ReplaceASequenceThatIsCutShort) { EXPECT_EQ(code_points("\xE2\x82"), (Points{0xFFFD, 0xFFFD})); }

TEST(CodePoints, ReplaceOverlongForms) {
  EXPECT_EQ(code_points("\xC0\xAF"), (Points{0xFFFD, 0xFFFD}));
  EXPECT_EQ(code_points("\xE0\x80\xAF"), (Points{0xFFFD, 0xFFFD, 0xFFFD}));
}

TEST(CodePoints, ReplaceSurrogates) { EXPECT_EQ(code_points("\xED\xA0\x80"), (Points{0xFFFD, 0xFFFD, 0xFFFD})); }

TEST(CodePoints, EndAtTheLastOne) {
  EXPECT_EQ(code_points("\xF4\x8F\xBF\xBF"), (Points{0x10FFFF}));
  EXPECT_EQ(code_points("\xF4\x90\x80\x80").size(), 4u);
}

TEST(Length, CountsCodePoints) { EXPECT_EQ(utf8walk::length("h\xC3\xA9"), 2u); }

TEST(Length, OfNothingIsZero) { EXPECT_EQ(utf8walk::length(""), 0u); }
