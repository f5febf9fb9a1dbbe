extension CBOR {
    /// In which order a map's keys must stand.
    public enum KeyOrder: Sendable {
        /// The one of CTAP 2.1 §8.
        case canonical
        /// Any; a key that occurs twice is refused nonetheless.
        case any
    }

    /// Decodes one item in CTAP2 canonical form that fills `bytes` to the end (CTAP 2.1 §8).
    ///
    /// - Parameters:
    ///   - maximumDepth: how deeply maps and arrays may nest; CTAP messages use at most four levels.
    ///   - outermostKeys: the order of keys where the item is a map; within it all is canonical.
    public static func decode(
        _ bytes: some Sequence<UInt8>, maximumDepth: Int = 4, outermostKeys: KeyOrder = .canonical
    ) throws(MalformedEncoding) -> CBOR {
        let bytes = Array(bytes)
        var decoder = Decoder(bytes: bytes, maximumDepth: maximumDepth)
        decoder.outermostKeys = outermostKeys
        let value = try decoder.decodeItem(depthLeft: maximumDepth)
        let length = decoder.position
        guard length == bytes.count else {
            throw .trailingBytes(count: bytes.count - length)
        }
        return value
    }

    /// Decodes the item that `bytes` begins with, and says how many bytes it took.
    public static func decodePrefix(
        _ bytes: some Sequence<UInt8>, maximumDepth: Int = 4
    ) throws(MalformedEncoding) -> (value: CBOR, length: Int) {
        var decoder = Decoder(bytes: Array(bytes), maximumDepth: maximumDepth)
        let value = try decoder.decodeItem(depthLeft: maximumDepth)
        return (value, decoder.position)
    }

    private struct Decoder {
        let bytes: [UInt8]
        let maximumDepth: Int
        var outermostKeys = KeyOrder.canonical
        var position = 0

        mutating func decodeItem(depthLeft: Int) throws(MalformedEncoding) -> CBOR {
            let initialByte = try readByte()
            guard let type = MajorType(rawValue: initialByte >> 5) else {
                throw .unsupportedItem(initialByte: initialByte)
            }
            if type == .simple { return try decodeSimple(initialByte) }
            let argument = try decodeArgument(initialByte)
            switch type {
            case .unsigned: return .unsigned(argument)
            case .negative: return .negative(argument)
            case .bytes: return .bytes(try readBytes(argument))
            case .text:
                let utf8 = try readBytes(argument)
                guard let text = String(validating: utf8, as: UTF8.self) else { throw .invalidUTF8 }
                return .text(text)
            case .array: return try decodeArray(count: argument, depthLeft: depthLeft)
            case .map: return try decodeMap(count: argument, depthLeft: depthLeft)
            case .tag, .simple: throw .unsupportedItem(initialByte: initialByte)
            }
        }

        private mutating func decodeArray(
            count: UInt64, depthLeft: Int
        ) throws(MalformedEncoding) -> CBOR {
            guard depthLeft > 0 else { throw .nestedTooDeeply }
            // Each item takes a byte at least, so no count beyond what is left can be honest.
            guard count <= UInt64(bytes.count - position) else { throw .truncated }
            var items: [CBOR] = []
            for _ in 0..<count { items.append(try decodeItem(depthLeft: depthLeft - 1)) }
            return .array(items)
        }

        private mutating func decodeMap(
            count: UInt64, depthLeft: Int
        ) throws(MalformedEncoding) -> CBOR {
            guard depthLeft > 0 else { throw .nestedTooDeeply }
            guard count <= UInt64(bytes.count - position) / 2 else { throw .truncated }
            let order = depthLeft == maximumDepth ? outermostKeys : .canonical
            var entries: [CBOR: CBOR] = [:]
            var previousKey: ArraySlice<UInt8>?
            for _ in 0..<count {
                let start = position
                let key = try decodeItem(depthLeft: depthLeft - 1)
                let encodedKey = bytes[start..<position]
                if order == .canonical, let previousKey,
                    !CBOR.precedes(previousKey, encodedKey)
                {
                    throw previousKey == encodedKey ? .duplicateKey : .unsortedKeys
                }
                previousKey = encodedKey
                let value = try decodeItem(depthLeft: depthLeft - 1)
                // Keys that differ in bytes can still be one text to Unicode.
                guard entries.updateValue(value, forKey: key) == nil else { throw .duplicateKey }
            }
            return .map(entries)
        }

        private mutating func decodeSimple(_ initialByte: UInt8) throws(MalformedEncoding) -> CBOR {
            switch initialByte {
            case 0xF4: return .bool(false)
            case 0xF5: return .bool(true)
            case 0xF6: return .null
            case 0xFA: return .float(bitPattern: UInt32(try readInteger(byteCount: 4)))
            case 0xFB: return .double(bitPattern: try readInteger(byteCount: 8))
            default: throw .unsupportedItem(initialByte: initialByte)
            }
        }

        private mutating func decodeArgument(
            _ initialByte: UInt8
        ) throws(MalformedEncoding) -> UInt64 {
            let additional = initialByte & 0x1F
            guard additional >= 24 else { return UInt64(additional) }
            guard additional <= 27 else { throw .unsupportedItem(initialByte: initialByte) }
            let byteCount = 1 << Int(additional - 24)
            let argument = try readInteger(byteCount: byteCount)
            let least: UInt64 = byteCount == 1 ? 24 : 1 << (byteCount * 4)
            guard argument >= least else { throw .nonCanonicalInteger }
            return argument
        }

        private mutating func readByte() throws(MalformedEncoding) -> UInt8 {
            guard position < bytes.count else { throw .truncated }
            defer { position += 1 }
            return bytes[position]
        }

        private mutating func readBytes(_ count: UInt64) throws(MalformedEncoding) -> [UInt8] {
            guard count <= UInt64(bytes.count - position) else { throw .truncated }
            let end = position + Int(count)
            defer { position = end }
            return Array(bytes[position..<end])
        }

        private mutating func readInteger(byteCount: Int) throws(MalformedEncoding) -> UInt64 {
            let bytes = try readBytes(UInt64(byteCount))
            return bytes.reduce(0) { $0 << 8 | UInt64($1) }
        }
    }
}
