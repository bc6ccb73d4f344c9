#ifndef FIELDSCAN_H
#define FIELDSCAN_H

#include <stddef.h>

typedef struct {
  char *text;
  size_t length;
  int quoted;
} fs_field;

typedef enum { FS_FIELD, FS_END, FS_UNTERMINATED } fs_status;

typedef struct {
  char *next;
  char *end;
  char delimiter;
  int done;
} fs_scanner;

/* Starts on one record of `length` bytes, without its line ending. The record is changed in place. */
void fs_open(fs_scanner *scan, char *record, size_t length, char delimiter);

/* Gives the next field, FS_END after the last one, FS_UNTERMINATED when a quote is never closed. */
fs_status fs_next(fs_scanner *scan, fs_field *field);

/* Counts the fields of a record without changing it; -1 when a quote is never closed. */
long fs_count(const char *record, size_t length, char delimiter);

#endif
