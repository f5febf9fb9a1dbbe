import PushMessages
import TestSupport
import Testing

struct EnrolmentTicketTests {
    @Test func `a ticket is written and read as documented`() throws {
        #expect(try Samples.ticket().encoded() == Samples.uri)
        #expect(try EnrolmentTicket(decoding: Samples.uri) == Samples.ticket())
    }

    @Test func `on loopback there need be no TLS, and then there is no pin`() throws {
        let ticket = try Samples.ticket(url: "http://127.0.0.1:8080", pin: nil)
        #expect(try EnrolmentTicket(decoding: ticket.encoded()) == ticket)
        #expect(!ticket.encoded().contains("pin="))
        #expect(throws: MalformedPush.missing("pin")) { try Samples.ticket(pin: nil) }
        #expect(throws: MalformedPush.value("pin")) {
            try Samples.ticket(url: "http://[::1]:8080")
        }
        #expect(throws: MalformedPush.value("pin")) { try Samples.ticket(pin: [1, 2]) }
    }

    @Test func `the parameters may be in any order`() throws {
        let pairs = Samples.uri.dropFirst("countersign://enrol?".count).split(separator: "&")
        var random = SplitMix64(seed: 9)
        for _ in 0..<20 {
            let uri = "countersign://enrol?" + pairs.shuffled(using: &random).joined(separator: "&")
            #expect(try EnrolmentTicket(decoding: uri) == Samples.ticket())
        }
    }

    @Test func `each parameter is there once, and no other`() throws {
        let pairs = Samples.uri.dropFirst("countersign://enrol?".count).split(separator: "&")
        for pair in pairs {
            let name = String(pair.prefix { $0 != "=" })
            let fewer = pairs.filter { $0 != pair }.joined(separator: "&")
            #expect(throws: MalformedPush.missing(name)) {
                try EnrolmentTicket(decoding: "countersign://enrol?" + fewer)
            }
            #expect(throws: MalformedPush.duplicate(name)) {
                try EnrolmentTicket(decoding: Samples.uri + "&" + pair)
            }
        }
        #expect(throws: MalformedPush.unknown("x")) {
            try EnrolmentTicket(decoding: Samples.uri + "&x=1")
        }
    }

    @Test(arguments: [
        "", "countersign://enrol", "countersign:enrol?v=1", "Countersign://enrol?v=1",
        "otpauth://totp/a?secret=b", "countersign://enrol?", "countersign://enrol?v",
        "countersign://enrol?V=1", "countersign://enrol?v=1&", "countersign://enrol?=1",
    ])
    func `other URIs are refused`(uri: String) {
        #expect(throws: MalformedPush.self) { try EnrolmentTicket(decoding: uri) }
    }

    @Test(arguments: [
        ("v=1", "v=2", "v"), ("v=1", "v=01", "v"), ("exp=1790000600", "exp=-1", "exp"),
        ("exp=1790000600", "exp=01", "exp"), ("exp=1790000600", "exp=1e3", "exp"),
        ("exp=1790000600", "exp=99999999999999999999", "exp"),
        ("ticket=AbC-_9", "ticket=", "ticket"),
        ("ticket=AbC-_9", "ticket=a%2Fb", "ticket"), ("%26", "%2", "name"), ("%26", "&", ""),
        ("%26", "%zz", "name"), ("%26", "%00", "name"), ("%26", "%E2%80%AE", "name"),
        ("zo%C3%AB", "zo%C3", "user"), ("zo%C3%AB", "zoë", "user"), ("zo%C3%AB", "", "user"),
        ("Example%20", "Example+", "name"), ("pin=AAEC", "pin=AAE", "pin"),
        ("https%3A", "ftp%3A", "url"), ("https%3A", "http%3A", "url"),
    ])
    func `a value of another form is refused`(from: String, to: String, name: String) {
        let uri = Samples.uri.replacing(from, with: to)
        #expect(uri != Samples.uri)
        #expect(throws: name.isEmpty ? MalformedPush.ticket : .value(name)) {
            try EnrolmentTicket(decoding: uri)
        }
    }

    @Test func `every proper prefix is refused, and every flipped bit or changes the ticket`()
        throws
    {
        let ticket = try Samples.ticket()
        for prefix in Samples.uri.bytes.properPrefixes {
            // The user's name ends the URI, and may be shorter.
            let text = String(decoding: prefix, as: UTF8.self)
            if let other = try? EnrolmentTicket(decoding: text) {
                #expect(other != ticket)
                #expect(text.hasPrefix("countersign://enrol?v=1") && text.contains("&user="))
            }
        }
        for flipped in Samples.uri.bytes.singleBitFlips {
            guard let text = String(validating: flipped, as: UTF8.self) else { continue }
            if let other = try? EnrolmentTicket(decoding: text), other == ticket {
                // Only the case of an escape's digits says nothing.
                #expect(text.lowercased() == Samples.uri.lowercased())
            }
        }
    }

    @Test func `the longest ticket fits, and a longer one is refused`() throws {
        let ticket = try Samples.ticket(
            url: "https://" + String(repeating: "a", count: 247),
            ticket: String(repeating: "A", count: 400), expiresAt: .max,
            server: String(repeating: "ö", count: 32), user: String(repeating: "ö", count: 64))
        #expect(ticket.encoded().utf8.count <= EnrolmentTicket.maximumLength)
        #expect(try EnrolmentTicket(decoding: ticket.encoded()) == ticket)
        #expect(throws: MalformedPush.value("ticket")) {
            try Samples.ticket(ticket: String(repeating: "A", count: 401))
        }
        #expect(throws: MalformedPush.tooLong) {
            try EnrolmentTicket(decoding: Samples.uri + String(repeating: "a", count: 2048))
        }
    }
}

