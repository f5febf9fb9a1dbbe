import Accounts
import Testing

struct NameTests {
    @Test(arguments: ["a", "vpn", "Mail-2_x.y@z/w:1", String(repeating: "a", count: 64)])
    func `takes the name of a group, an application or a location`(text: String) throws {
        #expect(try #require(DirectoryName(text)).text == text)
    }

    @Test(arguments: [
        "", " ", "a b", "a,b", "a\n", "ä", "a\u{202E}b", "a%20", "a=b",
        String(repeating: "a", count: 65),
    ])
    func `refuses what is no such name`(text: String) {
        #expect(DirectoryName(text) == nil)
    }

    @Test func `orders names by their bytes`() throws {
        let names = try ["b", "B", "a", "-"].map { try #require(DirectoryName($0)) }
        #expect(names.sorted().map(\.text) == ["-", "B", "a", "b"])
    }

    @Test(arguments: ["DE", "AQ"])
    func `takes two capital letters for a country`(code: String) throws {
        #expect(try #require(Country(code)).code == code)
    }

    @Test(arguments: ["", "D", "DEU", "de", "D1", "ÄÖ", "D\u{301}"])
    func `refuses other countries`(code: String) {
        #expect(Country(code) == nil)
    }

    @Test func `gives kinds and roles the words of configuration and protocol`() {
        #expect(ClientKind.allCases.map(\.rawValue) == ["browser", "native", "legacy"])
        #expect(
            AdministratorRole.allCases.map(\.rawValue) == [
                "global-administrator", "authentication-administrator", "help-desk",
                "security-reader",
            ])
    }
}
