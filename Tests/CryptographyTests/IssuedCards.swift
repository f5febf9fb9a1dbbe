import Cryptography
import Testing

/// Certificates and lists in PEM that others made: pyca/cryptography, and OpenSSL's command for what is weak. All are
/// valid from 2024 or 2026 to 2033.
enum IssuedCards {
    /// Within the validity of all: 2027-01-01.
    static let within: Int64 = 1_798_761_600

    /// P-384, signed by itself with ECDSA over SHA-384.
    static let root = """
        -----BEGIN CERTIFICATE-----
        MIIBtzCCAT2gAwIBAgIBATAKBggqhkjOPQQDAzA0MQswCQYDVQQGEwJTRTEWMBQG
        A1UECgwNRXhhbXBsZSwgSW5jLjENMAsGA1UEAwwEUm9vdDAeFw0yNDAxMDEwMDAw
        MDBaFw0zMzEyMzEyMzU5NTlaMDQxCzAJBgNVBAYTAlNFMRYwFAYDVQQKDA1FeGFt
        cGxlLCBJbmMuMQ0wCwYDVQQDDARSb290MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAE
        UbqI95cD8jqwPGO60ZqVQBGQf0g5XZNUeWLrYwaNuA97SE8icIKBiG/ATawTVaTR
        VvO/coT4P3Us7std65w3VrWgmEmim+Agd8+I4OVIpx3D1uirvulpyMFllisp2zY2
        oyMwITAPBgNVHRMBAf8EBTADAQH/MA4GA1UdDwEB/wQEAwIBBjAKBggqhkjOPQQD
        AwNoADBlAjEA09q0meAU58dOjIiwHraIldDfLRlQnpNe/HEbQzPbjihGqxoS/ZGy
        7riR17IqGGoqAjAQH6k7tLIhlZMeiJDxxAX/xYpa2GmoJ6RF7CAi/GnvBax3uYlJ
        COZcfrdeMnFYplo=
        -----END CERTIFICATE-----
        """

    /// RSA-2048, issued by `root`, with the serial number 8001.
    static let intermediate = """
        -----BEGIN CERTIFICATE-----
        MIICZzCCAe6gAwIBAgIDAIABMAoGCCqGSM49BAMDMDQxCzAJBgNVBAYTAlNFMRYw
        FAYDVQQKDA1FeGFtcGxlLCBJbmMuMQ0wCwYDVQQDDARSb290MB4XDTI0MDEwMTAw
        MDAwMFoXDTMzMTIzMTIzNTk1OVowNTELMAkGA1UEBhMCU0UxFjAUBgNVBAoMDUV4
        YW1wbGUsIEluYy4xDjAMBgNVBAMMBUNhcmRzMIIBIjANBgkqhkiG9w0BAQEFAAOC
        AQ8AMIIBCgKCAQEAm5/zLy07J81qWRDyUJubaWOG0RqV4vdhzVN1mATm6PN5FGZx
        lrvTFuTbWok69rg4B8eNul4132hueyb6ZNcywxJvUZujsR74VRWX0ARZNaMw8DBi
        HIJ4XwteP4mM6gDDuIxYQRpkuNr5Hmje8ACpdaUw38S9b8+0JiSHReUu/MX9+F+M
        OizuzNL/NyvZ8NjxvynBDh0oHZpEKo/rzybZDK/xbPuwDAPLhNEc+uhFTByxf6rw
        0C1/aUOfdVjwvgBiTvbik2tV0i9+/zCY6QD25VY65sw0cJMsB2UL1lzI1q2+NXMA
        RLZeuLtjpvuevjfKvzy5ZWX6jKsc6W5JNL/mtQIDAQABoyMwITAPBgNVHRMBAf8E
        BTADAQH/MA4GA1UdDwEB/wQEAwIBBjAKBggqhkjOPQQDAwNnADBkAjAPspJ90MTZ
        DZwr4TxHcHH+9uf3TQHO8YUjX6hM6WEWFAVmx8Sj0vV7+SWBWYlEOsICMFXpFeQ8
        JO5rU9eDlUpa4i8qnZdPXUWhUBru6o458CQGIJX32hwSiS903JDR7TSSrA==
        -----END CERTIFICATE-----
        """

