using Pharos.Collection.Shipping.Stages;

namespace Pharos.Collection.Shipping;

/// <summary>Entries of one source, and the marks that say how far the source is with them.</summary>
/// <param name="More">Whether the source has more at once: no use to wait for it.</param>
internal sealed record ShipBatch(IReadOnlyList<ShippedEntry> Entries, IReadOnlyList<KeyValuePair<string, string>> Marks, bool More = false);
