import Authenticators
import Cryptography
import ISO7816
import PIV
import WebAuthn

/// A signature that a card made, and how.
struct CardSignature: Sendable {
    let algorithm: COSEAlgorithm
    let bytes: [UInt8]
}

extension SmartCardDevice {
    /// Has a key sign `message`, with the person's PIN where the key wants it.
    func sign(
        _ message: [UInt8], with key: CardKey, among algorithms: [COSEAlgorithm],
        _ card: PIVCard, _ interaction: Interaction
    ) async throws(AuthenticatorFailure) -> CardSignature {
        var signing = try Signing(message, with: key, among: algorithms)
        if key.pinPolicy == .never {
            let signature = try card.channel.transaction { () throws(AuthenticatorFailure) in
                try card.select()
                return try signing.attempt(card, interaction)
            }
            if let signature { return signature }
            // The card does want the PIN after all.
        }
        // A key that wants the PIN each time wants it anew for the second of two ways to sign.
        for _ in 0..<2 {
            let signature = try await verifyingPIN(card, interaction) {
                () throws(AuthenticatorFailure) in
                try signing.attempt(card, interaction)
            }
            if let signature { return signature }
            guard signing.hasFallenBack else { break }
        }
        throw key.mayNeedTouch ? .timedOut : .unexpectedStatus(Self.notAuthorised)
    }

    /// What a card says that wants something before it signs.
    static var notAuthorised: String { StatusWord.securityStatusNotSatisfied.description }

    /// The message that a card signs.
    static func message(
        _ purpose: CardSignedMessage.Purpose, challenge: [UInt8], relyingPartyID: String,
        user: String, key: [UInt8]
    ) throws(AuthenticatorFailure) -> [UInt8] {
        do throws(MalformedCardData) {
            return try CardSignedMessage(
                purpose: purpose, challenge: challenge, relyingPartyID: relyingPartyID,
                user: user, keyIdentifier: key
            ).encoded()
        } catch {
            if case .value(let name) = error { throw .invalidRequest(name: name) }
            throw .invalidRequest(name: "message")
        }
    }
}

/// The ways in which a key can still sign a message, the best first.
struct Signing {
    private let message: [UInt8]
    private let key: CardKey
    private var inputs: ArraySlice<SignatureInput>
    /// Whether the card has refused a better way.
    private(set) var hasFallenBack = false

    init(
        _ message: [UInt8], with key: CardKey, among algorithms: [COSEAlgorithm]
    ) throws(AuthenticatorFailure) {
        self.message = message
        self.key = key
        inputs = try SignatureInput.all(
            for: message, key: key.publicKey, among: algorithms)[...]
    }

    /// Has the card sign, in the best way that it accepts. `nil` where the PIN, or a touch, is wanting.
    mutating func attempt(
        _ card: PIVCard, _ interaction: Interaction
    ) throws(AuthenticatorFailure) -> CardSignature? {
        while let input = inputs.first {
            if key.mayNeedTouch { interaction.report(.touchNeeded) }
            switch try card.sign(in: key.slot, input) {
            case .signed(let bytes):
                // A card that is broken, or whose slot holds another key than it says, is told from a refusal by the
                // server, which checks for itself.
                guard key.publicKey.isValidSignature(bytes, for: message, scheme: input.scheme)
                else { throw .malformedReply }
                return CardSignature(algorithm: input.algorithm, bytes: bytes)
            case .notAuthorised: return nil
            case .inputRefused:
                inputs.removeFirst()
                hasFallenBack = true
            }
        }
        throw .unsupportedAlgorithm
    }
}
