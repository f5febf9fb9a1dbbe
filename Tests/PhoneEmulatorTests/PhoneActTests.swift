import PhoneEmulator
import Testing

struct PhoneActTests {
    @Test func `every word of a script means its act, with a delay too`() {
        for kind in PhoneAct.Kind.allCases {
            #expect(PhoneAct(kind.rawValue) == .act(kind))
            #expect(PhoneAct("\(kind.rawValue)@1500") == .act(kind).after(.milliseconds(1_500)))
        }
        #expect(PhoneAct("approve@600000") == .approve.after(.seconds(600)))
        #expect(Set(PhoneAct.Kind.allCases.map(\.rawValue)).count == PhoneAct.Kind.allCases.count)
    }

    @Test(arguments: [
        "", "@", "Approve", "approve ", "approve@", "approve@-1", "approve@600001", "approve@1@1",
        "approve@1.5", "@5", "nothing",
    ])
    func `other words mean nothing`(_ word: String) {
        #expect(PhoneAct(word) == nil)
    }
}
