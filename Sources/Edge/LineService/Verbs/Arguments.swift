import Accounts
import Ceremonies
import CredentialStore
import Encoding
import LineProtocol
import WebAuthn

/// Arguments as the values that they stand for.
extension Request {
    /// A positional argument that is a user's name.
    func userName(at index: Int = 0) throws(ArgumentError) -> UserName {
        guard positionals.indices.contains(index), let name = UserName(positionals[index]) else {
            throw .badValue("user")
        }
        return name
    }

    /// The option `kind`, of those that a challenge can be for.
    func challengedMethod() throws(ArgumentError) -> SignInMethod {
        switch try word("kind", as: SignInMethod.self) {
        case .some(let method) where [.webauthn, .piv].contains(method): return method
        case .some(let method) where [.hmac, .ocra].contains(method):
            try refuse(["rp", "uv"])
            return method
        default: throw .badValue("kind")
        }
    }

    /// Refuses options that mean nothing beside the others that were given.
    func refuse(_ keys: [String]) throws(ArgumentError) {
        if let key = keys.first(where: { self[$0] != nil }) { throw .badValue(key) }
    }

    /// The option `rp`.
    func relyingPartyID() throws(ArgumentError) -> RelyingPartyID? {
        guard let text = self["rp"] else { return nil }
        do throws(MalformedWebAuthn) {
            return try RelyingPartyID(text)
        } catch {
            throw .badValue("rp")
        }
    }

    /// An option that is one word of a few.
    func word<Word: RawRepresentable>(
        _ key: String, as type: Word.Type
    ) throws(ArgumentError) -> Word? where Word.RawValue == String {
        guard let text = self[key] else { return nil }
        guard let word = Word(rawValue: text) else { throw .badValue(key) }
        return word
    }

    /// An option that is base64url.
    func bytes(_ key: String) throws(ArgumentError) -> [UInt8] {
        let text = try required(key)
        do throws(MalformedEncoding) {
            return try Base64URL.decode(text)
        } catch {
            throw .badValue(key)
        }
    }

    /// The option `json`: raw JSON, or base64url of it.
    func json() throws(ArgumentError) -> [UInt8] {
        let text = try required("json")
        return text.utf8.first == UInt8(ascii: "{") ? Array(text.utf8) : try bytes("json")
    }

    /// The option `label`: up to 64 bytes.
    func label() throws(ArgumentError) -> String {
        let label = self["label"] ?? ""
        guard label.utf8.count <= 64 else { throw .badValue("label") }
        return label
    }
}

extension Reply {
    /// What the store's error is to the peer of an administrative verb.
    init(_ error: StoreError, _ options: KeyValuePairs<String, String> = [:]) {
        switch error {
        case .userExists, .credentialExists, .challengeSpent, .tooMany, .mfaNotEnforced,
            .userAtRisk, .nameTaken, .namedByPolicy, .alreadyMember, .lastGlobalAdministrator,
            .notLocked, .tooManyLocations:
            self = .refusal(.conflict, options, text: error.advice)
        case .noSuchUser, .noSuchCredential, .noSuchName, .notMember:
            self = .refusal(.no, options, text: error.advice)
        case .locked, .full, .newerSchema, .damaged, .unavailable, .unreadableRow:
            self = .unavailable
        }
    }

    /// The store could not answer; nothing was written. Its error is the operator's to see, not the peer's.
    static let unavailable = Reply.refusal(
        .internalError, ["retry": "1000"], text: "the store is not available")
}
