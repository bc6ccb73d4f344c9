#pragma once

#include <cstddef>
#include <list>
#include <optional>
#include <stdexcept>
#include <unordered_map>
#include <utility>

namespace lrumap {

/// Holds at most `capacity` entries; `put` on a full map drops the least recently used one.
template <typename Key, typename Value>
class LruMap {
 public:
  explicit LruMap(std::size_t capacity) : capacity_(capacity) {
    if (capacity == 0) throw std::invalid_argument("capacity must not be zero");
  }

  std::size_t size() const { return order_.size(); }

  bool contains(const Key &key) const { return index_.count(key) != 0; }

  /// Gives a copy of the value and counts as a use of the entry.
  std::optional<Value> get(const Key &key) {
    auto found = index_.find(key);
    if (found == index_.end()) return std::nullopt;
    order_.splice(order_.end(), order_, found->second);
    return found->second->second;
  }

  /// Adds or replaces an entry, which counts as a use of it.
  void put(const Key &key, Value value) {
    auto found = index_.find(key);
    if (found != index_.end()) {
      found->second->second = std::move(value);
      return;
    }
    if (order_.size() == capacity_) {
      index_.erase(order_.back().first);
      order_.pop_back();
    }
    order_.emplace_front(key, std::move(value));
    index_[key] = order_.begin();
  }

  bool erase(const Key &key) {
    auto found = index_.find(key);
    if (found == index_.end()) return false;
    order_.erase(found->second);
    index_.erase(found);
    return true;
  }

 private:
  using Entry = std::pair<Key, Value>;

  std::size_t capacity_;
  /// Most recently used first.
  std::list<Entry> order_;
  std::unordered_map<Key, typename std::list<Entry>::iterator> index_;
};

}  // namespace lrumap
