import Authenticators
import Cryptography
import Emulators
import Encoding
import ISO7816
import PIV
import Synchronization
import TestSupport
import Testing

/// A software card on a fake clock with seeded randomness, and a connection to it.
final class CardLab {
    /// The specification's PIN and PUK on the wire.
    static let pin: [UInt8] = [0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0xFF, 0xFF]
    static let puk: [UInt8] = [0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38]
    static let wrong: [UInt8] = [0x39, 0x39, 0x39, 0x39, 0x39, 0x39, 0xFF, 0xFF]
    static let newPIN: [UInt8] = [0x36, 0x35, 0x34, 0x33, 0x32, 0x31, 0xFF, 0xFF]
    static let factoryKey: [UInt8] = [
        1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8,
    ]

    let clock: FakeClock
    let card: SoftwareCard
    var transport: any CardTransport

    init(
        _ person: PersonScript = .willing,
        configuration: SoftwareCard.Configuration = .init(serialNumber: 12_345_678),
        storage: SoftwareCard.Storage = .memory,
        faults: [CardFaultPlan.Occasion: CardFaultPlan.Fault] = [:],
        isSelected: Bool = true,
        seed: UInt64 = 1
    ) throws {
        let clock = FakeClock()
        let generator = Mutex(SplitMix64(seed: seed))
        self.clock = clock
        card = try SoftwareCard(
            storage: storage, configuration: configuration, person: person,
            faults: CardFaultPlan(faults),
            random: RandomSource { count in generator.withLock { $0.bytes(count) } },
            clock: { clock.now }, wait: { clock.advance(by: $0) })
        transport = card.openTransport()
        if isSelected { try succeed(PIVCommand.select()) }
    }

    /// A connection to a card that is there.
    init(card: SoftwareCard) throws {
        clock = FakeClock()
        self.card = card
        transport = card.openTransport()
        try succeed(PIVCommand.select())
    }

    /// Sends bytes in hexadecimal, spaces aside, and gives what comes back likewise.
    func raw(_ command: String) throws -> String {
        let bytes = try Hex.decode(command.filter { $0 != " " })
        return Hex.encode(try transport.transmit(bytes)).uppercased()
    }

    /// Carries out a command in links and parts of the short lengths.
    func call(_ command: CommandAPDU) throws -> ResponseAPDU {
        var exchange = CommandExchange(command, form: .short)
        var next = try exchange.start()
        while true {
            switch try exchange.received(transport.transmit(next)) {
            case .send(let bytes): next = bytes
            case .done(let response): return response
            }
        }
    }

    func status(_ command: CommandAPDU) throws -> String {
        try call(command).status.description
    }

    /// The data of a command that succeeds.
    @discardableResult
    func succeed(
        _ command: CommandAPDU, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> [UInt8] {
        let response = try call(command)
        try #require(
            response.status == .success, "\(response.status)", sourceLocation: sourceLocation)
        return response.data
    }

    /// Takes the card out and puts it in again.
    func cyclePower() throws {
        card.remove()
        card.insert()
        transport = card.openTransport()
        try succeed(PIVCommand.select())
    }

    func verifyPIN(_ pin: [UInt8] = CardLab.pin) throws {
        try succeed(PIVCommand.verify(.application, pin))
    }

    /// Authenticates the manager with the client's half of mutual authentication.
    func manage(
        _ key: [UInt8] = CardLab.factoryKey, _ algorithm: PIVAlgorithm = .tripleDES
    ) throws {
        let reply = try succeed(PIVCommand.managementWitness(algorithm))
        let witness = try #require(AuthenticationTemplate(decoding: reply).witness)
        let plain =
            algorithm == .tripleDES
            ? try TripleDESECB.decryptBlocks(witness, key: key)
            : try AESECB.decryptBlocks(witness, key: key)
        let challenge = [UInt8](repeating: 0xA5, count: plain.count)
        let proof = try succeed(
            PIVCommand.managementProof(algorithm, witness: plain, challenge: challenge))
        let expected =
            algorithm == .tripleDES
            ? try TripleDESECB.encryptBlocks(challenge, key: key)
            : try AESECB.encryptBlocks(challenge, key: key)
        try #require(AuthenticationTemplate(decoding: proof).response == expected)
    }

    /// Makes a key and gives its public half.
    func generate(
        _ slot: PIVSlot = .authentication, _ algorithm: PIVAlgorithm = .p256,
        pinPolicy: PINPolicy? = nil, touchPolicy: TouchPolicy? = nil
    ) throws -> CardPublicKey {
        try manage()
        let reply = try succeed(
            PIVCommand.generateKey(
                slot, algorithm, pinPolicy: pinPolicy, touchPolicy: touchPolicy))
        return try CardPublicKey(decoding: reply)
    }

    /// The response member of a signature or an agreement.
    func response(_ command: CommandAPDU) throws -> [UInt8] {
        try #require(AuthenticationTemplate(decoding: succeed(command)).response)
    }

    func metadata(_ command: CommandAPDU) throws -> CardMetadata {
        try CardMetadata(decoding: succeed(command))
    }
}

/// Something to sign and how it is presented to a card.
enum Signing {
    static let message = Array("what is to be signed".utf8)

    static func input(_ algorithm: PIVAlgorithm) throws -> [UInt8] {
        switch algorithm {
        case .p384: SHA384.hash(message)
        case .rsa2048: try RSAPadding.pkcs1SHA256(digest: SHA256.hash(message))
        default: SHA256.hash(message)
        }
    }

    /// Whether `signature` over the message is by this key.
    static func isValid(_ signature: [UInt8], by key: CardPublicKey) throws -> Bool {
        switch key {
        case .p256(let point):
            try PublicKey(p256Point: point)
                .isValidSignature(signature, for: message, scheme: .ecdsaSHA256)
        case .p384(let point):
            try PublicKey(p384Point: point)
                .isValidSignature(signature, for: message, scheme: .ecdsaSHA384)
        case .rsa(let modulus, let exponent):
            try PublicKey(rsaModulus: modulus, exponent: exponent)
                .isValidSignature(signature, for: message, scheme: .rsaPKCS1SHA256)
        }
    }
}
