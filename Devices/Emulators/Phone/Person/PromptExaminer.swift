import Cryptography
package import PushMessages

/// Why a message that came to the phone does not show.
public enum PromptFlaw: String, Error, Sendable, Hashable, CaseIterable {
    /// It was not encrypted for this phone, or was changed since.
    case notDecryptable = "not-decryptable"
    /// It is no prompt.
    case malformed
    /// The server that the phone is enrolled with has not signed it.
    case wrongSignature = "wrong-signature"
    /// It is for another phone or another account.
    case anotherPhone = "another-phone"
    /// Its time is over.
    case expired
    /// It was made in the future.
    case notYet = "not-yet"
    /// It has shown already.
    case shownBefore = "shown-before"
}

/// Examines what comes to an account: nothing shows that its server has not signed for it.
package struct PromptExaminer: Sendable {
    /// How far the server's clock may be ahead, in ms.
    package static let clockTolerance: Int64 = 60_000

    private let phone: PhoneID
    private let serverKey: [UInt8]

    /// Examines for the account of `phone`, whose server signs with the key of this point on P-256, 65 bytes.
    package init(phone: PhoneID, serverKey: [UInt8]) {
        self.phone = phone
        self.serverKey = serverKey
    }

    /// Examines a message: form, addressee, time, and the signature last.
    ///
    /// - Parameter now: milliseconds since 1970, by the server's clock as far as the phone knows it.
    package func examine(_ bytes: [UInt8], at now: Int64) throws(PromptFlaw) -> Prompt {
        guard let signed = try? SignedPrompt(decoding: bytes) else { throw .malformed }
        return try examine(signed, at: now)
    }

    /// The same for a prompt that is decoded already.
    func examine(_ signed: SignedPrompt, at now: Int64) throws(PromptFlaw) -> Prompt {
        let prompt = signed.prompt
        guard prompt.phone == phone else { throw .anotherPhone }
        guard now < prompt.expiresAt else { throw .expired }
        guard prompt.issuedAt <= now.addingReportingOverflow(Self.clockTolerance).partialValue
        else { throw .notYet }
        guard let key = try? PublicKey(p256Point: serverKey),
            key.isValidRawSignature(signed.signature, for: signed.message)
        else { throw .wrongSignature }
        return prompt
    }
}
