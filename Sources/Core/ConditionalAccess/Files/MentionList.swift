import Accounts
import DeviceModels
import StrictYAML
import WebAuthn

/// Reads names of what is defined elsewhere, and keeps where they stand.
struct MentionList {
    /// By what they are named.
    let by: String
    /// What was named.
    private(set) var mentions: [PolicyMention] = []

    init(by: String) { self.by = by }

    /// Users.
    mutating func users(_ value: YAMLValue) throws(YAMLError) -> Set<UserName> {
        try names(value, .user, "a user's name of 1 to 128 bytes") { UserName($0) }
    }

    /// Groups, applications or locations.
    mutating func names(
        _ value: YAMLValue, _ kind: PolicyReferenceKind
    ) throws(YAMLError) -> Set<DirectoryName> {
        try names(value, kind, "a name of 1 to 64 of A-Z a-z 0-9 - _ . @ / :") { DirectoryName($0) }
    }

    /// Models.
    mutating func models(_ value: YAMLValue) throws(YAMLError) -> Set<ModelID> {
        try names(value, .model, "a model: 3 to 64 of a-z and 0-9, with single hyphens between") {
            ModelID($0)
        }
    }

    /// AAGUIDs.
    mutating func aaguids(_ value: YAMLValue) throws(YAMLError) -> Set<AAGUID> {
        try names(value, .aaguid, "an AAGUID that is not zero, in lower case: 8-4-4-4-12 digits") {
            AAGUID($0).flatMap { $0 == .zero ? nil : $0 }
        }
    }

    /// Advisories.
    mutating func advisories(_ value: YAMLValue) throws(YAMLError) -> Set<AdvisoryID> {
        try names(value, .advisory, "an advisory, as YSA-2024-03") { AdvisoryID($0) }
    }

    /// A strength.
    mutating func strength(_ value: YAMLValue) throws(YAMLError) -> StrengthID {
        try name(value, .strength, "the name of a strength: 1 to 64 of a-z, 0-9 and -") {
            StrengthID($0)
        }
    }

    private mutating func names<Name: Hashable>(
        _ value: YAMLValue, _ kind: PolicyReferenceKind, _ expected: String,
        _ decode: (String) -> Name?
    ) throws(YAMLError) -> Set<Name> {
        try value.set { (element) throws(YAMLError) in
            try name(element, kind, expected, decode)
        }
    }

    private mutating func name<Name>(
        _ value: YAMLValue, _ kind: PolicyReferenceKind, _ expected: String,
        _ decode: (String) -> Name?
    ) throws(YAMLError) -> Name {
        let name = try value.decoded(expected, by: decode)
        mentions.append(
            PolicyMention(kind: kind, name: try value.text(), by: by, position: value.location))
        return name
    }
}
