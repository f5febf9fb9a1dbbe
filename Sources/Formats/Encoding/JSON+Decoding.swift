extension JSON {
    /// Decodes one value that fills `bytes` to the end, white space aside.
    ///
    /// A byte order mark in front is skipped, as "UTF-8 decode" does (WHATWG Encoding), for that is how WebAuthn
    /// reads client data.
    public static func decode(
        _ bytes: [UInt8], maximumDepth: Int = 16
    ) throws(MalformedEncoding) -> JSON {
        var decoder = Decoder(bytes: bytes)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { decoder.position = 3 }
        decoder.skipWhiteSpace()
        let value = try decoder.decodeValue(depthLeft: maximumDepth)
        decoder.skipWhiteSpace()
        guard decoder.position == bytes.count else {
            throw .trailingBytes(count: bytes.count - decoder.position)
        }
        return value
    }

    private struct Decoder {
        let bytes: [UInt8]
        var position = 0

        mutating func decodeValue(depthLeft: Int) throws(MalformedEncoding) -> JSON {
            switch try peek() {
            case UInt8(ascii: "{"): return try decodeObject(depthLeft: depthLeft)
            case UInt8(ascii: "["): return try decodeArray(depthLeft: depthLeft)
            case UInt8(ascii: "\""): return .string(try decodeString())
            case UInt8(ascii: "t"): return try decodeWord("true", as: .bool(true))
            case UInt8(ascii: "f"): return try decodeWord("false", as: .bool(false))
            case UInt8(ascii: "n"): return try decodeWord("null", as: .null)
            default: return try decodeNumber()
            }
        }

        mutating func skipWhiteSpace() {
            while position < bytes.count {
                switch bytes[position] {
                case 0x20, 0x09, 0x0A, 0x0D: position += 1
                default: return
                }
            }
        }

        private func peek() throws(MalformedEncoding) -> UInt8 {
            guard position < bytes.count else { throw .truncated }
            return bytes[position]
        }

        private mutating func next() throws(MalformedEncoding) -> UInt8 {
            let byte = try peek()
            position += 1
            return byte
        }

        private mutating func expect(_ byte: UInt8) throws(MalformedEncoding) {
            guard try next() == byte else { throw .invalidCharacter(offset: position - 1) }
        }

        private mutating func decodeWord(
            _ word: StaticString, as value: JSON
        ) throws(MalformedEncoding) -> JSON {
            for byte in "\(word)".utf8 { try expect(byte) }
            return value
        }

        private mutating func decodeObject(depthLeft: Int) throws(MalformedEncoding) -> JSON {
            guard depthLeft > 0 else { throw .nestedTooDeeply }
            position += 1
            var members: [String: JSON] = [:]
            skipWhiteSpace()
            if try peek() == UInt8(ascii: "}") {
                position += 1
                return .object(members)
            }
            while true {
                skipWhiteSpace()
                let key = try decodeString()
                skipWhiteSpace()
                try expect(UInt8(ascii: ":"))
                skipWhiteSpace()
                let value = try decodeValue(depthLeft: depthLeft - 1)
                guard members.updateValue(value, forKey: key) == nil else { throw .duplicateKey }
                skipWhiteSpace()
                switch try next() {
                case UInt8(ascii: ","): continue
                case UInt8(ascii: "}"): return .object(members)
                default: throw .invalidCharacter(offset: position - 1)
                }
            }
        }

        private mutating func decodeArray(depthLeft: Int) throws(MalformedEncoding) -> JSON {
            guard depthLeft > 0 else { throw .nestedTooDeeply }
            position += 1
            var items: [JSON] = []
            skipWhiteSpace()
            if try peek() == UInt8(ascii: "]") {
                position += 1
                return .array(items)
            }
            while true {
                skipWhiteSpace()
                items.append(try decodeValue(depthLeft: depthLeft - 1))
                skipWhiteSpace()
                switch try next() {
                case UInt8(ascii: ","): continue
                case UInt8(ascii: "]"): return .array(items)
                default: throw .invalidCharacter(offset: position - 1)
                }
            }
        }

        private mutating func decodeString() throws(MalformedEncoding) -> String {
            try expect(UInt8(ascii: "\""))
            var utf8: [UInt8] = []
            while true {
                let byte = try next()
                switch byte {
                case UInt8(ascii: "\""):
                    guard let text = String(validating: utf8, as: UTF8.self) else {
                        throw .invalidUTF8
                    }
                    return text
                case UInt8(ascii: "\\"): utf8.append(contentsOf: try decodeEscape())
                case 0..<0x20: throw .invalidCharacter(offset: position - 1)
                default: utf8.append(byte)
                }
            }
        }

        private mutating func decodeEscape() throws(MalformedEncoding) -> [UInt8] {
            switch try next() {
            case UInt8(ascii: "\""): return [0x22]
            case UInt8(ascii: "\\"): return [0x5C]
            case UInt8(ascii: "/"): return [0x2F]
            case UInt8(ascii: "b"): return [0x08]
            case UInt8(ascii: "f"): return [0x0C]
            case UInt8(ascii: "n"): return [0x0A]
            case UInt8(ascii: "r"): return [0x0D]
            case UInt8(ascii: "t"): return [0x09]
            case UInt8(ascii: "u"):
                var units = [try decodeCodeUnit()]
                if UTF16.isLeadSurrogate(units[0]) {
                    try expect(UInt8(ascii: "\\"))
                    try expect(UInt8(ascii: "u"))
                    units.append(try decodeCodeUnit())
                }
                guard let text = String(validating: units, as: UTF16.self) else {
                    throw .invalidUTF8
                }
                return Array(text.utf8)
            default: throw .invalidCharacter(offset: position - 1)
            }
        }

        private mutating func decodeCodeUnit() throws(MalformedEncoding) -> UInt16 {
            var unit: UInt16 = 0
            for _ in 0..<4 {
                let digit = Character(UnicodeScalar(try next()))
                guard let value = digit.hexDigitValue, digit.isASCII else {
                    throw .invalidCharacter(offset: position - 1)
                }
                unit = unit << 4 | UInt16(value)
            }
            return unit
        }

        private mutating func decodeNumber() throws(MalformedEncoding) -> JSON {
            let start = position
            if try peek() == UInt8(ascii: "-") { position += 1 }
            if try peek() == UInt8(ascii: "0") { position += 1 } else { try skipDigits() }
            if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
                position += 1
                try skipDigits()
            }
            if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
                position += 1
                if try [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(peek()) { position += 1 }
                try skipDigits()
            }
            return .number(String(decoding: bytes[start..<position], as: UTF8.self))
        }

        private mutating func skipDigits() throws(MalformedEncoding) {
            let start = position
            while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
            guard position > start else {
                _ = try peek()
                throw .invalidCharacter(offset: position)
            }
        }
    }
}
