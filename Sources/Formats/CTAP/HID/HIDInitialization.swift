internal import Encoding

/// What an authenticator can do, as its reply to CTAPHID_INIT says (CTAP 2.1 §11.2.9.1.3).
public struct HIDCapabilities: OptionSet, Hashable, Sendable {
    /// The byte on the wire; unknown bits are kept.
    public let rawValue: UInt8

    /// The capabilities with these bits.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// CAPABILITY_WINK: it knows CTAPHID_WINK.
    public static let wink = HIDCapabilities(rawValue: 0x01)
    /// CAPABILITY_CBOR: it knows CTAPHID_CBOR.
    public static let cbor = HIDCapabilities(rawValue: 0x04)
    /// CAPABILITY_NMSG: it does *not* know CTAPHID_MSG.
    public static let noMessage = HIDCapabilities(rawValue: 0x08)
}

/// The reply to CTAPHID_INIT (CTAP 2.1 §11.2.9.1.3): 17 bytes.
public struct HIDInitialization: Hashable, Sendable {
    /// The eight bytes that the client sent.
    public let nonce: [UInt8]
    /// The channel that is the client's from now on.
    public let channel: ChannelID
    /// The authenticator's own version: major, minor, build.
    public let deviceVersion: [UInt8]
    /// What it can do.
    public let capabilities: HIDCapabilities

    /// The version of the CTAPHID protocol that this module speaks.
    public static let protocolVersion: UInt8 = 2
    /// How long the nonce is.
    public static let nonceLength = 8

    /// A reply. The nonce has eight bytes and the version three.
    public init(
        nonce: [UInt8], channel: ChannelID, deviceVersion: [UInt8], capabilities: HIDCapabilities
    ) throws(MalformedMessage) {
        guard nonce.count == Self.nonceLength, deviceVersion.count == 3 else {
            throw .encoding(.truncated)
        }
        self.nonce = nonce
        self.channel = channel
        self.deviceVersion = deviceVersion
        self.capabilities = capabilities
    }

    /// Decodes a reply. Bytes behind the 17 known ones are for later versions and skipped, as the specification has
    /// it.
    public init(decoding payload: [UInt8]) throws(MalformedMessage) {
        let version: UInt8
        do throws(MalformedEncoding) {
            var reader = ByteReader(payload)
            nonce = try reader.readBytes(Self.nonceLength)
            channel = ChannelID(rawValue: try reader.readUInt32())
            version = try reader.readUInt8()
            deviceVersion = try reader.readBytes(3)
            capabilities = HIDCapabilities(rawValue: try reader.readUInt8())
        } catch {
            throw .encoding(error)
        }
        guard version == Self.protocolVersion else { throw .unsupportedProtocolVersion }
    }

    /// The payload of the reply.
    public var payload: [UInt8] {
        var writer = ByteWriter(capacity: 17)
        writer.append(nonce)
        writer.append(channel.rawValue)
        writer.append(Self.protocolVersion)
        writer.append(deviceVersion)
        writer.append(capabilities.rawValue)
        return writer.bytes
    }
}
