import CTAP
import Cryptography
import Encoding
import Testing

/// The client's side of a PIN/UV auth protocol.
struct Platform {
    let number: PINUVAuthProtocolNumber
    private let key: P256PrivateKey
    private let hmacKey: [UInt8]
    private let aesKey: [UInt8]

    static let numbers: [PINUVAuthProtocolNumber] = [.one, .two]

    init(_ lab: Lab, _ number: PINUVAuthProtocolNumber) throws {
        self.number = number
        key = try P256PrivateKey(rawRepresentation: [UInt8](repeating: 0x11, count: 32))
        let response = try ClientPINResponse(
            decoding: lab.succeed(.clientPIN(.getKeyAgreement(number))))
        let peer = try #require(response.keyAgreement)
        let shared = try key.sharedSecret(with: PublicKey(p256X: peer.x, y: peer.y))
        if number == .one {
            hmacKey = SHA256.hash(shared)
            aesKey = hmacKey
        } else {
            let salt = [UInt8](repeating: 0, count: 32)
            hmacKey = try HKDFSHA256.derive(
                secret: shared, salt: salt, info: Array("CTAP2 HMAC key".utf8), length: 32)
            aesKey = try HKDFSHA256.derive(
                secret: shared, salt: salt, info: Array("CTAP2 AES key".utf8), length: 32)
        }
    }

    var keyAgreement: KeyAgreementKey {
        get throws {
            let point = try #require(key.publicKey.p256Point)
            return KeyAgreementKey(x: Array(point[1..<33]), y: Array(point[33...]))
        }
    }

    var agreement: ClientPINRequest.Agreement {
        get throws {
            ClientPINRequest.Agreement(protocolNumber: number, key: try keyAgreement)
        }
    }

    func encrypt(_ plaintext: [UInt8]) throws -> [UInt8] {
        let vector = [UInt8](repeating: number == .one ? 0 : 0x22, count: 16)
        let sealed = try AES256CBC.encrypt(
            plaintext, key: aesKey, initializationVector: vector)
        return number == .one ? sealed : vector + sealed
    }

    func decrypt(_ ciphertext: [UInt8]) throws -> [UInt8] {
        let isOne = number == .one
        return try AES256CBC.decrypt(
            Array(ciphertext.dropFirst(isOne ? 0 : 16)), key: aesKey,
            initializationVector: isOne
                ? [UInt8](repeating: 0, count: 16) : Array(ciphertext.prefix(16)))
    }

    func authenticate(_ message: [UInt8]) -> [UInt8] {
        Token(number: number, bytes: hmacKey).authenticate(message)
    }

    func setPIN(_ pin: String) throws -> ClientPINRequest {
        let encrypted = try encrypt(Self.padded(pin))
        return .setPIN(
            try agreement, authorization: authenticate(encrypted), newPINEncrypted: encrypted)
    }

    func changePIN(_ old: String, to new: String) throws -> ClientPINRequest {
        let encrypted = try encrypt(Self.padded(new))
        let hash = try encrypt(Self.hash(old))
        return .changePIN(
            try agreement, authorization: authenticate(encrypted + hash),
            newPINEncrypted: encrypted, pinHashEncrypted: hash)
    }

    func getToken(
        pin: String, _ permissions: TokenPermissions, _ relyingPartyID: String? = nil
    ) throws -> ClientPINRequest {
        .getTokenUsingPIN(
            try agreement, pinHashEncrypted: try encrypt(Self.hash(pin)),
            ClientPINRequest.Grant(permissions: permissions, relyingPartyID: relyingPartyID))
    }

    func getTokenUsingUV(
        _ permissions: TokenPermissions, _ relyingPartyID: String? = nil
    ) throws -> ClientPINRequest {
        .getTokenUsingUV(
            try agreement,
            ClientPINRequest.Grant(permissions: permissions, relyingPartyID: relyingPartyID))
    }

    /// The token in the response to a request that succeeds.
    func token(_ lab: Lab, _ request: ClientPINRequest) throws -> Token {
        let response = try ClientPINResponse(decoding: lab.succeed(.clientPIN(request)))
        return Token(number: number, bytes: try decrypt(#require(response.encryptedToken)))
    }

    private static func padded(_ pin: String) -> [UInt8] {
        let bytes = Array(pin.utf8)
        return bytes + [UInt8](repeating: 0, count: max(0, 64 - bytes.count))
    }

    private static func hash(_ pin: String) -> [UInt8] {
        Array(SHA256.hash(Array(pin.utf8)).prefix(16))
    }
}

/// A PIN/UV auth token.
struct Token {
    let number: PINUVAuthProtocolNumber
    let bytes: [UInt8]

    func authenticate(_ message: [UInt8]) -> [UInt8] {
        let code = HMACSHA256.authenticate(message, key: bytes)
        return number == .one ? Array(code.prefix(16)) : code
    }

    func authorize(_ message: [UInt8]) -> PINUVAuthorization {
        PINUVAuthorization(protocolNumber: number, parameter: authenticate(message))
    }
}

extension Lab {
    static let pin = "2468"

    /// Sets the PIN and gets a token with it.
    func setPIN(_ pin: String = Lab.pin) throws {
        _ = try succeed(.clientPIN(Platform(self, .two).setPIN(pin)))
    }

    func pinToken(
        _ permissions: TokenPermissions, _ relyingPartyID: String? = nil,
        number: PINUVAuthProtocolNumber = .two, pin: String = Lab.pin
    ) throws -> Token {
        let platform = try Platform(self, number)
        return try platform.token(self, platform.getToken(pin: pin, permissions, relyingPartyID))
    }

    var retries: ClientPINResponse {
        get throws { try ClientPINResponse(decoding: succeed(.clientPIN(.getPINRetries))) }
    }

    var uvRetries: Int? {
        get throws {
            try ClientPINResponse(decoding: succeed(.clientPIN(.getUVRetries))).uvRetries
        }
    }
}
