import Authenticators
import CFIDO2
import Encoding
import WebAuthn

/// A credential to be made, and then made, as libfido2 holds it.
@safe struct CredentialHandle: ~Copyable, CeremonyHandle {
    private let pointer: OpaquePointer

    private init() throws(AuthenticatorFailure) {
        guard let pointer = unsafe fido_cred_new() else {
            throw .unexpectedStatus(FIDOStatus.internalError.description)
        }
        unsafe self.pointer = pointer
    }

    /// Fills in a request. `algorithm` is the one to use, `isDiscoverable` what to ask for.
    static func request(
        _ request: CredentialCreationRequest, algorithm: COSEAlgorithm, isDiscoverable: Bool
    ) throws(AuthenticatorFailure) -> CredentialHandle {
        guard request.clientDataHash.count == 32 else {
            throw .invalidRequest(name: "clientDataHash")
        }
        guard
            ![request.relyingPartyName, request.userName, request.userDisplayName]
                .contains(where: { $0.utf8.contains(0) })
        else { throw .invalidRequest(name: "names") }
        let credential = try CredentialHandle()
        let pointer = unsafe credential.pointer
        try require(
            unsafe fido_cred_set_type(pointer, Int32(clamping: algorithm.rawValue)), "algorithms")
        try require(
            unsafe fido_cred_set_clientdata_hash(
                pointer, request.clientDataHash, request.clientDataHash.count),
            "clientDataHash")
        try require(
            unsafe fido_cred_set_rp(
                pointer, request.relyingPartyID.text, request.relyingPartyName),
            "relyingParty")
        try require(
            unsafe fido_cred_set_user(
                pointer, request.userHandle.bytes, request.userHandle.bytes.count,
                request.userName, request.userDisplayName, nil),
            "user")
        if isDiscoverable {
            try require(unsafe fido_cred_set_rk(pointer, FIDO_OPT_TRUE), "residentKey")
        }
        for excluded in request.excludedCredentials {
            try require(
                unsafe fido_cred_exclude(pointer, excluded.bytes, excluded.bytes.count),
                "excludedCredentials")
        }
        return credential
    }

    deinit {
        var credential: OpaquePointer? = unsafe pointer
        unsafe fido_cred_free(&credential)
    }

    func setBuiltInVerification(_ isWanted: Bool) throws(AuthenticatorFailure) {
        let option = isWanted ? FIDO_OPT_TRUE : FIDO_OPT_OMIT
        try require(unsafe fido_cred_set_uv(pointer, option), "userVerification")
    }

    func run(on device: OpaquePointer, pin: UnsafePointer<UInt8>?) -> Int32 {
        unsafe fido_dev_make_cred(device, pointer, pin)
    }

    /// The identifier of the credential that was made.
    var credentialID: CredentialID {
        get throws(AuthenticatorFailure) {
            let identifier = unsafe bytes(fido_cred_id_ptr(pointer), fido_cred_id_len(pointer))
            do throws(MalformedWebAuthn) {
                return try CredentialID(bytes: identifier)
            } catch {
                throw .malformedReply
            }
        }
    }

    /// The attestation object. The statement is put in as the key encoded it, certificates past the first included,
    /// which the library's own accessors leave out.
    var attestationObject: [UInt8] {
        get throws(AuthenticatorFailure) {
            guard let format = unsafe fido_cred_fmt(pointer).map({ unsafe String(cString: $0) })
            else { throw .malformedReply }
            let statement = format == "fido-u2f" ? u2fStatement : rawStatement
            let authenticatorData = unsafe bytes(
                fido_cred_authdata_raw_ptr(pointer), fido_cred_authdata_raw_len(pointer))
            do throws(MalformedEncoding) {
                guard try CBOR.decode(statement).mapValue != nil else { throw .truncated }
            } catch {
                throw .malformedReply
            }
            guard !authenticatorData.isEmpty else { throw .malformedReply }
            var writer = ByteWriter(capacity: statement.count + authenticatorData.count + 64)
            // A map of three, its keys in canonical order.
            writer.append(0xA3 as UInt8)
            writer.append(CBOR.text("fmt").encoded())
            writer.append(CBOR.text(format).encoded())
            writer.append(CBOR.text("attStmt").encoded())
            writer.append(statement)
            writer.append(CBOR.text("authData").encoded())
            writer.append(CBOR.bytes(authenticatorData).encoded())
            return writer.bytes
        }
    }

    private var rawStatement: [UInt8] {
        let statement = unsafe bytes(
            fido_cred_attstmt_ptr(pointer), fido_cred_attstmt_len(pointer))
        return statement.isEmpty ? CBOR.map([:]).encoded() : statement
    }

    /// The statement of a U2F key (WebAuthn Level 3 §8.6), made from its parts: the library's own has a member `alg`
    /// too many.
    private var u2fStatement: [UInt8] {
        let certificate = unsafe bytes(fido_cred_x5c_ptr(pointer), fido_cred_x5c_len(pointer))
        let signature = unsafe bytes(fido_cred_sig_ptr(pointer), fido_cred_sig_len(pointer))
        let statement: CBOR = [
            "sig": .bytes(signature), "x5c": .array([.bytes(certificate)]),
        ]
        return statement.encoded()
    }
}
