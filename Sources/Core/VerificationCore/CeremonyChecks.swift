import Cryptography
import WebAuthn

/// The checks that registration and authentication share. The comments give the steps of WebAuthn Level 3: §7.1 for
/// registration, §7.2 for authentication.
struct CeremonyChecks {
    let type: ClientData.CeremonyType
    let challenge: [UInt8]
    let relyingParty: RelyingParty
    let userVerification: UserVerificationRequirement

    /// §7.1 steps 7 to 11; §7.2 steps 10 to 14.
    func verify(_ clientData: ClientData) throws(CeremonyFailure) {
        // §7.1 step 7, §7.2 step 10.
        guard clientData.type == type else { throw .wrongType(clientData.type) }
        // §7.1 step 8, §7.2 step 11.
        guard ConstantTime.areEqual(clientData.challenge, challenge) else { throw .wrongChallenge }
        // §7.1 step 9, §7.2 step 12.
        guard relyingParty.origins.contains(bytesOf: clientData.origin) else {
            throw .wrongOrigin(clientData.origin)
        }
        // §7.1 step 10, §7.2 step 13.
        guard !clientData.crossOrigin || !relyingParty.topOrigins.isEmpty else {
            throw .unexpectedCrossOrigin
        }
        // §7.1 step 11, §7.2 step 14.
        if let topOrigin = clientData.topOrigin {
            guard clientData.crossOrigin, relyingParty.topOrigins.contains(bytesOf: topOrigin)
            else { throw .wrongTopOrigin(topOrigin) }
        }
    }

    /// §7.1 steps 14 to 17; §7.2 steps 15 to 18.
    func verify(_ data: AuthenticatorData) throws(CeremonyFailure) {
        // §7.1 step 14, §7.2 step 15.
        guard data.rpIDHash == SHA256.hash(Array(relyingParty.id.text.utf8)) else {
            throw .wrongRelyingParty
        }
        // §7.1 step 15, §7.2 step 16.
        guard data.flags.contains(.userPresent) else { throw .userNotPresent }
        // §7.1 step 16, §7.2 step 17.
        guard userVerification != .required || data.flags.contains(.userVerified) else {
            throw .userNotVerified
        }
        // §7.1 step 17, §7.2 step 18.
        guard data.flags.contains(.backupEligible) || !data.flags.contains(.backupState) else {
            throw .backupStateWithoutEligibility
        }
    }
}

extension Set<String> {
    /// Whether `text` is a member byte for byte. `contains(_:)` would also take what Unicode calls equivalent, such as
    /// the Kelvin sign for the letter K.
    fileprivate func contains(bytesOf text: String) -> Bool {
        guard let index = firstIndex(of: text) else { return false }
        return self[index].utf8.elementsEqual(text.utf8)
    }
}

/// Runs a decoder and makes its failure the ceremony's.
func decode<Value>(
    _ body: () throws(MalformedWebAuthn) -> Value
) throws(CeremonyFailure) -> Value {
    do throws(MalformedWebAuthn) {
        return try body()
    } catch {
        throw .malformed(error)
    }
}
