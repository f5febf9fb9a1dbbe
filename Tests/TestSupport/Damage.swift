extension Array<UInt8> {
    /// Every proper prefix, the empty one first.
    public var properPrefixes: some Sequence<[UInt8]> {
        indices.lazy.map { Array(self.prefix($0)) }
    }

    /// Every string that differs from this one in a single bit, in the order of the bits.
    public var singleBitFlips: some Sequence<[UInt8]> {
        (0..<count * 8).lazy.map { bit in
            var flipped = self
            flipped[bit / 8] ^= 1 << (bit % 8)
            return flipped
        }
    }

    /// These bytes with the one at `offset` replaced.
    public func replacing(_ offset: Int, with byte: UInt8) -> [UInt8] {
        var copy = self
        copy[offset] = byte
        return copy
    }
}
