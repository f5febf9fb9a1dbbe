import CTAP
import Encoding

/// The extensions of a new credential that the key knows (CTAP 2.1 §12). Others are passed over.
struct RegistrationExtensions: Sendable {
    /// credProtect (§12.1).
    let protection: CredentialProtection?
    /// hmac-secret (§12.5).
    let wantsHMACSecret: Bool
    /// largeBlobKey (§12.3).
    let wantsLargeBlobKey: Bool
    /// minPinLength (§12.4).
    let wantsMinimumPINLength: Bool

    init(_ inputs: [String: CBOR], _ isDiscoverable: Bool) throws(CTAPStatus) {
        if let input = inputs["credProtect"] {
            guard let level = input.intValue else { throw .cborUnexpectedType }
            guard let protection = CredentialProtection(rawValue: level) else {
                throw .invalidOption
            }
            self.protection = protection
        } else {
            protection = nil
        }
        wantsHMACSecret = try Self.flag(inputs["hmac-secret"])
        wantsMinimumPINLength = try Self.flag(inputs["minPinLength"])
        wantsLargeBlobKey = try Self.flag(inputs["largeBlobKey"])
        // §12.3: the input is true or absent, and the key is for discoverable credentials only.
        if inputs["largeBlobKey"] != nil, !wantsLargeBlobKey || !isDiscoverable {
            throw .invalidOption
        }
    }

    private static func flag(_ input: CBOR?) throws(CTAPStatus) -> Bool {
        guard let input else { return false }
        guard let isSet = input.boolValue else { throw .cborUnexpectedType }
        return isSet
    }

    /// What goes into the authenticator data; `nil` where there is nothing to tell.
    func outputs(_ state: KeyState, relyingPartyID: String) -> CBOR? {
        var outputs: [CBOR: CBOR] = [:]
        if let protection { outputs["credProtect"] = CBOR(protection.rawValue) }
        if wantsHMACSecret { outputs["hmac-secret"] = true }
        if wantsMinimumPINLength, state.minimumPINLengthRPIDs.contains(relyingPartyID) {
            outputs["minPinLength"] = CBOR(state.minimumPINLength)
        }
        return outputs.isEmpty ? nil : .map(outputs)
    }
}
