import Accounts
import Addresses
import Ceremonies
import ConditionalAccess
import CredentialStore
import Testing

extension Office {
    /// Begins a sign-in of `client`.
    func beginSignIn(
        _ user: String = "alice", to service: String? = "vpn", from address: String? = nil,
        password: SignInCircumstances.Password? = nil, kind: ClientKind? = nil,
        client: String = "front"
    ) async throws -> BeginVerdict {
        let request = BeginRequest(
            user: try userName(user), service: service,
            address: try address.map { try IPAddress($0) },
            circumstances: SignInCircumstances(clientKind: kind, password: password),
            client: client)
        return await withCheckedContinuation { continuation in
            access.begin(request) { continuation.resume(returning: $0) }
        }
    }

    /// The state of a sign-in that goes on.
    func state(
        of verdict: BeginVerdict, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> SignInState {
        let begun = try #require(verdict.begun, sourceLocation: sourceLocation)
        return try #require(
            access.open(begun.transaction, client: "front"), sourceLocation: sourceLocation)
    }

    func conclude(_ state: SignInState) async -> AuthenticationVerdict {
        await withCheckedContinuation { continuation in
            access.conclude(state) { continuation.resume(returning: $0) }
        }
    }

    /// Gives a code as the next answer of a sign-in.
    func answer(_ state: SignInState, _ code: String) async -> AuthenticationVerdict {
        let request = CodeRequest(
            user: state.user, code: code, method: nil, service: state.service,
            address: state.address, client: state.client, attempt: .step(state))
        return await withCheckedContinuation { continuation in
            codes.verify(request) { continuation.resume(returning: $0) }
        }
    }

    /// Answers with a key as the next step of a sign-in.
    func answer(
        _ state: SignInState, with key: ScriptedKey, as attempt: SignInAttempt? = nil
    ) async throws -> AuthenticationVerdict {
        let request = ChallengeRequest(
            method: .webauthn, user: state.user, relyingPartyID: nil, userVerification: nil,
            client: state.client, signIn: state)
        let transaction = try await withCheckedContinuation { continuation in
            authentication.begin(request) { continuation.resume(returning: $0) }
        }.get()
        return await finish(
            AnswerRequest(
                transaction: transaction.identifier,
                answer: .assertion(.success(try key.answer(transaction.challenge))),
                client: state.client, service: state.service, address: state.address,
                attempt: attempt ?? .step(state)))
    }

    /// Puts policies in force that refer to nothing of the directory but alice and the application vpn.
    func putInForce(_ yaml: String) throws {
        let references = PolicyReferences(
            users: [try userName("alice"), try userName("bob")],
            groups: [try #require(DirectoryName("staff"))],
            applications: [try #require(DirectoryName("vpn"))])
        book.replace(
            try PolicySet(
                files: [PolicyFile(name: "test.yaml", bytes: Array(yaml.utf8))],
                against: references), clientKinds: [:])
    }
}

extension BeginVerdict {
    var begun: BegunSignIn? {
        if case .begun(let signIn) = self { signIn } else { nil }
    }
}

extension AuthenticationVerdict {
    var unfinished: UnfinishedSignIn? {
        if case .unfinished(let signIn) = self { signIn } else { nil }
    }
}
