public import Encoding

/// What an authenticator says about a ceremony, signed with the client data's hash (WebAuthn Level 3 §6.1).
public struct AuthenticatorData: Sendable, Hashable {
    /// The flags byte.
    public struct Flags: OptionSet, Sendable, Hashable {
        /// The byte on the wire; reserved bits are kept.
        public let rawValue: UInt8

        /// Takes the byte on the wire.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// UP: a person was present.
        public static let userPresent = Flags(rawValue: 0x01)
        /// UV: the person was verified, by fingerprint or PIN, say.
        public static let userVerified = Flags(rawValue: 0x04)
        /// BE: the credential may be backed up.
        public static let backupEligible = Flags(rawValue: 0x08)
        /// BS: the credential is backed up.
        public static let backupState = Flags(rawValue: 0x10)
        /// AT: attested credential data follows.
        public static let attestedCredentialData = Flags(rawValue: 0x40)
        /// ED: extension data follows.
        public static let extensionData = Flags(rawValue: 0x80)
    }

    /// The SHA-256 of the relying party's identifier: 32 bytes.
    public let rpIDHash: [UInt8]
    /// What happened and what follows.
    public let flags: Flags
    /// The signature counter; 0 where the authenticator keeps none.
    public let signatureCounter: UInt32
    /// The new credential, where flag AT is set.
    public let attestedCredential: AttestedCredentialData?
    /// The extensions' outputs, a map, where flag ED is set.
    public let extensions: CBOR?

    /// Authenticator data from its parts. The flags AT and ED follow from what is given.
    public init(
        rpIDHash: [UInt8],
        flags: Flags,
        signatureCounter: UInt32,
        attestedCredential: AttestedCredentialData? = nil,
        extensions: CBOR? = nil
    ) {
        var flags = flags.subtracting([.attestedCredentialData, .extensionData])
        if attestedCredential != nil { flags.insert(.attestedCredentialData) }
        if extensions != nil { flags.insert(.extensionData) }
        self.rpIDHash = rpIDHash
        self.flags = flags
        self.signatureCounter = signatureCounter
        self.attestedCredential = attestedCredential
        self.extensions = extensions
    }

    /// Decodes authenticator data that fills `bytes` to the end: 37 bytes, then what the flags announce.
    public init(decoding bytes: [UInt8]) throws(MalformedWebAuthn) {
        do {
            var reader = ByteReader(bytes)
            rpIDHash = try reader.readBytes(32)
            flags = Flags(rawValue: try reader.readUInt8())
            signatureCounter = try reader.readUInt32()
            attestedCredential =
                flags.contains(.attestedCredentialData)
                ? try AttestedCredentialData(from: &reader) : nil
            if flags.contains(.extensionData) {
                let outputs = try CBOR.decode(reader.readRemaining())
                guard outputs.mapValue != nil else { throw MalformedEncoding.truncated }
                extensions = outputs
            } else {
                extensions = nil
            }
            try reader.finish()
        } catch let error as MalformedEncoding {
            throw .authenticatorData(error)
        } catch let error as MalformedWebAuthn {
            throw error
        } catch {
            throw .authenticatorData(.truncated)
        }
    }

    /// The bytes on the wire.
    public func encoded() -> [UInt8] {
        var writer = ByteWriter(capacity: 37)
        writer.append(rpIDHash)
        writer.append(flags.rawValue)
        writer.append(signatureCounter)
        if let attestedCredential { writer.append(attestedCredential.encoded()) }
        if let extensions { writer.append(extensions.encoded()) }
        return writer.bytes
    }
}

/// A new credential within authenticator data (WebAuthn Level 3 §6.5.1).
public struct AttestedCredentialData: Sendable, Hashable {
    /// The authenticator's model.
    public let aaguid: AAGUID
    /// The credential's identifier.
    public let credentialID: CredentialID
    /// The credential's public key, decoded.
    public let publicKey: COSEKey

    /// A new credential from its parts.
    public init(aaguid: AAGUID, credentialID: CredentialID, publicKey: COSEKey) {
        self.aaguid = aaguid
        self.credentialID = credentialID
        self.publicKey = publicKey
    }

    /// Reads from the front of what is left; the public key is one CBOR item and extensions may follow it.
    init(from reader: inout ByteReader) throws {
        guard let aaguid = try AAGUID(bytes: reader.readBytes(16)) else {
            throw MalformedEncoding.truncated
        }
        self.aaguid = aaguid
        let length = try reader.readUInt16()
        credentialID = try CredentialID(bytes: reader.readBytes(Int(length)))
        var rest = reader
        let (key, keyLength) = try CBOR.decodePrefix(rest.readRemaining())
        _ = try reader.readBytes(keyLength)
        publicKey = try COSEKey(key)
    }

    func encoded() -> [UInt8] {
        var writer = ByteWriter()
        writer.append(aaguid.bytes)
        writer.append(UInt16(credentialID.bytes.count))
        writer.append(credentialID.bytes)
        writer.append(publicKey.cbor.encoded())
        return writer.bytes
    }
}
