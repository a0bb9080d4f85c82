internal import CVectorKernels

/// What the processor and the operating system offer.
public enum CPUFeatures {
  /// Whether AVX-512 F, BW, DQ and VL may be used: the processor has them and the system saves
  /// their registers.
  public static var hasAVX512: Bool { engram_cpu_has_avx512() != 0 }
}