    /// P-256, issued by `intermediate` with RSA over SHA-256, with alternative names.
    static let card = """
        -----BEGIN CERTIFICATE-----
        MIIC+zCCAeOgAwIBAgIJAP7cuph2VDIQMA0GCSqGSIb3DQEBCwUAMDUxCzAJBgNV
        BAYTAlNFMRYwFAYDVQQKDA1FeGFtcGxlLCBJbmMuMQ4wDAYDVQQDDAVDYXJkczAe
        Fw0yNDAxMDEwMDAwMDBaFw0zMzEyMzEyMzU5NTlaMDwxCzAJBgNVBAYTAlNFMRYw
        FAYDVQQKDA1FeGFtcGxlLCBJbmMuMRUwEwYDVQQDDAxBZGEgTG92ZWxhY2UwWTAT
        BgcqhkjOPQIBBggqhkjOPQMBBwNCAARl4CHIbBZTRwkb9y0uhIxOP84Pdc+FpvMG
        ILUi1qy9dj7amqXAbiUsL56eDllNVHfN38rBh/hwfcgfwhzE4DjOo4HRMIHOMA8G
        A1UdDwEB/wQFAwMHiIAwHwYDVR0lBBgwFgYIKwYBBQUHAwIGCisGAQQBgjcUAgIw
        gZkGA1UdEQSBkTCBjoEPYWRhQGV4YW1wbGUub3JnoCQGCisGAQQBgjcUAgOgFgwU
        YWRhQGNvcnAuZXhhbXBsZS5vcmeCD2FkYS5leGFtcGxlLm9yZ6AMBgMqAwSgBQwD
        ZXZlgRRjb3VudGVzc0BleGFtcGxlLm9yZ6AgBgorBgEEAYI3FAIDoBIMEMOlZGFA
        ZXhhbXBsZS5vcmcwDQYJKoZIhvcNAQELBQADggEBAISp4x7nYVrT/23ELjDkJTv8
        4cOPLoLzj8QR6i+umPjR4tBC5wTwkmE23UiTjRr/E+WYeRp9cOikvijWy1DKkXRX
        5EA6DQX2qDCNjdRsTj6VGpHAQDcmfIJGB78XW6DryhFK+xKxap0xoFWgU1ILm489
        FlC2uQ794CO8FwilpOTvrAan0I20OkySgjxCAnLf3xHrauEqnZNK5XjlEnNVJ/ba
        GXqcH89sBfiPZN8aGNA9+U+VeT53z8QoA/hRuuLIX3Gn4eNDbVnzMBKhVtg5EJRE
        d0MmQ79Gd7DwNEXAQGhYje70c4hvlk0mlyJga7EboUYZXvppm3ZobFM15XB8XoI=
        -----END CERTIFICATE-----
        """

    /// Likewise, with the serial number 77, which `intermediateList` revokes.
    static let lost = """
        -----BEGIN CERTIFICATE-----
        MIIDADCCAeigAwIBAgIBdzANBgkqhkiG9w0BAQsFADA1MQswCQYDVQQGEwJTRTEW
        MBQGA1UECgwNRXhhbXBsZSwgSW5jLjEOMAwGA1UEAwwFQ2FyZHMwHhcNMjQwMTAx
        MDAwMDAwWhcNMzMxMjMxMjM1OTU5WjBJMQswCQYDVQQGEwJTRTEWMBQGA1UECgwN
        RXhhbXBsZSwgSW5jLjEiMCAGA1UEAwwZQ2hhcmxlcyAiQiIgQmFiYmFnZSDDpeKA
        rjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABGXgIchsFlNHCRv3LS6EjE4/zg91
        z4Wm8wYgtSLWrL12PtqapcBuJSwvnp4OWU1Ud83fysGH+HB9yB/CHMTgOM6jgdEw
        gc4wDwYDVR0PAQH/BAUDAweIgDAfBgNVHSUEGDAWBggrBgEFBQcDAgYKKwYBBAGC
        NxQCAjCBmQYDVR0RBIGRMIGOgQ9hZGFAZXhhbXBsZS5vcmegJAYKKwYBBAGCNxQC
        A6AWDBRhZGFAY29ycC5leGFtcGxlLm9yZ4IPYWRhLmV4YW1wbGUub3JnoAwGAyoD
        BKAFDANldmWBFGNvdW50ZXNzQGV4YW1wbGUub3JnoCAGCisGAQQBgjcUAgOgEgwQ
        w6VkYUBleGFtcGxlLm9yZzANBgkqhkiG9w0BAQsFAAOCAQEAV5Ub5GGjfXN+sqbf
        0i/c5IZutqp+3RUtpDN8vO1KorC+4vU6f1kiT50yYewv7VB6X/qQpujLZ8Pcx1r1
        1Ii+GCBIifcct6i1Evg8OsEvaDl/sDK95mTH5VrskRcD46ilVsvnPQW3OUbPpQve
        W5bEYOXBKJmtp7mRKoucxNUhUtDoCsnT2e8jN5GNhJJOgh+DWTVKFKZ5Qp0IFoKT
        RCqvU89pP4Sf766l/qVwc98sBc21VWyUJt6k1x24/U0MvUN4ZBlo7NJyxZXqt/4s
        GhhnrvzbBxoJJCIEcJzEA2rppHUGdMqwcQN7cBcQGR/KDiLmosP8ulwkUKpiqjuO
        wOwIZQ==
        -----END CERTIFICATE-----
        """

