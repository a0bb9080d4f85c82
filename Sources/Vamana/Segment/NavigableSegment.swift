internal import VectorMath

/// A segment as a search sees it before it reads a node, be the nodes in memory or on disk.
///
/// Only classes of this module conform, so that calls are specialised: nothing is looked up in a walk.
protocol NavigableSegment: AnyObject, Sendable {
  var head: SegmentHead { get }
}

extension NavigableSegment {
  var layout: SegmentLayout { head.layout }
  var quantizer: ByteQuantizer { head.quantizer }
  var edgeQuantizer: EdgeQuantizer { head.edgeQuantizer }
  var kernels: DistanceKernels { head.kernels }

  var nodeCount: Int { layout.header.count }

  func pointer<Element>(
    to section: SegmentSection, as type: Element.Type
  ) -> UnsafePointer<Element> {
    // SAFETY: the section lies within the bytes and starts on a 64-byte boundary.
    (head.bytes.baseAddress! + layout[section].lowerBound).assumingMemoryBound(to: type)
  }
}
