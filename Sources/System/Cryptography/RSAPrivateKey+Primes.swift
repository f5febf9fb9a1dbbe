import COpenSSL

extension RSAPrivateKey {
    /// The key of two primes and the exponent 65537, which is how a key is put into a PIV card.
    ///
    /// All that follows from the primes is reckoned in OpenSSL's constant-time paths.
    ///
    /// - Parameters:
    ///   - first: big-endian; half as long as the modulus.
    ///   - second: likewise, another one.
    /// - Throws: ``CryptographyError/invalidPrivateKey`` where they are not primes, or make no key that is usable.
    public convenience init(
        primes first: [UInt8], _ second: [UInt8]
    ) throws(CryptographyError) {
        guard (1...512).contains(first.count), (1...512).contains(second.count) else {
            throw .invalidPrivateKey
        }
        let numbers = try PrimeArithmetic()
        let p = try numbers.number(first)
        let q = try numbers.number(second)
        let n = try numbers.product(p, q)
        let e = try numbers.number([1, 0, 1])
        let pLess = try numbers.predecessor(of: p)
        let qLess = try numbers.predecessor(of: q)
        let d = try numbers.inverse(of: e, modulo: numbers.product(pLess, qLess))
        let members = try [
            [0], numbers.bytes(n), numbers.bytes(e), numbers.bytes(d), numbers.bytes(p),
            numbers.bytes(q), numbers.bytes(numbers.remainder(of: d, by: pLess)),
            numbers.bytes(numbers.remainder(of: d, by: qLess)),
            numbers.bytes(numbers.inverse(of: q, modulo: p)),
        ]
        let integers = members.flatMap { DER.element(0x02, $0) }
        try self.init(derRepresentation: DER.element(0x30, integers))
    }
}

/// The few operations on secret numbers that a key from its primes takes. All numbers are its own.
@safe private final class PrimeArithmetic {
    /// A number of this arithmetic.
    struct Number {
        fileprivate let index: Int
    }

    private let context: OpaquePointer
    private var numbers: [OpaquePointer] = unsafe []

    init() throws(CryptographyError) {
        guard let context = unsafe BN_CTX_secure_new() else {
            throw failure(of: "BN_CTX_secure_new")
        }
        unsafe self.context = context
    }

    deinit {
        unsafe numbers.forEach { unsafe BN_clear_free($0) }
        unsafe BN_CTX_free(context)
    }

    func number(_ bytes: [UInt8]) throws(CryptographyError) -> Number {
        let (number, pointer) = try unsafe make()
        guard unsafe BN_bin2bn(bytes, Int32(clamping: bytes.count), pointer) != nil else {
            throw failure(of: "BN_bin2bn")
        }
        return number
    }

    func product(_ left: Number, _ right: Number) throws(CryptographyError) -> Number {
        let (number, pointer) = try unsafe make()
        try check(
            unsafe BN_mul(pointer, numbers[left.index], numbers[right.index], context), "BN_mul")
        return number
    }

    func predecessor(of value: Number) throws(CryptographyError) -> Number {
        let (number, pointer) = try unsafe make()
        guard unsafe BN_copy(pointer, numbers[value.index]) != nil else {
            throw failure(of: "BN_copy")
        }
        guard unsafe BN_is_zero(pointer) == 0 else { throw .invalidPrivateKey }
        try check(unsafe BN_sub_word(pointer, 1), "BN_sub_word")
        return number
    }

    func remainder(of value: Number, by divisor: Number) throws(CryptographyError) -> Number {
        let (number, pointer) = try unsafe make()
        guard
            unsafe BN_div(nil, pointer, numbers[value.index], numbers[divisor.index], context) == 1
        else {
            ERR_clear_error()
            throw .invalidPrivateKey
        }
        return number
    }

    func inverse(of value: Number, modulo modulus: Number) throws(CryptographyError) -> Number {
        let (number, pointer) = try unsafe make()
        guard
            unsafe BN_mod_inverse(
                pointer, numbers[value.index], numbers[modulus.index], context) != nil
        else {
            ERR_clear_error()
            throw .invalidPrivateKey
        }
        return number
    }

    /// The contents of an INTEGER: big-endian, with a zero in front where the first bit would be taken for a sign.
    func bytes(_ value: Number) -> [UInt8] {
        let pointer = unsafe numbers[value.index]
        let length = unsafe Int(BN_num_bits(pointer)) / 8 + 1
        var bytes = [UInt8](repeating: 0, count: length)
        _ = unsafe BN_bn2binpad(pointer, &bytes, Int32(clamping: length))
        return bytes
    }

    private func make() throws(CryptographyError) -> (Number, OpaquePointer) {
        guard let pointer = unsafe BN_secure_new() else { throw failure(of: "BN_secure_new") }
        unsafe BN_set_flags(pointer, BN_FLG_CONSTTIME)
        unsafe numbers.append(pointer)
        return unsafe (Number(index: numbers.count - 1), pointer)
    }
}
