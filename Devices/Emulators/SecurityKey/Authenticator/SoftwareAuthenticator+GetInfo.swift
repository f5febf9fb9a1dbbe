import CTAP
import WebAuthn

extension SoftwareAuthenticator {
    /// authenticatorGetInfo (CTAP 2.1 §6.4).
    var information: GetInfoResponse {
        // A key that must always verify the person has no use for U2F, which cannot (§7.2.4).
        var information = GetInfoResponse(
            versions: (state.alwaysUv ? [] : ["U2F_V2"]) + ["FIDO_2_0", "FIDO_2_1"],
            aaguid: SoftwareSecurityKey.Model.aaguid.bytes,
            options: [
                "rk": true,
                "up": true,
                "plat": false,
                "uv": !state.fingerprints.isEmpty,
                "clientPin": state.pin != nil,
                "pinUvAuthToken": true,
                "makeCredUvNotRqd": !state.alwaysUv,
                "alwaysUv": state.alwaysUv,
                "bioEnroll": !state.fingerprints.isEmpty,
                "uvBioEnroll": true,
                "credMgmt": true,
                "authnrCfg": true,
                "setMinPINLength": true,
                "largeBlobs": true,
                "ep": state.enterpriseAttestation,
            ])
        information.extensions = ["credProtect", "hmac-secret", "largeBlobKey", "minPinLength"]
        information.maximumMessageSize = Limits.messageSize
        information.pinUVAuthProtocols = [2, 1]
        information.maximumCredentialCountInList = Limits.credentialsInList
        information.maximumCredentialIDLength = Limits.credentialIDLength
        information.transports = [AuthenticatorTransport.usb.rawValue]
        information.algorithms = [
            CredentialParameters(algorithm: COSEAlgorithm.es256.rawValue)
        ]
        information.maximumLargeBlobArrayLength = Limits.largeBlobArrayLength
        information.forcePINChange = state.forcePINChange
        information.minimumPINLength = state.minimumPINLength
        information.firmwareVersion = SoftwareSecurityKey.Model.encodedFirmwareVersion
        information.maximumRPIDsForMinimumPINLength = Limits.relyingPartiesForMinimumPINLength
        information.preferredPlatformUVAttempts = Limits.uvRetries
        information.userVerificationModality = 0x02
        information.remainingDiscoverableCredentials =
            Limits.discoverableCredentials - state.credentials.count
        return information
    }
}
