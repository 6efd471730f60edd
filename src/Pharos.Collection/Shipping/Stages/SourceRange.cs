namespace Pharos.Collection.Shipping.Stages;

/// <summary>Bytes [<paramref name="Start"/>, <paramref name="End"/>) of the source's decompressed content.</summary>
public readonly record struct SourceRange(long Start, long End);
