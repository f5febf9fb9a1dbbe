import Yams

/// A value of a document, which knows where it stands and what it is called.
package struct YAMLValue {
    /// The value.
    let node: Node
    /// The file it is in.
    package let file: String
    /// The line of the file that the document starts in.
    let firstLine: Int
    /// The name of the field it is the value of.
    package let field: String

    /// Where it stands.
    package var location: FilePosition {
        FilePosition(file: file, line: firstLine + max((node.mark?.line ?? 1) - 1, 0))
    }

    /// Whether it is a list, also an empty one.
    package var isList: Bool {
        guard case .sequence = node else { return false }
        return true
    }

    /// Whether it is a mapping, also an empty one.
    package var isMapping: Bool {
        guard case .mapping = node else { return false }
        return true
    }

    /// The value as a mapping.
    package func mapping() throws(YAMLError) -> YAMLMapping {
        guard case .mapping(let mapping) = node else {
            throw .wrongType(location, field: field, expected: "a mapping of keys to values")
        }
        var entries: [String: YAMLValue] = [:]
        for (key, value) in mapping {
            guard case .scalar(let name) = key else {
                throw .wrongType(location, field: field, expected: "a mapping whose keys are words")
            }
            let entry = YAMLValue(
                node: value, file: file, firstLine: firstLine, field: name.string)
            // Keys that differ in style only (`a` and `"a"`) are one key as well.
            guard entries.updateValue(entry, forKey: name.string) == nil else {
                throw .duplicateKey(entry.location, key: name.string)
            }
        }
        return YAMLMapping(entries: entries, location: location)
    }

    /// The value as a list, with at least one element.
    package func list() throws(YAMLError) -> [YAMLValue] {
        guard case .sequence(let sequence) = node, !sequence.isEmpty else {
            throw .wrongType(location, field: field, expected: "a list that is not empty")
        }
        return sequence.map {
            YAMLValue(node: $0, file: file, firstLine: firstLine, field: field)
        }
    }

    /// The value as text without control characters or outer blanks, and not empty.
    package func text() throws(YAMLError) -> String {
        guard case .scalar(let scalar) = node else {
            throw .wrongType(location, field: field, expected: "text")
        }
        // A folded block ends with the line break that YAML gives it.
        var text = Substring(scalar.string)
        while text.last == "\n" { text.removeLast() }
        guard let first = text.first, let last = text.last, first != " ", last != " ",
            text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
        else {
            throw .wrongType(location, field: field, expected: "text in one paragraph")
        }
        return String(text)
    }

    /// The value as `true` or `false`, written so.
    package func bool() throws(YAMLError) -> Bool {
        guard case .scalar(let scalar) = node, scalar.style == .plain,
            let value = Bool(scalar.string)
        else { throw .wrongType(location, field: field, expected: "true or false") }
        return value
    }

    /// What `decode` makes of the text; refused with `expected` where it makes nothing.
    package func decoded<Value>(
        _ expected: String, by decode: (String) -> Value?
    ) throws(YAMLError) -> Value {
        let text = try text()
        guard let value = decode(text) else {
            throw .invalidValue(location, field: field, value: text, expected: expected)
        }
        return value
    }

    /// One of the words of `Value`.
    package func word<Value: RawRepresentable & CaseIterable>(
        of type: Value.Type
    ) throws(YAMLError) -> Value where Value.RawValue == String {
        let words = Value.allCases.map(\.rawValue).joined(separator: ", ")
        return try decoded("one of: \(words)") { Value(rawValue: $0) }
    }

    /// The elements of a list, each decoded by `decode` and there once only.
    package func set<Value: Hashable>(
        by decode: (YAMLValue) throws(YAMLError) -> Value
    ) throws(YAMLError) -> Set<Value> {
        var values: Set<Value> = []
        for element in try list() {
            guard values.insert(try decode(element)).inserted else {
                throw .repeatedValue(
                    element.location, field: field, value: (try? element.text()) ?? "an element")
            }
        }
        return values
    }
}

/// The entries of a mapping.
package struct YAMLMapping {
    private let entries: [String: YAMLValue]
    /// Where it starts.
    package let location: FilePosition

    init(entries: [String: YAMLValue], location: FilePosition) {
        self.entries = entries
        self.location = location
    }

    /// The keys, in the order of the alphabet.
    package var keys: [String] { entries.keys.sorted() }

    /// Refuses the first key that is not one of `allowed`.
    package func allow(only allowed: [String]) throws(YAMLError) {
        let strangers = entries.filter { !allowed.contains($0.key) }
        guard let stranger = strangers.min(by: { $0.key < $1.key }) else { return }
        throw .unknownKey(stranger.value.location, key: stranger.key, allowed: allowed)
    }

    /// The value of `key`, if it is there.
    package subscript(key: String) -> YAMLValue? { entries[key] }

    /// The value of `key`, which has to be there.
    package func require(_ key: String) throws(YAMLError) -> YAMLValue {
        guard let value = entries[key] else { throw .missingKey(location, key: key) }
        return value
    }
}