    /// Of `root`, empty.
    static let rootList = """
        -----BEGIN X509 CRL-----
        MIHrMHMCAQEwCgYIKoZIzj0EAwMwNDELMAkGA1UEBhMCU0UxFjAUBgNVBAoMDUV4
        YW1wbGUsIEluYy4xDTALBgNVBAMMBFJvb3QXDTI0MDEwMTAwMDAwMFoXDTMzMTIz
        MTIzNTk1OVqgDjAMMAoGA1UdFAQDAgEBMAoGCCqGSM49BAMDA2gAMGUCMQC0BEha
        0K02iQIxtXf+LZnXJDrxRExA2RB5UeN3fx3MNEa1RbxRy6fK9FM09ExHLlICMBil
        6bM3uQS1wZYTRif7AGUxviMGS+n1tSMHeXulRc7rzG2Hk5LvWzfKCiRekvCtmg==
        -----END X509 CRL-----
        """

    /// Of `intermediate`: revokes 77 and 78.
    static let intermediateList = """
        -----BEGIN X509 CRL-----
        MIIBuDCBoQIBATANBgkqhkiG9w0BAQsFADA1MQswCQYDVQQGEwJTRTEWMBQGA1UE
        CgwNRXhhbXBsZSwgSW5jLjEOMAwGA1UEAwwFQ2FyZHMXDTI0MDEwMTAwMDAwMFoX
        DTMzMTIzMTIzNTk1OVowKDASAgF3Fw0yNDAxMDEwMDAwMDBaMBICAXgXDTI0MDEw
        MTAwMDAwMFqgDjAMMAoGA1UdFAQDAgEBMA0GCSqGSIb3DQEBCwUAA4IBAQAROjKC
        CQHxlVvbDqaogObaiK/lNk8R4pRILAJPa1wgu5qVaSPvBMAoViu/P1X82QIg7tRp
        91+jgUirEO1DxrVxsu0oQpUJ8VhVDQ54gtg37gpukidlZwNLm/eMoM/fHwrAchFl
        582tXwXelyLN5Crd5SKYOfwdevGx6Rcoh0uQfqsel7u6qCqLHwXVyjwi7yUV7E2A
        vsihgV1LyJsTfk41rp55FLXfMzp+eVkn3bGaIjFOLf12tfnwiIvZwBcdsLGx35iq
        kdqZ5fGTTJaibRtjQxOZsK1EWMOn4yfukaYbL/V5RnbPewmYfLXBqCUQSfPd2lUG
        GNohUPuQB/bF6WYm
        -----END X509 CRL-----
        """

