public import ISO7816
public import PIV

extension SoftwareCard {
    /// How a software card behaves.
    public struct Configuration: Sendable {
        /// The serial number of a card that is newly made; `nil` for a random one.
        public var serialNumber: UInt32?
        /// What the card says of its firmware, also in attestations.
        public var firmware: CardFirmware
        /// The kind of management key that a new card has, and one that was reset: triple DES or AES. Its value is the
        /// one that everybody knows.
        public var managementKeyAlgorithm: PIVAlgorithm
        /// Whether the card takes lengths of two bytes besides those of one. Its answer to reset says so.
        public var lengths: CommandAPDU.Encoding
        /// How long the card waits for a touch.
        public var touchTimeout: Duration

        /// A card with a triple DES management key and lengths of one byte that waits 15 seconds for a touch.
        public init(
            serialNumber: UInt32? = nil, firmware: CardFirmware = Model.firmware,
            managementKeyAlgorithm: PIVAlgorithm = .tripleDES,
            lengths: CommandAPDU.Encoding = .short, touchTimeout: Duration = .seconds(15)
        ) {
            self.serialNumber = serialNumber
            self.firmware = firmware
            self.managementKeyAlgorithm = managementKeyAlgorithm
            self.lengths = lengths
            self.touchTimeout = touchTimeout
        }

        var answerToReset: [UInt8] {
            switch lengths {
            case .short: Model.answerToReset
            case .extended: Model.extendedAnswerToReset
            }
        }
    }

    /// What the software card says of its model.
    public enum Model {
        /// The firmware whose vendor commands the card has.
        public static let firmware = CardFirmware(major: 5, minor: 7, patch: 0)
        /// What the application is called in the response to SELECT.
        public static let label = "Countersign software card"
        /// The form factor in attestations: none of the known ones.
        public static let formFactor: UInt8 = 0

        /// The answer to reset of a card with lengths of one byte: direct convention, T=0 and T=1, and `Countersign` as
        /// historical bytes.
        public static let answerToReset = withCheckByte(
            [0x3B, 0x8B, 0x80, 0x01] + Array("Countersign".utf8))
        /// The answer to reset of a card with lengths of two bytes. Its historical bytes are in the compact form of
        /// ISO 7816-4 §8.1.1: card capabilities with selection by whole and partial name, chaining, and extended
        /// lengths; then `Csign` as the maker's data.
        public static let extendedAnswerToReset = withCheckByte(
            [0x3B, 0x8B, 0x80, 0x01, 0x80, 0x73, 0xC0, 0x21, 0xC0, 0x65] + Array("Csign".utf8))

        /// TCK makes the exclusive or of all bytes from T0 on zero (ISO 7816-3 §8.2.5).
        private static func withCheckByte(_ bytes: [UInt8]) -> [UInt8] {
            bytes + [bytes.dropFirst().reduce(0, ^)]
        }
    }
}
