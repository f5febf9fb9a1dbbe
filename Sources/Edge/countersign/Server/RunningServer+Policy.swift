import Ceremonies
import Cryptography
import Foundation
import VerificationCore

extension RunningServer {
    static func policy(
        of configuration: ServerConfiguration
    ) throws(CommandFailure) -> ServerPolicy {
        guard !configuration.relyingParties.isEmpty else {
            throw CommandFailure(
                .configuration, "no relying party is configured",
                advice:
                    "Name the domain that credentials are for with --rp, such as --rp localhost.")
        }
        var policy = ServerPolicy(relyingParties: configuration.relyingParties)
        policy.userVerification = configuration.userVerification
        policy.allowsWeakerUserVerification = configuration.allowsWeakerUserVerification
        policy.attestation = configuration.attestation
        policy.challengeLifetime = configuration.challengeLifetime
        policy.codes = configuration.codes
        guard configuration.attestation == .any || !configuration.attestationRoots.isEmpty else {
            throw CommandFailure(
                .configuration, "attestation is to be trusted and no root is given",
                advice: "List certificates under attestation-roots, or accept any attestation.")
        }
        policy.attestationAnchors = try certificates(configuration.attestationRoots)
        return policy
    }

    static func cardPolicy(
        of configuration: ServerConfiguration
    ) throws(CommandFailure) -> CardPolicy {
        let cards = configuration.cards
        guard cards.issuers.isEmpty || cards.subject != nil else {
            throw CommandFailure(
                .configuration, "no rule says which user a card's certificate is about",
                advice: "Add user-from under cards, such as user-from: upn.")
        }
        var policy = CardPolicy()
        policy.attestation = cards.attestation
        policy.attestationAnchors = try certificates(cards.attestationRoots)
        policy.issuers = try certificates(cards.issuers)
        policy.subject = cards.subject
        policy.slots = cards.slots
        policy.allowsDefaultManagementKey = cards.allowsDefaultManagementKey
        return policy
    }

    /// The revocation lists, where certificates of cards are accepted and checked against any.
    static func revocationFiles(
        of configuration: ServerConfiguration
    ) throws(CommandFailure) -> RevocationFiles? {
        let cards = configuration.cards
        guard !cards.issuers.isEmpty, cards.isRevocationChecked else { return nil }
        guard !cards.revocationLists.isEmpty else {
            throw CommandFailure(
                .configuration, "certificates of cards are to be checked and no list is given",
                advice: "List files under revocation-lists, or say revocation: off.")
        }
        return try RevocationFiles(paths: cards.revocationLists)
    }

    private static func certificates(_ paths: [String]) throws(CommandFailure) -> [Certificate] {
        var certificates: [Certificate] = []
        for path in paths {
            guard let data = FileManager.default.contents(atPath: path) else {
                throw CommandFailure(.configuration, "the certificate \(path) cannot be read")
            }
            do throws(CryptographyError) {
                certificates += try Certificate.decodeAll(Array(data))
            } catch {
                throw CommandFailure(
                    .configuration, "\(path) is not a certificate in DER or PEM")
            }
        }
        return certificates
    }
}
