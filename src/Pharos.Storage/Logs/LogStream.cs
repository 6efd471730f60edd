using Pharos.Storage.Logs.Head;
using Pharos.Storage.Model;

namespace Pharos.Storage.Logs;

/// <summary>A label set under which entries are stored.</summary>
/// <remarks>Immutable to all but the store. Compared by reference within one tenant's store.</remarks>
public sealed class LogStream
{
    internal LogStream(string tenant, LabelSet labels, int id)
    {
        Tenant = tenant;
        Labels = labels;
        Id = id;
    }

    public string Tenant { get; }

    public LabelSet Labels { get; }

    /// <summary>Unique in this process; never stored.</summary>
    internal int Id { get; }

    /// <summary>Its entries in the head that takes new ones; written under the store's commit lock.</summary>
    internal HeadStream? Newest { get; set; }

    /// <summary>In how many heads it has entries; changed by the store's table of streams.</summary>
    internal int HeadCount { get; set; }

    /// <summary>Of the newest entry when its head was sealed; under the store's commit lock.</summary>
    internal (long TimeNs, UInt128 Hash)? SealedNewest { get; set; }

    /// <summary>The same stream under other labels, for readers that show it so. The store takes and gives the stream itself only.</summary>
    public LogStream ShownAs(LabelSet labels) => new(Tenant, labels, Id);

    public override string ToString() => Labels.ToString();

    internal bool IsSealedNewest(long timeNs, HeadMetadata names, ReadOnlySpan<byte> line, ReadOnlySpan<byte> metadata) =>
        SealedNewest is { } newest && newest.TimeNs == timeNs && newest.Hash == names.HashOf(line, metadata);
}
