import Encoding
import StrictYAML

extension ModelPIV {
    /// The keys of the section `piv` of an entry.
    static let fields = ["atrs", "attested-form-factors", "firmware", "algorithms", "attestation"]

    /// Decodes the section `piv`. A card has to be told by something: its answer to reset or the
    /// form factor that it attests.
    init(_ section: YAMLMapping) throws(YAMLError) {
        guard section["atrs"] != nil || section["attested-form-factors"] != nil else {
            throw .missingKey(section.location, key: "atrs")
        }
        self.init(
            answersToReset: try Self.answersToReset(section["atrs"]),
            attestedFormFactors: try Self.formFactors(section["attested-form-factors"]),
            firmware: try section["firmware"]?.firmwareRange(),
            algorithms: try DeviceModel.words(section["algorithms"]),
            attestation: try DeviceModel.attestation(section["attestation"])
        )
    }

    private static func answersToReset(
        _ value: YAMLValue?
    ) throws(YAMLError) -> Set<[UInt8]> {
        guard let value else { return [] }
        return try value.set { element throws(YAMLError) in
            try element.decoded(
                "2 to 33 bytes in upper-case hexadecimal, the first 3B or 3F: 3B 8C 80 01"
            ) { text in
                let digits = text.split(separator: " ", omittingEmptySubsequences: false)
                guard (2...33).contains(digits.count),
                    digits.allSatisfy({ $0.utf8.count == 2 && $0 == $0.uppercased() }),
                    digits[0] == "3B" || digits[0] == "3F"
                else { return nil }
                return try? Hex.decode(digits.joined())
            }
        }
    }

    private static func formFactors(_ value: YAMLValue?) throws(YAMLError) -> Set<UInt8> {
        guard let value else { return [] }
        return try value.set { element throws(YAMLError) in
            try element.decoded("a byte in lower-case hexadecimal: 0x81") { text in
                guard text.hasPrefix("0x"), let bytes = try? Hex.decode(text.dropFirst(2)),
                    bytes.count == 1, "0x" + Hex.encode(bytes) == text
                else { return nil }
                return bytes.first
            }
        }
    }
}
