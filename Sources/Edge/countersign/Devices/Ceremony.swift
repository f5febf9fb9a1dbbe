import Authenticators
import Cryptography
import Encoding
import LineProtocol
import SecurityKeys
import WebAuthn

/// The client's side of a ceremony: between the server, which challenges, and the security key, which answers.
struct Ceremony {
    let connection: ServerConnection
    /// Where the ceremony is said to run; the relying party's own origin if `nil`.
    var origin: String?
    /// Set for a person who is not to be verified, which a server that demands it will notice.
    var skipsUserVerification = false

    init(connection: ServerConnection, origin: String?) {
        self.connection = connection
        self.origin = origin
    }

    /// Enrols a key. The reply is the server's `+OK`.
    func enroll(
        _ user: String, relyingParty: String?, label: String, with key: SecurityKeyDevice,
        interaction: Interaction
    ) async throws -> Reply {
        let begun = try await connection.demand(
            "ENROLL BEGIN", [user], options: Self.kind(relyingParty), advice: Self.noUser)
        let options = try CreationOptions(decoding: Base64URL.decode(begun.required("options")))
        let clientData = ClientData(
            type: .create, challenge: options.challenge,
            origin: origin ?? "https://\(options.relyingPartyID.text)"
        ).encoded()
        let created = try await key.register(
            CredentialCreationRequest(options, clientDataHash: SHA256.hash(clientData)),
            interaction: interaction)
        let response = RegistrationResponse(
            credentialID: created.credentialID, clientDataJSON: clientData,
            attestationObject: created.attestationObject, transports: created.transports)
        return try await connection.demand(
            "ENROLL FINISH", [begun.required("txn")],
            ["json": Base64URL.encode(response.encoded().utf8), "label": label])
    }

    static let noUser = "Add the user with --add-user if the name is right."

    /// Signs in. The reply is whatever the server answers.
    func verify(
        _ user: String, relyingParty: String?, with key: SecurityKeyDevice,
        interaction: Interaction
    ) async throws -> Reply {
        let answer = try await answer(
            user, relyingParty: relyingParty, with: key, interaction: interaction)
        return try await connection.ask("ASSERT", [answer.transaction], answer.options)
    }

    /// An answer that has not been sent.
    struct Answer {
        var transaction: String
        var response: AuthenticationResponse

        var options: KeyValuePairs<String, String> {
            [
                "cred": response.credentialID.text,
                "cdj": Base64URL.encode(response.clientDataJSON),
                "ad": Base64URL.encode(response.authenticatorData),
                "sig": Base64URL.encode(response.signature),
                "uh": response.userHandle?.text ?? "",
            ]
        }
    }

    /// Has the server challenge the user and the key answer.
    func answer(
        _ user: String, relyingParty: String?, with key: SecurityKeyDevice,
        interaction: Interaction
    ) async throws -> Answer {
        let challenge = try await connection.demand(
            "CHALLENGE", [user], options: Self.kind(relyingParty))
        let relyingPartyID = try RelyingPartyID(challenge.required("rp"))
        guard relyingParty == nil || relyingParty == relyingPartyID.text else {
            throw CommandFailure(
                .refused, "the server asks for an assertion for \(relyingPartyID.text)",
                advice: "Nothing was signed. Check with which server you speak.")
        }
        let allowed = try challenge.required("allow").split(separator: ",")
            .map { try CredentialID(text: $0) }
        let wanted =
            skipsUserVerification
            ? .discouraged
            : UserVerificationRequirement(rawValue: try challenge.required("uv")) ?? .required
        let clientData = ClientData(
            type: .get, challenge: try Base64URL.decode(challenge.required("challenge")),
            origin: origin ?? "https://\(relyingPartyID.text)"
        ).encoded()
        let assertions = try await key.authenticate(
            AssertionRequest(
                clientDataHash: SHA256.hash(clientData), relyingPartyID: relyingPartyID,
                allowedCredentials: allowed, userVerification: wanted),
            interaction: interaction)
        guard let assertion = assertions.first else { throw AuthenticatorFailure.noCredentials }
        return Answer(
            transaction: try challenge.required("txn"),
            response: AuthenticationResponse(
                credentialID: assertion.credentialID, clientDataJSON: clientData,
                authenticatorData: assertion.authenticatorData, signature: assertion.signature,
                userHandle: assertion.userHandle))
    }

    private static func kind(_ relyingParty: String?) -> [LineProtocol.Option] {
        [.init("kind", "webauthn")] + (relyingParty.map { [.init("rp", $0)] } ?? [])
    }
}
