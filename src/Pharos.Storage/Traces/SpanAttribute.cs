namespace Pharos.Storage.Traces;

public readonly record struct SpanAttribute(string Key, AttributeValue Value);
