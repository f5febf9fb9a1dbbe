internal import Encoding

/// A U2F response as it travels: data and a status word (FIDO U2F Raw Message Formats 1.2 §3.3).
public struct U2FResponse: Hashable, Sendable {
    /// The data, of no length for a failure.
    public let data: [UInt8]
    /// How the command ended.
    public let status: StatusWord

    /// A response from its parts.
    public init(data: [UInt8] = [], status: StatusWord) {
        self.data = data
        self.status = status
    }

    /// Splits a response of at least two bytes.
    public init(decoding bytes: [UInt8]) throws(MalformedMessage) {
        guard bytes.count >= 2 else { throw .apduLength }
        data = Array(bytes.dropLast(2))
        let word = bytes.suffix(2).reduce(0) { $0 << 8 | UInt16($1) }
        status = StatusWord(rawValue: word)
    }

    /// The bytes on the wire.
    public func encoded() -> [UInt8] {
        var writer = ByteWriter(capacity: data.count + 2)
        writer.append(data)
        writer.append(status.rawValue)
        return writer.bytes
    }
}

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

/// The data of a successful U2F_AUTHENTICATE (FIDO U2F Raw Message Formats 1.2 §5.4).
public struct U2FAuthentication: Hashable, Sendable {
    /// Bit 0 says that the person touched.
    public let userPresence: UInt8
    /// The signature counter.
    public let counter: UInt32
    /// The signature, DER.
    public let signature: [UInt8]

    /// An authentication from its parts.
    public init(userPresence: UInt8, counter: UInt32, signature: [UInt8]) {
        self.userPresence = userPresence
        self.counter = counter
        self.signature = signature
    }

    /// Decodes the data of a response. The signature must be a DER sequence that fills it.
    public init(decoding bytes: [UInt8]) throws(MalformedMessage) {
        do throws(MalformedEncoding) {
            var reader = ByteReader(bytes)
            userPresence = try reader.readUInt8()
            counter = try reader.readUInt32()
            signature = try reader.readSequence()
            try reader.finish()
        } catch {
            throw .encoding(error)
        }
    }

    /// The data of the response.
    public func encoded() -> [UInt8] {
        var writer = ByteWriter()
        writer.append(userPresence)
        writer.append(counter)
        writer.append(signature)
        return writer.bytes
    }

    /// What the signature is over.
    public static func signedMessage(
        application: [UInt8], userPresence: UInt8, counter: UInt32, challenge: [UInt8]
    ) -> [UInt8] {
        var writer = ByteWriter(capacity: 69)
        writer.append(application)
        writer.append(userPresence)
        writer.append(counter)
        writer.append(challenge)
        return writer.bytes
    }
}

extension ByteReader {
    /// Reads one DER SEQUENCE of at most 65 535 bytes, head included.
    fileprivate mutating func readSequence() throws(MalformedEncoding) -> [UInt8] {
        let tag = try readUInt8()
        guard tag == 0x30 else { throw .unsupportedItem(initialByte: tag) }
        let first = try readUInt8()
        switch first {
        case 0..<0x80:
            return [tag, first] + (try readBytes(Int(first)))
        case 0x81:
            let length = try readUInt8()
            guard length >= 0x80 else { throw .nonCanonicalInteger }
            return [tag, first, length] + (try readBytes(Int(length)))
        case 0x82:
            let length = try readUInt16()
            guard length >= 0x100 else { throw .nonCanonicalInteger }
            let head = [tag, first, UInt8(length >> 8), UInt8(length & 0xFF)]
            return head + (try readBytes(Int(length)))
        default: throw .unsupportedItem(initialByte: first)
        }
    }
}
