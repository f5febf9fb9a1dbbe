internal import Cryptography

/// Where a software authenticator gets its randomness from.
public struct RandomSource: Sendable {
    private let source: @Sendable (Int) -> [UInt8]

    /// A source that gives as many bytes as it is asked for. Only tests have cause to bring their own.
    public init(_ source: @escaping @Sendable (Int) -> [UInt8]) {
        self.source = source
    }

    /// OpenSSL's generator.
    public static let system = RandomSource(SecureRandom.bytes)

    func bytes(_ count: Int) -> [UInt8] { source(count) }

    /// A fresh key on P-256.
    func privateKey() throws(CryptographyError) -> P256PrivateKey {
        // A random 32-byte string is out of range once in 2^32 times.
        while true {
            do {
                return try P256PrivateKey(rawRepresentation: bytes(32))
            } catch .invalidPrivateKey {
                continue
            }
        }
    }
}