struct PhoneServiceURLTests {
    @Test(arguments: [
        ("https://auth.example.org", true, "auth.example.org", 443, ""),
        ("https://auth.example.org:8443/cs/v", true, "auth.example.org", 8443, "/cs/v"),
        ("https://192.0.2.7:1", true, "192.0.2.7", 1, ""),
        ("https://[2001:db8::7]", true, "2001:db8::7", 443, ""),
        ("http://localhost:65535", false, "localhost", 65535, ""),
        ("http://127.0.0.1/x", false, "127.0.0.1", 80, "/x"),
        ("http://[::1]:80", false, "::1", 80, ""),
    ])
    func `a URL comes apart`(
        text: String, isSecure: Bool, host: String, port: Int, path: String
    ) throws {
        let url = try PhoneServiceURL(text)
        #expect(url.text == text)
        #expect(url.isSecure == isSecure)
        #expect(url.host == host)
        #expect(url.port == port)
        #expect(url.path == path)
        #expect(url.isLoopback == !isSecure)
    }

    @Test(arguments: [
        "", "https://", "https:///x", "https://a:0", "https://a:65536", "https://a:",
        "https://a:080", "https://a:+80", "https://a/", "https://a?q", "https://a#f",
        "https://u@a", "https://A", "https://a b", "https://a/%41", "https://ö", "https://[a",
        "https://[zz::1]", "https://[1]", "https://a:b:80", "HTTPS://a", "http://a",
        "http://192.0.2.7", "http://127.0.0.1.example", "http://127.0.1", "http://127.0.0.256",
        "http://0x7f.0.0.1", "http://2130706433", "http://[::2]", "ftp://127.0.0.1",
    ])
    func `other texts are refused`(text: String) {
        #expect(throws: MalformedPush.value("url")) { try PhoneServiceURL(text) }
    }

    @Test func `a URL has at most 255 bytes`() throws {
        let longest = "https://" + String(repeating: "a", count: 247)
        #expect(try PhoneServiceURL(longest).host.count == 247)
        #expect(throws: MalformedPush.value("url")) { try PhoneServiceURL(longest + "a") }
    }
}
