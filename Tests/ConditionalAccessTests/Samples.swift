import Accounts
import Addresses
import ConditionalAccess
import DeviceModels
import Testing
import WebAuthn

/// What the tests of this target start from.
enum Samples {
    static let anvil = "00112233-4455-6677-8899-aabbccddeeff"
    static let stranger = "ffffffff-4455-6677-8899-aabbccddeeff"

    /// A directory and a catalogue.
    static func references() throws -> PolicyReferences {
        try PolicyReferences(
            users: Set(["anna", "bert", "carl", "dora", "root"].map(user)),
            groups: Set(["staff", "admins", "guests", "finance"].map(name)),
            applications: Set(["mail", "vpn", "crm"].map(name)),
            locations: [
                PolicyLocation(
                    name: name("office"),
                    networks: [IPNetwork("192.0.2.0/24"), IPNetwork("2001:db8::/32")],
                    isTrusted: true),
                PolicyLocation(name: name("branch"), networks: [IPNetwork("198.51.100.0/24")]),
                PolicyLocation(
                    name: name("home"), countries: [country("DE"), country("AT")]),
                PolicyLocation(name: name("nowhere"), includesUnknownCountry: true),
                PolicyLocation(
                    name: name("vault"), networks: [IPNetwork("203.0.113.16/28")],
                    isTrusted: true),
            ],
            models: [model("acme-anvil"), model("acme-card")], aaguids: [aaguid(anvil)],
            advisories: [advisory("ACME-2030-01"), advisory("ACME-2030-02")])
    }

    static func user(_ text: String) throws -> UserName { try #require(UserName(text)) }

    static func name(_ text: String) throws -> DirectoryName { try #require(DirectoryName(text)) }

    static func country(_ text: String) throws -> Country { try #require(Country(text)) }

    static func model(_ text: String) throws -> ModelID { try #require(ModelID(text)) }

    static func aaguid(_ text: String) throws -> AAGUID { try #require(AAGUID(text)) }

    static func advisory(_ text: String) throws -> AdvisoryID { try #require(AdvisoryID(text)) }

    static func policy(_ text: String) throws -> PolicyID { try #require(PolicyID(text)) }

    static func strength(_ text: String) throws -> StrengthID { try #require(StrengthID(text)) }

    /// A file of the text.
    static func file(_ text: String, name: String = "access.yaml") -> PolicyFile {
        PolicyFile(name: name, bytes: Array(text.utf8))
    }

    /// The set that one file makes.
    static func set(_ text: String) throws -> PolicySet {
        try PolicySet(files: [file(text)], against: references())
    }

    /// The file of policies that are each written as the inside of a mapping: `p1`, `p2` and so on, for everyone and
    /// everything, and on, where they do not say otherwise. `more` is put behind.
    static func document(_ policies: [String], more: String = "") -> String {
        var lines = ["schema: 1"]
        if !policies.isEmpty { lines.append("policies:") }
        for (place, policy) in policies.enumerated() {
            var parts = ["id: p\(place + 1)"]
            if !policy.contains("state:") { parts.append("state: on") }
            if !policy.contains("users: ") { parts.append("users: all") }
            if !policy.contains("applications: ") { parts.append("applications: all") }
            lines.append("  - {" + (parts + [policy]).joined(separator: ", ") + "}")
        }
        return (lines + [more]).joined(separator: "\n") + "\n"
    }

    /// A factor in a word: `totp`, `webauthn!` (verified its person), `webauthn!^` (and in hardware), `webauthn!@anvil`
    /// (and this device).
    static func factor(_ word: String) throws -> PresentedFactor {
        let parts = word.split(separator: "@", maxSplits: 1)
        let flags = parts[0].drop { $0.isLetter }
        let method = try #require(SignInMethod(rawValue: String(parts[0].prefix { $0.isLetter })))
        return PresentedFactor(
            method, isUserVerified: flags.contains("!"), isHardwareBound: flags.contains("^"),
            device: parts.count == 2 ? try device(String(parts[1])) : nil)
    }

    /// A device by its name here.
    static func device(_ name: String) throws -> DeviceFacts {
        var device = try DeviceFacts(
            aaguid: aaguid(anvil), model: model("acme-anvil"), certification: .level1,
            verification: [.fingerprint, .pin], isAttested: true,
            firmware: FirmwareVersion(5, 7, 0))
        switch name {
        case "anvil": break
        case "claimed": device.isAttested = false
        case "flawed": device.openAdvisories = [try advisory("ACME-2030-01")]
        case "certified": device.certification = .level2
        case "uncertified": device.certification = nil
        case "sensorless": device.verification = [.pin]
        case "stranger": device = DeviceFacts(aaguid: try aaguid(stranger))
        case "card":
            device = DeviceFacts(
                model: try model("acme-card"), verification: [.pin], isAttested: true)
        default: Issue.record("no device \(name)")
        }
        return device
    }

    /// A request in words: the user, then `g=` groups, `r=` roles, `app=`, `ip=`, `cc=`, `client=`, `ua=` (with _ for
    /// a blank), `urisk=`, `srisk=`, `pw`, `changed`, `per-user`, and factors.
    static func request(_ text: String) throws -> AccessRequest {
        let words = text.split(separator: " ").map(String.init)
        let first = try #require(words.first)
        var request = AccessRequest(user: try user(first))
        for word in words.dropFirst() {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            let value = parts.count == 2 ? parts[1] : ""
            let list = value.split(separator: ",").map(String.init)
            switch parts[0] {
            case "g": request.groups = Set(try list.map(name))
            case "r":
                request.roles = Set(
                    try list.map { try #require(AdministratorRole(rawValue: $0)) })
            case "app": request.application = value
            case "ip": request.address = try IPAddress(value)
            case "cc": request.country = try country(value)
            case "client": request.client = try #require(ClientKind(rawValue: value))
            case "ua": request.userAgent = value.replacing("_", with: " ")
            case "urisk": request.userRisk = try #require(RiskLevel(rawValue: value))
            case "srisk": request.signInRisk = try #require(RiskLevel(rawValue: value))
            case "pw": request.hasPassword = true
            case "changed": request.isPasswordChangedSinceRisk = true
            case "per-user": request.needsMultiFactor = true
            default: request.presented.append(try factor(word))
            }
        }
        return request
    }

    /// A decision in words: `granted`, `blocked by p1`, or `missing factor; p1 mfa; p2 any of mfa, strength: x`, then
    /// what applied: `| p1=success`.
    static func words(_ decision: AccessDecision) -> String {
        let applied = decision.applied.map { "\($0.id)=\($0.result.rawValue)" }
        return applied.isEmpty
            ? outcome(decision) : outcome(decision) + " | " + applied.joined(separator: " ")
    }

    private static func outcome(_ decision: AccessDecision) -> String {
        switch decision.outcome {
        case .granted: return "granted"
        case .blocked(let policies):
            return "blocked by " + policies.map(\.text).joined(separator: " ")
        case .unsatisfied(let missing):
            let parts = missing.map { lack in
                let controls = lack.controls.map(\.description).joined(separator: ", ")
                let choice = lack.join == .any && lack.controls.count > 1 ? "any of " : ""
                switch lack.source {
                case .signIn: return controls
                case .userState: return "user \(controls)"
                case .policy(let id): return "\(id) \(choice)\(controls)"
                }
            }
            return "missing " + parts.joined(separator: "; ")
        }
    }
}