    /// Of `intermediate`: revokes 77, and is signed with RSASSA-PSS.
    static let pssList = """
        -----BEGIN X509 CRL-----
        MIICDDCBwQIBATBBBgkqhkiG9w0BAQowNKAPMA0GCWCGSAFlAwQCAQUAoRwwGgYJ
        KoZIhvcNAQEIMA0GCWCGSAFlAwQCAQUAogMCASAwNTELMAkGA1UEBhMCU0UxFjAU
        BgNVBAoMDUV4YW1wbGUsIEluYy4xDjAMBgNVBAMMBUNhcmRzFw0yNDAxMDEwMDAw
        MDBaFw0zMzEyMzEyMzU5NTlaMBQwEgIBdxcNMjQwMTAxMDAwMDAwWqAOMAwwCgYD
        VR0UBAMCAQEwQQYJKoZIhvcNAQEKMDSgDzANBglghkgBZQMEAgEFAKEcMBoGCSqG
        SIb3DQEBCDANBglghkgBZQMEAgEFAKIDAgEgA4IBAQA8nzpajSjDER3+ndL8hm7G
        LWF9Pnolgi8cDuEjnwiliMBdJVcxRItDqQjmClfaJYHvAErVnl3o3RpfiI59cj2D
        8odXMiLhCLEKUdVGqoxrkuJ4u5yYGcSnlf1IaNYX7ApmIEpnLnvyMlkbEanicsor
        unsupHPeThoWOI/Z4OFgHAdVFwSP4nx54DNF52Zpi0530Ddh4p1PK87lpLS1zzHw
        LvEjgLOMXKW1ymJbwt8pu9rHG2KpV6ac2YWCP0RH4PuJCOAIksEaRSvHi2ADiN0+
        yghU0brFT1wLlO9FenpycU8FKA4eBTb32x7PTcZ6I5my3IBUcQoDM6VB6DmXZsQc
        -----END X509 CRL-----
        """

    /// P-256, signed by itself with ECDSA over SHA-256.
    static let weakRoot = """
        -----BEGIN CERTIFICATE-----
        MIIBejCCASCgAwIBAgIBBTAKBggqhkjOPQQDAjA0MQswCQYDVQQGEwJTRTEWMBQG
        A1UECgwNRXhhbXBsZSwgSW5jLjENMAsGA1UEAwwEV2VhazAeFw0yNDAxMDEwMDAw
        MDBaFw0zMzEyMzEyMzU5NTlaMDQxCzAJBgNVBAYTAlNFMRYwFAYDVQQKDA1FeGFt
        cGxlLCBJbmMuMQ0wCwYDVQQDDARXZWFrMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcD
        QgAEIsq4gTiq/IWHYD9OvQ2QtPOcC0ReNGUMaKjGRdFnswEvXFAlC/nnBLeDyGGR
        OoQrmyWoHNjmplaM49kN74gIbqMjMCEwDwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8B
        Af8EBAMCAQYwCgYIKoZIzj0EAwIDSAAwRQIhAOlskUchh3rl3sZVFtWxZVYCJzD3
        aoQWigmXSem5L21wAiBei2+xqXwT37PAcaDZbzQ3D9n+b4yOQD5PCDnzxb6d6g==
        -----END CERTIFICATE-----
        """

    /// P-256, issued by `weakRoot` with ECDSA over SHA-1.
    static let sha1Leaf = """
        -----BEGIN CERTIFICATE-----
        MIIBqjCCAVKgAwIBAgIBETAJBgcqhkjOPQQBMDQxCzAJBgNVBAYTAlNFMRYwFAYD
        VQQKDA1FeGFtcGxlLCBJbmMuMQ0wCwYDVQQDDARXZWFrMB4XDTI2MTEyNDEyMjM0
        N1oXDTMzMDkyODEyMjM0N1owEzERMA8GA1UEAwwIT2xkIGhhc2gwWTATBgcqhkjO
        PQIBBggqhkjOPQMBBwNCAARl4CHIbBZTRwkb9y0uhIxOP84Pdc+FpvMGILUi1qy9
        dj7amqXAbiUsL56eDllNVHfN38rBh/hwfcgfwhzE4DjOo3cwdTAMBgNVHRMBAf8E
        AjAAMB0GA1UdDgQWBBQwRHYl1TEDlphNrXrKP+CjrbWi+DBGBgNVHSMEPzA9oTik
        NjA0MQswCQYDVQQGEwJTRTEWMBQGA1UECgwNRXhhbXBsZSwgSW5jLjENMAsGA1UE
        AwwEV2Vha4IBBTAJBgcqhkjOPQQBA0cAMEQCIEFALxM7nAXSAxOB6ypLdcgFhhr/
        fV74UW/HfbEz8dPyAiADT07F/SFqLVEgqqBM1IpcxR/lniSeacGZfmU7OYnYVg==
        -----END CERTIFICATE-----
        """

