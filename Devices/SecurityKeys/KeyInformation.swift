import Authenticators
import CFIDO2
import WebAuthn

/// What a key says of itself in authenticatorGetInfo (CTAP 2.1 §6.4), or what goes without saying for a U2F key.
struct KeyInformation: Sendable {
    var versions: [String] = []
    var extensions: [String] = []
    var options: [String: Bool] = [:]
    var transports: [AuthenticatorTransport] = []
    var algorithms: [COSEAlgorithm] = []
    var aaguid: AAGUID?
    var firmwareVersion: UInt64?
    var minimumPINLength: Int?
    var isPINChangeRequired = false
    var means = VerificationMeans.unspecified
    var remainingCredentials: Int?

    /// A key that knows the U2F messages only.
    static let u2f = KeyInformation(versions: ["U2F_V2"], algorithms: [.es256])

    var hasBuiltInVerification: Bool { options["uv"] == true }
    var hasPIN: Bool { options["clientPin"] == true }

    /// The first of the wanted algorithms that the key has. A key that names none is taken to have ES256 only, as all
    /// of them do.
    func algorithm(among wanted: [COSEAlgorithm]) -> COSEAlgorithm? {
        let known = algorithms.isEmpty ? [.es256] : algorithms
        return wanted.first(where: known.contains)
    }
}

extension DeviceHandle {
    /// Asks the key for its information.
    borrowing func information() throws(AuthenticatorFailure) -> KeyInformation {
        guard isFIDO2 else { return .u2f }
        let reply = try InformationHandle()
        let status = try unsafe call { device in
            unsafe fido_dev_get_cbor_info(device, reply.pointer)
        }
        guard status == .success else { throw status.failure }
        return reply.information
    }
}

/// An authenticatorGetInfo reply as libfido2 has decoded it.
@safe private struct InformationHandle: ~Copyable {
    let pointer: OpaquePointer

    init() throws(AuthenticatorFailure) {
        guard let pointer = unsafe fido_cbor_info_new() else {
            throw .unexpectedStatus(FIDOStatus.internalError.description)
        }
        unsafe self.pointer = pointer
    }

    deinit {
        var information: OpaquePointer? = unsafe pointer
        unsafe fido_cbor_info_free(&information)
    }

    var information: KeyInformation {
        var result = KeyInformation()
        result.versions = unsafe Self.strings(
            fido_cbor_info_versions_ptr(pointer), fido_cbor_info_versions_len(pointer))
        result.extensions = unsafe Self.strings(
            fido_cbor_info_extensions_ptr(pointer), fido_cbor_info_extensions_len(pointer))
        result.transports = unsafe Self.strings(
            fido_cbor_info_transports_ptr(pointer), fido_cbor_info_transports_len(pointer)
        ).map(AuthenticatorTransport.init(rawValue:))
        let names = unsafe Self.strings(
            fido_cbor_info_options_name_ptr(pointer), fido_cbor_info_options_len(pointer))
        if let values = unsafe fido_cbor_info_options_value_ptr(pointer) {
            for (index, name) in names.enumerated() { unsafe result.options[name] = values[index] }
        }
        result.algorithms = unsafe (0..<fido_cbor_info_algorithm_count(pointer)).map {
            unsafe COSEAlgorithm(rawValue: Int(fido_cbor_info_algorithm_cose(pointer, $0)))
        }
        result.aaguid = unsafe AAGUID(
            bytes: UnsafeBufferPointer(
                start: fido_cbor_info_aaguid_ptr(pointer),
                count: fido_cbor_info_aaguid_len(pointer)))
        result.firmwareVersion = unsafe Self.unlessZero(fido_cbor_info_fwversion(pointer))
        result.minimumPINLength = unsafe Self.unlessZero(fido_cbor_info_minpinlen(pointer))
            .flatMap(Int.init(exactly:))
        result.isPINChangeRequired = unsafe fido_cbor_info_new_pin_required(pointer)
        result.means = Self.means(unsafe fido_cbor_info_uv_modality(pointer), result.options)
        let remaining = unsafe fido_cbor_info_rk_remaining(pointer)
        result.remainingCredentials = remaining >= 0 ? Int(exactly: remaining) : nil
        return result
    }

    /// libfido2 reports a member that the reply does not have as zero.
    private static func unlessZero(_ value: UInt64) -> UInt64? { value == 0 ? nil : value }

    /// The registry of FIDO user verification methods (FIDO Registry of Predefined Values §3.1).
    /// CTAP 2.0 keys have no such member, and give a fingerprint sensor away by letting fingers be enrolled.
    private static func means(_ modality: UInt64, _ options: [String: Bool]) -> VerificationMeans {
        if modality & UInt64(FIDO_UV_MODE_FP) != 0 { return .fingerprint }
        if modality & UInt64(FIDO_UV_MODE_FACE) != 0 { return .face }
        if modality & UInt64(FIDO_UV_MODE_PIN) != 0 { return .pinAtDevice }
        let enrolment = options["bioEnroll"] ?? options["userVerificationMgmtPreview"]
        return enrolment == nil ? .unspecified : .fingerprint
    }

    private static func strings(
        _ start: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, _ count: Int
    ) -> [String] {
        guard let start = unsafe start else { return [] }
        return (0..<count).compactMap { index in
            unsafe start[index].map { unsafe String(cString: $0) }
        }
    }
}
