import Cryptography
import Encoding

/// What the RFCs print.
enum PushVectors {
    /// RFC 8291 §5 and appendix A.
    enum Message {
        static let plaintext = "When I grow up, I want to be a watermelon"
        static let sender = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
        static let receiver = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
        static let receiverPoint = """
            BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4
            """
        static let salt = "DGv6ra1nlYgDCS1FRnbzlw"
        static let authenticationSecret = "BTBZMqHH6r4Tts7J_aSIgg"
        static let sealed = """
            DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocIn\
            mYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNW\
            QexSgSxsj_Qulcy4a-fN
            """
    }

    /// RFC 8188 §3.1.
    enum Coding {
        static let plaintext = "I am the walrus"
        static let secret = "yqdlZ-tYemfogSmv7Ws5PQ"
        static let sealed = """
            I1BsxtFttlv3u_Oo94xnmwAAEAAA-NAVub2qFgBEuQKRapoZu-IxkIva3MEB1PD-ly8Thjg
            """
    }

    /// RFC 8292 §2.4.
    enum Authorization {
        static let token = """
            eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJle\
            HAiOjE0NTM1MjM3NjgsInN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0.i3CYb7t4xfxCDquptFOepC9\
            GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA
            """
        static let key = """
            BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs
            """
        static let header = "vapid t=\(token), k=\(key)"
        static let audience = "https://push.example.net"
        static let expiresAt: Int64 = 1_453_523_768
    }

    static func receiver() throws -> P256PrivateKey {
        try P256PrivateKey(rawRepresentation: Base64URL.decode(Message.receiver))
    }

    static func sender() throws -> P256PrivateKey {
        try P256PrivateKey(rawRepresentation: Base64URL.decode(Message.sender))
    }
}
