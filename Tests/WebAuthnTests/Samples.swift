import Encoding
import WebAuthn

/// Structures with their bytes, written out by hand from the specification's tables.
enum Samples {
    /// The public key of RFC 6979 §A.2.5.
    static let x = "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
    static let y = "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"
    static let coseKey = "a5010203262001" + "215820\(x)" + "225820\(y)"
    /// The SHA-256 of `example.org`.
    static let rpIDHash = "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b5"
    static let aaguid = "0102030405060708090a0b0c0d0e0f10"
    static let credential = aaguid + "0004" + "deadbeef" + coseKey
    /// `{"credProtect": 2}`.
    static let extensions = "a16b6372656450726f7465637402"

    /// UP and UV, counter 0x01020304.
    static let assertionData = rpIDHash + "05" + "01020304"
    /// UP, UV and AT, counter 0.
    static let registrationData = rpIDHash + "45" + "00000000" + credential
    /// UP, UV, BE, BS, AT and ED, counter 9.
    static let extendedData = rpIDHash + "dd" + "00000009" + credential + extensions

    static let noneObject =
        "a3" + "63666d74" + "646e6f6e65" + "6761747453746d74" + "a0" + "686175746844617461"
        + "5888" + registrationData
    /// A statement of two short strings in place of a signature and a certificate.
    static let packedObject =
        "a3" + "63666d74" + "667061636b6564" + "6761747453746d74"
        + "a3" + "63616c67" + "26" + "63736967" + "43010203" + "63783563" + "8142aabb"
        + "686175746844617461" + "5888" + registrationData

    static func publicKey() throws -> COSEKey {
        .es256(x: try Hex.decode(x), y: try Hex.decode(y))
    }

    static func registration(
        flags: AuthenticatorData.Flags = [.userPresent, .userVerified], counter: UInt32 = 0,
        extensions: CBOR? = nil
    ) throws -> AuthenticatorData {
        AuthenticatorData(
            rpIDHash: try Hex.decode(rpIDHash), flags: flags, signatureCounter: counter,
            attestedCredential: AttestedCredentialData(
                aaguid: AAGUID(bytes: Array(1...16)) ?? .zero,
                credentialID: try CredentialID(bytes: [0xDE, 0xAD, 0xBE, 0xEF]),
                publicKey: try publicKey()),
            extensions: extensions)
    }
}
