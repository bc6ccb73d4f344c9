#include <functional>
#include <iostream>
#include <map>
#include <string>

#include "lrumap/lrumap.hpp"

using Map = lrumap::LruMap<std::string, int>;

static Map filled() {
  Map map(2);
  map.put("a", 1);
  map.put("b", 2);
  return map;
}

static const std::map<std::string, std::function<bool()>> cases = {
    {"keeps_entries", [] { return filled().get("a") == 1 && filled().get("b") == 2; }},
    {"drops_oldest",
     [] {
       Map map = filled();
       map.put("c", 3);
       return !map.contains("a") && map.contains("b") && map.contains("c");
     }},
    {"replaces_value",
     [] {
       Map map = filled();
       map.put("a", 7);
       return map.size() == 2 && map.get("a") == 7;
     }},
    {"get_refreshes",
     [] {
       Map map = filled();
       map.get("a");
       map.put("c", 3);
       return map.contains("a") && !map.contains("b") && map.contains("c");
     }},
    {"put_refreshes",
     [] {
       Map map = filled();
       map.put("a", 7);
       map.put("c", 3);
       return map.get("a") == 7 && !map.contains("b") && map.contains("c");
     }},
    {"erases",
     [] {
       Map map = filled();
       return map.erase("a") && !map.erase("a") && map.size() == 1;
     }},
    {"refuses_zero_capacity",
     [] {
       try {
         Map map(0);
       } catch (const std::invalid_argument &) {
         return true;
       }
       return false;
     }},
};

int main(int argc, char **argv) {
  auto found = argc > 1 ? cases.find(argv[1]) : cases.end();
  if (found == cases.end()) return 2;
  if (found->second()) return 0;
  std::cerr << argv[1] << ": not as expected\n";
  return 1;
}
