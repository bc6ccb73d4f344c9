#include "fieldscan.h"

#include <stdio.h>
#include <string.h>

static int check_fields(const char *record, const char **expected, size_t count) {
  char buffer[128];
  fs_scanner scan;
  fs_field field;
  size_t seen = 0;
  size_t length = strlen(record);
  memcpy(buffer, record, length);
  fs_open(&scan, buffer, length, ',');
  while (fs_next(&scan, &field) == FS_FIELD) {
    if (seen >= count) {
      printf("%s: more than %zu fields\n", record, count);
      return 1;
    }
    if (field.length != strlen(expected[seen]) || memcmp(field.text, expected[seen], field.length) != 0) {
      printf("%s: field %zu is <%.*s>, expected <%s>\n", record, seen, (int)field.length, field.text, expected[seen]);
      return 1;
    }
    seen++;
  }
  if (seen != count) {
    printf("%s: %zu fields, expected %zu\n", record, seen, count);
    return 1;
  }
  return 0;
}

#define FIELDS(record, ...) \
  check_fields(record, (const char *[]){__VA_ARGS__}, sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *))

static int plain(void) { return FIELDS("a,bc,,def", "a", "bc", "", "def"); }

static int quoted(void) { return FIELDS("\"a,b\",c", "a,b", "c"); }

static int doubled_quote(void) { return FIELDS("\"say \"\"hi\"\"\",x", "say \"hi\"", "x"); }

static int unterminated(void) {
  char record[] = "\"open,a";
  fs_scanner scan;
  fs_field field;
  fs_open(&scan, record, strlen(record), ',');
  return fs_next(&scan, &field) == FS_UNTERMINATED ? 0 : 1;
}

static int count(void) { return fs_count("a,\"b,c\",d", 9, ',') == 3 ? 0 : 1; }

static int empty_record(void) { return check_fields("", NULL, 0); }

static const struct {
  const char *name;
  int (*run)(void);
} cases[] = {
    {"plain", plain},
    {"quoted", quoted},
    {"doubled_quote", doubled_quote},
    {"unterminated", unterminated},
    {"count", count},
    {"empty_record", empty_record},
};

int main(int argc, char **argv) {
  for (size_t i = 0; argc > 1 && i < sizeof cases / sizeof cases[0]; i++) {
    if (strcmp(argv[1], cases[i].name) == 0) return cases[i].run();
  }
  return 2;
}
