namespace Pharos.Storage.Traces.Records;

/// <summary>A key that attributes of a record have.</summary>
/// <param name="Key">Number of a text.</param>
/// <param name="Scope">The one scope of which this is said.</param>
/// <param name="Kinds">A bit for each <see cref="AttributeKind"/> that its values have there.</param>
internal readonly record struct RecordKey(int Key, AttributeScopes Scope, byte Kinds);
