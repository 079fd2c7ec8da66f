// The JSON in a model file's metadata.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "formats/safetensors.h"
#include "longhand/model.h"

namespace longhand {

/// Reads the pieces of metadata; every error is a ModelError that names the file and the key.
class Metadata {
 public:
  Metadata(const SafetensorsFile& file, const std::string& path) : file_(file), path_(path) {}

  [[noreturn]] void fail(const std::string& key, const std::string& what) const;
  bool has(const std::string& key) const { return file_.metadata.contains(key); }
  const std::string& text(const std::string& key) const;
  Json json(const std::string& key) const;

  /// Of the JSON of `key`, the value of a field.
  double finite(const std::string& key, const Json& json, const char* field) const;
  std::string string(const std::string& key, const Json& json, const char* field) const;
  bool boolean(const std::string& key, const Json& json, const char* field) const;
  std::vector<double> numbers(const std::string& key, const Json& json, const char* field) const;
  std::vector<std::string> texts(const std::string& key, const Json& json, const char* field) const;
  /// The JSON of `key` itself as a list of texts.
  std::vector<std::string> texts(const std::string& key) const;

 private:
  const SafetensorsFile& file_;
  const std::string& path_;
};

}  // namespace longhand
