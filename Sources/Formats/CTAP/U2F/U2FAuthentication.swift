internal import Encoding

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
