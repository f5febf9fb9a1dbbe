import Accounts
import AuditLog
import Ceremonies
import CredentialStore
import VerificationCore
import WebAuthn

extension AuditOrigin {
    /// Somebody at a front end of this name.
    static func at(_ client: String) -> AuditOrigin {
        AuditOrigin(who: .client, client: client, from: "")
    }
}

private let start = Timestamp(milliseconds: 1_790_000_000_000)

/// Administrative acts for tests that do not ask by whom and when they come.
extension SQLiteStore {
    func add(_ user: User) throws(StoreError) { try add(user, by: .at("test")) }

    func deleteUser(_ name: UserName) throws(StoreError) {
        try deleteUser(name, unlessNamedBy: { _, _ in nil }, by: .at("test"), at: start)
    }

    func set(_ state: MFAState, of name: UserName) throws(StoreError) {
        try set(state, of: name, by: .at("test"), at: start)
    }

    func set(
        _ risk: RiskLevel, of name: UserName, because reason: String, client: String,
        at now: Timestamp
    ) throws(StoreError) {
        try set(risk, of: name, because: reason, by: .at(client), at: now)
    }

    func resumePushes(
        of name: UserName, client: String, at now: Timestamp
    ) throws(StoreError) {
        try resumePushes(of: name, by: .at(client), at: now)
    }

    func deleteCredential(_ id: CredentialID, of name: UserName) throws(StoreError) {
        try deleteCredential(id, of: name, by: .at("test"), at: start)
    }

    func deleteToken(_ id: CredentialID) throws(StoreError) {
        try deleteToken(id, by: .at("test"), at: start)
    }

    func deleteAppPasswords(
        of name: UserName, number: Int64? = nil
    ) throws(StoreError) -> Int {
        try deleteAppPasswords(of: name, number: number, by: .at("test"), at: start)
    }

    func deleteAccessPass(of name: UserName) throws(StoreError) {
        try deleteAccessPass(of: name, by: .at("test"), at: start)
    }
}

extension RegistrationService {
    func finish(
        transaction: String, response: RegistrationResponse, label: String, client: String
    ) throws(CeremonyError) -> CompletedRegistration {
        try finish(
            transaction: transaction, response: response, label: label, by: .at(client))
    }
}

extension CardRegistrationService {
    func finish(
        transaction: String, response: Result<CardRegistrationResponse, CardFailure>,
        claims: CardClaims, label: String, client: String
    ) throws(CeremonyError) -> CompletedCardRegistration {
        try finish(
            transaction: transaction, response: response, claims: claims, label: label,
            by: .at(client))
    }
}

extension TokenService {
    func finish(
        _ transaction: String, proof: TokenProof, device: TokenDevice, label: String,
        client: String
    ) throws(CeremonyError) -> Token {
        try finish(
            transaction, proof: proof, device: device, label: label, by: .at(client))
    }

    func add(_ addition: TokenAddition) throws(CeremonyError) -> Token {
        try add(addition, by: .at("front"))
    }

    func give(
        _ id: CredentialID, to name: UserName?, label: String?
    ) throws(CeremonyError) -> Token {
        try give(id, to: name, label: label, by: .at("front"))
    }

    func synchronise(
        _ id: CredentialID, of name: UserName, by first: String, _ second: String
    ) throws(CeremonyError) {
        try synchronise(id, of: name, by: first, second, origin: .at("front"))
    }
}

extension SpareCodeService {
    func makeRecoveryCodes(
        for name: UserName, client: String
    ) throws(CeremonyError) -> [String] {
        try makeRecoveryCodes(for: name, by: .at(client))
    }

    func issueAccessPass(
        to name: UserName, by issuer: UserName, lifetime: Duration, delay: Duration = .zero,
        length: Int = AccessPassText.usualLength, isOneTime: Bool, client: String
    ) throws(CeremonyError) -> (text: String, pass: AccessPass) {
        try issueAccessPass(
            to: name, by: issuer, lifetime: lifetime, delay: delay, length: length,
            isOneTime: isOneTime, origin: .at(client))
    }

    func makeAppPassword(
        _ request: AppPasswordRequest
    ) throws(CeremonyError) -> MadeAppPassword {
        try makeAppPassword(request, by: .at("front"))
    }
}

extension PushService {
    func beginEnrolment(
        user name: UserName, client: String
    ) throws(CeremonyError) -> PhoneEnrolment {
        try beginEnrolment(user: name, by: .at(client))
    }
}