    /// RSA-1024, issued by `weakRoot` with ECDSA over SHA-256.
    static let shortLeaf = """
        -----BEGIN CERTIFICATE-----
        MIIB9TCCAZugAwIBAgIBEjAKBggqhkjOPQQDAjA0MQswCQYDVQQGEwJTRTEWMBQG
        A1UECgwNRXhhbXBsZSwgSW5jLjENMAsGA1UEAwwEV2VhazAeFw0yNjExMjQxMjIz
        NDdaFw0zMzA5MjgxMjIzNDdaMBQxEjAQBgNVBAMMCVNob3J0IGtleTCBnzANBgkq
        hkiG9w0BAQEFAAOBjQAwgYkCgYEA1wD/Y8i7m1xDwYY+GgoLhipY2Veu6ZD9TLL6
        BM8WaKG+J845iZ077xrwQcu2WZxWynUrihhkD6k2o6XOHYThKcP0sa6O5rR/fnC8
        fyp+/ji1Z6NCntmb2gXLCp+SGvQck7UMElxoNspJCaIe8zfhFwFSLQtYoG9ldPZI
        kLHBlCECAwEAAaN3MHUwDAYDVR0TAQH/BAIwADAdBgNVHQ4EFgQU3DNl3EE21qL3
        Jb+YyFpSxG6wZJ8wRgYDVR0jBD8wPaE4pDYwNDELMAkGA1UEBhMCU0UxFjAUBgNV
        BAoMDUV4YW1wbGUsIEluYy4xDTALBgNVBAMMBFdlYWuCAQUwCgYIKoZIzj0EAwID
        SAAwRQIgNJZ/kUP1zZGEQrMEk9AWtUa2RdG+5s7pchTlVG4HAGoCIQDiz205Fd7l
        E/yn0ZjxFuHyCG48zi/bpGvZhr6N59nOZw==
        -----END CERTIFICATE-----
        """

    /// P-256, issued by `weakRoot` with ECDSA over SHA-256, and without any extension.
    static let strongLeaf = """
        -----BEGIN CERTIFICATE-----
        MIIBVDCB+6ADAgECAgETMAoGCCqGSM49BAMCMDQxCzAJBgNVBAYTAlNFMRYwFAYD
        VQQKDA1FeGFtcGxlLCBJbmMuMQ0wCwYDVQQDDARXZWFrMB4XDTI0MDEwMTAwMDAw
        MFoXDTMzMTIzMTIzNTk1OVowNDELMAkGA1UEBhMCU0UxFjAUBgNVBAoMDUV4YW1w
        bGUsIEluYy4xDTALBgNVBAMMBEdvb2QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
        AARl4CHIbBZTRwkb9y0uhIxOP84Pdc+FpvMGILUi1qy9dj7amqXAbiUsL56eDllN
        VHfN38rBh/hwfcgfwhzE4DjOMAoGCCqGSM49BAMCA0gAMEUCIFhbKkoiiOJEZ+CG
        OvZUezBATw9jowKoArWfELUyfWO0AiEA7SyI6/kpUybEVqc4YbIubXQas6VvcYfr
        0yUWrZVpsjc=
        -----END CERTIFICATE-----
        """

    /// Of `weakRoot`, empty, signed with ECDSA over SHA-1.
    static let sha1List = """
        -----BEGIN X509 CRL-----
        MIHIMHICAQEwCQYHKoZIzj0EATA0MQswCQYDVQQGEwJTRTEWMBQGA1UECgwNRXhh
        bXBsZSwgSW5jLjENMAsGA1UEAwwEV2VhaxcNMjQwMTAxMDAwMDAwWhcNMzMxMjMx
        MjM1OTU5WqAOMAwwCgYDVR0UBAMCAQEwCQYHKoZIzj0EAQNHADBEAiBNLd609odM
        Kk6Xqp2eTGUwvteNk9TjX39VZWpcNaNKLQIgFPzd9zA9vKjbAzURhuzSAtMAc46G
        dy2oqIknEe1JWCg=
        -----END X509 CRL-----
        """

    static func certificate(_ text: String) throws -> Certificate {
        try #require(try Certificate.decodeAll(Array(text.utf8)).first)
    }

    static func list(_ text: String) throws -> RevocationList {
        try #require(try RevocationList.decodeAll(Array(text.utf8)).first)
    }
}
