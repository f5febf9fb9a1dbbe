import PhoneEmulator
import Testing

@Suite(.timeLimit(.minutes(1)))
struct NumberTests {
    @Test func `numbers are found by their place, whoever comes first`() async {
        let numbers = ShownNumbers()
        numbers.show("11")
        async let second = numbers.number(1)
        async let third = numbers.number(2)
        #expect(await numbers.number(0) == "11")
        #expect(await numbers.number(0) == "11")
        numbers.show("22")
        #expect(await second == "22")
        numbers.finish()
        #expect(await third == nil)
        #expect(await numbers.number(1) == "22")
        #expect(await numbers.number(2) == nil)
        #expect(await numbers.number(-1) == nil)
    }

    @Test func `whoever is cancelled waits no longer`() async {
        let numbers = ShownNumbers()
        let waiting = Task { await numbers.number(0) }
        waiting.cancel()
        #expect(await waiting.value == nil)
        numbers.show("11")
        #expect(await numbers.number(0) == "11")
    }

    @Test func `many wait at the same time, and each gets its own`() async {
        let numbers = ShownNumbers()
        await withTaskGroup(of: Bool.self) { group in
            for ordinal in (0..<100).reversed() {
                group.addTask { await numbers.number(ordinal) == "\(ordinal)" }
            }
            for ordinal in 0..<100 { numbers.show("\(ordinal)") }
            for await isRight in group { #expect(isRight) }
        }
    }
}
