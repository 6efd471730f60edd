using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Collection.Receivers.Jaeger;

/// <summary>A typed tag, or a field of a log; its texts are in the <see cref="JaegerSpan"/>.</summary>
internal readonly record struct JaegerTag(BatchText Key, AttributeKind Kind, BatchText Text, long Bits);
