import Cryptography
import PIV

/// All that a software card remembers without power. It holds secrets.
struct CardState: Hashable, Sendable {
    /// Survives a reset.
    let serialNumber: UInt32
    /// Who attests keys. Survives a reset.
    let attestation: CardAttestation
    var pin = CardReference.factoryPIN
    var puk = CardReference.factoryPUK
    var managementKey: CardManagementKey
    /// The keys of the slots, but not the one that attests.
    var keys: [PIVSlot: CardKey] = [:]
    /// What PUT DATA stored, without the template around it.
    var objects: [DataObjectID: [UInt8]] = [:]

    /// The state of a card that nobody has used yet.
    init(
        serialNumber: UInt32, attestation: CardAttestation, managementKey: CardManagementKey
    ) {
        self.serialNumber = serialNumber
        self.attestation = attestation
        self.managementKey = managementKey
    }
}

/// A PIN or PUK and how often it may still be wrong.
struct CardReference: Hashable, Sendable {
    /// Eight bytes, filled up with FF.
    var value: [UInt8]
    /// What ``triesLeft`` starts from again after a right one: 1…255.
    var tries: Int
    /// How many wrong ones may follow before it is blocked.
    var triesLeft: Int

    /// 123456.
    static let factoryPIN = CardReference(
        value: Array("123456".utf8) + [0xFF, 0xFF], tries: CardLimits.pinTries,
        triesLeft: CardLimits.pinTries)
    /// 12345678.
    static let factoryPUK = CardReference(
        value: Array("12345678".utf8), tries: CardLimits.pukTries, triesLeft: CardLimits.pukTries)

    var isBlocked: Bool { triesLeft == 0 }
}

/// The key 9B, by which a card is managed.
struct CardManagementKey: Hashable, Sendable {
    let algorithm: PIVAlgorithm
    /// As long as the algorithm wants it.
    let bytes: [UInt8]
    let touchPolicy: TouchPolicy

    /// The key, where there can be one of this algorithm and length.
    init?(algorithm: PIVAlgorithm, bytes: [UInt8], touchPolicy: TouchPolicy) {
        guard let length = algorithm.managementKeyLength, bytes.count == length else { return nil }
        self.algorithm = algorithm
        self.bytes = bytes
        self.touchPolicy = touchPolicy
    }

    private init(algorithm: PIVAlgorithm, count: Int) {
        self.algorithm = algorithm
        bytes = (0..<count).map { UInt8($0 % 8) + 1 }
        touchPolicy = .never
    }

    /// The one that everybody knows: 01 to 08, over and over. `algorithm` is one for management keys.
    static func factory(_ algorithm: PIVAlgorithm) -> CardManagementKey {
        CardManagementKey(algorithm: algorithm, count: algorithm.managementKeyLength ?? 24)
    }

    var isFactoryValue: Bool {
        ConstantTime.areEqual(bytes, Self.factory(algorithm).bytes)
    }
}
