internal import Encoding

/// The data of a successful U2F_REGISTER (FIDO U2F Raw Message Formats 1.2 §4.3).
public struct U2FRegistration: Hashable, Sendable {
    /// The new public key as an uncompressed point: 65 bytes. Not checked to be on the curve.
    public let publicKey: [UInt8]
    /// The key handle: at most 255 bytes.
    public let keyHandle: [UInt8]
    /// The attestation certificate, DER.
    public let certificate: [UInt8]
    /// The attestation signature, DER.
    public let signature: [UInt8]

    /// A registration from its parts.
    public init(
        publicKey: [UInt8], keyHandle: [UInt8], certificate: [UInt8], signature: [UInt8]
    ) throws(MalformedMessage) {
        guard publicKey.count == 65 else { throw .invalidParameter("public key") }
        guard keyHandle.count <= 255 else { throw .parameterTooLong("key handle") }
        self.publicKey = publicKey
        self.keyHandle = keyHandle
        self.certificate = certificate
        self.signature = signature
    }

    /// Decodes the data of a response. Certificate and signature must be DER sequences that fill it.
    public init(decoding bytes: [UInt8]) throws(MalformedMessage) {
        do throws(MalformedEncoding) {
            var reader = ByteReader(bytes)
            guard try reader.readUInt8() == 0x05 else { throw .invalidCharacter(offset: 0) }
            publicKey = try reader.readBytes(65)
            keyHandle = try reader.readBytes(Int(reader.readUInt8()))
            certificate = try reader.readSequence()
            signature = try reader.readSequence()
            try reader.finish()
        } catch {
            throw .encoding(error)
        }
    }

    /// The data of the response.
    public func encoded() -> [UInt8] {
        [0x05] + publicKey + [UInt8(clamping: keyHandle.count)] + keyHandle + certificate
            + signature
    }

    /// What the attestation signature is over.
    public static func signedMessage(
        application: [UInt8], challenge: [UInt8], keyHandle: [UInt8], publicKey: [UInt8]
    ) -> [UInt8] {
        [0x00] + application + challenge + keyHandle + publicKey
    }
}
