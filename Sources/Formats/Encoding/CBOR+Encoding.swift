extension CBOR {
    /// The CTAP2 canonical encoding (CTAP 2.1 §8): shortest lengths, map keys in order.
    public func encoded() -> [UInt8] {
        var writer = ByteWriter()
        write(to: &writer)
        return writer.bytes
    }

    private func write(to writer: inout ByteWriter) {
        switch self {
        case .unsigned(let value):
            Self.writeHead(.unsigned, value, to: &writer)
        case .negative(let value):
            Self.writeHead(.negative, value, to: &writer)
        case .bytes(let value):
            Self.writeHead(.bytes, UInt64(value.count), to: &writer)
            writer.append(value)
        case .text(let value):
            Self.writeHead(.text, UInt64(value.utf8.count), to: &writer)
            writer.append(value.utf8)
        case .array(let items):
            Self.writeHead(.array, UInt64(items.count), to: &writer)
            for item in items { item.write(to: &writer) }
        case .map(let entries):
            Self.writeHead(.map, UInt64(entries.count), to: &writer)
            let sorted = entries.map { (key: $0.key.encoded(), value: $0.value) }
                .sorted { Self.precedes($0.key[...], $1.key[...]) }
            for (key, value) in sorted {
                writer.append(key)
                value.write(to: &writer)
            }
        case .bool(let value):
            writer.append(value ? 0xF5 : 0xF4 as UInt8)
        case .null:
            writer.append(0xF6 as UInt8)
        case .float(let bitPattern):
            writer.append(0xFA as UInt8)
            writer.append(bitPattern)
        case .double(let bitPattern):
            writer.append(0xFB as UInt8)
            writer.append(bitPattern)
        }
    }

    private static func writeHead(
        _ type: MajorType, _ argument: UInt64, to writer: inout ByteWriter
    ) {
        let high = type.rawValue << 5
        if argument < 24 {
            writer.append(high | UInt8(argument))
        } else if let short = UInt8(exactly: argument) {
            writer.append(high | 24)
            writer.append(short)
        } else if let short = UInt16(exactly: argument) {
            writer.append(high | 25)
            writer.append(short)
        } else if let short = UInt32(exactly: argument) {
            writer.append(high | 26)
            writer.append(short)
        } else {
            writer.append(high | 27)
            writer.append(argument)
        }
    }

    /// Whether an encoded key comes before another: the lower major type first, then the shorter, then the
    /// lower in byte order (CTAP 2.1 §8).
    static func precedes(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Bool {
        guard let leftHead = left.first, let rightHead = right.first else {
            return left.count < right.count
        }
        if leftHead >> 5 != rightHead >> 5 { return leftHead >> 5 < rightHead >> 5 }
        if left.count != right.count { return left.count < right.count }
        return left.lexicographicallyPrecedes(right)
    }

    /// The high three bits of a data item's first byte (RFC 8949 §3.1).
    enum MajorType: UInt8 {
        case unsigned, negative, bytes, text, array, map, tag, simple
    }
}
