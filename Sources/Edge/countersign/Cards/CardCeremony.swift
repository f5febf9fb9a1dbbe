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
        by way: CardRegistrationRequest.Way, chain: [[UInt8]] = [], interaction: Interaction
    ) async throws -> Reply {
        let begun = try await connection.demand(
            "ENROLL BEGIN", [user], options: Self.kind(relyingParty), advice: Ceremony.noUser)
        let terms = try Terms(begun, user: user, relyingParty: relyingParty)
        try Self.check(way, against: begun)
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
        var certificates = chain
        if let attested = made.evidence.attestation {
            options.append(.init("att", Base64URL.encode(attested.attestation)))
            certificates.append(attested.intermediate)
        }
        if let certificate = made.evidence.certificate {
            options.append(.init("cert", Base64URL.encode(certificate)))
        }
        if let discovery = made.evidence.discovery {
            options.append(.init("disc", Base64URL.encode(discovery)))
        }
        if !certificates.isEmpty {
            let encoded = certificates.map { Base64URL.encode($0) }
            options.append(.init("chain", encoded.joined(separator: ",")))
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
        let terms = try Terms(challenge, user: user, relyingParty: relyingParty)
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

        /// What the server asks for. Where the person said for which relying party, it is that one or nothing: a server
        /// could pass on what another challenged with.
        init(_ reply: Reply, user: String, relyingParty wanted: String?) throws {
            challenge = try Base64URL.decode(reply.required("challenge"))
            relyingParty = try reply.required("rp")
            self.user = user
            guard wanted == nil || wanted == relyingParty else {
                throw CommandFailure(
                    .refused, "the server asks for a signature for \(relyingParty)",
                    advice: "Nothing was signed. Check with which server you speak.")
            }
        }

        func message(_ purpose: CardSignedMessage.Purpose, key: [UInt8]) throws -> [UInt8] {
            try CardSignedMessage(
                purpose: purpose, challenge: challenge, relyingPartyID: relyingParty, user: user,
                keyIdentifier: key
            ).encoded()
        }
    }

    /// Refuses what the server would, before a key is made, or one is destroyed for it.
    private static func check(
        _ way: CardRegistrationRequest.Way, against begun: Reply
    ) throws(CommandFailure) {
        let slot: PIVSlot
        switch way {
        case .existing(let existing): slot = existing
        case .generate(let new, _, let pinPolicy, _, _, _):
            slot = new
            if begun["uv"] == "required", pinPolicy.resolved(in: new) == .never {
                throw CommandFailure(
                    .refused, "the server takes no key that works without the PIN",
                    advice: "Give another --pin-policy. Nothing was changed.")
            }
        }
        let slots = begun["slots"]?.split(separator: ",").map(String.init) ?? []
        guard slots.contains(slot.description) else {
            throw CommandFailure(
                .refused, "the server takes no key in slot \(slot)",
                advice: "It takes \(slots.joined(separator: ", ")). Nothing was changed.")
        }
    }

    private static func kind(_ relyingParty: String?) -> [LineProtocol.Option] {
        [.init("kind", "piv")] + (relyingParty.map { [.init("rp", $0)] } ?? [])
    }
}
