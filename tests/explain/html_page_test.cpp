#include "explain/html_page.h"

#include <gtest/gtest.h>

namespace longhand {
namespace {

TEST(HtmlEscaped, LeavesNoMarkup) {
  EXPECT_EQ(html_escaped("<b> & \"c\" 'd' ŷ"), "&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39; ŷ");
  EXPECT_EQ(html_escaped(std::string("a\0b\x1b\xff", 5)), "a\\x00b\\x1b\\xff");
}

TEST(HtmlLinkTo, NamesAnId) {
  EXPECT_EQ(html_link_to("dL/dW2"), "#dL/dW2");
  EXPECT_EQ(html_link_to("z1[3]"), "#z1%5B3%5D");
  EXPECT_EQ(html_link_to("a\"b"), "#a%22b");
}

TEST(HtmlPage, IsWholeWithoutScriptsOrOtherFiles) {
  const auto page = html_page("a < b", "<p>text</p>\n", ".mine { color: var(--warm); }");
  EXPECT_TRUE(page.starts_with("<!DOCTYPE html>\n"));
  EXPECT_NE(page.find("<title>a &lt; b</title>"), std::string::npos);
  EXPECT_NE(page.find("<body>\n<p>text</p>\n</body>"), std::string::npos);
  EXPECT_NE(page.find(".mine { color: var(--warm); }</style>"), std::string::npos);
  EXPECT_NE(page.find("prefers-color-scheme: dark"), std::string::npos);
  for (const char* outside : {"<script", "http", "url(", "@import", "<link"}) {
    EXPECT_EQ(page.find(outside), std::string::npos) << outside;
  }
}

}  // namespace
}  // namespace longhand
