import CZstd

/// What one thread compresses and decompresses with; kept for the next, since making it costs more than
/// a record does.
final class CompressionContext: @unchecked Sendable {
  // SAFETY: ``RecordCodec`` lends a context to one thread at a time.
  private let compressor: OpaquePointer
  private let decompressor: OpaquePointer
  private var buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)

  /// - Returns: nil when there is no memory for it.
  init?() {
    guard let compressor = ZSTD_createCCtx() else { return nil }
    guard let decompressor = ZSTD_createDCtx() else {
      ZSTD_freeCCtx(compressor)
      return nil
    }
    self.compressor = compressor
    self.decompressor = decompressor
  }

  deinit {
    ZSTD_freeCCtx(compressor)
    ZSTD_freeDCtx(decompressor)
    buffer.deallocate()
  }

  /// The frame of `message`; nil when that is no shorter.
  func compress(
    _ message: UnsafeRawBufferPointer, level: Int, dictionary: CompressionDictionary?
  ) -> [UInt8]? {
    reserve(message.count)
    // One byte less than the message: a frame that does not fit is not worth keeping.
    let room = message.count - 1
    guard room > 0 else { return nil }
    // SAFETY: the buffer has room for that many bytes, and both are alive during the call.
    let count =
      if let dictionary {
        ZSTD_compress_usingCDict(
          compressor, buffer.baseAddress, room, message.baseAddress, message.count,
          dictionary.compressing)
      } else {
        ZSTD_compressCCtx(
          compressor, buffer.baseAddress, room, message.baseAddress, message.count, Int32(level))
      }
    guard ZSTD_isError(count) == 0 else { return nil }
    return Array(buffer[..<count])
  }

  /// Runs `body` with what `frame` holds, valid until it returns.
  ///
  /// - Parameter byteCount: the length it must have; no more memory is taken, whatever the frame says.
  /// - Throws: ``WireError/frame`` for a damaged frame, or what `body` throws.
  func decompress<Value>(
    _ frame: UnsafeRawBufferPointer, byteCount: Int, dictionary: CompressionDictionary?,
    _ body: (UnsafeRawBufferPointer) throws(WireError) -> Value
  ) throws(WireError) -> Value {
    reserve(byteCount)
    // SAFETY: no more than `byteCount` bytes are written, for which there is room.
    let count =
      if let dictionary {
        ZSTD_decompress_usingDDict(
          decompressor, buffer.baseAddress, byteCount, frame.baseAddress, frame.count,
          dictionary.decompressing)
      } else {
        ZSTD_decompressDCtx(
          decompressor, buffer.baseAddress, byteCount, frame.baseAddress, frame.count)
      }
    guard ZSTD_isError(count) == 0, count == byteCount else { throw .frame }
    return try body(UnsafeRawBufferPointer(rebasing: buffer[..<byteCount]))
  }

  /// Frees what a single long record took.
  func trim() {
    if buffer.count > 1 << 20 { reserve(64 << 10, exactly: true) }
  }

  private func reserve(_ byteCount: Int, exactly: Bool = false) {
    guard exactly || buffer.count < byteCount else { return }
    buffer.deallocate()
    buffer = .allocate(byteCount: byteCount, alignment: 16)
  }
}
