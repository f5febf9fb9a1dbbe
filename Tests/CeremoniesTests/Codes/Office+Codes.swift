import Accounts
import Addresses
import Ceremonies
import CredentialStore
import Foundation
import GRDB
import OATH
import Testing
import WebAuthn

extension Office {
    /// Has a code judged.
    func verify(
        _ code: String, of user: String = "alice", as method: SignInMethod? = nil,
        service: String? = nil, from address: String? = nil, by judge: CodeService? = nil
    ) async throws -> AuthenticationVerdict {
        let request = CodeRequest(
            user: try userName(user), code: code, method: method, service: service,
            address: try address.map { try IPAddress($0) }, client: "front")
        return await withCheckedContinuation { continuation in
            (judge ?? codes).verify(request) { continuation.resume(returning: $0) }
        }
    }

    /// Adds a token as it is, so that its secret is known.
    @discardableResult
    func add(
        _ token: PaperToken, _ mechanism: TokenParameters.Mechanism, for user: String? = "alice",
        counter: UInt64 = 0, device: TokenDevice = TokenDevice(), label: String = "token"
    ) throws -> Token {
        try tokens.add(
            TokenAddition(
                secret: token.secret, parameters: TokenParameters(mechanism, hash: token.hash),
                owner: try user.map(userName), counter: counter, device: device, label: label))
    }

    func addHOTP(
        _ token: PaperToken = .rfc4226, for user: String = "alice", counter: UInt64 = 0
    ) throws -> Token {
        try add(token, .hotp(OATHDigits(token.digits)), for: user, counter: counter)
    }

    func addTOTP(
        _ token: PaperToken = .rfc4226, for user: String = "alice", period: Int = 30
    ) throws -> Token {
        try add(token, .totp(OATHDigits(token.digits), period: period), for: user)
    }

    /// A token as it is in the store now.
    func stored(_ token: Token) throws -> Token { try #require(try store.token(token.id)) }

    /// Changes what is in the database, behind the store's back.
    func tamper(_ sql: String, _ arguments: StatementArguments = []) throws {
        try store.pool.writeWithoutTransaction { try $0.execute(sql: sql, arguments: arguments) }
    }

    /// Guesses until `count` codes of the user were wrong.
    func guess(
        _ count: Int, of user: String = "alice", from address: String? = nil
    ) async throws {
        for number in 0..<count {
            let verdict = try await verify("\(100_000 + number)", of: user, from: address)
            guard case .refused = verdict else {
                Issue.record("guess \(number) got \(verdict)")
                return
            }
        }
    }

    func events(of user: String = "alice") throws -> [SecurityEvent.Kind] {
        try store.events(of: userName(user), limit: 100).map(\.kind)
    }
}

extension AuthenticationVerdict {
    /// A refusal of alice's.
    static func no(_ failure: CodeFailure) -> AuthenticationVerdict {
        .refused("alice", failure.rawValue)
    }

    /// What has to be waited for.
    var wait: Duration? {
        if case .limited(_, let delay) = self { delay } else { nil }
    }

    var signIn: AcceptedSignIn? {
        if case .accepted(let signIn) = self { signIn } else { nil }
    }
}

/// Bytes as an argument of a statement.
func blob(_ bytes: [UInt8]) -> Data { Data(bytes) }

/// Checks that a verdict is a yes, and all that it says.
func expectYes(
    _ verdict: AuthenticationVerdict, of user: String = "alice", with token: Token? = nil,
    label: String, means: AcceptedSignIn.Means, isHardwareBound: Bool = false,
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let signIn = try #require(verdict.signIn, sourceLocation: sourceLocation)
    #expect(signIn.user.text == user, sourceLocation: sourceLocation)
    #expect(signIn.credentialID == token?.id, sourceLocation: sourceLocation)
    #expect(signIn.label == label, sourceLocation: sourceLocation)
    #expect(signIn.means == means, sourceLocation: sourceLocation)
    #expect(!signIn.isUserVerified, sourceLocation: sourceLocation)
    #expect(signIn.isHardwareBound == isHardwareBound, sourceLocation: sourceLocation)
}
