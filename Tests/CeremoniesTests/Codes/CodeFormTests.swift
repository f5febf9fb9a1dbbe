import Ceremonies
import TestSupport
import Testing

struct CodeFormTests {
    // MARK: One-time codes

    @Test(arguments: ["000000", "755224", "1234567", "00000000"])
    func `six to eight digits are a one-time code`(code: String) {
        #expect(CodeForm(code).oneTimeCode == code)
    }

    @Test(arguments: [
        "", "0", "12345", "123456789", "12345a", " 123456", "123456 ", "123 456", "+12345",
        "-12345", "12345\u{0}", "١٢٣٤٥٦", "１２３４５６", "12345６", "0x1234", "1e5000",
    ])
    func `nothing else is`(code: String) {
        #expect(CodeForm(code).oneTimeCode == nil)
    }

    // MARK: App passwords

    @Test func `sixteen letters are an app password, whatever people put between them`() {
        for typed in [
            "abcdefghijklmnop", "abcd-efgh-ijkl-mnop", "ABCD-EFGH-IJKL-MNOP", "Abcd Efgh Ijkl Mnop",
            "  abcdefgh--ijklmnop ", "a-b-c-d-e-f-g-h-i-j-k-l-m-n-o-p",
            "abcdefghijklmnop" + String(repeating: "-", count: 48),
        ] {
            #expect(CodeForm(typed).appPassword == "abcdefghijklmnop", "\(typed)")
        }
        #expect(AppPasswordText.grouped("abcdefghijklmnop") == "abcd-efgh-ijkl-mnop")
    }

    @Test(arguments: [
        "", "----------------", "abcdefghijklmno", "abcdefghijklmnopq", "abcdefghijklmno1",
        "abcd_efgh_ijkl_mnop", "abcd\tefghijklmnop", "abcdefghijklmno\n", "abcdefghijklmnoé",
        "аbcdefghijklmnop", "abcdefghijklmno\u{212A}",
        "abcdefghijklmnop" + String(repeating: "-", count: 49),
    ])
    func `nothing else is an app password`(typed: String) {
        #expect(CodeForm(typed).appPassword == nil)
    }

    // MARK: Recovery codes

    @Test func `ten characters are a recovery code, with what is mistaken put right`() {
        for typed in [
            "0123A-BCDEF", "0123aBCDEF", "o123a-bcdef", "Oi23A BCDEF", "0L23ABCDEF", "0l23abcdef",
            "-0123-ABCD-EF-",
        ] {
            #expect(CodeForm(typed).recoveryCode == "0123ABCDEF", "\(typed)")
        }
        #expect(RecoveryCodeText.grouped("0123ABCDEF") == "0123A-BCDEF")
    }

    @Test(arguments: [
        "", "0123ABCDE", "0123ABCDEF0", "0123ABCDEU", "0123abcdeu", "0123ABCDE!", "0123ABCDE\n",
        "0123ABCDEé", "0123ABCDE\u{131}", "0123ABCDEF" + String(repeating: " ", count: 23),
    ])
    func `nothing else is a recovery code`(typed: String) {
        #expect(CodeForm(typed).recoveryCode == nil)
    }

    @Test func `each character of a recovery code stands for itself in either case`() {
        let alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
        #expect(alphabet.count == 32)
        for character in alphabet {
            let code = String(repeating: character, count: 10)
            #expect(RecoveryCodeText.canonical(code) == code)
            #expect(RecoveryCodeText.canonical(code.lowercased()) == code)
        }
        // What is not in the alphabet is taken for its likeness, or refused.
        #expect(RecoveryCodeText.canonical("OOOOOIIIII") == "0000011111")
        for byte in UInt8.min...UInt8.max {
            let character = Character(Unicode.Scalar(byte))
            let isWritten =
                alphabet.contains(character.uppercased()) || "OoIiLl".contains(character)
            let code = RecoveryCodeText.canonical("123456789" + String(character))
            #expect((code != nil) == isWritten, "\(byte)")
        }
    }

    // MARK: Passes

    @Test func `8 to 48 bytes could be a pass`() {
        for length in 0...60 {
            let text = String(repeating: "x", count: length)
            #expect((CodeForm(text).accessPass == text) == (8...48).contains(length))
        }
        #expect(CodeForm(String(repeating: "é", count: 24)).accessPass != nil)
        #expect(CodeForm(String(repeating: "é", count: 25)).accessPass == nil)
    }

    @Test func `one text may be several things`() {
        let digits = CodeForm("12345678")
        #expect(digits.oneTimeCode != nil)
        #expect(digits.accessPass != nil)
        #expect(digits.appPassword == nil)
        #expect(digits.recoveryCode == nil)
        let ten = CodeForm("abcdefghjk")
        #expect(ten.recoveryCode != nil)
        #expect(ten.accessPass != nil)
        #expect(ten.oneTimeCode == nil)
    }

    @Test func `anything may be typed`() {
        var random = SplitMix64(seed: 1)
        for _ in 0..<20_000 {
            let bytes = random.bytes(Int.random(in: 0...70, using: &random))
            let form = CodeForm(String(decoding: bytes, as: UTF8.self))
            if let code = form.oneTimeCode { #expect((6...8).contains(code.utf8.count)) }
            if let password = form.appPassword { #expect(password.utf8.count == 16) }
            if let code = form.recoveryCode { #expect(code.utf8.count == 10) }
            if let pass = form.accessPass { #expect((8...48).contains(pass.utf8.count)) }
        }
        #expect(CodeForm(String(repeating: "7", count: 1_000_000)).oneTimeCode == nil)
    }
}
