#ifndef ARMOR32_H
#define ARMOR32_H

#include <stddef.h>

/* Characters that `length` bytes take when encoded, padding included, without a terminator. */
size_t armor32_encoded_length(size_t length);

/* Writes the encoded text and a terminator; `out` holds armor32_encoded_length(length) + 1 characters. */
void armor32_encode(const unsigned char *in, size_t length, char *out);

/* Gives the number of bytes written, or -1 for text that is not base 32. `out` holds length * 5 / 8 bytes. */
long armor32_decode(const char *in, size_t length, unsigned char *out);

#endif
