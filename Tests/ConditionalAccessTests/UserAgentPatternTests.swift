import ConditionalAccess
import Testing

struct UserAgentPatternTests {
    static let cases: [(pattern: String, text: String, matches: Bool)] = [
        ("*", "", true), ("*", "x", true), ("a", "a", true), ("a", "", false), ("a", "aa", false),
        ("a*", "a", true), ("a*", "ab", true), ("a*", "ba", false), ("*a", "ba", true),
        ("*a", "ab", false), ("*a*", "bab", true), ("*a*", "b", false), ("a*a", "a", false),
        ("a*a", "aa", true), ("a*b*c", "aXbYc", true), ("a*b*c", "acb", false),
        ("a*b*c", "abc", true), ("ab*ba", "aba", false), ("**", "", true), ("a**b", "ab", true),
        ("*ab*ab*", "abab", true), ("*ab*ab*", "abxa", false), ("A", "a", false),
        ("é", "e\u{301}", false), ("*é", "xé", true), ("(X11; Linux)", "(X11; Linux)", true),
        ("*(+https://a)*", "x (+https://a) y", true),
    ]

    @Test(arguments: cases)
    func `matches the whole text`(pattern: String, text: String, matches: Bool) throws {
        #expect(try #require(UserAgentPattern(pattern)).matches(text) == matches)
    }

    @Test(arguments: [
        "", "^a", "a$", "a.*", "a.+", "[ab]", "a{2}", "a|b", "a\\d", "a?", "]", "}",
        String(repeating: "a", count: 257),
    ])
    func `refuses regular expressions, nothing and what is too long`(pattern: String) {
        #expect(UserAgentPattern(pattern) == nil)
    }

    @Test func `is quick where a search could go on for ever`() throws {
        let pattern = try #require(UserAgentPattern(String(repeating: "*a", count: 100) + "*b"))
        let text = String(repeating: "a", count: 20_000)
        #expect(!pattern.matches(text))
        #expect(pattern.matches(text + "b"))
    }
}
