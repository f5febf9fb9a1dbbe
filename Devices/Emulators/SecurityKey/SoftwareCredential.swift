internal import Cryptography
public import WebAuthn

/// A credential that signs assertions without a key around it: no CTAP, no prompts, no state file. For load tests,
/// where a signature should cost one signature.
///
/// What it makes is what the software security key makes, out of the same parts.
public struct SoftwareCredential: Sendable {
    /// How the credential attests itself.
    public enum Attestation: Sendable, Hashable {
        /// Not at all.
        case none
        /// With its own key, packed.
        case packedSelf
    }

    /// The credential's identifier.
    public let id: CredentialID
    /// The account that it is for.
    public let userHandle: UserHandle
    /// The counter of the last signature.
    public private(set) var signatureCounter: UInt32 = 0
    private let key: P256PrivateKey
    private let publicKey: COSEKey
    private let rpIDHash: [UInt8]

    private static let flags: AuthenticatorData.Flags = [.userPresent, .userVerified]

    /// Makes a new credential.
    public init(
        relyingPartyID: RelyingPartyID, userHandle: UserHandle, random: RandomSource = .system
    ) throws(EmulatorError) {
        do throws(CryptographyError) {
            key = try random.privateKey()
        } catch {
            throw .cryptography(code: error.code)
        }
        guard let publicKey = key.credentialPublicKey else {
            throw .cryptography(code: CryptographyError.invalidPublicKey.code)
        }
        self.publicKey = publicKey
        do throws(MalformedWebAuthn) {
            id = try CredentialID(bytes: random.bytes(32))
        } catch {
            throw .cryptography(code: error.code)
        }
        self.userHandle = userHandle
        rpIDHash = SHA256.hash(Array(relyingPartyID.text.utf8))
    }

    /// The attestation object for a registration, with UP and UV set.
    public func attestationObject(
        _ attestation: Attestation, clientDataHash: [UInt8]
    ) throws(EmulatorError) -> AttestationObject {
        let data = AuthenticatorData(
            rpIDHash: rpIDHash, flags: Self.flags, signatureCounter: signatureCounter,
            attestedCredential: AttestedCredentialData(
                aaguid: attestation == .none ? .zero : SoftwareSecurityKey.Model.aaguid,
                credentialID: id, publicKey: publicKey))
        do throws(CryptographyError) {
            let statement: AttestationStatement =
                switch attestation {
                case .none: .none
                case .packedSelf:
                    .packed(
                        try Attester(credentialKey: key).statement(
                            authenticatorData: data.encoded(), clientDataHash: clientDataHash))
                }
            return AttestationObject(statement: statement, authenticatorData: data)
        } catch {
            throw .cryptography(code: error.code)
        }
    }

    /// Counts one on and signs an assertion with UP and UV set.
    ///
    /// - Returns: the authenticator data, 37 bytes, and the signature, DER.
    public mutating func sign(
        clientDataHash: [UInt8]
    ) throws(EmulatorError) -> (authenticatorData: [UInt8], signature: [UInt8]) {
        signatureCounter &+= 1
        let data = AuthenticatorData(
            rpIDHash: rpIDHash, flags: Self.flags, signatureCounter: signatureCounter
        ).encoded()
        do throws(CryptographyError) {
            return (data, try key.signature(for: data + clientDataHash))
        } catch {
            throw .cryptography(code: error.code)
        }
    }
}
