import Accounts
import Addresses
import ConditionalAccess
import CredentialStore
import Cryptography
import DeviceModels
import Encoding
import WebAuthn

/// Seals how far a sign-in has come, and opens it when the front end comes back with it.
///
/// A transaction is the base64url of a CBOR array and an HMAC-SHA256 of it, under a key that only the servers of one
/// installation have. It hides nothing from the front end, which knows all of it.
struct SignInSealer: Sendable {
    private static let version = 1
    private static let tagLength = 32
    /// The base64url of the longest transaction: names, an application, a program's name and some steps.
    private static let longestText = 3072
    private let key: [UInt8]

    /// Derives its key from the installation's secret, 32 bytes.
    init(secret: [UInt8]) {
        key = HMACSHA256.authenticate(Array("countersign sign-in seal 1".utf8), key: secret)
    }

    /// The transaction of a state.
    func seal(_ state: SignInState) -> String {
        let payload = Self.cbor(of: state).encoded()
        return Base64URL.encode(payload + HMACSHA256.authenticate(payload, key: key))
    }

    /// The state of a transaction of ours, or `nil` for any other text. Whether its time is over is not checked here.
    func open(_ transaction: String) -> SignInState? {
        guard
            transaction.utf8.count <= Self.longestText,
            let sealed = try? Base64URL.decode(transaction), sealed.count > Self.tagLength
        else { return nil }
        let payload = Array(sealed.dropLast(Self.tagLength))
        let tag = HMACSHA256.authenticate(payload, key: key)
        guard ConstantTime.areEqual(tag, Array(sealed.suffix(Self.tagLength))) else { return nil }
        return (try? CBOR.decode(payload)).flatMap(Self.state(of:))
    }

    // MARK: Values

    private static func cbor(of state: SignInState) -> CBOR {
        let circumstances = state.circumstances
        return .array([
            CBOR(version), .bytes(state.correlation), CBOR(Int(state.step)),
            .text(state.user.text), .text(state.client), .text(state.service ?? ""),
            .text(state.address?.description ?? ""), .text(circumstances.country?.code ?? ""),
            .text(circumstances.clientKind?.rawValue ?? ""),
            .text(circumstances.userAgent ?? ""), .text(circumstances.password?.rawValue ?? ""),
            .text(circumstances.reportedRisk?.rawValue ?? ""),
            CBOR(Int(state.startedAt.milliseconds)), CBOR(Int(state.expiresAt.milliseconds)),
            .array(state.shown.map(cbor(of:))),
        ])
    }

    private static func state(of value: CBOR) -> SignInState? {
        guard
            let members = value.arrayValue, members.count == 15,
            members[0].intValue == version, let correlation = members[1].bytesValue,
            correlation.count == 16, let step = members[2].intValue.flatMap(UInt8.init(exactly:)),
            let user = members[3].textValue.flatMap(UserName.init),
            let client = members[4].textValue,
            let service = members[5].textValue, let address = members[6].textValue,
            let country = members[7].textValue, let kind = members[8].textValue,
            let userAgent = members[9].textValue, let password = members[10].textValue,
            let risk = members[11].textValue, let start = members[12].intValue,
            let end = members[13].intValue, let factors = members[14].arrayValue
        else { return nil }
        let shown = factors.compactMap(factor(of:))
        guard shown.count == factors.count else { return nil }
        return SignInState(
            correlation: correlation, step: step, isTransaction: true, user: user, client: client,
            service: service.isEmpty ? nil : service, address: try? IPAddress(address),
            circumstances: SignInCircumstances(
                country: Country(country), clientKind: ClientKind(rawValue: kind),
                userAgent: userAgent.isEmpty ? nil : userAgent,
                password: SignInCircumstances.Password(rawValue: password),
                reportedRisk: RiskLevel(rawValue: risk)),
            startedAt: Timestamp(milliseconds: Int64(start)),
            expiresAt: Timestamp(milliseconds: Int64(end)), shown: shown)
    }

    private static func cbor(of factor: ShownFactor) -> CBOR {
        .array([
            CBOR(Int(factor.at.milliseconds)), .text(factor.method.rawValue),
            .bytes(factor.credentialID ?? []), .text(factor.label), .bool(factor.isUserVerified),
            .bool(factor.isHardwareBound), .array(factor.device.map(cbor(of:)) ?? []),
        ])
    }

    private static func factor(of value: CBOR) -> ShownFactor? {
        guard
            let members = value.arrayValue, members.count == 7, let at = members[0].intValue,
            let method = members[1].textValue.flatMap(SignInMethod.init(rawValue:)),
            let credential = members[2].bytesValue, let label = members[3].textValue,
            let isUserVerified = members[4].boolValue, let isHardwareBound = members[5].boolValue,
            let device = members[6].arrayValue
        else { return nil }
        let facts = Self.device(of: device)
        guard device.isEmpty || facts != nil else { return nil }
        return ShownFactor(
            at: Timestamp(milliseconds: Int64(at)), method: method,
            credentialID: credential.isEmpty ? nil : credential, label: label,
            isUserVerified: isUserVerified, isHardwareBound: isHardwareBound, device: facts)
    }

    private static func cbor(of device: DeviceFacts) -> [CBOR] {
        [
            .bytes(device.aaguid?.bytes ?? []), .text(device.model?.description ?? ""),
            .text(device.firmware?.description ?? ""), .bool(device.isAttested),
            .array(device.openAdvisories.map(\.description).sorted().map(CBOR.text)),
            .array(device.verification.map(\.rawValue).sorted().map(CBOR.text)),
            .text(device.certification?.rawValue ?? ""),
        ]
    }

    private static func device(of members: [CBOR]) -> DeviceFacts? {
        guard
            members.count == 7, let aaguid = members[0].bytesValue,
            let model = members[1].textValue, let firmware = members[2].textValue,
            let isAttested = members[3].boolValue, let advisories = members[4].arrayValue,
            let means = members[5].arrayValue, let certification = members[6].textValue
        else { return nil }
        return DeviceFacts(
            aaguid: AAGUID(bytes: aaguid), model: ModelID(model),
            certification: CertificationLevel(rawValue: certification),
            verification: Set(
                means.compactMap(\.textValue).compactMap(UserVerificationMeans.init(rawValue:))),
            isAttested: isAttested,
            openAdvisories: Set(advisories.compactMap(\.textValue).compactMap { AdvisoryID($0) }),
            firmware: FirmwareVersion(firmware))
    }
}
