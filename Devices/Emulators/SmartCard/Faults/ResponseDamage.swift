extension CardFaultPlan.Fault {
    /// A response APDU as it leaves the card with this fault.
    func damaged(_ response: [UInt8]) -> [UInt8] {
        switch self {
        case .truncated(let count): Array(response.prefix(max(count, 0)))
        case .extended(let count): response + [UInt8](repeating: 0, count: max(count, 0))
        case .lyingLength: Self.lengthRaised(response)
        case .bitFlip(let number): Self.flipped(response, number)
        default: response
        }
    }

    private static func flipped(_ response: [UInt8], _ number: Int) -> [UInt8] {
        guard !response.isEmpty else { return response }
        let bit = Int(number.magnitude % UInt(response.count * 8))
        var copy = response
        copy[bit / 8] ^= 0x80 >> (bit % 8)
        return copy
    }

    /// Adds one to the last byte of the first data object's length (ISO 7816-4 §5.2.2).
    private static func lengthRaised(_ response: [UInt8]) -> [UInt8] {
        guard response.count > 2, let tag = response.first else { return response }
        var index = 1
        if tag & 0x1F == 0x1F {
            while index < response.count, response[index] & 0x80 != 0 { index += 1 }
            index += 1
        }
        guard index < response.count else { return response }
        if response[index] & 0x80 != 0 { index += Int(response[index] & 0x7F) }
        guard index < response.count - 2 else { return response }
        var copy = response
        copy[index] &+= 1
        return copy
    }
}
