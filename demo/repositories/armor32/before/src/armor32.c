#include "armor32.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

size_t armor32_encoded_length(size_t length) { return (length + 4) / 5 * 8; }

void armor32_encode(const unsigned char *in, size_t length, char *out) {
  unsigned long buffer = 0;
  int bits = 0;
  size_t written = 0;
  for (size_t i = 0; i < length; i++) {
    buffer = (buffer << 8 | in[i]) & 0xffff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      out[written++] = alphabet[buffer >> bits & 31];
    }
  }
  if (bits > 0) out[written++] = alphabet[buffer & 31];
  while (written < armor32_encoded_length(length)) out[written++] = '=';
  out[written] = '\0';
}

static int value_of(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a';
  if (c >= '2' && c <= '7') return c - '2' + 26;
  return -1;
}

long armor32_decode(const char *in, size_t length, unsigned char *out) {
  unsigned long buffer = 0;
  int bits = 0;
  long written = 0;
  if (length % 8 != 0) return -1;
  while (length > 0 && in[length - 1] == '=') length--;
  for (size_t i = 0; i < length; i++) {
    int value = value_of(in[i]);
    if (value < 0) return -1;
    buffer = (buffer << 5 | (unsigned long)value) & 0xffff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      out[written++] = (unsigned char)(buffer >> bits & 0xff);
    }
  }
  return written;
}
