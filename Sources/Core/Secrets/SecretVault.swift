import Cryptography
import Dispatch
import Encoding
import Synchronization

/// Seals secrets for the database and opens them again, under keys that the database does not have.
///
/// AES-256-GCM with a random nonce; what it authenticates beside the secret is its place, so that a row that was moved
/// to another user, or a blob to another row, does not open:
///
///     version 1 | key 4, big-endian | nonce 12 | ciphertext, as long as the secret | tag 16
public final class SecretVault: Sendable {
    private static let version: UInt8 = 1
    private static let headerLength = 17

    private let ring: Mutex<KeyRing>
    /// What is being sealed and stored, since keys were last adopted.
    private let storing = Mutex(DispatchGroup())

    /// A vault with these keys.
    public init(_ ring: KeyRing) { self.ring = Mutex(ring) }

    /// Runs what seals a secret and stores it. Whoever adopts other keys can wait for it, so that nothing turns up in the
    /// database under a key that is thought to be out of use.
    public func keeping<Value, Failure: Error>(
        _ body: () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let group = storing.withLock { group in
            group.enter()
            return group
        }
        defer { group.leave() }
        return try body()
    }

    /// Waits until everything that was being sealed and stored when this was called is stored, or has failed. Blocks.
    public func waitForKeeping() {
        let group = storing.withLock { group in
            defer { group = DispatchGroup() }
            return group
        }
        group.wait()
    }

    /// Seals under the ring's last key.
    public func seal(
        _ secret: [UInt8], at place: SecretPlace
    ) throws(SecretError) -> [UInt8] {
        guard let key = ring.withLock({ $0.keys.last }) else { throw .unknownKey(id: 0) }
        let nonce = SecureRandom.bytes(12)
        var writer = ByteWriter(capacity: Self.headerLength + secret.count + 16)
        writer.append(Self.version)
        writer.append(key.id)
        writer.append(nonce)
        do throws(CryptographyError) {
            writer.append(
                try AES256GCM.seal(
                    secret, key: key.bytes, nonce: nonce,
                    authenticating: Self.associated(writer.bytes, place)))
        } catch {
            throw .cryptography
        }
        return writer.bytes
    }

    /// Opens what was sealed for this very place.
    public func open(
        _ sealed: [UInt8], at place: SecretPlace
    ) throws(SecretError) -> [UInt8] {
        let id = try Self.keyIdentifier(of: sealed)
        guard let key = ring.withLock({ $0.keys.first { $0.id == id } }) else {
            throw .unknownKey(id: id)
        }
        do throws(CryptographyError) {
            return try AES256GCM.open(
                Array(sealed.dropFirst(Self.headerLength)), key: key.bytes,
                nonce: Array(sealed[5..<Self.headerLength]),
                authenticating: Self.associated(sealed, place))
        } catch .authenticationFailed {
            throw .notSealedHere
        } catch {
            throw .cryptography
        }
    }

    /// The sealed bytes under the ring's last key, or `nil` where they are so already.
    public func resealed(
        _ sealed: [UInt8], at place: SecretPlace
    ) throws(SecretError) -> [UInt8]? {
        guard try Self.keyIdentifier(of: sealed) != ring.withLock({ $0.current }) else {
            return nil
        }
        return try seal(try open(sealed, at: place), at: place)
    }

    /// Seals with other keys from now on, and opens with them alone.
    public func adopt(_ ring: KeyRing) {
        self.ring.withLock { $0 = ring }
    }

    private static func associated(_ sealed: [UInt8], _ place: SecretPlace) -> [UInt8] {
        Array(sealed.prefix(5)) + place.associatedData
    }

    /// The number of the key that seals.
    public var currentKey: UInt32 { ring.withLock { $0.current } }

    /// The numbers of all keys.
    public var keyIdentifiers: [UInt32] { ring.withLock { $0.identifiers } }

    /// The number of the key that bytes are sealed under.
    public static func keyIdentifier(of sealed: [UInt8]) throws(SecretError) -> UInt32 {
        guard sealed.count >= headerLength + 16, sealed[0] == version else { throw .malformed }
        return sealed[1..<5].reduce(0) { $0 << 8 | UInt32($1) }
    }
}
