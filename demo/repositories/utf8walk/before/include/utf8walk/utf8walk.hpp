#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace utf8walk {

constexpr char32_t replacement = 0xFFFD;

namespace detail {

constexpr bool continues(unsigned char byte) { return (byte & 0xC0) == 0x80; }

/// How many bytes the first byte of a sequence announces; 0 for a byte that starts none.
constexpr std::size_t announced(unsigned char byte) {
  if (byte < 0x80) return 1;
  if ((byte & 0xE0) == 0xC0) return 2;
  if ((byte & 0xF0) == 0xE0) return 3;
  if ((byte & 0xF8) == 0xF0) return 4;
  return 0;
}

}  // namespace detail

/// A code point and the number of bytes that it takes.
struct Step {
  char32_t code_point;
  std::size_t bytes;
};

/// The first code point of a text that is not empty.
inline Step first(std::string_view text) {
  const Step bad{replacement, 1};
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t length = detail::announced(lead);
  if (length == 0 || length > text.size()) return bad;
  char32_t code_point = length == 1 ? lead : lead & (0x7F >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (!detail::continues(byte)) return bad;
    code_point = (code_point << 6) | (byte & 0x3F);
  }
  return {code_point, length};
}

inline std::vector<char32_t> code_points(std::string_view text) {
  std::vector<char32_t> found;
  while (!text.empty()) {
    const Step step = first(text);
    found.push_back(step.code_point);
    text.remove_prefix(step.bytes);
  }
  return found;
}

/// How many code points a text has.
inline std::size_t length(std::string_view text) { return code_points(text).size(); }

}  // namespace utf8walk
