public import ISO7816

/// How the management key 9B is presented (NIST SP 800-73-4 Part 2 appendix A.1): by a challenge-response in both
/// directions, or in one.
extension PIVCommand {
    /// The first step of mutual authentication: asks the card for a witness, a block that it encrypted.
    public static func managementWitness(
        _ algorithm: PIVAlgorithm
    ) throws(MalformedCardData) -> CommandAPDU {
        try authenticate(managementKeyReference, algorithm, AuthenticationTemplate(witness: []))
    }

    /// The second and last step of mutual authentication: the witness decrypted, and a challenge for the card to
    /// encrypt. The card has the key if its response is the challenge, encrypted.
    public static func managementProof(
        _ algorithm: PIVAlgorithm, witness: [UInt8], challenge: [UInt8]
    ) throws(MalformedCardData) -> CommandAPDU {
        try authenticate(
            managementKeyReference, algorithm,
            AuthenticationTemplate(witness: witness, challenge: challenge))
    }

    /// The first step of authentication of the client alone: asks the card for a challenge.
    public static func managementChallenge(
        _ algorithm: PIVAlgorithm
    ) throws(MalformedCardData) -> CommandAPDU {
        try authenticate(managementKeyReference, algorithm, AuthenticationTemplate(challenge: []))
    }

    /// The second and last step of authentication of the client alone: the challenge, encrypted.
    public static func managementResponse(
        _ algorithm: PIVAlgorithm, _ response: [UInt8]
    ) throws(MalformedCardData) -> CommandAPDU {
        try authenticate(
            managementKeyReference, algorithm, AuthenticationTemplate(response: response))
    }
}
