import Addresses
import Testing

struct AddressTests {
    @Test(
        arguments: [
            ("0.0.0.0", [0, 0, 0, 0]), ("192.0.2.7", [192, 0, 2, 7]),
            ("255.255.255.255", [255, 255, 255, 255]),
        ] as [(String, [UInt8])])
    func `reads IPv4 addresses`(text: String, bytes: [UInt8]) throws {
        let address = try IPAddress(text)
        #expect(address.bytes == bytes)
        #expect(address.description == text)
    }

    @Test(arguments: [
        // RFC 5952 §1, §4 and §5.
        ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
        ("2001:0DB8::0001", "2001:db8::1"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
        ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"), ("::", "::"), ("::1", "::1"), ("1::", "1::"),
        ("::ffff:192.0.2.1", "192.0.2.1"), ("::FFFF:c000:201", "192.0.2.1"),
        ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
        ("fe80::1:2:3:4", "fe80::1:2:3:4"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
    ])
    func `reads IPv6 addresses and writes their canonical text`(
        text: String, canonical: String
    ) throws {
        let address = try IPAddress(text)
        #expect(address.description == canonical)
        #expect(try IPAddress(canonical) == address)
    }

    @Test(arguments: [
        "", " ", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "0x7f.0.0.1", "1.2.3.4 ",
        "1..2.3", "-1.2.3.4", "+1.2.3.4", "1.2.3.٤", ":", ":::", "1:::2", "::1::", "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "12345::", "g::", "::1%lo", "[::1]", "1:2",
        "1.2.3.4::", "::1.2.3", "::1.2.3.4:5", ":1:2:3:4:5:6:7", "1:2:3:4:5:6:7:",
        "1:2:3:4:5:6:7:1.2.3.4", "2130706433", "1.2.3.4\0",
        "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000",
    ])
    func `refuses what is no address`(text: String) {
        #expect(throws: MalformedAddress.address) { try IPAddress(text) }
    }

    @Test func `takes addresses of 4 and 16 bytes alone`() {
        for count in 0...20 {
            let address = IPAddress(bytes: [UInt8](repeating: 1, count: count))
            #expect((address != nil) == (count == 4 || count == 16))
        }
    }

    @Test(arguments: [
        ("192.0.2.0/24", "192.0.2.255", "192.0.3.0"), ("0.0.0.0/0", "8.8.8.8", "::1"),
        ("10.0.0.0/9", "10.127.255.255", "10.128.0.0"), ("192.0.2.1", "192.0.2.1", "192.0.2.2"),
        ("2001:db8::/33", "2001:db8:7fff::", "2001:db8:8000::"), ("::/0", "1::", "1.2.3.4"),
        ("10.0.0.0/8", "::ffff:10.1.2.3", "::ffff:11.0.0.0"),
    ])
    func `knows which addresses are in a network`(
        network: String, inside: String, outside: String
    ) throws {
        let network = try IPNetwork(network)
        #expect(network.contains(try IPAddress(inside)))
        #expect(!network.contains(try IPAddress(outside)))
        #expect(try IPNetwork(network.description) == network)
    }

    @Test(arguments: [
        ("192.0.2.0/", MalformedAddress.prefixLength), ("192.0.2.0/33", .prefixLength),
        ("192.0.2.0/024", .prefixLength), ("192.0.2.0/+1", .prefixLength),
        ("192.0.2.0/24/1", .prefixLength), ("::/129", .prefixLength), ("::/", .prefixLength),
        ("192.0.2.1/24", .hostBits), ("::1/64", .hostBits), ("/24", .address), ("", .address),
    ])
    func `refuses what is no network`(text: String, error: MalformedAddress) {
        #expect(throws: error) { try IPNetwork(text) }
    }

    @Test func `takes 64 bits of IPv6 for one subscriber`() throws {
        #expect(try IPAddress("192.0.2.7").subscriber.description == "192.0.2.7")
        #expect(
            try IPAddress("2001:db8:1:2:3:4:5:6").subscriber.description == "2001:db8:1:2::/64")
    }

    @Test func `has a code for each error`() {
        let codes: [MalformedAddress] = [.address, .prefixLength, .hostBits]
        #expect(Set(codes.map(\.code)).count == codes.count)
    }
}
