// What a parser of XML would say of a page, without one: a slow reading of tags that nest and close.
#pragma once

#include <set>
#include <string>
#include <vector>

namespace longhand::testing {

/// An error, or empty: every tag is closed in its order, attributes are quoted, each & begins a known entity.
/// The document type and <meta> need no end.
std::string markup_error(const std::string& text);

/// The values of an attribute, in their order, with entities put back.
std::vector<std::string> attributes(const std::string& text, const std::string& name);

/// Without tags, entities put back.
std::string text_of_markup(const std::string& markup);

/// An error, or empty: environments, braces and \left \right nest and close, and no byte is beyond ASCII but
/// in accented letters of Latin-1.
std::string latex_error(const std::string& text);

}  // namespace longhand::testing
