import DeviceModels
import StrictYAML
import WebAuthn

/// Entries that every test of this target starts from.
enum Samples {
    static let model = """
        schema: 1
        id: acme-anvil
        vendor: Acme
        name: Acme Anvil
        products: [Anvil, Anvil C]
        software: false
        form-factors: [usb-a, usb-c]
        transports: [usb, nfc]
        ctap-versions: [U2F_V2, FIDO_2_1]
        user-verification: [fingerprint, pin]
        firmware-encoding: byte-triple
        aaguids:
          - value: 00112233-4455-6677-8899-aabbccddeeff
            firmware: { from: 1.0.0, until: 2.0.0 }
            certification: fido-l1
          - value: 00112233-4455-6677-8899-aabbccddee00
            firmware: { from: 1.5.0 }
          - value: 00112233-4455-6677-8899-aabbccddee01
        usb:
          - 1050:0407
        attestation:
          - role: root
            subject: CN=Acme Root
            sha256: 0fa1386f80eb8713263ae5c1d84deb455bdf08aea50ab05503cefee82b092d42
        quirks:
          - id: rings-when-struck
            summary: It rings.
        sources:
          - at: https://example.com/anvil
            title: The anvil book
            supports:
              - vendor
              - name
              - products
              - software
              - form-factors
              - transports
              - ctap-versions
              - user-verification
              - firmware-encoding
              - aaguids
              - usb
              - attestation
          - at: Devices/Catalog/README.md
            title: Our own bench
            supports: [quirks]
        """

    static let card = """
        schema: 1
        id: acme-card
        vendor: Acme
        name: Acme Card
        software: false
        transports: [smart-card]
        piv:
          atrs:
            - 3B 8C 80 01
            - 3F 00
          attested-form-factors: [0x01, 0xf2]
          firmware: { from: 1.0.0, until: 2.0.0 }
          algorithms: [RSA-2048, P-256]
          attestation:
            - role: root
              subject: CN=Acme Card Root
              sha256: 1fa1386f80eb8713263ae5c1d84deb455bdf08aea50ab05503cefee82b092d42
        sources:
          - at: https://example.com/card
            title: The card book
            supports:
              - vendor
              - name
              - software
              - transports
              - piv.atrs
              - piv.attested-form-factors
              - piv.firmware
              - piv.algorithms
          - at: Devices/Catalog/README.md
            title: Our own bench
            supports: [piv.attestation]
        """

    /// The model and the card, by their names.
    static let entries = ["acme-anvil": model, "acme-card": card]

    static let advisory = """
        ---
        schema: 1
        id: ACME-2030-01
        title: Anvils ring
        severity: high
        published: 2030-02-28
        action: refuse
        consequence: Anyone hears it.
        affected:
          - model: acme-anvil
            firmware: { until: 1.7.0 }
        references:
          - at: https://example.com/ring
            title: The advisory
        ---

        # Anvils ring

        Anything *may* stand here, & unread.
        """

    static func decode(_ text: String) throws(CatalogueError) -> DeviceModel {
        try DeviceModel(yaml: Array(text.utf8), file: "acme-anvil.yaml")
    }

    static func decodeNote(_ text: String) throws(CatalogueError) -> Advisory {
        try Advisory(markdown: Array(text.utf8), file: "ACME-2030-01.md")
    }

    /// The sample model with each `old` replaced by `new`.
    static func model(replacing old: String, by new: String) -> String {
        replace(old, by: new, in: model)
    }

    /// The sample card with each `old` replaced by `new`.
    static func card(replacing old: String, by new: String) -> String {
        replace(old, by: new, in: card)
    }

    /// `text` with each `old` replaced by `new`.
    static func replace(_ old: String, by new: String, in text: String) -> String {
        var result = ""
        var rest = Substring(text)
        while let range = rest.firstRange(of: old) {
            result += rest[..<range.lowerBound] + new
            rest = rest[range.upperBound...]
        }
        return result + rest
    }

    static func place(_ line: Int) -> FilePosition {
        FilePosition(file: "acme-anvil.yaml", line: line)
    }
}
