namespace Pharos.Storage.Traces;

/// <summary>A span name that a service uses, with its kind.</summary>
public readonly record struct OperationName(string Name, SpanKind Kind);
