/// The addresses that begin with the same bits, in the notation of CIDR (RFC 4632).
public struct IPNetwork: Sendable, Hashable, CustomStringConvertible {
    /// The first address.
    public let address: IPAddress
    /// How many leading bits are the network's: 0…32, or 0…128.
    public let prefixLength: Int

    /// The network of `prefixLength` bits that an address is in; longer than the address counts as the address alone.
    public init(containing address: IPAddress, prefixLength: Int) {
        let length = min(max(0, prefixLength), 8 * address.bytes.count)
        let bytes = address.bytes.enumerated().map { place, byte in
            byte & Self.mask(length - 8 * place)
        }
        // Cutting bits off makes no address of another length; `::ffff:0:0/96` was IPv4 before.
        self.address = IPAddress(bytes: bytes) ?? address
        self.prefixLength = length
    }

    /// Reads `192.0.2.0/24`, `2001:db8::/32`, or an address alone. Bits behind the prefix must be zero.
    public init(_ text: String) throws(MalformedAddress) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let address = try IPAddress(String(parts[0]))
        guard parts.count == 2 else {
            self.init(containing: address, prefixLength: 8 * address.bytes.count)
            return
        }
        let digits = parts[1]
        guard
            (1...3).contains(digits.utf8.count),
            digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            digits == "0" || !digits.hasPrefix("0"), let length = Int(digits),
            length <= 8 * address.bytes.count
        else { throw .prefixLength }
        self.init(containing: address, prefixLength: length)
        guard self.address == address else { throw .hostBits }
    }

    /// Whether an address is in the network. One of the other version never is.
    public func contains(_ other: IPAddress) -> Bool {
        guard other.bytes.count == address.bytes.count else { return false }
        return zip(address.bytes, other.bytes).enumerated().allSatisfy { place, pair in
            (pair.0 ^ pair.1) & Self.mask(prefixLength - 8 * place) == 0
        }
    }

    /// The notation of CIDR; without the length for a single address.
    public var description: String {
        prefixLength == 8 * address.bytes.count
            ? address.description : "\(address)/\(prefixLength)"
    }

    /// The byte whose first `bits` bits are set; none below 1, all from 8 on.
    private static func mask(_ bits: Int) -> UInt8 {
        bits <= 0 ? 0 : bits >= 8 ? 0xFF : ~(0xFF >> UInt8(bits))
    }
}
