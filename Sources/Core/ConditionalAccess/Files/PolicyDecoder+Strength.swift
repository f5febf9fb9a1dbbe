import Accounts
import DeviceModels
import StrictYAML

extension PolicyDecoder {
    /// The strength that a value is; nothing where it is refused.
    mutating func strength(_ value: YAMLValue) -> AuthenticationStrength? {
        let before = problems.count
        guard let entry = attempt("", { _ throws(YAMLError) in try value.mapping() }) else {
            return nil
        }
        check { () throws(YAMLError) in
            try entry.allow(only: ["id", "title", "combinations", "key"])
        }
        let id = attempt("") { _ throws(YAMLError) in
            try entry.require("id").decoded("1 to 64 of a-z, 0-9 and -") { StrengthID($0) }
        }
        let title = attempt("") { _ throws(YAMLError) in
            try entry["title"].map { (title) throws(YAMLError) in
                try title.decoded("a title of 1 to 200 bytes") { $0.utf8.count <= 200 ? $0 : nil }
            }
        }
        let combinations = attempt("") { _ throws(YAMLError) in
            try Self.combinations(entry.require("combinations"))
        }
        let key = attempt(id?.text ?? "") { mentions throws(YAMLError) in
            try entry["key"].map { (key) throws(YAMLError) in
                try KeyConstraints(key, &mentions)
            }
        }
        guard problems.count == before, let id, let title, let combinations, let key else {
            return nil
        }
        return AuthenticationStrength(
            id: id, title: title, combinations: combinations, key: key ?? KeyConstraints(),
            position: value.location)
    }

    private static func combinations(_ value: YAMLValue) throws(YAMLError) -> [Set<SignInMethod>] {
        let words = FactorRules.possessions.union([.tap, .password]).map(\.rawValue).sorted()
        var combinations: [Set<SignInMethod>] = []
        for element in try value.list() {
            let combination = try element.set { (method) throws(YAMLError) in
                try method.decoded("one of: \(words.joined(separator: ", "))") { text in
                    words.contains(text) ? SignInMethod(rawValue: text) : nil
                }
            }
            guard !combinations.contains(combination) else {
                throw .repeatedValue(
                    element.location, field: value.field,
                    value: combination.map(\.rawValue).sorted().joined(separator: ", "))
            }
            combinations.append(combination)
        }
        return combinations
    }
}

extension KeyConstraints {
    private static let keys = [
        "aaguids", "models", "attestation", "user-verification", "certification",
        "without-advisories", "hardware",
    ]

    private enum Required: String, CaseIterable {
        case required
    }

    private enum Biometric: String, CaseIterable {
        case biometric
    }

    /// Reads the mapping `key` of a strength.
    fileprivate init(_ value: YAMLValue, _ mentions: inout MentionList) throws(YAMLError) {
        self.init()
        let entry = try value.mapping()
        try entry.allow(only: Self.keys)
        if let value = entry["aaguids"] { aaguids = try mentions.aaguids(value) }
        if let value = entry["models"] { models = try mentions.models(value) }
        if let value = entry["attestation"] {
            isAttestationRequired = try value.word(of: Required.self) == .required
        }
        if let value = entry["user-verification"] {
            isBiometricRequired = try value.word(of: Biometric.self) == .biometric
        }
        if let value = entry["certification"] {
            certification = try value.word(of: CertificationLevel.self)
        }
        if let value = entry["without-advisories"] {
            withoutAdvisories =
                value.isWord("any") ? .any : .these(try mentions.advisories(value))
        }
        if let value = entry["hardware"] {
            isHardwareRequired = try value.word(of: Required.self) == .required
        }
        guard !isEmpty else { throw .missingKey(value.location, key: "attestation") }
    }
}
