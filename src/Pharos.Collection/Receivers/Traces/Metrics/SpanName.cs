using Pharos.Storage.Traces;

namespace Pharos.Collection.Receivers.Traces.Metrics;

/// <summary>What spans are told apart by, within a service.</summary>
internal readonly record struct SpanName(byte[] Name, SpanKind Kind, SpanStatus Status);
