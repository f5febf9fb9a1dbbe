import Encoding

/// Reads the parameters of a request or response out of a CBOR map, and says by name what is wrong with them.
///
/// Keys that nobody asks for are skipped: later versions of CTAP add some.
struct Parameters {
    let entries: [CBOR: CBOR]
    private let path: String

    /// Decodes the map that follows a command or status byte. No bytes at all are an empty map.
    init(decoding bytes: some Sequence<UInt8>) throws(MalformedMessage) {
        let bytes = Array(bytes)
        let value: CBOR
        do throws(MalformedEncoding) {
            value = bytes.isEmpty ? [:] : try CBOR.decode(bytes)
        } catch {
            throw .encoding(error)
        }
        try self.init(value, path: "")
    }

    init(_ value: CBOR, path: String) throws(MalformedMessage) {
        guard let entries = value.mapValue else { throw .unexpectedType(parameter: path) }
        self.entries = entries
        self.path = path
    }

    /// The parameter, `nil` where it is absent.
    func optional<Value>(
        _ key: CBOR, _ value: (CBOR) -> Value?
    ) throws(MalformedMessage) -> Value? {
        guard let item = entries[key] else { return nil }
        guard let value = value(item) else { throw .unexpectedType(parameter: name(of: key)) }
        return value
    }

    /// The parameter, which must be there.
    func required<Value>(
        _ key: CBOR, _ value: (CBOR) -> Value?
    ) throws(MalformedMessage) -> Value {
        guard let value = try optional(key, value) else {
            throw .missingParameter(name(of: key))
        }
        return value
    }

    /// A byte string of exactly `length` bytes.
    func required(_ key: CBOR, length: Int) throws(MalformedMessage) -> [UInt8] {
        let bytes = try required(key, \.bytesValue)
        guard bytes.count == length else { throw .invalidParameter(name(of: key)) }
        return bytes
    }

    /// A nested map.
    func nested(_ key: CBOR) throws(MalformedMessage) -> Parameters? {
        guard let item = entries[key] else { return nil }
        return try Parameters(item, path: name(of: key))
    }

    /// A nested map, which must be there.
    func requiredNested(_ key: CBOR) throws(MalformedMessage) -> Parameters {
        guard let item = try nested(key) else { throw .missingParameter(name(of: key)) }
        return item
    }

    /// An array of maps.
    func nestedArray(_ key: CBOR) throws(MalformedMessage) -> [Parameters]? {
        guard let items = try optional(key, \.arrayValue) else { return nil }
        var nested: [Parameters] = []
        for item in items { nested.append(try Parameters(item, path: name(of: key))) }
        return nested
    }

    /// The name by which an error calls the parameter `key`.
    func name(of key: CBOR) -> String {
        let own = key.textValue ?? key.intValue.map(String.init) ?? "?"
        return path.isEmpty ? own : "\(path).\(own)"
    }
}

extension CBOR {
    /// The map of those entries that have a value.
    static func map(present entries: KeyValuePairs<CBOR, CBOR?>) -> CBOR {
        var map: [CBOR: CBOR] = [:]
        for (key, value) in entries { map[key] = value }
        return .map(map)
    }

    /// The integer, where it is one and fits a byte.
    var byteValue: UInt8? { unsignedValue.flatMap(UInt8.init(exactly:)) }

    /// The text strings of an array, where all its items are some.
    var textArrayValue: [String]? {
        guard let items = arrayValue else { return nil }
        let texts = items.compactMap(\.textValue)
        return texts.count == items.count ? texts : nil
    }

    /// The integers of an array, where all its items are some.
    var intArrayValue: [Int]? {
        guard let items = arrayValue else { return nil }
        let integers = items.compactMap(\.intValue)
        return integers.count == items.count ? integers : nil
    }

    /// The options of a map from names to truth values, where it is one.
    var optionsValue: [String: Bool]? {
        guard let entries = mapValue else { return nil }
        var options: [String: Bool] = [:]
        for (key, value) in entries {
            guard let name = key.textValue, let isSet = value.boolValue else { return nil }
            options[name] = isSet
        }
        return options
    }
}
