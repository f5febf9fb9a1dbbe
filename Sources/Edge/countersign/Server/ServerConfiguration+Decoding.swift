import Encoding
import LineService
import StrictYAML
import VerificationCore
import WebAuthn

extension ServerConfiguration {
    /// The longest configuration file that is read.
    private static let byteLimit = 65_536

    /// Reads a configuration file. What it does not know it refuses, with file and line.
    init(yaml: [UInt8], file: String) throws(YAMLError) {
        let root = try YAMLText.parse(
            YAMLText.decode(yaml, file: file, limit: Self.byteLimit), file: file)
        try root.allow(only: [
            "data", "socket", "tcp", "keys", "relying-parties", "policy", "cards", "tokens",
            "app-passwords", "phones", "policies", "logs", "clients",
        ])
        if let value = root["data"] { dataFolder = try value.text() }
        if let value = root["socket"] { socket = try value.text() }
        if let value = root["tcp"] {
            tcp = try value.decoded("host:port", by: HostAndPort.init)
        }
        for element in try root.require("relying-parties").list() {
            let party = try Self.relyingParty(element)
            guard !relyingParties.contains(where: { $0.id == party.id }) else {
                throw .repeatedValue(element.location, field: "id", value: party.id.text)
            }
            relyingParties.append(party)
        }
        if let value = root["policy"] { try decodePolicy(value.mapping()) }
        if let value = root["keys"] { keys = try value.text() }
        if let value = root["policies"] { policies = try value.text() }
        if let value = root["logs"] { logs = try Logs(value.mapping()) }
        if let value = root["cards"] { cards = try Cards(value.mapping()) }
        if let value = root["tokens"] { try decodeTokens(value.mapping()) }
        if let value = root["app-passwords"] { try decodeAppPasswords(value.mapping()) }
        if let value = root["phones"] { phones = try Phones(value.mapping()) }
        if let value = root["clients"] {
            for element in try value.list() {
                let peer = try Self.peer(element)
                guard !peers.contains(where: peer.isTaken) else {
                    throw .repeatedValue(element.location, field: "clients", value: peer.name)
                }
                peers.append(peer)
            }
        }
    }

    private static func relyingParty(_ value: YAMLValue) throws(YAMLError) -> RelyingParty {
        let entry = try value.mapping()
        try entry.allow(only: ["id", "name", "origins", "top-origins"])
        let id = try entry.require("id").decoded("a domain in lower case") { text in
            try? RelyingPartyID(text)
        }
        let plain = relyingParty(id)
        return RelyingParty(
            id: id, name: try entry["name"]?.text() ?? plain.name,
            origins: try entry["origins"].map { (value) throws(YAMLError) in
                try origins(value, within: id)
            } ?? plain.origins,
            topOrigins: try entry["top-origins"].map { (value) throws(YAMLError) in
                try origins(value, within: nil)
            } ?? [])
    }

    private static func origins(
        _ value: YAMLValue, within id: RelyingPartyID?
    ) throws(YAMLError) -> Set<String> {
        let place = id.map { " at or below \($0.text)" } ?? ""
        return try value.set { (element) throws(YAMLError) in
            try element.decoded("an origin such as https://login.example.org\(place), no path") {
                isOrigin($0, within: id) ? $0 : nil
            }
        }
    }

    /// A web origin has a scheme and a host and no path; an application's has the form that its platform gives it.
    ///
    /// A page may use the identifiers of its own host and of the domains above it (WebAuthn Level 3 §5.1.3 step 8).
    private static func isOrigin(_ text: String, within id: RelyingPartyID?) -> Bool {
        if text.hasPrefix("android:apk-key-hash:") || text.hasPrefix("ios:bundle-id:") {
            return true
        }
        guard let scheme = ["https://", "http://"].first(where: text.hasPrefix) else {
            return false
        }
        let parts = text.dropFirst(scheme.count).split(
            separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let host = parts.first, (try? RelyingPartyID(String(host))) != nil else {
            return false
        }
        // Browsers run ceremonies without TLS on this machine only.
        guard scheme == "https://" || host == "localhost" else { return false }
        if let id, host != id.text, !host.hasSuffix("." + id.text) { return false }
        return parts.count == 1 || UInt16(parts[1]).map { String($0) == parts[1] } == true
    }

    private mutating func decodePolicy(_ entry: YAMLMapping) throws(YAMLError) {
        try entry.allow(only: [
            "user-verification", "allow-weaker-user-verification", "attestation",
            "attestation-roots", "challenge-lifetime",
        ])
        if let value = entry["user-verification"] {
            userVerification = try value.word(of: UserVerificationRequirement.self)
        }
        if let value = entry["allow-weaker-user-verification"] {
            allowsWeakerUserVerification = try value.bool()
        }
        if let value = entry["attestation"] {
            attestation = try value.word(of: AttestationVerifier.Policy.self)
        }
        if let value = entry["attestation-roots"] {
            attestationRoots = try value.list().map { (element) throws(YAMLError) in
                try element.text()
            }
        }
        if let value = entry["challenge-lifetime"] {
            challengeLifetime = .seconds(
                try value.decoded("a number of seconds from 10 to 600") { text in
                    Int(text).flatMap { (10...600).contains($0) ? $0 : nil }
                })
        }
    }

    private static func peer(_ value: YAMLValue) throws(YAMLError) -> Peer {
        let entry = try value.mapping()
        try entry.allow(only: ["name", "uid", "secret-sha256", "capabilities"])
        let name = try entry.require("name").decoded("1 to 64 letters, digits, _ and -") { text in
            let isName = text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                    || (0x61...0x7A).contains(byte) || byte == 0x2D || byte == 0x5F
            }
            return isName && (1...64).contains(text.utf8.count) && text != "-" ? text : nil
        }
        let identity: Peer.Identity
        if let secret = entry["secret-sha256"] {
            try entry.allow(only: ["name", "secret-sha256", "capabilities"])
            identity = .secret(
                sha256: try secret.decoded("64 hexadecimal digits") { text in
                    (try? Hex.decode(text)).flatMap { $0.count == 32 ? $0 : nil }
                })
        } else {
            identity = .user(
                try entry.require("uid").decoded("a number", by: { UInt32($0) }))
        }
        let capabilities = try entry.require("capabilities").set {
            (element) throws(YAMLError) in
            let words = Capability.all.map(\.rawValue)
            return try element.decoded("one of: \(words.joined(separator: ", "))") { text in
                words.contains(text) ? Capability(rawValue: text) : nil
            }
        }
        return Peer(name: name, identity: identity, capabilities: capabilities)
    }
}

extension ServerConfiguration.Logs {
    /// Reads the part of the file that is about the logs.
    init(_ entry: YAMLMapping) throws(YAMLError) {
        try entry.allow(only: ["sign-in-days", "audit-head-seconds"])
        if let value = entry["sign-in-days"] {
            retention = .seconds(try value.number(in: 1...3650) * 86_400)
        }
        if let value = entry["audit-head-seconds"] {
            headInterval = .seconds(try value.number(in: 10...86_400))
        }
    }
}
