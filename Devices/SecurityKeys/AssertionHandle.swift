import Authenticators
import CFIDO2
import Encoding
import WebAuthn

/// An assertion to be made, and then made, as libfido2 holds it.
@safe struct AssertionHandle: ~Copyable, CeremonyHandle {
    private let pointer: OpaquePointer

    private init() throws(AuthenticatorFailure) {
        guard let pointer = unsafe fido_assert_new() else {
            throw .unexpectedStatus(FIDOStatus.internalError.description)
        }
        unsafe self.pointer = pointer
    }

    /// Fills in a request.
    static func request(
        _ request: AssertionRequest
    ) throws(AuthenticatorFailure) -> AssertionHandle {
        guard request.clientDataHash.count == 32 else {
            throw .invalidRequest(name: "clientDataHash")
        }
        let assertion = try AssertionHandle()
        let pointer = unsafe assertion.pointer
        try require(
            unsafe fido_assert_set_clientdata_hash(
                pointer, request.clientDataHash, request.clientDataHash.count),
            "clientDataHash")
        try require(
            unsafe fido_assert_set_rp(pointer, request.relyingPartyID.text), "relyingPartyID")
        for credential in request.allowedCredentials {
            try require(
                unsafe fido_assert_allow_cred(pointer, credential.bytes, credential.bytes.count),
                "allowedCredentials")
        }
        return assertion
    }

    deinit {
        var assertion: OpaquePointer? = unsafe pointer
        unsafe fido_assert_free(&assertion)
    }

    func setBuiltInVerification(_ isWanted: Bool) throws(AuthenticatorFailure) {
        let option = isWanted ? FIDO_OPT_TRUE : FIDO_OPT_OMIT
        try require(unsafe fido_assert_set_uv(pointer, option), "userVerification")
    }

    func run(on device: OpaquePointer, pin: UnsafePointer<UInt8>?) -> Int32 {
        unsafe fido_dev_get_assert(device, pointer, pin)
    }

    /// The assertions, the one whose credential is youngest first. There is one at least.
    ///
    /// - Parameter allowedCredentials: those of the request. A key that is given a single one may leave the
    ///   identifier out of its reply (CTAP 2.1 §6.2.2).
    func assertions(
        allowedCredentials: [CredentialID]
    ) throws(AuthenticatorFailure) -> [Assertion] {
        var assertions: [Assertion] = []
        for index in 0..<(unsafe fido_assert_count(pointer)) {
            assertions.append(try assertion(index, allowedCredentials))
        }
        guard !assertions.isEmpty else { throw .malformedReply }
        return assertions
    }

    private func assertion(
        _ index: Int, _ allowedCredentials: [CredentialID]
    ) throws(AuthenticatorFailure) -> Assertion {
        let identifier = unsafe bytes(
            fido_assert_id_ptr(pointer, index), fido_assert_id_len(pointer, index))
        // The library keeps authenticator data in the byte string that it came in.
        let wrapped = unsafe bytes(
            fido_assert_authdata_ptr(pointer, index), fido_assert_authdata_len(pointer, index))
        let signature = unsafe bytes(
            fido_assert_sig_ptr(pointer, index), fido_assert_sig_len(pointer, index))
        let handle = unsafe bytes(
            fido_assert_user_id_ptr(pointer, index), fido_assert_user_id_len(pointer, index))
        let name = unsafe fido_assert_user_name(pointer, index).map {
            unsafe String(cString: $0)
        }
        let credentialID: CredentialID?
        let userHandle: UserHandle?
        let authenticatorData: [UInt8]?
        do {
            credentialID =
                identifier.isEmpty && allowedCredentials.count == 1
                ? allowedCredentials.first : try CredentialID(bytes: identifier)
            userHandle = handle.isEmpty ? nil : try UserHandle(bytes: handle)
            authenticatorData = try CBOR.decode(wrapped).bytesValue
        } catch {
            throw .malformedReply
        }
        guard let credentialID, let authenticatorData, authenticatorData.count >= 37,
            !signature.isEmpty
        else { throw .malformedReply }
        return Assertion(
            credentialID: credentialID, authenticatorData: authenticatorData,
            signature: signature, userHandle: userHandle, userName: name)
    }
}
