import Cryptography
import Encoding
import NIOCore
import NIOSSL
import NIOTLS

/// Lets a connection go on only if the server's certificate is for the host's name.
///
/// NIOSSL takes a certificate for the address that is connected to, or with a common name, for one that is for the name.
/// Whoever answers the look-up could have the former for an address of his own. Here a name must be among the names.
final class ServerNameCheck: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let name: String

    init(_ name: String) {
        self.name = name
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted = event as? TLSUserEvent {
            let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
            let der = try? certificate?.toDERBytes()
            guard
                let der, let certificate = try? Certificate(derRepresentation: der),
                certificate.isForServer(named: name)
            else {
                context.fireErrorCaught(PushFailure.otherHost)
                return context.close(promise: nil)
            }
        }
        context.fireUserInboundEventTriggered(event)
    }
}

extension PushFailure {
    static let otherHost = untrustedServer(reason: "the certificate is for another host")
}

extension Certificate {
    /// Whether a name of DNS among the subject's alternative names is this one, in lower case (RFC 6125 §6.4). A star
    /// stands for the whole first label of a name of three labels or more.
    package func isForServer(named host: String) -> Bool {
        let parent = host.firstIndex(of: ".").map { host[host.index(after: $0)...] }
        return serverNames.contains { name in
            guard name.hasPrefix("*.") else { return name == host }
            let below = name.dropFirst(2)
            return below.contains(".") && parent == below
        }
    }

    /// The names of DNS among the subject's alternative names (RFC 5280 §4.2.1.6), in lower case.
    private var serverNames: [String] {
        guard let der = extensionValue("2.5.29.17") else { return [] }
        do throws(MalformedEncoding) {
            var reader = ByteReader(der)
            let (tag, names) = try reader.readElement()
            try reader.finish()
            guard tag == 0x30 else { return [] }
            var list = ByteReader(names)
            var texts: [String] = []
            while list.remaining > 0 {
                let (tag, contents) = try list.readElement()
                guard tag == 0x82, contents.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                    continue
                }
                texts.append(String(decoding: contents, as: UTF8.self).lowercased())
            }
            return texts
        } catch {
            return []
        }
    }
}

extension ByteReader {
    /// A tag of one byte and the contents behind its length, of at most 65535 bytes (X.690 §8.1).
    fileprivate mutating func readElement() throws(MalformedEncoding) -> (UInt8, [UInt8]) {
        let tag = try readUInt8()
        let first = try readUInt8()
        let length: Int
        switch first {
        case 0..<0x80: length = Int(first)
        case 0x81: length = Int(try readUInt8())
        case 0x82: length = Int(try readUInt16())
        default: throw .truncated
        }
        return (tag, try readBytes(length))
    }
}
