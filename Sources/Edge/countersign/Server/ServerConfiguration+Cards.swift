import PIV
import StrictYAML
import VerificationCore
import WebAuthn

extension ServerConfiguration.Cards {
    /// Reads the part of the file that is about cards.
    init(_ entry: YAMLMapping) throws(YAMLError) {
        try entry.allow(only: Self.keys)
        if let value = entry["attestation"] {
            attestation = try value.word(of: AttestationVerifier.Policy.self)
        }
        attestationRoots = try Self.files(entry["attestation-roots"])
        issuers = try Self.files(entry["issuers"])
        if let value = entry["revocation"] {
            isRevocationChecked = try value.word(of: Revocation.self) == .required
        }
        revocationLists = try Self.files(entry["revocation-lists"])
        if let value = entry["user-from"] {
            subject = SubjectRule(
                source: try value.word(of: SubjectRule.Source.self),
                domain: try entry["user-domain"].map { (value) throws(YAMLError) in
                    try value.decoded("a domain in lower case") { text in
                        (try? RelyingPartyID(text))?.text
                    }
                })
        } else {
            // A domain of nothing.
            try entry.allow(only: Self.keys.filter { $0 != "user-domain" })
        }
        if let value = entry["slots"] {
            slots = try value.set { (element) throws(YAMLError) in
                try element.decoded("a slot: 9a, 9c, 9d, 9e or 82 to 95") { text in
                    PIVSlot(text).flatMap { $0 == .attestation ? nil : $0 }
                }
            }
        }
        if let value = entry["allow-default-management-key"] {
            allowsDefaultManagementKey = try value.bool()
        }
    }

    private static let keys = [
        "attestation", "attestation-roots", "issuers", "revocation", "revocation-lists",
        "user-from", "user-domain", "slots", "allow-default-management-key",
    ]

    private enum Revocation: String, CaseIterable {
        case required
        case off
    }

    private static func files(_ value: YAMLValue?) throws(YAMLError) -> [String] {
        guard let value else { return [] }
        return try value.list().map { (element) throws(YAMLError) in try element.text() }
    }
}
