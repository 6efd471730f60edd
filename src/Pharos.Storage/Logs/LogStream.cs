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

    public override string ToString() => Labels.ToString();
}
