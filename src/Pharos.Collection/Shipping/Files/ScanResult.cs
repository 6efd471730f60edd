namespace Pharos.Collection.Shipping.Files;

/// <summary>What a scan of a family's folder found.</summary>
/// <param name="Marks">To keep before anything is read.</param>
/// <param name="ToRead">Files to read on, opened; whoever takes one disposes it.</param>
internal sealed record ScanResult(List<KeyValuePair<string, string>> Marks, Queue<(TailRecord Record, IContent Content)> ToRead);
