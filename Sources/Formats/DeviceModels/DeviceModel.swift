public import WebAuthn

/// One model of authenticator: the facts of one YAML file of the catalogue.
///
/// A model is what an AAGUID can tell apart. Makers give one AAGUID to products that differ only
/// in their connector, so a model lists the `products` that it is sold as. A card without FIDO has
/// no AAGUID; it is told by its `piv` section. Every model has the one or the other.
public struct DeviceModel: Sendable, Hashable, Identifiable {
    /// The stable name of the entry.
    public let id: ModelID
    /// Who makes it.
    public let vendor: String
    /// What the maker calls it.
    public let name: String
    /// The products that are this model; empty when `name` is the only one.
    public let products: [String]
    /// Whether it is a program. A software authenticator keeps its keys where a copy can be made,
    /// and a policy may want to know.
    public let isSoftware: Bool
    /// The shapes that it comes in; empty when not known.
    public let formFactors: Set<FormFactor>
    /// How it is connected.
    public let transports: Set<ModelTransport>
    /// The versions that some firmware of this model lists in its authenticatorGetInfo reply, and
    /// `u2f` where it has only that; empty where it has no FIDO application.
    public let ctapVersions: Set<CTAPVersion>
    /// What it verifies its user by; empty when it can only tell that someone is present.
    public let userVerification: Set<UserVerificationMeans>
    /// What its `firmwareVersion` integer means; nil when not known.
    public let firmwareEncoding: FirmwareEncoding?
    /// Its AAGUIDs; empty where it has none.
    public let aaguids: [ModelAAGUID]
    /// The USB numbers that it shows while its FIDO interface is on.
    public let usb: Set<USBIdentifier>
    /// Certificates that its FIDO attestations lead to. Hints: trust anchors are not here.
    public let attestation: [AttestationHint]
    /// What is known of its PIV application; nil where it has none or nothing is known.
    public let piv: ModelPIV?
    /// Behaviour that surprises.
    public let quirks: [Quirk]
    /// Where the facts come from: each fact is supported by at least one.
    public let sources: [Source]

    /// What is known of `aaguid`, if it is one of this model's.
    public func claim(of aaguid: AAGUID) -> ModelAAGUID? {
        aaguids.first { $0.value == aaguid }
    }

    /// The applications that the entry knows of.
    public var applications: Set<ModelApplication> {
        var applications: Set<ModelApplication> = []
        if !aaguids.isEmpty || !ctapVersions.isEmpty { applications.insert(.fido) }
        if piv != nil { applications.insert(.piv) }
        return applications
    }

    /// The version in the integer `firmwareVersion` of an authenticatorGetInfo reply; nil where
    /// this model's number carries none, or nobody knows what it means.
    public func firmware(reported value: UInt64) -> FirmwareVersion? {
        firmwareEncoding.flatMap { FirmwareVersion(reported: value, encoding: $0) }
    }
}

/// An AAGUID of a model, and what having it says.
public struct ModelAAGUID: Sendable, Hashable {
    /// The AAGUID.
    public let value: AAGUID
    /// The firmware that the maker ships it with; nil when not known.
    public let firmware: FirmwareRange?
    /// The level it is certified to; nil when not known.
    public let certification: CertificationLevel?
}

/// The shape of an authenticator, by its connector.
public enum FormFactor: String, Sendable, Hashable, CaseIterable {
    /// A key with a USB-A plug.
    case usbA = "usb-a"
    /// A key with a USB-C plug.
    case usbC = "usb-c"
    /// Hardly more than the USB-A plug itself, made to stay plugged in.
    case usbANano = "usb-a-nano"
    /// Hardly more than the USB-C plug itself, made to stay plugged in.
    case usbCNano = "usb-c-nano"
    /// A key with a USB-C plug and a Lightning plug.
    case usbCLightning = "usb-c-lightning"
    /// A card.
    case card
    /// No shape: a program.
    case software
}

/// How a model is connected.
public enum ModelTransport: String, Sendable, Hashable, CaseIterable {
    /// USB.
    case usb
    /// Near-field communication.
    case nfc
    /// Bluetooth Low Energy.
    case ble
    /// Contacts, in a card reader (ISO 7816).
    case smartCard = "smart-card"
}

/// A version string of authenticatorGetInfo (CTAP 2.1 §6.4).
public enum CTAPVersion: String, Sendable, Hashable, CaseIterable {
    /// CTAP1, the U2F messages.
    case u2f = "U2F_V2"
    /// CTAP 2.0.
    case ctap20 = "FIDO_2_0"
    /// The preview features that came before CTAP 2.1.
    case ctap21Preview = "FIDO_2_1_PRE"
    /// CTAP 2.1.
    case ctap21 = "FIDO_2_1"
    /// CTAP 2.3.
    case ctap23 = "FIDO_2_3"
}

/// What an authenticator can verify its user by.
public enum UserVerificationMeans: String, Sendable, Hashable, CaseIterable {
    /// A fingerprint, matched in the authenticator.
    case fingerprint
    /// A PIN that the platform collects and the authenticator checks.
    case pin
}

/// A certification level of the FIDO Alliance.
public enum CertificationLevel: String, Sendable, Hashable, CaseIterable {
    /// Level 1.
    case level1 = "fido-l1"
    /// Level 2.
    case level2 = "fido-l2"
    /// Level 3.
    case level3 = "fido-l3"
}

/// A certificate that attestations of a model lead to.
public struct AttestationHint: Sendable, Hashable {
    /// The place of a certificate in the chain.
    public enum Role: String, Sendable, Hashable, CaseIterable {
        /// The top of the chain.
        case root
        /// The certificate that a batch of authenticators signs with.
        case batch
    }

    /// Its place in the chain.
    public let role: Role
    /// Its subject; nil when not known.
    public let subject: String?
    /// The SHA-256 digest of its DER form, 32 bytes.
    public let sha256: [UInt8]
}

/// Something a model does that a reader of the specification would not expect.
public struct Quirk: Sendable, Hashable {
    /// A short name, stable.
    public let id: ModelID
    /// What happens, in a sentence.
    public let summary: String
}

/// Where facts of an entry were read.
public struct Source: Sendable, Hashable {
    /// An `https` address, or a path in this repository for what is our own.
    public let location: String
    /// What stands there.
    public let title: String
    /// The fields of the entry that it supports, by their names in the file.
    public let supports: Set<String>
}
