#include "armor32.h"

#include <stdio.h>
#include <string.h>

static int failures = 0;

static void report(const char *name, int passed) {
  printf("%s: %s\n", passed ? "PASS" : "FAIL", name);
  if (!passed) failures++;
}

static void encodes(const char *name, const char *plain, const char *text) {
  char out[64];
  armor32_encode((const unsigned char *)plain, strlen(plain), out);
  report(name, strcmp(out, text) == 0);
}

static void decodes(const char *name, const char *text, const char *plain) {
  unsigned char out[64];
  long length = armor32_decode(text, strlen(text), out);
  report(name, length == (long)strlen(plain) && memcmp(out, plain, strlen(plain)) == 0);
}

static void refuses(const char *name, const char *text) {
  unsigned char out[64];
  report(name, armor32_decode(text, strlen(text), out) == -1);
}

int main(void) {
  encodes("encode_empty", "", "");
  encodes("encode_five_bytes", "fooba", "MZXW6YTB");
  encodes("encode_ten_bytes", "foobafooba", "MZXW6YTBMZXW6YTB");
  decodes("decode_empty", "", "");
  decodes("decode_five_bytes", "MZXW6YTB", "fooba");
  decodes("decode_padded", "MZXW6===", "foo");
  decodes("decode_lower_case", "mzxw6ytb", "fooba");
  refuses("refuse_short_group", "MZXW6");
  refuses("refuse_foreign_character", "MZXW6Y!B");
  return failures > 0;
}
