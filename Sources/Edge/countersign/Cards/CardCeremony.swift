import Authenticators
import Encoding
import LineProtocol
import PIV
import SmartCards
import WebAuthn

/// The client's side of a card's ceremony: between the server, which challenges, and the card, which signs.
struct CardCeremony {
    let connection: ServerConnection

    /// Enrols a card's key. The reply is the server's `+OK`.
    func enroll(
        _ user: String, relyingParty: String?, label: String, with card: SmartCardDevice,
        by way: CardRegistrationRequest.Way, interaction: Interaction
    ) async throws -> Reply {
        let begun = try await connection.demand(
            "ENROLL BEGIN", [user], options: Self.kind(relyingParty), advice: Ceremony.noUser)
        let terms = try Terms(begun, user: user)
        let algorithms = try begun.required("algs").split(separator: ",")
            .compactMap { COSEAlgorithm(name: String($0)) }
        let made = try await card.register(
            CardRegistrationRequest(
                challenge: terms.challenge, relyingPartyID: terms.relyingParty, userName: user,
                way: way, algorithms: algorithms),
            interaction: interaction)
        var options = [
            LineProtocol.Option("sig", Base64URL.encode(made.signature)),
            LineProtocol.Option("alg", made.algorithm.name),
            LineProtocol.Option("slot", made.slot.description),
            LineProtocol.Option(
                "msg",
                Base64URL.encode(
                    try terms.message(.registration, key: made.keyIdentifier))),
            LineProtocol.Option("atr", Base64URL.encode(made.answerToReset)),
            LineProtocol.Option("label", label),
        ]
        switch made.evidence {
        case .attested(let attestation, let intermediate):
            options.append(.init("att", Base64URL.encode(attestation)))
            options.append(.init("chain", Base64URL.encode(intermediate)))
        case .issued(let certificate, let discovery):
            options.append(.init("cert", Base64URL.encode(certificate)))
            if let discovery { options.append(.init("disc", Base64URL.encode(discovery))) }
        }
        if let isDefault = made.isManagementKeyDefault {
            options.append(.init("mgmkey", isDefault ? "default" : "own"))
        }
        return try await connection.demand(
            "ENROLL FINISH", [try begun.required("txn")], options: options)
    }

    /// Signs in. The reply is whatever the server answers.
    func verify(
        _ user: String, relyingParty: String?, with card: SmartCardDevice,
        interaction: Interaction
    ) async throws -> Reply {
        let answer = try await answer(
            user, relyingParty: relyingParty, with: card, interaction: interaction)
        return try await connection.ask("ASSERT", [answer.transaction], options: answer.options)
    }

    /// An answer that has not been sent.
    struct Answer {
        var transaction: String
        var options: [LineProtocol.Option]
    }

    /// Has the server challenge the user and the card answer.
    func answer(
        _ user: String, relyingParty: String?, with card: SmartCardDevice,
        interaction: Interaction
    ) async throws -> Answer {
        let challenge = try await connection.demand(
            "CHALLENGE", [user], options: Self.kind(relyingParty))
        let terms = try Terms(challenge, user: user)
        let keys = try challenge.required("keys").split(separator: ",")
            .map { try Base64URL.decode($0) }
        let signed = try await card.authenticate(
            CardAuthenticationRequest(
                challenge: terms.challenge, relyingPartyID: terms.relyingParty, userName: user,
                allowedKeys: keys, algorithms: [.es256, .es384, .ps256, .rs256]),
            interaction: interaction)
        return Answer(
            transaction: try challenge.required("txn"),
            options: [
                .init("cred", Base64URL.encode(signed.keyIdentifier)),
                .init("sig", Base64URL.encode(signed.signature)),
                .init("alg", signed.algorithm.name),
                .init(
                    "msg",
                    Base64URL.encode(
                        try terms.message(.authentication, key: signed.keyIdentifier))),
            ])
    }

    /// What a challenge is for.
    private struct Terms {
        let challenge: [UInt8]
        let relyingParty: String
        let user: String

        init(_ reply: Reply, user: String) throws {
            challenge = try Base64URL.decode(reply.required("challenge"))
            relyingParty = try reply.required("rp")
            self.user = user
        }

        func message(_ purpose: CardSignedMessage.Purpose, key: [UInt8]) throws -> [UInt8] {
            try CardSignedMessage(
                purpose: purpose, challenge: challenge, relyingPartyID: relyingParty, user: user,
                keyIdentifier: key
            ).encoded()
        }
    }

    private static func kind(_ relyingParty: String?) -> [LineProtocol.Option] {
        [.init("kind", "piv")] + (relyingParty.map { [.init("rp", $0)] } ?? [])
    }
}
