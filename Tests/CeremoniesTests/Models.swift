import DeviceModels
import WebAuthn

/// A small catalogue: Acme's anvil, hardware, with three AAGUIDs, and one advisory about it.
enum Models {
    /// Shipped with firmware 1.0 up to 2.0.
    static let old = "00112233-4455-6677-8899-aabbccddeeff"
    /// Shipped with firmware from 2.0.
    static let new = "00112233-4455-6677-8899-aabbccddee00"
    /// Shipped with who knows what.
    static let vague = "00112233-4455-6677-8899-aabbccddee01"

    static func catalogue(action: String, software: Bool = false) throws -> Catalogue {
        let model = """
            schema: 1
            id: acme-anvil
            vendor: Acme
            name: Acme Anvil
            software: \(software)
            transports: [usb]
            ctap-versions: [FIDO_2_1]
            user-verification: [fingerprint, pin]
            aaguids:
              - value: \(old)
                firmware: { from: 1.0.0, until: 2.0.0 }
              - value: \(new)
                firmware: { from: 2.0.0 }
              - value: \(vague)
            sources:
              - at: https://example.com/anvil
                title: The anvil book
                supports: [vendor, name, software, transports, ctap-versions, user-verification, aaguids]
            """
        let advisory = """
            ---
            schema: 1
            id: ACME-2030-01
            title: Anvils ring
            severity: high
            published: 2030-02-28
            action: \(action)
            consequence: Anyone hears it.
            affected:
              - model: acme-anvil
                firmware: { until: 2.0.0 }
            references:
              - at: https://example.com/ring
                title: The advisory
            ---
            """
        return try Catalogue(
            models: [DeviceModel(yaml: Array(model.utf8), file: "acme-anvil.yaml")],
            advisories: [Advisory(markdown: Array(advisory.utf8), file: "ACME-2030-01.md")])
    }

    /// Acme's card, of whose firmware before 2.0.0 an advisory says not to enrol RSA or `family` keys; its attestations
    /// lead to `root`, the SHA-256 of a certificate in hexadecimal.
    static func cards(root: String, family: String, software: Bool = false) throws -> Catalogue {
        let model = """
            schema: 1
            id: acme-card
            vendor: Acme
            name: Acme Card
            software: \(software)
            transports: [smart-card]
            piv:
              atrs: [3B 00]
              firmware: { from: 1.0.0 }
              attestation:
                - role: root
                  subject: CN=Card maker
                  sha256: \(root)
            sources:
              - at: https://example.com/card
                title: The card book
                supports: [vendor, name, software, transports, piv.atrs, piv.firmware, piv.attestation]
            """
        let advisory = """
            ---
            schema: 1
            id: ACME-2031-01
            title: Cards bend
            severity: high
            published: 2031-02-28
            action: refuse
            consequence: Anyone sees it.
            affected:
              - model: acme-card
                firmware: { until: 2.0.0 }
                applications: [piv]
                algorithms: [\(family)]
            references:
              - at: https://example.com/bend
                title: The advisory
            ---
            """
        return try Catalogue(
            models: [DeviceModel(yaml: Array(model.utf8), file: "acme-card.yaml")],
            advisories: [Advisory(markdown: Array(advisory.utf8), file: "ACME-2031-01.md")])
    }
}
