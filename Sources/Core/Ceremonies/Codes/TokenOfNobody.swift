import Accounts
package import CredentialStore
import Cryptography
import OATH
package import Secrets
import Synchronization
import VerificationCore

/// A token that nobody has. It is tried for users who have none, so that they take as long as others.
package final class TokenOfNobody: Sendable {
    private static let period = 30
    private let place = SecretPlace(use: .token, row: SecureRandom.bytes(16), user: [])
    private let secret = SecureRandom.bytes(20)
    private let sealed: Mutex<[UInt8]>
    private let vault: SecretVault

    /// A token whose secret is sealed in a vault, as others' are.
    package init(_ vault: SecretVault) throws(CeremonyError) {
        self.vault = vault
        let (secret, place) = (secret, place)
        sealed = Mutex(
            try opening { () throws(SecretError) in try vault.seal(secret, at: place) })
    }

    /// Does with a code what is done with one of a usual token, and comes to nothing.
    ///
    /// - Returns: whether all of it was done.
    @discardableResult
    package func tryCode(_ code: String, _ policy: CodePolicy, at now: Timestamp) -> Bool {
        guard
            let parameters = try? TokenParameters(.totp(.six, period: Self.period), hash: .sha1),
            let key = key(parameters),
            let window = policy.steps(
                Self.period, drift: 0, around: policy.timeStepWindow, at: now)
        else { return false }
        _ = findMovingFactor(of: code, key, in: window)
        return true
    }

    /// Does the same with an answer to a challenge for a token.
    func tryAnswer(_ answer: AnswerRequest.Answer, to challenge: IssuedChallenge) {
        switch answer {
        case .token(.response(let response)):
            guard
                let parameters = try? TokenParameters(.challengeResponse, hash: .sha1),
                let key = key(parameters)
            else { return }
            _ = isValidResponse(response, to: challenge.bytes, key)
        case .token(.code(let code)):
            guard
                let suite = OCRAQuestion.usualSuite, let parameters = try? TokenParameters(suite),
                let key = key(parameters)
            else { return }
            let question = OCRAInput(question: String(decoding: challenge.detail, as: UTF8.self))
            _ = try? findOCRAMatch(of: code, to: question, key)
        case .assertion, .card: return
        }
    }

    /// The key, opened as others' are. After a rotation it is sealed anew, as others' are too.
    private func key(_ parameters: TokenParameters) -> TokenKey? {
        let sealed = sealed.withLock { $0 }
        if let opened = try? vault.open(sealed, at: place) {
            return try? TokenKey(secret: opened, parameters: parameters)
        }
        if let fresh = try? vault.seal(secret, at: place) { self.sealed.withLock { $0 = fresh } }
        return try? TokenKey(secret: secret, parameters: parameters)
    }
}
