import Cryptography
import ISO7816
import PIV
import WebAuthn

/// The checks that a card's enrolment and its answers share.
struct CardChecks {
    let purpose: CardSignedMessage.Purpose
    let challenge: [UInt8]
    let relyingPartyID: RelyingPartyID
    let user: String
    let userVerification: UserVerificationRequirement
    let algorithms: [COSEAlgorithm]

    func verify(_ algorithm: COSEAlgorithm) throws(CardFailure) {
        guard algorithms.contains(algorithm) else { throw .algorithmNotOffered(algorithm) }
    }

    /// Decodes what the client says was signed and compares all of it but the key, which is not known yet.
    func verify(_ sent: [UInt8]?) throws(CardFailure) -> CardSignedMessage? {
        guard let sent else { return nil }
        let message = try decode(or: .malformedMessage) { () throws(MalformedCardData) in
            try CardSignedMessage(decoding: sent)
        }
        guard message.purpose == purpose else { throw .wrongPurpose(message.purpose) }
        guard ConstantTime.areEqual(message.challenge, challenge) else { throw .wrongChallenge }
        guard message.relyingPartyID.utf8.elementsEqual(relyingPartyID.text.utf8) else {
            throw .wrongRelyingParty(message.relyingPartyID)
        }
        guard message.user.utf8.elementsEqual(user.utf8) else { throw .wrongUser(message.user) }
        return message
    }

    /// The bytes that `key` must have signed: made from what was expected, whatever the client sent.
    func message(
        signedBy key: CardKey, _ algorithm: COSEAlgorithm, sent: CardSignedMessage?
    ) throws(CardFailure) -> [UInt8] {
        guard key.algorithms.contains(algorithm) else { throw .algorithmMismatch }
        if let sent, sent.keyIdentifier != key.identifier { throw .wrongKey }
        return try decode(or: .malformedMessage) { () throws(MalformedCardData) in
            try CardSignedMessage(
                purpose: purpose, challenge: challenge, relyingPartyID: relyingPartyID.text,
                user: user, keyIdentifier: key.identifier)
        }.encoded()
    }

    func verifyUser(isPINRequired: Bool) throws(CardFailure) {
        guard userVerification != .required || isPINRequired else { throw .userNotVerified }
    }
}

/// Runs a decoder and makes its failure the ceremony's.
func decode<Value>(
    or failure: CardFailure, _ body: () throws(MalformedCardData) -> Value
) throws(CardFailure) -> Value {
    do throws(MalformedCardData) {
        return try body()
    } catch {
        throw failure
    }
}
