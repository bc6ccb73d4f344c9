#include "fieldscan.h"

void fs_open(fs_scanner *scan, char *record, size_t length, char delimiter) {
  scan->next = record;
  scan->end = record + length;
  scan->delimiter = delimiter;
  scan->done = length == 0;
}

static fs_status plain_field(fs_scanner *scan, fs_field *field) {
  char *at = scan->next;
  field->text = at;
  field->quoted = 0;
  while (at < scan->end && *at != scan->delimiter) at++;
  field->length = (size_t)(at - field->text);
  scan->next = at;
  return FS_FIELD;
}

static fs_status quoted_field(fs_scanner *scan, fs_field *field) {
  char *at = scan->next + 1;
  char *out = at;
  field->text = at;
  field->quoted = 1;
  while (at < scan->end) {
    if (*at == '"') {
      if (at + 1 < scan->end && at[1] == '"') {
        at++;
      } else {
        break;
      }
    }
    *out++ = *at++;
  }
  if (at >= scan->end) return FS_UNTERMINATED;
  field->length = (size_t)(out - field->text);
  scan->next = at + 1;
  return FS_FIELD;
}

fs_status fs_next(fs_scanner *scan, fs_field *field) {
  if (scan->done) return FS_END;
  fs_status status = scan->next < scan->end && *scan->next == '"' ? quoted_field(scan, field) : plain_field(scan, field);
  if (status != FS_FIELD) return status;
  if (scan->next < scan->end) scan->next++;
  if (scan->next >= scan->end) scan->done = 1;
  return FS_FIELD;
}

long fs_count(const char *record, size_t length, char delimiter) {
  long fields = length > 0 ? 1 : 0;
  int quoted = 0;
  for (size_t i = 0; i < length; i++) {
    if (record[i] == '"') quoted = !quoted;
    else if (record[i] == delimiter && !quoted) fields++;
  }
  return quoted ? -1 : fields;
}
