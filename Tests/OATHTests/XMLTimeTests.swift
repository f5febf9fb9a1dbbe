import OATH
import Testing

struct XMLTimeTests {
    /// By GNU date.
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("1970-01-01T00:00:59", 59),
        ("2006-05-01T00:00:00Z", 1_146_441_600),
        ("2000-02-29T12:34:56Z", 951_827_696), ("2026-05-31T00:00:00.999Z", 1_780_185_600),
        ("2037-12-31T23:59:59+00:00", 2_145_916_799), ("2100-03-01T00:00:00Z", 4_107_542_400),
        ("2012-08-01T02:30:00+02:30", 1_343_779_200), ("2012-07-31T19:00:00-05:00", 1_343_779_200),
        ("9999-12-31T23:59:59Z", 253_402_300_799),
    ])
    func `reads moments`(text: String, seconds: Int64) {
        #expect(XMLTime.seconds(text) == seconds)
    }

    @Test(arguments: [
        "", "2006-05-01", "2006-05-01T00:00Z", "2006-5-1T00:00:00Z", "2006-13-01T00:00:00Z",
        "2006-00-01T00:00:00Z", "2006-02-29T00:00:00Z", "2100-02-29T00:00:00Z",
        "2006-04-31T00:00:00Z",
        "2006-05-00T00:00:00Z", "2006-05-01T24:00:00Z", "2006-05-01T00:60:00Z",
        "2006-05-01T00:00:60Z",
        "2006-05-01T00:00:00.Z", "2006-05-01T00:00:00z", "2006-05-01t00:00:00Z",
        "2006-05-01T00:00:00+0200",
        "2006-05-01T00:00:00+14:01", "2006-05-01T00:00:00+02:60", "2006-05-01T00:00:00Zx",
        " 2006-05-01T00:00:00Z", "1969-12-31T23:59:59Z", "12006-05-01T00:00:00Z",
        "-2006-05-01T00:00:00Z",
        "1970-01-01T00:00:00+00:01", "+006-05-01T00:00:00Z", "٢٠٠٦-05-01T00:00:00Z",
        "2006-05-01T00:00:00.0000000001Z",
    ])
    func `refuses what is no moment`(text: String) {
        #expect(XMLTime.seconds(text) == nil)
    }

    @Test(arguments: [
        ("alice", "alice"), ("alice@example.org", "alice@example.org"),
        ("UID=jsmith,DC=example-bank,DC=net", "jsmith"), ("dc=net, uid=jsmith", "jsmith"),
        ("DC=example-bank,DC=net", nil), ("UID=", nil), ("UID=a\\,b", nil), ("UID=a+CN=b", nil),
        ("", nil), ("=", nil), ("UID", "UID"), (",UID=x", "x"), ("x,UID=x", nil),
    ])
    func `a container's user is a name, or the name's part of a distinguished one`(
        identifier: String, user: String?
    ) {
        #expect(PSKCKeyPackage.Facts.userName(identifier) == user)
    }
}
