import Accounts
import Ceremonies
import CredentialStore
import TestSupport
import Testing

struct DeadlineQueueTests {
    private func at(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: milliseconds) }

    @Test func `items come up in the order of their moments, and not before`() {
        var queue = DeadlineQueue<String>()
        queue.set("c", at: at(30))
        queue.set("a", at: at(10))
        queue.set("b", at: at(20))
        #expect(queue.next() == at(10))
        #expect(queue.popDue(at: at(9)) == nil)
        #expect(queue.popDue(at: at(20)) == "a")
        #expect(queue.popDue(at: at(20)) == "b")
        #expect(queue.popDue(at: at(20)) == nil)
        #expect(queue.next() == at(30))
        #expect(queue.popDue(at: at(99)) == "c")
        #expect(queue.next() == nil)
        #expect(queue.counts == (0, 0))
    }

    @Test func `an item that is moved or removed comes up where it stands, or not at all`() {
        var queue = DeadlineQueue<String>()
        queue.set("a", at: at(10))
        queue.set("b", at: at(20))
        queue.set("a", at: at(30))
        queue.remove("b")
        queue.remove("nothing")
        #expect(queue.next() == at(30))
        #expect(queue.popDue(at: at(20)) == nil)
        #expect(queue.popDue(at: at(30)) == "a")
    }

    @Test func `it does as a sorted list would, and holds little more`() {
        var random = SplitMix64(seed: 3)
        var queue = DeadlineQueue<Int>()
        var list: [Int: Int64] = [:]
        for step in 0..<20_000 {
            let item = Int.random(in: 0..<60, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0, 1:
                let moment = Int64(step) + Int64.random(in: 0..<200, using: &random)
                queue.set(item, at: at(moment))
                list[item] = moment
            case 2:
                queue.remove(item)
                list[item] = nil
            default:
                var due: Set<Int> = []
                while let item = queue.popDue(at: at(Int64(step))) { due.insert(item) }
                let expected = list.filter { $0.value <= step }
                #expect(due == Set(expected.keys))
                for item in due { list[item] = nil }
            }
            #expect(queue.next() == list.values.min().map { at($0) })
            #expect(queue.counts.items == list.count)
            #expect(queue.counts.entries <= 2 * list.count + 16)
        }
    }
}

struct PromptBudgetTests {
    private let hour: Int64 = 3_600_000
    private func at(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: milliseconds) }

    @Test func `a user has so many prompts within any hour`() throws {
        var budget = PromptBudget(limit: 3, capacity: 100)
        let alice = try userName("alice")
        for moment in [Int64(0), 1000, 2000] { #expect(budget.take(alice, at: at(moment)) == nil) }
        #expect(budget.take(alice, at: at(3000)) == .milliseconds(hour - 3000))
        #expect(budget.take(try userName("bob"), at: at(3000)) == nil)
        #expect(budget.take(alice, at: at(hour)) == nil)
        #expect(budget.take(alice, at: at(hour)) == .milliseconds(1000))
    }

    @Test func `a prompt that was approved is given back, once`() throws {
        var budget = PromptBudget(limit: 1, capacity: 100)
        let alice = try userName("alice")
        #expect(budget.take(alice, at: at(5)) == nil)
        budget.giveBack(alice, of: at(4))
        #expect(budget.take(alice, at: at(6)) != nil)
        budget.giveBack(alice, of: at(5))
        budget.giveBack(alice, of: at(5))
        #expect(budget.size == 0)
        #expect(budget.take(alice, at: at(6)) == nil)
        #expect(budget.take(alice, at: at(7)) != nil)
    }

    @Test func `what it holds is bounded, and goes with the hour`() throws {
        var budget = PromptBudget(limit: 2, capacity: 50)
        for number in 0..<500 {
            #expect(budget.take(try userName("user\(number)"), at: at(Int64(number))) == nil)
            #expect(budget.size <= 50)
        }
        budget.sweep(at: at(hour + 480))
        #expect(budget.size == 19)
        budget.sweep(at: at(hour + 500))
        #expect(budget.size == 0)
    }
}
