#include "armor32.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
  static unsigned char input[1 << 16];
  size_t length = fread(input, 1, sizeof input, stdin);
  if (argc > 1 && strcmp(argv[1], "-d") == 0) {
    unsigned char *bytes = malloc(length + 1);
    while (length > 0 && input[length - 1] == '\n') length--;
    long written = armor32_decode((const char *)input, length, bytes);
    if (written < 0) {
      fprintf(stderr, "armor32: not base 32\n");
      return 1;
    }
    fwrite(bytes, 1, (size_t)written, stdout);
    free(bytes);
    return 0;
  }
  char *text = malloc(armor32_encoded_length(length) + 1);
  armor32_encode(input, length, text);
  puts(text);
  free(text);
  return 0;
}
